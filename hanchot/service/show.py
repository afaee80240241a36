"""A plan as people read it: every milestone with its last moment, who it applies to and where the document says so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from hanchot.domain.deadline import Due, event_vi
from hanchot.domain.errors import BadPlan, UncheckedYear
from hanchot.domain.instants import local_iso
from hanchot.domain.plan import Milestone, Period, Plan, resolve_milestone
from hanchot.domain.workdays import WorkCalendar, weekday_vi


def plan_show(plan: Plan, period: Period | None, workdays: WorkCalendar) -> dict[str, Any]:
    """Head and milestones of ``plan``, ready for JSON.

    Without ``period`` all the plan's periods are shown, annual first. Instants carry the local offset; dates are
    local. Raises ``BadPlan`` when neither the plan nor ``period`` names a year.
    """
    periods = [period] if period else periods_of(plan)
    return {
        "key": plan.key,
        "document": plan.document.model_dump(mode="json"),
        "organiser": str(plan.organiser),
        "organiser_vi": plan.organiser.vi,
        "year": periods[0].year,
        "periods": [one.code for one in periods],
        "regulation": plan.regulation,
        "provisional": plan.provisional,
        "carried_from": plan.carried_from,
        "doubts": list(plan.doubts),
        "milestones": [_row(plan, m, one, workdays) for one in periods for m in plan.of_period(one.kind)],
    }


def periods_of(plan: Plan, year: int | None = None) -> list[Period]:
    """The periods a plan is for: its year, then its quarters. Raises ``BadPlan`` when no year is known."""
    year = year or plan.year or plan.document.year
    if year is None:
        raise BadPlan(
            f"Kế hoạch {plan.key} dùng cho mọi năm, chưa biết xem năm nào.",
            way_out="Nêu năm, ví dụ 2025.",
            command=f"hanchot plan show {plan.key} --period 2025",
        )
    return list(_periods(plan, year))


def _periods(plan: Plan, year: int) -> Iterator[Period]:
    if "annual" in plan.periods:
        yield Period(year=year)
    for quarter in plan.quarters:
        yield Period(year=year, quarter=quarter)


def _row(plan: Plan, m: Milestone, period: Period, workdays: WorkCalendar) -> dict[str, Any]:
    due = resolve_milestone(plan, m, period, workdays)
    return {
        "key": m.key,
        "title": m.title,
        "period": period.code,
        "stage": str(m.stage),
        "stage_vi": m.stage.vi,
        "applies_to": [str(kind) for kind in m.applies_to],
        "applies_to_vi": [kind.vi for kind in m.applies_to],
        "kind": m.deadline.kind,
        **_dates(due, workdays),
        "waits_for": due.waits_for,
        "waits_for_vi": event_vi(due.waits_for) if due.waits_for else None,
        "why": due.why,
        "clause": m.source.clause,
        "phrase": m.source.phrase,
        "roles": m.roles.model_dump(mode="json"),
        "to": [to.model_dump(mode="json") for to in m.to],
        "after": [before.model_dump(mode="json") for before in m.after],
        "provides": m.provides,
        "until": m.until,
        "optional": m.optional,
        "doubt": m.doubt,
        "note": m.note,
        "provisional": plan.provisional or _year_is_provisional(due.last_day, workdays),
    }


def _dates(due: Due, workdays: WorkCalendar) -> dict[str, Any]:
    day = due.last_day
    day_off, advised = _day_off(day, workdays)
    return {
        "last_moment": local_iso(due.last_moment) if due.last_moment else None,
        "last_day": day.isoformat() if day else None,
        "weekday": weekday_vi(day) if day else None,
        "day_off": day_off,
        "advised_day": advised.isoformat() if advised else None,
        "opens_on": due.opens_on.isoformat() if due.opens_on else None,
    }


def _day_off(day: date | None, workdays: WorkCalendar) -> tuple[str | None, date | None]:
    """Why the last day is not worked, and the last working day before it. A printed date never moves by itself.

    A year that nobody has checked says nothing about its days off, so nothing is advised.
    """
    try:
        why = workdays.why_off(day) if day else None
        return (why, workdays.at_or_before(day)) if day and why else (None, None)
    except UncheckedYear:
        return None, None


def _year_is_provisional(day: date | None, workdays: WorkCalendar) -> bool:
    return day is not None and day.year in workdays.provisional
