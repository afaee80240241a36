"""Remediation: opened by a result, reminded like all work, ended by evidence, and concluded by the next review.

The rules are Lùng Phình's (VI.2: approved by the committee above, at once after the result) and 366-QĐ/TW Điều 11.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from hanchot.domain.errors import AlreadyDone, NotFound, Refused
from hanchot.domain.remediation import Outcome
from hanchot.domain.unit import UnitKind
from hanchot.service import items
from hanchot.service.book import cycle_id_of
from hanchot.service.opening import open_cycle
from hanchot.service.remediating import Begun, Line, Result, conclude, fix, open_for
from hanchot.service.services import Services
from hanchot.service.shortcomings import Seen, carried_over, shortcomings, shortcomings_fixed_percent
from hanchot.service.sweep import sweep
from hanchot.store.db import pairs
from hanchot.store.keeping_tables import shortcoming
from hanchot.store.tables import cycle, cycle_milestone, envelope, letter, unit
from tests import look
from tests.cast import Body, add_unit
from tests.commune import DECIDED_ON, LU, YEAR, commune, next_year, plan_with_dossier
from tests.conftest import NewHouse
from tests.look import at
from tests.post import carry, read, text_of
from tests.relay import FakeRelay

RESULT = Result(YEAR, "TH", DECIDED_ON, approved_on=date(2025, 12, 26), approved_by="Đảng ủy xã", number="07-KH/CB")
LINES = (
    Line("bí mật: chậm đóng đảng phí", "kín: lập lịch thu", "riêng: chi ủy viên Hạng", date(2026, 3, 31), "kín: sổ thu"),
    Line("bí mật: sinh hoạt chưa đều", "kín: họp mồng 3", "riêng: bí thư Lử", date(2026, 6, 30)),
)
CONFIDENTIAL = ("bí mật", "kín:", "riêng:", "đảng phí", "chưa đều", "sổ thu", "Hạng")
NOW = at("2025-12-29 09:00")
KP = f"{YEAR}-kp"
NEXT = "lung-phinh-2026"


@pytest.fixture
def here(new_house: NewHouse, database_url: str) -> Services:
    """The commune with its year open, once on each database."""
    return commune(new_house(database_url))


@pytest.fixture
def begun(here: Services) -> Begun:
    return open_for(here, RESULT, LINES, NOW, actor="ban xây dựng đảng")


def ids(house: Services, code: str, unit_code: str = "TH") -> tuple[int, int]:
    with house.db.read() as connection:
        unit_id = connection.execute(sa.select(unit.c.id).where(unit.c.code == unit_code)).scalar_one()
        return cycle_id_of(connection, code), unit_id


def earlier(house: Services) -> tuple[Seen, ...]:
    """What the next review finds of this one."""
    with house.db.read() as connection:
        found = carried_over(connection, *ids(house, NEXT))
    assert found is not None
    return found


def percent(house: Services, unit_code: str = "TH") -> Decimal | None:
    with house.db.read() as connection:
        return shortcomings_fixed_percent(connection, *ids(house, NEXT, unit_code))


def a_year_later(house: Services) -> None:
    open_cycle(house, next_year(plan_with_dossier()), at("2026-12-01 07:00"))


def test_a_result_opens_one_cycle_whose_items_have_their_own_days(here: Services, begun: Begun) -> None:
    assert (begun.code, begun.numbers) == (KP, (1, 2))
    assert [look.item(here, "TH", f"khac-phuc-{n}", KP).last_day for n in (1, 2)] == [date(2026, 3, 31), date(2026, 6, 30)]
    with here.db.read() as connection:
        row = connection.execute(sa.select(cycle).where(cycle.c.code == KP)).one()
        titles = connection.execute(sa.select(cycle_milestone.c.title).where(cycle_milestone.c.cycle_id == row.id)).scalars()
        assert list(titles) == [f"Khắc phục hạn chế thứ {n} theo kế hoạch khắc phục" for n in (1, 2)]
    assert (row.title, row.year, row.kind) == ("Khắc phục hạn chế, khuyết điểm sau kiểm điểm năm 2025", 2025, "annual")


def test_more_units_and_more_lines_join_the_same_cycle(here: Services, begun: Begun) -> None:
    """One cycle for the committee, one milestone for the n-th shortcoming of every unit, one item each."""
    other = open_for(here, replace(RESULT, unit="TY"), LINES[:1], NOW, actor="ban")
    more = open_for(here, RESULT, [replace(LINES[0], words="khác")], NOW, actor="ban")
    his = open_for(here, replace(RESULT, person=LU), LINES[1:], NOW, actor="ban")
    assert [one.code for one in (other, more, his)] == [KP] * 3
    assert [one.numbers for one in (other, more, his)] == [(1,), (3,), (4,)]
    with here.db.read() as connection:
        here_only = cycle_milestone.c.cycle_id == cycle_id_of(connection, KP)
        totals = pairs(connection.execute(sa.select(cycle_milestone.c.key, cycle_milestone.c.total).where(here_only)))
        assert totals == {"khac-phuc-1": 2, "khac-phuc-2": 1, "khac-phuc-3": 1, "khac-phuc-4": 1}
        assert look.counters_agree(connection)
        assert [one.no for one in shortcomings(connection, *ids(here, YEAR))] == [
            1,
            2,
            3,
        ]  # the unit's own, not its secretary's


@pytest.mark.parametrize(
    ("result", "line", "said"),
    [
        (replace(RESULT, approved_on=None), LINES[0], r"chưa được Đảng ủy xã phê duyệt\..*\[.*VI\.2\]"),
        (RESULT, replace(LINES[0], measure=" "), r"Hạn chế thứ 1 chưa có giải pháp\..*\[.*VI\.2\]"),
        (RESULT, replace(LINES[0], until=None), r"chưa có thời hạn.*VI\.2"),
        (RESULT, replace(LINES[0], until=DECIDED_ON), r"không sau ngày có kết quả \(24/12/2025\)"),
    ],
)
def test_what_is_not_a_plan_of_remediation_is_refused_and_leaves_no_trace(
    here: Services, result: Result, line: Line, said: str
) -> None:
    before = len(look.events(here))
    with pytest.raises(Refused, match=said):
        open_for(here, result, [line], NOW, actor="ban")
    with pytest.raises(NotFound):
        look.item(here, "TH", "khac-phuc-1", KP)
    assert len(look.events(here)) == before


def test_the_same_lines_again_are_not_opened_twice(here: Services, begun: Begun) -> None:
    with pytest.raises(AlreadyDone, match="Hạn chế này của Chi bộ Trường học đã ghi"):
        open_for(here, RESULT, LINES, NOW, actor="ban")
    with here.db.read() as connection:
        assert len(shortcomings(connection, *ids(here, YEAR))) == 2


def test_only_a_review_opens_remediation_and_only_for_its_own_units(here: Services, begun: Begun) -> None:
    with pytest.raises(Refused, match="không được kiểm điểm trong đợt “lung-phinh-2025-kp”"):
        open_for(here, replace(RESULT, cycle=KP), LINES, NOW, actor="ban")
    with here.db.write() as connection:
        add_unit(connection, Body("KHO", "Chi bộ Kho bạc", UnitKind.GRASSROOTS_CELL, None, "Đặng Thị Nga"))
    with pytest.raises(Refused, match="Chi bộ Kho bạc không được kiểm điểm"):
        open_for(here, replace(RESULT, unit="KHO"), LINES, NOW, actor="ban")
    with pytest.raises(NotFound, match="Hạn chế số 1 không phải của Chi bộ Trường học ở kỳ trước"):
        open_for(here, RESULT, [replace(LINES[0], words="khác", carried_from=1)], NOW, actor="ban")


def test_a_unit_that_is_gone_gets_no_work_and_the_next_opening_is_sound(here: Services) -> None:
    with here.db.write() as connection:
        connection.execute(sa.update(unit).where(unit.c.code == "TY").values(valid_to=date(2025, 12, 1)))
    with pytest.raises(Refused, match="Chi bộ Trạm Y tế không còn hoạt động"):
        open_for(here, replace(RESULT, unit="TY"), LINES, NOW, actor="ban")
    assert open_for(here, RESULT, LINES, NOW, actor="ban").numbers == (1, 2)


def test_what_is_due_at_an_event_waits_for_a_day_that_a_person_sets(here: Services) -> None:
    open_for(here, RESULT, [replace(LINES[0], until=None, event="trước đại hội chi bộ")], NOW, actor="ban")
    row = look.item(here, "TH", "khac-phuc-1", KP)
    assert row.last_day is None
    items.extend(here, row.id, date(2026, 4, 15), NOW, actor="ban", reason="lịch đại hội")
    assert look.item(here, "TH", "khac-phuc-1", KP).last_day == date(2026, 4, 15)


def test_the_same_sweep_and_ladder_remind_of_it(here: Services, begun: Begun) -> None:
    """The holder is told at once, reminded before the day, and the department hears of it when it is late."""
    assert [(row.to, row.milestone) for row in look.ledger(here, tone="remediation")] == [
        ("TH", "khac-phuc-1"), ("TH", "khac-phuc-2"),
    ]  # fmt: skip
    for day in ("2026-03-27", "2026-03-30", "2026-03-31", "2026-04-03", "2026-04-10"):
        sweep(here, at(f"{day} 08:30"))
    first = [row for row in look.ledger(here) if row.milestone == "khac-phuc-1"]
    assert {"reminder", "due", "overdue"} <= {row.tone for row in first}
    assert "XA-BXD" in {row.to for row in first if row.tone == "escalation"}


def test_work_is_not_done_without_evidence(here: Services, begun: Begun) -> None:
    with pytest.raises(Refused, match=r"Hạn chế thứ 1 chưa có minh chứng.*Hạn Chót ghi nhận"):
        items.act(here, begun.items[0], "submit", NOW, actor="bí thư")
    with pytest.raises(Refused, match="chưa có minh chứng"):
        fix(here, YEAR, "TH", 1, "  ", NOW, actor="bí thư")
    assert fix(here, YEAR, "TH", 1, "kín: biên bản đối chiếu", NOW, actor="bí thư") == begun.items[0]
    assert look.item(here, "TH", "khac-phuc-1", KP).state == "submitted"
    with pytest.raises(Refused, match="đã nộp"):
        fix(here, YEAR, "TH", 1, "lần nữa", NOW, actor="bí thư")
    with pytest.raises(NotFound, match="không có hạn chế thứ 9"):
        fix(here, YEAR, "TH", 9, "x", NOW, actor="bí thư")


def test_the_next_review_takes_nothing_for_fixed_before_somebody_has_said_so(here: Services, begun: Begun) -> None:
    fix(here, YEAR, "TH", 1, "biên bản", NOW, actor="bí thư")
    a_year_later(here)
    assert [one.outcome for one in earlier(here)] == [Outcome.UNKNOWN, Outcome.UNKNOWN]
    assert percent(here) is None  # the question stays open
    items.act(here, begun.items[0], "accept", NOW, actor="ban")
    assert [one.outcome for one in earlier(here)] == [Outcome.FIXED, Outcome.UNKNOWN]


def test_fixed_partly_and_recurring_and_the_fact_for_rating(here: Services) -> None:
    lines = [replace(LINES[0], words=f"hạn chế {n}") for n in range(3)]
    open_for(here, RESULT, lines, NOW, actor="ban")
    a_year_later(here)
    with pytest.raises(Refused, match="ghi là đã khắc phục nhưng chưa có minh chứng"):
        conclude(here, NEXT, "TH", 1, Outcome.FIXED, NOW, actor="ban")
    with pytest.raises(Refused, match="chưa rõ trách nhiệm cá nhân"):
        conclude(here, NEXT, "TH", 2, Outcome.PARTLY, NOW, actor="ban")
    with pytest.raises(Refused, match="chưa có kết luận"):
        conclude(here, NEXT, "TH", 2, Outcome.UNKNOWN, NOW, actor="ban")
    conclude(here, NEXT, "TH", 1, Outcome.FIXED, NOW, actor="ban", proof="sổ thu")
    conclude(here, NEXT, "TH", 2, Outcome.FIXED, NOW, actor="ban", proof="lịch họp")
    conclude(here, NEXT, "TH", 3, Outcome.RECURRING, NOW, actor="ban", answers="bí thư")
    assert [one.outcome for one in earlier(here)] == [Outcome.FIXED, Outcome.FIXED, Outcome.RECURRING]
    assert percent(here) == Decimal("66.66")  # never rounded up
    assert percent(here, "TY") == 100  # remediation was recorded that year, and none of it is theirs


def test_a_recurring_one_is_carried_into_the_next_plan(here: Services, begun: Begun) -> None:
    a_year_later(here)
    conclude(here, NEXT, "TH", 2, Outcome.RECURRING, NOW, actor="ban", answers="bí thư")
    _, old = earlier(here)
    again = replace(LINES[1], until=date(2027, 3, 31), carried_from=old.id)
    result = replace(RESULT, cycle=NEXT, decided_on=date(2026, 12, 24), approved_on=date(2026, 12, 25))
    assert open_for(here, result, [again], at("2026-12-28 08:00"), actor="ban").code == f"{NEXT}-kp"
    with here.db.read() as connection:
        [new] = shortcomings(connection, *ids(here, NEXT))
    assert new.carried_from == old.id


def test_where_nothing_was_recorded_nothing_is_known(here: Services) -> None:
    a_year_later(here)
    with here.db.read() as connection:
        assert carried_over(connection, *ids(here, NEXT)) is None
    assert percent(here) is None


def test_no_word_of_a_shortcoming_is_in_titles_plans_letters_events_or_logs(
    here: Services, caplog: pytest.LogCaptureFixture
) -> None:
    """What stands in ``shortcoming`` stands nowhere else, whatever is done with it."""
    caplog.set_level(logging.DEBUG)
    open_for(here, RESULT, LINES, NOW, actor="ban")
    for day in ("2025-12-30", "2026-03-30", "2026-04-03", "2026-04-10"):
        sweep(here, at(f"{day} 08:30"))
    fix(here, YEAR, "TH", 1, "kín: biên bản đối chiếu", NOW, actor="bí thư")
    items.act(here, look.item_id(here, "TH", "khac-phuc-1", KP), "return", NOW, actor="ban", reason="chưa rõ")
    a_year_later(here)
    conclude(here, NEXT, "TH", 2, Outcome.RECURRING, NOW, actor="ban", answers="riêng: bí thư Lử")
    said = [caplog.text, *(str(tuple(row)) for row in look.events(here)), str(look.incidents(here))]
    with here.db.read() as connection:
        for table in (cycle, cycle_milestone, letter, envelope):
            said += [str(tuple(row)) for row in connection.execute(sa.select(table))]
    assert len(said) > 40
    assert not [word for word in CONFIDENTIAL for text in said if word in text]


async def test_the_mail_itself_says_no_word_of_it(new_house: NewHouse) -> None:
    house = commune(new_house(""))
    open_for(house, RESULT, LINES, NOW, actor="ban")
    async with FakeRelay().listening() as relay:
        for day in ("2025-12-30", "2026-03-31", "2026-04-03"):
            sweep(house, at(f"{day} 08:30"))
            await carry(house, relay, at(f"{day} 09:00"))
    bodies = [text_of(raw) + str(read(raw)["Subject"]) for raw in relay.kept]
    assert any("Mở kế hoạch khắc phục – Chi bộ Trường học" in body for body in bodies)
    assert any("khắc phục hạn chế thứ 1 theo kế hoạch khắc phục" in body for body in bodies)
    assert not [word for word in CONFIDENTIAL for body in bodies if word in body]


def test_an_error_of_the_database_does_not_repeat_what_was_typed(here: Services, begun: Begun) -> None:
    with pytest.raises(IntegrityError) as said, here.db.write() as connection:
        row = connection.execute(sa.select(shortcoming).limit(1)).one()._asdict()
        connection.execute(sa.insert(shortcoming).values({**row, "item_id": begun.items[1], "no": 1}))
    assert "đảng phí" not in str(said.value)


def test_fixing_after_a_conclusion_opens_the_question_again(here: Services, begun: Begun) -> None:
    a_year_later(here)
    conclude(here, NEXT, "TH", 1, Outcome.PARTLY, NOW, actor="ban", answers="bí thư")
    fix(here, YEAR, "TH", 1, "biên bản", NOW, actor="bí thư")
    assert earlier(here)[0].outcome is Outcome.UNKNOWN
