"""Re-running a cycle for a new year: what the new plan would be and what to look at, and then one step at a time: the
plan is written, a person confirms it, the cycle is opened. Doing a step twice does it once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from hanchot.domain.draft import Draft
from hanchot.domain.errors import Refused
from hanchot.domain.instants import local_day
from hanchot.domain.plan import Plan
from hanchot.service import audit
from hanchot.service.opening import Opened, open_cycle, period_of
from hanchot.service.org.gaps import Gaps, gaps
from hanchot.service.plan_desk import plan_of, put_plan
from hanchot.service.renew import Renewal, renew, renew_from
from hanchot.service.reviewed import is_review
from hanchot.service.services import Services
from hanchot.store.act_files import load_acts
from hanchot.store.db import Row
from hanchot.store.plan_files import find_plan
from hanchot.store.tables import cycle, unit


@dataclass(frozen=True)
class Outlook:
    """A renewal, and the organisation that it would be opened over. ``last_cycle`` is the code of the committee's newest
    cycle; ``already_open``: that one is of this very year.
    """

    renewal: Renewal
    gaps: Gaps
    last_cycle: str | None
    already_open: bool = False

    def to_json(self) -> dict[str, Any]:
        return {**self.renewal.to_json(), "last_cycle": self.last_cycle, "organisation": self.gaps.to_json()}


def outlook(services: Services, plan: Plan, year: int, now: datetime, draft: Draft | None = None) -> Outlook:
    """Next year's plan without writing anything: carried over, or out of the document that ``draft`` was read from.

    Raises ``BadPlan`` for the plan's own year or a document of another one.
    """
    acts = load_acts(services.settings.calendars_dir)
    if draft is None:
        made = renew(plan, year, services.workdays, acts)
    else:
        made = renew_from(plan, year, draft, services.workdays, acts)
    with services.db.read() as connection:
        before = last_cycle(connection, plan)
        root = before.root_id if before else _only_root(connection, plan)
        since = local_day(before.opened_at) if before else date(local_day(now).year - 1, 1, 1)
        found = gaps(connection, root, since, local_day(now)) if root else Gaps()
    return Outlook(made, found, before.code if before else None, before is not None and before.year >= year)


def last_cycle(connection: sa.Connection, plan: Plan) -> Row | None:
    """The newest cycle that was opened for this plan, or for another one by a committee of the same kind."""
    kind = sa.select(unit.c.kind).where(unit.c.id == cycle.c.root_id).scalar_subquery()
    query = sa.select(cycle.c.id, cycle.c.code, cycle.c.year, cycle.c.root_id, cycle.c.opened_at)
    newest = query.order_by(cycle.c.year.desc(), cycle.c.opened_at.desc(), cycle.c.id.desc()).limit(1)
    own = connection.execute(newest.where(cycle.c.plan_key == plan.key)).first()
    reviews = newest.where(kind == plan.organiser, is_review(cycle.c.code))
    return own or connection.execute(reviews).first()


def write_renewed(services: Services, made: Renewal, now: datetime, *, actor: str) -> Plan:
    """Put a renewed plan among the installation's own calendars. What lies there already is kept and given back: a
    person may have worked on it; only a provisional one makes room for the document's.
    """
    with services.db.write() as connection:
        there = plan_of(made.plan.key, services.settings)
        if there is not None and not (there.provisional and not made.plan.provisional):
            return there
        became = "unconfirmed" if made.plan.unconfirmed else "provisional"
        audit.record(connection, now, actor, "plan.renewed", made.plan.key, became=became, data=_counts(made))
        put_plan(connection, services.settings, made.plan)
    return made.plan


def confirm_plan(services: Services, key: str, now: datetime, *, by: str) -> Plan:
    """A person has compared every milestone of a plan that was drafted from a document. Confirmed before: nothing to do."""
    if not by.strip():
        raise Refused("Chưa ghi người xác nhận.", way_out="Ghi họ tên người chịu trách nhiệm xác nhận.")
    with services.db.write() as connection:
        plan = find_plan(key, *services.settings.calendar_dirs)
        if not plan.unconfirmed:
            return plan
        confirmed = plan.model_copy(update={"unconfirmed": False})
        data: dict[str, object] = {"milestones": len(plan.milestones), "doubts": sum(bool(m.doubt) for m in plan.milestones)}
        audit.record(connection, now, by, "plan.confirmed", plan.key, was="unconfirmed", became="confirmed", data=data)
        put_plan(connection, services.settings, confirmed)
    return confirmed


@dataclass(frozen=True)
class Rerun:
    """A cycle of a new year: the plan that was written or found, and what opening it made."""

    plan: Plan
    opened: Opened
    outlook: Outlook

    def to_json(self) -> dict[str, Any]:
        return {"plan": self.plan.key, "cycle": self.opened.to_json(), "renewal": self.outlook.to_json()}


def renew_cycle(
    services: Services, plan: Plan, year: int, now: datetime, *, period: str | None = None, root: str | None = None, actor: str
) -> Rerun:
    """Both steps at once: the plan of ``year`` is carried over (or found, where it was written before) and opened.

    Raises as ``outlook`` and ``open_cycle`` do; the second time ``AlreadyDone``.
    """
    seen = outlook(services, plan, year, now)
    made = write_renewed(services, seen.renewal, now, actor=actor)
    period_of(made, period)
    return Rerun(made, open_cycle(services, made, now, period=period, root=root, actor=actor), seen)


def _only_root(connection: sa.Connection, plan: Plan) -> int | None:
    mine = sa.and_(unit.c.kind == plan.organiser, unit.c.valid_to.is_(None))
    ids = connection.execute(sa.select(unit.c.id).where(mine)).scalars().all()
    return int(ids[0]) if len(ids) == 1 else None


def _counts(made: Renewal) -> dict[str, object]:
    return {what: made.count(what) for what in ("same", "moved", "added", "dropped")}
