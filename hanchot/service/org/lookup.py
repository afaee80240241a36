"""Who is who in the tree on a given day. Days are local; validity and tenure include their first and last day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from hanchot.domain.errors import NotFound
from hanchot.domain.unit import PostRole, UnitKind
from hanchot.store.tables import person, post, tenure, unit

_BY_SECRETARY = frozenset(
    {
        UnitKind.PROVINCIAL_COMMITTEE,
        UnitKind.DISTRICT_COMMITTEE,
        UnitKind.TOWN_COMMITTEE,
        UnitKind.BLOC_COMMITTEE,
        UnitKind.COMMUNE_COMMITTEE,
        UnitKind.STANDING_COMMITTEE,
        UnitKind.GRASSROOTS_COMMITTEE,
        UnitKind.GRASSROOTS_CELL,
        UnitKind.SECTION_COMMITTEE,
        UnitKind.CELL,
        UnitKind.CELL_OF_SECTION,
    }
)


class UnitRow(NamedTuple):
    """One unit as it stands in the tree."""

    id: int
    code: str
    name: str
    kind: UnitKind
    parent_id: int | None
    path: str


class Holder(NamedTuple):
    """Who holds a post on a day. ``email`` is None where no address is known."""

    post_id: int
    unit_id: int
    role: PostRole
    title: str | None
    person_id: int
    name: str
    email: str | None
    phone: str | None


def responsible_role(kind: UnitKind) -> PostRole:
    """The post that answers for a unit's duties: the secretary of a Party organisation, the head of any other body."""
    return PostRole.SECRETARY if kind in _BY_SECRETARY else PostRole.HEAD


def on_day(table: sa.Table, day: date) -> sa.ColumnElement[bool]:
    """``unit`` rows that exist, or ``tenure`` rows that run, on a local day; an empty end is open."""
    first, last = (table.c.valid_from, table.c.valid_to) if table is unit else (table.c.starts, table.c.ends)
    return sa.and_(sa.or_(first.is_(None), first <= day), sa.or_(last.is_(None), last >= day))


def units_as_of(connection: sa.Connection, root_id: int, day: date) -> list[UnitRow]:
    """The root and everything below it that exists on ``day``, parents before children. NotFound: no such root."""
    path = connection.execute(sa.select(unit.c.path).where(unit.c.id == root_id)).scalar()
    if path is None:
        raise NotFound(
            f"Không có tổ chức số {root_id}.", way_out="Xem danh sách đơn vị.", command="hanchot org list", value=root_id
        )
    chosen = sa.select(*(unit.c[name] for name in UnitRow._fields)).where(
        unit.c.path.startswith(path, autoescape=True), on_day(unit, day)
    )
    rows = connection.execute(chosen.order_by(sa.func.length(unit.c.path), unit.c.code))
    found = [UnitRow(r.id, r.code, r.name, UnitKind(r.kind), r.parent_id, r.path) for r in rows]
    return sorted(found, key=lambda row: (row.path.count("/"), row.code))


def unit_by_code(connection: sa.Connection, code: str) -> UnitRow:
    """NotFound: no unit bears the code."""
    r = connection.execute(sa.select(*(unit.c[name] for name in UnitRow._fields)).where(unit.c.code == code)).first()
    if r is None:
        raise NotFound(
            f"Không có tổ chức mang mã “{code}”.",
            way_out="Xem mã trong danh sách đơn vị.",
            command="hanchot org list",
            value=code,
        )
    return UnitRow(r.id, r.code, r.name, UnitKind(r.kind), r.parent_id, r.path)


def holders_as_of(connection: sa.Connection, day: date, post_ids: Sequence[int] | None = None) -> dict[int, Holder]:
    """Who holds which post on ``day``, by post; all posts, or those named. Vacant posts are left out.

    Where two tenures overlap on the day, the later one counts.
    """
    joined = post.join(tenure, tenure.c.post_id == post.c.id).join(person, person.c.id == tenure.c.person_id)
    columns = (
        post.c.id,
        post.c.unit_id,
        post.c.role,
        post.c.title,
        tenure.c.person_id,
        person.c.name,
        person.c.email,
        person.c.phone,
    )
    chosen = sa.select(*columns).select_from(joined).where(on_day(tenure, day))
    if post_ids is not None:
        chosen = chosen.where(post.c.id.in_(post_ids))
    rows = connection.execute(chosen.order_by(tenure.c.starts.is_not(None), tenure.c.starts, tenure.c.id))
    return {r[0]: Holder(r[0], r[1], PostRole(r[2]), *r[3:]) for r in rows}


def holder_of(connection: sa.Connection, post_id: int, day: date) -> Holder | None:
    """Who holds the post on ``day``; None where it is vacant."""
    return holders_as_of(connection, day, [post_id]).get(post_id)


def posts_of(connection: sa.Connection, unit_id: int) -> dict[PostRole, int]:
    """The unit's posts by role."""
    rows = connection.execute(sa.select(post.c.role, post.c.id).where(post.c.unit_id == unit_id))
    return {PostRole(role): number for role, number in rows}
