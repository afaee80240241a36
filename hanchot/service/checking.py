"""The check of plans: gather calendars, their parents, working days and acts; decide; answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from hanchot.domain.acts import Acts, number_key
from hanchot.domain.checks import Subject, check
from hanchot.domain.dated_plan import DatedPlan, date_plan
from hanchot.domain.errors import HanChotError
from hanchot.domain.finding import Finding, Severity
from hanchot.domain.plan import Plan
from hanchot.domain.workdays import WorkCalendar
from hanchot.store.plan_files import load_plan, plan_paths


def check_plans(
    plans: Sequence[Plan],
    workdays: WorkCalendar,
    acts: Acts,
    *,
    parent: Plan | None = None,
    known: Iterable[Plan] = (),
    year: int | None = None,
) -> tuple[Finding, ...]:
    """All findings about ``plans``, plan by plan, errors first.

    ``parent`` is the plan above each of them that is not ``parent`` itself; otherwise it is looked for by what each
    names, among ``plans`` and ``known``. ``year`` is for standing guidances. Raises nothing: what cannot be worked out
    is a finding.
    """
    at_hand = [*plans, *known]
    return tuple(finding for plan in plans for finding in check(_subject(plan, plans, at_hand, parent, workdays, acts, year)))


def _subject(
    plan: Plan, plans: Sequence[Plan], at_hand: Sequence[Plan], parent: Plan | None, workdays: WorkCalendar, acts: Acts,
    year: int | None,
) -> Subject:  # fmt: skip
    dated = date_plan(plan, workdays, year)
    above = parent if parent and parent.key != plan.key else parent_of(plan, at_hand)
    others = tuple(other for other in plans if other.key != plan.key)
    return Subject(dated, workdays, acts, _dated_above(above, dated, workdays), others)


def _dated_above(above: Plan | None, below: DatedPlan, workdays: WorkCalendar) -> DatedPlan | None:
    """A standing guidance above is read for the year of the plan below it."""
    return date_plan(above, workdays, below.year) if above else None


def parent_of(plan: Plan, plans: Iterable[Plan]) -> Plan | None:
    """The plan that ``plan`` names as the one above it, by key or by number."""
    if plan.parent is None:
        return None
    wanted = number_key(plan.parent)
    for other in plans:
        if other.key != plan.key and wanted in (other.key, number_key(other.document.number or "")):
            return other
    return None


def parents_known(plans: Sequence[Plan], folders: Sequence[Path]) -> tuple[Plan, ...]:
    """The plans of ``folders`` among which parents are looked for; none is read when all are named already.

    A file that cannot be read as a plan is nobody's parent; whoever names it is told so elsewhere.
    """
    if all(plan.parent is None or parent_of(plan, plans) for plan in plans):
        return ()
    found = []
    for path in plan_paths(*folders):
        with suppress(HanChotError):
            found.append(load_plan(path))
    return tuple(found)


def counts(findings: Iterable[Finding]) -> dict[str, int]:
    """How many of each severity: ``{"error": 1, "warning": 4, "note": 2}``."""
    found = [finding.severity for finding in findings]
    return {str(severity): found.count(severity) for severity in Severity}
