"""What a first cycle would do, before it is opened: the plan over the present organisation, in memory, nothing sent.

The same code as ``hanchot simulate``. Whatever the size of the tree a person waits for it at a page, so it runs until
the first letters are out: ``DAYS`` from the opening on, fewer for a large tree.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from hanchot.domain.errors import NotFound
from hanchot.domain.instants import local_day, local_iso
from hanchot.domain.plan import Period, Plan
from hanchot.service.install import fact, install, remember
from hanchot.service.mail.posting import Sent
from hanchot.service.opening import period_of
from hanchot.service.services import Services
from hanchot.service.views.plans import plan_files
from hanchot.store.db import Database
from hanchot.store.tables import unit

DAYS, DAYS_LARGE, LARGE = 60, 14, 800
SHOWN = 40
_DONE = "dry_run"


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a run did between two local days. ``letters`` are the first ones, ``total`` counts all of that time."""

    plan: Plan
    period: str
    start: date
    end: date
    units: int
    items: int
    idle: tuple[str, ...]
    mails: int
    total: int
    people: int
    letters: tuple[Sent, ...]


def plan_named(services: Services, key: str) -> Plan:
    """Raises ``NotFound``."""
    found = next((one.plan for one in plan_files(services) if one.plan and one.plan.key == key), None)
    if found is None:
        raise NotFound(f"Không có kế hoạch “{key}”.", way_out="Chọn một kế hoạch trong danh sách.", thing="plan")
    return found


def dry_run(services: Services, key: str, period: str | None, now: datetime) -> DryRun:
    """Run it and remember that it was run. Raises ``NotFound``, ``BadPlan``, ``Refused`` as opening the cycle would."""
    from hanchot.service.clockwork import span

    plan = plan_named(services, key)
    chosen = period_of(plan, period or None)
    first, _ = span(plan, chosen, services.workdays)
    with services.db.read() as connection:
        count = connection.execute(sa.select(sa.func.count()).select_from(unit)).scalar_one()
    start = max(first, local_day(now))
    end = start + timedelta(days=DAYS_LARGE if count > LARGE else DAYS)
    made = _run(services, plan, chosen, start, end)
    with services.db.write() as connection:
        remember(connection, _DONE, f"{local_iso(now)}|{plan.key}|{chosen.code}")
    services.db.remembered[_DONE] = made
    return made


def last_run(services: Services) -> tuple[datetime, str, str] | None:
    """When a plan was last tried out: the instant, the plan's key, the period."""
    with services.db.read() as connection:
        said = fact(connection, _DONE)
    if said is None:
        return None
    at, key, period = said.split("|", 2)
    return datetime.fromisoformat(at), key, period


def kept_run(services: Services) -> DryRun | None:
    """The last run in full, as long as this process lives."""
    found = services.db.remembered.get(_DONE)
    return found if isinstance(found, DryRun) else None


def _run(services: Services, plan: Plan, period: Period, start: date, end: date) -> DryRun:
    from hanchot.service.simulate import simulate

    memory = replace(services, db=Database("sqlite://"), live=False)
    try:
        install(memory.db)
        made = simulate(memory, plan, period=period, org=services.db, start=start, end=end)
    finally:
        memory.db.close()
    letters = made.letters
    return DryRun(
        plan, period.code, start, end, made.opened.units, made.opened.items, made.opened.idle, made.mails, len(letters),
        len({one.to for one in letters}), tuple(letters[:SHOWN]),
    )  # fmt: skip
