"""A plan read for one year: every milestone with its last day, before any unit's own events are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from hanchot.domain.deadline import Due
from hanchot.domain.plan import Milestone, Period, Plan, resolve_milestone
from hanchot.domain.workdays import WorkCalendar

_PRINTED = ("before", "by", "within")  # kinds whose whole date, year included, stands in the document


@dataclass(frozen=True, slots=True)
class Line:
    """One milestone in one period; ``day`` is its last local day, None while nothing can be said."""

    milestone: Milestone
    period: Period
    due: Due

    @property
    def day(self) -> date | None:
        return self.due.last_day

    @property
    def printed(self) -> bool:
        """Whether the document prints the date with its year."""
        return self.milestone.deadline.kind in _PRINTED

    @property
    def fixed(self) -> bool:
        """Whether the document names one day, be it of every year; recurrences and waits are not compared by date."""
        return self.printed or self.milestone.deadline.kind == "yearly"

    @property
    def words(self) -> str:
        """The document's words for the date, or the milestone's title where it has none."""
        return f"“{self.milestone.source.phrase or self.milestone.title}”"


@dataclass(frozen=True)
class DatedPlan:
    """``year`` is None for a standing guidance read for no year: its lines then have printed dates only."""

    plan: Plan
    year: int | None
    lines: tuple[Line, ...]

    @property
    def annual(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.period.quarter is None)

    @property
    def dated(self) -> tuple[tuple[date, Line], ...]:
        """Annual duties that must be done and have a day that can be meant, with it."""
        lines = (line for line in self.annual if not (line.milestone.optional or self.before_issue(line)))
        return tuple((line.day, line) for line in lines if line.day)

    @property
    def not_before(self) -> tuple[date, str | None] | None:
        """The first local day on which the document can have been issued, and the basis that says so (None: itself).

        A document rests on what is older than itself. A basis dated after the year under review says nothing here: it
        is a finding of its own.
        """
        document, end = self.plan.document, date(self.year, 12, 31) if self.year else date.max
        if document.issued_on:
            return document.issued_on, None
        return max(((b.issued_on, b.number) for b in document.legal_bases if b.issued_on and b.issued_on <= end), default=None)

    def before_issue(self, line: Line) -> bool:
        """A printed date before that day: it cannot be meant, and says nothing about order."""
        return bool(line.printed and line.day and self.not_before and line.day < self.not_before[0])

    def of(self, key: str) -> Line | None:
        """The milestone's line in the annual period."""
        return next((line for line in self.annual if line.milestone.key == key), None)


def year_of(plan: Plan, asked: int | None = None) -> int | None:
    """The year a plan is read for: its own; for a standing one ``asked``, or else the year in which it was issued."""
    own = plan.year or plan.document.year
    if own:
        return own
    return asked or (plan.document.issued_on.year if plan.document.issued_on else None)


def date_plan(plan: Plan, workdays: WorkCalendar, year: int | None = None) -> DatedPlan:
    """``plan`` with its days in ``year_of(plan, year)``."""
    chosen = year_of(plan, year)
    return DatedPlan(plan, chosen, tuple(_lines(plan, chosen, workdays)))


def _lines(plan: Plan, year: int | None, workdays: WorkCalendar) -> Iterator[Line]:
    quarters = plan.quarters if "quarterly" in plan.periods else ()
    for period in [Period(year=year or 0), *(Period(year=year or 0, quarter=q) for q in quarters)]:
        for m in plan.of_period(period.kind):
            readable = year is not None or m.deadline.kind in _PRINTED
            yield Line(m, period, resolve_milestone(plan, m, period, workdays) if readable else Due())
