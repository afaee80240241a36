"""What the check says about a plan, for its page."""

from __future__ import annotations

from hanchot.domain.finding import Finding
from hanchot.domain.plan import Plan
from hanchot.service.checking import check_plans
from hanchot.service.services import Services
from hanchot.service.views.plans import plan_files
from hanchot.store.act_files import load_acts


def findings_of(services: Services, plan: Plan, year: int | None = None) -> tuple[Finding, ...]:
    """Findings of one plan, errors first; its parent is looked for among the plans of the house."""
    known = [file.plan for file in plan_files(services) if file.plan]
    acts = load_acts(services.settings.calendars_dir)
    return check_plans([plan], services.workdays, acts, known=known, year=year)
