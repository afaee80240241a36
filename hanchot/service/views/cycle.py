"""One cycle: its stages and what holds each, its milestones with their last moment and how far each has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from hanchot.domain.deadline import Due
from hanchot.domain.errors import UncheckedYear
from hanchot.domain.plan import Milestone, Plan, resolve_milestone
from hanchot.domain.work_item import UNFINISHED
from hanchot.domain.workdays import WorkCalendar
from hanchot.service import progress
from hanchot.service.book import Book, book, cycle_id_of
from hanchot.service.services import Services
from hanchot.service.views.common import day_off, late_now
from hanchot.store.db import Row
from hanchot.store.tables import cycle_milestone, unit, work_item

_UNDATED = frozenset({"unset", "announced", "order"})


@dataclass(frozen=True, slots=True)
class MilestoneLine:
    """A milestone of a cycle as it is now. ``day_off`` says why the last day is not worked; ``set_by`` who dated it."""

    milestone: Milestone
    last_day: date | None
    last_moment: datetime | None
    opens_on: date | None
    why: str
    day_off: str | None
    advised_day: date | None
    set_by: str | None
    chase_from: date | None
    done: int
    total: int
    late: int
    extended: int
    waits: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """It keeps its stage open."""
        return self.done < self.total and not self.milestone.optional

    @property
    def may_be_dated(self) -> bool:
        """The plan names no day of its own: the department sets one, or corrects the one that it has set."""
        return self.set_by is not None or (self.last_day is None and self.milestone.deadline.kind in _UNDATED)


@dataclass(frozen=True, slots=True)
class CyclePage:
    progress: progress.CycleProgress
    plan: Plan
    root_code: str
    root_name: str
    root_path: str
    lines: tuple[MilestoneLine, ...]

    def of_stage(self, stage: str) -> tuple[MilestoneLine, ...]:
        return tuple(line for line in self.lines if line.milestone.stage == stage)


def cycle_page(services: Services, code: str, now: datetime) -> CyclePage:
    """Raises ``NotFound``."""
    known_progress = progress.of(services.db, code, now)
    with services.db.read() as connection:
        known = book(services.db, connection, cycle_id_of(connection, code))
        root = connection.execute(sa.select(unit.c.code, unit.c.name, unit.c.path).where(unit.c.id == known.root_id)).one()
        lines = _lines(services, connection, known, now)
    return CyclePage(known_progress, known.plan, root.code, root.name, root.path, lines)


def _lines(services: Services, connection: sa.Connection, known: Book, now: datetime) -> tuple[MilestoneLine, ...]:
    mine = cycle_milestone.c.cycle_id == known.cycle_id
    late = _late_and_extended(connection, known.cycle_id, now)
    rows = connection.execute(sa.select(cycle_milestone).where(mine).order_by(cycle_milestone.c.position))
    return tuple(_line(services.workdays, known, row, late.get(row.id, (0, 0))) for row in rows)


def _late_and_extended(connection: sa.Connection, cycle_id: int, now: datetime) -> dict[int, tuple[int, int]]:
    """Late items, and items whose last day is not their milestone's, by milestone."""
    extended = sa.and_(work_item.c.last_day != cycle_milestone.c.last_day, work_item.c.state.in_(sorted(UNFINISHED)))
    rows = connection.execute(
        sa.select(work_item.c.milestone_id, sa.func.count().filter(late_now(now)), sa.func.count().filter(extended))
        .join(cycle_milestone, cycle_milestone.c.id == work_item.c.milestone_id)
        .where(work_item.c.cycle_id == cycle_id, cycle_milestone.c.finished < cycle_milestone.c.total)
        .group_by(work_item.c.milestone_id)
    )
    return {milestone_id: (late, moved) for milestone_id, late, moved in rows}


def _line(workdays: WorkCalendar, known: Book, row: Row, counts: tuple[int, int]) -> MilestoneLine:
    milestone = known.named(row.key)
    due = _due(known, milestone, workdays)
    off, advised = day_off(row.last_day, workdays)
    waits = tuple(f"{known.plan.milestone(one.milestone).title} (mục {one.clause})" for one in milestone.after)
    return MilestoneLine(
        milestone, row.last_day, row.last_moment, due.opens_on, due.why, off, advised, row.set_by, row.chase_from,
        row.finished, row.total, *counts, waits,
    )  # fmt: skip


def _due(known: Book, milestone: Milestone, workdays: WorkCalendar) -> Due:
    try:
        return resolve_milestone(known.plan, milestone, known.period, workdays)
    except UncheckedYear:
        return Due()
