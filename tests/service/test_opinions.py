"""Opinions that must be heard: every request is work on the same ladder; what comes in is confidential.

The rules are the district's of 2023 (IV.5: the place of residence comments before the standing committee reviews) and
Lùng Phình's (VI.1.a: who attends gives an opinion on the rating).
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from hanchot.domain.errors import AlreadyDone, NotFound, Refused
from hanchot.domain.opinion import Kind
from hanchot.domain.rating_level import RatingLevel
from hanchot.domain.review_order import Step
from hanchot.service import audit, items
from hanchot.service.awaiting import Awaits, awaits
from hanchot.service.book import cycle_id_of
from hanchot.service.hearing import Heard, opinions, words_of
from hanchot.service.judging.refusing import Forbidden
from hanchot.service.meetings import Which, Wish, book_meeting, hold
from hanchot.service.opinions import Asked, Opinion, Request, ask, ask_attenders, receive, waive
from hanchot.service.renewing import last_cycle
from hanchot.service.services import Services
from hanchot.service.sweep import sweep
from hanchot.store.meeting_tables import opinion
from hanchot.store.tables import cycle, cycle_milestone, envelope, letter, person, unit
from tests import judging, look, plans
from tests.commune import LU, YEAR, commune
from tests.conftest import NewHouse
from tests.look import at
from tests.reviews import DISTRICT, code_of, reviewed_under

NOW = at("2024-12-02 09:00")
UNTIL = date(2024, 12, 11)
YK = f"{DISTRICT}-yk"
LAM = "CB009"  # Phan Văn Lâm, secretary of Chi bộ Báo tỉnh
RESIDENCE = Request("BAO", Kind.RESIDENCE, UNTIL, person=LAM, source="bí mật: Chi bộ Tổ dân phố 4")
AGENCY = Request("BAO", Kind.AGENCY, UNTIL, heard="KHO")
SAID = Opinion("kín: còn nóng nảy", date(2024, 12, 10), RatingLevel.GOOD, "15-NX")
WHEN = at("2024-12-10 15:00")


@pytest.fixture
def here(any_house: Services) -> Services:
    return reviewed_under(any_house, DISTRICT)


@pytest.fixture
def asked(here: Services) -> Asked:
    """Two opinions: one that the cell must obtain from outside the tree, one of another cell."""
    assert code_of(here, "Phan Văn Lâm") == LAM
    return ask(here, DISTRICT, [RESIDENCE, AGENCY], NOW, actor="Bình")


def seen(house: Services, code: str = DISTRICT) -> tuple[Heard, ...]:
    with house.db.read() as connection:
        return opinions(connection, cycle_id_of(connection, code))


def waits(house: Services, who: str | None, *, code: str = DISTRICT, unit_code: str = "BAO") -> Awaits:
    """What the decision on a person (or on the unit) waits for."""
    with house.db.read() as connection:
        unit_id = connection.execute(sa.select(unit.c.id).where(unit.c.code == unit_code)).scalar_one()
        person_id = connection.execute(sa.select(person.c.id).where(person.c.code == who)).scalar()
        return awaits(house, connection, cycle_id_of(connection, code), unit_id, person_id)


def test_requests_are_work_of_one_cycle_with_days_of_their_own(here: Services, asked: Asked) -> None:
    assert asked.code == YK
    assert [look.item(here, who, "y-kien-1", YK).last_day for who in ("BAO", "KHO")] == [UNTIL, UNTIL]
    more = ask(here, DISTRICT, [replace(AGENCY, unit="YT"), replace(AGENCY, heard="YT-1")], NOW, actor="Bình")
    assert more.code == YK and look.item(here, "KHO", "y-kien-2", YK).id == more.items[0]
    with here.db.read() as connection:
        row = connection.execute(sa.select(cycle).where(cycle.c.code == YK)).one()
        keys = connection.execute(sa.select(cycle_milestone.c.title).where(cycle_milestone.c.cycle_id == row.id)).scalars()
        assert list(keys) == [f"Gửi ý kiến nhận xét theo đề nghị thứ {n}" for n in (1, 2)]
        assert look.counters_agree(connection)
        latest = last_cycle(connection, plans.plan(key="khac"))
    assert latest is not None and latest.code == DISTRICT  # nobody renews a plan of requests
    assert row.title == "Lấy ý kiến nhận xét phục vụ kiểm điểm năm 2024"


def test_the_same_sweep_and_ladder_remind_of_it(here: Services, asked: Asked) -> None:
    assert look.who(here, tone="opened") == ["BAO", "KHO"]
    for day in ("2024-12-06", "2024-12-11", "2024-12-12", "2024-12-16"):
        sweep(here, at(f"{day} 08:30"))
    mine = [row for row in look.ledger(here, milestone="y-kien-1") if row.unit == "KHO"]
    assert {"opened", "reminder", "due", "overdue", "escalation"} <= {row.tone for row in mine}
    assert "DUK-BTC" in {row.to for row in mine if row.tone == "escalation"}


def test_what_cannot_be_asked_is_refused_whole(here: Services, asked: Asked) -> None:
    good = replace(AGENCY, unit="KHO", heard="YT")
    for wrong, said in (
        (replace(AGENCY, heard="YT", until=date(2024, 12, 2)), "Hạn gửi ý kiến 02/12/2024 không sau hôm nay"),
        (replace(RESIDENCE, person=None), "là nhận xét về một người, nhưng chưa nêu người nào"),
        (replace(AGENCY, heard=None), "Chưa nêu lấy ý kiến của cơ quan phối hợp từ đâu"),
        (replace(AGENCY, kind=Kind.ATTENDING), "chưa rõ ai đã dự"),
        (good, "Một ý kiến được nêu hai lần"),
    ):
        with pytest.raises(Refused, match=said):
            ask(here, DISTRICT, [good, wrong], NOW, actor="Bình")
    with pytest.raises(AlreadyDone, match="đã được đề nghị: ý kiến số 2"):
        ask(here, DISTRICT, [good, AGENCY], NOW, actor="Bình")
    assert len(seen(here)) == 2  # all or none


def test_only_a_review_asks(here: Services, asked: Asked) -> None:
    with pytest.raises(Refused, match="không được kiểm điểm trong đợt “huyen-2023-2024-yk”"):
        ask(here, YK, [AGENCY], NOW, actor="Bình")
    with pytest.raises(NotFound, match="Không có người mã “X”"):
        ask(here, DISTRICT, [replace(RESIDENCE, person="X")], NOW, actor="Bình")


def test_an_opinion_ends_its_work_and_work_is_not_done_without_it(here: Services, asked: Asked) -> None:
    with pytest.raises(Refused, match="Ý kiến số 1 chưa được ghi nhận"):
        items.act(here, asked.items[0], "submit", WHEN, actor="Lâm")
    for broken in (replace(SAID, words=" "), replace(SAID, received_on=date(2024, 12, 11))):
        with pytest.raises(Refused, match=r"chưa có nội dung|Ngày nhận 11/12/2024 chưa đến"):
            receive(here, 1, broken, WHEN, actor="Bình")
    assert receive(here, 1, SAID, WHEN, actor="Bình") == asked.items[0]
    assert look.item(here, "BAO", "y-kien-1", YK).state == "submitted"
    assert [one.vi for one in seen(here)] == ["đã nhận 10/12/2024", "chưa nhận"]
    with here.db.read() as connection:
        assert words_of(connection, 1) == ("kín: còn nóng nảy", "good")
        with pytest.raises(NotFound, match="chưa có nội dung"):
            words_of(connection, 2)
    with pytest.raises(AlreadyDone, match="Ý kiến số 1 đã nhận"):
        receive(here, 1, SAID, WHEN, actor="Bình")
    items.act(here, asked.items[0], "return", WHEN, actor="Bình", reason="chưa ký")
    assert seen(here)[0].vi == "chưa nhận"  # what was sent back has not come
    receive(here, 1, replace(SAID, words="kín: đã ký"), WHEN, actor="Bình")
    with here.db.read() as connection:
        assert words_of(connection, 1)[0] == "kín: đã ký"


def test_a_decision_is_told_what_it_still_waits_for(here: Services, asked: Asked) -> None:
    """The comment on a person holds up that person; the agency's opinion holds up the unit."""
    [his], [its] = waits(here, LAM).missing, waits(here, None).missing
    assert "Chưa nhận được nhận xét của cấp ủy nơi cư trú" in his.message and "hạn 11/12/2024" in his.message
    assert his.basis.vi == "Kế hoạch huyện 2023 IV.5"
    assert "ý kiến của cơ quan phối hợp (Chi bộ Kho bạc) về Chi bộ Báo tỉnh" in its.message
    before = waits(here, LAM)
    assert not before.done and before.applicable == {Step.RESIDENCE_COMMENT}
    receive(here, 1, SAID, WHEN, actor="Bình")
    waive(here, 2, WHEN, actor="Bình", reason="không có quan hệ công tác")
    assert waits(here, LAM) == Awaits((), frozenset({Step.RESIDENCE_COMMENT}), frozenset({Step.RESIDENCE_COMMENT}))
    assert waits(here, None).missing == ()
    with pytest.raises(Refused, match="Ý kiến số 2 đã được miễn"):
        receive(here, 2, SAID, WHEN, actor="Bình")


