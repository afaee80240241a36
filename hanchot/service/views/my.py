"""A secretary's own pages: the work of their units as a task list, one item with its form, and the receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from hanchot.domain.collate import collation_key
from hanchot.domain.dossier import Wanted
from hanchot.domain.errors import NotFound
from hanchot.domain.instants import local_day
from hanchot.domain.plan import Plan
from hanchot.domain.work_item import FINISHED, State
from hanchot.service import more_time
from hanchot.service.book import book
from hanchot.service.desk import Draft, draft_of
from hanchot.service.folders import Folder, Paper, checklist_of, of_unit, stand
from hanchot.service.items import waits_for, why_not
from hanchot.service.more_time import TimeRequest
from hanchot.service.services import Services
from hanchot.service.stand_ins import acts_for
from hanchot.service.views.common import ItemRow, Who, day_off, item_rows, who_is
from hanchot.store.desk_tables import form_draft, time_request
from hanchot.store.tables import cycle, event, unit, work_item

GROUPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("late", "Quá hạn", ("overdue", "returned_overdue")),
    ("returned", "Bị trả lại", ("returned",)),
    ("today", "Đến hạn hôm nay", ("due_today",)),
    ("soon", "Sắp đến hạn", ("due_soon", "open", "undated")),
    ("waiting", "Chưa thể bắt đầu", ("waiting",)),
    ("done", "Đã nộp", ("done", "done_late", "excused")),
)


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the task list. ``asked``: the day up to which more time was asked for, unanswered."""

    item: ItemRow
    saved_at: datetime | None
    asked: date | None


@dataclass(frozen=True, slots=True)
class Group:
    key: str
    vi: str
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class MyWork:
    """``units``: names of the units whose work it is; ``left``: how many items can be done now or are late."""

    units: tuple[str, ...]
    groups: tuple[Group, ...]

    @property
    def left(self) -> int:
        return sum(len(group.tasks) for group in self.groups if group.key not in ("waiting", "done"))


@dataclass(frozen=True, slots=True)
class Slip:
    """One paper of the checklist for one dossier. ``value`` names it in the form: ``key`` or ``code/key``."""

    value: str
    whose: str
    wanted: Wanted
    paper: Paper | None
    waived: str | None


@dataclass(frozen=True)
class MyItem:
    """An item and its form. ``refusals``: why it cannot be handed in now, in words. ``back``: why it was returned."""

    item: ItemRow
    plan: Plan
    path: str
    cycle_open: bool
    waits: tuple[str, ...]
    refusals: tuple[str, ...]
    slips: tuple[Slip, ...]
    draft: Draft
    request: TimeRequest | None
    back: str | None
    day_off: str | None
    advised_day: date | None
    acting_for: str | None
    finished_by: str | None
    receiver: Who | None
    above: str | None

    @property
    def finished(self) -> bool:
        return self.item.state in FINISHED

    @property
    def missing(self) -> tuple[Slip, ...]:
        return tuple(slip for slip in self.slips if slip.wanted.required and not slip.paper and not slip.waived)


def my_work(services: Services, paths: tuple[str, ...], person_id: int | None, now: datetime) -> MyWork:
    """The work of open cycles of the units at ``paths``, in groups by what a person should do first; empty ones left out."""
    with services.db.read() as connection:
        mine = sa.and_(unit.c.path.in_(paths), cycle.c.state == "open")
        rows = item_rows(services, connection, mine, now) if paths else []
        names = connection.execute(sa.select(unit.c.name).where(unit.c.path.in_(paths))).scalars().all() if paths else []
        saved, asked = _typed(connection, rows, person_id), _asked(connection, rows)
    tasks = [Task(row, None if row.state in FINISHED else saved.get(row.id), asked.get(row.id)) for row in rows]
    tasks.sort(key=_order)
    groups = (Group(key, vi, tuple(t for t in tasks if t.item.standing.code in codes)) for key, vi, codes in GROUPS)
    return MyWork(tuple(sorted(names, key=collation_key)), tuple(group for group in groups if group.tasks))


