"""The register as one list: every decided result under some branches. Confidential: who may see it is asked before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from hanchot.domain.access import WHOLE
from hanchot.domain.rating_level import RatingLevel, Subject
from hanchot.service.access import within
from hanchot.service.services import Services
from hanchot.store.judging_tables import rating, subject
from hanchot.store.tables import cycle, person, unit

_BODY = unit.alias("body")


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One decided result. ``person`` None: an organisation or a collective. ``stands`` False: it was reopened later."""

    year: int
    quarter: int | None
    cycle: str
    unit_code: str
    unit_name: str
    kind: Subject
    person: str | None
    level: RatingLevel
    number: str
    decided_on: date
    body: str
    stands: bool


def register(
    services: Services, *, year: int | None = None, cycle_code: str | None = None, scopes: tuple[str, ...] = (WHOLE,)
) -> tuple[RegisterLine, ...]:
    """Decided results of units under ``scopes``, oldest period first; of one year or cycle where it is named."""
    query = (
        sa.select(
            cycle.c.year, cycle.c.quarter, cycle.c.code, unit.c.code, unit.c.name, subject.c.kind, person.c.name,
            rating.c.level, rating.c.number, rating.c.decided_on, _BODY.c.name, rating.c.reopened_at,
        )
        .select_from(rating)
        .join(subject, subject.c.id == rating.c.subject_id)
        .join(cycle, cycle.c.id == subject.c.cycle_id)
        .join(unit, unit.c.id == subject.c.unit_id)
        .join(_BODY, _BODY.c.id == rating.c.unit_id)
        .outerjoin(person, person.c.id == subject.c.person_id)
        .where(rating.c.step == "decided", within(unit.c.path, scopes))
        .order_by(cycle.c.year, cycle.c.quarter.is_(None), cycle.c.quarter, rating.c.id)
    )  # fmt: skip
    if year is not None:
        query = query.where(cycle.c.year == year)
    if cycle_code:
        query = query.where(cycle.c.code == cycle_code)
    with services.db.read() as connection:
        rows = connection.execute(query).all()
    return tuple(
        RegisterLine(
            year, quarter, code, unit_code, unit_name, Subject(kind), name, RatingLevel(level), number, decided_on, body,
            reopened is None,
        )
        for year, quarter, code, unit_code, unit_name, kind, name, level, number, decided_on, body, reopened in rows
    )  # fmt: skip
