"""The timeline of a cycle: where its dated milestones and today lie, in the units of the SVG's view box. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hanchot.domain.plan import Milestone
from hanchot.service.views.cycle import MilestoneLine


@dataclass(frozen=True, slots=True)
class Sheet:
    """Sizes of one drawing, in view box units. ``left`` is where the days begin; titles stand before or above that."""

    width: int
    left: int
    right: int
    row: int
    title: int

    @property
    def above(self) -> bool:
        return self.left < 100


WIDE = Sheet(width=1000, left=390, right=90, row=26, title=58)
NARROW = Sheet(width=360, left=10, right=70, row=46, title=46)
HEAD = 36


@dataclass(frozen=True, slots=True)
class Bar:
    """One milestone: a line from ``x0`` to its last day at ``x1``; ``look`` is the class of its mark."""

    milestone: Milestone
    y: int
    x0: float
    x1: float
    look: str
    label: str


@dataclass(frozen=True, slots=True)
class Timeline:
    sheet: Sheet
    bars: tuple[Bar, ...]
    months: tuple[tuple[float, str], ...]
    today_x: float | None
    height: int
    head: int = HEAD


def timeline(lines: Sequence[MilestoneLine], starts: date, today: date, sheet: Sheet = WIDE) -> Timeline | None:
    """None when nothing has a date. The scale runs from the opening to the last deadline, or to today when near."""
    dated = sorted(
        ((line.milestone.stage.position, line.last_day, n, line) for n, line in enumerate(lines) if line.last_day),
        key=lambda one: one[:3],
    )
    if not dated:
        return None
    days = [day for _, day, _, _ in dated]
    first, last = min(starts, *days), max(days)
    if today < last + timedelta(days=60):
        last = max(last, today)
    x = _scale(sheet, first, last)
    bars = tuple(
        _bar(line, day, HEAD + sheet.row * row + sheet.row // (1 if sheet.above else 2) - (10 if sheet.above else 0), x,
             first, today)
        for row, (_, day, _, line) in enumerate(dated)
    )  # fmt: skip
    months = tuple((x(day), f"{day:%m/%Y}") for day in months_in(first, last, 12 if sheet is WIDE else 4))
    today_x = x(today) if first <= today <= last else None
    return Timeline(sheet, bars, months, today_x, HEAD + sheet.row * len(bars) + 8)


def _scale(sheet: Sheet, first: date, last: date) -> Callable[[date], float]:
    span = max((last - first).days, 1)
    return lambda day: round(sheet.left + (sheet.width - sheet.left - sheet.right) * (day - first).days / span, 1)


def _bar(line: MilestoneLine, day: date, y: int, x: Callable[[date], float], first: date, today: date) -> Bar:
    opens = max(line.opens_on or day, first)
    look = "done" if line.done == line.total else "overdue" if line.late else "due_soon" if day < today else "open"
    label = f"{day:%d/%m}" + (f", {line.late} chậm" if line.late else "")
    return Bar(line.milestone, y, x(opens), x(day), look, label)


def months_in(first: date, last: date, most: int) -> list[date]:
    """The first days of months inside the span, thinned out to at most ``most``."""
    found, day = [], date(first.year, first.month, 1)
    while day <= last:
        if day >= first:
            found.append(day)
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return found[:: max(1, -(-len(found) // most))]
