"""Handovers (chuyển giao): who waits for whose work, inside one plan and from a plan to the one above it.

The slack of a handover is counted in working days: those after the giver's last day, up to and with the taker's. The
taker has that long to read, check and go on. Fewer than ``ENOUGH`` is called too few: one day to read what has come,
one to write what goes on (our choice; no source names a number).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from hanchot.domain.dated_plan import DatedPlan, Line
from hanchot.domain.level import PARTY_BELOW, comes_in, goes_up, is_delegated, is_own
from hanchot.domain.plan import Milestone, Plan
from hanchot.domain.stage import Stage
from hanchot.domain.unit import UnitKind
from hanchot.domain.workdays import WorkCalendar

ENOUGH = 2
_USES_WHAT_COMES_IN = (Stage.APPRAISE, Stage.DECIDE)


@dataclass(frozen=True, slots=True)
class Handover:
    """``giver`` must be finished for ``taker`` to be done; both have a day.

    ``slack`` is None where a year's days off have not been checked. ``same_hands``: one unit goes on by itself.
    ``bound``: both days are for the same work, the taker's being the one that the plan above allows.
    """

    giver_plan: str
    giver: Line
    taker_plan: str
    taker: Line
    slack: int | None
    same_hands: bool = False
    clause: str | None = None
    bound: bool = False

    @property
    def late(self) -> bool:
        """The giver's last day lies after the taker's."""
        return _day(self.giver) > _day(self.taker)

    @property
    def tight(self) -> bool:
        """Other hands must take it up, and have too few working days."""
        return not (self.late or self.same_hands or self.bound) and self.slack is not None and self.slack < ENOUGH

    @property
    def one_sentence(self) -> bool:
        """The document says both in one breath, with one date."""
        one, other = self.giver.milestone.source, self.taker.milestone.source
        return not self.late and self.giver_plan == self.taker_plan and one == other and self.giver.day == self.taker.day


def handovers(one: DatedPlan, workdays: WorkCalendar) -> tuple[Handover, ...]:
    """Those that the plan states (``after``), that a person has marked (``needs``), and that its recipients imply.

    A milestone without a date passes on what it waits for: its own takers wait for that, too.
    """
    found: dict[tuple[str, str], Handover] = {}
    for line in one.annual:
        if line.day is None or one.before_issue(line):  # a date that cannot be meant says nothing about order
            continue
        for giver, clause, same in _givers(one, line, frozenset({line.milestone.key})):
            pair = (giver.milestone.key, line.milestone.key)
            found.setdefault(pair, _handover(one, giver, one, line, workdays, same, clause))
    for giver, taker in _implied(one, found):
        found[giver.milestone.key, taker.milestone.key] = _handover(one, giver, one, taker, workdays)
    return tuple(found.values())


def handovers_up(child: DatedPlan, parent: DatedPlan, workdays: WorkCalendar) -> tuple[Handover, ...]:
    """What the child sends up: against the day by which the parent's plan wants it, and to its first use above."""
    found = []
    for line in child.annual:
        if line.day is None or line.milestone.optional or not goes_up(child.plan, line.milestone):
            continue
        if (wanted := wanted_above(child, line, parent)) is not None:
            found.append(_handover(child, line, parent, wanted, workdays, bound=True))
        if (used := _first_use(parent)) is not None and not is_delegated(line.milestone):
            found.append(_handover(child, line, parent, used, workdays))
    return tuple(found)


def overruns(child: DatedPlan, parent: DatedPlan) -> tuple[Handover, ...]:
    """Other work of the child that its plan allows after the day by which the parent's plan wants the same stage done."""
    found = []
    for _, line in child.dated:
        if line.fixed and not goes_up(child.plan, line.milestone) and (above := wanted_above(child, line, parent)):
            hand = Handover(child.plan.key, line, parent.plan.key, above, None, bound=True)
            if hand.late:
                found.append(hand)
    return tuple(found)


