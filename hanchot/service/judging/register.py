"""The register (sổ theo dõi): decided results by year, of a unit and of a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TypeAlias

import sqlalchemy as sa

from hanchot.domain.errors import NotFound
from hanchot.domain.rating_level import RatingLevel
from hanchot.service.services import Services
from hanchot.store.db import Row
from hanchot.store.judging_tables import rating, subject
from hanchot.store.tables import cycle, person, unit

_Rated: TypeAlias = tuple[int, str | None]
_body = unit.alias("body")
_RESULTS = (
    sa.select(
        cycle.c.year, cycle.c.quarter, cycle.c.code.label("cycle"), unit.c.code.label("unit"), subject.c.kind,
        rating.c.level, rating.c.number, rating.c.decided_on, _body.c.name.label("body"), rating.c.reopened_at,
    )
    .select_from(rating)
    .join(subject, subject.c.id == rating.c.subject_id)
    .join(cycle, cycle.c.id == subject.c.cycle_id)
    .join(unit, unit.c.id == subject.c.unit_id)
    .join(_body, _body.c.id == rating.c.unit_id)
    .where(rating.c.step == "decided")
    .order_by(cycle.c.year, cycle.c.quarter.is_(None), cycle.c.quarter, rating.c.id)
)  # fmt: skip

_QUARTERS = (
    sa.select(cycle.c.quarter, rating.c.level, subject.c.person_id, subject.c.unit_id, subject.c.kind)
    .select_from(cycle.join(subject, subject.c.cycle_id == cycle.c.id).join(rating, rating.c.subject_id == subject.c.id))
    .where(cycle.c.quarter.is_not(None), rating.c.step == "decided", rating.c.current)
    .order_by(rating.c.id)
)


@dataclass(frozen=True)
class Result:
    """One decided result. ``quarter`` None: the year's. ``stands`` False: it was reopened, and what came after counts."""

    year: int
    quarter: int | None
    cycle: str
    unit: str
    kind: str
    level: RatingLevel
    number: str
    decided_on: date
    body: str
    stands: bool

    def to_json(self) -> dict[str, object]:
        return asdict(self)


def of_unit(services: Services, code: str) -> tuple[Result, ...]:
    """The results of an organisation and its collectives, oldest first. Raises ``NotFound``."""
    with services.db.read() as connection:
        found = connection.execute(sa.select(unit.c.id).where(unit.c.code == code)).scalar()
        if found is None:
            raise NotFound(f"Không có đơn vị mã “{code}”.", way_out="Xem mã trong danh sách đơn vị.")
        return _results(connection, (subject.c.unit_id == found) & subject.c.person_id.is_(None))


def of_person(services: Services, code: str) -> tuple[Result, ...]:
    """The results of a person, wherever they were rated, oldest first. Raises ``NotFound``."""
    with services.db.read() as connection:
        found = connection.execute(sa.select(person.c.id).where(person.c.code == code)).scalar()
        if found is None:
            raise NotFound(f"Không có người mã “{code}”.", way_out="Xem mã trong danh sách người.")
        return _results(connection, subject.c.person_id == found)


def quarter_levels(connection: sa.Connection, who: Row, year: int) -> dict[int, RatingLevel]:
    """The decided levels of the quarters of ``year`` for the same person, or the same unit as the same kind."""
    return quarter_levels_of(connection, [who], year)[who.id]


def quarter_levels_of(connection: sa.Connection, whos: Sequence[Row], year: int) -> dict[int, dict[int, RatingLevel]]:
    """The same for many rows of ``find_subjects``, by the number of the subject."""
    people = {who.person_id for who in whos if who.person_id is not None}
    units = {who.unit_id for who in whos if who.person_id is None}
    wanted: list[sa.ColumnElement[bool]] = [subject.c.person_id.in_(people)] if people else []
    wanted += [subject.c.person_id.is_(None) & subject.c.unit_id.in_(units)] if units else []
    found: dict[_Rated, dict[int, RatingLevel]] = {}
    for mine in wanted:
        for row in connection.execute(_QUARTERS.where(cycle.c.year == year, mine)):
            found.setdefault(_rated(row), {})[row.quarter] = RatingLevel(row.level)
    return {who.id: found.get(_rated(who), {}) for who in whos}


def _rated(row: Row) -> _Rated:
    """Who is the same from one quarter to the next: a person anywhere, a unit as the same kind."""
    return (row.person_id, None) if row.person_id is not None else (row.unit_id, row.kind)


def _results(connection: sa.Connection, of: sa.ColumnElement[bool]) -> tuple[Result, ...]:
    return tuple(
        Result(
            row.year, row.quarter, row.cycle, row.unit, row.kind, RatingLevel(row.level), row.number, row.decided_on,
            row.body, row.reopened_at is None,
        )
        for row in connection.execute(_RESULTS.where(of))
    )  # fmt: skip
