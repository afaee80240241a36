"""A database comes to life: tables, its epoch, and the small facts kept in ``meta``."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from hanchot.domain.errors import Outside
from hanchot.store.db import Database
from hanchot.store.tables import meta, stamp

SCHEMA = "0010"  # the newest revision in hanchot/store/migrations; a test holds the two together


def install(db: Database) -> None:
    """Create the tables when they are missing and give a new database its epoch. Refuses another schema's database."""
    with db.read() as connection:
        known = sa.inspect(connection).has_table("meta")
        found = fact(connection, "schema") if known else None
    if found not in (None, SCHEMA):
        raise Outside(
            f"Cơ sở dữ liệu có lược đồ {found}, chương trình này cần lược đồ {SCHEMA}.",
            way_out="Sao lưu (hanchot backup) rồi chạy hanchot upgrade, hoặc dùng đúng phiên bản chương trình.",
        )
    if found:
        return
    db.create()
    with db.write() as connection:
        if fact(connection, "epoch") is None:
            remember(connection, "epoch", secrets.token_hex(8))
            remember(connection, "schema", SCHEMA)
            stamp(connection, SCHEMA)


def bring_up(db: Database) -> str:
    """Bring an older database to this program's schema; returns the schema it had."""
    from hanchot.store.upgrade import upgrade

    with db.write() as connection:
        had = fact(connection, "schema") or ""
        upgrade(connection)
        remember(connection, "schema", SCHEMA)
        return had


def fact(connection: sa.Connection, key: str) -> str | None:
    """A fact of this database, or None."""
    return connection.execute(_GET, {"k": key}).scalar()


def remember(connection: sa.Connection, key: str, value: str) -> None:
    """Set a fact; part of the caller's transaction."""
    upsert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = upsert(meta).values(key=key, value=value)
    connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_={"value": value}))


def forget(connection: sa.Connection, key: str) -> None:
    connection.execute(sa.delete(meta).where(meta.c.key == key))


def epoch(db: Database) -> str:
    """The identity of this database; a restored copy has the same, a new one another."""
    with db.read() as connection:
        return fact(connection, "epoch") or ""


def bump(connection: sa.Connection, key: str) -> int:
    """Raise a counter in ``meta``, e.g. ``org_version`` whenever units, posts, people or tenures change."""
    value = int(fact(connection, key) or 0) + 1
    remember(connection, key, str(value))
    return value


_GET = sa.select(meta.c.value).where(meta.c.key == sa.bindparam("k"))