def test_the_guard_of_deciding_asks_it(house: Services) -> None:
    """13-HD/TU PL.3: the comment of the place of residence comes before the vote and the decision."""
    [one] = judging.cell_of(house, 1)
    judging.appraised(house, [one])
    judging.both_rounds(house, [one], [])
    wish = Request("KHO", Kind.RESIDENCE, date(2024, 12, 30), person="M01", source="Chi bộ thôn 2")
    [no] = ask(house, judging.CODE, [wish], judging.NOW, actor="Bình").ids
    with pytest.raises(Forbidden, match="Chưa nhận được nhận xét của cấp ủy nơi cư trú") as said:
        judging.decided(house, one, judging.GOOD)
    assert "opinion-awaited" in said.value.codes
    receive(house, no, replace(SAID, received_on=judging.DAY), judging.NOW, actor="Bình")
    judging.decided(house, one, judging.GOOD)


def test_a_meeting_waits_for_the_comment_that_must_come_before_it(here: Services, asked: Asked) -> None:
    """The plan of the district 2023 IV.5: first the comment of the place of residence, then the review there."""
    which = Which(DISTRICT, "BAO", Step.STANDING)
    book_meeting(here, which, Wish(at("2024-12-17 08:00"), at("2024-12-17 17:00")), NOW, actor="bí thư")
    after = at("2024-12-17 18:00")
    with pytest.raises(Forbidden, match=r"còn thiếu “nhận xét của cấp ủy nơi cư trú”.*IV\.5"):
        hold(here, which, "01-BB", after, actor="bí thư", reason="vội")
    receive(here, 1, SAID, WHEN, actor="Bình")
    hold(here, which, "01-BB", after, actor="bí thư", reason="gửi giấy mời qua điện thoại")
    assert Step.STANDING in waits(here, LAM).done


