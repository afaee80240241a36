"""Hạn Chót on the same work, through its own services: one transaction per use case, with guards, events and letters.

The work as a tree: one organisation per director, one section per manager, 50 units in each; five kinds of units, one
per jitter, so that each kind has deadlines of its own. A person holds the posts of an owner's 5 units.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bench import work
from bench.work import Outcome, Worker
from hanchot.domain.deadline import By
from hanchot.domain.instants import end_of
from hanchot.domain.ladder import Audience, Ladder, Rung
from hanchot.domain.plan import Document, Milestone, Plan, Predecessor, Source
from hanchot.domain.stage import STAGES
from hanchot.domain.unit import PostRole, UnitKind
from hanchot.domain.work_item import State
from hanchot.domain.workdays import WorkCalendar
from hanchot.service.install import bump, install
from hanchot.service.items import act
from hanchot.service.opening import open_cycle
from hanchot.service.services import Services
from hanchot.service.sweep import sweep
from hanchot.settings import Settings
from hanchot.store.db import Database
from hanchot.store.tables import cycle_milestone, letter, person, post, tenure, unit, work_item

KINDS = (UnitKind.CELL, UnitKind.CELL_OF_SECTION, UnitKind.AGENCY, UnitKind.LEADERSHIP, UnitKind.FRONT)
_AUDIENCES: tuple[Audience, ...] = ("holder", "holder", "holder", "above", "above", "in_charge")
WORKDAYS = WorkCalendar(frozenset({2025, 2026}))


def plan() -> Plan:
    """The work's deadlines and steps as a plan: 6 stages for each of the 5 kinds, each after the one before it."""
    rungs = tuple(Rung(offset=o, to=(to,)) for o, to in zip(work.OFFSETS, _AUDIENCES, strict=True))
    return Plan(
        key="bench",
        organiser=UnitKind.BLOC_COMMITTEE,
        document=Document(kind="plan", issuer="Bench", title="Bench", year=2026),
        year=2026,
        ladder=Ladder(working_days=False, announce=False, rungs=rungs),
        milestones=tuple(_milestone(stage, jitter) for stage in range(work.STAGES) for jitter in range(work.JITTER)),
    )


def _milestone(stage: int, jitter: int) -> Milestone:
    return Milestone(
        key=_key(stage, jitter),
        stage=STAGES[stage],
        title=f"Bước {stage + 1}",
        applies_to=(KINDS[jitter],),
        deadline=By(kind="by", date=work.calendar_day(work.due_day(jitter, stage))),
        source=Source(clause="1"),
        after=(Predecessor(milestone=_key(stage - 1, jitter), clause="1"),) if stage else (),
    )


def _key(stage: int, jitter: int) -> str:
    return f"s{stage}-{jitter}"


class Ours(Worker):
    """The work on Hạn Chót and SQLite."""

    name = "Hạn Chót"

    def __init__(self, folder: Path, live: bool = False, in_memory: bool = False) -> None:
        self._path, self._url = folder / "ours.db", "sqlite://" if in_memory else f"sqlite:///{folder / 'ours.db'}"
        self._plan = plan()
        self._ids: dict[tuple[int, int], int] = {}
        self._services = Services(Database(self._url), Settings(home=folder), WORKDAYS, live)

    def fresh(self) -> None:
        self._services.db.close()
        for left in self._path.parent.glob(self._path.name + "*"):
            left.unlink()
        self._services = replace(self._services, db=Database(self._url))
        install(self._services.db)

    def add_units(self, units: int) -> None:
        """The whole tree with posts, people and who holds what; one statement a table."""
        with self._services.db.write() as connection:
            for table, rows in tree(units).items():
                connection.execute(sa.insert(table), rows)
            bump(connection, "org_version")

    def open_items(self, units: int) -> None:
        opened = open_cycle(self._services, self._plan, work.instant(work.at(0, 0)))
        assert opened.items == units * work.STAGES

    def read_ids(self) -> None:
        """Which row is the item of a unit and a stage; the floors number theirs so that they need not ask."""
        with self._services.db.read() as connection:
            rows = connection.execute(
                sa.select(unit.c.code, cycle_milestone.c.stage, work_item.c.id)
                .join(unit, unit.c.id == work_item.c.unit_id)
                .join(cycle_milestone, cycle_milestone.c.id == work_item.c.milestone_id)
            )
            self._ids = {(int(code), STAGES.index(stage)): row for code, stage, row in rows}

    def make_busy(self, units: int, now: int) -> None:
        self.read_ids()
        rows = [(b.step, b.due, *_deadline(b), self._ids[b.unit, b.stage]) for b in work.busy(units, now)]
        with self._raw() as db:
            db.execute("BEGIN IMMEDIATE")
            db.execute("DELETE FROM letter")
            db.execute("DELETE FROM envelope")
            change = "state = 'open', next_step = ?, next_action_at = ?, last_day = ?, last_moment = ?"
            db.executemany(f"UPDATE work_item SET {change} WHERE id = ?", rows)
            db.execute("COMMIT")
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def sweep(self, now: int) -> Outcome:
        report = sweep(self._services, work.instant(now))
        assert not report.vacant and not report.skipped
        return Outcome(report.letters, report.envelopes)

    def complete(self, done: list[tuple[int, int]], now: int) -> None:
        """Each (unit, stage) in a transaction of its own; guarded, chained, the next stage opens."""
        moment = work.instant(now)
        for one in done:
            act(self._services, self._ids[one], "submit", moment, actor="a")

    def told(self) -> Outcome:
        """Read from the ledger: steps only, without what a result itself tells (remediation that opens)."""
        with self._services.db.read() as connection:
            steps = sa.select(sa.func.count(), sa.func.count(letter.c.envelope_id.distinct()))
            return Outcome(*connection.execute(steps.where(letter.c.rung.startswith("T"))).one())

    def unfinished(self) -> int:
        with self._services.db.read() as connection:
            return connection.execute(sa.select(sa.func.count()).where(work_item.c.state != State.SUBMITTED)).scalar_one()

    def _raw(self) -> Any:
        return _borrowed(self._services.db.engine)


