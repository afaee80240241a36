"""One act on many items: decided line by line, once per preview, on both databases, whoever clicks at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from hanchot.domain.errors import AlreadyDone, Conflict, NotFound, Refused
from hanchot.domain.officer_act import Do, Wish
from hanchot.letters.catcher import catching
from hanchot.service import bulk
from hanchot.service.audit import check
from hanchot.service.items import act
from hanchot.service.mail.deliver import deliver
from hanchot.service.mail.envelopes import pack
from hanchot.service.opening import open_cycle
from hanchot.service.services import Services
from tests import look, plans
from tests.cast import vacate
from tests.look import at, item, item_id
from tests.post import mails

NOW = at("2024-12-13 09:00")
KEY = "0123456789abcdef"


def opened(house: Services, *units: str) -> list[int]:
    open_cycle(house, plans.plan(), at("2024-11-18 07:00"))
    return [item_id(house, unit, "chi-bo") for unit in units]


def stamps(view: bulk.Preview) -> dict[int, str]:
    return {one.line.id: one.line.stamp for one in view.lines}


def test_two_clicks_at_once_write_one_letter_for_each_line(any_house: Services) -> None:
    ids = opened(any_house, "BAO", "KHO")
    seen = stamps(bulk.look(any_house, ids, Wish(Do.REMIND), NOW))

    def click(_: int) -> str:
        try:
            return str(bulk.carry_out(any_house, KEY, seen, Wish(Do.REMIND), NOW, actor="Bình"))
        except AlreadyDone:
            return "already"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(click, range(4))) == ["2", "already", "already", "already"]
    assert [one.to for one in look.ledger(any_house) if one.rung == f"now-{KEY}"] == ["BAO", "KHO"]
    assert [one.action for one in look.events(any_house)[-3:]] == ["item.remind", "item.remind", "bulk.remind"]
    assert check(any_house.db).broken_at is None
    assert [one.unit_code for one in bulk.outcome(any_house, KEY, NOW).items] == ["BAO", "KHO"]


async def test_the_reminder_is_an_ordinary_letter(house: Services) -> None:
    ids = opened(house, "BAO")
    seen = stamps(bulk.look(house, ids, Wish(Do.REMIND), NOW))
    bulk.carry_out(house, KEY, seen, Wish(Do.REMIND), NOW, actor="Bình")
    with house.db.write() as connection:
        pack(house, connection, NOW)
    async with catching(house.settings.mail_dir) as port:
        settings = house.settings.model_copy(update={"catcher_port": port})
        await deliver(Services(house.db, settings, house.workdays), NOW)
    (mail,) = mails(house, "accepted")
    assert mail.name == "Phan Văn Lâm"
    assert mail.subject == "[Quá hạn 1 ngày] Chi bộ Báo tỉnh – mốc chi-bo"


def test_each_line_is_refused_in_its_own_words(house: Services) -> None:
    ids = opened(house, "BAO", "KHO", "YT-1")
    act(house, ids[0], "submit", NOW, actor="Lâm")
    with house.db.write() as connection:
        vacate(connection, "KHO", since=date(2024, 12, 1))
    view = bulk.look(house, [*ids, item_id(house, "YT", "khac-phuc")], Wish(Do.REMIND), NOW)
    assert [one.refused for one in view.lines] == [
        "việc đã xong, không cần nhắc", "chức vụ phụ trách đang khuyết, chưa có người để nhắc", None,
        "việc chưa có hạn để nhắc",
    ]  # fmt: skip


def test_the_rest_is_done_only_when_the_person_says_so(house: Services) -> None:
    ids = opened(house, "BAO", "KHO")
    act(house, ids[0], "submit", NOW, actor="Lâm")
    wish = Wish(Do.EXTEND, "lũ", date(2024, 12, 20))
    seen = stamps(bulk.look(house, ids, wish, NOW))
    with pytest.raises(Refused, match="1 việc không làm được"):
        bulk.carry_out(house, KEY, seen, wish, NOW, actor="Bình")
    assert bulk.carry_out(house, KEY, seen, wish, NOW, actor="Bình", leave=True) == 1
    assert item(house, "KHO", "chi-bo").last_day == date(2024, 12, 20)


def test_a_change_meanwhile_stops_all_of_it(house: Services) -> None:
    ids = opened(house, "BAO", "KHO")
    wish = Wish(Do.RECEIVE, "", date(2024, 12, 12))
    seen = stamps(bulk.look(house, ids, wish, NOW))
    act(house, ids[1], "excuse", NOW, actor="Cường", reason="giải thể")
    with pytest.raises(Conflict, match="vừa được Cường cập nhật lúc 09:00 13/12/2024"):
        bulk.carry_out(house, KEY, seen, wish, NOW, actor="Bình")
    assert item(house, "BAO", "chi-bo").state == "open"


def test_what_lies_elsewhere_is_not_there(house: Services) -> None:
    ids = opened(house, "BAO")
    with pytest.raises(NotFound):
        bulk.look(house, ids, Wish(Do.REMIND), NOW, scopes=("/999/",))
    with pytest.raises(NotFound):
        bulk.outcome(house, KEY, NOW)
