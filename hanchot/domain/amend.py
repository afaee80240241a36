"""What replacing the plan of a running cycle means, milestone by milestone. Pure.

A milestone of the new plan is the same as one of the old when their keys agree, or when their words surely do
(``compare``). What the document has not changed is not touched: a date that the department has set stays, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hanchot.domain.compare import compare
from hanchot.domain.deadline import After, Due, Lead
from hanchot.domain.duty import duties_of_plan
from hanchot.domain.plan import Milestone, Period, Plan, chase_from, resolve_milestone
from hanchot.domain.workdays import WorkCalendar

Verb = Literal["kept", "moved", "added", "dropped"]


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to one milestone. ``old`` and ``new`` are its two versions; ``was`` and ``becomes`` their deadlines
    before any unit's own events.
    """

    verb: Verb
    old: Milestone | None
    new: Milestone | None
    was: Due
    becomes: Due

    @property
    def key(self) -> str:
        """Its key from now on; of a dropped one, its last."""
        one = self.new or self.old
        assert one is not None
        return one.key

    @property
    def title(self) -> str:
        one = self.new or self.old
        assert one is not None
        return one.title


def steps(old: Plan, new: Plan, period: Period, workdays: WorkCalendar) -> tuple[Step, ...]:
    """In the order of the new plan's period; what is dropped stands at the end."""
    same = _same(old, new, period)
    made = [_step(old, new, same.get(m.key), m, period, workdays) for m in new.of_period(period.kind)]
    kept = set(same.values())
    gone = [m for m in old.of_period(period.kind) if m.key not in kept]
    return (*made, *(Step("dropped", m, None, resolve_milestone(old, m, period, workdays), Due()) for m in gone))


def _same(old: Plan, new: Plan, period: Period) -> dict[str, str]:
    """Key of the new plan → key of the old one, for milestones that both have."""
    before = {m.key for m in old.of_period(period.kind)}
    after = {m.key for m in new.of_period(period.kind)}
    found = {key: key for key in before & after}
    theirs = [d for d in duties_of_plan(old, period.year) if d.key in before - after]
    ours = [d for d in duties_of_plan(new, period.year) if d.key in after - before]
    by_words = (c for c in compare(theirs, ours) if c.old and c.new and not c.unsure)  # a wrong pair would rename work
    for change in sorted(by_words, key=lambda c: -c.confidence):  # of two halves of one sentence, the likelier
        if change.old and change.new and change.new.key and change.old.key:
            found.setdefault(change.new.key, change.old.key)
    return found


def _step(old: Plan, new: Plan, was_key: str | None, m: Milestone, period: Period, workdays: WorkCalendar) -> Step:
    becomes = resolve_milestone(new, m, period, workdays)
    if was_key is None:
        return Step("added", None, m, Due(), becomes)
    before = old.milestone(was_key)
    was = resolve_milestone(old, before, period, workdays)
    unmoved = _rhythm(old, before, was, period, workdays) == _rhythm(new, m, becomes, period, workdays)
    return Step("kept" if unmoved else "moved", before, m, was, becomes)


def _rhythm(plan: Plan, m: Milestone, due: Due, period: Period, workdays: WorkCalendar) -> tuple[object, ...]:
    """All that decides when the ladder of a milestone fires."""
    relative = (m.deadline.kind, m.deadline.days, m.deadline.working_days) if isinstance(m.deadline, Lead | After) else None
    chased = chase_from(plan, m, period, workdays) if due.last_day is None else None
    return due.last_day, due.last_moment, relative, chased, plan.ladder_of(m)