def wanted_above(child: DatedPlan, line: Line, parent: DatedPlan) -> Line | None:
    """The parent's milestone for the same work of the child: same direction, same kind of cases; the latest of several.

    The latest, so that a child is called late only when no reading of the parent's plan allows its day.
    """
    m = line.milestone
    up, delegated, doers = sent_on(child.plan, m), is_delegated(m), _doers_seen_above(child.plan, m)
    fitting = [
        above
        for above in parent.annual
        if above.day
        and not doers.isdisjoint(above.milestone.applies_to)
        and comes_in(parent.plan, above.milestone) == up
        and is_delegated(above.milestone) == delegated
        and (up or above.milestone.stage is m.stage)
    ]
    return max(fitting, key=lambda above: above.day or date.min, default=None)


def sent_on(plan: Plan, m: Milestone) -> bool:
    """It is sent up, or is sent to the organiser, who must have it before it can be sent up."""
    return goes_up(plan, m) or (comes_in(plan, m) and m.stage is not Stage.PREPARE)


def _doers_seen_above(plan: Plan, m: Milestone) -> set[UnitKind]:
    """Who does it, as the plan above would word it.

    Reviews below the child are over before the child's own can be: lower before higher, 366-QĐ/TW Điều 12(2).
    """
    doers = set(m.applies_to) & PARTY_BELOW
    first_below = m.stage is Stage.SELF_ASSESS and not is_own(plan, m)
    if first_below or sent_on(plan, m) or {plan.organiser, UnitKind.STANDING_COMMITTEE} & set(m.applies_to):
        doers.add(plan.organiser)
    return doers


def _first_use(parent: DatedPlan) -> Line | None:
    own = [
        line
        for line in parent.annual
        if line.day and line.milestone.stage in _USES_WHAT_COMES_IN and is_own(parent.plan, line.milestone)
    ]
    return min(own, key=lambda line: line.day or date.max, default=None)


def _givers(one: DatedPlan, line: Line, seen: frozenset[str]) -> Iterator[tuple[Line, str | None, bool]]:
    """Dated milestones that ``line`` waits for, through undated ones; with the clause, and whether hands are the same."""
    written = {p.milestone: p for p in line.milestone.after}
    waits: list[tuple[str, str | None, bool]] = [(key, p.clause, p.scope == "own") for key, p in written.items()]
    waits += [(key, None, False) for key in line.milestone.needs if key not in written]
    for key, clause, own in waits:
        giver = one.of(key)
        if giver is None or key in seen:
            continue
        same = own or (clause is None and not set(giver.milestone.applies_to).isdisjoint(line.milestone.applies_to))
        if giver.day and not one.before_issue(giver):
            yield giver, clause, same
        else:
            yield from _givers(one, giver, seen | {key})


def _implied(one: DatedPlan, known: dict[tuple[str, str], Handover]) -> Iterator[tuple[Line, Line]]:
    """What comes in from below, or has been appraised, is used by the organiser's next dated work of a later stage."""
    given = {giver for giver, _ in known}
    for day, line in one.dated:
        m = line.milestone
        appraised = m.stage is Stage.APPRAISE and is_own(one.plan, m)
        comes = comes_in(one.plan, m) and m.stage in (Stage.SELF_ASSESS, Stage.APPRAISE)
        if m.key in given or not (appraised or comes):
            continue
        later = [
            (taken, other)
            for taken, other in one.dated
            if taken >= day
            and is_own(one.plan, other.milestone)
            and other.milestone.stage.position > m.stage.position
            and (other.milestone.stage in _USES_WHAT_COMES_IN or goes_up(one.plan, other.milestone))
        ]
        if later:
            yield line, min(later, key=lambda pair: pair[0])[1]


def _handover(
    of: DatedPlan, giver: Line, to: DatedPlan, taker: Line, workdays: WorkCalendar, same: bool = False,
    clause: str | None = None, bound: bool = False,
) -> Handover:  # fmt: skip
    slack = slack_between(_day(giver), _day(taker), workdays)
    return Handover(of.plan.key, giver, to.plan.key, taker, slack, same, clause, bound)


def slack_between(start: date, end: date, workdays: WorkCalendar) -> int | None:
    """Working days after ``start`` up to and with ``end``; negative when ``end`` is the earlier; None in unchecked years."""
    first, last = sorted((start.year, end.year))
    if not set(range(first, last + 1)) <= workdays.years:
        return None
    return workdays.between(start, end) if end >= start else -workdays.between(end, start)


def _day(line: Line) -> date:
    assert line.day is not None, f"{line.milestone.key} has no day"
    return line.day
