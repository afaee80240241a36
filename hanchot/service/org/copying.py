"""The organisation of one database in another: what a dry run stands on."""

from __future__ import annotations

import sqlalchemy as sa

from hanchot.service.install import bump
from hanchot.store.db import Database
from hanchot.store.tables import person, post, tenure, unit


def copy_org(source: Database, target: Database) -> None:
    """Units, people, posts and tenures with their ids, into a database that has none."""
    with source.read() as reading, target.write() as writing:
        for table in (unit, person, post, tenure):
            order = (sa.func.length(table.c.path), table.c.id) if table is unit else (table.c.id,)
            rows = [dict(row) for row in reading.execute(sa.select(table).order_by(*order)).mappings()]
            if rows:
                writing.execute(sa.insert(table), rows)
        bump(writing, "org_version")
