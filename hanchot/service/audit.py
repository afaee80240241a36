"""Writing and checking the chain of events."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from hanchot.domain.events import GENESIS, Event, Verdict, canonical, digest, verify
from hanchot.store.db import Database
from hanchot.store.tables import event

_HEAD = sa.select(event.c.seq, event.c.hash).order_by(event.c.seq.desc()).limit(1)
_CHAIN = "hanchot.chain"
_ADD = sa.insert(event)


def record(
    connection: sa.Connection,
    now: datetime,
    actor: str,
    action: str,
    subject: str,
    *,
    on_behalf: str | None = None,
    cycle_id: int | None = None,
    item_id: int | None = None,
    was: str | None = None,
    became: str | None = None,
    reason: str | None = None,
    data: dict[str, object] | None = None,
) -> int:
    """Append one event in the caller's transaction and return its number.

    ``Database.write`` lets one writer in at a time, so two never share a head.
    """
    seq, previous = _head(connection)
    made = Event(seq, now, actor, action, subject, on_behalf, cycle_id, item_id, was, became, reason, canonical(data))
    hashed = digest(previous, made)
    connection.execute(
        _ADD,
        {
            "seq": seq, "at": now, "actor": actor, "action": action, "subject": subject, "on_behalf": on_behalf,
            "cycle_id": cycle_id, "item_id": item_id, "was": was, "became": became, "reason": reason,
            "data": made.data, "previous": previous, "hash": hashed,
        },
    )  # fmt: skip
    connection.info[_CHAIN] = (connection.get_transaction(), seq, hashed)
    return seq


def _head(connection: sa.Connection) -> tuple[int, str]:
    """The number of the next event and the hash before it; what this very transaction has added need not be read."""
    transaction, seq, hashed = connection.info.get(_CHAIN, (None, 0, ""))
    if transaction is not None and transaction is connection.get_transaction():
        return seq + 1, hashed
    head = connection.execute(_HEAD).first()
    return (head.seq + 1, head.hash) if head else (1, GENESIS)


def check(db: Database) -> Verdict:
    """Walk the whole chain and say where it breaks, if it does."""
    with db.read() as connection:
        rows = connection.execute(sa.select(event).order_by(event.c.seq)).mappings()
        return verify(_as_event(row) for row in rows)


def _as_event(row: sa.RowMapping) -> tuple[Event, str, str]:
    fields = {key: row[key] for key in row if key not in ("previous", "hash")}
    return Event(**fields), row["previous"], row["hash"]
