"""Review meetings (hội nghị kiểm điểm): how long, told how early, approved by whom, and who cannot be in two places.

Sources: the plan of the district 2023 IV.1, 211-KH/ĐUK V.1, 13-HD/TU III and IV, the plan of the town 2022 III.2,
43-HD/BTCTW. Instants are aware; days and half-days are local.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from pydantic import BaseModel, ConfigDict, Field

from hanchot.domain.cited import Cited, Refusal
from hanchot.domain.deadline import Context, Lead, Weekly, resolve
from hanchot.domain.house_rules import ONE_PLACE
from hanchot.domain.instants import at_local, local_day
from hanchot.domain.workdays import DAY, WorkCalendar, weekday_vi

WEEK = timedelta(days=7)
NOON = time(12)
MEETING = "review-meeting"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Duration(_Part):
    """``half_days`` at least. With suggested topics ``topic_half_days``; None: the level that suggests decides."""

    half_days: int = Field(ge=1)
    topic_half_days: int | None = Field(default=None, ge=1)
    cited: Cited


class LeadTime(_Part):
    """Papers to the attenders so many days before; ``listed_only``: only where the unit stands in the list of attended ones."""

    what: str
    days: int = Field(ge=0)
    working_days: bool = False
    listed_only: bool = False
    to: tuple[str, ...] = Field(default=(), description="every addressee, where the basis names more than the attenders")
    cited: Cited


class Booking(_Part):
    """The weekly moment before which a meeting is registered for the next week's schedule."""

    cutoff: Weekly
    cited: Cited


class Approvals(_Part):
    """Who must agree to the time before the meeting."""

    by: tuple[str, ...] = Field(min_length=1)
    cited: Cited


class SessionRules(_Part):
    """Rules on meetings; None: the basis is silent."""

    duration: Duration | None = None
    lead: LeadTime | None = None
    booking: Booking | None = None
    approvals: Approvals | None = None
    must_attend: Cited | None = Field(default=None, description="the member in charge attends")
    topics_attended: Cited | None = Field(default=None, description="where topics were suggested, a superior attends")
    opinions: Cited | None = Field(default=None, description="who attends gives an opinion on the rating")


@dataclass(frozen=True, slots=True)
class Request:
    """A meeting as its unit asks for it. ``papers_on``: the local day on which invitation and papers go out.

    ``topics``: the superior level suggested topics; ``topic_half_days``: how long it wants the meeting then.
    """

    unit: str
    starts: datetime
    ends: datetime
    registered_at: datetime
    papers_on: date | None = None
    papers_to: frozenset[str] = frozenset()
    attends: tuple[str, ...] = ()
    in_charge: str | None = None
    approved_by: frozenset[str] = frozenset()
    listed: bool = True
    topics: bool = False
    topic_half_days: int | None = None


@dataclass(frozen=True, slots=True)
class Booked:
    """A meeting that stands in the schedule."""

    unit: str
    starts: datetime
    ends: datetime
    attends: tuple[str, ...] = ()


def book(
    request: Request, booked: Iterable[Booked], rules: SessionRules, workdays: WorkCalendar
) -> Booked | tuple[Refusal, ...]:
    """The meeting in the schedule, or everything that stands against it, each with what would make it right."""
    if request.ends <= request.starts:
        raise ValueError("a meeting ends after it begins")
    against = (
        *_too_short(request, rules.duration),
        *_papers_late(request, rules.lead, workdays),
        *_registered_late(request, rules.booking),
        *_not_approved(request, rules.approvals),
        *_nobody_above(request, rules),
        *_clashes(request, booked),
    )
    return against or Booked(request.unit, request.starts, request.ends, request.attends)


