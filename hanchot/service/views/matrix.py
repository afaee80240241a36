"""The matrix: the units of one branch against the stages of a cycle, riskiest first.

A row is a unit that stands directly under the branch and speaks for everything below it; the branch's own duties come
first. One query groups the whole branch; what depends on ``now`` is worked out on the groups.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

import sqlalchemy as sa

from hanchot.domain.instants import local_day
from hanchot.domain.stage import Stage
from hanchot.domain.unit import UnitKind
from hanchot.domain.work_item import FINISHED, Standing, State, standing
from hanchot.service import progress
from hanchot.service.book import book, cycle_id_of
from hanchot.service.org.lookup import UnitRow, unit_by_code
from hanchot.service.services import Services
from hanchot.service.views.common import RISK, Paging, late_now, risk_key, unit_places, unit_ranks, units_like
from hanchot.store.db import Database, Row
from hanchot.store.tables import unit, work_item

ROWS = 100
MOST = 20_000  # units that a name may fit
_AT_ONCE = 2_000  # rows held at a time where every item of a cycle is looked at
# Instants as they are stored: tens of thousands need not become objects.
_SECONDS = tuple(sa.type_coerce(column, sa.BigInteger) for column in (work_item.c.last_moment, work_item.c.finished_at))


@dataclass(frozen=True, slots=True)
class Find:
    """What to show: ``branch`` is a unit's code (default: the cycle's root), ``text`` part of a name, marks ignored.

    Whoever asks for a name or a kind sees those units themselves; otherwise a row speaks for all below it.
    """

    branch: str | None = None
    late_only: bool = False
    stage: Stage | None = None
    kind: UnitKind | None = None
    text: str = ""

    @property
    def by_unit(self) -> bool:
        return bool(self.kind or self.text)


class Kind(NamedTuple):
    """Items that stand alike, worked out once for the thousands of them."""

    standing: Standing
    risk: tuple[int, int]
    finished: bool
    late: bool


@dataclass(slots=True)
class Cell:
    """The items of a row in one stage. ``worst`` is the riskiest standing among them."""

    worst: Standing | None = None
    risk: tuple[int, int] = (len(RISK), 0)
    done: int = 0
    total: int = 0
    late: int = 0
    item_id: int | None = None

    def add(self, one: Kind, count: int, item_id: int) -> None:
        """``count`` items that stand alike; ``item_id`` is one of them."""
        if one.risk < self.risk:
            self.worst, self.risk = one.standing, one.risk
        self.total += count
        self.done += count * one.finished
        self.late += count * one.late
        self.item_id = item_id if self.total == 1 else None


@dataclass(slots=True)
class Line:
    """One unit and, behind it, its branch. ``below``: it has units under it that can be opened."""

    id: int
    code: str
    name: str
    below: bool
    own: bool
    cells: dict[Stage, Cell] = field(default_factory=lambda: defaultdict(Cell))

    def late_in(self, stage: Stage | None) -> int:
        """How many items are late in a stage, or in all."""
        return sum(cell.late for at, cell in self.cells.items() if stage in (None, at))

    def risk_in(self, stage: Stage | None) -> tuple[tuple[int, int], int]:
        """Sort key: the riskiest cell of a stage, or of all, then how much is late."""
        risks = (cell.risk for at, cell in self.cells.items() if stage in (None, at))
        return min(risks, default=(len(RISK), 0)), -self.late_in(stage)


@dataclass(frozen=True, slots=True)
class Matrix:
    progress: progress.CycleProgress
    branch_code: str
    branch_name: str
    above: tuple[tuple[str, str], ...]
    stages: tuple[Stage, ...]
    rows: tuple[Line, ...]
    paging: Paging
    find: Find
    late_rows: int


def matrix(
    services: Services, code: str, now: datetime, find: Find | None = None, *, page: int = 1, size: int = ROWS
) -> Matrix:
    """The rows of one page. Raises ``NotFound`` for an unknown cycle or unit."""
    known_progress, find = progress.of(services.db, code, now), find or Find()
    with services.db.read() as connection:
        known = book(services.db, connection, cycle_id_of(connection, code))
        root = connection.execute(sa.select(unit.c.code, unit.c.path).where(unit.c.id == known.root_id)).one()
        top = unit_by_code(connection, find.branch or root.code)
        stage_of = {milestone_id: known.milestone(milestone_id).stage for milestone_id in known.keys}
        desk = _Desk(services.db, connection, known.cycle_id, top, stage_of, _Kinds(now))
        paging, shown, late_rows = (desk.units if find.by_unit else desk.branches)(find, page, size)
        above = _above(connection, top.path, root.path)
    stages = tuple(one.stage for one in known_progress.stages)
    return Matrix(known_progress, top.code, top.name, above, stages, shown, paging, find, late_rows)


class _Kinds(dict[tuple[str, int | None, int | None], Kind]):
    """How items stand at one instant, by state, last moment and, of late ones, finish: worked out once for all alike."""

    def __init__(self, now: datetime) -> None:
        super().__init__()
        self.now = now

    def __missing__(self, key: tuple[str, int | None, int | None]) -> Kind:
        found = self[key] = _kind(*key, self.now)
        return found

    def of(self, state: str, last: int | None, finished: int | None) -> Kind:
        """``last`` and ``finished`` are seconds of UTC, as they are stored. Whenever in time is the same."""
        return self[state, last, finished if not (finished and last) or finished > last else last]


@dataclass(frozen=True, slots=True)
class _Desk:
    """What both ways of listing rows read from. A page of rows is (paging, rows, how many rows are late in all)."""

    db: Database
    connection: sa.Connection
    cycle_id: int
    top: UnitRow
    stage_of: dict[int, Stage]
    kinds: _Kinds

    def branches(self, find: Find, page: int, size: int) -> tuple[Paging, tuple[Line, ...], int]:
        """A row for each unit directly under the branch."""
        rows = _rows(self.connection, self.top.id)
        self._fill(_groups(self.connection, self.cycle_id, self.top), rows)
        ranks = unit_ranks(self.db, self.connection)
        found = [row for row in rows.values() if row.cells and (find.stage is None or find.stage in row.cells)]
        late = [row for row in found if row.late_in(find.stage)]
        found = late if find.late_only else found
        found.sort(key=lambda row: (not row.own, row.risk_in(find.stage), ranks[row.id]))
        paging = Paging(page, size, len(found))
        return paging, tuple(found[paging.offset : paging.offset + size]), len(late)

    def units(self, find: Find, page: int, size: int) -> tuple[Paging, tuple[Line, ...], int]:
        """A row for each unit of the branch that is looked for; only those of the page are built."""
        ids, late = self._ranked(find)
        paging = Paging(page, size, len(ids))
        ids = ids[paging.offset : paging.offset + size]
        named = sa.select(unit.c.id, unit.c.code, unit.c.name).where(unit.c.id.in_(ids))
        rows = {one.id: Line(one.id, one.code, one.name, below=False, own=False) for one in self.connection.execute(named)}
        self._fill(_own_groups(self.connection, self.cycle_id, work_item.c.unit_id.in_(ids)), rows)
        return paging, tuple(rows[one] for one in ids), late

    def _ranked(self, find: Find) -> tuple[list[int], int]:
        """The units in the order of the page, and how many of them are late."""
        wanted = self._wanted(find)
        worst: dict[int, tuple[int, int]] = {}
        late: dict[int, int] = {}
        for unit_id, *stands in self._stands(find):
            if unit_id not in wanted:
                continue
            one = self.kinds.of(*stands)
            if unit_id not in worst or one.risk < worst[unit_id]:
                worst[unit_id] = one.risk
            if one.late:
                late[unit_id] = late.get(unit_id, 0) + 1
        ranks = unit_ranks(self.db, self.connection)
        ids = sorted(late if find.late_only else worst, key=lambda one: (worst[one], -late.get(one, 0), ranks[one]))
        return ids, len(late)

    def _stands(self, find: Find) -> Iterator[Row]:
        """(unit, state, last moment, finish) of every item that may count: a late one is riskier than any that is not."""
        query = sa.select(work_item.c.unit_id, work_item.c.state, *_SECONDS).where(work_item.c.cycle_id == self.cycle_id)
        if self.top.path.count("/") > 2:  # not the head of a tree: /1/
            query = query.where(work_item.c.unit_id.in_(_under(self.top)))
        if find.stage:
            query = query.where(work_item.c.milestone_id.in_([one for one, at in self.stage_of.items() if at is find.stage]))
        if find.late_only:
            query = query.where(late_now(self.kinds.now))
        with self.connection.execute(query.execution_options(yield_per=_AT_ONCE)) as rows:
            yield from rows

    def _wanted(self, find: Find) -> set[int]:
        """Every unit of the branch that has the name and the kind that are looked for."""
        places, path = unit_places(self.db, self.connection), self.top.path
        found = {one for one, (kind, at) in places.items() if find.kind in (None, kind) and at.startswith(path)}
        return found & set(units_like(self.db, self.connection, find.text, MOST)) if find.text else found

    def _fill(self, groups: Iterable[Row], rows: dict[int, Line]) -> None:
        for row_id, milestone_id, state, last, finished, count, item_id in groups:
            if row_id in rows:
                rows[row_id].cells[self.stage_of[milestone_id]].add(self.kinds.of(state, last, finished), count, item_id)


def _rows(connection: sa.Connection, top_id: int) -> dict[int, Line]:
    """The branch itself and the units directly under it, by id."""
    under = unit.alias("under")
    below = sa.exists().where(under.c.parent_id == unit.c.id)
    query = sa.select(unit.c.id, unit.c.code, unit.c.name, below).where(sa.or_(unit.c.id == top_id, unit.c.parent_id == top_id))
    return {
        unit_id: Line(unit_id, code, name, has_below and unit_id != top_id, unit_id == top_id)
        for unit_id, code, name, has_below in connection.execute(query)
    }


def _kind(state: str, last: int | None, finished: int | None, now: datetime) -> Kind:
    """``last`` and ``finished`` are seconds of UTC, as they are stored."""
    moment = datetime.fromtimestamp(last, UTC) if last else None
    done = datetime.fromtimestamp(finished, UTC) if finished else None
    stands = standing(State(state), local_day(moment) if moment else None, moment, done, now)
    return Kind(stands, risk_key(stands), State(state) in FINISHED, stands.is_late)


def _under(top: UnitRow) -> sa.Select[tuple[int]]:
    return sa.select(unit.c.id).where(unit.c.path.startswith(top.path, autoescape=True))


def _own_groups(connection: sa.Connection, cycle_id: int, where: sa.ColumnElement[bool]) -> Sequence[Row]:
    """Items, each by itself, in the shape of ``_groups``."""
    each = (work_item.c.unit_id, work_item.c.milestone_id, work_item.c.state, *_SECONDS, sa.literal(1), work_item.c.id)
    return connection.execute(sa.select(*each).where(work_item.c.cycle_id == cycle_id, where)).all()


def _groups(connection: sa.Connection, cycle_id: int, top: UnitRow) -> list[Row]:
    """Items of the branch by (row, milestone, state, last moment); of finished ones the latest finish. Raw seconds."""
    top_id = top.id
    start = sa.select(unit.c.id.label("row_id"), unit.c.id.label("unit_id")).where(unit.c.parent_id == top_id)
    tree = start.cte("tree", recursive=True)
    tree = tree.union_all(sa.select(tree.c.row_id, unit.c.id).join(tree, unit.c.parent_id == tree.c.unit_id))
    every = sa.union_all(sa.select(tree.c.row_id, tree.c.unit_id), sa.select(sa.literal(top_id), sa.literal(top_id)))
    under = every.subquery("under")
    last = sa.type_coerce(work_item.c.last_moment, sa.BigInteger)
    same = (under.c.row_id, work_item.c.milestone_id, work_item.c.state, last)
    finished = sa.func.max(sa.type_coerce(work_item.c.finished_at, sa.BigInteger))
    query = (
        sa.select(*same, finished, sa.func.count(), sa.func.max(work_item.c.id))
        .join(work_item, work_item.c.unit_id == under.c.unit_id)
        .where(work_item.c.cycle_id == cycle_id)
        .group_by(*same)
    )
    return list(connection.execute(query).all())


def _above(connection: sa.Connection, path: str, root_path: str) -> tuple[tuple[str, str], ...]:
    """Code and name of the units between the cycle's root and the branch, topmost first; the branch is left out."""
    if not path.startswith(root_path):
        return ()
    ids = [int(part) for part in path[len(root_path) :].split("/") if part][:-1]
    root_id = int(root_path.rstrip("/").rsplit("/", 1)[-1])
    wanted = [] if path == root_path else [root_id, *ids]
    names = {
        row.id: (row.code, row.name)
        for row in connection.execute(sa.select(unit.c.id, unit.c.code, unit.c.name).where(unit.c.id.in_(wanted)))
    }
    return tuple(names[one] for one in wanted)