def test_who_attended_gives_an_opinion_on_the_rating(new_house: NewHouse) -> None:
    """The plan of Lùng Phình VI.1.a: until everybody who attended has, the decision is told who has not."""
    house = commune(new_house(""))
    su = code_of(house, "Giàng A Sử")
    now, after = at("2025-12-08 09:00"), at("2025-12-16 18:00")
    which = Which(YEAR, "TH")
    book_meeting(house, which, Wish(at("2025-12-16 08:00"), at("2025-12-16 17:00"), directs=(su,)), now, actor="bí thư")
    assert waits(house, LU, code=YEAR, unit_code="TH").applicable == {Step.COLLECTIVE}
    hold(house, which, "01-BB", after, actor="bí thư", reason="gửi tài liệu trực tiếp")
    [before] = waits(house, LU, code=YEAR, unit_code="TH").missing
    assert "Giàng A Sử dự kiểm điểm tại Chi bộ Trường học chưa có ý kiến" in before.message and "VI.1.a" in before.basis.vi
    asked = ask_attenders(house, YEAR, "TH", date(2025, 12, 19), after, actor="ban")
    assert [(one.heard, one.source) for one in seen(house, YEAR)] == [("XA-BTV", "Giàng A Sử")]
    assert [one.code for one in waits(house, None, code=YEAR, unit_code="TH").missing] == ["opinion-awaited"]
    receive(house, asked.ids[0], replace(SAID, received_on=date(2025, 12, 16)), after, actor="ban")
    assert waits(house, None, code=YEAR, unit_code="TH").missing == ()


def test_an_opinion_is_in_no_letter_event_or_log(here: Services, asked: Asked, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        receive(here, 1, SAID, WHEN, actor="Bình")
        sweep(here, at("2024-12-11 08:30"))
    with here.db.read() as connection:
        told = [connection.execute(sa.select(table)).all() for table in (letter, envelope, cycle_milestone)]
        row = connection.execute(sa.select(opinion).where(opinion.c.id == 1)).one()
        plan = connection.execute(sa.select(cycle.c.plan).where(cycle.c.code == YK)).scalar_one()
    elsewhere = str((told, plan, look.events(here), caplog.text))
    assert not [word for word in ("kín", "nóng nảy", "bí mật", "Tổ dân phố", "15-NX") if word in elsewhere]
    [event] = look.events(here, "opinion.received")
    assert "good" not in event.data and row.said["salt"] not in event.data  # only a seal that cannot be tried out
    assert audit.check(here.db).broken_at is None
