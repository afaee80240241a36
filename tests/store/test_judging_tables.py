"""An older database that was brought up holds the same guards as a new one: tables, partial keys and the trigger."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.exc import DBAPIError

from hanchot.store.db import Database
from hanchot.store.judging_tables import rating, subject
from hanchot.store.tables import cycle, metadata, unit
from hanchot.store.upgrade import upgrade
from tests.judging import DAY, NOW


@pytest.fixture
def brought_up(database_url: str) -> Database:
    """A database of either kind whose tables Alembic has made, not the program."""
    db = Database(database_url)
    with db.write() as connection:
        if not db.is_sqlite:
            connection.execute(sa.text("DROP SCHEMA public CASCADE"))
            connection.execute(sa.text("CREATE SCHEMA public"))
    with db.write() as connection:
        upgrade(connection)
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    return db


def test_a_decided_row_is_frozen_there_too(brought_up: Database) -> None:
    decided = {
        "id": 1, "subject_id": 1, "step": "decided", "level": "good", "unit_id": 1, "entered_by": "Hòa", "confirmed_by": "Lan",
        "number": "05-QĐ", "decided_on": DAY, "regulation": "13-hd-tu", "why": {}, "at": NOW, "current": True,
    }  # fmt: skip
    with brought_up.write() as connection:
        connection.execute(sa.insert(unit).values(id=1, code="A", name="A", kind="grassroots_cell", path="/1/"))
        connection.execute(sa.insert(cycle).values(
            id=1, code="a", title="a", kind="annual", year=2024, plan_key="a", plan={}, root_id=1, state="open", opened_at=NOW,
        ))  # fmt: skip
        connection.execute(
            sa.insert(subject).values(id=1, cycle_id=1, unit_id=1, kind="organisation", scope_id=1, comparison="x")
        )
        connection.execute(sa.insert(rating).values(**decided))
    early = decided | {"step": "appraised", "number": None, "decided_on": None, "confirmed_by": None}
    with brought_up.write() as connection:
        connection.execute(sa.insert(rating).values(**early | {"id": 2}))
    for statement in (
        sa.update(rating).values(level="fail").where(rating.c.id == 1),
        sa.update(rating).values(why={"steps": []}).where(rating.c.id == 1),
        sa.delete(rating).where(rating.c.id == 1),
        sa.insert(rating).values(**decided | {"id": 3}),  # a second current one
        sa.insert(rating).values(**early | {"id": 3}),
        sa.insert(rating).values(**decided | {"id": 3, "subject_id": 1, "confirmed_by": "Hòa"}),
    ):
        with pytest.raises(DBAPIError), brought_up.write() as connection:
            connection.execute(statement)
    with brought_up.write() as connection:  # what comes before the decision may still go
        assert connection.execute(sa.delete(rating).where(rating.c.id == 2)).rowcount == 1
    brought_up.close()
