"""The ladder (nấc): reminders before a deadline, escalations after it, and what is due now.

``due_actions`` is pure: the same items, ladder and instant give the same actions, so a sweep repeated is a sweep
ignored. Rungs fall on working days, at the ladder's hour, local time.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from functools import cached_property
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, field_validator

from hanchot.domain.instants import at_local, local_day
from hanchot.domain.workdays import WorkCalendar

Audience = Literal["holder", "above", "department", "in_charge"]
Tone = Literal["opened", "reminder", "due", "overdue", "chase"]
CHASE_ROUNDS = 12


class Rung(BaseModel):
    """One step: ``offset`` working days from the deadline, and who is told."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    offset: int = Field(ge=-60, le=60)
    to: tuple[Audience, ...] = Field(min_length=1)

    @property
    def name(self) -> str:
        """T-3, T, T+1."""
        return f"T{self.offset:+d}" if self.offset else "T"

    @property
    def tone(self) -> Tone:
        return "reminder" if self.offset < 0 else "overdue" if self.offset else "due"


class Ladder(BaseModel):
    """The rungs of one plan or milestone, in order of time. ``announce`` also tells the holder when work opens."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    hour: time = time(8)
    announce: bool = True
    chase_every: int = Field(default=5, ge=1, le=60, description="working days between two chases of an issuer")
    working_days: bool = True
    rungs: tuple[Rung, ...] = Field(default=(), max_length=24)

    @field_validator("rungs")
    @classmethod
    def _in_order(cls, rungs: tuple[Rung, ...]) -> tuple[Rung, ...]:
        offsets = [rung.offset for rung in rungs]
        if offsets != sorted(set(offsets)):
            raise ValueError("các nấc phải tăng dần và không trùng nhau")
        return rungs

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """``open`` (when announced) and the rungs; an item's ``next_step`` is an index into this."""
        opened = (Step("open", "opened", ("holder",), 0),) if self.announce else ()
        return opened + tuple(Step(r.name, r.tone, r.to, r.offset) for r in self.rungs)

    @property
    def first_rung(self) -> int:
        """The index of the first step after the opening: where an item begins again when its deadline moves."""
        return int(self.announce)

    @cached_property
    def _hash(self) -> int:
        return hash((self.hour, self.announce, self.chase_every, self.working_days, self.rungs))

    def __hash__(self) -> int:  # asked for once per item of a sweep, so it is worked out once per ladder
        return self._hash


class Step(NamedTuple):
    """One step of a ladder, ready to fire."""

    name: str
    tone: Tone
    to: tuple[Audience, ...]
    offset: int


DEFAULT_LADDER = Ladder(
    rungs=(
        Rung(offset=-7, to=("holder",)),
        Rung(offset=-3, to=("holder",)),
        Rung(offset=-1, to=("holder",)),
        Rung(offset=0, to=("holder",)),
        Rung(offset=1, to=("holder", "above")),
        Rung(offset=3, to=("holder", "department")),
        Rung(offset=5, to=("department", "in_charge")),
    )
)


def rung_day(last_day: date, offset: int, workdays: WorkCalendar, working_days: bool = True) -> date:
    """The local day of a rung. T is the last working day not after the deadline's last day; T-n is n working days
    before that; T+n is n working days after the last day itself, so a weekend never spends a rung.
    """
    if not working_days:
        return date.fromordinal(last_day.toordinal() + offset)
    if offset > 0:
        return workdays.add(last_day, offset)
    return workdays.add(workdays.at_or_before(last_day), offset)


class Armed(NamedTuple):
    """An item as the sweep reads it: which step comes next, counted from which day."""

    item_id: int
    ladder: Ladder
    last_day: date | None
    chase_from: date | None
    opened_at: datetime
    next_step: int


class Action(NamedTuple):
    """What one item needs now: fire ``step``, record ``skipped``, wake again at ``next_at`` (None: never)."""

    item_id: int
    step: Step | None
    skipped: tuple[Step, ...]
    next_step: int
    next_at: datetime | None


class Timetable:
    """Instants of every step, remembered per (ladder, deadline): thousands of items share a handful of them."""

    def __init__(self, workdays: WorkCalendar) -> None:
        self._workdays = workdays
        self._known: dict[tuple[Ladder, date | None, date | None, datetime], tuple[tuple[Step, datetime], ...]] = {}

    def of(self, item: Armed) -> tuple[tuple[Step, datetime], ...]:
        """All steps of an item with their instants in UTC, in the order in which they fire."""
        key = (item.ladder, item.last_day, item.chase_from, item.opened_at)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._build(item)
        return known

    def _build(self, item: Armed) -> tuple[tuple[Step, datetime], ...]:
        ladder = item.ladder
        steps = []
        for step in ladder.steps:
            if step.tone == "opened":
                steps.append((step, self._opening(item)))
            elif item.last_day is not None:
                day = rung_day(item.last_day, step.offset, self._workdays, ladder.working_days)
                steps.append((step, at_local(day, ladder.hour)))
        if item.last_day is None and item.chase_from is not None:
            steps += self._chases(ladder, item.chase_from)
        return tuple(steps)

    def _opening(self, item: Armed) -> datetime:
        """When the opening is told: at once in working hours' morning, else the next working day's ladder hour."""
        day = local_day(item.opened_at)
        told = at_local(day, item.ladder.hour)
        if not item.ladder.working_days:
            return max(told, item.opened_at)
        if self._workdays.is_workday(day) and item.opened_at <= at_local(day, time(18)):
            return max(told, item.opened_at)
        return at_local(self._workdays.add(day, 1), item.ladder.hour)

    def _chases(self, ladder: Ladder, start: date) -> list[tuple[Step, datetime]]:
        steps = []
        for n in range(CHASE_ROUNDS):
            day = self._workdays.add(start, 1 + n * ladder.chase_every)
            steps.append((Step(f"chase-{n + 1}", "chase", ("department",), 0), at_local(day, ladder.hour)))
        return steps

    def first(self, item: Armed) -> datetime | None:
        """The instant of the item's next step, or None when no step is left."""
        steps = self.of(item)
        return steps[item.next_step][1] if item.next_step < len(steps) else None


def due_actions(items: Iterable[Armed], now: datetime, timetable: Timetable) -> list[Action]:
    """What each item needs at ``now``: the latest step that is due; the ones before it are skipped, not poured out.

    Work that is opened when rungs of it have passed already is told of by its opening: nobody is escalated over work
    that nobody was told about.
    """
    return [_action(item, now, timetable.of(item)) for item in items]


def _action(item: Armed, now: datetime, steps: tuple[tuple[Step, datetime], ...]) -> Action:
    due = item.next_step
    while due < len(steps) and steps[due][1] <= now:
        due += 1
    passed = sorted(steps[item.next_step : due], key=_instant)  # stable: of two at one instant the later rung stays last
    next_at = steps[due][1] if due < len(steps) else None
    if not passed:
        return Action(item.item_id, None, (), due, next_at)
    return Action(item.item_id, passed[-1][0], tuple(step for step, _ in passed[:-1]), due, next_at)


def _instant(step: tuple[Step, datetime]) -> datetime:
    return step[1]
