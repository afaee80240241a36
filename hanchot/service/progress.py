"""How a cycle stands: its stages in numbers and one headline. What the board, Prefect's list and letters all read."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime

import sqlalchemy as sa

from hanchot.domain.instants import local_day, local_iso
from hanchot.domain.stage import Stage
from hanchot.domain.work_item import UNFINISHED
from hanchot.service.book import cycle_id_of
from hanchot.store.db import Database, Row
from hanchot.store.tables import cycle, cycle_milestone, cycle_stage, work_item


@dataclass(frozen=True)
class StageProgress:
    """One stage of a cycle. ``late`` counts unfinished items past their own last moment."""

    stage: Stage
    state: str
    done: int
    total: int
    late: int
    last_day: date | None
    opened_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True)
class CycleProgress:
    """One cycle. ``headline`` is at most 60 characters, without names or ratings."""

    code: str
    title: str
    kind: str
    period: str
    state: str
    provisional: bool
    stage: Stage | None
    stages: tuple[StageProgress, ...]
    headline: str
    tags: tuple[str, ...]
    run_id: str | None
    opened_at: datetime
    ends_on: date | None

    def to_json(self) -> dict[str, object]:
        return {
            **asdict(self),
            "opened_at": local_iso(self.opened_at),
            "ends_on": self.ends_on.isoformat() if self.ends_on else None,
            "stages": [_stage_json(one) for one in self.stages],
        }


def open_cycles(db: Database, now: datetime) -> tuple[CycleProgress, ...]:
    """Every open cycle, oldest first."""
    return _progress(db, now, cycle.c.state == "open")


def all_cycles(db: Database, now: datetime) -> tuple[CycleProgress, ...]:
    """Every cycle, open ones first."""
    return _progress(db, now, sa.true())


def of(db: Database, code: str, now: datetime) -> CycleProgress:
    """One cycle by its code; raises ``NotFound``."""
    with db.read() as connection:
        cycle_id_of(connection, code)
    return _progress(db, now, cycle.c.code == code)[0]


def _progress(db: Database, now: datetime, where: sa.ColumnElement[bool]) -> tuple[CycleProgress, ...]:
    with db.read() as connection:
        columns = [c for c in cycle.c if c.name != "plan"]
        provisional = cycle.c.plan["provisional"].as_boolean().label("provisional")
        query = sa.select(*columns, provisional).where(where)
        rows = connection.execute(query.order_by(cycle.c.state.desc(), cycle.c.opened_at, cycle.c.id)).all()
        late = _late(connection, [row.id for row in rows], now)
        return tuple(_one(connection, row, late, now) for row in rows)


def _late(connection: sa.Connection, cycles: list[int], now: datetime) -> dict[tuple[int, str], int]:
    """Late items by (cycle, stage); only milestones that are behind are counted."""
    rows = connection.execute(
        sa.select(cycle_milestone.c.cycle_id, cycle_milestone.c.stage, sa.func.count())
        .join(work_item, work_item.c.milestone_id == cycle_milestone.c.id)
        .where(
            cycle_milestone.c.cycle_id.in_(cycles),
            cycle_milestone.c.finished < cycle_milestone.c.total,
            work_item.c.state.in_(sorted(UNFINISHED)),
            work_item.c.last_moment < now,
        )
        .group_by(cycle_milestone.c.cycle_id, cycle_milestone.c.stage)
    )
    return {(cycle_id, stage): count for cycle_id, stage, count in rows}


def _one(connection: sa.Connection, row: Row, late: dict[tuple[int, str], int], now: datetime) -> CycleProgress:
    counts = connection.execute(
        sa.select(
            cycle_milestone.c.stage,
            sa.func.sum(cycle_milestone.c.finished),
            sa.func.sum(cycle_milestone.c.total),
            sa.func.max(cycle_milestone.c.last_day),
        )
        .where(cycle_milestone.c.cycle_id == row.id)
        .group_by(cycle_milestone.c.stage)
    ).all()
    by_stage = {stage: (int(done or 0), int(total or 0), last) for stage, done, total, last in counts}
    stages = tuple(
        StageProgress(
            Stage(s.stage), s.state, *by_stage[s.stage][:2], late.get((row.id, s.stage), 0), by_stage[s.stage][2],
            s.opened_at, s.closed_at,
        )
        for s in connection.execute(
            sa.select(cycle_stage).where(cycle_stage.c.cycle_id == row.id).order_by(cycle_stage.c.position)
        )
    )  # fmt: skip
    current = next((s for s in stages if s.state == "open"), None)
    period = f"{row.year}-Q{row.quarter}" if row.quarter else str(row.year)
    ends = max((s.last_day for s in stages if s.last_day), default=None)
    return CycleProgress(
        row.code, row.title, row.kind, period, row.state, bool(row.provisional), current.stage if current else None,
        stages, headline(row.state, stages, now), _tags(row, stages, current), row.run_id, row.opened_at, ends,
    )  # fmt: skip


def headline(state: str, stages: tuple[StageProgress, ...], now: datetime) -> str:
    """What to read first: the earliest stage that overruns, else the stage at work, with done/total."""
    if state == "closed":
        return "Đợt đã đóng"
    overrun = next((s for s in stages if s.late and s.state != "closed"), None)
    if overrun:
        return f"Quá hạn: {overrun.stage.vi} {overrun.done}/{overrun.total}"
    current = next((s for s in stages if s.state == "open"), None)
    if current is None:
        return "Xong mọi bước, chờ đóng đợt"
    left = f", còn {(current.last_day - local_day(now)).days} ngày" if current.last_day else ""
    return f"Đang {current.stage.vi} {current.done}/{current.total}{left}"


def _tags(row: Row, stages: tuple[StageProgress, ...], current: StageProgress | None) -> tuple[str, ...]:
    tags = [row.plan_key, f"năm {row.year}"]
    if row.quarter:
        tags.append(f"quý {row.quarter}")
    tags.append(f"bước: {current.stage.vi}" if current else "bước: xong")
    if any(s.late for s in stages):
        tags.append("quá hạn")
    if row.provisional:
        tags.append("tạm tính")
    return tuple(tags)


def _stage_json(one: StageProgress) -> dict[str, object]:
    return {
        **asdict(one),
        "stage_vi": one.stage.vi,
        "last_day": one.last_day.isoformat() if one.last_day else None,
        "opened_at": local_iso(one.opened_at) if one.opened_at else None,
        "closed_at": local_iso(one.closed_at) if one.closed_at else None,
    }
