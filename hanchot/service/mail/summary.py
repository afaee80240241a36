"""The department's morning summary: one letter a working morning for each cycle that still has work."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import sqlalchemy as sa

from hanchot.domain.instants import at_local, local_day
from hanchot.domain.workdays import WorkCalendar
from hanchot.service.directory import directory
from hanchot.service.mail.ledger import Entry, add_once
from hanchot.service.services import Services
from hanchot.store.tables import cycle, cycle_stage

SUMMARY_AT = time(7, 30)


def next_summary(now: datetime, workdays: WorkCalendar) -> datetime:
    """The next working morning at 07:30 local time, strictly after ``now``; in UTC."""
    day = workdays.at_or_after(local_day(now))
    moment = at_local(day, SUMMARY_AT)
    return moment if moment > now else at_local(workdays.at_or_after(day + timedelta(days=1)), SUMMARY_AT)


def plan_summary(services: Services, connection: sa.Connection, cycle_id: int, root_id: int, now: datetime) -> int:
    """Plan this morning's letter and set the next one; returns how many letters are new. Nothing when all is done."""
    following = next_summary(now, services.workdays)
    connection.execute(sa.update(cycle).where(cycle.c.id == cycle_id).values(summary_at=following))
    unfinished = sa.select(cycle_stage.c.stage).where(cycle_stage.c.cycle_id == cycle_id, cycle_stage.c.state != "closed")
    if connection.execute(unfinished.limit(1)).first() is None:
        return 0
    entry, rung = Entry(cycle_id, None, 0), f"summary-{local_day(now)}"
    department = directory(services.db, connection, root_id, local_day(now)).department
    return add_once(
        connection, [entry.row(rung, "summary", one.post_id, now) for one in department if one.person_id is not None]
    )
