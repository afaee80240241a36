"""What several pages of the board share: paging, items as rows, who holds a unit's duties, the last letter of an item.

Views only read. ``now`` is an aware instant; days are local.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from sys import intern
from typing import TypeVar

import sqlalchemy as sa

from hanchot.domain.collate import collation_key, folded
from hanchot.domain.errors import UncheckedYear
from hanchot.domain.instants import local_day
from hanchot.domain.plan import Milestone
from hanchot.domain.stage import Stage
from hanchot.domain.unit import PostRole
from hanchot.domain.work_item import UNFINISHED, Standing, State, standing
from hanchot.domain.workdays import WorkCalendar
from hanchot.service.book import book
from hanchot.service.directory import Directory, directory
from hanchot.service.install import fact
from hanchot.service.services import Services
from hanchot.store.db import Database, Row
from hanchot.store.tables import cycle, cycle_milestone, envelope, event, letter, person, post, unit, work_item

T = TypeVar("T")
KEPT = 64  # answers of ``until_next_event``
_LAST_EVENT = sa.select(sa.func.max(event.c.seq))
# Risk, highest first: what a person should look at before anything else.
RISK = (
    "overdue", "returned_overdue", "returned", "due_today", "due_soon", "open", "undated", "waiting", "done_late",
    "done", "excused",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Paging:
    """One page of a list; ``number`` counts from 1 and is brought into range."""

    wanted: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def number(self) -> int:
        return min(max(1, self.wanted), self.pages)

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size


@dataclass(frozen=True, slots=True)
class Who:
    """The post that answers for a unit and who holds it; ``name`` is None where the post is vacant."""

    title: str
    name: str | None
    phone: str | None
    email: str | None


@dataclass(frozen=True, slots=True)
class LastLetter:
    """The newest letter about an item: ``fate`` is the envelope's state, None while it has no envelope."""

    id: int
    at: datetime
    rung: str
    tone: str
    state: str
    envelope_id: int | None
    fate: str | None


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A work item as a row of a list."""

    id: int
    cycle_id: int
    cycle_code: str
    unit_id: int
    unit_code: str
    unit_name: str
    stage: Stage
    milestone: Milestone
    state: State
    standing: Standing
    last_day: date | None
    last_moment: datetime | None
    finished_at: datetime | None


def risk_key(one: Standing) -> tuple[int, int]:
    """Sort key of a standing: the riskiest first; more days late, then fewer days left."""
    late = one.days if one.code in ("overdue", "returned_overdue") else -one.days
    return RISK.index(one.code), -late


def late_now(now: datetime) -> sa.ColumnElement[bool]:
    """Unfinished items past their own last moment; the same words as ``progress``."""
    return sa.and_(work_item.c.state.in_(sorted(UNFINISHED)), work_item.c.last_moment < now)


_ROWS = (
    sa.select(
        work_item.c.id, work_item.c.cycle_id, cycle.c.code.label("cycle_code"), work_item.c.unit_id,
        unit.c.code.label("unit_code"), unit.c.name.label("unit_name"), work_item.c.milestone_id, work_item.c.state,
        work_item.c.last_day, work_item.c.last_moment, work_item.c.finished_at,
    )
    .join(cycle, cycle.c.id == work_item.c.cycle_id)
    .join(unit, unit.c.id == work_item.c.unit_id)
    .join(cycle_milestone, cycle_milestone.c.id == work_item.c.milestone_id)
    .order_by(cycle.c.opened_at.desc(), cycle_milestone.c.position, work_item.c.id)
)  # fmt: skip


def item_rows(services: Services, connection: sa.Connection, where: sa.ColumnElement[bool], now: datetime) -> list[ItemRow]:
    """Items with their standing, newest cycle first, then in the order of the plan."""
    return [_item(services, connection, row, now) for row in connection.execute(_ROWS.where(where))]


def _item(services: Services, connection: sa.Connection, row: Row, now: datetime) -> ItemRow:
    milestone = book(services.db, connection, row.cycle_id).milestone(row.milestone_id)
    state = State(row.state)
    stands = standing(state, row.last_day, row.last_moment, row.finished_at, now)
    return ItemRow(
        row.id, row.cycle_id, row.cycle_code, row.unit_id, row.unit_code, row.unit_name, milestone.stage, milestone,
        state, stands, row.last_day, row.last_moment, row.finished_at,
    )  # fmt: skip


def day_off(day: date | None, workdays: WorkCalendar) -> tuple[str | None, date | None]:
    """Why a last day is not worked and the last working day before it; nothing for a year that nobody has checked."""
    try:
        off = workdays.why_off(day) if day else None
        return off, workdays.at_or_before(day) if day and off else None
    except UncheckedYear:
        return None, None


def holders(services: Services, connection: sa.Connection, rows: Iterable[ItemRow], now: datetime) -> dict[int, Who]:
    """Who answers for each item's unit on the local day of ``now``, by unit; from above where a unit has no post."""
    told: dict[int, tuple[int, int | None]] = {}
    trees: dict[int, Directory] = {}
    for row in rows:
        if row.unit_id in told:
            continue
        if row.cycle_id not in trees:
            root = book(services.db, connection, row.cycle_id).root_id
            trees[row.cycle_id] = directory(services.db, connection, root, local_day(now))
        people = trees[row.cycle_id].told(row.unit_id, "holder")
        if people:
            told[row.unit_id] = (people[0].post_id, people[0].person_id)
    posts = _posts(connection, {post_id for post_id, _ in told.values()})
    persons = _persons(connection, {one for _, one in told.values() if one is not None})
    return {
        unit_id: Who(posts[post_id], *(persons[who] if who is not None else (None, None, None)))
        for unit_id, (post_id, who) in told.items()
    }


