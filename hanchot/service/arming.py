"""Arming the ladder: when each unfinished item must be looked at next."""

from __future__ import annotations

import sqlalchemy as sa

from hanchot.domain.ladder import Armed, Timetable
from hanchot.domain.work_item import UNFINISHED
from hanchot.service.book import book
from hanchot.service.services import Services
from hanchot.store.db import pairs
from hanchot.store.tables import cycle_milestone, work_item

_SAME = ("milestone_id", "last_day", "next_step", "opened_at")


def arm(services: Services, connection: sa.Connection, cycle_id: int, *, only: sa.ColumnElement[bool] | None = None) -> None:
    """Set ``next_action_at`` of the unfinished items of a cycle (those in ``only``) from their next step.

    Set-based: items that share milestone, deadline, step and opening share the instant, too.
    """
    chosen = sa.and_(work_item.c.cycle_id == cycle_id, work_item.c.state.in_(sorted(UNFINISHED)))
    if only is not None:
        chosen = sa.and_(chosen, only)
    ladders = book(services.db, connection, cycle_id).ladders
    chase = pairs(
        connection.execute(
            sa.select(cycle_milestone.c.id, cycle_milestone.c.chase_from).where(cycle_milestone.c.cycle_id == cycle_id)
        )
    )
    timetable = Timetable(services.workdays)
    columns = [work_item.c[name] for name in _SAME]
    for milestone_id, last_day, step, opened_at in connection.execute(sa.select(*columns).where(chosen).distinct()).all():
        armed = Armed(0, ladders[milestone_id], last_day, chase[milestone_id], opened_at, step)
        alike = sa.and_(
            work_item.c.milestone_id == milestone_id,
            work_item.c.last_day.is_not_distinct_from(last_day),
            work_item.c.next_step == step,
            work_item.c.opened_at == opened_at,
        )
        values = {"next_action_at": timetable.first(armed)}
        connection.execute(sa.update(work_item).where(chosen, alike).values(values))


def disarm(connection: sa.Connection, cycle_id: int) -> None:
    """Nothing of this cycle is due any more."""
    connection.execute(sa.update(work_item).where(work_item.c.cycle_id == cycle_id).values(next_action_at=None))
