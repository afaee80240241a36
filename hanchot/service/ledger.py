"""Adding to the ledger what may be there already: the unique key decides, not an ``if``."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from hanchot.store.tables import letter

_COUNTED = {"preserve_rowcount": True}  # without it an INSERT that gives back its key on PostgreSQL counts -1


def add_once(connection: sa.Connection, rows: list[dict[str, object]]) -> int:
    """Insert letters; those whose key is in the ledger already are left as they are. Returns how many are new."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(letter).on_conflict_do_nothing()
    return (
        sum(connection.execute(statement, row, execution_options=_COUNTED).rowcount for row in rows)
        if len(rows) < 50
        else _many(connection, statement, rows)
    )


def _many(connection: sa.Connection, statement: sa.Insert, rows: list[dict[str, object]]) -> int:
    count = sa.select(sa.func.count()).select_from(letter)
    before = connection.execute(count).scalar_one()
    connection.execute(statement, rows)
    return connection.execute(count).scalar_one() - before
