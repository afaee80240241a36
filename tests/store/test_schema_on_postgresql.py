"""The migrations lead to the tables in code on PostgreSQL, too."""

from __future__ import annotations

from collections.abc import Callable

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from hanchot.service.install import SCHEMA
from hanchot.store.db import Database
from hanchot.store.tables import metadata
from hanchot.store.upgrade import current, upgrade


def test_migrations_lead_to_the_tables_in_code(new_postgres: Callable[[], str]) -> None:
    db = Database(new_postgres())
    with db.write() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")  # the tests' databases come with their tables
        connection.exec_driver_sql("CREATE SCHEMA public")
        upgrade(connection)
        assert current(connection) == SCHEMA
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    db.close()
