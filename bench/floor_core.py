"""The second floor: the same statements over whole sets through SQLAlchemy Core, which is what Hạn Chót is built on."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bench import work
from bench.work import Outcome, Worker

_metadata = sa.MetaData()
_unit = sa.Table(
    "unit", _metadata, sa.Column("id", sa.Integer, primary_key=True),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("owner", "manager", "director")),
)  # fmt: skip
_item = sa.Table(
    "item",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("unit_id", sa.Integer, nullable=False),
    sa.Column("stage", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("base", sa.BigInteger, nullable=False),
    sa.Column("next_step", sa.Integer, nullable=False),
    sa.Column("next_at", sa.BigInteger),
    sa.Column("opened_at", sa.BigInteger),
    sa.Column("done_at", sa.BigInteger),
    sa.Column("done_by", sa.Text),
)
sa.Index("item_next", _item.c.next_at, sqlite_where=_item.c.next_at.is_not(None))
_message = sa.Table(
    "message",
    _metadata,
    sa.Column("item_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("step", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("sent_at", sa.BigInteger),
)
sa.Index("message_at", _message.c.at, _message.c.person)
_journal = sa.Table(
    "journal",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("item_id", sa.Integer, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
)

_now, _which = sa.bindparam("now", type_=sa.BigInteger), sa.bindparam("which", type_=sa.Integer)
_due = _item.c.next_at <= _now
_step = _item.c.next_step
_person = sa.case((_step < 3, _unit.c.owner), (_step < 5, _unit.c.manager), else_=_unit.c.director)
_WRITE = sa.insert(_message).from_select(
    ["item_id", "step", "person", "at"],
    sa.select(_item.c.id, _item.c.next_step, _person, _now).join(_unit, _unit.c.id == _item.c.unit_id).where(_due),
)
_NEXT = sa.case(
    *((_item.c.next_step == step, _item.c.base + offset * work.DAY) for step, offset in enumerate(work.OFFSETS[1:])),
    else_=None,
)
_ADVANCE = sa.update(_item).where(_due).values(next_step=_item.c.next_step + 1, next_at=_NEXT)
_DIGESTS = sa.select(_message.c.person, _message.c.item_id, _message.c.step).where(_message.c.at == _now)
_DONE = (
    sa.update(_item)
    .where(_item.c.id == _which, _item.c.state == "open")
    .values(state="done", done_at=_now, done_by="a", next_at=None)
)
_BASE = sa.select(_item.c.base).where(_item.c.id == _which)
_OPEN = (
    sa.update(_item)
    .where(_item.c.id == _which, _item.c.state == "waiting")
    .values(state="open", opened_at=_now, next_step=sa.bindparam("step"), next_at=sa.bindparam("due"))
)
_NOTE = sa.insert(_journal).values(item_id=_which, at=_now, who="a")


class CoreFloor(Worker):
    """The work on SQLAlchemy Core and SQLite."""

    name = "Core"

    def __init__(self, folder: Path) -> None:
        self._path = folder / "core.db"
        self._engine = sa.create_engine(f"sqlite:///{self._path}")
        sa.event.listen(self._engine, "connect", _settings)
        sa.event.listen(self._engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))

    def fresh(self) -> None:
        self._engine.dispose()
        for left in self._path.parent.glob(self._path.name + "*"):
            left.unlink()
        _metadata.create_all(self._engine)

    def add_units(self, units: int) -> None:
        rows = [{"id": unit, "owner": work.owner(unit), "manager": work.manager(unit), "director": work.director(unit)}
                for unit in range(units)]  # fmt: skip
        with self._engine.begin() as connection:
            connection.execute(sa.insert(_unit), rows)

    def open_items(self, units: int) -> None:
        rows = [_row(unit, stage) for unit in range(units) for stage in range(work.STAGES)]
        with self._engine.begin() as connection:
            connection.execute(sa.insert(_item), rows)

    def make_busy(self, units: int, now: int) -> None:
        rows = [{"which": b.unit * work.STAGES + b.stage, "step": b.step, "due": b.due,
                 "from": b.due - work.OFFSETS[b.step] * work.DAY} for b in work.busy(units, now)]  # fmt: skip
        change = sa.update(_item).where(_item.c.id == _which).values(
            state="open", next_step=sa.bindparam("step"), next_at=sa.bindparam("due"), base=sa.bindparam("from")
        )  # fmt: skip
        with self._engine.begin() as connection:
            connection.execute(sa.delete(_message))
            connection.execute(change, rows)
        with self._engine.connect() as connection:
            connection.rollback()
            connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def sweep(self, now: int) -> Outcome:
        with self._engine.begin() as connection:
            written = connection.execute(_WRITE, {"now": now}, execution_options={"preserve_rowcount": True})
            steps = written.rowcount
            if steps:
                connection.execute(_ADVANCE, {"now": now})
        if not steps:
            return Outcome(0, 0)
        with self._engine.connect() as connection:
            rows = connection.execute(_DIGESTS.order_by(_message.c.person), {"now": now}).all()
        return Outcome(steps, len([list(lines) for _, lines in groupby(rows, key=itemgetter(0))]))

    def complete(self, done: list[tuple[int, int]], now: int) -> None:
        for unit, stage in done:
            self._complete_one(unit * work.STAGES + stage, stage + 1 < work.STAGES, now)

    def _complete_one(self, item: int, opens_next: bool, now: int) -> None:
        with self._engine.begin() as connection:
            assert connection.execute(_DONE, {"which": item, "now": now}).rowcount == 1
            if opens_next:
                base = connection.execute(_BASE, {"which": item + 1}).scalar_one()
                step, due = work.next_step(base, now)
                connection.execute(_OPEN, {"which": item + 1, "now": now, "step": step, "due": due})
            connection.execute(_NOTE, {"which": item, "now": now})

    def unfinished(self) -> int:
        with self._engine.connect() as connection:
            return connection.execute(sa.select(sa.func.count()).where(_item.c.state != "done")).scalar_one()


def _settings(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")


def _row(unit: int, stage: int) -> dict[str, object]:
    base = work.rung_base(unit, stage)
    return {
        "id": unit * work.STAGES + stage, "unit_id": unit, "stage": stage, "state": "waiting" if stage else "open",
        "base": base, "next_step": 0, "next_at": None if stage else base + work.OFFSETS[0] * work.DAY,
        "opened_at": None if stage else work.at(0, 0),
    }  # fmt: skip
