"""What an officer does to work items on the board: gathered with what the guards ask, done once, never over somebody else.

A form names the ``stamp`` of each item that it saw. Whatever happened to the item since then is a ``Conflict`` that says
who and when; the very same thing done by the same person is a second click, ``AlreadyDone``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from hanchot.domain.access import WHOLE
from hanchot.domain.errors import AlreadyDone, Conflict, NotFound, Refused
from hanchot.domain.instants import ZONE, local_day
from hanchot.domain.officer_act import Do, Subject, Wish, against, tone_of
from hanchot.domain.work_item import ACTION_VI, Item, State
from hanchot.service import audit
from hanchot.service.access import within
from hanchot.service.book import book
from hanchot.service.directory import Directory, directory
from hanchot.service.folders import dossier_refusals
from hanchot.service.items import act_in, extend_in, waits_for
from hanchot.service.mail.ledger import Entry, add_once
from hanchot.service.services import Services
from hanchot.service.shortcomings import evidence_refusals
from hanchot.store.db import Row
from hanchot.store.tables import cycle, cycle_milestone, event, person, unit, work_item

REMINDED = "item.remind"
_CHANGES = event.c.action != REMINDED  # a reminder changes nothing that a form could have seen
_ROWS = (
    sa.select(
        work_item.c.id, work_item.c.cycle_id, work_item.c.milestone_id, work_item.c.unit_id, work_item.c.state,
        work_item.c.last_day, work_item.c.last_moment, work_item.c.revision, cycle.c.state.label("cycle_state"),
        cycle.c.code.label("cycle_code"), unit.c.code.label("unit_code"), unit.c.name.label("unit_name"), unit.c.path,
        cycle_milestone.c.title,
    )
    .join(cycle, cycle.c.id == work_item.c.cycle_id)
    .join(unit, unit.c.id == work_item.c.unit_id)
    .join(cycle_milestone, cycle_milestone.c.id == work_item.c.milestone_id)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """An item in hand: its row, as the guards see it, the post that a reminder goes to, and what a form must name."""

    row: Row
    subject: Subject
    post_id: int | None
    stamp: str

    @property
    def id(self) -> int:
        return int(self.row.id)


def gather(
    services: Services, connection: sa.Connection, ids: Collection[int], now: datetime, scopes: tuple[str, ...] = (WHOLE,),
    *, dossiers: bool = True,
) -> tuple[Line, ...]:  # fmt: skip
    """The items in the order asked for. One that is not there, or not under ``scopes``, is ``NotFound``. Without
    ``dossiers`` nobody looks for missing papers, which only receiving asks for.
    """
    rows = {row.id: row for row in connection.execute(_ROWS.where(work_item.c.id.in_(ids), within(unit.c.path, scopes)))}
    if absent := [one for one in ids if one not in rows]:
        raise NotFound(f"Không có việc số {absent[0]}.", way_out="Tải lại danh sách rồi chọn lại.")
    known = stamps(connection, rows.values())
    told = _told(services, connection, rows.values(), now)
    people = _people(connection, {who for _, who in told.values() if who is not None})
    lines = []
    for one in dict.fromkeys(ids):
        row = rows[one]
        post_id, who = told.get(one, (None, None))
        name, address = people.get(who, (None, None)) if who is not None else (None, None)
        missing = _missing(services, connection, row) if dossiers else ()
        lines.append(Line(row, _subject(services, connection, row, missing, name, address), post_id, known[one]))
    return tuple(lines)


def _subject(
    services: Services, connection: sa.Connection, row: Row, missing: tuple[str, ...], name: str | None, address: str | None
) -> Subject:
    known = book(services.db, connection, row.cycle_id)
    waits = waits_for(connection, known, row.milestone_id, row.id) if row.state == State.WAITING else ()
    item = Item(State(row.state), row.last_moment, row.cycle_state == "open", waits)
    return Subject(item, row.last_day, missing, name, address)


def _missing(services: Services, connection: sa.Connection, row: Row) -> tuple[str, ...]:
    """What the rules still want before the item is handed in, each with its clause."""
    known = book(services.db, connection, row.cycle_id)
    wanted = (*dossier_refusals(services, connection, row), *evidence_refusals(connection, known, row))
    return tuple(one.vi for one in wanted)


def _told(
    services: Services, connection: sa.Connection, rows: Iterable[Row], now: datetime
) -> dict[int, tuple[int, int | None]]:
    """Post and person whom a reminder of each item goes to, by item."""
    found: dict[int, tuple[int, int | None]] = {}
    trees: dict[int, Directory] = {}
    for row in rows:
        if row.cycle_id not in trees:
            root = book(services.db, connection, row.cycle_id).root_id
            trees[row.cycle_id] = directory(services.db, connection, root, local_day(now))
        people = trees[row.cycle_id].told(row.unit_id, "holder")
        if people:
            found[row.id] = people[0].post_id, people[0].person_id
    return found


def _people(connection: sa.Connection, ids: Collection[int]) -> dict[int, tuple[str, str | None]]:
    rows = connection.execute(sa.select(person.c.id, person.c.name, person.c.email).where(person.c.id.in_(ids)))
    return {person_id: (name, (email or "").strip() or None) for person_id, name, email in rows}


def stamps(connection: sa.Connection, rows: Iterable[Row]) -> dict[int, str]:
    """What tells one state of an item from the next: the revision of its deadline and the number of its last event."""
    revisions = {row.id: row.revision for row in rows}
    query = sa.select(event.c.item_id, sa.func.max(event.c.seq)).where(event.c.item_id.in_(revisions), _CHANGES)
    last = {item_id: seq for item_id, seq in connection.execute(query.group_by(event.c.item_id))}
    return {item_id: f"{revision}.{last.get(item_id, 0)}" for item_id, revision in revisions.items()}


def do_one(services: Services, item_id: int, wish: Wish, seen: str, now: datetime, *, actor: str, key: str = "") -> None:
    """Do ``wish`` to one item as its form saw it (``seen``: its stamp). ``key`` makes a reminder one and not two.

    Raises ``Refused`` with the guard's words, ``Conflict`` with who and when, ``AlreadyDone`` for a second click.
    """
    with services.db.write() as connection:
        (line,) = gather(services, connection, [item_id], now, dossiers=wish.do is Do.RECEIVE)
        if wish.do is not Do.REMIND:
            demand_unchanged(connection, line, seen, wish, actor)
        if said := against(wish, line.subject, now):
            raise Refused(f"{said[:1].upper()}{said[1:]}.", way_out="Xem tình trạng của việc ở dưới.")
        if not apply_one(services, connection, line, wish, now, actor=actor, key=key):
            raise AlreadyDone("Tin nhắc này đã được soạn rồi.")


def demand_unchanged(connection: sa.Connection, line: Line, seen: str, wish: Wish, actor: str) -> None:
    """Raise ``Conflict`` when the item is not any more as the form saw it, or ``AlreadyDone`` for a second click."""
    if seen == line.stamp:
        return
    number = seen.partition(".")[2]
    after = event.c.seq > (int(number) if number.isdecimal() and len(number) < 18 else 0)
    mine = sa.and_(event.c.item_id == line.id, _CHANGES, after)
    since = connection.execute(sa.select(event).where(mine).order_by(event.c.seq.desc()).limit(2)).all()
    name = f"“{line.row.title}” của {line.row.unit_name}"
    if not since:
        raise Conflict(f"Hạn của việc {name} vừa được sửa cho cả đợt.", way_out="Xem hạn mới ở dưới rồi làm lại.")
    last = since[0]
    same = (last.actor, last.action, last.reason or "") == (actor, f"item.{wish.do.transition}", wish.reason)
    same = same and (wish.do is not Do.EXTEND or last.became == str(wish.day))
    if len(since) == 1 and same:
        raise AlreadyDone(f"Việc {name} đã được ghi.")
    at = last.at.astimezone(ZONE)
    what = ACTION_VI.get(last.action.removeprefix("item."), "cập nhật")
    raise Conflict(
        f"Việc {name} vừa được {last.actor} cập nhật lúc {at:%H:%M %d/%m/%Y} ({what}).",
        way_out="Chưa ghi gì đè lên; xem tình trạng mới rồi làm lại nếu vẫn cần.",
    )


def apply_one(
    services: Services, connection: sa.Connection, line: Line, wish: Wish, now: datetime, *, actor: str, key: str
) -> bool:
    """Do it within the caller's transaction; False when this very reminder (``key``) has been written before."""
    if wish.do is Do.REMIND:
        return _remind(connection, line, now, actor, key)
    if wish.do is Do.EXTEND:
        extend_in(
            services, connection, line.id, _day(wish), now, actor=actor, reason=wish.reason, approver=wish.approver or None
        )
        return True
    received = wish.do is Do.RECEIVE
    act_in(
        services, connection, line.id, wish.do.transition, now, actor=actor, reason=wish.reason or None,
        on_behalf=line.row.unit_name if received else None, done_on=wish.day if received else None,
    )  # fmt: skip
    return True


