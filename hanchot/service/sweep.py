"""The heartbeat: what is due now is told once, stages move, overruns are said. Level-triggered and idempotent.

One sweep is one transaction, and the write lock keeps two sweeps apart; it dies with its holder. So there is no lease
to expire, and a sweep that is killed leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from hanchot import clock
from hanchot.domain.errors import HanChotError
from hanchot.domain.instants import local_day
from hanchot.domain.ladder import Action, Armed, Step, Timetable, due_actions
from hanchot.service import incidents
from hanchot.service.book import Book, book
from hanchot.service.directory import Addressee, Directory, directory
from hanchot.service.install import remember
from hanchot.service.mail.envelopes import pack
from hanchot.service.mail.hold import notice_jump
from hanchot.service.mail.ledger import Entry
from hanchot.service.mail.summary import plan_summary
from hanchot.service.points import point
from hanchot.service.services import Services
from hanchot.service.stages import Overrun, StageChange, move_stages
from hanchot.store.db import Row, pairs
from hanchot.store.tables import cycle, cycle_milestone, letter, work_item

BATCH = 20_000
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


@dataclass
class SweepReport:
    """What one sweep did. ``advanced`` are codes of cycles whose stages moved."""

    letters: int = 0
    envelopes: int = 0
    skipped: int = 0
    vacant: int = 0
    overruns: tuple[Overrun, ...] = ()
    changes: tuple[StageChange, ...] = ()

    @property
    def advanced(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(change.cycle for change in self.changes))

    @property
    def nothing(self) -> bool:
        return not (self.letters or self.envelopes or self.skipped or self.vacant or self.overruns or self.changes)

    def to_json(self) -> dict[str, object]:
        return {**asdict(self), "advanced": list(self.advanced), "nothing": self.nothing}


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
        due = connection.execute(_DUE, {"now": now, "batch": BATCH}).all()
        if due:
            _tell_due(services, connection, due, now, report)
        for row in _open_cycles(connection):
            _look_after(services, connection, row, now, report)
        if len(due) < BATCH:  # the last batch: whoever has letters in several of them still gets one envelope
            report.envelopes += pack(services, connection, now)
        remember(connection, "last_sweep_at", now.isoformat())
        point("sweep_before_commit")
        return len(due)


def _open_cycles(connection: sa.Connection) -> Sequence[Row]:
    query = sa.select(cycle.c.id, cycle.c.code, cycle.c.root_id, cycle.c.summary_at)
    return connection.execute(query.where(cycle.c.state == "open").order_by(cycle.c.id)).all()


def _look_after(services: Services, connection: sa.Connection, row: Row, now: datetime, report: SweepReport) -> None:
    """One open cycle: its stages first, because the morning summary tells how they stand."""
    moved = move_stages(services, connection, row.id, row.code, now)
    report.changes += moved.changes
    report.overruns += moved.overruns
    report.letters += moved.letters
    if row.summary_at is not None and row.summary_at <= now:
        report.letters += plan_summary(services, connection, row.id, row.root_id, now)


def _tell_due(services: Services, connection: sa.Connection, due: Sequence[Row], now: datetime, report: SweepReport) -> None:
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
            rows += _letters(action, Entry(one.cycle_id, item_id, one.revision), unit_id, people[one.cycle_id], now)
        onward.setdefault((action.next_step, action.next_at), []).extend(item_id for item_id, _ in items)
    if rows:
        connection.execute(sa.insert(letter), rows)
    for (step, at), ids in onward.items():
        connection.execute(_ADVANCE, {"items": ids, "step": step, "at": at})
    _count(rows, report)
    if report.vacant:
        _say_vacant(connection, books, report.vacant, now)


def _armed(connection: sa.Connection, books: dict[int, Book], alike: dict[_Alike, list[tuple[int, int]]]) -> list[Armed]:
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


def _letters(action: Action, entry: Entry, unit_id: int, known: Directory, now: datetime) -> Iterator[dict[str, object]]:
    """The letters of one item: its step to everybody it is for, and the steps that were passed over, for the record."""
    if action.step is None:
        return
    for step in action.skipped:
        for one in known.told(unit_id, "holder")[:1]:
            yield entry.row(step.name, step.tone, one.post_id, now, state="skipped")
    told: set[int] = set()
    for audience in action.step.to:
        tone = "escalation" if action.step.tone == "overdue" and audience != "holder" else action.step.tone
        for one in known.told(unit_id, audience):
            if one.who not in told:  # whoever holds two of the posts is told once
                told.add(one.who)
                if one.person_id is not None:
                    yield entry.row(action.step.name, tone, one.post_id, now)
                else:
                    yield from _vacant(entry, action.step, one, known.told(unit_id, "above"), told, now)


def _vacant(
    entry: Entry, step: Step, one: Addressee, above: Sequence[Addressee], told: set[int], now: datetime
) -> Iterator[dict[str, object]]:
    """A vacant post is kept in the ledger, and the post above is told at once in its place."""
    yield entry.row(step.name, step.tone, one.post_id, now, state="vacant")
    for other in above:
        if other.who not in told and other.person_id is not None:
            told.add(other.who)
            yield entry.row(step.name, "escalation", other.post_id, now)


def _count(rows: list[dict[str, object]], report: SweepReport) -> None:
    for row in rows:
        report.letters += row["state"] == "planned"
        report.skipped += row["state"] == "skipped"
        report.vacant += row["state"] == "vacant"


def _say_vacant(connection: sa.Connection, books: dict[int, Book], count: int, now: datetime) -> None:
    codes = ", ".join(known.code for known in books.values())
    message = f"{count} tin không có người nhận vì chức vụ đang khuyết (đợt {codes}); đã báo cấp trên. Bổ sung người giữ chức."
    incidents.report(connection, "vacant-posts", "organisation", message, now)
