"""What the chain of events holds of judging: a seal of the row, and nothing that can be read back from it.

Four levels are quickly tried one after the other, so that a row carries a salt of its own, which the events do not have.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

_RATING = (
    "id", "subject_id", "step", "level", "score", "reason", "unit_id", "entered_by", "confirmed_by", "number", "decided_on",
    "regulation", "why", "at", "replaces_id",
)  # fmt: skip


def salted(said: Mapping[str, Any]) -> dict[str, Any]:
    """``said`` with a salt of its own, as it is kept in the row."""
    return {**said, "salt": secrets.token_hex(16)}


def sealed(row: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical row: a row changed behind our back no longer fits its event."""
    text = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def rating_seal(row: Mapping[str, Any]) -> str:
    """The seal of a rating, from what is about to be written or from the row as it is read later."""
    return sealed({name: row.get(name) for name in _RATING})


def _plain(value: object) -> object:
    """An instant is the same in every zone."""
    if isinstance(value, datetime):
        return int(value.timestamp())
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no canonical form")
