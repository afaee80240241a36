"""Stages of a cycle brought in line with its work: closed, opened, opened again; and overruns said once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from hanchot.domain.cycle import MilestoneCount, StageMove, StageNow, overrunning, stage_moves
from hanchot.domain.instants import local_day
from hanchot.domain.stage import Stage
from hanchot.domain.work_item import UNFINISHED
from hanchot.service import audit
from hanchot.service.book import book
from hanchot.service.directory import directory
from hanchot.service.mail.ledger import Entry, add_once
from hanchot.service.services import Services
from hanchot.store.tables import cycle_milestone, cycle_stage, work_item

US = "hạn chót"


@dataclass(frozen=True)
class Overrun:
    """A stage that is over its last moment with work unfinished; said once."""

    cycle: str
    stage: Stage
    late: int
    done: int
    total: int


@dataclass(frozen=True)
class StageChange:
    """A stage that was opened, closed or opened again."""

    cycle: str
    stage: Stage
    became: str


@dataclass(frozen=True)
class Moved:
    """What happened to the stages of one cycle; ``letters`` tell that a stage has opened."""

    changes: tuple[StageChange, ...]
    overruns: tuple[Overrun, ...]
    letters: int


def move_stages(services: Services, connection: sa.Connection, cycle_id: int, code: str, now: datetime) -> Moved:
    """Gather how far the work is, decide what each stage must be, apply it. Nothing to do costs two small reads."""
    stages, counts = _stages(connection, cycle_id), _counts(connection, cycle_id)
    moves = stage_moves(stages, counts)
    letters = 0
    for move in moves:
        _apply(connection, cycle_id, code, move, now)
        if move.became == "open" and move.was == "pending":
            letters += _announce(services, connection, cycle_id, move.stage, now)
    late = (_overrun(connection, cycle_id, code, stage, now) for stage in overrunning(stages, counts, now))
    changes = tuple(StageChange(code, move.stage, move.became) for move in moves)
    return Moved(changes, tuple(one for one in late if one), letters)


def _stages(connection: sa.Connection, cycle_id: int) -> list[StageNow]:
    rows = connection.execute(
        sa.select(cycle_stage.c.stage, cycle_stage.c.state, cycle_stage.c.overrun_at)
        .where(cycle_stage.c.cycle_id == cycle_id)
        .order_by(cycle_stage.c.position)
    )
    return [StageNow(Stage(stage), state, said is not None) for stage, state, said in rows]


def _counts(connection: sa.Connection, cycle_id: int) -> list[MilestoneCount]:
    columns = [cycle_milestone.c[name] for name in ("stage", "total", "finished", "last_moment", "optional")]
    rows = connection.execute(sa.select(*columns).where(cycle_milestone.c.cycle_id == cycle_id))
    return [MilestoneCount(Stage(stage), total, finished, moment, opt) for stage, total, finished, moment, opt in rows]


def _apply(connection: sa.Connection, cycle_id: int, code: str, move: StageMove, now: datetime) -> None:
    values: dict[str, object] = {"state": move.became, "closed_at": now if move.became == "closed" else None}
    if move.was == "pending":
        values["opened_at"] = now
    here = sa.and_(cycle_stage.c.cycle_id == cycle_id, cycle_stage.c.stage == move.stage, cycle_stage.c.state == move.was)
    assert connection.execute(sa.update(cycle_stage).where(here).values(**values)).rowcount == 1
    subject = f"{code}:{move.stage}"
    audit.record(connection, now, US, f"stage.{move.became}", subject, cycle_id=cycle_id, was=move.was, became=move.became)


def _announce(services: Services, connection: sa.Connection, cycle_id: int, stage: Stage, now: datetime) -> int:
    """A stage that opens is told once to whoever still has work in it."""
    known = book(services.db, connection, cycle_id)
    ids = [
        known.ids[m.key]
        for m in known.plan.of_period(known.period.kind)
        if m.stage == stage and known.plan.ladder_of(m).announce
    ]
    people = directory(services.db, connection, known.root_id, local_day(now))
    items = connection.execute(
        sa.select(work_item.c.id, work_item.c.unit_id).where(
            work_item.c.milestone_id.in_(ids), work_item.c.state.in_(sorted(UNFINISHED))
        )
    )
    return add_once(
        connection,
        [
            Entry(cycle_id, item_id, 0).row(f"stage-{stage}", "stage_opened", one.post_id, now)
            for item_id, unit_id in items
            for one in people.told(unit_id, "holder")[:1]
            if one.person_id is not None
        ],
    )


def _overrun(connection: sa.Connection, cycle_id: int, code: str, stage: Stage, now: datetime) -> Overrun | None:
    """Said once, and only when some item is really late: extended ones are not, however many there are."""
    unfinished = work_item.c.state.in_(sorted(UNFINISHED))
    is_late = sa.and_(unfinished, work_item.c.last_moment < now)
    items = work_item.join(cycle_milestone, cycle_milestone.c.id == work_item.c.milestone_id)
    mine = sa.and_(
        cycle_milestone.c.cycle_id == cycle_id, cycle_milestone.c.stage == stage, cycle_milestone.c.optional.is_(False)
    )
    if connection.execute(sa.select(work_item.c.id).select_from(items).where(mine, is_late).limit(1)).first() is None:
        return None  # asked at every sweep while work is extended; counted once
    counts = sa.select(sa.func.count().filter(is_late), sa.func.count().filter(~unfinished), sa.func.count())
    late, done, total = connection.execute(counts.select_from(items).where(mine)).one()
    here = (cycle_stage.c.cycle_id == cycle_id) & (cycle_stage.c.stage == stage)
    connection.execute(sa.update(cycle_stage).where(here).values(overrun_at=now))
    data: dict[str, object] = {"late": late, "done": done, "total": total}
    audit.record(connection, now, US, "stage.overrun", f"{code}:{stage}", cycle_id=cycle_id, data=data)
    return Overrun(code, stage, late, done, total)
