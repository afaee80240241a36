"""Events: every change is a row, and each row's hash covers the row before it.

The chain is tamper-evident, not tamper-proof: a cut tail does not show, so the head is printed where others keep it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Event:
    """What happened: who (on whose behalf), when, to what, from which state to which, why. ``data`` is canonical JSON."""

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    on_behalf: str | None = None
    cycle_id: int | None = None
    item_id: int | None = None
    was: str | None = None
    became: str | None = None
    reason: str | None = None
    data: str | None = None


_FIELDS = ("seq", "actor", "action", "subject", "on_behalf", "cycle_id", "item_id", "was", "became", "reason", "data")


def canonical(data: dict[str, object] | None) -> str | None:
    """One spelling for the same data, so that the same event has the same hash."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")) if data else None


def digest(previous: str, event: Event) -> str:
    """SHA-256 over the previous hash and the length-prefixed fields of ``event``."""
    parts = [previous, str(int(event.at.timestamp()))]
    parts += ["" if (value := getattr(event, name)) is None else str(value) for name in _FIELDS]
    return hashlib.sha256("".join(f"{len(part)}:{part}" for part in parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of checking a chain: how many links, its head, and the first row that does not fit."""

    length: int
    head: str
    broken_at: int | None = None

    def to_json(self) -> dict[str, object]:
        return asdict(self)


NOTHING = Verdict(0, GENESIS)


def verify(rows: Iterable[tuple[Event, str, str]], after: Verdict = NOTHING) -> Verdict:
    """Check (event, previous, hash) rows in order of ``seq``; sequence numbers must not have gaps.

    ``after``: what an earlier check has found whole; ``rows`` are those that have come since.
    """
    head, length = after.head, after.length
    for event, previous, stored in rows:
        length += 1
        if event.seq != length or previous != head or digest(previous, event) != stored:
            return Verdict(length, head, event.seq)
        head = stored
    return Verdict(length, head)
