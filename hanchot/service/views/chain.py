"""The chain page: which plans stand on it, their lanes, and what is handed from one to the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hanchot.domain.chain import Chain, chain
from hanchot.domain.dated_plan import DatedPlan, Line, date_plan, year_of
from hanchot.domain.errors import NotFound
from hanchot.domain.finding import Finding
from hanchot.domain.handover import Handover
from hanchot.domain.plan import Plan
from hanchot.service.checking import check_plans, counts, parent_of
from hanchot.service.services import Services
from hanchot.service.views.plans import plan_files
from hanchot.store.act_files import load_acts

MOST = 8  # plans on one page


@dataclass(frozen=True, slots=True)
class Choice:
    """A plan that can be put on the page."""

    plan: Plan
    chosen: bool


@dataclass(frozen=True)
class ChainPage:
    """``numbers`` are the numbers of the marks by plan and milestone, counted in the order of the lanes."""

    year: int | None
    choices: tuple[Choice, ...]
    chain: Chain
    numbers: Mapping[tuple[str, str], int]
    findings: Mapping[str, tuple[Finding, ...]]
    undated: Mapping[str, int]

    def number(self, plan: str, line: Line) -> int | None:
        return self.numbers.get((plan, line.milestone.key))

    def counts(self, plan: str) -> dict[str, int]:
        return counts(self.findings[plan])

    def parent(self, plan: str) -> tuple[DatedPlan, bool] | None:
        """The plan above it on this page, and whether its document names that one."""
        return next(((link.parent, link.named) for link in self.chain.links if link.child.plan.key == plan), None)

    @property
    def hands(self) -> tuple[Handover, ...]:
        """Late ones first, then the tight ones, then by day."""
        return tuple(sorted(self.chain.hands, key=lambda hand: (not hand.late, not hand.tight, hand.giver.day)))


def chain_page(services: Services, wanted: Sequence[str], year: int | None = None) -> ChainPage:
    """``wanted`` are keys of plans; none means the plans of one year with the plans that they name as their parents.

    ``year`` is the one standing guidances are read for. Raises ``NotFound`` for an unknown key.
    """
    known = [file.plan for file in plan_files(services) if file.plan]
    chosen = [_named(key, known) for key in dict.fromkeys(wanted)][:MOST] or _of_one_year(known, year)
    year = year or next((own for plan in chosen if (own := plan.year or plan.document.year)), None)
    dated = [date_plan(plan, services.workdays, year) for plan in chosen]
    parents = {plan.key: above.key for plan in chosen if (above := parent_of(plan, chosen))}
    made = chain(dated, parents, services.workdays)
    marks = [(lane.of.plan.key, line.milestone.key) for lane in made.lanes for line in lane.lines]
    return ChainPage(
        year,
        tuple(Choice(plan, plan in chosen) for plan in known),
        made,
        {mark: n for n, mark in enumerate(marks, start=1)},
        _findings(services, made, year),
        {one.plan.key: len(one.annual) - sum(key == one.plan.key for key, _ in marks) for one in dated},
    )


def _findings(services: Services, made: Chain, year: int | None) -> dict[str, tuple[Finding, ...]]:
    acts = load_acts(services.settings.calendars_dir)
    above = {link.child.plan.key: link.parent.plan for link in made.links}
    plans = [one.plan for one in made.plans]
    return {
        plan.key: check_plans([plan], services.workdays, acts, parent=above.get(plan.key), known=plans, year=year)
        for plan in plans
    }


def _named(key: str, known: Iterable[Plan]) -> Plan:
    for plan in known:
        if plan.key == key:
            return plan
    raise NotFound(f"Không có kế hoạch “{key}”.", way_out="Xem danh sách kế hoạch.", thing="kế hoạch", value=key)


def _of_one_year(known: Sequence[Plan], year: int | None) -> list[Plan]:
    """The plans of ``year``, or of the year with most plans (the later of two), and the plans they name as parents."""
    years = [own for plan in known if (own := year_of(plan)) and plan.year]
    year = year or max(years, key=lambda one: (years.count(one), one), default=None)
    chosen = [plan for plan in known if (plan.year or plan.document.year) == year]
    for plan in chosen:
        above = parent_of(plan, known)
        if above and above not in chosen:
            chosen.append(above)
    return chosen[:MOST]
