"""The book of one cycle: its frozen plan and what follows from it, read once and remembered."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from hanchot.domain.cycle import Graph
from hanchot.domain.errors import NotFound
from hanchot.domain.ladder import Ladder
from hanchot.domain.plan import Milestone, Period, Plan
from hanchot.store.db import Database
from hanchot.store.tables import cycle, cycle_milestone


@dataclass(frozen=True)
class Book:
    """What never changes of an opened cycle. ``ids`` maps milestone keys to rows, ``ladders`` rows to ladders."""

    cycle_id: int
    code: str
    plan: Plan
    period: Period
    root_id: int
    graph: Graph
    ids: dict[str, int]
    keys: dict[int, str]
    ladders: dict[int, Ladder]

    def milestone(self, milestone_id: int) -> Milestone:
        return self.plan.milestone(self.keys[milestone_id])


def book(db: Database, connection: sa.Connection, cycle_id: int) -> Book:
    """The book of a cycle. Remembered per database, because an opened plan is frozen."""
    known: Book | None = db.remembered.get(("book", cycle_id))
    if known is None:
        known = db.remembered[("book", cycle_id)] = _read(connection, cycle_id)
    return known


def cycle_id_of(connection: sa.Connection, code: str) -> int:
    """Raises ``NotFound`` with the codes that exist."""
    found: int | None = connection.execute(sa.select(cycle.c.id).where(cycle.c.code == code)).scalar()
    if found is None:
        known = connection.execute(sa.select(cycle.c.code).order_by(cycle.c.code)).scalars().all()
        names = ", ".join(known[:5]) or "chưa có đợt nào"
        raise NotFound(f"Không có đợt “{code}”.", way_out=f"Các đợt hiện có: {names}.", thing="đợt", value=code)
    return found


def _read(connection: sa.Connection, cycle_id: int) -> Book:
    row = connection.execute(sa.select(cycle).where(cycle.c.id == cycle_id)).one()
    plan = Plan.model_validate(row.plan)
    ids = {
        m.key: m.id
        for m in connection.execute(
            sa.select(cycle_milestone.c.key, cycle_milestone.c.id).where(cycle_milestone.c.cycle_id == cycle_id)
        )
    }
    ladders = {ids[m.key]: plan.ladder_of(m) for m in plan.milestones if m.key in ids}
    period = Period(year=row.year, quarter=row.quarter)
    keys = {row_id: key for key, row_id in ids.items()}
    return Book(cycle_id, row.code, plan, period, row.root_id, Graph.of(plan, row.kind), ids, keys, ladders)
