"""One database, two kinds: SQLite in WAL with ``BEGIN IMMEDIATE``, PostgreSQL with a lock; one writer at a time on both."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from hanchot.domain.errors import Outside
from hanchot.store import (  # noqa: F401 - their tables stand in the same metadata
    access_tables,
    desk_tables,
    judging_tables,
    keeping_tables,
    meeting_tables,
)
from hanchot.store.tables import metadata

Row: TypeAlias = sa.Row[Any]
BUSY_MS = 20_000
PREPARED = 48  # statements that a connection to SQLite keeps prepared: a page has some fifty, and the usual 128 cost megabytes
# PostgreSQL would let two writers pass each other and meet in a deadlock, or write over what the other has just read.
# Any number will do, as long as every writer of ours takes it first; it is let go with the transaction.
_ONE_WRITER = sa.select(sa.func.pg_advisory_xact_lock(4_815_162_342))


class Database:
    """Transactions on one database. ``read`` sees a snapshot; ``write`` holds the write lock from its first statement."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _engine(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self.remembered: dict[Any, Any] = {}  # what never changes once committed (opened plans) or carries its version

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A transaction that changes nothing; closed by rolling back."""
        with _said(self.url), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A transaction that is committed at the end, or leaves no trace when it raises."""
        with (
            _said(self.url),
            self.engine.connect().execution_options(hanchot_write=True) as connection,
            connection.begin(),
        ):
            if not self.is_sqlite:
                connection.execute(_ONE_WRITER)
            yield connection

    def create(self) -> None:
        """Create what is missing of the tables (idempotent)."""
        with self.write() as connection:
            metadata.create_all(connection)

    def close(self) -> None:
        self.engine.dispose()


def _engine(url: str) -> sa.Engine:
    """``hide_parameters``: an error in a log may show a statement, never what a person typed."""
    try:
        made = sa.make_url(url)
    except ArgumentError as error:
        raise Outside(f"Địa chỉ cơ sở dữ liệu “{url}” không đọc được.", way_out="Viết sqlite:///tệp.db.") from error
    if made.drivername == "postgresql":
        made = made.set(drivername="postgresql+psycopg")
    if made.get_backend_name() != "sqlite":
        try:
            wait = {"options": f"-c lock_timeout={BUSY_MS}"} if made.get_backend_name() == "postgresql" else {}
            return sa.create_engine(made, pool_pre_ping=True, connect_args=wait, hide_parameters=True)
        except (NoSuchModuleError, ModuleNotFoundError) as error:
            raise Outside(f"Không có trình điều khiển cho “{made.drivername}”.", way_out="Dùng SQLite.") from error
    return _sqlite(made)


def _sqlite(url: sa.URL) -> sa.Engine:
    in_memory = url.database in (None, "", ":memory:")
    if not in_memory:
        _folder_of(Path(str(url.database)))
    engine = sa.create_engine(
        url, poolclass=sa.StaticPool if in_memory else None, hide_parameters=True,
        connect_args={"check_same_thread": False, "cached_statements": PREPARED},
    )  # fmt: skip

    @sa.event.listens_for(engine, "connect")
    def _pragmas(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself; we say BEGIN below
        for pragma in (f"busy_timeout={BUSY_MS}", "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        # A deferred transaction that reads and then writes fails at once with BUSY_SNAPSHOT, whatever the timeout.
        write = connection.get_execution_options().get("hanchot_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def _folder_of(file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Outside(
            f"Không lập được thư mục cho cơ sở dữ liệu {file}: {error.strerror}.",
            way_out="Chọn nơi khác bằng --database, hoặc xin quyền ghi.",
        ) from error


def pairs(result: sa.Result[Any]) -> dict[Any, Any]:
    """A two-column result as a mapping."""
    return {key: value for key, value in result}


def new_id(made: sa.CursorResult[Any]) -> int:
    """The primary key that a one-row INSERT was given."""
    assert made.inserted_primary_key is not None
    return int(made.inserted_primary_key[0])


@contextmanager
def _said(url: str) -> Iterator[None]:
    """A database that does not answer is one sentence, not a page of trace."""
    try:
        yield
    except DBAPIError as error:
        plain = type(error) is sa.exc.DatabaseError  # SQLite's word for a file that is no database, or a damaged one
        if error.connection_invalidated or plain or isinstance(error, sa.exc.OperationalError):
            name = sa.make_url(url).render_as_string(hide_password=True)
            raise Outside(
                f"Cơ sở dữ liệu {name} không dùng được: {str(error.orig).strip().splitlines()[0]}.",
                way_out="Kiểm tra địa chỉ, quyền ghi và dung lượng đĩa (hanchot doctor), rồi chạy lại.",
            ) from error
        raise
