"""The drawing of a chain of plans: lanes, marks and arrows in the units of the SVG's view box. Pure.

Days stand in order, but a long empty stretch is drawn shorter than its length: the season is crowded in December, and
nothing happens for weeks after it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import sqrt

from hanchot.board.language import gettext as _
from hanchot.board.timeline import months_in
from hanchot.domain.chain import Lane
from hanchot.domain.dated_plan import Line
from hanchot.domain.handover import Handover
from hanchot.service.views.chain import ChainPage

HEAD = 30
RADIUS = 10
_LETTER = 6.6  # width of a letter of a label


@dataclass(frozen=True, slots=True)
class Sheet:
    """Sizes of one drawing. Lane titles stand before the days on a desk (``left`` is wide), above them on a phone."""

    width: int
    left: int
    right: int
    row: int
    title: int
    worded: bool
    months: int


WIDE = Sheet(width=1000, left=215, right=66, row=30, title=10, worded=True, months=12)
NARROW = Sheet(width=360, left=20, right=26, row=26, title=24, worded=False, months=4)
_LATE_WORDS = 92  # room that “muộn 31 ngày” needs at the right edge


@dataclass(frozen=True, slots=True)
class Box:
    """A place that is taken: a label must not cover it."""

    x0: float
    x1: float
    y0: float
    y1: float

    def meets(self, other: Box) -> bool:
        return self.x0 < other.x1 and other.x0 < self.x1 and self.y0 < other.y1 and other.y0 < self.y1


@dataclass(frozen=True, slots=True)
class Mark:
    """One milestone. ``limit_x`` is where the plan above ends the same work, if that is earlier; ``late`` says so."""

    number: int
    x: float
    y: float
    own: bool
    label: str
    late: str
    limit_x: float | None
    note: str

    @property
    def box(self) -> Box:
        words = len(self.label) + len(self.late)
        return Box(self.x - RADIUS, self.x + RADIUS + (8 + _LETTER * words if words else 2), self.y - RADIUS, self.y + RADIUS)


@dataclass(frozen=True, slots=True)
class Arrow:
    """From one mark to another; ``look`` is ``fine``, ``tight`` or ``late``, and ``label`` says it in words."""

    path: str
    look: str
    label: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class LaneBox:
    title: str
    note: str
    y: int
    height: int
    own: bool


@dataclass(frozen=True, slots=True)
class ChainDrawing:
    sheet: Sheet
    lanes: tuple[LaneBox, ...]
    marks: tuple[Mark, ...]
    arrows: tuple[Arrow, ...]
    months: tuple[tuple[float, str], ...]
    height: int
    head: int = HEAD


class Scale:
    """Where a day lies. Neighbouring days are as far apart as the root of the days between them."""

    def __init__(self, days: Iterable[date], left: float, right: float) -> None:
        self.days = sorted(set(days))
        steps = [sqrt((b - a).days) for a, b in pairwise(self.days)]
        unit = (right - left) / (sum(steps) or 1)
        self.places = [left]
        for step in steps:
            self.places.append(self.places[-1] + step * unit)

    def __call__(self, day: date) -> float:
        n = min(max(bisect_right(self.days, day), 1), len(self.days) - 1) if len(self.days) > 1 else 0
        if n == 0:
            return round(self.places[0], 1)
        first, last = self.days[n - 1], self.days[n]
        share = (day - first).days / (last - first).days
        return round(self.places[n - 1] + share * (self.places[n] - self.places[n - 1]), 1)


def drawing(view: ChainPage, sheet: Sheet = WIDE) -> ChainDrawing | None:
    """None when no plan has a date. Lanes come as in the chain, the highest level first: what is sent up goes up."""
    days = [line.day for lane in view.chain.lanes for line in lane.lines if line.day]
    if not days:
        return None
    limits = {
        (hand.giver_plan, hand.giver.milestone.key): hand for hand in view.hands if hand.bound and hand.late and hand.taker.day
    }
    days += [hand.taker.day for hand in limits.values() if hand.taker.day]
    right = sheet.right + (_LATE_WORDS if limits and sheet.worded else 0)
    x = Scale(days, sheet.left, sheet.width - right)
    boxes: list[LaneBox] = []
    marks: dict[tuple[str, str], Mark] = {}
    top = HEAD
    for lane in view.chain.lanes:
        made = _place(view, lane, limits, x, sheet, top + sheet.title + sheet.row // 2)
        height = max(round(max(mark.y for mark in made.values())) + sheet.row // 2 + 8 - top, 46)
        boxes.append(_box(lane, top, height))
        marks |= {(lane.of.plan.key, key): mark for key, mark in made.items()}
        top += height
    months = tuple((x(day), f"{day:%m/%Y}") for day in months_in(min(days), max(days), sheet.months))
    return ChainDrawing(sheet, tuple(boxes), tuple(marks.values()), _arrows(view, marks, sheet), months, top + 4)


def _place(
    view: ChainPage, lane: Lane, limits: dict[tuple[str, str], Handover], x: Scale, sheet: Sheet, top: int
) -> dict[str, Mark]:
    """The lane's marks, each in the first row in which its bar and its label have room."""
    ends: list[float] = []
    made = {}
    for line in lane.lines:
        mark = _mark(view, lane, line, limits.get((lane.of.plan.key, line.milestone.key)), x, sheet)
        begin = mark.x - RADIUS if mark.limit_x is None else mark.limit_x
        row = next((n for n, end in enumerate(ends) if end <= begin), len(ends))
        ends[row : row + 1] = [mark.box.x1]
        made[line.milestone.key] = Mark(
            mark.number, mark.x, top + sheet.row * row, mark.own, mark.label, mark.late, mark.limit_x, mark.note
        )
    return made


