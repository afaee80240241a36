"""The page on which a cycle is re-run for a new year: the difference, what to look at, and the steps that are left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from hanchot.domain.compare import What
from hanchot.domain.errors import HanChotError
from hanchot.domain.instants import local_day
from hanchot.domain.plan import Period, Plan
from hanchot.service.amending import Amended, amend_cycle
from hanchot.service.drafts import Record, records
from hanchot.service.opening import code_of
from hanchot.service.plan_desk import plan_of
from hanchot.service.renew import Change
from hanchot.service.renewing import Outlook, outlook
from hanchot.service.services import Services
from hanchot.store.plan_files import find_plan
from hanchot.store.tables import cycle

GROUPS: tuple[What, ...] = ("moved", "added", "dropped", "same")  # what changed is read first


@dataclass(frozen=True)
class RenewPage:
    """``plan`` is last year's. ``there`` is the new year's plan where it was written, ``running`` the cycle opened from it;
    ``chosen`` the document it is compared with, ``others`` the documents that could be. ``amendment`` is what replacing
    the running cycle's plan by ``better`` would do. ``trouble``: why there is no difference to show.
    """

    plan: Plan
    year: int
    seen: Outlook | None
    chosen: Record | None
    others: tuple[Record, ...]
    there: Plan | None
    running: str | None
    better: Plan | None
    amendment: Amended | None
    trouble: str = ""

    @property
    def groups(self) -> tuple[tuple[What, tuple[Change, ...]], ...]:
        changes = self.seen.renewal.changes if self.seen else ()
        return tuple((what, found) for what in GROUPS if (found := tuple(c for c in changes if c.what == what)))


def renew_page(
    services: Services, key: str, now: datetime, *, year: int | None = None, document: int | None = None
) -> RenewPage:
    """Raises ``NotFound`` for an unknown plan. ``year``: default the season of today, or the year after the plan's own.
    ``document``: a draft's id; the difference is then against that document.
    """
    plan = find_plan(key, *services.settings.calendar_dirs)
    base = plan.year or plan.document.year
    year = year or max(local_day(now).year, (base or 0) + 1)
    with services.db.read() as connection:
        found = tuple(r for r in records(connection) if r.state != "dropped" and r.draft.document.year in (None, year))
    chosen = next((record for record in found if record.id == document), None)
    seen, trouble = _look(services, plan, year, now, chosen)
    there = plan_of(seen.renewal.plan.key, services.settings) if seen else None
    running = _running(services, plan, there, year) if there else None
    better = _better(services, there, chosen)
    amendment = _amendment(services, running, better, now) if running and better else None
    if amendment is not None and not amendment.changed:
        amendment = None
    return RenewPage(plan, year, seen, chosen, found, there, running, better, amendment, trouble)


def _look(services: Services, plan: Plan, year: int, now: datetime, chosen: Record | None) -> tuple[Outlook | None, str]:
    try:
        return outlook(services, plan, year, now, chosen.draft if chosen else None), ""
    except HanChotError as error:
        return None, str(error)


def _running(services: Services, plan: Plan, there: Plan, year: int) -> str | None:
    """The code of the year's cycle, if it was opened: from the plan written here, or, in the plan's own year, from it."""
    code = code_of(there, Period(year=year))
    same = sa.and_(cycle.c.plan_key.in_((there.key, plan.key)), cycle.c.year == year, cycle.c.quarter.is_(None))
    with services.db.read() as connection:
        return connection.execute(sa.select(cycle.c.code).where(sa.or_(cycle.c.code == code, same))).scalar()


def _better(services: Services, there: Plan | None, chosen: Record | None) -> Plan | None:
    """A confirmed plan of the real document: the one that was confirmed from it, or the one written here."""
    if chosen and chosen.plan_key:
        return plan_of(chosen.plan_key, services.settings)
    return there if there and not there.provisional and not there.unconfirmed else None


def _amendment(services: Services, running: str, better: Plan, now: datetime) -> Amended | None:
    try:
        return amend_cycle(services, running, better, now, actor="xem trước", reason="xem trước", dry_run=True)
    except HanChotError:
        return None
