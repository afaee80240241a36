"""The chain (chuỗi) of plans: province → district or bloc → commune, on one axis of time, with what goes up between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hanchot.domain.dated_plan import DatedPlan, Line
from hanchot.domain.handover import Handover, handovers, handovers_up, overruns
from hanchot.domain.level import is_own, level_of
from hanchot.domain.workdays import WorkCalendar


@dataclass(frozen=True)
class Lane:
    """The dated duties of one plan that its organiser does (``own``), or that those below do for it, in order of time."""

    of: DatedPlan
    own: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Link:
    """``named``: the child's document names the parent; otherwise the two were put together by their levels."""

    child: DatedPlan
    parent: DatedPlan
    named: bool


@dataclass(frozen=True)
class Chain:
    """``plans`` from the highest level down; ``lanes`` in the same order, the organiser's before those below it."""

    plans: tuple[DatedPlan, ...]
    links: tuple[Link, ...]
    lanes: tuple[Lane, ...]
    hands: tuple[Handover, ...]


def chain(plans: Sequence[DatedPlan], named: Mapping[str, str], workdays: WorkCalendar) -> Chain:
    """``named`` maps a plan's key to the key of the plan it names as its parent.

    A plan that names none of the others stands under the nearest level above it, if there is exactly one plan there.
    """
    ordered = tuple(sorted(plans, key=lambda one: (level_of(one.plan), one.plan.key)))
    links = tuple(link for child in ordered if (link := _link(child, ordered, named)))
    lanes = tuple(lane for one in ordered for own in (True, False) if (lane := _lane(one, own)).lines)
    hands = [
        hand for one in ordered for hand in handovers(one, workdays) if hand.late or not (hand.same_hands or hand.one_sentence)
    ]
    hands += [hand for link in links for hand in handovers_up(link.child, link.parent, workdays)]
    hands += [hand for link in links for hand in overruns(link.child, link.parent)]
    return Chain(ordered, links, lanes, tuple(hands))


def _link(child: DatedPlan, plans: Sequence[DatedPlan], named: Mapping[str, str]) -> Link | None:
    key = named.get(child.plan.key)
    for parent in plans:
        if parent.plan.key == key:
            return Link(child, parent, True)
    above = [one for one in plans if level_of(one.plan) < level_of(child.plan)]
    nearest = [one for one in above if level_of(one.plan) == max(level_of(other.plan) for other in above)]
    return Link(child, nearest[0], False) if len(nearest) == 1 else None


def _lane(one: DatedPlan, own: bool) -> Lane:
    lines = [line for line in one.annual if line.day and is_own(one.plan, line.milestone) is own]
    lines = [line for line in lines if not one.before_issue(line)]
    return Lane(one, own, tuple(sorted(lines, key=lambda line: (line.day, line.milestone.stage.position))))
