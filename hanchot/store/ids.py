"""Row ids taken before the rows are written, so that a whole tree with its paths goes in with one statement a table."""

from __future__ import annotations

import sqlalchemy as sa


def take(connection: sa.Connection, table: sa.Table, count: int) -> list[int]:
    """``count`` unused ids of ``table``. Inside a write transaction only.

    PostgreSQL: drawn from the table's own sequence, so that later inserts do not meet them. SQLite: the numbers after
    the highest; the write lock keeps others away.
    """
    if connection.dialect.name == "postgresql":
        drawn = sa.text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
        return list(connection.execute(drawn, {"name": table.name, "count": count}).scalars())
    highest = connection.execute(sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0))).scalar_one()
    return list(range(highest + 1, highest + 1 + count))
