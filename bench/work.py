"""The work that everybody is measured on: who has what due when, and what must come out of it. Nothing here is timed.

N units go through six stages. A stage's due day is its day in ``DUE`` plus a jitter by unit, moved from a weekend to
Monday. Every item climbs six steps. One owner answers for 5 units, one manager for 50, one director for 500. One item
in ten is done 7 days late, the others up to 6 days early. Days count from ``OPENS``; instants are seconds since 1970.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import NamedTuple

from hanchot.domain.instants import start_of

OPENS = date(2026, 1, 5)  # a Monday
DUE = (14, 31, 48, 65, 82, 99)
OFFSETS = (-7, -3, -1, 1, 3, 7)
STAGES, STEPS, DAYS, JITTER = len(DUE), len(OFFSETS), 120, 5
DAY = 86_400
SWEEP_AT, DONE_AT = 8, 12  # local hours; the rungs fall at the hour of the sweep
MIDNIGHT = int(start_of(OPENS).timestamp())
BUSY_DAY, BUSY_AT = 50, 9  # an hour after the steps of that day


class Outcome(NamedTuple):
    """What a sweep told: one step per item that was due, and one digest per person who was told anything."""

    steps: int
    digests: int


def due_day(unit: int, stage: int) -> int:
    day = DUE[stage] + unit % JITTER
    return day + {5: 2, 6: 1}.get(day % 7, 0)


def done_day(unit: int, stage: int) -> int:
    late = (7 * unit + 3 * stage) % 10 == 0
    return due_day(unit, stage) + (7 if late else -((3 * unit + 5 * stage) % 7))


def at(day: int, hour: int) -> int:
    """Seconds since 1970 at ``hour`` local time on a day of the work."""
    return MIDNIGHT + day * DAY + hour * 3600


def calendar_day(day: int) -> date:
    return OPENS + timedelta(days=day)


def instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def rung_base(unit: int, stage: int) -> int:
    """The instant from which an item's steps are counted: the sweep's hour of its due day."""
    return at(due_day(unit, stage), SWEEP_AT)


def next_step(base: int, now: int) -> tuple[int, int | None]:
    """The first step of an item that is not due yet, and its instant; no instant when all have passed."""
    for step, offset in enumerate(OFFSETS):
        if (due := base + offset * DAY) > now:
            return step, due
    return STEPS, None


def owner(unit: int) -> str:
    return f"owner{unit // 5}@example.invalid"


def manager(unit: int) -> str:
    return f"manager{unit // 50}@example.invalid"


def director(unit: int) -> str:
    return f"director{unit // 500}@example.invalid"


def told(unit: int, step: int) -> str:
    """Three reminders to the owner, two escalations to the manager, the last to the director."""
    return (owner, owner, owner, manager, manager, director)[step](unit)


@cache
def agenda(units: int) -> list[list[tuple[int, int]]]:
    """The (unit, stage) to complete, by day."""
    days: list[list[tuple[int, int]]] = [[] for _ in range(DAYS)]
    for unit in range(units):
        for stage in range(STAGES):
            days[done_day(unit, stage)].append((unit, stage))
    return days


def expected_year(units: int) -> Outcome:
    """What a whole year must tell. A step fires while its item is open: opened at noon, swept in the morning."""
    steps, digests = 0, 0
    by_day: list[Counter[str]] = [Counter() for _ in range(DAYS + STEPS)]
    for unit in range(units):
        for stage in range(STAGES):
            opened = done_day(unit, stage - 1) if stage else 0
            for step, offset in enumerate(OFFSETS):
                day = due_day(unit, stage) + offset
                if opened < day <= done_day(unit, stage):
                    by_day[day][told(unit, step)] += 1
    for people in by_day:
        steps += people.total()
        digests += len(people)
    return Outcome(steps, digests)


class Busy(NamedTuple):
    """One item before the busy sweep: its next step, and when that is due."""

    unit: int
    stage: int
    step: int
    due: int


def busy(units: int, now: int) -> list[Busy]:
    """Every item open; one in ten has a step that fell due an hour ago, the others one in 1 to 30 days."""
    rows = []
    for number in range(units * STAGES):
        unit, stage = divmod(number, STAGES)
        if number % 10 == 0:
            rows.append(Busy(unit, stage, number // 10 % STEPS, now - 3600))
        else:
            rows.append(Busy(unit, stage, number % STEPS, now - 3600 + (1 + number % 30) * DAY))
    return rows


def expected_busy(units: int) -> Outcome:
    due = [row for row in busy(units, DAY) if row.due < DAY]
    return Outcome(len(due), len({told(row.unit, row.step) for row in due}))


class Worker(ABC):
    """Who does the work, in one database of its own. Instants are seconds since 1970."""

    @abstractmethod
    def fresh(self) -> None:
        """An empty database with its tables."""

    @abstractmethod
    def add_units(self, units: int) -> None:
        """The units and the people who answer for them."""

    @abstractmethod
    def open_items(self, units: int) -> None:
        """All items of all stages with their deadlines and steps, durably."""

    @abstractmethod
    def make_busy(self, units: int, now: int) -> None:
        """Bring the items into the state that ``busy`` describes; forget what was told."""

    @abstractmethod
    def sweep(self, now: int) -> Outcome:
        """Find what is due, mark it exactly once, and make a message per step and a digest per person."""

    @abstractmethod
    def complete(self, done: list[tuple[int, int]], now: int) -> None:
        """Complete each (unit, stage) in a transaction of its own; the unit's next stage opens with it."""

    @abstractmethod
    def unfinished(self) -> int:
        """How many items are left."""

    def read_ids(self) -> None:  # noqa: B027 - a floor that numbers its own rows knows them already
        """Learn the items' row numbers, where they are not known beforehand."""

    def first_stage(self, units: range) -> None:
        self.complete([(unit, 0) for unit in units], at(1, DONE_AT))

    def told(self) -> Outcome:
        """What the last ``year`` told."""
        return self._told

    def year(self, units: int) -> None:
        """Open, then every day a sweep in the morning and the day's completions at noon."""
        days = agenda(units)
        self.open_items(units)
        self.read_ids()
        told = [0, 0]
        for day, done in enumerate(days):
            outcome = self.sweep(at(day, SWEEP_AT))
            told = [told[0] + outcome.steps, told[1] + outcome.digests]
            self.complete(done, at(day, DONE_AT))
        self._told = Outcome(*told)


def checked(got: Outcome, expected: Callable[[int], Outcome], units: int) -> Outcome:
    """Figures of a run that did other work are worth nothing."""
    if got != (want := expected(units)):
        raise AssertionError(f"{units} units: {got} instead of {want}")
    return got
