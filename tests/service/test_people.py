"""The people of a simulation: the same seed gives the same year."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanchot.service.opening import Opened
from hanchot.service.people import EARLY_DAYS, LATE_DAYS, Agenda, Habits, act_today, chance
from hanchot.service.services import Services
from hanchot.service.sweep import sweep
from tests import look
from tests.look import at

LAST = date(2024, 12, 12)


@given(st.integers(), st.text(), st.text())
def test_chance_belongs_to_its_names(seed: int, unit: str, key: str) -> None:
    assert 0 <= chance(seed, unit, key) < 1
    assert chance(seed, unit, key) == chance(seed, unit, key)


@given(st.text(min_size=1), st.integers(0, 1000))
def test_nobody_is_late_where_nobody_overruns_and_everybody_where_all_do(unit: str, seed: int) -> None:
    early = Habits(overrun=0, seed=seed).finishes_on(unit, "x", LAST)
    late = Habits(overrun=1, seed=seed).finishes_on(unit, "x", LAST)
    assert timedelta(0) <= LAST - early < timedelta(EARLY_DAYS)
    assert timedelta(1) <= late - LAST <= timedelta(LATE_DAYS)
    assert 1 <= Habits(seed=seed).takes_days(unit, "x") <= 8


def test_a_tenth_is_about_a_tenth() -> None:
    habits = Habits(overrun=0.1)
    late = sum(habits.finishes_on(f"CB{n}", "x", LAST) > LAST for n in range(2000))
    assert late == pytest.approx(200, abs=40)


def test_an_evening(house: Services, opened: Opened) -> None:
    agenda = Agenda(Habits(overrun=0, seed=1))
    done = 0
    day = date(2024, 11, 18)
    while day <= date(2025, 2, 28):
        done += act_today(house, agenda, at(f"{day} 19:30"))
        sweep(house, at(f"{day} 20:00"))
        day += timedelta(days=1)
    assert done == 20  # everything, what had to wait too
    assert set(look.states(house)) == {"submitted"}
    assert set(look.stages(house).values()) == {"closed"}


def test_what_may_not_begin_yet_is_tried_again(house: Services, opened: Opened) -> None:
    """The section's cells are slow: the committee above them waits for them, whatever it meant to do."""
    agenda = Agenda(Habits(overrun=0, seed=1))
    act_today(house, agenda, at("2024-11-18 19:30"))
    co_so = look.item_id(house, "YT", "co-so")
    agenda.by_day = {date(2024, 11, 19): [co_so]}
    assert act_today(house, agenda, at("2024-11-19 19:30")) == 0
    assert agenda.put_off == [co_so]
    for cell in ("YT-1", "YT-2", "YT-BP1"):
        agenda.add(date(2024, 11, 20), look.item_id(house, cell, "chi-bo"))
    assert act_today(house, agenda, at("2024-11-20 19:30")) == 3
    assert act_today(house, agenda, at("2024-11-21 19:30")) == 1
