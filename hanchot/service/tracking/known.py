"""What the house knows of the cells of a sheet: how each item stood when the sheet was made, and how it stands now.

The past is read from the chain of events, not from the file: nobody can edit it there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import sqlalchemy as sa

from hanchot.domain.errors import BadImport
from hanchot.domain.instants import ZONE, local_day
from hanchot.domain.tracking import DATED, Known, Mark
from hanchot.service.access import within
from hanchot.service.book import Book
from hanchot.service.org.lookup import unit_by_code
from hanchot.service.tracking.export import house_mark, mark
from hanchot.service.tracking.layout import EXPORT_AGAIN, About
from hanchot.store.db import Row
from hanchot.store.tables import event, unit, work_item

MOVES = ("item.submit", "item.return", "item.accept", "item.excuse", "item.reopen")
_CHUNK = 5_000  # values in one IN: both databases take more, but not any number


@dataclass(frozen=True, slots=True)
class Items:
    """The items of the units that a sheet names, by (unit code, milestone key). ``depths``: how deep each unit lies."""

    known: dict[tuple[str, str], Known]
    ids: dict[tuple[str, str], int]
    names: dict[str, str]
    depths: dict[str, int]


def check_source(connection: sa.Connection, name: str, about: About, cycle_id: int) -> None:
    """BadImport: a sheet of another installation, from a time that this database does not know, or of an older plan."""
    head = connection.execute(sa.select(sa.func.coalesce(sa.func.max(event.c.seq), 0))).scalar_one()
    if about.house != house_mark(connection) or about.seq > head:
        raise BadImport(f"Tệp “{name}” được xuất từ một hệ thống khác, hoặc trước khi dữ liệu được phục hồi.",
                        way_out=EXPORT_AGAIN)  # fmt: skip
    amended = connection.execute(
        sa.select(event.c.actor, event.c.at)
        .where(event.c.cycle_id == cycle_id, event.c.action == "cycle.amended", event.c.seq > about.seq)
        .order_by(event.c.seq)
    ).first()
    if amended:
        when = f"{amended.at.astimezone(ZONE):%H:%M %d/%m/%Y}"
        raise BadImport(f"Kế hoạch của đợt “{about.cycle}” đã được {amended.actor} thay lúc {when}, sau khi xuất tệp “{name}”.",
                        way_out=EXPORT_AGAIN)  # fmt: skip


def items_of(
    connection: sa.Connection, book: Book, codes: Sequence[str], since: int, scopes: tuple[str, ...], branch: str | None = None
) -> Items:
    """``since``: the number of the last event that the sheet knew. Units outside ``scopes`` or the branch are not found."""
    top = unit_by_code(connection, branch).path if branch else "/"
    found: dict[int, tuple[str, str]] = {}
    now: dict[int, Mark] = {}
    names, depths = dict[str, str](), dict[str, int]()
    for row in _rows(connection, book, codes, scopes, top):
        found[row.id] = (row.code, book.keys[row.milestone_id])
        now[row.id] = mark(row.state, local_day(datetime.fromtimestamp(row.finished, UTC)) if row.finished else None)
        names[row.code], depths[row.code] = row.name, row.path.count("/")
    past = _past(connection, book.cycle_id, since)
    days = _days_before(connection, book.cycle_id, since, {one for one, (was, *_) in past.items() if was.word in DATED})
    known = {}
    for item_id, place in found.items():
        was, by, at = past.get(item_id, (now[item_id], "", None))
        was = Mark(was.word, days[item_id]) if item_id in days else was
        known[place] = Known(was, now[item_id], by, at)
    return Items(known, {place: item_id for item_id, place in found.items()}, names, depths)


def _rows(connection: sa.Connection, book: Book, codes: Sequence[str], scopes: tuple[str, ...], top: str) -> Iterator[Row]:
    finished = sa.type_coerce(work_item.c.finished_at, sa.BigInteger).label("finished")
    query = (
        sa.select(work_item.c.id, work_item.c.milestone_id, work_item.c.state, finished, unit.c.code, unit.c.name, unit.c.path)
        .join(unit, unit.c.id == work_item.c.unit_id)
        .where(
            work_item.c.cycle_id == book.cycle_id, within(unit.c.path, scopes),
            unit.c.path.startswith(top, autoescape=True),
        )
    )  # fmt: skip
    for few in _chunks(codes):
        yield from connection.execute(query.where(unit.c.code.in_(few)))


def _past(connection: sa.Connection, cycle_id: int, since: int) -> dict[int, tuple[Mark, str, datetime]]:
    """Of items that have changed since: how each stood before, and who changed it last, when."""
    rows = connection.execute(
        sa.select(event.c.item_id, event.c.was, event.c.actor, event.c.at)
        .where(event.c.cycle_id == cycle_id, event.c.seq > since, event.c.action.in_(MOVES), event.c.item_id.is_not(None))
        .order_by(event.c.seq)
    )
    found: dict[int, tuple[Mark, str, datetime]] = {}
    for item_id, was, actor, at in rows:
        first = found[item_id][0] if item_id in found else mark(was, None)
        found[item_id] = (first, actor, at)
    return found


def _days_before(connection: sa.Connection, cycle_id: int, until: int, item_ids: set[int]) -> dict[int, date]:
    """The day on which each item had been handed in, as of event number ``until``."""
    days: dict[int, date] = {}
    query = sa.select(event.c.item_id, event.c.at, event.c.data).where(
        event.c.cycle_id == cycle_id, event.c.seq <= until, event.c.action == "item.submit"
    )
    for few in _chunks(sorted(item_ids)):
        for item_id, at, data in connection.execute(query.where(event.c.item_id.in_(few)).order_by(event.c.seq)):
            said = json.loads(data).get("done_on") if data else None
            days[item_id] = date.fromisoformat(said) if said else local_day(at)
    return days


def _chunks(values: Sequence[int] | Sequence[str]) -> Iterator[Iterable[int] | Iterable[str]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