def split(
    refusals: Iterable[Refusal], request: Request, rules: SessionRules, workdays: WorkCalendar, today: date
) -> tuple[tuple[Refusal, ...], tuple[Refusal, ...]]:
    """What stands against a booking now, and what may still be done after it: approvals, and papers that can still be in
    time on the local day ``today``. A unit registers before it sends its papers (the plan of the district 2023 IV.1).
    """
    in_time = rules.lead is None or today <= latest_papers(local_day(request.starts), rules.lead, workdays)
    later = {"not-approved", "papers-not-sent-to"} | ({"papers-late"} if request.papers_on is None and in_time else set())
    found = tuple(refusals)
    return tuple(r for r in found if r.code not in later), tuple(r for r in found if r.code in later)


def half_days(starts: datetime, ends: datetime) -> int:
    """Half-days (buổi) that a meeting takes: each morning and afternoon that it touches; two make one day (01 ngày)."""
    return sum(
        1
        for day in _days(local_day(starts), local_day(ends))
        for begin, end in ((at_local(day, time(0)), at_local(day, NOON)), (at_local(day, NOON), at_local(day + DAY, time(0))))
        if starts < end and begin < ends
    )


def latest_papers(meeting: date, rule: LeadTime, workdays: WorkCalendar) -> date:
    """The last local day for invitation and papers: counted back, the meeting's own day not counted."""
    lead = Lead(kind="lead", days=rule.days, working_days=rule.working_days, anchor=MEETING)
    due = resolve(lead, Context(meeting.year, events={MEETING: meeting}, workdays=workdays))
    assert due.last_day is not None
    return due.last_day


def first_week(registered_at: datetime, rule: Booking) -> date:
    """The Monday of the first week whose schedule still takes a meeting registered at this instant.

    Before the cut-off: next week; at it or later: the week after. A cut-off never moves for a holiday by itself.
    """
    day = local_day(registered_at)
    monday = day - DAY * (day.isoweekday() - 1)
    cut = at_local(monday + DAY * (rule.cutoff.weekday - 1), rule.cutoff.time or time(0))
    if rule.cutoff.bound == "before":
        in_time = registered_at < cut
    else:
        in_time = registered_at <= (cut if rule.cutoff.time else cut + DAY)
    return monday + (WEEK if in_time else 2 * WEEK)


def opinions_missing(meeting: Booked, opinions: Iterable[str], rules: SessionRules) -> tuple[Refusal, ...]:
    """Attenders whose opinion on the rating is not recorded yet (the plan of Lùng Phình VI.1.a)."""
    if rules.opinions is None:
        return ()
    given = frozenset(opinions)
    return tuple(
        Refusal(
            code="no-opinion",
            message=f"{who} dự kiểm điểm tại {meeting.unit} chưa có ý kiến nhận xét, đề xuất mức xếp loại.",
            way_out=f"Ghi ý kiến của {who}, hoặc ghi lý do vắng mặt.",
            basis=rules.opinions,
        )
        for who in meeting.attends
        if who not in given
    )


def _too_short(request: Request, rule: Duration | None) -> Iterator[Refusal]:
    if rule is None:
        return
    wanted = rule.half_days
    if request.topics:
        decided = request.topic_half_days or rule.topic_half_days
        if decided is None:
            yield Refusal(
                code="topic-duration-unset",
                message=f"{request.unit} được gợi ý kiểm điểm, nhưng cấp gợi ý chưa quyết định thời gian kiểm điểm.",
                way_out="Ghi thời gian kiểm điểm do cấp gợi ý quyết định.",
                basis=rule.cited,
            )
            return
        wanted = max(wanted, decided)
    held = half_days(request.starts, request.ends)
    if held < wanted:
        yield Refusal(
            code="too-short",
            message=f"Hội nghị của {request.unit} dự kiến {_vi(held)}, phải ít nhất {_vi(wanted)}"
            f"{' vì có gợi ý kiểm điểm' if request.topics else ''}.",
            way_out=f"Kéo dài hội nghị đến đủ {_vi(wanted)}.",
            basis=rule.cited,
        )


