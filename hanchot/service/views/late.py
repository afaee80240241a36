"""Who is late, by how much, and who holds it; narrowed by cycle, stage, branch, kind of unit and words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from hanchot.domain.access import WHOLE
from hanchot.domain.collate import collation_key
from hanchot.domain.stage import Stage
from hanchot.domain.unit import UnitKind
from hanchot.service.access import within
from hanchot.service.install import fact
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
    unit_places,
    unit_ranks,
    units_like,
)
from hanchot.store.db import Database, pairs
from hanchot.store.tables import cycle, cycle_milestone, event, unit, work_item

ROWS = 50
EVERY_UNIT = 1_000_000
KEPT = 16  # lists of different branches that are remembered at once
_LAST_EVENT = sa.select(sa.func.max(event.c.seq))
MANY_BRANCHES = 120  # more are no list to choose from: the page asks for the code instead


@dataclass(frozen=True, slots=True)
class Chosen:
    """What narrows the list; empty: nothing. ``branch`` is a unit's code, ``text`` part of a unit's name or code."""

    cycle: str = ""
    stage: str = ""
    branch: str = ""
    kind: str = ""
    text: str = ""

    @property
    def anything(self) -> bool:
        return self != Chosen()


@dataclass(frozen=True, slots=True)
class LateLine:
    """A late item, who answers for it, the unit above it and the last letter about it."""

    item: ItemRow
    who: Who | None
    above: str | None
    letter: LastLetter | None


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter: what stands in the address, how a person reads it, and how many late items it has."""

    value: str
    words: str
    count: int


@dataclass(frozen=True, slots=True)
class LatePage:
    """``cycles``, ``stages``, ``branches`` (directly under the head) and ``kinds``: what the list could be
    narrowed to; no branches where there are too many to choose from.
    """

    lines: tuple[LateLine, ...]
    paging: Paging
    units: int
    cycles: tuple[tuple[str, int], ...]
    stages: tuple[Choice, ...] = ()
    branches: tuple[Choice, ...] = ()
    kinds: tuple[Choice, ...] = ()


class _Late(NamedTuple):
    """One late item, as the list is sorted: last moment, the unit's place among the names, item."""

    last: int
    rank: int
    item: int
    unit: int
    cycle: str
    milestone: int


def late(
    services: Services, now: datetime, *, cycle_code: str | None = None, page: int = 1, scopes: tuple[str, ...] = (WHOLE,),
    chosen: Chosen | None = None,
) -> LatePage:  # fmt: skip
    """Late items of open cycles under ``scopes``, the latest first, then by name. ``cycles``: how many in each, by code."""
    wanted = chosen or Chosen(cycle=cycle_code or "")
    with services.db.read() as connection:
        every = _all(services.db, connection, now, scopes)
        mine = _narrowed(services.db, connection, every, wanted)
        paging = Paging(page, ROWS, len(mine))
        lines = _lines(services, connection, [one[2] for one in mine[paging.offset : paging.offset + ROWS]], now)
        choices = _choices(services.db, connection, [one for one in every if wanted.cycle in ("", one[4])])
    counts = Counter([one[4] for one in every])
    return LatePage(lines, paging, len({one[3] for one in mine}), tuple(sorted(counts.items())), *choices)


def late_ids(services: Services, now: datetime, scopes: tuple[str, ...], chosen: Chosen, most: int) -> tuple[int, ...]:
    """The items of the whole list, in its order; at most ``most`` and one more."""
    with services.db.read() as connection:
        mine = _narrowed(services.db, connection, _all(services.db, connection, now, scopes), chosen)
    return tuple(one.item for one in mine[: most + 1])


def _all(db: Database, connection: sa.Connection, now: datetime, scopes: tuple[str, ...]) -> list[_Late]:
    """Whatever is late, in order. Ten thousand rows are remembered until something happens or the minute is over: work
    becomes late at a full minute, and every other change has an event.
    """
    state = connection.execute(_LAST_EVENT).scalar(), fact(connection, "org_version"), int(now.timestamp()) // 60
    kept: dict[tuple[str, ...], tuple[object, list[_Late]]] = db.remembered.setdefault("late", {})
    known = kept.get(scopes)
    if known is None or known[0] != state:
        if len(kept) >= KEPT:
            kept.clear()
        known = kept[scopes] = state, _read(db, connection, now, scopes)
    return known[1]


