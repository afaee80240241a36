"""Where the pages of one unit in one review stand, and who can be named on their forms.

Views only read; days are local.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from hanchot.domain.errors import NotFound
from hanchot.domain.unit import PostRole, UnitKind
from hanchot.letters.words import lower_first
from hanchot.service.org.lookup import on_day
from hanchot.service.reviewed import SIDE_CYCLES
from hanchot.store.judging_tables import subject
from hanchot.store.tables import cycle, person, post, tenure, unit

_ACTS_FOR = (UnitKind.STANDING_COMMITTEE, UnitKind.ORGANISATION_DEPARTMENT)  # they act for the committee they stand under


@dataclass(frozen=True, slots=True)
class Place:
    """One unit in one review, by their codes and names."""

    cycle_id: int
    cycle: str
    title: str
    open: bool
    unit_id: int
    unit: str
    unit_name: str
    path: str


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody who can be chosen on a form. ``why``: the post, in words."""

    code: str
    name: str
    why: str


def place(connection: sa.Connection, code: str, unit_code: str) -> Place:
    """Raises ``NotFound``: no such cycle or unit, a cycle in which nobody is reviewed, a unit outside its tree."""
    root = unit.alias("root")
    row = connection.execute(
        sa.select(cycle.c.id, cycle.c.title, cycle.c.state, unit.c.id.label("unit_id"), unit.c.name, unit.c.path)
        .select_from(cycle.join(root, root.c.id == cycle.c.root_id).join(unit, sa.true()))
        .where(cycle.c.code == code, unit.c.code == unit_code, unit.c.path.startswith(root.c.path))
    ).first()
    if row is None or code.endswith(SIDE_CYCLES):
        raise NotFound(f"Đợt “{code}” không có tổ chức mang mã “{unit_code}”.", way_out="Kiểm tra lại địa chỉ.")
    return Place(row.id, code, row.title, row.state == "open", row.unit_id, unit_code, row.name, row.path)


def people_of(connection: sa.Connection, where: Place, day: date) -> tuple[Named, ...]:
    """Who holds a post in the unit on ``day``, and whoever else is rated there in this review; whoever is in charge of it
    from above is not of the unit.
    """
    mine = sa.and_(unit.c.id == where.unit_id, post.c.role != PostRole.MEMBER_IN_CHARGE)
    found = {one.code: one for one in _named(connection, day, mine)}
    rated = sa.select(subject.c.person_id).where(subject.c.cycle_id == where.cycle_id, subject.c.unit_id == where.unit_id)
    rows = connection.execute(sa.select(person.c.code, person.c.name).where(person.c.id.in_(rated)).order_by(person.c.code))
    for code, name in rows:
        found.setdefault(code, Named(code, name, "được đánh giá ở đây"))
    return tuple(found.values())


def superiors(connection: sa.Connection, unit_id: int, path: str, day: date) -> tuple[Named, ...]:
    """Who may attend a unit's review from above: the member in charge, then the bodies over it, the nearest first."""
    above = [int(step) for step in path.strip("/").split("/")[:-1]]
    over = sa.or_(unit.c.id.in_(above), sa.and_(unit.c.parent_id.in_(above), unit.c.kind.in_(_ACTS_FOR), unit.c.id != unit_id))
    in_charge = sa.and_(unit.c.id == unit_id, post.c.role == PostRole.MEMBER_IN_CHARGE)
    found: dict[str, Named] = {}
    for one in (*_named(connection, day, in_charge), *_named(connection, day, over)):
        found.setdefault(one.code, one)  # one who is both is asked about once
    return tuple(found.values())


def _named(connection: sa.Connection, day: date, where: sa.ColumnElement[bool]) -> tuple[Named, ...]:
    rows = connection.execute(
        sa.select(person.c.code, person.c.name, post.c.role, post.c.title, unit.c.name.label("unit"))
        .join(tenure, tenure.c.person_id == person.c.id)
        .join(post, post.c.id == tenure.c.post_id)
        .join(unit, unit.c.id == post.c.unit_id)
        .where(where, on_day(tenure, day))
        .order_by(sa.func.length(unit.c.path).desc(), unit.c.id, post.c.id)
    )
    found: dict[str, Named] = {}
    for row in rows:
        title = row.title or f"{PostRole(row.role).vi} {lower_first(row.unit)}"
        found.setdefault(row.code, Named(row.code, row.name, title))
    return tuple(found.values())