def _day(wish: Wish) -> date:
    if wish.day is None:
        raise Refused("Chưa ghi hạn mới.", way_out="Ghi ngày cuối cùng còn đúng hạn.")
    return wish.day


def _remind(connection: sa.Connection, line: Line, now: datetime, actor: str, key: str) -> bool:
    """One letter of the ordinary outbox; the next sweep packs it, and windows, cap and safe mode hold for it."""
    assert line.post_id is not None, "a reminder without an addressee is refused by its guard"
    entry = Entry(line.row.cycle_id, line.id, line.row.revision)
    if not add_once(connection, [entry.row(f"now-{key}", tone_of(line.subject, now), line.post_id, now)]):
        return False
    audit.record(connection, now, actor, REMINDED, f"item:{line.id}", cycle_id=line.row.cycle_id, item_id=line.id)
    return True


@dataclass(frozen=True, slots=True)
class Possible:
    """One item's acts: why each may not be done now (None: it may), where its unit stands, and what a form must name."""

    path: str
    stamp: str
    refusals: dict[Do, str | None]
    told: str | None


def possible(services: Services, item_id: int, now: datetime) -> Possible:
    """What the same guards that refuse would say now, so that a page can grey a button. Raises ``NotFound``."""
    with services.db.read() as connection:
        (line,) = gather(services, connection, [item_id], now)
    refusals = {do: against(Wish(do, reason="…"), line.subject, now) for do in Do}
    return Possible(line.row.path, line.stamp, refusals, line.subject.name)
