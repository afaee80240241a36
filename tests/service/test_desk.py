"""The desk below the pages, on either database: drafts, more time, deputies, and what a committee sees of its branch."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from hanchot.domain.access import Right, Role
from hanchot.domain.errors import AlreadyDone, Conflict, NotFound, Refused
from hanchot.service import desk, judged_above, more_time, stand_ins
from hanchot.service.access import actor_of
from hanchot.service.directory import directory
from hanchot.service.items import act
from hanchot.service.mail.outbox import gather
from hanchot.service.opening import open_cycle
from hanchot.service.services import Services
from hanchot.service.sweep import sweep
from hanchot.service.views.branch import branch
from hanchot.service.views.my import my_item, my_work
from hanchot.store.desk_tables import stand_in, time_request
from hanchot.store.tables import envelope, person, post, unit
from tests import plans
from tests.cast import appoint
from tests.look import at, envelopes, events, item, item_id

NOW = at("2024-12-10 20:14")
HAI, LAM, DUNG = "Bùi Văn Hải", "Phan Văn Lâm", "Lê Thị Dung"


@pytest.fixture
def here(any_house: Services) -> Services:
    open_cycle(any_house, plans.plan(), at("2024-11-18 07:00"))
    return any_house


def number(house: Services, name: str) -> int:
    with house.db.read() as connection:
        return int(connection.execute(sa.select(person.c.id).where(person.c.name == name)).scalar_one())


def post_of(house: Services, code: str) -> int:
    query = sa.select(post.c.id).join(unit).where(unit.c.code == code, post.c.role == "secretary")
    with house.db.read() as connection:
        return int(connection.execute(query).scalar_one())


def paths(house: Services, name: str, now: object = NOW) -> tuple[str, ...]:
    with house.db.read() as connection:
        return desk.own_paths(actor_of(connection, number(house, name), now), now)  # type: ignore[arg-type]


def hand_over(house: Services, first: date, last: date) -> int:
    hai, to = number(house, HAI), f"CB{number(house, LAM):03}"
    return stand_ins.hand_over(house, post_of(house, "YT-1"), hai, to, first, last, NOW, actor=HAI)


def told(house: Services, now: object) -> str:
    """Who is told of the cell's work at an instant."""
    with house.db.read() as connection:
        ids = dict(connection.execute(sa.select(unit.c.code, unit.c.id)).tuples().all())
        known = directory(house.db, connection, ids["DUK"], now.date())  # type: ignore[attr-defined]
        (one,) = known.told(ids["YT-1"], "holder")
        return str(connection.execute(sa.select(person.c.name).where(person.c.id == one.person_id)).scalar_one())


def test_a_draft_is_one_persons_and_knows_its_newest_revision(here: Services) -> None:
    cell, hai = item_id(here, "YT-1", "chi-bo"), number(here, HAI)
    first = desk.save_draft(here, cell, hai, {"note": "một", "else": "x"}, 0, NOW)
    assert (first.revision, dict(first.said)) == (1, {"note": "một"})
    with pytest.raises(Conflict, match="lúc 20:14"):
        desk.save_draft(here, cell, hai, {"note": "hai"}, 0, NOW)
    assert my_item(here, cell, number(here, LAM), NOW).draft.revision == 0
    with pytest.raises(Refused, match="4001 ký tự"):
        desk.save_draft(here, cell, hai, {"note": "x" * 4001}, 1, NOW)
    desk.submit(here, cell, NOW, actor=HAI, person_id=hai)
    assert desk.submit(here, cell, NOW, actor=HAI, person_id=hai) is None
    assert my_item(here, cell, hai, NOW).draft.sent_at == NOW
    with pytest.raises(Refused, match="đã nộp"):
        desk.save_draft(here, cell, hai, {"note": "ba"}, 1, NOW)


def test_the_task_list_groups_by_what_to_do_first(here: Services) -> None:
    view = my_work(here, paths(here, DUNG), number(here, DUNG), NOW)
    assert view.units == ("Đảng bộ Sở Y tế",)
    assert [(group.key, len(group.tasks)) for group in view.groups] == [("soon", 1), ("waiting", 3)]
    late = my_work(here, paths(here, HAI), number(here, HAI), at("2024-12-20 08:00"))
    assert [(group.vi, group.tasks[0].item.standing.vi) for group in late.groups] == [("Quá hạn", "Quá hạn 8 ngày")]
    assert my_work(here, (), None, NOW).groups == ()


def test_more_time_moves_the_deadline_once(here: Services) -> None:
    cell, hai = item_id(here, "YT-1", "chi-bo"), number(here, HAI)
    asked = more_time.ask(here, cell, date(2024, 12, 16), "đi vắng", NOW, actor=HAI, person_id=hai)
    with pytest.raises(AlreadyDone, match="16/12/2024"):
        more_time.ask(here, cell, date(2024, 12, 17), "đi vắng", NOW, actor=HAI, person_id=hai)
    more_time.grant(here, asked, NOW, actor=DUNG)
    assert (item(here, "YT-1", "chi-bo").last_day, item(here, "YT-1", "chi-bo").revision) == (date(2024, 12, 16), 1)
    with pytest.raises(Conflict, match="Lê Thị Dung đã cho thêm thời gian"):
        more_time.refuse(here, asked, NOW, actor="Bình", reason="không")
    assert [row.action for row in events(here)][-3:] == ["time.asked", "item.extend", "time.granted"]


