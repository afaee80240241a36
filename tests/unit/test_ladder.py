"""The ladder: rungs fall on working days in order of time, and a sweep fires one step per item and then nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from hanchot.domain.instants import at_local, local_day, local_iso
from hanchot.domain.ladder import CHASE_ROUNDS, DEFAULT_LADDER, Armed, Ladder, Rung, Timetable, due_actions, rung_day
from hanchot.store.workday_files import load_workdays

WORKDAYS = load_workdays()
TIMETABLE = Timetable(WORKDAYS)
OPENED = at_local(date(2024, 11, 18), time(7))
MINUTE = timedelta(minutes=1)

last_days = st.dates(date(2022, 6, 1), date(2027, 6, 30))
ladders = st.builds(
    lambda offsets, hour, announce: Ladder(
        hour=time(hour), announce=announce, rungs=tuple(Rung(offset=n, to=("holder",)) for n in sorted(offsets))
    ),
    st.sets(st.integers(-20, 20), min_size=1, max_size=8),
    st.integers(7, 17),
    st.booleans(),
)


instants = st.integers(0, 6 * 365 * 24 * 60).map(lambda minutes: datetime(2022, 1, 1, tzinfo=UTC) + minutes * MINUTE)


@st.composite
def armed(draw: st.DrawFn) -> Armed:
    last_day = draw(last_days)
    opened = at_local(last_day - timedelta(days=draw(st.integers(-5, 60))), draw(st.times()))
    dated = draw(st.booleans())
    ladder = draw(ladders)
    step = draw(st.integers(0, len(ladder.steps)))
    return Armed(1, ladder, last_day if dated else None, None if dated else last_day, opened, step)


def item(last_day: date | None, step: int = 0, opened: datetime = OPENED, chase_from: date | None = None) -> Armed:
    return Armed(7, DEFAULT_LADDER, last_day, chase_from, opened, step)


def test_the_whole_ladder_of_a_sunday_deadline_with_its_days() -> None:
    """Chậm nhất ngày 15/12/2024, Chủ nhật: T is Friday the 13th, T+1 is Monday the 16th."""
    steps = {step.name: local_iso(at)[:16] for step, at in TIMETABLE.of(item(date(2024, 12, 15)))}
    assert steps == {
        "open": "2024-11-18T08:00",
        "T-7": "2024-12-04T08:00",
        "T-3": "2024-12-10T08:00",
        "T-1": "2024-12-12T08:00",
        "T": "2024-12-13T08:00",
        "T+1": "2024-12-16T08:00",
        "T+3": "2024-12-18T08:00",
        "T+5": "2024-12-20T08:00",
    }


def test_the_last_days_before_tet_are_not_spent_on_tet() -> None:
    """Hết tháng 01/2025 lies inside Tết: the rungs before it end on 24/01, the ones after it begin on 03/02."""
    days = {offset: rung_day(date(2025, 1, 31), offset, WORKDAYS) for offset in (-1, 0, 1)}
    assert days == {-1: date(2025, 1, 23), 0: date(2025, 1, 24), 1: date(2025, 2, 3)}


def test_a_ladder_may_count_plain_days() -> None:
    assert rung_day(date(2024, 12, 15), 1, WORKDAYS, working_days=False) == date(2024, 12, 16)
    assert rung_day(date(2024, 12, 15), -1, WORKDAYS, working_days=False) == date(2024, 12, 14)


def test_rungs_must_go_up() -> None:
    for offsets in ((0, -1), (1, 1)):
        with pytest.raises(ValidationError, match="tăng dần"):
            Ladder(rungs=tuple(Rung(offset=n, to=("holder",)) for n in offsets))


def test_after_an_outage_one_letter_with_the_highest_rung_and_the_rest_skipped() -> None:
    [action] = due_actions([item(date(2024, 12, 15))], at_local(date(2024, 12, 12), time(9)), TIMETABLE)
    assert action.step and action.step.name == "T-1"
    assert [step.name for step in action.skipped] == ["open", "T-7", "T-3"]
    assert action.next_at == at_local(date(2024, 12, 13), time(8))


def test_a_step_fires_at_its_instant_and_not_a_minute_before() -> None:
    at = at_local(date(2024, 12, 4), time(8))
    [before] = due_actions([item(date(2024, 12, 15), step=1)], at - MINUTE, TIMETABLE)
    [sharp] = due_actions([item(date(2024, 12, 15), step=1)], at, TIMETABLE)
    assert before.step is None and before.next_at == at
    assert sharp.step and sharp.step.name == "T-7"


@pytest.mark.parametrize(
    ("opened", "told"),
    [
        (at_local(date(2024, 11, 18), time(6, 0)), "2024-11-18T08:00"),  # before the hour: at the hour
        (at_local(date(2024, 11, 18), time(10, 30)), "2024-11-18T10:30"),  # within the working day: at once
        (at_local(date(2024, 11, 18), time(19, 0)), "2024-11-19T08:00"),  # in the evening: next morning
        (at_local(date(2024, 11, 16), time(9, 0)), "2024-11-18T08:00"),  # on a Saturday: on Monday
    ],
)
def test_opening_is_told_on_a_working_day(opened: datetime, told: str) -> None:
    steps = TIMETABLE.of(item(date(2024, 12, 15), opened=opened))
    assert local_iso(steps[0][1])[:16] == told


def test_an_announced_date_is_chased_every_five_working_days_and_not_for_ever() -> None:
    steps = TIMETABLE.of(item(None, chase_from=date(2024, 12, 20)))
    assert [(step.name, str(local_day(at))) for step, at in steps[1:4]] == [
        ("chase-1", "2024-12-23"),
        ("chase-2", "2024-12-30"),
        ("chase-3", "2025-01-07"),  # 01/01 is not worked
    ]
    assert len(steps) == 1 + CHASE_ROUNDS


def test_an_item_without_any_date_is_only_opened() -> None:
    assert [step.name for step, _ in TIMETABLE.of(item(None))] == ["open"]
    assert TIMETABLE.first(item(None, step=1)) is None


@given(ladders, last_days)
def test_rungs_fall_on_working_days_and_strictly_go_up(ladder: Ladder, last_day: date) -> None:
    quiet = ladder.model_copy(update={"announce": False})
    fired = [at for _, at in TIMETABLE.of(Armed(1, quiet, last_day, None, OPENED, 0))]
    assert all(WORKDAYS.is_workday(local_day(at)) for at in fired)
    assert all(one < two for one, two in pairwise(fired))


@given(ladders, last_days)
def test_no_reminder_comes_after_the_last_moment_and_no_overdue_before(ladder: Ladder, last_day: date) -> None:
    for step, at in TIMETABLE.of(Armed(1, ladder, last_day, None, OPENED, 0)):
        if step.tone in ("reminder", "due"):
            assert local_day(at) <= last_day
        if step.tone == "overdue":
            assert local_day(at) > last_day


@given(armed(), instants)
def test_the_same_instant_twice_fires_nothing_more(one: Armed, now: datetime) -> None:
    [action] = due_actions([one], now, TIMETABLE)
    [again] = due_actions([one._replace(next_step=action.next_step)], now, TIMETABLE)
    assert again.step is None and again.skipped == ()
    assert (again.next_step, again.next_at) == (action.next_step, action.next_at)
    assert action.next_at is None or action.next_at > now


@given(armed(), st.lists(instants, max_size=6))
def test_however_often_one_sweeps_every_step_is_fired_or_skipped_exactly_once(one: Armed, moments: list[datetime]) -> None:
    steps = [step for step, _ in TIMETABLE.of(one)]
    seen, at = [], one.next_step
    for now in [*sorted(moments), datetime(2029, 1, 1, tzinfo=UTC)]:
        [action] = due_actions([one._replace(next_step=at)], now, TIMETABLE)
        assert action.next_step >= at
        seen += [*action.skipped, *([action.step] if action.step else [])]
        at = action.next_step
    # late-opened work is told by its opening, after the rungs that it stands for: the order may differ, the count not
    assert sorted(seen) == sorted(steps[one.next_step :])


@given(armed(), instants)
def test_one_sweep_fires_at_most_one_step_and_it_is_the_highest(one: Armed, now: datetime) -> None:
    [action] = due_actions([one], now, TIMETABLE)
    passed = [*action.skipped, *([action.step] if action.step else [])]
    assert bool(passed) == (action.step is not None)
    told = dict(TIMETABLE.of(one)[one.next_step : action.next_step])
    assert sorted(passed) == sorted(told)  # of late-opened work the opening comes last, though it is the lowest
    assert action.step is None or told[action.step] == max(told.values())
