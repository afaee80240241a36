"""A committee at work for a newcomer to watch: sample units, a cycle, and people who act as the demo clock runs."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from hanchot.domain.instants import at_local, local_day
from hanchot.domain.plan import Period, Plan
from hanchot.domain.unit import UnitKind
from hanchot.service import sample
from hanchot.service.clockwork import ACTING, MORNING, span
from hanchot.service.opening import code_of, open_cycle, period_of
from hanchot.service.people import Agenda, Habits, act_today
from hanchot.service.renew import renew
from hanchot.service.services import Services
from hanchot.service.sweep import sweep
from hanchot.store.plan_files import find_plan
from hanchot.store.tables import cycle, envelope, unit

LIVE_PLAN = "khoi-binh-thuan-2024"
DEMO_HABITS = Habits(overrun=0.15, seed=7)
SAMPLES: dict[UnitKind, sample.SampleKind] = {
    UnitKind.PROVINCIAL_COMMITTEE: "province",
    UnitKind.DISTRICT_COMMITTEE: "district",
    UnitKind.TOWN_COMMITTEE: "town",
    UnitKind.BLOC_COMMITTEE: "bloc",
    UnitKind.COMMUNE_COMMITTEE: "commune",
}


def plan_named(services: Services, name: str | None = None) -> Plan:
    """A plan of this installation by key or path; the Đảng ủy Khối plan when none is named."""
    return find_plan(name or LIVE_PLAN, *services.settings.calendar_dirs)


def start_of(services: Services, plan: Plan) -> datetime:
    """The instant at which a demonstration of ``plan`` begins: 07:00 on the first day of its run."""
    period = demo_period(plan)
    first, _ = span(plan, period, services.workdays)
    return at_local(first, MORNING.replace(hour=7))


def demo_period(plan: Plan) -> Period:
    """The plan's own year; a standing guidance is shown for the year after its issue."""
    if plan.year or plan.document.year:
        return period_of(plan, None)
    issued = plan.document.issued_on
    return Period(year=issued.year if issued else 2023)


def load(services: Services, plan: Plan, now: datetime) -> str:
    """Sample committee (when there is no unit yet) and an open cycle of ``plan``. Idempotent; returns the cycle's code."""
    with services.db.read() as connection:
        empty = connection.execute(sa.select(unit.c.id).limit(1)).first() is None
    if empty:
        small = {"province": 300}.get(SAMPLES[plan.organiser])
        sample.make(services.db, SAMPLES[plan.organiser], seed=1, cells=small, now=now)
    period = demo_period(plan)
    code = code_of(plan, period)
    with services.db.read() as connection:
        known = connection.execute(sa.select(cycle.c.id).where(cycle.c.code == code)).first()
    if known is None:
        open_cycle(services, plan, now, period=period.code, actor="hạn chót up")
    return code


def load_live(services: Services, now: datetime) -> str:
    """What ``hanchot up`` opens on first start: the Đảng ủy Khối plan carried over to the season that is running.

    The season of a year runs into February of the next; dates are marked provisional. The sample's cycle was opened on
    the last working morning, so that its first letters are due whenever a newcomer starts.
    """
    today = local_day(now)
    year = today.year - 1 if today.month <= 2 else today.year
    base = plan_named(services)
    plan = base if base.year == year else renew(base, year, services.workdays).plan
    begun = today if now >= at_local(today, MORNING) else today - timedelta(days=1)
    code = load(services, plan, at_local(services.workdays.at_or_before(begun), MORNING))
    if services.settings.relay_is_catcher:
        _fill_inbox(services, now)
    return code


def _fill_inbox(services: Services, now: datetime) -> None:
    """The sample's opening letters do not wait for Monday: a local inbox disturbs nobody's evening."""
    sweep(services, now)
    with services.db.write() as connection:
        connection.execute(sa.update(envelope).where(envelope.c.state == "queued").values(release_at=now))


def act(services: Services, now: datetime, habits: Habits = DEMO_HABITS) -> int:
    """Everything that people of the sample do up to ``now``, evening by evening; returns how many items were submitted."""
    evening = at_local(local_day(now), ACTING)
    agenda, done = services.db.remembered.setdefault("agenda", (Agenda(habits), None))
    if now < evening or done == evening:
        return 0
    services.db.remembered["agenda"] = (agenda, evening)
    return act_today(services, agenda, now)
