"""What a template may see: plain frozen views, never rows. Dates are local days, instants are aware."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from hanchot.letters import words

# Tone of a letter → the folder of its templates, most urgent first.
TEMPLATES = {
    "escalation": "escalation",
    "overdue": "overdue",
    "due": "due_today",
    "reminder": "reminder",
    "returned": "returned",
    "time_refused": "time_refused",
    "extended": "extended",
    "time_asked": "time_asked",
    "result": "result_notice",
    "remediation": "remediation_opened",
    "stage_opened": "stage_opened",
    "opened": "opened",
    "chase": "chase",
    "renewal": "plan_drafted",
    "summary": "morning_summary",
}
_URGENCY = {tone: place for place, tone in enumerate(TEMPLATES)}
_FEW = 3
_SHOWN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What one letter says about one item. ``days``: left, 0 today, below zero late, None without a date."""

    tone: str
    unit: str
    milestone: str
    rung: str = ""
    stage_vi: str = ""
    days: int | None = None
    last_day: date | None = None
    last_moment: datetime | None = None
    standing: str = ""
    clause: str = ""
    plan: str = ""
    provisional: bool = False
    advised_day: date | None = None
    waits_for: str | None = None
    was_day: date | None = None
    reason: str | None = None
    url: str = ""
    holder_name: str | None = None
    holder_phone: str | None = None
    item_id: int | None = None
    revision: int = 0

    @property
    def task(self) -> str:
        """The milestone in the middle of a sentence."""
        return words.lower_first(self.milestone)

    @property
    def when(self) -> str:
        return words.when_vi(self.days)

    @property
    def deadline(self) -> str:
        """The last moment in words, or empty."""
        return words.deadline_vi(self.last_day, self.last_moment) if self.last_day else ""

    @property
    def advised(self) -> str:
        return words.day_vi(self.advised_day) if self.advised_day else ""

    @property
    def was(self) -> str:
        return words.day_vi(self.was_day) if self.was_day else ""

    @property
    def said_reason(self) -> str:
        """The reason, or empty where it must not travel by mail."""
        return self.reason or "" if words.may_be_mailed(self.reason) else ""


@dataclass(frozen=True, slots=True)
class LateUnit:
    """A late unit in the summary: days, never ratings."""

    name: str
    days: int
    milestone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The department's morning summary of one open cycle. All numbers count work items but the last two."""

    cycle: str
    period: str
    stage_vi: str
    done: int
    total: int
    late: int
    due_soon: int
    undated: int
    incidents: int = 0
    withheld: int = 0
    late_units: tuple[LateUnit, ...] = ()
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """All letters of one person of one sweep. ``more``: duties of this person that wait on the board only."""

    to_name: str
    lines: tuple[Line, ...]
    today: date
    board_url: str
    to_title: str = ""
    summaries: tuple[Summary, ...] = ()
    sender: str = "Ban Tổ chức"
    ask: str = ""
    more: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that say the same of several units; more than a few are printed as one list."""

    lines: tuple[Line, ...]
    hidden: int = 0

    @property
    def template(self) -> str:
        return TEMPLATES[self.lines[0].tone]

    @property
    def line(self) -> Line:
        return self.lines[0]

    @property
    def count(self) -> int:
        return len(self.lines) + self.hidden


def in_order(lines: Iterable[Line]) -> tuple[Line, ...]:
    """The highest rung first: tone by urgency, then the fewest days left (the most days late)."""
    return tuple(sorted(lines, key=urgency))


def urgency(line: Line) -> tuple[int, int, str, str]:
    """Sort key of a line; the smallest is the most urgent and names the subject."""
    return _URGENCY[line.tone], 10_000 if line.days is None else line.days, line.milestone, line.unit


def blocks(lines: Iterable[Line]) -> tuple[Block, ...]:
    """Lines in order, those of one milestone and day together when there are more than a few of them."""
    together: dict[tuple[object, ...], list[Line]] = {}
    for line in in_order(lines):
        if line.tone != "summary":
            key = (line.tone, line.rung, line.milestone, line.last_day, line.plan, line.stage_vi)
            together.setdefault(key, []).append(line)
    made: list[Block] = []
    for alike in together.values():
        if len(alike) > _FEW:
            made.append(Block(tuple(alike[:_SHOWN]), max(0, len(alike) - _SHOWN)))
        else:
            made += [Block((line,)) for line in alike]
    return tuple(made)
