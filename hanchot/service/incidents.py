"""Incidents (sự cố): what needs a person, said once and counted, until somebody resolves it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from hanchot.store.tables import incident


def report(connection: sa.Connection, key: str, kind: str, message: str, now: datetime) -> None:
    """Say that something needs a person. The same ``key`` again raises the count and opens it anew."""
    changed = connection.execute(
        sa.update(incident)
        .where(incident.c.key == key)
        .values(message=message, last_at=now, times=incident.c.times + 1, resolved_at=None)
    )
    if changed.rowcount == 0:
        connection.execute(sa.insert(incident).values(key=key, kind=kind, message=message, first_at=now, last_at=now, times=1))


def resolve(connection: sa.Connection, key: str, now: datetime) -> bool:
    """Mark as settled; False when there was nothing open under ``key``."""
    open_one = (incident.c.key == key) & incident.c.resolved_at.is_(None)
    return connection.execute(sa.update(incident).where(open_one).values(resolved_at=now)).rowcount == 1
