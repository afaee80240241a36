"""Writing and checking the chain of events."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from hanchot.domain.events import GENESIS, NOTHING, Event, Verdict, canonical, digest, verify
from hanchot.service.install import fact
from hanchot.store.db import Database
from hanchot.store.tables import event

_HEAD = sa.select(event.c.seq, event.c.hash).order_by(event.c.seq.desc()).limit(1)
_HASH_AT = sa.select(event.c.hash).where(event.c.seq == sa.bindparam("seq"))
_CHAIN = "hanchot.chain"
_AT_ONCE = 1_000  # rows held at a time while the chain is walked
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


def check(db: Database, after: Verdict = NOTHING) -> Verdict:
    """Walk the chain and say where it breaks, if it does; ``after``: from where an earlier walk of the same chain ended."""
    with db.read() as connection:
        if after.length and connection.execute(_HASH_AT, {"seq": after.length}).scalar() != after.head:
            return Verdict(after.length, after.head, after.length)
        query = sa.select(event).where(event.c.seq > after.length).order_by(event.c.seq)
        with connection.execute(query.execution_options(yield_per=_AT_ONCE)) as rows:
            return verify((_as_event(row) for row in rows.mappings()), after)


@dataclass(frozen=True, slots=True)
class Walk:
    """The chain as it was last walked: from its first row at ``whole_at``, from there on when somebody looked again."""

    found: Verdict
    whole_at: datetime
    whole: int
    epoch: str | None

    @property
    def added(self) -> int:
        """How many rows have come since the walk from the first row."""
        return self.found.length - self.whole


def walked(db: Database, now: datetime, *, anew: bool = False) -> Walk:
    """The chain, checked to its end: from the first row when ``anew`` or for the first time in this process, else only
    what has come since. What was seen is kept in this process alone, where nobody who writes to the database can reach it.
    """
    with db.read() as connection:
        epoch = fact(connection, "epoch")
    known: Walk | None = db.remembered.get("chain_walked")
    if anew or known is None or known.epoch != epoch or known.found.broken_at is not None:
        found = check(db)
        known = Walk(found, now, found.length, epoch)
    else:
        known = replace(known, found=check(db, known.found))
    db.remembered["chain_walked"] = known
    return known


def _as_event(row: sa.RowMapping) -> tuple[Event, str, str]:
    fields = {key: row[key] for key in row if key not in ("previous", "hash")}
    return Event(**fields), row["previous"], row["hash"]
