"""A work item (việc): one milestone for one unit. Its transitions are one table; a guard refuses in words.

Lateness is derived from dates and completion, never stored: see ``standing``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from hanchot.domain.instants import local_day


class State(StrEnum):
    """``waiting`` for an order clause · ``open`` · ``submitted`` by the unit · ``returned`` · ``accepted`` · ``excused``."""

    WAITING = "waiting"
    OPEN = "open"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    EXCUSED = "excused"


FINISHED = frozenset({State.SUBMITTED, State.ACCEPTED, State.EXCUSED})
UNFINISHED = frozenset(State) - FINISHED
DONE = frozenset({State.SUBMITTED, State.ACCEPTED})


@dataclass(frozen=True, slots=True)
class Item:
    """A work item as the guards see it. ``waits_for`` names, in Vietnamese, what must be finished first."""

    state: State
    last_moment: datetime | None = None
    cycle_open: bool = True
    waits_for: tuple[str, ...] = ()


Guard = Callable[[Item, str | None], str | None]


def _cycle_is_open(item: Item, _reason: str | None) -> str | None:
    return None if item.cycle_open else "đợt đã đóng; muốn sửa phải mở lại đợt, có lý do và người duyệt"


def _nothing_before(item: Item, _reason: str | None) -> str | None:
    return f"chưa thể bắt đầu: còn chờ {'; '.join(item.waits_for)}" if item.waits_for else None


def _reason_given(_item: Item, reason: str | None) -> str | None:
    return None if reason and reason.strip() else "phải nêu lý do"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table: ``action`` takes an item from one of ``sources`` to ``target`` when every guard agrees."""

    action: str
    sources: frozenset[State]
    target: State | None
    guards: tuple[Guard, ...] = ()


TRANSITIONS = {
    t.action: t
    for t in (
        Transition("unblock", frozenset({State.WAITING}), State.OPEN, (_nothing_before,)),
        Transition("submit", frozenset({State.WAITING, State.OPEN, State.RETURNED}), State.SUBMITTED, (_nothing_before,)),
        Transition("return", frozenset({State.SUBMITTED}), State.RETURNED, (_reason_given,)),
        Transition("accept", frozenset({State.SUBMITTED}), State.ACCEPTED),
        Transition("excuse", UNFINISHED, State.EXCUSED, (_reason_given,)),
        Transition("reopen", FINISHED, State.OPEN, (_reason_given,)),
        Transition("extend", UNFINISHED, None, (_reason_given,)),
    )
}
ACTION_VI = {
    "unblock": "bắt đầu",
    "submit": "nộp",
    "return": "trả lại",
    "accept": "nhận",
    "excuse": "miễn",
    "reopen": "mở lại",
    "extend": "gia hạn",
}
STATE_VI = {
    State.WAITING: "chưa thể bắt đầu",
    State.OPEN: "chưa nộp",
    State.SUBMITTED: "đã nộp",
    State.RETURNED: "bị trả lại",
    State.ACCEPTED: "đã nhận",
    State.EXCUSED: "không áp dụng",
}


def refusal(action: str, item: Item, reason: str | None = None) -> str | None:
    """Why ``action`` may not be done now, in Vietnamese, or None when it may. The board asks this to grey a button."""
    transition = TRANSITIONS[action]
    if said := _cycle_is_open(item, reason):
        return said
    if item.state not in transition.sources:
        return f"không thể {ACTION_VI[action]} khi việc đang ở trạng thái “{STATE_VI[item.state]}”"
    for guard in transition.guards:
        if said := guard(item, reason):
            return said
    return None


@dataclass(frozen=True, slots=True)
class Standing:
    """How an item stands at an instant: a stable ``code``, ``days`` left or late, and the words a person reads."""

    code: str
    days: int
    vi: str

    @property
    def is_late(self) -> bool:
        return self.code in ("overdue", "returned_overdue")


def standing(
    state: State, last_day: date | None, last_moment: datetime | None, finished_at: datetime | None, now: datetime
) -> Standing:
    """Late starts after the last moment, not on the day. ``days`` counts local days."""
    late = _days_late(last_day, last_moment, finished_at or now)
    match state:
        case State.EXCUSED:
            return Standing("excused", 0, "Không áp dụng")
        case State.SUBMITTED | State.ACCEPTED:
            word = "Đã nộp" if state == State.SUBMITTED else "Đã nhận"
            return Standing("done_late", late, f"{word} (muộn {late} ngày)") if late else Standing("done", 0, word)
    if late:
        if state == State.RETURNED:
            return Standing("returned_overdue", late, f"Bị trả lại, quá hạn {late} ngày")
        return Standing("overdue", late, f"Quá hạn {late} ngày")
    if state == State.RETURNED:
        return Standing("returned", 0, "Bị trả lại")
    if state == State.WAITING:
        return Standing("waiting", 0, "Chưa thể bắt đầu")
    if last_day is None:
        return Standing("undated", 0, "Chưa nộp, chưa có hạn")
    left = (last_day - local_day(now)).days
    if left <= 0:
        return Standing("due_today", 0, "Đến hạn hôm nay")
    return Standing("due_soon" if left <= 7 else "open", left, f"Còn {left} ngày")


def _days_late(last_day: date | None, last_moment: datetime | None, at: datetime) -> int:
    """Whole local days past the last day, at least 1 once the last moment has passed; 0 when not late."""
    if last_day is None or last_moment is None or at <= last_moment:
        return 0
    return max(1, (local_day(at) - last_day).days)