def test_handing_in_takes_the_request_back(here: Services) -> None:
    cell, hai = item_id(here, "YT-1", "chi-bo"), number(here, HAI)
    more_time.ask(here, cell, date(2024, 12, 16), "đi vắng", NOW, actor=HAI, person_id=hai)
    desk.submit(here, cell, NOW, actor=HAI, person_id=hai)
    with here.db.read() as connection:
        assert connection.execute(sa.select(time_request.c.state)).scalar_one() == "withdrawn"


def test_a_deputy_acts_and_is_told_within_the_days_only(here: Services) -> None:
    hand_over(here, date(2024, 12, 11), date(2024, 12, 12))
    days = {day: at(f"2024-12-{day} 08:00") for day in (10, 11, 12, 13)}
    assert [told(here, day) for day in days.values()] == [HAI, LAM, LAM, HAI]
    own = {day: len(paths(here, LAM, moment)) for day, moment in days.items()}
    assert own == {10: 1, 11: 2, 12: 2, 13: 1}
    assert len(paths(here, HAI, days[11])) == 1  # the holder keeps every right
    sweep(here, days[11])
    assert LAM in [name for name, *_ in envelopes(here)] and HAI not in [name for name, *_ in envelopes(here)]
    with here.db.write() as connection:
        rows = connection.execute(sa.select(envelope).where(envelope.c.person_id == number(here, LAM))).all()
        gathered = gather(here, connection, rows, days[11])
    assert "làm thay bí thư, Chi bộ Văn phòng Sở" in gathered.titles.values()


def rights(house: Services, name: str) -> set[Right]:
    with house.db.read() as connection:
        found = actor_of(connection, number(house, name), NOW)
    return set(found.rights) if found else set()


def test_only_the_units_work_is_handed_over(here: Services) -> None:
    dung, to = number(here, DUNG), f"CB{number(here, LAM):03}"
    own = rights(here, LAM)
    stand_ins.hand_over(here, post_of(here, "YT"), dung, to, date(2024, 12, 10), date(2024, 12, 11), NOW, actor=DUNG)
    assert {right.role for right in rights(here, LAM) - own} == {Role.SECRETARY}


def test_a_deputy_goes_with_the_holder_who_named_them(here: Services) -> None:
    hand_over(here, date(2024, 12, 10), date(2024, 12, 20))
    with here.db.write() as connection:
        appoint(connection, "YT-1", "Người Mới", since=date(2024, 12, 12))
    assert told(here, at("2024-12-11 08:00")) == LAM
    assert told(here, at("2024-12-12 08:00")) == "Người Mới"
    assert len(paths(here, LAM, at("2024-12-12 08:00"))) == 1


def test_handing_over_is_refused_in_words(here: Services) -> None:
    made = hand_over(here, date(2024, 12, 11), date(2024, 12, 12))
    with pytest.raises(Refused, match="đã giao cho Phan Văn Lâm"):
        hand_over(here, date(2024, 12, 12), date(2024, 12, 15))
    with pytest.raises(Refused, match="đã qua"):
        hand_over(here, date(2024, 12, 9), date(2024, 12, 9))
    with pytest.raises(NotFound, match="không giữ chức vụ này"):
        stand_ins.hand_over(
            here, post_of(here, "BAO"), number(here, HAI), "CB001", date(2024, 12, 11), date(2024, 12, 11), NOW, actor=HAI
        )
    with pytest.raises(NotFound):
        stand_ins.take_back(here, made, number(here, DUNG), NOW, actor=DUNG)
    assert stand_ins.take_back(here, made, number(here, HAI), NOW, actor=HAI)
    assert not stand_ins.take_back(here, made, number(here, HAI), NOW, actor=HAI)
    with here.db.read() as connection:
        assert connection.execute(sa.select(stand_in.c.ended_at)).scalar_one() == NOW
    assert told(here, at("2024-12-11 08:00")) == HAI


def test_a_committee_sees_its_branch_and_not_its_own_work(here: Services) -> None:
    act(here, item_id(here, "YT-2", "chi-bo"), "submit", NOW, actor="Kim")
    act(here, item_id(here, "BAO", "chi-bo"), "submit", NOW, actor=LAM)
    own = paths(here, DUNG)
    seen = branch(here, own, own, None, 1, NOW)  # the scope of a committee is its own path
    assert (seen.show, seen.counts) == ("waiting", {"time": 0, "waiting": 1, "late": 0})
    assert [line.item.unit_code for line in seen.lines] == ["YT-2"]
    late = branch(here, own, own, "late", 1, at("2024-12-19 08:00"))
    assert sorted(line.item.unit_code for line in late.lines) == ["YT-1", "YT-BP1"]
    whole = branch(here, ("/",), (), None, 1, NOW)
    assert whole.counts["waiting"] == 2


def test_late_work_is_reported_once_a_day(here: Services) -> None:
    cell = item_id(here, "YT-1", "chi-bo")
    with pytest.raises(Refused, match="không quá hạn"):
        judged_above.escalate(here, cell, NOW, actor=DUNG)
    judged_above.escalate(here, cell, at("2024-12-13 08:00"), actor=DUNG)
    with pytest.raises(AlreadyDone, match="Hôm nay đã báo"):
        judged_above.escalate(here, cell, at("2024-12-13 17:00"), actor=DUNG)
    judged_above.escalate(here, cell, at("2024-12-16 08:00"), actor=DUNG)
