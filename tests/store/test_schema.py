"""The tables in code and the migrations tell the same story."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from hanchot.domain.errors import Outside
from hanchot.service import readings
from hanchot.service.drafts import keep
from hanchot.service.install import SCHEMA, bring_up, fact, install, remember
from hanchot.service.services import Services
from hanchot.service.views.drafts import draft_list
from hanchot.settings import Settings
from hanchot.store.db import Database
from hanchot.store.tables import metadata
from hanchot.store.upgrade import _config as config
from hanchot.store.upgrade import current, newest, upgrade
from hanchot.store.workday_files import load_workdays
from tests.drafts import draft
from tests.look import at


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


def test_an_older_program_finds_no_document_that_nobody_has_read(tmp_path: Path) -> None:
    """Down to 0008 and up again: what was being read is handed in anew, what was read stays."""
    db = Database(f"sqlite:///{tmp_path / 'a.db'}")
    house = Services(db, Settings(_env_file=None, home=tmp_path), load_workdays())
    install(db)
    readings.receive(house, b"unread", "a.txt", at("2024-11-18 12:00"), "Bình")
    keep(house, b"read", "b.txt", "txt", draft(), at("2024-11-18 12:00"), "Bình")
    with db.write() as connection:
        command.downgrade(config(connection), "0008")
        assert not sa.inspect(connection).has_table("reading")
        assert connection.execute(sa.text("SELECT name FROM document")).scalars().all() == ["b.txt"]
        upgrade(connection)
    assert [record.name for record in draft_list(house)] == ["b.txt"] and readings.unread(house) == []
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
