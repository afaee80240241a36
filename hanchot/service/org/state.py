"""The organisation as plain values, by code: read from the database, compared, and written back as differences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa

from hanchot.domain.unit import PostRole, UnitKind
from hanchot.store.ids import take
from hanchot.store.tables import person, post, tenure, unit

Seat = tuple[str, PostRole]
"""A post, by the code of its unit and its role."""


@dataclass(frozen=True, slots=True)
class UnitState:
    code: str
    name: str
    kind: UnitKind
    parent: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class PersonState:
    code: str
    name: str
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class TenureState:
    """Who holds a post from which local day to which, both included; None: open. ``id`` is None for a new one."""

    person: str
    starts: date | None = None
    ends: date | None = None
    id: int | None = None

    def runs_on(self, day: date) -> bool:
        return (self.starts is None or self.starts <= day) and (self.ends is None or day <= self.ends)

    def overlaps(self, other: TenureState) -> bool:
        return (self.ends is None or other.starts is None or other.starts <= self.ends) and (
            other.ends is None or self.starts is None or self.starts <= other.ends
        )


@dataclass
class OrgState:
    """Everything known, by code. ``titles`` has every post there is; ``tenures`` may lack the vacant ones."""

    units: dict[str, UnitState] = field(default_factory=dict)
    people: dict[str, PersonState] = field(default_factory=dict)
    titles: dict[Seat, str | None] = field(default_factory=dict)
    tenures: dict[Seat, tuple[TenureState, ...]] = field(default_factory=dict)

    def copy(self) -> OrgState:
        return OrgState(dict(self.units), dict(self.people), dict(self.titles), dict(self.tenures))


@dataclass
class Ids:
    """Which row stands behind which code."""

    units: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    posts: dict[Seat, int] = field(default_factory=dict)


def read_state(connection: sa.Connection) -> tuple[OrgState, Ids]:
    """The whole organisation as it stands, with its history of tenures."""
    state, ids = OrgState(), Ids()
    units = {row.id: row for row in connection.execute(sa.select(unit))}
    for row in units.values():
        above = units[row.parent_id].code if row.parent_id else None
        state.units[row.code] = UnitState(row.code, row.name, UnitKind(row.kind), above, row.valid_from, row.valid_to)
        ids.units[row.code] = row.id
    codes = {}
    for row in connection.execute(sa.select(person)):
        codes[row.id] = row.code
        state.people[row.code] = PersonState(row.code, row.name, row.email, row.phone)
        ids.people[row.code] = row.id
    seats = {}
    for row in connection.execute(sa.select(post)):
        seat = seats[row.id] = (units[row.unit_id].code, PostRole(row.role))
        state.titles[seat], ids.posts[seat] = row.title, row.id
    held: dict[Seat, list[TenureState]] = {}
    for row in connection.execute(sa.select(tenure).order_by(tenure.c.id)):
        held.setdefault(seats[row.post_id], []).append(TenureState(codes[row.person_id], row.starts, row.ends, row.id))
    state.tenures = {seat: tuple(found) for seat, found in held.items()}
    return state, ids


def write_state(connection: sa.Connection, before: OrgState, after: OrgState, ids: Ids) -> None:
    """Write what differs, with a handful of statements whatever the number of rows. ``ids`` learns the new rows."""
    _write_units(connection, before, after, ids)
    _write_people(connection, before, after, ids)
    _write_posts(connection, before, after, ids)
    _write_tenures(connection, before, after, ids)


def paths(units: dict[str, UnitState], ids: dict[str, int]) -> dict[str, str]:
    """``/root/…/id/`` of every unit, parents before children. The tree has no cycle."""
    found: dict[str, str] = {}
    for code in units:
        chain: list[str] = []
        step: str | None = code
        while step is not None and step not in found:
            chain.append(step)
            step = units[step].parent
        for one in reversed(chain):
            above = units[one].parent
            found[one] = f"{found[above] if above else '/'}{ids[one]}/"
    return found


def _write_units(connection: sa.Connection, before: OrgState, after: OrgState, ids: Ids) -> None:
    new = [code for code in after.units if code not in ids.units]
    was = paths(before.units, ids.units)
    ids.units.update(zip(new, take(connection, unit, len(new)), strict=True))
    now = paths(after.units, ids.units)
    added = [_unit_row(after.units[code], now[code], ids) for code in now if code not in before.units]
    changed = [
        _unit_row(after.units[code], now[code], ids)
        for code in before.units
        if after.units[code] != before.units[code] or now[code] != was[code]
    ]
    _insert(connection, unit, added)
    _update(connection, unit, changed)


def _unit_row(one: UnitState, path: str, ids: Ids) -> dict[str, object]:
    parent = ids.units[one.parent] if one.parent else None
    return {
        "id": ids.units[one.code], "code": one.code, "name": one.name, "kind": one.kind, "parent_id": parent,
        "path": path, "valid_from": one.valid_from, "valid_to": one.valid_to,
    }  # fmt: skip


def _write_people(connection: sa.Connection, before: OrgState, after: OrgState, ids: Ids) -> None:
    new = [code for code in after.people if code not in ids.people]
    ids.people.update(zip(new, take(connection, person, len(new)), strict=True))
    rows: dict[str, dict[str, object]] = {
        code: {"id": ids.people[code], "code": code, "name": one.name, "email": one.email, "phone": one.phone}
        for code, one in after.people.items()
        if before.people.get(code) != one
    }
    _insert(connection, person, [rows[code] for code in new])
    _update(connection, person, [row for code, row in rows.items() if code in before.people])


def _write_posts(connection: sa.Connection, before: OrgState, after: OrgState, ids: Ids) -> None:
    new = [seat for seat in after.titles if seat not in ids.posts]
    ids.posts.update(zip(new, take(connection, post, len(new)), strict=True))
    _insert(
        connection,
        post,
        [{"id": ids.posts[seat], "unit_id": ids.units[seat[0]], "role": seat[1], "title": after.titles[seat]} for seat in new],
    )
    retitled = [seat for seat, title in before.titles.items() if after.titles[seat] != title]
    _update(connection, post, [{"id": ids.posts[seat], "title": after.titles[seat]} for seat in retitled])


def _write_tenures(connection: sa.Connection, before: OrgState, after: OrgState, ids: Ids) -> None:
    was = {one.id: one for held in before.tenures.values() for one in held}
    kept = [one for held in after.tenures.values() for one in held if one.id is not None]
    gone = set(was) - {one.id for one in kept}
    if gone:
        connection.execute(sa.delete(tenure).where(tenure.c.id.in_(gone)))
    changed = [one for one in kept if was[one.id] != one]
    _update(connection, tenure, [{"id": one.id, "starts": one.starts, "ends": one.ends} for one in changed])
    new = [(seat, one) for seat, held in after.tenures.items() for one in held if one.id is None]
    _insert(
        connection,
        tenure,
        [
            {"post_id": ids.posts[seat], "person_id": ids.people[one.person], "starts": one.starts, "ends": one.ends}
            for seat, one in new
        ],
    )


def _insert(connection: sa.Connection, table: sa.Table, rows: Iterable[dict[str, object]]) -> None:
    if found := list(rows):
        connection.execute(sa.insert(table), found)


def _update(connection: sa.Connection, table: sa.Table, rows: Iterable[dict[str, object]]) -> None:
    found = [{"row_id" if key == "id" else key: value for key, value in row.items()} for row in rows]
    if found:
        values: dict[str, object] = {key: sa.bindparam(key) for key in found[0] if key != "row_id"}
        connection.execute(sa.update(table).where(table.c.id == sa.bindparam("row_id")).values(values), found)