def who_is(connection: sa.Connection, post_id: int, person_id: int | None) -> Who:
    """A post and who holds it."""
    people = _persons(connection, {person_id} if person_id is not None else set())
    return Who(_posts(connection, {post_id})[post_id], *people.get(person_id or 0, (None, None, None)))


def _posts(connection: sa.Connection, ids: Collection[int]) -> dict[int, str]:
    rows = connection.execute(sa.select(post.c.id, post.c.title, post.c.role).where(post.c.id.in_(ids)))
    return {post_id: title or PostRole(role).vi.capitalize() for post_id, title, role in rows}


def _persons(connection: sa.Connection, ids: Collection[int]) -> dict[int, tuple[str | None, str | None, str | None]]:
    columns = (person.c.id, person.c.name, person.c.phone, person.c.email)
    rows = connection.execute(sa.select(*columns).where(person.c.id.in_(ids)))
    return {person_id: (name, phone, email) for person_id, name, phone, email in rows}


def last_letters(connection: sa.Connection, item_ids: Collection[int]) -> dict[int, LastLetter]:
    """The newest letter that was not skipped, by item."""
    newest = (
        sa.select(sa.func.max(letter.c.id))
        .where(letter.c.item_id.in_(item_ids), letter.c.state != "skipped")
        .group_by(letter.c.item_id)
    )
    rows = connection.execute(
        sa.select(
            letter.c.item_id, letter.c.id, letter.c.planned_at, letter.c.rung, letter.c.tone, letter.c.state,
            letter.c.envelope_id, envelope.c.state,
        )
        .outerjoin(envelope, envelope.c.id == letter.c.envelope_id)
        .where(letter.c.id.in_(newest))
    )  # fmt: skip
    return {row[0]: LastLetter(*row[1:]) for row in rows}


def unit_ranks(db: Database, connection: sa.Connection) -> dict[int, int]:
    """The place of every unit in Vietnamese order of names. Remembered until the organisation changes."""
    return _remembered(db, connection, "unit_ranks", _rank_units)