class _borrowed:
    """The driver's own connection, for fixtures only."""

    def __init__(self, engine: sa.Engine) -> None:
        self._held = engine.raw_connection()

    def __enter__(self) -> Any:
        return self._held.driver_connection

    def __exit__(self, *_: object) -> None:
        self._held.close()


def _deadline(busy: work.Busy) -> tuple[str, int]:
    last: date = work.calendar_day((busy.due - work.MIDNIGHT) // work.DAY - work.OFFSETS[busy.step])
    return last.isoformat(), int(end_of(last).timestamp())


def tree(units: int) -> dict[sa.Table, list[dict[str, object]]]:
    """Rows of a whole organisation by table. Units of the work bear their number as code."""
    made: dict[sa.Table, list[dict[str, object]]] = {unit: [], person: [], post: [], tenure: []}
    people: dict[str, int] = {}
    _add(made, people, 0, None, "root", UnitKind.BLOC_COMMITTEE, PostRole.DEPUTY, "root")
    above: dict[str, int] = {}
    for number, kind, role, holder, upper in _units(units):
        _add(made, people, len(made[unit]), above.get(upper, 0), str(number), kind, role, holder)
        above.setdefault(holder, len(made[unit]) - 1)
    return made


def _units(units: int) -> Iterator[tuple[str | int, UnitKind, PostRole, str, str]]:
    """(code, kind, post, who holds it, who holds the post above), parents before children."""
    for first in range(0, units, 500):
        yield f"d{first}", UnitKind.GRASSROOTS_COMMITTEE, PostRole.MEMBER_IN_CHARGE, work.director(first), ""
    for first in range(0, units, 50):
        yield f"m{first}", UnitKind.SECTION_COMMITTEE, PostRole.SECRETARY, work.manager(first), work.director(first)
    for number in range(units):
        yield number, KINDS[number % len(KINDS)], PostRole.SECRETARY, work.owner(number), work.manager(number)


def _add(
    made: dict[sa.Table, list[dict[str, object]]], people: dict[str, int], index: int, parent: int | None, code: str,
    kind: UnitKind, role: PostRole, holder: str,
) -> None:  # fmt: skip
    if holder not in people:
        people[holder] = len(people) + 1
        made[person].append({"id": people[holder], "code": holder, "name": holder.partition("@")[0], "email": holder})
    path = f"{made[unit][parent]['path'] if parent is not None else '/'}{index + 1}/"
    made[unit].append(
        {"id": index + 1, "code": code, "name": f"Chi bộ {code}", "kind": kind, "path": path,
         "parent_id": None if parent is None else parent + 1}
    )  # fmt: skip
    made[post].append({"id": index + 1, "unit_id": index + 1, "role": role})
    made[tenure].append({"post_id": index + 1, "person_id": people[holder]})
