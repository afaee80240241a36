"""From a matched phrase to a typed deadline: years filled in as the document means them, doubts said aloud."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hanchot.domain.deadline import (
    After,
    Announced,
    Before,
    By,
    Deadline,
    Lead,
    Monthly,
    Order,
    Quarterly,
    Unset,
    Weekly,
    Within,
    Yearly,
)  # fmt: skip
from hanchot.reader.grammar.times import Time

Built = tuple[Deadline, str | None]


@dataclass(frozen=True)
class Season:
    """What yearless words are read against. ``since`` is the earliest day on which the document can have been issued."""

    year: int | None = None
    issued_on: date | None = None
    since: date | None = None
    quarterly: bool = False

    def year_of(self, month: int, day: int) -> int | None:
        """The year that a day without one can only mean; None for a standing guidance."""
        if self.issued_on:
            same = _date(self.issued_on.year, month, day)
            return self.issued_on.year + bool(same and same < self.issued_on)
        if self.year is None:
            return None
        return self.year + (month <= 4 and not self.quarterly)


def build(kind: str, slots: dict[str, Any], season: Season, *, every: bool) -> list[Built]:
    """The deadlines of one match (none where it cannot be one). ``every``: the sentence says “hằng năm”."""
    match kind:
        case "before" | "by":
            return _point(kind, slots, season, every)
        case "within":
            return _within(slots, season)
        case "weekly":
            clock = slots["time"].clock if "time" in slots else None
            return [(Weekly(kind="weekly", weekday=slots["weekday"].number, time=clock, bound=slots["bound"]), None)]
        case "monthly":
            day = slots["dom"].day if "dom" in slots else 31  # “ngày cuối cùng của tháng”
            return [(Monthly(kind="monthly", day=day, bound=slots["bound"]), None)]
        case "quarterly":
            part = slots["moq"].number if "moq" in slots else 3
            return [(Quarterly(kind="quarterly", day=slots["dom"].day, month_of_quarter=part, bound=slots["bound"]), None)]
        case "lead" | "after":
            return [(_relative(kind, slots), None)]
        case "announced":
            return [(Announced(kind="announced", anchor=slots.get("event")), None)]
        case "order":
            return [(Order(kind="order", anchor=slots.get("event")), None)]
    raise AssertionError(kind)


def _relative(kind: str, slots: dict[str, Any]) -> Deadline:
    span: Time | None = slots.get("span")
    days, working = (span.number or 0, span.working) if span else (slots["fixed"][0] or 0, slots["fixed"][1])
    facts = {
        "days": days,
        "working_days": working,
        "anchor": slots.get("event") or "",
    }
    return Lead(kind="lead", **facts) if kind == "lead" else After(kind="after", **facts)


def _point(kind: str, slots: dict[str, Any], season: Season, every: bool) -> list[Built]:
    time: Time | None = slots.get("time")
    clock = time.clock if time else None
    kind = "by" if time and time.midnight else kind
    if month := slots.get("month") or slots.get("quarter"):
        return _end_of(kind, month, season)
    built: list[Built] = []
    for day in slots["days"]:
        if day.mark or (day.year is None and (every or season.year_of(day.month, day.day) is None)):
            text = f"--{day.month:02}-{day.day:02}"
            built.append((Yearly(kind="yearly", date=text, bound=kind, next_year=day.mark == "next"), None))
            continue
        built.append(_dated(kind, day, clock, season))
    return built


def _dated(kind: str, day: Time, clock: Any, season: Season) -> Built:
    assert day.month and day.day
    year = day.year or season.year_of(day.month, day.day)
    assert year
    found = _date(year, day.month, day.day)
    if found is None:
        return Unset(kind="unset"), f"không có ngày {day.day:02}/{day.month:02}/{year}; người phụ trách sửa theo bản gốc"
    doubt = _doubt(found, season)
    if doubt is None and day.year is None:
        doubt = f"văn bản không ghi năm, hiểu là {year}"
    return (Before if kind == "before" else By)(kind=kind, date=found, time=clock), doubt


def _end_of(kind: str, when: Time, season: Season) -> list[Built]:
    """“đến hết tháng 12/2024”: by its last day; “trước tháng 12”: before its first."""
    span = _span(when, season)
    if span is None:
        return []
    day = span[0] if kind == "before" else span[1]
    return [((Before if kind == "before" else By)(kind=kind, date=day), _doubt(day, season))]


def _within(slots: dict[str, Any], season: Season) -> list[Built]:
    span = _range(slots, season)
    if span is None:
        return []
    start, end = span
    if start and end and start > end:
        return [(Unset(kind="unset"), f"ngày đầu {start:%d/%m/%Y} đứng sau ngày cuối {end:%d/%m/%Y}; đối chiếu bản gốc")]
    latest = end or start
    return [(Within(kind="within", start=start, end=end), _doubt(latest, season) if latest else None)]


def _range(slots: dict[str, Any], season: Season) -> tuple[date | None, date | None] | None:
    if pair := slots.get("pair"):
        year = pair.year or season.year_of(pair.month, pair.day2)
        last = pair.month2 or pair.month
        ends = (_date(year, pair.month, pair.day), _date(year, last, pair.day2)) if year else (None, None)
        return ends if all(ends) else None
    if slots.get("open"):
        first = slots["days"][0]
        year = first.year or season.year_of(first.month, first.day)
        return (_date(year, first.month, first.day), None) if year else None
    if slots.get("days") or slots.get("dom"):
        return _days(slots, season)
    spans = [_span(slots[name], season) for name in ("month", "month2", "quarter", "year") if name in slots]
    if not spans or None in spans:
        return None
    return spans[0][0], spans[-1][1]  # type: ignore[index]  # no None among them


def _days(slots: dict[str, Any], season: Season) -> tuple[date | None, date | None] | None:
    """From one day to another; what the first leaves out it takes from the last."""
    last: Time = slots["days"][-1]
    assert last.month and last.day
    year = last.year or season.year_of(last.month, last.day)
    if year is None:
        return None
    end = _date(year, last.month, last.day)
    if "dom" in slots:
        return _date(year, last.month, slots["dom"].day), end
    first: Time = slots["days"][0]
    assert first.month and first.day
    begins = first.year or (year - (first.month > last.month))
    return _date(begins, first.month, first.day), end


def _span(when: Time, season: Season) -> tuple[date, date] | None:
    """First and last day of a month, a part of one, a quarter or a year."""
    if when.quarter:
        year = when.year or season.year
        year = year + 1 if year and when.mark == "next" else year
        return (date(year, 3 * when.quarter - 2, 1), _month_end(year, 3 * when.quarter)) if year else None
    if when.month is None:
        return (date(when.year, 1, 1), date(when.year, 12, 31)) if when.year else None
    year = when.year or (season.year_of(when.month, 28) if when.mark != "next" else season.year and season.year + 1)
    if not year:
        return None
    end = _month_end(year, when.month)
    if when.parts:
        return date(year, when.month, when.parts[0]), date(year, when.month, min(when.parts[1], end.day))
    return date(year, when.month, 1), end


def _doubt(day: date, season: Season) -> str | None:
    if season.since and day < season.since:
        return f"ngày {day:%d/%m/%Y} đứng trước cả khi văn bản có thể ban hành ({season.since:%d/%m/%Y}); giữ như văn bản"
    if season.year and day.year > season.year + 2:
        return f"ngày {day:%d/%m/%Y} cách xa năm {season.year}; đối chiếu bản gốc"
    if season.year and day < date(season.year, 1, 1) - timedelta(days=60):
        return f"ngày {day:%d/%m/%Y} đứng trước năm {season.year} của văn bản; giữ như văn bản"
    return None


def _date(year: int | None, month: int | None, day: int | None) -> date | None:
    if not (year and month and day) or day > calendar.monthrange(year, month)[1]:
        return None
    return date(year, month, day)


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def words_of(event: str | None) -> str | None:
    """The words of an event, trimmed of what only leads to it."""
    if not event:
        return None
    return re.sub(r"^(?:khi|ngày|thời điểm|lúc)\s+", "", event.strip(" ,"), flags=re.IGNORECASE) or None
