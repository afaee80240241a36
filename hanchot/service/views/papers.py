"""Where the thing stands that a paper is about: who may see that unit's papers may take it. Views only read."""

from __future__ import annotations

import sqlalchemy as sa

from hanchot.domain.errors import NotFound
from hanchot.service import access
from hanchot.service.judging.subjects import find_subject
from hanchot.store.db import Row
from hanchot.store.judging_tables import ballot
from hanchot.store.keeping_tables import dossier, paper, shortcoming
from hanchot.store.tables import person, unit


def path_about(
    connection: sa.Connection, *, item: int = 0, subject: int = 0, tallied: int = 0, unit_code: str = "", cycle: str = ""
) -> str:
    """The path of the unit that a paper is about, by the first of these that is named (``tallied``: number of a ballot); the
    head of the cycle where none is. Raises ``NotFound``.
    """
    if item:
        return access.item_path(connection, item)
    if subject:
        return _path(connection, unit.c.id == find_subject(connection, subject).unit_id)
    if tallied:
        return _path(connection, unit.c.id == sa.select(ballot.c.unit_id).where(ballot.c.id == tallied).scalar_subquery())
    return access.unit_path(connection, unit_code) if unit_code else access.cycle_path(connection, cycle)


def path_of_file(connection: sa.Connection, paper_id: int) -> str:
    """The path of the unit in whose dossier a paper lies, or lay. Raises ``NotFound``."""
    of = sa.select(dossier.c.unit_id).join(paper, paper.c.dossier_id == dossier.c.id).where(paper.c.id == paper_id)
    return _path(connection, unit.c.id == of.scalar_subquery())


def person_of(connection: sa.Connection, shortcoming_id: int, unit_code: str) -> str | None:
    """Whose shortcoming of that unit it is: a person's code, None for the unit's own."""
    row: Row | None = connection.execute(
        sa.select(person.c.code)
        .join(shortcoming, shortcoming.c.person_id == person.c.id)
        .join(unit, unit.c.id == shortcoming.c.unit_id)
        .where(shortcoming.c.id == shortcoming_id, unit.c.code == unit_code)
    ).first()
    return row.code if row else None


def _path(connection: sa.Connection, where: sa.ColumnElement[bool]) -> str:
    found: str | None = connection.execute(sa.select(unit.c.path).where(where)).scalar()
    if found is None:
        raise NotFound("Không có văn bản này.", way_out="Kiểm tra lại địa chỉ.")
    return found
