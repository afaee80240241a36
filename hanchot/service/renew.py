"""Next year's plan from this year's: dates carried over and provisional until the document is issued, or out of the
document itself; with what a person must look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from hanchot.domain import compare
from hanchot.domain.acts import Acts
from hanchot.domain.carry import carry_over
from hanchot.domain.compare import What
from hanchot.domain.deadline import Announced, Unset
from hanchot.domain.draft import Draft
from hanchot.domain.duty import Duty, duties_of_plan
from hanchot.domain.plan import Milestone, Period, Plan, resolve_milestone
from hanchot.domain.renewed import renewed_from
from hanchot.domain.workdays import WorkCalendar


@dataclass(frozen=True)
class Change:
    """One milestone then and now. ``was`` and ``becomes`` are last days; ``why`` says what was done, in Vietnamese.

    ``old`` and ``new`` are the duty as each document words it, ``shift`` the days it moved against the same day of the
    year before, ``confidence`` how sure it is that the two are one duty (1 where nothing had to be guessed).
    """

    key: str
    title: str
    was: date | None
    becomes: date | None
    day_off: str | None
    why: str
    what: What = "same"
    shift: int | None = None
    confidence: float = 1.0
    unsure: bool = False
    old: Duty | None = None
    new: Duty | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "key": self.key, "title": self.title, "was": str(self.was) if self.was else None,
            "becomes": str(self.becomes) if self.becomes else None, "day_off": self.day_off, "why": self.why,
            "what": self.what, "shift_days": self.shift, "confidence": self.confidence,
            "old": self.old.to_json() if self.old else None, "new": self.new.to_json() if self.new else None,
        }  # fmt: skip


@dataclass(frozen=True)
class Notice:
    """What a person should look at before the cycle is opened. ``code``: replaced-regulation, replaced-basis, undated,
    unchecked-year.
    """

    code: str
    message: str
    way_out: str

    def to_json(self) -> dict[str, str]:
        return {"code": self.code, "message": self.message, "way_out": self.way_out}


@dataclass(frozen=True)
class Renewal:
    """A plan for another year and the difference to the one it comes from."""

    plan: Plan
    changes: tuple[Change, ...]
    notices: tuple[Notice, ...] = ()

    def count(self, what: What) -> int:
        return sum(change.what == what for change in self.changes)

    @property
    def days_off(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.day_off)

    def to_json(self) -> dict[str, Any]:
        return {
            "key": self.plan.key, "year": self.plan.year, "number": self.plan.document.number,
            "provisional": self.plan.provisional, "unconfirmed": self.plan.unconfirmed,
            "changes": [change.to_json() for change in self.changes],
            "notices": [notice.to_json() for notice in self.notices],
        }  # fmt: skip


def renew(plan: Plan, year: int, workdays: WorkCalendar, acts: Acts | None = None) -> Renewal:
    """Carry ``plan`` over to ``year`` and say, milestone by milestone, what became of its date."""
    renewed = carry_over(plan, year)
    there = _Year(year, workdays)
    old = duties_of_plan(plan, year)
    changes = tuple(_carried(plan, renewed, one, there) for one in old)
    return Renewal(renewed, changes, tuple(_notices(plan, renewed, changes, there, acts or Acts())))


def renew_from(plan: Plan, year: int, draft: Draft, workdays: WorkCalendar, acts: Acts | None = None) -> Renewal:
    """The plan of ``year`` out of the document that was read, matched with ``plan``; unconfirmed."""
    renewed, differences = renewed_from(plan, draft, year)
    there = _Year(year, workdays)
    made = iter(renewed.milestones)
    changes = tuple(_compared(plan, renewed, one, None if one.what == "dropped" else next(made), there) for one in differences)
    return Renewal(renewed, changes, tuple(_notices(plan, renewed, changes, there, acts or Acts())))


def read_document(path: Path) -> Draft:
    """What the reader sees in a document. Raises ``BadDocument`` when the file cannot be read."""
    from hanchot.reader.files import read_file  # slow to import, and needed for nothing else here
    from hanchot.reader.reading import read_draft

    text = read_file(path)
    return read_draft(text.lines, text.remarks)


@dataclass(frozen=True)
class _Year:
    """A year under review with its working days."""

    year: int
    workdays: WorkCalendar

    def last_day(self, plan: Plan, milestone: Milestone, year: int | None = None) -> date | None:
        """Of a quarterly duty: in the first quarter that is assessed."""
        quarter = (plan.quarters or (1,))[0] if milestone.period == "quarterly" else None
        return resolve_milestone(plan, milestone, Period(year=year or self.year, quarter=quarter), self.workdays).last_day

    def day_off(self, day: date | None) -> str | None:
        return self.workdays.why_off(day) if day and day.year in self.workdays.years else None


def _carried(plan: Plan, renewed: Plan, duty: Duty, there: _Year) -> Change:
    old, new = plan.milestones[duty.place], renewed.milestones[duty.place]
    was = there.last_day(plan, old, plan.year or plan.document.year or there.year - 1)
    becomes = there.last_day(renewed, new)
    off = there.day_off(becomes)
    if becomes is None:
        why = "kế hoạch trước không có ngày; giữ nguyên"
    elif off:
        why = f"giữ ngày tháng, chuyển năm; rơi vào {off}, nên xong trong ngày {there.workdays.at_or_before(becomes):%d/%m/%Y}"
    else:
        why = "giữ ngày tháng, chuyển năm; tạm tính đến khi có kế hoạch mới"
    return Change(new.key, new.title, was, becomes, off, why, old=duty)


def _compared(plan: Plan, renewed: Plan, one: compare.Change, new: Milestone | None, there: _Year) -> Change:
    old = plan.milestones[one.old.place] if one.old else None
    named = new or old
    assert named is not None
    was = there.last_day(plan, old, plan.year or plan.document.year or there.year - 1) if old else None
    becomes = there.last_day(renewed, new) if new else None
    off = there.day_off(becomes)
    why = (
        f"{one.why}; rơi vào {off}, nên xong trong ngày {there.workdays.at_or_before(becomes):%d/%m/%Y}"
        if becomes and off
        else one.why
    )
    return Change(
        named.key, named.title, was, becomes, off, why, one.what, one.shift, one.confidence, one.unsure, one.old, one.new
    )


def _notices(plan: Plan, renewed: Plan, changes: tuple[Change, ...], there: _Year, acts: Acts) -> Iterator[Notice]:
    yield from _replaced(renewed, there.year, acts)
    days = {change.becomes.year for change in changes if change.becomes}
    for year in sorted(days - there.workdays.years):
        yield Notice(
            "unchecked-year", f"Lịch ngày làm việc năm {year} chưa được kiểm tra nên chưa biết hạn nào rơi vào ngày nghỉ.",
            f"Thêm calendars/workdays/{year}.yaml theo thông báo nghỉ lễ.",
        )  # fmt: skip
    for year in sorted(days & there.workdays.provisional):
        yield Notice(
            "unchecked-year", f"Lịch nghỉ năm {year} còn tạm tính, chưa có thông báo chính thức.",
            f"Sửa calendars/workdays/{year}.yaml khi có thông báo.",
        )  # fmt: skip
    undated = [m.title for m in renewed.milestones if isinstance(m.deadline, Unset | Announced)]
    if undated:
        yield Notice(
            "undated", f"{len(undated)} mốc chưa có ngày: {'; '.join(undated)}.",
            "Sau khi mở đợt, Ban Tổ chức đặt ngày cho từng mốc ấy.",
        )  # fmt: skip


def _replaced(renewed: Plan, year: int, acts: Acts) -> Iterator[Notice]:
    """The rules of the year under review are those in force at its end."""
    end = date(year, 12, 31)
    rule = acts.find(renewed.regulation)
    now = acts.in_force(rule.theme, end) if rule and rule.theme else None
    if rule and now and now != rule:
        yield Notice(
            "replaced-regulation",
            f"Kế hoạch trước theo {rule.number}; từ {now.begins:%d/%m/%Y} đã thay bằng {now.number}, áp dụng cho năm {year}.",
            "Đối chiếu mức xếp loại, điều kiện và hồ sơ, rồi sửa dòng regulation trong tệp lịch.",
        )
    for basis in renewed.document.legal_bases:
        act = acts.find(basis.number)
        newer = acts.in_force(act.theme, end) if act and act.theme and act != rule else None
        if act and newer and newer != act:
            yield Notice(
                "replaced-basis", f"Căn cứ {act.number} đã được thay bằng {newer.number} ({newer.issued_on:%d/%m/%Y}).",
                "Văn bản mới sẽ dẫn căn cứ mới; đối chiếu các mốc dựa vào căn cứ cũ.",
            )  # fmt: skip
