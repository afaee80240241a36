"""One unit with its duties and history, and one item with what it waits for, its letters and events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from hanchot.domain.access import WHOLE
from hanchot.domain.collate import collation_key
from hanchot.domain.errors import NotFound
from hanchot.domain.instants import local_day
from hanchot.domain.plan import Plan
from hanchot.domain.unit import PostRole, UnitKind
from hanchot.domain.work_item import State
from hanchot.service.access import within
from hanchot.service.book import book
from hanchot.service.items import waits_for
from hanchot.service.org.lookup import UnitRow, holders_as_of, unit_by_code
from hanchot.service.services import Services
from hanchot.service.views.common import ItemRow, Who, day_off, holders, item_rows, late_now, units_like
from hanchot.service.views.history import CycleTally, Past, past_holders, tallies
from hanchot.store.db import Row
from hanchot.store.tables import cycle, cycle_milestone, envelope, event, letter, person, post, unit, work_item

HISTORY = 100


@dataclass(frozen=True, slots=True)
class LetterLine:
    """One letter of the ledger: which rung, to which post, what became of it."""

    id: int
    at: datetime
    rung: str
    tone: str
    state: str
    note: str | None
    to: str
    envelope_id: int | None
    fate: str | None
    item_id: int | None


@dataclass(frozen=True, slots=True)
class EventLine:
    """One event of an item, newest first."""

    seq: int
    at: datetime
    actor: str
    on_behalf: str | None
    action: str
    was: str | None
    became: str | None
    reason: str | None
    milestone: str | None
    item_id: int | None


@dataclass(frozen=True, slots=True)
class Post:
    role: PostRole
    title: str
    name: str | None
    phone: str | None
    email: str | None


@dataclass(frozen=True, slots=True)
class UnitPage:
    unit: UnitRow
    valid_from: date | None
    valid_to: date | None
    above: UnitRow | None
    posts: tuple[Post, ...]
    items: tuple[ItemRow, ...]
    below: tuple[tuple[str, str, int], ...]
    letters: tuple[LetterLine, ...]
    events: tuple[EventLine, ...]
    cycles: tuple[str, ...]
    tallies: tuple[CycleTally, ...] = ()
    past: tuple[Past, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemPage:
    """``waits``: titles of unfinished work that must come first; ``day_off``: why the last day is not worked."""

    item: ItemRow
    cycle_title: str
    cycle_open: bool
    plan: Plan
    who: Who | None
    waits: tuple[str, ...]
    set_by: str | None
    extended: bool
    day_off: str | None
    advised_day: date | None
    finished_by: str | None
    letters: tuple[LetterLine, ...]
    events: tuple[EventLine, ...]


def unit_page(services: Services, code: str, now: datetime) -> UnitPage:
    """Raises ``NotFound``."""
    with services.db.read() as connection:
        one = unit_by_code(connection, code)
        life = connection.execute(sa.select(unit.c.valid_from, unit.c.valid_to).where(unit.c.id == one.id)).one()
        above = _unit(connection, one.parent_id)
        items = item_rows(services, connection, work_item.c.unit_id == one.id, now)
        ids = [item.id for item in items]
        return UnitPage(
            one, life.valid_from, life.valid_to, above, _posts(connection, one.id, local_day(now)), tuple(items),
            _below(connection, one.id, now), _letters(connection, letter.c.item_id.in_(ids)),
            _events(connection, event.c.item_id.in_(ids)), _open_cycles(connection, one.path),
            tallies(items), past_holders(connection, one.id, local_day(now)),
        )  # fmt: skip


def item_page(services: Services, item_id: int, now: datetime) -> ItemPage:
    """Raises ``NotFound``."""
    with services.db.read() as connection:
        rows = item_rows(services, connection, work_item.c.id == item_id, now)
        if not rows:
            raise NotFound(f"Không có việc số {item_id}.", way_out="Tìm tổ chức theo tên ở đầu trang.")
        item = rows[0]
        known = book(services.db, connection, item.cycle_id)
        row = connection.execute(
            sa.select(
                work_item.c.finished_by, cycle.c.title, cycle.c.state, cycle_milestone.c.set_by,
                cycle_milestone.c.last_day, work_item.c.milestone_id,
            )
            .join(cycle, cycle.c.id == work_item.c.cycle_id)
            .join(cycle_milestone, cycle_milestone.c.id == work_item.c.milestone_id)
            .where(work_item.c.id == item_id)
        ).one()  # fmt: skip
        waits = waits_for(connection, known, row.milestone_id, item_id) if item.state == State.WAITING else ()
        off, advised = day_off(item.last_day, services.workdays)
        extended = bool(row.last_day and item.last_day and row.last_day != item.last_day)
        return ItemPage(
            item, row.title, row.state == "open", known.plan,
            holders(services, connection, [item], now).get(item.unit_id), waits, row.set_by, extended, off, advised,
            row.finished_by, _letters(connection, letter.c.item_id == item_id),
            _events(connection, event.c.item_id == item_id),
        )  # fmt: skip


def search_units(services: Services, text: str, scopes: tuple[str, ...] = (WHOLE,)) -> tuple[UnitRow, ...]:
    """At most a hundred units under ``scopes`` whose name or code contains ``text``, marks ignored, in Vietnamese order."""
    if not text.strip():
        return ()
    with services.db.read() as connection:
        ids = units_like(services.db, connection, text)
        query = sa.select(*(unit.c[name] for name in UnitRow._fields)).where(unit.c.id.in_(ids), within(unit.c.path, scopes))
        rows = [_row(row) for row in connection.execute(query)]
    return tuple(sorted(rows, key=lambda row: collation_key(row.name)))


def _unit(connection: sa.Connection, unit_id: int | None) -> UnitRow | None:
    if unit_id is None:
        return None
    row = connection.execute(sa.select(*(unit.c[name] for name in UnitRow._fields)).where(unit.c.id == unit_id)).one()
    return _row(row)


def _row(row: Row) -> UnitRow:
    return UnitRow(row.id, row.code, row.name, UnitKind(row.kind), row.parent_id, row.path)


def _posts(connection: sa.Connection, unit_id: int, day: date) -> tuple[Post, ...]:
    rows = connection.execute(sa.select(post.c.id, post.c.role, post.c.title).where(post.c.unit_id == unit_id)).all()
    held = holders_as_of(connection, day, [row.id for row in rows])
    made = []
    for post_id, role, title in rows:
        who = held.get(post_id)
        kind = PostRole(role)
        name, phone, email = (who.name, who.phone, who.email) if who else (None, None, None)
        made.append(Post(kind, title or kind.vi.capitalize(), name, phone, email))
    return tuple(sorted(made, key=lambda one: list(PostRole).index(one.role)))


def _below(connection: sa.Connection, unit_id: int, now: datetime) -> tuple[tuple[str, str, int], ...]:
    """Code, name and late items of the units directly under it, the latest first."""
    late = (
        sa.select(work_item.c.unit_id, sa.func.count().label("late"))
        .where(late_now(now), work_item.c.unit_id.in_(sa.select(unit.c.id).where(unit.c.parent_id == unit_id)))
        .group_by(work_item.c.unit_id)
        .subquery()
    )
    rows = connection.execute(
        sa.select(unit.c.code, unit.c.name, sa.func.coalesce(late.c.late, 0))
        .outerjoin(late, late.c.unit_id == unit.c.id)
        .where(unit.c.parent_id == unit_id)
    )
    return tuple(sorted(map(tuple, rows), key=lambda row: (-row[2], collation_key(row[1]))))


def _open_cycles(connection: sa.Connection, path: str) -> tuple[str, ...]:
    """Codes of the open cycles whose tree holds the unit."""
    ids = [int(part) for part in path.split("/") if part]
    query = sa.select(cycle.c.code).where(cycle.c.state == "open", cycle.c.root_id.in_(ids)).order_by(cycle.c.id)
    return tuple(connection.execute(query).scalars())


def _letters(connection: sa.Connection, where: sa.ColumnElement[bool]) -> tuple[LetterLine, ...]:
    rows = connection.execute(
        sa.select(
            letter.c.id, letter.c.planned_at, letter.c.rung, letter.c.tone, letter.c.state, letter.c.note,
            sa.func.coalesce(person.c.name, post.c.title, post.c.role), letter.c.envelope_id, envelope.c.state,
            letter.c.item_id,
        )
        .join(post, post.c.id == letter.c.post_id)
        .outerjoin(envelope, envelope.c.id == letter.c.envelope_id)
        .outerjoin(person, person.c.id == envelope.c.person_id)
        .where(where)
        .order_by(letter.c.id.desc())
        .limit(HISTORY)
    )  # fmt: skip
    return tuple(LetterLine(*tuple(row)) for row in rows)


def _events(connection: sa.Connection, where: sa.ColumnElement[bool]) -> tuple[EventLine, ...]:
    rows = connection.execute(
        sa.select(
            event.c.seq, event.c.at, event.c.actor, event.c.on_behalf, event.c.action, event.c.was, event.c.became,
            event.c.reason, cycle_milestone.c.title, event.c.item_id,
        )
        .outerjoin(work_item, work_item.c.id == event.c.item_id)
        .outerjoin(cycle_milestone, cycle_milestone.c.id == work_item.c.milestone_id)
        .where(where)
        .order_by(event.c.seq.desc())
        .limit(HISTORY)
    )  # fmt: skip
    return tuple(EventLine(*tuple(row)) for row in rows)
