"""Which cells have a committee (chi ủy): what was answered stays answered for the cycle, a “no” as much as a “yes”.

A cell without one is not rated as a committee (211-KH/ĐUK III.1.2); its officers are reviewed at the cell all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from hanchot.domain.errors import Refused
from hanchot.domain.places import Organisation, PlaceRules, collective_of
from hanchot.domain.rating_level import Subject
from hanchot.domain.unit import UnitKind
from hanchot.service import audit
from hanchot.service.judging.rulebook import Rulebook
from hanchot.store.db import Row
from hanchot.store.judging_tables import cell_committee, rating, subject
from hanchot.store.tables import unit

CELLS = frozenset({UnitKind.GRASSROOTS_CELL, UnitKind.CELL, UnitKind.CELL_OF_SECTION})
_CHUNK = 5_000  # values in one IN


def asked_kinds(places: PlaceRules | None) -> frozenset[UnitKind]:
    """The kinds of cells whose committee is rated, so that somebody must say whether there is one."""
    with_one = {kind: collective_of(Organisation("", kind, has_committee=True), places) for kind in CELLS} if places else {}
    return frozenset(kind for kind, found in with_one.items() if found is not None and found.rated)


def told_of(connection: sa.Connection, cycle_id: int) -> dict[str, bool]:
    """What has been answered in a cycle, by the unit's code; a committee on the list is an answer too."""
    listed = sa.select(unit.c.code).join(subject, subject.c.unit_id == unit.c.id)
    listed = listed.where(subject.c.cycle_id == cycle_id, subject.c.kind == Subject.COLLECTIVE, unit.c.kind.in_(CELLS))
    found = dict.fromkeys(connection.execute(listed).scalars(), True)
    said = sa.select(unit.c.code, cell_committee.c.has).join(cell_committee, cell_committee.c.unit_id == unit.c.id)
    return found | {code: has for code, has in connection.execute(said.where(cell_committee.c.cycle_id == cycle_id))}


def remember(connection: sa.Connection, rules: Rulebook, told: Mapping[int, bool], now: datetime, *, actor: str) -> list[int]:
    """Keep the answers by unit and bring the list in line with them; returns the units whose answer is new or another.

    A committee that is on the list leaves it as “không xếp loại”; Refused: it has a rating already.
    """
    cycle_id, ids = rules.cycle_id, list(told)
    said = sa.select(cell_committee.c.unit_id, cell_committee.c.has).where(cell_committee.c.cycle_id == cycle_id)
    known = {row.unit_id: row.has for row in _of(connection, said, cell_committee.c.unit_id, ids)}
    fresh = [one for one in ids if known.get(one) != told[one]]
    if not fresh:
        return []
    values = [{"unit_id": one, "has": told[one], "told_by": actor, "at": now} for one in fresh]
    _drop_answers(connection, cycle_id, [one for one in fresh if one in known])
    connection.execute(sa.insert(cell_committee), [{"cycle_id": cycle_id, **value} for value in values])
    rated = sa.exists().where(rating.c.subject_id == subject.c.id).label("rated")
    query = sa.select(subject.c.id, subject.c.unit_id, subject.c.exempt, unit.c.name, unit.c.kind.label("unit_kind"), rated)
    mine = sa.and_(subject.c.cycle_id == cycle_id, subject.c.kind == Subject.COLLECTIVE)
    for row in _of(connection, query.join(unit, unit.c.id == subject.c.unit_id).where(mine), subject.c.unit_id, fresh):
        why = None if told[row.unit_id] else _why(row, rules.review.places)
        if why and row.rated:
            raise Refused(
                f"Chi ủy của {row.name} đã có mức xếp loại nên không đưa ra khỏi danh sách được.",
                way_out="Trả lời “có chi ủy”, hoặc mở lại kết quả trước.",
            )
        if bool(why) != bool(row.exempt):
            connection.execute(sa.update(subject).where(subject.c.id == row.id).values(exempt=why))
    yes = sum(told[one] for one in fresh)
    data: dict[str, object] = {"yes": yes, "no": len(fresh) - yes}
    audit.record(connection, now, actor, "subjects.committees", rules.code, cycle_id=cycle_id, data=data)
    return fresh


def _why(row: Row, places: PlaceRules | None) -> str:
    at = Organisation(row.name, UnitKind(row.unit_kind), has_committee=False)
    found = collective_of(at, places) if places else None
    return f"chi bộ không có chi ủy [{found.basis.vi}]" if found else "chi bộ không có chi ủy"


def _of(connection: sa.Connection, query: sa.Select[Any], column: sa.Column[int], ids: Sequence[int]) -> Iterator[Row]:
    for start in range(0, len(ids), _CHUNK):
        yield from connection.execute(query.where(column.in_(ids[start : start + _CHUNK]))).all()


def _drop_answers(connection: sa.Connection, cycle_id: int, ids: Sequence[int]) -> None:
    for start in range(0, len(ids), _CHUNK):
        some = cell_committee.c.unit_id.in_(ids[start : start + _CHUNK])
        connection.execute(sa.delete(cell_committee).where(cell_committee.c.cycle_id == cycle_id, some))