def _order(task: Task) -> tuple[date, int]:
    return task.item.last_day or date.max, task.item.id


def _typed(connection: sa.Connection, rows: list[ItemRow], person_id: int | None) -> dict[int, datetime]:
    query = sa.select(form_draft.c.item_id, form_draft.c.saved_at).where(
        form_draft.c.item_id.in_([row.id for row in rows]), form_draft.c.person_id == person_id, form_draft.c.sent_at.is_(None)
    )
    return {item_id: at for item_id, at in connection.execute(query)}


def _asked(connection: sa.Connection, rows: list[ItemRow]) -> dict[int, date]:
    query = sa.select(time_request.c.item_id, time_request.c.until).where(
        time_request.c.item_id.in_([row.id for row in rows]), time_request.c.state == "asked"
    )
    return {item_id: until for item_id, until in connection.execute(query)}


def my_item(services: Services, item_id: int, person_id: int | None, now: datetime) -> MyItem:
    """One item as whoever does it sees it. Raises ``NotFound``."""
    with services.db.read() as connection:
        rows = item_rows(services, connection, work_item.c.id == item_id, now)
        if not rows:
            raise NotFound(f"Không có việc số {item_id}.", way_out="Về “Việc của tôi”.")
        item = rows[0]
        known = book(services.db, connection, item.cycle_id)
        above = unit.alias("above")
        facts = connection.execute(
            sa.select(
                work_item.c.milestone_id, work_item.c.finished_by, cycle.c.state, unit.c.path, above.c.name.label("above")
            )
            .join(cycle, cycle.c.id == work_item.c.cycle_id)
            .join(unit, unit.c.id == work_item.c.unit_id)
            .outerjoin(above, above.c.id == unit.c.parent_id)
            .where(work_item.c.id == item_id)
        ).one()
        waiting = item.state == State.WAITING
        off, advised = day_off(item.last_day, services.workdays)
        return MyItem(
            item, known.plan, facts.path, facts.state == "open",
            waits_for(connection, known, facts.milestone_id, item_id) if waiting else (),
            () if item.state in FINISHED else why_not(services, connection, item_id, "submit"),
            slips_of(services, connection, item), draft_of(connection, item_id, person_id),
            more_time.newest(connection, item_id), _returned(connection, item), off, advised,
            acts_for(connection, person_id, item.unit_id, local_day(now)), facts.finished_by,
            _receiver(services, connection, item, now), facts.above,
        )  # fmt: skip


def slips_of(services: Services, connection: sa.Connection, item: ItemRow) -> tuple[Slip, ...]:
    """The papers that go with an item, in the order of the list: the unit's own, then those of its people."""
    if item.milestone.dossier is None:
        return ()
    checklist = checklist_of(services, connection, item.cycle_id, item.milestone.dossier)
    found: list[Slip] = []
    for folder in of_unit(connection, item.cycle_id, item.milestone.dossier, item.unit_id):
        wanted = stand(folder, checklist, item.milestone.stage).judged.papers
        found += [_slip(folder, one) for one in wanted if one.required or one.paper.only_if or folder.paper(one.paper.key)]
    return tuple(found)


def _slip(folder: Folder, wanted: Wanted) -> Slip:
    key = wanted.paper.key
    waived = next((one.reason for one in folder.waivers if one.paper == key), None)
    return Slip(f"{folder.person or ''}/{key}", folder.whose.name, wanted, folder.paper(key), waived)


def _returned(connection: sa.Connection, item: ItemRow) -> str | None:
    if item.state != State.RETURNED:
        return None
    query = sa.select(event.c.reason).where(event.c.item_id == item.id, event.c.action == "item.return")
    return connection.execute(query.order_by(event.c.seq.desc()).limit(1)).scalar()


def _receiver(services: Services, connection: sa.Connection, item: ItemRow, now: datetime) -> Who | None:
    """Whoever looks at the unit's work from above; the same that answers requests for more time."""
    told = more_time.answerers(services, connection, item.cycle_id, item.unit_id, now)
    return who_is(connection, told[0].post_id, told[0].person_id) if told else None
