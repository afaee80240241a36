"""Leaving the sample committee for one's own: its cycles are closed, its units and tenures end; what has happened stays."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from hanchot.domain.errors import AlreadyDone
from hanchot.domain.instants import local_day
from hanchot.service import audit
from hanchot.service.cycles import close_cycle
from hanchot.service.install import bump
from hanchot.service.org.lookup import on_day
from hanchot.service.services import Services
from hanchot.store.db import Row
from hanchot.store.tables import cycle, event, post, tenure, unit

REASON = "bỏ danh sách mẫu"


def sample_heads(connection: sa.Connection, day: date) -> tuple[Row, ...]:
    """(code, name, path) of the sample committees that are still there on a local day."""
    made = sa.select(event.c.subject).where(event.c.action == "org.sample")
    rows = connection.execute(sa.select(unit.c.code, unit.c.name, unit.c.path).where(unit.c.code.in_(made), on_day(unit, day)))
    return tuple(rows)


def leave_sample(services: Services, now: datetime, *, actor: str) -> int:
    """Close the sample's open cycles and let its units and tenures end with yesterday; returns how many units ended.

    Letters that have not gone out are dropped as those of any closed cycle. Raises ``AlreadyDone`` where there is no
    sample. Called again after a break it goes on where it stopped.
    """
    today = local_day(now)
    with services.db.read() as connection:
        heads = sample_heads(connection, today)
        codes = connection.execute(_open_cycles(heads)).scalars().all() if heads else []
    if not heads:
        raise AlreadyDone("Không còn danh sách mẫu nào.", way_out="Tiếp tục với cấp ủy của mình.")
    for code in codes:
        with suppress(AlreadyDone):  # another click was quicker
            close_cycle(services, code, now, actor=actor, reason=REASON)
    with services.db.write() as connection:
        heads = sample_heads(connection, today)
        ended = sum(_end(connection, head.path, today - timedelta(days=1)) for head in heads)
        if heads:
            bump(connection, "org_version")
            audit.record(connection, now, actor, "org.sample_left", heads[0].code, data={"units": ended})
    return ended


def _open_cycles(heads: tuple[Row, ...]) -> sa.Select[tuple[str]]:
    under = sa.or_(*(unit.c.path.startswith(head.path, autoescape=True) for head in heads))
    return sa.select(cycle.c.code).join(unit, unit.c.id == cycle.c.root_id).where(cycle.c.state == "open", under)


def _end(connection: sa.Connection, path: str, last: date) -> int:
    branch = sa.select(unit.c.id).where(unit.c.path.startswith(path, autoescape=True))
    posts = sa.select(post.c.id).where(post.c.unit_id.in_(branch))
    runs = sa.or_(tenure.c.ends.is_(None), tenure.c.ends > last) & sa.or_(tenure.c.starts.is_(None), tenure.c.starts <= last)
    connection.execute(sa.update(tenure).where(tenure.c.post_id.in_(posts), runs).values(ends=last))
    there = sa.or_(unit.c.valid_to.is_(None), unit.c.valid_to > last)
    mine = unit.c.path.startswith(path, autoescape=True) & there
    return connection.execute(sa.update(unit).where(mine).values(valid_to=last)).rowcount
