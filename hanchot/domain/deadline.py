"""Deadlines (hạn): typed time expressions, and the last moment at which work is still on time.

Every kind says what the words of a document say and nothing more; there is no silent default date. Illegal
combinations cannot be built: each kind is a frozen model that forbids fields of another kind.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from hanchot.domain.instants import at_local, end_of
from hanchot.domain.workdays import DAY, WorkCalendar, weekday_vi

Bound = Literal["before", "by"]
Day = date  # a field may be called date; the type then needs another name
Clock = time
EVENTS_VI = {
    "review-meeting": "hội nghị kiểm điểm",
    "year-end-meeting": "tổng kết năm của đơn vị",
    "member-rating": "xếp loại đảng viên",
    "result": "kết quả xếp loại",
    "announcement": "lịch gửi sau",
}  # the events that the delivered plans count from; another anchor is shown as the plan's file writes it
_YEARLESS = re.compile(r"--(\d\d)-(\d\d)")


class _Kind(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Before(_Kind):
    """Trước ngày X: the words exclude X. ``reading: inclusive`` is a visible override by the department."""

    kind: Literal["before"]
    date: Day
    time: Clock | None = None
    reading: Literal["exclusive", "inclusive"] = "exclusive"

    @model_validator(mode="after")
    def _one_reading(self) -> Before:
        if self.time is not None and self.reading == "inclusive":
            raise ValueError("đã nói giờ thì không đọc “trước ngày” là tính cả ngày; bỏ time hoặc bỏ reading")
        return self


class By(_Kind):
    """Chậm nhất ngày X, đến hết ngày X: X counts."""

    kind: Literal["by"]
    date: Day
    time: Clock | None = None


class Within(_Kind):
    """Trong tháng, quý, năm, hoặc từ ngày … đến ngày …; either end may be missing, not both."""

    kind: Literal["within"]
    start: Day | None = None
    end: Day | None = None

    @model_validator(mode="after")
    def _has_an_end_in_order(self) -> Within:
        if self.start is None and self.end is None:
            raise ValueError("“within” cần ít nhất một trong start, end; không nêu hạn thì dùng kind: unset")
        if self.start and self.end and self.start > self.end:
            raise ValueError(f"start {self.start} đứng sau end {self.end}; đổi chỗ hai ngày")
        return self


class Weekly(_Kind):
    """Trước 15h thứ năm hằng tuần. ``weekday`` is ISO: 1 Monday … 7 Sunday."""

    kind: Literal["weekly"]
    weekday: int = Field(ge=1, le=7)
    time: Clock | None = None
    bound: Bound = "before"


class Monthly(_Kind):
    """Trước ngày 20 hằng tháng. A day that a month lacks is that month's last day."""

    kind: Literal["monthly"]
    day: int = Field(ge=1, le=31)
    time: Clock | None = None
    bound: Bound = "before"


class Quarterly(_Kind):
    """Chậm nhất ngày 20 tháng cuối quý: ``month_of_quarter`` 1, 2 or 3."""

    kind: Literal["quarterly"]
    day: int = Field(ge=1, le=31)
    month_of_quarter: int = Field(ge=1, le=3)
    time: Clock | None = None
    bound: Bound = "before"


class Yearly(_Kind):
    """30/11 hằng năm, 15/01 năm sau. ``date`` is yearless, ``--11-30``; ``next_year`` for “năm sau”."""

    kind: Literal["yearly"]
    date: str
    bound: Bound = "before"
    next_year: bool = False

    @field_validator("date")
    @classmethod
    def _a_real_day(cls, text: str) -> str:
        found = _YEARLESS.fullmatch(text)
        if not found:
            raise ValueError(f"“{text}” không phải ngày không năm; viết --tháng-ngày, ví dụ --11-30")
        month, day = map(int, found.groups())
        if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(2024, month)[1]:
            raise ValueError(f"không có ngày {day:02}/{month:02}; sửa lại ngày theo văn bản")
        return text


class Lead(_Kind):
    """Ít nhất 02 ngày trước khi tổ chức kiểm điểm: counted back from the event, whose own day is not counted."""

    kind: Literal["lead"]
    days: int = Field(ge=0)
    working_days: bool = False
    anchor: str


class After(_Kind):
    """Ngay sau khi có kết quả (0 days), 05 ngày làm việc từ ngày công khai: the event's own day is not counted."""

    kind: Literal["after"]
    days: int = Field(ge=0)
    working_days: bool = False
    anchor: str


class Announced(_Kind):
    """Lịch gửi sau: the issuer has promised a date; until it comes the issuer is chased."""

    kind: Literal["announced"]
    anchor: str | None = None


class Order(_Kind):
    """Only an order: A is finished before B begins. The order itself is in the milestone's ``after``."""

    kind: Literal["order"]
    anchor: str | None = None


class Unset(_Kind):
    """The plan names no date. The department sets one, and the page says that it did."""

    kind: Literal["unset"]


Deadline = Annotated[
    Before | By | Within | Weekly | Monthly | Quarterly | Yearly | Lead | After | Announced | Order | Unset,
    Field(discriminator="kind"),
]
DATED = ("before", "by", "within", "weekly", "monthly", "quarterly", "yearly")


@dataclass(frozen=True)
class Due:
    """A resolved deadline. ``last_day`` is local; ``last_moment`` is the same in UTC, to the second.

    All three dates are None while nothing can be said yet; ``waits_for`` then names the event that is missing, or is
    None when the plan has no date at all.
    """

    last_day: date | None = None
    last_moment: datetime | None = None
    opens_on: date | None = None
    waits_for: str | None = None
    why: str = ""


