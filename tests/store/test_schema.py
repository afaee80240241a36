"""The tables in code and the migrations tell the same story."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from hanchot.domain.errors import Outside
from hanchot.service.install import SCHEMA, bring_up, fact, install, remember
from hanchot.store.db import Database
from hanchot.store.tables import metadata
from hanchot.store.upgrade import current, newest, upgrade


def test_the_program_names_the_newest_revision() -> None:
    assert newest() == SCHEMA


def test_migrations_lead_to_the_tables_in_code(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'a.db'}")
    with db.write() as connection:
        upgrade(connection)
        assert current(connection) == SCHEMA
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        names = set(sa.inspect(connection).get_table_names()) - {"alembic_version"}
    assert names == set(metadata.tables)
    db.close()


def test_a_new_database_needs_no_upgrade(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'a.db'}")
    install(db)
    with db.read() as connection:
        assert current(connection) == SCHEMA
    assert bring_up(db) == SCHEMA
    db.close()


def test_another_schema_is_refused_in_one_sentence_with_the_way_out(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'a.db'}")
    install(db)
    with db.write() as connection:
        remember(connection, "schema", "0000")
    with pytest.raises(Outside, match=r"lược đồ 0000.*hanchot upgrade"):
        install(db)
    with db.read() as connection:
        assert fact(connection, "epoch")
    db.close()
