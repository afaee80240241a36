"""Who is reviewed and rated (đối tượng): members, those exempt from it as of a day, and those who still lack a paper.

Sources: 211-KH/ĐUK II.1.2 and III.1.3, the plan of Lùng Phình II.2, 366-QĐ/TW Điều 5, 43-HD/BTCTW mục 7. None of them says
to which day “chưa đủ 6 tháng” is counted: the department sets ``counted_to``, and without it the answer is a refusal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

import pendulum
from pydantic import BaseModel, ConfigDict, Field

from hanchot.domain.cited import Cited, Refusal
from hanchot.domain.house_rules import NO_TEXT


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class NewMembers(_Part):
    """Members admitted less than ``months`` months ago are exempt."""

    months: int = Field(ge=1, le=24)
    cited: Cited


class LongLeave(_Part):
    """Leave of at least ``months`` months in the year: rated all the same, on the work really done."""

    months: int = Field(ge=1, le=12)
    cited: Cited


class EligibilityRules(_Part):
    """Who is exempt, and on which clause. None: the basis is silent."""

    excused: Cited | None = None
    suspended: Cited | None = None
    new_members: NewMembers | None = None
    temporary: Cited | None = Field(default=None, description="rated at the official cell after the temporary cell's comment")
    non_member: Cited | None = Field(default=None, description="who is no member follows the Government's decree")
    non_member_leader: Cited | None = Field(default=None, description="reviewed in the leadership collective only")
    long_leave: LongLeave | None = None
    suspended_from_committee: Cited | None = Field(default=None, description="reviewed at the cell")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of local days, both counted; ``end`` None while it lasts. ``paper``: the decision that says so."""

    start: date
    end: date | None = None
    paper: str = ""

    def holds(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class Leave:
    """Sick or maternity leave."""

    kind: Literal["sick", "maternity"]
    stretch: Stretch


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What is known of one person. ``admitted_on`` None: no Party member."""

    name: str
    admitted_on: date | None
    official_cell: str = ""
    leads: bool = False
    excused: Stretch | None = None
    suspended: Stretch | None = None
    suspended_from_committee: Stretch | None = None
    temporary_cell: str | None = None
    temporary_comment_on: date | None = None
    leaves: tuple[Leave, ...] = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to bear in mind that blocks nothing."""

    words: str
    basis: Cited


@dataclass(frozen=True, slots=True)
class Eligible:
    """Reviewed and rated."""

    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Exempt:
    """Neither reviewed nor rated, and in no denominator."""

    reason: str
    basis: Cited


@dataclass(frozen=True, slots=True)
class OtherTrack:
    """Rated under another rule, in the same calendar; in no denominator of members."""

    reason: str
    basis: Cited


@dataclass(frozen=True, slots=True)
class Needs:
    """Reviewed and rated, but not before this is in."""

    missing: tuple[Refusal, ...]


Standing = Eligible | Exempt | OtherTrack | Needs


def standing_of(person: PersonFacts, as_of: date, rules: EligibilityRules, counted_to: date | None = None) -> Standing:
    """How ``person`` stands on the local day ``as_of``; months since admission are counted to the end of ``counted_to``."""
    if person.admitted_on is None:
        return _non_member(person, rules)
    if rules.excused and person.excused and person.excused.holds(as_of):
        return Exempt(_because("được miễn công tác và sinh hoạt đảng", person.excused), rules.excused)
    if rules.suspended and person.suspended and person.suspended.holds(as_of):
        return Exempt(_because("bị đình chỉ sinh hoạt đảng", person.suspended), rules.suspended)
    new = _newly_admitted(person.admitted_on, as_of, rules.new_members, counted_to)
    if new is not None:
        return new
    if missing := _temporary(person, rules):
        return Needs((missing,))
    return Eligible(tuple(_remarks(person, as_of, rules)))


def in_base(standing: Standing) -> bool:
    """Whether the person counts in the base of votes and quotas: exempt persons leave every denominator."""
    return isinstance(standing, Eligible | Needs)


def months_complete_on(admitted: date, months: int) -> date:
    """The local day at whose end ``months`` months are full: the corresponding day, or the month's last (BLDS Điều 148.3)."""
    return pendulum.date(admitted.year, admitted.month, admitted.day).add(months=months)


def _non_member(person: PersonFacts, rules: EligibilityRules) -> Standing:
    if person.leads and rules.non_member_leader:
        words = "chưa là đảng viên: kiểm điểm ở tập thể lãnh đạo, quản lý mà mình là thành viên, không kiểm điểm ở chi bộ"
        return Eligible((Remark(words, rules.non_member_leader),))
    if rules.non_member:
        return OtherTrack("chưa là đảng viên: đánh giá theo Nghị định của Chính phủ", rules.non_member)
    return OtherTrack("chưa là đảng viên: ngoài phạm vi xếp loại đảng viên", NO_TEXT)


def _newly_admitted(admitted: date, as_of: date, rule: NewMembers | None, counted_to: date | None) -> Standing | None:
    if rule is None:
        return None
    full = months_complete_on(admitted, rule.months)
    if counted_to is None:
        # Full for a year already: full on whatever day of the period the department may choose.
        return None if full <= pendulum.date(as_of.year, as_of.month, as_of.day).subtract(years=1) else _no_day(admitted, rule)
    if full <= counted_to:
        return None
    words = f"mới kết nạp ngày {admitted:%d/%m/%Y}, đến ngày {counted_to:%d/%m/%Y} chưa đủ {rule.months} tháng"
    return Exempt(words, rule.cited)


def _no_day(admitted: date, rule: NewMembers) -> Needs:
    refusal = Refusal(
        code="no-reference-day",
        message=f"Chưa xác định được đảng viên kết nạp ngày {admitted:%d/%m/%Y} đã đủ {rule.months} tháng hay chưa: "
        "văn bản không nêu tính đến ngày nào.",
        way_out="Ban Tổ chức đặt ngày tính tuổi đảng của đợt rồi xét lại.",
        basis=rule.cited,
    )
    return Needs((refusal,))


def _temporary(person: PersonFacts, rules: EligibilityRules) -> Refusal | None:
    if not (person.temporary_cell and rules.temporary) or person.temporary_comment_on:
        return None
    return Refusal(
        code="no-temporary-comment",
        message=f"Chưa xếp loại được {person.name}: đang sinh hoạt tạm thời tại {person.temporary_cell}, "
        "chi bộ ấy chưa gửi nhận xét.",
        way_out=f"Lấy ý kiến nhận xét của {person.temporary_cell}, ghi ngày nhận, rồi xếp loại ở chi bộ sinh hoạt chính thức.",
        basis=rules.temporary,
    )


def _remarks(person: PersonFacts, as_of: date, rules: EligibilityRules) -> Iterable[Remark]:
    if person.temporary_cell and rules.temporary:
        yield Remark("sinh hoạt tạm thời: kiểm điểm, xếp loại ở chi bộ sinh hoạt chính thức", rules.temporary)
    if rules.long_leave and any(_is_long(leave, as_of.year, rules.long_leave.months) for leave in person.leaves):
        yield Remark("nghỉ dài trong năm: đánh giá theo thời gian làm việc thực tế", rules.long_leave.cited)
    removed = person.suspended_from_committee
    if removed and removed.holds(as_of) and rules.suspended_from_committee:
        yield Remark("bị đình chỉ sinh hoạt cấp ủy: kiểm điểm ở chi bộ", rules.suspended_from_committee)


def _is_long(leave: Leave, year: int, months: int) -> bool:
    """Maternity leave always counts; sick leave when its part inside the year lasts ``months`` months."""
    start = max(leave.stretch.start, date(year, 1, 1))
    end = min(leave.stretch.end or date(year, 12, 31), date(year, 12, 31))
    if start > end:
        return False
    return leave.kind == "maternity" or months_complete_on(start, months) <= end.fromordinal(end.toordinal() + 1)


def _because(words: str, stretch: Stretch) -> str:
    return f"{words} ({stretch.paper})" if stretch.paper else words