@dataclass(frozen=True)
class Context:
    """What the words of a deadline are read against.

    ``year`` is the year under review; ``quarter`` 1–4 in a quarterly cycle. ``window`` bounds recurrences: the last
    occurrence inside it counts. ``events`` maps an anchor to its local day. ``workdays`` is needed for working-day
    leads.
    """

    year: int
    quarter: int | None = None
    window: tuple[date, date] | None = None
    events: Mapping[str, date] = field(default_factory=dict)
    workdays: WorkCalendar | None = None

    def span(self) -> tuple[date, date]:
        """The window, or the quarter, or the year under review."""
        if self.window:
            return self.window
        if self.quarter:
            first = date(self.year, 3 * self.quarter - 2, 1)
            return first, _last_of_month(self.year, 3 * self.quarter)
        return date(self.year, 1, 1), date(self.year, 12, 31)


def resolve(deadline: Deadline, ctx: Context) -> Due:
    """The last moment at which work under ``deadline`` is on time."""
    match deadline:
        case Before() if deadline.reading == "inclusive":
            return _closed(deadline.date, None, f"trước ngày {_vi(deadline.date)}, Ban Tổ chức đọc là tính cả ngày")
        case Before():
            return _bound("before", deadline.date, deadline.time)
        case By():
            return _bound("by", deadline.date, deadline.time)
        case Within():
            return _within(deadline)
        case Yearly():
            return _bound(deadline.bound, _yearly_day(deadline, ctx.year), None)
        case Weekly() | Monthly() | Quarterly():
            found = list(occurrences(deadline, *ctx.span(), quarter=ctx.quarter, year=ctx.year))
            return found[-1] if found else Due(why="không có lần nào trong khoảng thời gian của đợt")
        case Lead() | After():
            return _relative(deadline, ctx)
        case Announced():
            return Due(waits_for="announcement", why="lịch gửi sau")
        case Order():
            return Due(waits_for=deadline.anchor, why="kế hoạch chỉ nêu thứ tự")
        case Unset():
            return Due(why="kế hoạch không nêu hạn")
    raise AssertionError(deadline)


def event_vi(anchor: str) -> str:
    """What people call an event that a deadline waits for."""
    return EVENTS_VI.get(anchor, f"“{anchor}”")


def occurrences(
    deadline: Weekly | Monthly | Quarterly,
    start: date,
    end: date,
    *,
    quarter: int | None = None,
    year: int | None = None,
) -> Iterator[Due]:
    """Every occurrence whose last day lies in ``start`` … ``end`` (local days, both counted), in order of time.

    With ``quarter`` and ``year``, a quarterly deadline gives only that quarter's occurrence.
    """
    for day in _named_days(deadline, start - 2 * DAY, end + 2 * DAY):
        if isinstance(deadline, Quarterly) and quarter and (day.year, (day.month + 2) // 3) != (year, quarter):
            continue
        due = _bound(deadline.bound, day, deadline.time)
        if due.last_day and start <= due.last_day <= end:
            yield due


def _named_days(deadline: Weekly | Monthly | Quarterly, start: date, end: date) -> Iterator[date]:
    if isinstance(deadline, Weekly):
        first = start + DAY * ((deadline.weekday - start.isoweekday()) % 7)
        while first <= end:
            yield first
            first += timedelta(days=7)
        return
    for year in range(start.year, end.year + 1):
        for month in range(1, 13):
            if isinstance(deadline, Quarterly) and (month - 1) % 3 + 1 != deadline.month_of_quarter:
                continue
            day = min(date(year, month, 1) + DAY * (deadline.day - 1), _last_of_month(year, month))
            if start <= day <= end:
                yield day


def _bound(bound: Bound, day: date, clock: time | None) -> Due:
    if clock is not None:
        moment = at_local(day, clock) - (timedelta(seconds=1) if bound == "before" else timedelta())
        word = "trước" if bound == "before" else "chậm nhất"
        return Due(day, moment, why=f"{word} {clock:%H:%M} {weekday_vi(day)} {_vi(day)}")
    if bound == "before":
        return _closed(day - DAY, None, f"trước ngày {_vi(day)}: không tính ngày {_vi(day)}")
    return _closed(day, None, f"chậm nhất ngày {_vi(day)}: tính cả ngày {_vi(day)}")


def _within(deadline: Within) -> Due:
    if deadline.end is None:
        return Due(opens_on=deadline.start, why="kế hoạch nêu ngày bắt đầu, không nêu ngày cuối")
    return _closed(deadline.end, deadline.start, f"trong khoảng đến hết ngày {_vi(deadline.end)}")


def _closed(day: date, opens_on: date | None, why: str) -> Due:
    return Due(day, end_of(day), opens_on, why=why)


def _relative(deadline: Lead | After, ctx: Context) -> Due:
    event = ctx.events.get(deadline.anchor)
    unit = "ngày làm việc" if deadline.working_days else "ngày"
    word = "trước" if deadline.kind == "lead" else "sau"
    if event is None:
        why = f"{deadline.days} {unit} {word} {event_vi(deadline.anchor)}, chưa có ngày"
        return Due(waits_for=deadline.anchor, why=why)
    days = -deadline.days if deadline.kind == "lead" else deadline.days
    if deadline.working_days:
        if ctx.workdays is None:
            raise ValueError("a working-day deadline needs a WorkCalendar")
        day = ctx.workdays.add(event, days)
    else:
        day = event + DAY * days
    return _closed(day, None, f"{deadline.days} {unit} {word} ngày {_vi(event)}")


def _yearly_day(deadline: Yearly, year: int) -> date:
    month, part = int(deadline.date[2:4]), int(deadline.date[5:7])
    year += deadline.next_year
    return min(date(year, month, 1) + DAY * (part - 1), _last_of_month(year, month))


def _last_of_month(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _vi(day: date) -> str:
    return f"{day:%d/%m/%Y}"
