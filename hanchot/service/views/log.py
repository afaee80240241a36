"""The log of everything that was done, newest first, narrowed by who, what and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from hanchot.domain.instants import start_of
from hanchot.service.install import fact
from hanchot.service.services import Services
from hanchot.service.views.common import Paging
from hanchot.store.tables import event

ROWS = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as it stands in the chain; ``hash`` is its own."""

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    on_behalf: str | None
    item_id: int | None
    was: str | None
    became: str | None
    reason: str | None
    hash: str


@dataclass(frozen=True, slots=True)
class LogPage:
    """``head``: number and hash of the newest event. ``groups``: the first words of all actions there are."""

    entries: tuple[Entry, ...]
    groups: tuple[str, ...]
    head: tuple[int, str] | None
    paging: Paging


def log(
    services: Services, *, actor: str = "", group: str = "", first: date | None = None, last: date | None = None,
    page: int = 1,
) -> LogPage:  # fmt: skip
    """``actor``: part of a name, as it is written; ``group``: the word before the dot of the action (``mail``, ``post``).

    ``first`` and ``last`` are local days, both counted.
    """
    where = _where(actor, group, first, last)
    with services.db.read() as connection:
        total = connection.execute(sa.select(sa.func.count()).select_from(event).where(where)).scalar_one()
        paging = Paging(page, ROWS, total)
        rows = connection.execute(
            sa.select(*(event.c[name] for name in Entry.__dataclass_fields__))
            .where(where)
            .order_by(event.c.seq.desc())
            .limit(ROWS)
            .offset(paging.offset)
        )
        entries = tuple(Entry(*row) for row in rows)
        head = connection.execute(sa.select(event.c.seq, event.c.hash).order_by(event.c.seq.desc()).limit(1)).first()
        return LogPage(entries, _groups(services, connection, head.seq if head else 0), tuple(head) if head else None, paging)


def _where(actor: str, group: str, first: date | None, last: date | None) -> sa.ColumnElement[bool]:
    wanted: list[sa.ColumnElement[bool]] = [sa.true()]
    if actor:
        wanted.append(event.c.actor.contains(actor, autoescape=True))
    if group:
        wanted.append(sa.or_(event.c.action == group, event.c.action.startswith(f"{group}.", autoescape=True)))
    if first:
        wanted.append(event.c.at >= start_of(first))
    if last:
        wanted.append(event.c.at < start_of(last + timedelta(days=1)))
    return sa.and_(*wanted)


def _groups(services: Services, connection: sa.Connection, head: int) -> tuple[str, ...]:
    """There are few kinds and many events: what is known is kept, and only newer events are looked at."""
    epoch = fact(connection, "epoch")
    known: tuple[str | None, int, frozenset[str]] = services.db.remembered.get("log_groups", (epoch, 0, frozenset()))
    if known[0] != epoch:
        known = (epoch, 0, frozenset())
    fresh = connection.execute(sa.select(event.c.action.distinct()).where(event.c.seq > known[1])).scalars()
    groups = known[2] | {action.partition(".")[0] for action in fresh}
    services.db.remembered["log_groups"] = (epoch, head, groups)
    return tuple(sorted(groups))
