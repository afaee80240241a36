"""The dates by themselves: what cannot be meant, what is far away, what falls on a day off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations

from hanchot.domain.checks.subject import Subject, at, at_en, duty, duty_en, vi, within, within_en, words
from hanchot.domain.dated_plan import Line
from hanchot.domain.deadline import Lead
from hanchot.domain.errors import UncheckedYear
from hanchot.domain.finding import Said, Severity
from hanchot.domain.handover import sent_on
from hanchot.domain.level import kinds_of
from hanchot.domain.stage import Stage
from hanchot.domain.workdays import DAY, weekday_vi

LATE_ISSUE = timedelta(days=60)  # a date this near before the issue is a plan issued late, not a slip of the pen
LAST_MONTH = 6  # the latest date seen is 31/3 of the next year (plan for 2022, II.10); after June nobody waits for last year
_WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def before_the_plan(s: Subject) -> Iterator[Said]:
    """A printed date before the first day of the year, or before the day on which the document can have been issued."""
    floors = [(date(s.year, 1, 1), f"năm {s.year}", f"the year {s.year}")] if s.year else []
    if earliest := s.issued_at_earliest:
        floors.append(earliest)
    if not floors:
        return
    floor, what, what_en = max(floors)
    for line in _printed(s):
        day = line.day
        if day is None or day >= floor or line.milestone.period == "quarterly":
            continue
        late_issue = floor - day <= LATE_ISSUE and day.year == floor.year
        yield Said(
            f"{_where(line)} viết {line.words}, tức hết ngày {vi(day)}, trước {what}.",
            f"{_where_en(line)} says {line.words}, that is the end of {day}, before {what_en}.",
            f"{_meant(day, floor)}Hỏi nơi ban hành; đợt mở ra thì mốc này chưa có hạn cho đến khi được xác nhận.",
            f"{_meant_en(day, floor)}Ask the issuer; when a cycle opens, this duty has no date until somebody confirms one.",
            line.milestone.source.clause,
            line.milestone.key,
            Severity.WARNING if late_issue else None,
        )


def far_after(s: Subject) -> Iterator[Said]:
    if s.year is None:
        return
    limit = date(s.year + 1, LAST_MONTH, 30)
    for line in _printed(s):
        if line.day and line.day > limit:
            yield Said(
                f"{_where(line)} viết {line.words}, hết ngày {vi(line.day)}: quá xa năm kiểm điểm {s.year}.",
                f"{_where_en(line)} says {line.words}, the end of {line.day}: far after the year under review, {s.year}.",
                "Xem lại năm của hạn này trong văn bản gốc.",
                "Look again at the year of this date in the original.",
                line.milestone.source.clause,
                line.milestone.key,
            )


def two_dates(s: Subject) -> Iterator[Said]:
    """The same words for the same units, with two dates."""
    for one, other in combinations([line for line in _printed(s) if line.day], 2):
        a, b = one.milestone, other.milestone
        alike = a.stage == b.stage and one.period == other.period and _alike(a.title, b.title)
        if alike and one.day != other.day and not set(a.applies_to).isdisjoint(b.applies_to) and one.day and other.day:
            yield Said(
                f"{duty(a)} có hạn {vi(one.day)}, {within(b.source.clause)} ghi cùng việc ấy hạn {vi(other.day)}.",
                f"{duty_en(a)} is due on {one.day}, {within_en(b.source.clause)} has the same duty on {other.day}.",
                "Hỏi nơi ban hành hạn nào đúng; trong khi chờ, theo hạn đến sớm hơn.",
                "Ask the issuer which one holds; until then keep the earlier.",
                b.source.clause,
                b.key,
            )


def lead_impossible(s: Subject) -> Iterator[Said]:
    """The days asked for before an event do not fit between the issue of the plan and the event's own last day."""
    earliest = s.issued_at_earliest
    if earliest is None:
        return
    for line in s.dated.annual:
        deadline = line.milestone.deadline
        event = _event_day(s, line)
        if not isinstance(deadline, Lead) or event is None:
            continue
        latest = _days_before(s, event, deadline)
        if latest and latest < earliest[0]:
            yield Said(
                f"{_where(line)} đòi {line.words}; họp chậm nhất ngày {vi(event)} thì phải gửi từ {vi(latest)}, "
                f"trước {earliest[1]}.",
                f"{_where_en(line)} asks for {line.words}; for an event on {event} at the latest that is {latest}, "
                f"before {earliest[2]}.",
                "Rút ngắn số ngày gửi trước hoặc lùi ngày họp.",
                "Ask for fewer days, or hold the meeting later.",
                line.milestone.source.clause,
                line.milestone.key,
            )


