"""A whole cycle on a virtual clock, before anything is sent for real."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from hanchot import bootstrap
from hanchot.domain.plan import Period
from hanchot.domain.workdays import WorkCalendar
from hanchot.service.clockwork import moments, span
from hanchot.service.people import Habits
from hanchot.service.services import Services
from hanchot.service.simulate import Simulation, simulate
from hanchot.settings import Settings
from hanchot.store.plan_files import find_plan
from tests import plans
from tests.look import at


@pytest.fixture
def memory(tmp_path: Path) -> Services:
    return bootstrap.in_memory(Settings(_env_file=None, home=tmp_path))


@pytest.fixture
def year(memory: Services) -> Simulation:
    return simulate(memory, plans.plan(), units=12, habits=Habits(overrun=0.3, seed=5))


def test_it_runs_from_three_weeks_before_to_a_month_after(year: Simulation) -> None:
    # the first printed day is Friday 29/11/2024, the last 10/01/2025
    assert (year.start, year.end) == (date(2024, 11, 8), date(2025, 2, 9))
    assert year.sweeps == 2 * 94  # morning and evening of each day


def test_what_it_answers_is_the_document_that_was_promised(year: Simulation) -> None:
    shown = json.loads(json.dumps(year.to_json()))
    assert set(shown) == {"from", "to", "units", "items", "sweeps", "letters", "escalations", "stages", "summary"}
    assert {"at", "to", "unit", "milestone", "rung", "subject"} <= set(shown["letters"][0])
    assert shown["summary"]["letters"] == len(shown["letters"]) > 100
    assert [one for one in shown["letters"] if one["tone"] in ("escalation", "chase")] == shown["escalations"] != []
    assert [one["stage"] for one in shown["stages"]] == [
        "prepare", "self_assess", "appraise", "decide", "notify", "remediate",
    ]  # fmt: skip


def test_stages_open_one_after_the_other(year: Simulation) -> None:
    opened = [str(one["opened_at"]) for one in year.stages]
    closed = [str(one["closed_at"]) for one in year.stages]
    assert opened == sorted(opened)
    assert all(first <= then for first, then in zip(closed, opened[1:], strict=False))


def test_letters_leave_in_order_and_inside_the_window(year: Simulation) -> None:
    times = [one.at for one in year.letters]
    assert times == sorted(times)
    assert all(at(f"{moment.astimezone():%Y-%m-%d} 00:00").tzinfo for moment in times)


def test_the_same_seed_gives_the_same_year_another_seed_another(tmp_path: Path, year: Simulation) -> None:
    def again(seed: int) -> Simulation:
        services = bootstrap.in_memory(Settings(_env_file=None, home=tmp_path))
        return simulate(services, plans.plan(), units=12, habits=Habits(overrun=0.3, seed=seed))

    assert again(5).to_json() == year.to_json()
    assert again(6).to_json() != year.to_json()


def test_nobody_late_nothing_escalated(memory: Services) -> None:
    made = simulate(memory, plans.plan(plans.MILESTONES[2]), units=12, habits=Habits(overrun=0))
    assert made.to_json()["escalations"] == []


def test_a_window_of_days(memory: Services) -> None:
    made = simulate(memory, plans.plan(), units=12, start=date(2024, 12, 2), end=date(2024, 12, 6))
    assert made.sweeps == 10
    assert {f"{one.at:%Y-%m}" for one in made.letters} == {"2024-12"}


def test_a_quarter(memory: Services, workdays: WorkCalendar) -> None:
    period = Period(year=2025, quarter=3)
    made = simulate(memory, find_plan("lung-phinh-2025"), period=period, units=20)
    assert made.start == date(2025, 10, 1)  # a quarter is reviewed when it is over
    assert [one["stage"] for one in made.stages] == ["self_assess", "appraise", "decide"]
    assert span(find_plan("lung-phinh-2025"), Period(year=2025, quarter=4), workdays)[0] == date(2026, 1, 5)


def test_a_real_house_is_never_simulated_on(house: Services) -> None:
    with pytest.raises(AssertionError, match="must not touch a real database"):
        simulate(house, plans.plan())


def test_three_moments_a_day() -> None:
    assert [(f"{moment:%H:%M}", acting) for moment, acting in moments(date(2024, 12, 2), date(2024, 12, 2))] == [
        ("01:00", False), ("12:30", True), ("13:00", False),
    ]  # fmt: skip
