"""Claiming envelopes and settling them: conditional UPDATEs whose rows are counted, so two senders never share one.

A claim is a token and a lease. Whatever is written later names the token; once the lease has run out and another sender
has claimed the envelope, the first one's late word changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from hanchot.store.db import Row
from hanchot.store.tables import envelope

LEASE = timedelta(minutes=20)
AGAIN_AFTER = timedelta(minutes=15)
MOST_ATTEMPTS = 8
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=4)
NO_REPLY = "máy chủ thư không trả lời sau khi nhận nội dung; chưa rõ đã nhận hay chưa"

# Spelled out, not bound, so that both databases see that the partial index serves.
_WAITING = sa.text("envelope.state IN ('queued', 'retry', 'claimed', 'uncertain')")
_UNDECIDED = sa.or_(envelope.c.state != "uncertain", envelope.c.retry_at.is_not(None))
_MOMENT = envelope.c.settled_at.type
_OURS = sa.and_(envelope.c.state == "claimed", envelope.c.claim == sa.bindparam("token"))
_AGAIN = envelope.c.phase.in_(("claimed-again", "data-again"))
_BEGIN = (
    sa.update(envelope)
    .where(envelope.c.id.in_(sa.bindparam("numbers", expanding=True)), _OURS)
    .values(phase=sa.case((_AGAIN, "data-again"), else_="data"), lease_until=sa.bindparam("until", type_=_MOMENT))
    .returning(envelope.c.id)
)
_SETTLE = (
    sa.update(envelope)
    .where(envelope.c.id == sa.bindparam("number"), _OURS)
    .values(
        state=sa.bindparam("became"), reply=sa.bindparam("said"), retry_at=sa.bindparam("again", type_=_MOMENT),
        claim=None, lease_until=None, settled_at=sa.bindparam("now", type_=_MOMENT),
    )
)  # fmt: skip
_COUNTED = {"preserve_rowcount": True}


@dataclass(frozen=True, slots=True)
class Settled:
    """The end of one attempt, or of the envelope: its new ``state`` and what the relay said."""

    number: int
    state: str
    reply: str | None = None
    retry_at: datetime | None = None


def reap(connection: sa.Connection, now: datetime) -> int:
    """Take back what senders that died had claimed; returns how many are uncertain now.

    Before the body left, nothing can have arrived: it is queued again. After, nobody knows: it is sent once more later,
    with the same bytes, and if that sender died too it stays uncertain for a person to look at.
    """
    lapsed = sa.and_(_WAITING, envelope.c.state == "claimed", envelope.c.lease_until <= now)
    change = sa.update(envelope).values(claim=None, lease_until=None)
    connection.execute(
        change.where(lapsed, sa.or_(envelope.c.phase.is_(None), envelope.c.phase == "claimed")).values(state="queued")
    )
    connection.execute(change.where(lapsed, envelope.c.phase == "claimed-again").values(state="uncertain", retry_at=now))
    final = change.where(lapsed, envelope.c.phase == "data-again").values(retry_at=None)
    once = change.where(lapsed, envelope.c.phase == "data").values(retry_at=now + AGAIN_AFTER)
    unknown = {"state": "uncertain", "reply": NO_REPLY, "settled_at": now}
    return sum(connection.execute(part.values(**unknown), execution_options=_COUNTED).rowcount for part in (once, final))


def claim(connection: sa.Connection, token: str, now: datetime, most: int, lease: timedelta = LEASE) -> Sequence[Row]:
    """Claim up to ``most`` envelopes that are due, oldest first; the rows are as they were before the claim."""
    due = sa.or_(
        envelope.c.state == "queued",
        sa.and_(envelope.c.state.in_(("retry", "uncertain")), envelope.c.retry_at <= now),
    )
    rows = connection.execute(
        sa.select(envelope)
        .where(_WAITING, envelope.c.release_at <= now, due)
        .order_by(envelope.c.release_at, envelope.c.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    if rows:
        again = sa.case((envelope.c.state == "uncertain", "claimed-again"), else_="claimed")
        changed = connection.execute(
            sa.update(envelope)
            .where(envelope.c.id.in_([row.id for row in rows]), envelope.c.state != "claimed")
            .values(
                state="claimed", claim=token, lease_until=now + lease, attempts=envelope.c.attempts + 1, phase=again,
                retry_at=None,
            ),
            execution_options=_COUNTED,
        )  # fmt: skip
        assert changed.rowcount == len(rows), "rows that were locked were claimed by another"
    return rows


def begin(connection: sa.Connection, token: str, numbers: Sequence[int], now: datetime, lease: timedelta = LEASE) -> set[int]:
    """Note that the bodies of these envelopes are about to leave, and renew the lease; returns those still ours."""
    until = {"numbers": list(numbers), "token": token, "until": now + lease}
    return set(connection.execute(_BEGIN, until).scalars())


def settle(connection: sa.Connection, token: str, one: Settled, now: datetime) -> bool:
    """Write the outcome; False when the claim is no longer ours, and nothing is changed then."""
    values = {"number": one.number, "token": token, "became": one.state, "said": one.reply, "again": one.retry_at}
    return connection.execute(_SETTLE, values | {"now": now}, execution_options=_COUNTED).rowcount == 1


def give_back(connection: sa.Connection, token: str, now: datetime) -> int:
    """Return what was claimed and never begun, as if it had not been touched: no attempt is spent on a dead relay."""
    mine = sa.and_(envelope.c.claim == token, envelope.c.state == "claimed")
    back = sa.update(envelope).values(claim=None, lease_until=None, attempts=envelope.c.attempts - 1, retry_at=now)
    total = 0
    for phases, state in ((("claimed", "data"), "queued"), (("claimed-again", "data-again"), "uncertain")):
        total += connection.execute(
            back.where(mine, envelope.c.phase.in_(phases)).values(state=state), execution_options=_COUNTED
        ).rowcount
    return total


def waiting(connection: sa.Connection) -> int:
    """How many envelopes are not decided yet."""
    query = sa.select(sa.func.count()).select_from(envelope).where(_WAITING, _UNDECIDED)
    return connection.execute(query).scalar_one()


def pause(attempts: int) -> timedelta:
    """How long to wait after the n-th attempt: 5 minutes, doubling, at most 4 hours."""
    doubled: int = 2 ** max(0, attempts - 1)
    return min(FIRST_PAUSE * doubled, LONGEST_PAUSE)
