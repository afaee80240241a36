"""What a newcomer sees: a sample committee, a cycle at work, people who act as the clock runs."""

from __future__ import annotations

import pytest

from hanchot.domain.errors import HanChotError
from hanchot.domain.plan import Period
from hanchot.service import demo, progress
from hanchot.service.people import Habits
from hanchot.service.services import Services
from tests import look
from tests.look import at


def test_the_live_cycle_of_the_season_that_runs(empty_house: Services) -> None:
    now = at("2026-11-21 15:00")
    code = demo.load_live(empty_house, now)
    one = progress.of(empty_house.db, code, now)
    assert (code, one.provisional, one.period) == ("khoi-binh-thuan-2026", True, "2026")
    assert demo.load_live(empty_house, now) == code  # a second start opens nothing
    assert len(progress.all_cycles(empty_house.db, now)) == 1


@pytest.mark.parametrize(("now", "year"), [("2026-02-28 09:00", 2025), ("2026-03-01 09:00", 2026)])
def test_a_season_runs_into_february(empty_house: Services, now: str, year: int) -> None:
    assert demo.load_live(empty_house, at(now)) == f"khoi-binh-thuan-{year}"


def test_in_the_plans_own_year_nothing_is_carried_over(empty_house: Services) -> None:
    now = at("2024-11-20 09:00")
    code = demo.load_live(empty_house, now)
    assert not progress.of(empty_house.db, code, now).provisional


@pytest.mark.parametrize(
    ("name", "start", "code"),
    [
        ("khoi-binh-thuan-2024", "2024-11-19 07:00", "khoi-binh-thuan-2024"),  # 10/12 less three weeks
        ("lung-phinh-2025", "2025-12-03 07:00", "lung-phinh-2025"),  # 24/12 less three weeks: 19/12 is in doubt
        ("quang-ngai-13-hd-tu", "2023-11-08 07:00", "quang-ngai-13-hd-tu-2023"),  # 29/11 less three weeks
    ],
)
def test_a_demonstration_begins_before_the_first_deadline(empty_house: Services, name: str, start: str, code: str) -> None:
    plan = demo.plan_named(empty_house, name)
    assert demo.start_of(empty_house, plan) == at(start)
    if name != "quang-ngai-13-hd-tu":
        assert demo.load(empty_house, plan, at(start)) == code
    else:
        assert demo.demo_period(plan) == Period(year=2023)


def test_people_act_once_an_evening(empty_house: Services) -> None:
    plan = demo.plan_named(empty_house)
    demo.load(empty_house, plan, at("2024-11-19 07:00"))
    habits = Habits(overrun=0, seed=3)
    assert demo.act(empty_house, at("2024-12-02 10:00"), habits) == 0  # not before the evening
    first = demo.act(empty_house, at("2024-12-02 19:30"), habits)
    assert demo.act(empty_house, at("2024-12-02 21:00"), habits) == 0
    later = demo.act(empty_house, at("2024-12-09 19:45"), habits)
    assert first + later == len(look.events(empty_house, "item.submit")) > 0


def test_an_unknown_plan(empty_house: Services) -> None:
    with pytest.raises(HanChotError, match="khong-co"):
        demo.plan_named(empty_house, "khong-co")