def _rank_units(connection: sa.Connection) -> dict[int, int]:
    rows = connection.execute(sa.select(unit.c.id, unit.c.name))
    return _ranked((collation_key(name), unit_id) for unit_id, name in rows)


def people_ranks(db: Database, connection: sa.Connection) -> dict[int, int]:
    """The place of everybody in Vietnamese order, by the given name, which stands last. Remembered likewise."""
    return _remembered(db, connection, "people_ranks", _rank_people)


def _rank_people(connection: sa.Connection) -> dict[int, int]:
    rows = connection.execute(sa.select(person.c.id, person.c.name))
    return _ranked((collation_key(_given_first(name)), person_id) for person_id, name in rows)


def _ranked(keyed: Iterable[tuple[tuple[str, str, str], int]]) -> dict[int, int]:
    """The place of each by its key; only the keys are held meanwhile, and not the rows beside them."""
    return {number: place for place, (_, number) in enumerate(sorted(keyed))}


def _given_first(name: str) -> str:
    family, _, given = name.rpartition(" ")
    return f"{given} {family}"


def unit_places(db: Database, connection: sa.Connection) -> dict[int, tuple[str, str]]:
    """Kind and path of every unit. Remembered until the organisation changes."""
    return _remembered(db, connection, "unit_places", _place_units)


def _place_units(connection: sa.Connection) -> dict[int, tuple[str, str]]:
    return {row[0]: (intern(row[1]), row[2]) for row in connection.execute(sa.select(unit.c.id, unit.c.kind, unit.c.path))}


def people_like(db: Database, connection: sa.Connection, text: str, most: int = 500) -> list[int]:
    """Ids of people whose name or address contains ``text``, marks and case ignored."""
    wanted = folded(text)
    known = _remembered(db, connection, "people_folded", _fold_people)
    return [person_id for person_id, words in known if wanted in words][:most]


def _fold_people(connection: sa.Connection) -> list[tuple[int, str]]:
    rows = connection.execute(sa.select(person.c.id, person.c.name, person.c.email))
    return [(person_id, folded(f"{name} {email or ''}")) for person_id, name, email in rows]


def units_like(db: Database, connection: sa.Connection, text: str, most: int = 100) -> list[int]:
    """Ids of units whose name or code contains ``text``, marks and case ignored."""
    wanted = folded(text)
    known = _remembered(db, connection, "units_folded", _fold_units)
    return [unit_id for unit_id, words in known if wanted in words][:most]


def _fold_units(connection: sa.Connection) -> list[tuple[int, str]]:
    rows = connection.execute(sa.select(unit.c.id, unit.c.name, unit.c.code))
    return [(unit_id, folded(f"{name} {code}")) for unit_id, name, code in rows]


def until_next_event(db: Database, connection: sa.Connection, key: tuple[object, ...], read: Callable[[], T]) -> T:
    """What ``read`` finds, remembered until anything happens: every change has an event. Not for what hangs on the clock.

    ``key`` names what is read, with everything that it hangs on beside the database. Few are kept: whoever turns pages
    or looks again within the minute is served, and the first look must be quick enough by itself.
    """
    state = connection.execute(_LAST_EVENT).scalar(), fact(connection, "org_version")
    kept: dict[tuple[object, ...], tuple[object, T]] = db.remembered.setdefault("until_next_event", {})
    known = kept.get(key)
    if known is None or known[0] != state:
        if len(kept) >= KEPT:
            kept.clear()
        known = kept[key] = state, read()
    return known[1]


def _remembered(db: Database, connection: sa.Connection, name: str, read: Callable[[sa.Connection], T]) -> T:
    stamp = fact(connection, "org_version")
    known: tuple[str | None, T] | None = db.remembered.get(name)
    if known is None or known[0] != stamp:
        known = db.remembered[name] = (stamp, read(connection))
    return known[1]
