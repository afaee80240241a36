"""Next year's plan from this year's: dates carried over and marked provisional until the document is issued."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from hanchot.domain.carry import carry_over
from hanchot.domain.errors import HanChotError
from hanchot.domain.instants import local_day
from hanchot.domain.plan import Period, Plan, resolve_milestone
from hanchot.domain.workdays import WorkCalendar
from hanchot.service import audit, incidents
from hanchot.service.services import Services
from hanchot.store.plan_files import dump_plan, plans_in


@dataclass(frozen=True)
class Change:
    """One milestone then and now. ``was`` and ``becomes`` are last days; ``why`` says what was done, in Vietnamese."""

    key: str
    title: str
    was: date | None
    becomes: date | None
    day_off: str | None
    why: str

    def to_json(self) -> dict[str, object]:
        return {
            "key": self.key, "title": self.title, "was": str(self.was) if self.was else None,
            "becomes": str(self.becomes) if self.becomes else None, "day_off": self.day_off, "why": self.why,
        }  # fmt: skip


@dataclass(frozen=True)
class Renewal:
    """A provisional plan and the difference to the one it comes from."""

    plan: Plan
    changes: tuple[Change, ...]

    def to_json(self) -> dict[str, object]:
        return {"key": self.plan.key, "year": self.plan.year, "provisional": self.plan.provisional,
                "changes": [change.to_json() for change in self.changes]}  # fmt: skip


def renew(plan: Plan, year: int, workdays: WorkCalendar) -> Renewal:
    """Carry ``plan`` over to ``year`` and say, milestone by milestone, what became of its date."""
    renewed = carry_over(plan, year)
    base = plan.year or plan.document.year
    changes = tuple(_change(plan, renewed, key, base or year - 1, year, workdays) for key in (m.key for m in plan.milestones))
    return Renewal(renewed, changes)


def _change(plan: Plan, renewed: Plan, key: str, base: int, year: int, workdays: WorkCalendar) -> Change:
    old, new = plan.milestone(key), renewed.milestone(key)
    quarter = (plan.quarters or (1,))[0] if old.period == "quarterly" else None
    was = resolve_milestone(plan, old, Period(year=base, quarter=quarter), workdays).last_day
    becomes = resolve_milestone(renewed, new, Period(year=year, quarter=quarter), workdays).last_day
    off = workdays.why_off(becomes) if becomes and becomes.year in workdays.years else None
    if becomes is None:
        why = "kế hoạch trước không có ngày; giữ nguyên"
    elif off:
        why = f"giữ ngày tháng, chuyển năm; rơi vào {off}, nên xong trước {workdays.at_or_before(becomes):%d/%m/%Y}"
    else:
        why = "giữ ngày tháng, chuyển năm; tạm tính đến khi có kế hoạch mới"
    return Change(key, new.title, was, becomes, off, why)


@dataclass(frozen=True)
class Drafts:
    """What the October run drafted: files written, and plans that were left alone with the reason."""

    written: tuple[str, ...]
    left: tuple[str, ...]


def draft_next_year(services: Services, now: datetime) -> Drafts:
    """Draft the coming season's plan of every calendar of the season before, once; the department is told by incident.

    Drafts lie in ``<home>/drafts`` and are opened by nobody but a person.
    """
    year = local_day(now).year
    folder = services.settings.home / "drafts"
    written, left = [], []
    for plan in plans_in(services.settings.calendars_dir):
        base = plan.year or plan.document.year
        if base is not None and base >= year:
            left.append(f"{plan.key}: đã là kế hoạch của năm {base}")
            continue
        try:
            renewed = renew(plan, year, services.workdays).plan
        except HanChotError as error:
            left.append(f"{plan.key}: {error}")
            continue
        path = folder / f"{renewed.key}.yaml"
        if path.exists():
            left.append(f"{renewed.key}: đã có bản nháp")
            continue
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(dump_plan(renewed), encoding="utf-8")
        written.append(renewed.key)
    if written:
        _tell_department(services, written, year, now)
    return Drafts(tuple(written), tuple(left))


def _tell_department(services: Services, written: list[str], year: int, now: datetime) -> None:
    names = ", ".join(written)
    with services.db.write() as connection:
        message = f"Đã dự thảo kế hoạch năm {year} (ngày tạm tính): {names}. Xem, sửa rồi mở đợt khi kế hoạch được ban hành."
        incidents.report(connection, f"renew:{year}", "plan", message, now)
        audit.record(connection, now, "hạn chót", "plan.drafted", f"năm {year}", data={"plans": names})
