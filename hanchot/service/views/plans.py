"""The plans in the calendars folders. A file that cannot be read is a line with its error, not a broken page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from hanchot.domain.errors import HanChotError, NotFound
from hanchot.domain.plan import Milestone, Period, Plan
from hanchot.service.services import Services
from hanchot.service.show import periods_of, plan_show
from hanchot.store.plan_files import load_plan, plan_paths


@dataclass(frozen=True, slots=True)
class PlanFile:
    """One file: the plan in it, or why it cannot be read."""

    name: str
    plan: Plan | None
    error: str = ""


@dataclass(frozen=True, slots=True)
class PlanPage:
    """A plan read for one year; ``year`` is None where the plan serves every year and none was asked for."""

    plan: Plan
    year: int | None
    rows: tuple[tuple[Milestone, dict[str, Any]], ...]


def plan_files(services: Services) -> tuple[PlanFile, ...]:
    """Every file of the installation's own folder and the delivered one, by name."""
    files = plan_paths(*services.settings.calendar_dirs)
    return tuple(_load(path, path.stat().st_mtime_ns) for path in files)


def plan_page(services: Services, key: str, year: int | None = None) -> PlanPage:
    """Raises ``NotFound``. Dates are those of ``year``, of the plan's own year, or none."""
    plan = next((one.plan for one in plan_files(services) if one.plan and one.plan.key == key), None)
    if plan is None:
        raise NotFound(f"Không có kế hoạch “{key}”.", way_out="Xem danh sách kế hoạch.")
    chosen = year or plan.year or plan.document.year
    if chosen is None:
        return PlanPage(plan, None, tuple((m, {}) for m in plan.milestones))
    rows = [row for period in periods_of(plan, chosen) for row in _rows(services, plan, period)]
    return PlanPage(plan, chosen, tuple(rows))


def _rows(services: Services, plan: Plan, period: Period) -> list[tuple[Milestone, dict[str, Any]]]:
    shown = plan_show(plan, period, services.workdays)["milestones"]
    return list(zip(plan.of_period(period.kind), shown, strict=True))


@lru_cache(maxsize=64)
def _load(path: Path, _changed: int) -> PlanFile:
    """Reading a plan takes a tenth of a second, so a file is read again only when it has changed."""
    try:
        return PlanFile(path.name, load_plan(path))
    except HanChotError as error:
        return PlanFile(path.name, None, str(error))