def _mark(view: ChainPage, lane: Lane, line: Line, limit: Handover | None, x: Scale, sheet: Sheet) -> Mark:
    assert line.day is not None
    number = view.numbers[lane.of.plan.key, line.milestone.key]
    late = f" {hand_vi(limit, short=True)}" if limit else ""
    words = _("%(number)s. %(title)s, hạn %(day)s")
    note = words % {"number": number, "title": line.milestone.title, "day": f"{line.day:%d/%m/%Y}"}
    limit_x = x(limit.taker.day) if limit and limit.taker.day else None
    label, late = (f"{line.day:%d/%m}", late) if sheet.worded else ("", "")
    return Mark(number, x(line.day), 0, lane.own, label, late, limit_x, note)


def _box(lane: Lane, top: int, height: int) -> LaneBox:
    plan = lane.of.plan
    who = plan.organiser.vi if lane.own else f"cấp dưới của {plan.organiser.vi}"
    return LaneBox(who[:1].upper() + who[1:], plan.document.number or plan.key, top, height, lane.own)


def _arrows(view: ChainPage, marks: dict[tuple[str, str], Mark], sheet: Sheet) -> tuple[Arrow, ...]:
    taken = [mark.box for mark in marks.values()]
    made = []
    for hand in view.hands:
        giver = marks.get((hand.giver_plan, hand.giver.milestone.key))
        taker = marks.get((hand.taker_plan, hand.taker.milestone.key))
        if giver and taker and not hand.bound:
            label = hand_vi(hand, short=True) if sheet.worded else ""
            x, y = _free((giver.x + taker.x) / 2, (giver.y + taker.y) / 2, _LETTER * len(label) / 2, taken)
            made.append(Arrow(_path(giver, taker), look_of(hand), label, x, y))
    return tuple(made)


def _path(a: Mark, b: Mark) -> str:
    """A curve that ends short of ``b``, so that its head is seen: sideways between days apart, upright between near ones."""
    if abs(b.x - a.x) >= 4 * RADIUS or a.y == b.y:
        side = 1 if b.x > a.x else -1
        start, end = a.x + RADIUS * side, b.x - (RADIUS + 1) * side
        bend = (start + end) / 2
        return f"M{start:g} {a.y:g}C{bend:g} {a.y:g} {bend:g} {b.y:g} {end:g} {b.y:g}"
    side = 1 if b.y > a.y else -1
    start, end = a.y + RADIUS * side, b.y - (RADIUS + 1) * side
    bend = (start + end) / 2
    return f"M{a.x:g} {start:g}C{a.x:g} {bend:g} {b.x:g} {bend:g} {b.x:g} {end:g}"


def _free(x: float, y: float, half: float, taken: list[Box]) -> tuple[float, float]:
    """The nearest of some places around (``x``, ``y``) where a label covers no mark and no other label."""
    near = [(dx, dy) for dy in (0, 13, -13, 26, -26) for dx in (0, half + 14, -half - 14, 2 * half + 28)]
    for dx, dy in sorted(near, key=lambda step: abs(step[0]) + abs(step[1])):
        box = Box(x + dx - half, x + dx + half, y + dy - 6, y + dy + 6)
        if not any(box.meets(other) for other in taken):
            taken.append(box)
            return round(x + dx, 1), round(y + dy, 1)
    return round(x, 1), round(y, 1)


def look_of(hand: Handover) -> str:
    return "late" if hand.late else "tight" if hand.tight else "fine"


def hand_vi(hand: Handover, *, short: bool = False) -> str:
    """``muộn 31 ngày``, ``2 ngày``; longer in the table: ``Muộn hơn 31 ngày``, ``Chỉ 1 ngày làm việc``."""
    assert hand.giver.day is not None and hand.taker.day is not None
    days = abs((hand.giver.day - hand.taker.day).days)
    if hand.late:
        return f"muộn {days} ngày" if short else f"Muộn hơn {days} ngày"
    if hand.slack is None:
        return "chưa rõ" if short else "Chưa tính được: năm chưa có lịch nghỉ"
    if short:
        return f"{hand.slack} ngày"
    if hand.bound:
        return "Kịp hạn cấp trên" if not hand.slack else f"Sớm hơn hạn cấp trên {hand.slack} ngày làm việc"
    if hand.tight:
        return f"Chỉ {hand.slack} ngày làm việc" if hand.slack else "Không còn ngày làm việc nào"
    return f"{hand.slack} ngày làm việc"
