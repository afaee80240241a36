"""What an officer does to a work item, alone or to many at once, and what stands against it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from hanchot.domain.instants import end_of, local_day
from hanchot.domain.work_item import UNFINISHED, Item, refusal


class Do(StrEnum):
    """An act on an item. ``receive`` records on behalf of the unit what came on paper; ``reopen`` takes a mark back."""

    RECEIVE = "receive"
    ACCEPT = "accept"
    RETURN = "return"
    EXTEND = "extend"
    EXCUSE = "excuse"
    REOPEN = "reopen"
    REMIND = "remind"

    @property
    def transition(self) -> str:
        """The row of ``work_item.TRANSITIONS`` that it goes by; a reminder changes no state."""
        return "submit" if self is Do.RECEIVE else str(self)


NEEDS_REASON = frozenset({Do.RETURN, Do.EXTEND, Do.EXCUSE, Do.REOPEN})
NEEDS_DAY = frozenset({Do.RECEIVE, Do.EXTEND})


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants done. ``day``: received on, or the new last day (counted), local; ``reason``: or a note."""

    do: Do
    reason: str = ""
    day: date | None = None
    approver: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """An item as these acts see it. ``missing``: what the rules of its dossier still want, in words; ``name`` and
    ``address`` of whoever would be reminded, None where there is none.
    """

    item: Item
    last_day: date | None = None
    missing: tuple[str, ...] = ()
    name: str | None = None
    address: str | None = None


def against(wish: Wish, subject: Subject, now: datetime) -> str | None:
    """Why ``wish`` may not be done to ``subject`` at ``now``, in Vietnamese, or None when it may."""
    if wish.do is Do.REMIND:
        return _against_reminder(subject)
    if said := refusal(wish.do.transition, subject.item, wish.reason):
        return said
    if wish.do is Do.RECEIVE:
        if wish.day and wish.day > local_day(now):
            return f"ngày nhận {wish.day:%d/%m/%Y} chưa tới"
        return " ".join(subject.missing) or None
    if wish.do is Do.EXTEND and wish.day:
        if end_of(wish.day) <= now:
            return f"hạn mới {wish.day:%d/%m/%Y} đã qua"
        if subject.last_day and wish.day <= subject.last_day:
            return f"hạn mới {wish.day:%d/%m/%Y} không muộn hơn hạn đang có {subject.last_day:%d/%m/%Y}"
    return None


def _against_reminder(subject: Subject) -> str | None:
    if not subject.item.cycle_open:
        return "đợt đã đóng"
    if subject.item.state not in UNFINISHED:
        return "việc đã xong, không cần nhắc"
    if subject.last_day is None:
        return "việc chưa có hạn để nhắc"
    if subject.name is None:
        return "chức vụ phụ trách đang khuyết, chưa có người để nhắc"
    if not subject.address:
        return f"{subject.name} chưa có địa chỉ thư"
    return None


def tone_of(subject: Subject, now: datetime) -> str:
    """Which letter a reminder outside of the ladder is: before, on or after the last day."""
    if subject.item.last_moment is not None and subject.item.last_moment < now:
        return "overdue"
    return "due" if subject.last_day == local_day(now) else "reminder"
