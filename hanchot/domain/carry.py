"""Carrying a plan's dates over to another year: provisional until the real document is issued."""

from __future__ import annotations

import calendar
from datetime import date

from hanchot.domain.deadline import Before, By, Deadline, Within
from hanchot.domain.errors import BadPlan
from hanchot.domain.plan import Plan


def carry_over(plan: Plan, year: int) -> Plan:
    """``plan`` for ``year``: every printed date moved by whole years, marked provisional; number, issue date, the plan
    above, where it was read from and the lists of papers are last year's document's, and dropped.

    29/02 becomes 28/02 in a year without it. Words that name no year stay as they are. Raises ``BadPlan`` when the
    plan has dates but no year to count from.
    """
    base = plan.year or plan.document.year
    if base is None:
        return plan.model_copy(
            update={"year": year, "key": _key(plan.key, None, year), "provisional": True, "carried_from": plan.key}
        )
    shift = year - base
    if shift == 0:
        raise BadPlan(f"Kế hoạch {plan.key} đã là của năm {year}.", way_out="Chọn năm khác.")
    return plan.model_copy(
        update={
            "key": _key(plan.key, base, year),
            "year": year,
            "provisional": True,
            "carried_from": plan.document.number or plan.key,
            "parent": None,
            "provenance": None,
            "starts": _move(plan.starts, shift),
            "document": plan.document.model_copy(
                update={
                    "number": None,
                    "issued_on": None,
                    "year": year,
                    "title": plan.document.title.replace(str(base), str(year)),
                }
            ),
            "milestones": tuple(
                m.model_copy(
                    update={
                        "deadline": _moved(m.deadline, shift),
                        "title": m.title.replace(str(base), str(year)),
                        "dossier": None,
                    }
                )
                for m in plan.milestones
            ),
        }
    )


def _key(key: str, base: int | None, year: int) -> str:
    return key.replace(str(base), str(year)) if base and str(base) in key else f"{key}-{year}"


def _move(day: date | None, years: int) -> date | None:
    if day is None:
        return None
    year = day.year + years
    return date(year, day.month, min(day.day, calendar.monthrange(year, day.month)[1]))


def _moved(deadline: Deadline, years: int) -> Deadline:
    if isinstance(deadline, Before | By):
        return deadline.model_copy(update={"date": _move(deadline.date, years)})
    if isinstance(deadline, Within):
        end = deadline.end
        moved = _move(end, years)
        if end and moved and end.day == calendar.monthrange(end.year, end.month)[1]:  # a month's end stays a month's end
            moved = moved.replace(day=calendar.monthrange(moved.year, moved.month)[1])
        return deadline.model_copy(update={"start": _move(deadline.start, years), "end": moved})
    return deadline
