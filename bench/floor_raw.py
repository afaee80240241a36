"""The floor: the same marks as statements over whole sets, on the standard library's sqlite3 and nothing else.

No guards, no events, no chain, no letters: a bound, not a product.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from bench import work
from bench.work import Outcome, Worker

_TABLES = """
CREATE TABLE unit (id INTEGER PRIMARY KEY, owner TEXT NOT NULL, manager TEXT NOT NULL, director TEXT NOT NULL);
CREATE TABLE item (
    id INTEGER PRIMARY KEY, unit_id INTEGER NOT NULL, stage INTEGER NOT NULL, state TEXT NOT NULL,
    base INTEGER NOT NULL, next_step INTEGER NOT NULL, next_at INTEGER, opened_at INTEGER, done_at INTEGER, done_by TEXT
);
CREATE INDEX item_next ON item (next_at) WHERE next_at IS NOT NULL;
CREATE TABLE message (
    item_id INTEGER NOT NULL, step INTEGER NOT NULL, person TEXT NOT NULL, at INTEGER NOT NULL, sent_at INTEGER,
    PRIMARY KEY (item_id, step)
) WITHOUT ROWID;
CREATE INDEX message_at ON message (at, person);
CREATE TABLE journal (id INTEGER PRIMARY KEY, item_id INTEGER NOT NULL, at INTEGER NOT NULL, who TEXT NOT NULL);
"""
_CASES = (f"WHEN {step} THEN base + {offset * work.DAY}" for step, offset in enumerate(work.OFFSETS[1:]))
_NEXT = f"CASE next_step {' '.join(_CASES)} END"
_WRITE = """
INSERT INTO message (item_id, step, person, at)
SELECT item.id, next_step, CASE WHEN next_step < 3 THEN owner WHEN next_step < 5 THEN manager ELSE director END, :now
FROM item JOIN unit ON unit.id = unit_id WHERE next_at <= :now
"""
_ADVANCE = f"UPDATE item SET next_step = next_step + 1, next_at = {_NEXT} WHERE next_at <= :now"
_RESET = "UPDATE item SET state = 'open', next_step = ?, next_at = ?, base = ? WHERE id = ?"
_DIGESTS = "SELECT person, item_id, step FROM message WHERE at = ? ORDER BY person"


class RawFloor(Worker):
    """The work on sqlite3."""

    name = "sqlite3"

    def __init__(self, folder: Path) -> None:
        self._path = folder / "raw.db"
        self._db = sqlite3.connect(self._path, isolation_level=None)

    def fresh(self) -> None:
        self._db.close()
        for left in self._path.parent.glob(self._path.name + "*"):
            left.unlink()
        self._db = sqlite3.connect(self._path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(_TABLES)

    def add_units(self, units: int) -> None:
        people = ((unit, work.owner(unit), work.manager(unit), work.director(unit)) for unit in range(units))
        with _transaction(self._db):
            self._db.executemany("INSERT INTO unit VALUES (?, ?, ?, ?)", people)

    def open_items(self, units: int) -> None:
        with _transaction(self._db):
            self._db.executemany(
                "INSERT INTO item (id, unit_id, stage, state, base, next_step, next_at, opened_at)"
                " VALUES (?, ?, ?, ?, ?, 0, ?, ?)", _items(units),
            )  # fmt: skip

    def make_busy(self, units: int, now: int) -> None:
        rows = ((b.step, b.due, b.due - work.OFFSETS[b.step] * work.DAY, b.unit * work.STAGES + b.stage)
                for b in work.busy(units, now))  # fmt: skip
        with _transaction(self._db):
            self._db.execute("DELETE FROM message")
            self._db.executemany(_RESET, rows)
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def sweep(self, now: int) -> Outcome:
        with _transaction(self._db):
            steps = self._db.execute(_WRITE, {"now": now}).rowcount
            if steps:
                self._db.execute(_ADVANCE, {"now": now})
        if not steps:
            return Outcome(0, 0)
        digests = [list(lines) for _, lines in groupby(self._db.execute(_DIGESTS, (now,)), key=itemgetter(0))]
        return Outcome(steps, len(digests))

    def complete(self, done: list[tuple[int, int]], now: int) -> None:
        for unit, stage in done:
            self._complete_one(unit * work.STAGES + stage, stage + 1 < work.STAGES, now)

    def _complete_one(self, item: int, opens_next: bool, now: int) -> None:
        db = self._db
        with _transaction(db):
            changed = db.execute(
                "UPDATE item SET state = 'done', done_at = ?, done_by = 'a', next_at = NULL"
                " WHERE id = ? AND state = 'open'", (now, item),
            )  # fmt: skip
            assert changed.rowcount == 1
            if opens_next:
                base: int = db.execute("SELECT base FROM item WHERE id = ?", (item + 1,)).fetchone()[0]
                step, due = work.next_step(base, now)
                db.execute(
                    "UPDATE item SET state = 'open', opened_at = ?, next_step = ?, next_at = ?"
                    " WHERE id = ? AND state = 'waiting'", (now, step, due, item + 1),
                )  # fmt: skip
            db.execute("INSERT INTO journal (item_id, at, who) VALUES (?, ?, 'a')", (item, now))

    def unfinished(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM item WHERE state <> 'done'").fetchone()[0])


def _items(units: int) -> Iterator[tuple[object, ...]]:
    opened = work.at(0, 0)
    for unit in range(units):
        for stage in range(work.STAGES):
            base, number = work.rung_base(unit, stage), unit * work.STAGES + stage
            if stage:
                yield number, unit, stage, "waiting", base, None, None
            else:
                yield number, unit, stage, "open", base, base + work.OFFSETS[0] * work.DAY, opened


class _transaction:
    """BEGIN IMMEDIATE … COMMIT, with as little around it as Python allows."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._db.execute("ROLLBACK" if kind else "COMMIT")
