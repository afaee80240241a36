"""Who stands under review in a cycle, named by codes: a unit of its tree, or one person there."""

from __future__ import annotations

import sqlalchemy as sa

from hanchot.domain.errors import NotFound, Refused
from hanchot.domain.opinion import HEARING
from hanchot.domain.remediation import REMEDY
from hanchot.service.book import closed, cycle_id_of
from hanchot.store.db import Row
from hanchot.store.tables import cycle, person, unit

SIDE_CYCLES = (REMEDY, HEARING)  # these carry what a review leaves to be done; nobody is reviewed in them


def is_review(code: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """For a query: the cycle is a review, not one beside it."""
    return sa.and_(*(~code.endswith(suffix, autoescape=True) for suffix in SIDE_CYCLES))


def unit_in(connection: sa.Connection, code: str) -> Row:
    """``id``, ``name`` and ``path`` of a unit by its code. Raises ``NotFound``."""
    row = connection.execute(sa.select(unit.c.id, unit.c.name, unit.c.path).where(unit.c.code == code)).first()
    if row is None:
        raise NotFound(f"Không có đơn vị mã “{code}”.", way_out="Xem mã trong danh sách đơn vị.", value=code)
    return row


def reviewed(connection: sa.Connection, code: str, unit_code: str, person_code: str | None = None) -> Row:
    """``cycle_id``, ``id``, ``code``, ``unit_name``, ``kind``, ``path`` and ``person_id`` of who is reviewed in an open review.

    Raises ``NotFound`` for an unknown code, ``Refused`` for a closed cycle or a unit outside its tree.
    """
    cycle_id = cycle_id_of(connection, code)
    one = sa.select(person.c.id).where(person.c.code == person_code).subquery()
    root = unit.alias("root")
    query = (
        sa.select(
            cycle.c.id.label("cycle_id"), cycle.c.state, root.c.path.label("root"), unit.c.id, unit.c.code, unit.c.kind,
            unit.c.name.label("unit_name"), unit.c.path, one.c.id.label("person_id"),
        )
        .select_from(cycle.join(root, root.c.id == cycle.c.root_id).join(unit, sa.true()).outerjoin(one, sa.true()))
        .where(cycle.c.id == cycle_id, unit.c.code == unit_code)
    )  # fmt: skip
    row = connection.execute(query).first()
    if row is None:
        unit_in(connection, unit_code)
        raise AssertionError("a unit that exists stands in every cross join")
    if person_code is not None and row.person_id is None:
        raise NotFound(f"Không có người mã “{person_code}”.", way_out="Xem mã trong danh sách người.", value=person_code)
    if code.endswith(SIDE_CYCLES) or not row.path.startswith(row.root):
        raise Refused(f"{row.unit_name} không được kiểm điểm trong đợt “{code}”.", way_out="Nêu mã đợt kiểm điểm.")
    if row.state != "open":
        raise closed(code)
    return row
