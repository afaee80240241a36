"""A duty as one document words it, from a plan or from a draft alike: what two documents are compared by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from hanchot.domain.carry import carry_over
from hanchot.domain.deadline import Context, Deadline, resolve
from hanchot.domain.draft import Draft, Statement
from hanchot.domain.plan import Milestone, Plan
from hanchot.domain.stage import Stage

_ONE_DAY = ("before", "by", "within", "yearly")  # kinds that name one day; recurrences are compared by their words


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty. ``last_day`` (local) is the document's own; ``expected`` the same day and month in the year of the
    document that it is compared with. ``place`` counts the document's duties from 0; ``key`` is null in a draft.
    """

    place: int
    key: str | None
    title: str
    stage: Stage | None
    who: tuple[str, ...]
    recipient: str
    clause: str | None
    phrase: str
    quote: str
    deadline: Deadline
    last_day: date | None
    expected: date | None

    def to_json(self) -> dict[str, Any]:
        return {
            "key": self.key, "title": self.title, "stage": self.stage, "clause": self.clause, "phrase": self.phrase,
            "quote": self.quote, "last_day": self.last_day.isoformat() if self.last_day else None,
        }  # fmt: skip


def duties_of_plan(plan: Plan, year: int) -> tuple[Duty, ...]:
    """The duties of ``plan``, of whatever year, to be compared with a document of ``year``."""
    base = plan.year or plan.document.year or year
    there = plan if base == year else carry_over(plan, year)
    pairs = zip(plan.milestones, there.milestones, strict=True)
    return tuple(_of_milestone(n, m, base, moved.deadline, year) for n, (m, moved) in enumerate(pairs))


def duties_of_draft(draft: Draft, year: int) -> tuple[Duty, ...]:
    """The duties that the reader saw in a document of ``year``."""
    return tuple(_of_statement(n, s, year) for n, s in enumerate(draft.deadlines))


def last_day_of(deadline: Deadline, year: int) -> date | None:
    """The last local day that the words name by themselves for ``year``, or None."""
    return resolve(deadline, Context(year)).last_day if deadline.kind in _ONE_DAY else None


def _of_milestone(place: int, one: Milestone, base: int, moved: Deadline, year: int) -> Duty:
    kinds = tuple(kind.vi for kind in one.applies_to)
    return Duty(
        place=place,
        key=one.key,
        title=one.title,
        stage=one.stage,
        who=(*one.roles.carries_out, "; ".join(kinds), *kinds),
        recipient="; ".join(" ".join(filter(None, (to.name, to.via))) for to in one.to),
        clause=one.source.clause,
        phrase=one.source.phrase or "",
        quote="",
        deadline=one.deadline,
        last_day=last_day_of(one.deadline, base),
        expected=last_day_of(moved, year),
    )


def _of_statement(place: int, one: Statement, year: int) -> Duty:
    day = last_day_of(one.deadline, year)
    return Duty(
        place=place,
        key=None,
        title="",
        stage=one.stage,
        who=(one.actor,) if one.actor else (),
        recipient=one.recipient or "",
        clause=one.clause,
        phrase=one.phrase,
        quote=one.quote,
        deadline=one.deadline,
        last_day=day,
        expected=day,
    )