def _papers_late(request: Request, rule: LeadTime | None, workdays: WorkCalendar) -> Iterator[Refusal]:
    if rule is None or (rule.listed_only and not request.listed):
        return
    for who in rule.to:
        if who not in request.papers_to:
            said = f"{rule.what} của {request.unit} chưa gửi {who}."
            yield Refusal(code="papers-not-sent-to", message=said, way_out=f"Gửi {who} và ghi ngày gửi.", basis=rule.cited)
    meeting = local_day(request.starts)
    last = latest_papers(meeting, rule, workdays)
    if request.papers_on is not None and request.papers_on <= last:
        return
    unit = "ngày làm việc" if rule.working_days else "ngày"
    said = f"gửi ngày {request.papers_on:%d/%m/%Y}" if request.papers_on else "chưa ghi ngày gửi"
    yield Refusal(
        code="papers-late",
        message=f"{rule.what} cho hội nghị ngày {meeting:%d/%m/%Y} {said}; phải gửi trước ít nhất {rule.days} {unit}.",
        way_out=f"Gửi chậm nhất {weekday_vi(last)} {last:%d/%m/%Y}, hoặc lùi ngày họp.",
        basis=rule.cited,
    )


def _registered_late(request: Request, rule: Booking | None) -> Iterator[Refusal]:
    if rule is None:
        return
    monday = first_week(request.registered_at, rule)
    meeting = local_day(request.starts)
    if meeting >= monday:
        return
    at = f"{rule.cutoff.time:%Hh%M} " if rule.cutoff.time else ""
    yield Refusal(
        code="registered-late",
        message=f"Đăng ký không kịp lịch của tuần có ngày {meeting:%d/%m/%Y}: "
        f"phải trước {at}{_weekday(rule.cutoff.weekday)} của tuần trước đó.",
        way_out=f"Chọn ngày họp từ thứ Hai {monday:%d/%m/%Y}.",
        basis=rule.cited,
    )


def _not_approved(request: Request, rule: Approvals | None) -> Iterator[Refusal]:
    for who in rule.by if rule else ():
        if who not in request.approved_by:
            assert rule is not None
            yield Refusal(
                code="not-approved",
                message=f"Thời gian kiểm điểm của {request.unit} chưa được {who} thống nhất.",
                way_out=f"Đăng ký và ghi ý kiến thống nhất của {who}.",
                basis=rule.cited,
            )


def _nobody_above(request: Request, rules: SessionRules) -> Iterator[Refusal]:
    if rules.must_attend and request.in_charge and request.in_charge not in request.attends:
        yield Refusal(
            code="in-charge-absent",
            message=f"{request.in_charge} phụ trách {request.unit} nhưng không có trong thành phần dự.",
            way_out=f"Mời {request.in_charge}, hoặc chọn ngày người ấy dự được.",
            basis=rules.must_attend,
        )
    if rules.topics_attended and request.topics and not request.attends:
        yield Refusal(
            code="topics-unattended",
            message=f"{request.unit} được gợi ý kiểm điểm nhưng chưa có người của cấp trên dự.",
            way_out="Ghi người hoặc tổ công tác được phân công dự.",
            basis=rules.topics_attended,
        )


def _clashes(request: Request, booked: Iterable[Booked]) -> Iterator[Refusal]:
    """Two meetings that only touch do not clash; a unit's own earlier booking is replaced, so it does not count."""
    for other in booked:
        both = sorted(set(request.attends) & set(other.attends))
        if other.unit == request.unit or not both or not (request.starts < other.ends and other.starts < request.ends):
            continue
        yield Refusal(
            code="clash",
            message=f"{', '.join(both)} đã có lịch dự kiểm điểm tại {other.unit} cùng lúc.",
            way_out="Chọn buổi khác, hoặc phân công người khác dự.",
            basis=ONE_PLACE,
        )


def _days(first: date, last: date) -> Iterator[date]:
    return (first + DAY * n for n in range((last - first).days + 1))


def _weekday(iso: int) -> str:
    return weekday_vi(date(2024, 1, iso))  # 01/01/2024 is a Monday


def _vi(halves: int) -> str:
    days, rest = divmod(halves, 2)
    return " ".join([f"{days:02} ngày"] * bool(days) + ["01 buổi"] * rest)
