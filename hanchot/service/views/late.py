"""Who is late, by how much, and who holds it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from hanchot.service.services import Services
from hanchot.service.views.common import (
    ItemRow,
    LastLetter,
    Paging,
    Who,
    holders,
    item_rows,
    last_letters,
    late_now,
    unit_ranks,
)
from hanchot.store.db import Row
from hanchot.store.tables import cycle, unit, work_item

ROWS = 50


@dataclass(frozen=True, slots=True)
class LateLine:
    """A late item, who answers for it, the unit above it and the last letter about it."""

    item: ItemRow
    who: Who | None
    above: str | None
    letter: LastLetter | None


@dataclass(frozen=True, slots=True)
class LatePage:
    lines: tuple[LateLine, ...]
    paging: Paging
    units: int
    cycles: tuple[tuple[str, int], ...]


def late(services: Services, now: datetime, *, cycle_code: str | None = None, page: int = 1) -> LatePage:
    """Late items of open cycles, the latest first, then by name. ``cycles``: how many in each, by code."""
    with services.db.read() as connection:
        every = _all(connection, now)
        ranks = unit_ranks(services.db, connection)
        mine = sorted((last, ranks[who], one) for one, who, last, code in every if cycle_code in (None, code))
        paging = Paging(page, ROWS, len(mine))
        lines = _lines(services, connection, [one for *_, one in mine[paging.offset : paging.offset + ROWS]], now)
    counts = Counter(code for *_, code in every)
    return LatePage(lines, paging, len({rank for _, rank, _ in mine}), tuple(sorted(counts.items())))


def _all(connection: sa.Connection, now: datetime) -> list[Row]:
    """Item, unit, last moment and cycle of whatever is late; ten thousand rows are no reason to be slow."""
    last = sa.type_coerce(work_item.c.last_moment, sa.BigInteger)  # only compared: no need to be a date
    query = (
        sa.select(work_item.c.id, work_item.c.unit_id, last, cycle.c.code)
        .join(cycle, cycle.c.id == work_item.c.cycle_id)
        .where(cycle.c.state == "open", late_now(now))
    )
    return list(connection.execute(query).all())


def _lines(services: Services, connection: sa.Connection, ids: list[int], now: datetime) -> tuple[LateLine, ...]:
    rows = {row.id: row for row in item_rows(services, connection, work_item.c.id.in_(ids), now)}
    who = holders(services, connection, rows.values(), now)
    letters = last_letters(connection, ids)
    above = above_names(connection, {row.unit_id for row in rows.values()})
    return tuple(LateLine(rows[one], who.get(rows[one].unit_id), above.get(rows[one].unit_id), letters.get(one)) for one in ids)


def above_names(connection: sa.Connection, unit_ids: set[int]) -> dict[int, str]:
    """The name of the unit directly above, by unit."""
    parent = unit.alias("parent")
    query = sa.select(unit.c.id, parent.c.name).join(parent, parent.c.id == unit.c.parent_id)
    return {row[0]: row[1] for row in connection.execute(query.where(unit.c.id.in_(unit_ids)))}
