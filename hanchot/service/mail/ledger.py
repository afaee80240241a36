"""The ledger: one row per letter, under a key that decides whether it is new, instead of an ``if``."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from hanchot.store.tables import letter

_COUNTED = {"preserve_rowcount": True}  # without it an INSERT that gives back its key on PostgreSQL counts -1


class Entry(NamedTuple):
    """What a letter is about: an item in one revision of its deadline, or (``item_id`` None) a whole cycle."""

    cycle_id: int
    item_id: int | None
    revision: int

    def row(
        self, rung: str, tone: str, post_id: int, now: datetime, *, state: str = "planned", note: str | None = None
    ) -> dict[str, object]:
        """The row of one letter to one post."""
        return {
            "cycle_id": self.cycle_id, "item_id": self.item_id, "rung": rung, "tone": tone, "revision": self.revision,
            "post_id": post_id, "planned_at": now, "state": state, "note": note,
        }  # fmt: skip


def add_once(connection: sa.Connection, rows: list[dict[str, object]]) -> int:
    """Insert letters; those whose key is in the ledger already are left as they are. Returns how many are new."""
    if not rows:
        return 0
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(letter).on_conflict_do_nothing()
    if len(rows) > 50:
        return _many(connection, statement, rows)
    return sum(connection.execute(statement, row, execution_options=_COUNTED).rowcount for row in rows)


def _many(connection: sa.Connection, statement: sa.Insert, rows: list[dict[str, object]]) -> int:
    count = sa.select(sa.func.count()).select_from(letter)
    before = connection.execute(count).scalar_one()
    connection.execute(statement, rows)
    return connection.execute(count).scalar_one() - before
