"""The drawing of the slack page: from the giver's last day to the taker's, one line a handover. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hanchot.domain.handover import Handover

WIDTH, ROW, HEAD, EDGE = 360, 44, 26, 14


@dataclass(frozen=True, slots=True)
class Span:
    """One handover: a line from ``x0`` to ``x1``, in view box units. ``short``: too few working days."""

    words: str
    y: int
    x0: float
    x1: float
    short: bool


@dataclass(frozen=True, slots=True)
class SlackDrawing:
    width: int
    height: int
    today: float | None
    bars: tuple[Span, ...]


def slack_drawing(hands: Sequence[Handover], today: date) -> SlackDrawing | None:
    """None where there is nothing to draw."""
    spans = [(hand, hand.giver.day, hand.taker.day) for hand in hands if hand.giver.day and hand.taker.day]
    if not spans:
        return None
    first = min(min(one, other) for _, one, other in spans)
    days = max((max(max(one, other) for _, one, other in spans) - first).days, 1)

    def x(day: date) -> float:
        return round(EDGE + (WIDTH - 2 * EDGE) * (day - first).days / days, 1)

    bars = tuple(
        Span(_words(hand, giver, taker), HEAD + ROW * n + 26, x(giver), x(taker), hand.late or hand.tight)
        for n, (hand, giver, taker) in enumerate(spans)
    )
    now = x(today) if 0 <= (today - first).days <= days else None
    return SlackDrawing(WIDTH, HEAD + ROW * len(bars) + 12, now, bars)


def _words(hand: Handover, giver: date, taker: date) -> str:
    count = "" if hand.slack is None else f", {hand.slack} ngày làm việc"
    return f"{giver:%d/%m} → {taker:%d/%m}{count}"