def _days_before(s: Subject, event: date, lead: Lead) -> date | None:
    """None where working days of a year are asked for that nobody has checked."""
    if not lead.working_days:
        return event - DAY * lead.days
    try:
        return s.workdays.add(event, -lead.days)
    except UncheckedYear:
        return None


def on_day_off(s: Subject) -> Iterator[Said]:
    """A printed date never moves by itself; the last working day before it is named. One sentence is told of once."""
    told: set[tuple[str, date]] = set()
    for line in s.dated.lines:
        day, clause = line.day, line.milestone.source.clause
        if day is None or day.year not in s.workdays.years or (clause, day) in told:
            continue
        if why := s.workdays.why_off(day):
            told.add((clause, day))
            off = weekday_vi(day) if why == weekday_vi(day) else f"{weekday_vi(day)}, {why}"
            yield Said(
                f"{_where(line)}: {line.words} có ngày cuối cùng là {vi(day)}, ngày nghỉ ({off}).",
                f"{_where_en(line)}: the last day of {line.words} is {day}, a day off ({_WEEKDAYS_EN[day.weekday()]}).",
                *_finish_before(s, day),
                clause,
                line.milestone.key,
            )


def _finish_before(s: Subject, day: date) -> tuple[str, str]:
    """The last working day before a day off, in both languages; New Year's Day may follow a year that nobody has checked."""
    try:
        better = s.workdays.at_or_before(day)
    except UncheckedYear:
        return "Hạn giữ nguyên; nhắc làm xong trước ngày nghỉ.", "The date stands; people are told to finish before it."
    return (
        f"Hạn giữ nguyên; nhắc làm xong trong {weekday_vi(better)} {vi(better)}.",
        f"The date stands; people are told to finish on {_WEEKDAYS_EN[better.weekday()]} {better}.",
    )


def unchecked_year(s: Subject) -> Iterator[Said]:
    for year in sorted({line.day.year for line in s.dated.lines if line.day} - s.workdays.years):
        yield Said(
            f"Có hạn trong năm {year}, mà lịch ngày nghỉ năm {year} chưa được kiểm tra.",
            f"There are dates in {year}, whose days off nobody has checked.",
            f"Thêm calendars/workdays/{year}.yaml theo thông báo nghỉ lễ của năm đó.",
            f"Add calendars/workdays/{year}.yaml from that year's notice.",
        )


def _printed(s: Subject) -> Iterator[Line]:
    return (line for line in s.dated.lines if line.printed)


def _event_day(s: Subject, line: Line) -> date | None:
    """The latest day of the event that a lead counts from: the units' review, or what provides the event."""
    anchor = getattr(line.milestone.deadline, "anchor", None)
    kinds = kinds_of(s.plan, line.milestone)
    days = [
        day
        for day, other in s.dated.dated
        if other.milestone.provides == anchor
        or (
            anchor == "review-meeting"
            and other.milestone.stage is Stage.SELF_ASSESS
            and not sent_on(s.plan, other.milestone)
            and kinds & kinds_of(s.plan, other.milestone)
        )
    ]
    return max(days, default=None)


def _alike(one: str, other: str) -> bool:
    a, b = words(one), words(other)
    return len(a & b) >= 0.8 * len(a | b)


def _meant(day: date, floor: date) -> str:
    later = _next_year(day)
    return f"Có thể là tháng {later:%m/%Y}. " if later >= floor else ""


def _meant_en(day: date, floor: date) -> str:
    later = _next_year(day)
    return f"Perhaps {later:%Y-%m} is meant. " if later >= floor else ""


def _next_year(day: date) -> date:
    return date(day.year + 1, day.month, min(day.day, 28))


def _where(line: Line) -> str:
    return at(line.milestone.source.clause)


def _where_en(line: Line) -> str:
    return at_en(line.milestone.source.clause)