def _read(db: Database, connection: sa.Connection, now: datetime, scopes: tuple[str, ...]) -> list[_Late]:
    last = sa.type_coerce(work_item.c.last_moment, sa.BigInteger).label("last")  # only compared: no need to be a date
    query = (
        sa.select(last, work_item.c.id, work_item.c.unit_id, cycle.c.code, work_item.c.milestone_id)
        .join(cycle, cycle.c.id == work_item.c.cycle_id)
        .where(cycle.c.state == "open", late_now(now))
    )
    if WHOLE not in scopes:
        query = query.join(unit, unit.c.id == work_item.c.unit_id).where(within(unit.c.path, scopes))
    ranks = unit_ranks(db, connection)
    return sorted(_Late(last, ranks[who], one, who, code, key) for last, one, who, code, key in connection.execute(query))


def _narrowed(db: Database, connection: sa.Connection, every: list[_Late], wanted: Chosen) -> list[_Late]:
    if not wanted.anything:
        return every
    units = _units_wanted(db, connection, wanted)
    stages = _stages(connection) if wanted.stage else {}
    return [
        one for one in every
        if wanted.cycle in ("", one.cycle)
        and (units is None or one.unit in units)
        and (not wanted.stage or stages.get(one.milestone) == wanted.stage)
    ]  # fmt: skip


def _units_wanted(db: Database, connection: sa.Connection, wanted: Chosen) -> set[int] | None:
    """The units that branch, kind and words let through; None: all of them."""
    if not (wanted.branch or wanted.kind or wanted.text):
        return None
    prefix = ""
    if wanted.branch:
        prefix = connection.execute(sa.select(unit.c.path).where(unit.c.code == wanted.branch)).scalar() or "-"
    places = unit_places(db, connection).items()
    found = {one for one, (kind, path) in places if wanted.kind in ("", kind) and path.startswith(prefix)}
    return found & set(units_like(db, connection, wanted.text, EVERY_UNIT)) if wanted.text.strip() else found


def _stages(connection: sa.Connection) -> dict[int, str]:
    return pairs(connection.execute(sa.select(cycle_milestone.c.id, cycle_milestone.c.stage)))


def _choices(
    db: Database, connection: sa.Connection, rows: list[_Late]
) -> tuple[tuple[Choice, ...], tuple[Choice, ...], tuple[Choice, ...]]:
    """Stages, branches and kinds among the late items, each with its count."""
    places, stage_of = unit_places(db, connection), _stages(connection)
    stages: Counter[str] = Counter()
    for milestone, count in Counter([one[5] for one in rows]).items():
        stages[stage_of[milestone]] += count
    kinds: Counter[str] = Counter()
    branches: Counter[str] = Counter()
    for unit_id, count in Counter([one[3] for one in rows]).items():
        kind, path = places[unit_id]
        kinds[kind] += count
        parts = path.split("/", 3)
        if len(parts) > 3:  # /head/branch/…: the head itself is no branch
            branches[parts[2]] += count
    return (
        tuple(Choice(one, one.vi, stages[one]) for one in Stage if stages[one]),
        _branches(connection, {int(one): count for one, count in branches.items()}),
        tuple(Choice(one, one.vi, kinds[one]) for one in UnitKind if kinds[one]),
    )


def _branches(connection: sa.Connection, counts: dict[int, int]) -> tuple[Choice, ...]:
    if len(counts) > MANY_BRANCHES:
        return ()
    rows = connection.execute(sa.select(unit.c.id, unit.c.code, unit.c.name).where(unit.c.id.in_(counts)))
    found = [Choice(code, name, counts[unit_id]) for unit_id, code, name in rows]
    return tuple(sorted(found, key=lambda one: collation_key(one.words)))


def _lines(services: Services, connection: sa.Connection, ids: list[int], now: datetime) -> tuple[LateLine, ...]:
    rows = {row.id: row for row in item_rows(services, connection, work_item.c.id.in_(ids), now)}
    who = holders(services, connection, rows.values(), now)
    letters = last_letters(connection, ids)
    above = above_names(connection, {row.unit_id for row in rows.values()})
    return tuple(LateLine(rows[one], who.get(rows[one].unit_id), above.get(rows[one].unit_id), letters.get(one)) for one in ids)


def above_names(connection: sa.Connection, unit_ids: Iterable[int]) -> dict[int, str]:
    """The name of the unit directly above, by unit."""
    parent = unit.alias("parent")
    query = sa.select(unit.c.id, parent.c.name).join(parent, parent.c.id == unit.c.parent_id)
    return {row[0]: row[1] for row in connection.execute(query.where(unit.c.id.in_(unit_ids)))}
