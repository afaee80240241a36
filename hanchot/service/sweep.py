"""The heartbeat: what is due now is told once, stages move, overruns are said. Level-triggered and idempotent.

One sweep is one transaction, and the write lock keeps two sweeps apart; it dies with its holder. So there is no lease
to expire, and a sweep that is killed leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from hanchot import clock
from hanchot.domain.cycle import MilestoneCount, StageNow, overrunning, stage_moves
from hanchot.domain.errors import HanChotError
from hanchot.domain.instants import local_day
from hanchot.domain.ladder import Action, Armed, Step, Timetable, due_actions
from hanchot.domain.stage import Stage
from hanchot.domain.work_item import UNFINISHED
from hanchot.service import audit, incidents
from hanchot.service.book import Book, book
from hanchot.service.directory import Addressee, Directory, directory
from hanchot.service.envelopes import pack
from hanchot.service.hold import notice_jump
from hanchot.service.install import remember
from hanchot.service.points import point
from hanchot.service.services import Services
from hanchot.service.summary_time import next_summary
from hanchot.store.db import Row, pairs
from hanchot.store.tables import cycle, cycle_milestone, cycle_stage, letter, work_item

BATCH = 20_000
_COUNTED = {"preserve_rowcount": True}
_SHARED = ("cycle_id", "milestone_id", "last_day", "revision", "opened_at", "next_step")
_DUE = (
    sa.select(work_item.c.id, work_item.c.unit_id, *(work_item.c[name] for name in _SHARED))
    .where(work_item.c.next_action_at <= sa.bindparam("now", type_=work_item.c.next_action_at.type))
    .limit(sa.bindparam("batch"))
)
_ADVANCE = (
    sa.update(work_item)
    .where(work_item.c.id.in_(sa.bindparam("items", expanding=True)))
    .values(next_step=sa.bindparam("step"), next_action_at=sa.bindparam("at", type_=work_item.c.next_action_at.type))
)


class _Alike(NamedTuple):
    """What due items have in common, named as in ``_SHARED``: thousands of them are decided as a handful."""

    cycle_id: int
    milestone_id: int
    last_day: date | None
    revision: int
    opened_at: datetime
    next_step: int


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
    """A stage that was opened, closed or opened again by this sweep."""

    cycle: str
    stage: Stage
    became: str


@dataclass
class SweepReport:
    """What one sweep did. ``advanced`` are codes of cycles whose stages moved."""

    letters: int = 0
    envelopes: int = 0
    skipped: int = 0
    vacant: int = 0
    overruns: tuple[Overrun, ...] = ()
    changes: tuple[StageChange, ...] = field(default=())

    @property
    def advanced(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(change.cycle for change in self.changes))

    @property
    def nothing(self) -> bool:
        return not (self.letters or self.envelopes or self.skipped or self.vacant or self.overruns or self.changes)

    def to_json(self) -> dict[str, object]:
        return {**asdict(self), "advanced": list(self.advanced), "nothing": self.nothing}


@dataclass(frozen=True, slots=True)
class _Item:
    cycle_id: int
    unit_id: int
    revision: int


def sweep(services: Services, now: datetime) -> SweepReport:
    """Do everything that is due at ``now`` (an aware instant). Running it again, or five at once, adds nothing."""
    report = SweepReport()
    while _sweep_batch(services, now, report) == BATCH:
        pass
    return report


def _sweep_batch(services: Services, now: datetime, report: SweepReport) -> int:
    with services.db.write() as connection:
        if services.live and not clock.is_overridden():
            notice_jump(connection, now, clock.steady())
        cycles = _open_cycles(connection)
        due = connection.execute(_DUE, {"now": now, "batch": BATCH}).all()
        if due:
            _tell_due(services, connection, due, now, report)
        for row in cycles:
            _move_stages(services, connection, row.id, row.code, now, report)
            if row.summary_at is not None and row.summary_at <= now:  # after the stages, whose state it tells
                _plan_summary(services, connection, row.id, row.root_id, now, report)
        if len(due) < BATCH:  # the last batch: whoever has letters in several of them still gets one envelope
            report.envelopes += pack(services, connection, now)
        remember(connection, "last_sweep_at", now.isoformat())
        point("sweep_before_commit")
        return len(due)


def _open_cycles(connection: sa.Connection) -> Sequence[Row]:
    query = sa.select(cycle.c.id, cycle.c.code, cycle.c.root_id, cycle.c.summary_at)
    return connection.execute(query.where(cycle.c.state == "open").order_by(cycle.c.id)).all()


def _tell_due(
    services: Services, connection: sa.Connection, due: Sequence[Row], now: datetime, report: SweepReport
) -> None:
    alike: dict[_Alike, list[tuple[int, int]]] = {}
    for item_id, unit_id, *shared in due:
        alike.setdefault(_Alike(*shared), []).append((item_id, unit_id))
    books = {cycle_id: book(services.db, connection, cycle_id) for cycle_id in {one.cycle_id for one in alike}}
    actions = _decide(services, connection, _armed(connection, books, alike), now)
    people = {n: directory(services.db, connection, known.root_id, local_day(now)) for n, known in books.items()}
    rows: list[dict[str, object]] = []
    onward: dict[tuple[int, datetime | None], list[int]] = {}
    for action, (one, items) in zip(actions, alike.items(), strict=True):
        for item_id, unit_id in items:
            rows += _letters(action, item_id, _Item(one.cycle_id, unit_id, one.revision), people[one.cycle_id], now)
        onward.setdefault((action.next_step, action.next_at), []).extend(item_id for item_id, _ in items)
    if rows:
        connection.execute(sa.insert(letter), rows)
    for (step, at), ids in onward.items():
        connection.execute(_ADVANCE, {"items": ids, "step": step, "at": at})
    _count(rows, report)
    if report.vacant:
        _say_vacant(connection, books, report.vacant, now)


def _armed(
    connection: sa.Connection, books: dict[int, Book], alike: dict[_Alike, list[tuple[int, int]]]
) -> list[Armed]:
    """One armed item stands for all that are alike."""
    query = sa.select(cycle_milestone.c.id, cycle_milestone.c.chase_from).where(
        cycle_milestone.c.cycle_id.in_(books), cycle_milestone.c.chase_from.is_not(None)
    )
    chase = pairs(connection.execute(query))
    return [
        Armed(items[0][0], books[one.cycle_id].ladders[one.milestone_id], one.last_day, chase.get(one.milestone_id),
              one.opened_at, one.next_step)
        for one, items in alike.items()
    ]  # fmt: skip


def _decide(services: Services, connection: sa.Connection, armed: list[Armed], now: datetime) -> list[Action]:
    """All at once; when an item cannot be decided (a year that nobody checked), it is said and the others go on."""
    timetable = Timetable(services.workdays)
    try:
        return due_actions(armed, now, timetable)
    except HanChotError:
        return [_decide_one(connection, item, now, timetable) for item in armed]


def _decide_one(connection: sa.Connection, item: Armed, now: datetime, timetable: Timetable) -> Action:
    try:
        return due_actions([item], now, timetable)[0]
    except HanChotError as error:
        incidents.report(connection, f"sweep:{type(error).__name__}:{error.value}", "sweep", str(error), now)
        return Action(item.item_id, None, (), item.next_step, now + timedelta(hours=1))


def _letters(action: Action, item_id: int, item: _Item, known: Directory, now: datetime) -> list[dict[str, object]]:
    if action.step is None:
        return []
    rows = [
        _row(item_id, item, step, one, step.tone, "skipped", now)
        for step in action.skipped
        for one in known.told(item.unit_id, "holder")[:1]
    ]
    told: set[int] = set()
    for audience in action.step.to:
        tone = "escalation" if action.step.tone == "overdue" and audience != "holder" else action.step.tone
        for one in known.told(item.unit_id, audience):
            if one.who not in told:  # whoever holds two of the posts is told once
                told.add(one.who)
                rows += _to(item_id, item, action.step, one, tone, known, told, now)
    return rows


def _to(
    item_id: int, item: _Item, step: Step, one: Addressee, tone: str, known: Directory, told: set[int], now: datetime
) -> list[dict[str, object]]:
    """One letter; a vacant post is kept in the ledger and the post above is told at once in its place."""
    if one.person_id is not None:
        return [_row(item_id, item, step, one, tone, "planned", now)]
    rows = [_row(item_id, item, step, one, tone, "vacant", now)]
    for above in known.told(item.unit_id, "above"):
        if above.who not in told and above.person_id is not None:
            told.add(above.who)
            rows.append(_row(item_id, item, step, above, "escalation", "planned", now))
    return rows


def _row(
    item_id: int, item: _Item, step: Step, one: Addressee, tone: str, state: str, now: datetime
) -> dict[str, object]:
    return {
        "cycle_id": item.cycle_id, "item_id": item_id, "rung": step.name, "tone": tone, "revision": item.revision,
        "post_id": one.post_id, "planned_at": now, "state": state,
    }  # fmt: skip


def _count(rows: list[dict[str, object]], report: SweepReport) -> None:
    for row in rows:
        report.letters += row["state"] == "planned"
        report.skipped += row["state"] == "skipped"
        report.vacant += row["state"] == "vacant"


def _say_vacant(connection: sa.Connection, books: dict[int, Book], count: int, now: datetime) -> None:
    codes = ", ".join(known.code for known in books.values())
    message = f"{count} tin không có người nhận vì chức vụ đang khuyết (đợt {codes}); đã báo cấp trên. Bổ sung người giữ chức."
    incidents.report(connection, "vacant-posts", "organisation", message, now)


def _move_stages(
    services: Services, connection: sa.Connection, cycle_id: int, code: str, now: datetime, report: SweepReport
) -> None:
    stages = _stages(connection, cycle_id)
    counts = _counts(connection, cycle_id)
    for move in stage_moves(stages, counts):
        values: dict[str, object] = {"state": move.became, "closed_at": now if move.became == "closed" else None}
        if move.was == "pending":
            values["opened_at"] = now
        changed = connection.execute(
            sa.update(cycle_stage)
            .where(
                cycle_stage.c.cycle_id == cycle_id, cycle_stage.c.stage == move.stage, cycle_stage.c.state == move.was
            )
            .values(**values)
        )
        assert changed.rowcount == 1
        audit.record(
            connection, now, "hạn chót", f"stage.{move.became}", f"{code}:{move.stage}", cycle_id=cycle_id, was=move.was,
            became=move.became,
        )  # fmt: skip
        report.changes += (StageChange(code, move.stage, move.became),)
        if move.became == "open" and move.was == "pending":
            report.letters += _announce_stage(services, connection, cycle_id, move.stage, now)
    for stage in overrunning(stages, counts, now):
        _say_overrun(connection, cycle_id, code, stage, now, report)


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


def _announce_stage(services: Services, connection: sa.Connection, cycle_id: int, stage: Stage, now: datetime) -> int:
    """A stage that opens is told once to whoever still has work in it."""
    known = book(services.db, connection, cycle_id)
    ids = [known.ids[m.key] for m in known.plan.of_period(known.period.kind)
           if m.stage == stage and known.plan.ladder_of(m).announce]  # fmt: skip
    people = directory(services.db, connection, known.root_id, local_day(now))
    rows = connection.execute(
        sa.select(work_item.c.id, work_item.c.unit_id, work_item.c.revision).where(
            work_item.c.milestone_id.in_(ids), work_item.c.state.in_(sorted(UNFINISHED))
        )
    ).all()
    step = Step(f"stage-{stage}", "opened", ("holder",), 0)
    letters = [
        _row(item_id, _Item(cycle_id, unit_id, 0), step, one, "stage_opened", "planned", now)
        for item_id, unit_id, _ in rows
        for one in people.told(unit_id, "holder")[:1]
        if one.person_id is not None
    ]
    if letters:
        from hanchot.service.ledger import add_once

        return add_once(connection, letters)
    return 0


def _say_overrun(
    connection: sa.Connection, cycle_id: int, code: str, stage: Stage, now: datetime, report: SweepReport
) -> None:
    """Said once, and only when some item is really late: extended ones are not, however many there are."""
    unfinished = work_item.c.state.in_(sorted(UNFINISHED))
    is_late = sa.and_(unfinished, work_item.c.last_moment < now)
    items = work_item.join(cycle_milestone, cycle_milestone.c.id == work_item.c.milestone_id)
    mine = sa.and_(
        cycle_milestone.c.cycle_id == cycle_id, cycle_milestone.c.stage == stage, cycle_milestone.c.optional.is_(False)
    )
    if connection.execute(sa.select(work_item.c.id).select_from(items).where(mine, is_late).limit(1)).first() is None:
        return  # asked at every sweep while work is extended; counted once
    late_done_total = sa.select(
        sa.func.count().filter(is_late), sa.func.count().filter(~unfinished), sa.func.count()
    ).select_from(items)
    late, done, total = connection.execute(late_done_total.where(mine)).one()
    here = (cycle_stage.c.cycle_id == cycle_id) & (cycle_stage.c.stage == stage)
    connection.execute(sa.update(cycle_stage).where(here).values(overrun_at=now))
    audit.record(
        connection, now, "hạn chót", "stage.overrun", f"{code}:{stage}", cycle_id=cycle_id,
        data={"late": late, "done": done, "total": total},
    )  # fmt: skip
    report.overruns += (Overrun(code, stage, late, done, total),)


def _plan_summary(
    services: Services, connection: sa.Connection, cycle_id: int, root_id: int, now: datetime, report: SweepReport
) -> None:
    """The department's morning summary of one cycle: one letter a working morning."""
    from hanchot.service.ledger import add_once

    following = next_summary(now, services.workdays)
    connection.execute(sa.update(cycle).where(cycle.c.id == cycle_id).values(summary_at=following))
    if all(stage.state == "closed" for stage in _stages(connection, cycle_id)):
        return
    people = directory(services.db, connection, root_id, local_day(now))
    rung = f"summary-{local_day(now)}"
    rows: list[dict[str, object]] = [
        {"cycle_id": cycle_id, "item_id": None, "rung": rung, "tone": "summary", "revision": 0, "post_id": one.post_id,
         "planned_at": now, "state": "planned"}
        for one in people.department
        if one.person_id is not None
    ]  # fmt: skip
    if rows:
        report.letters += add_once(connection, rows)
