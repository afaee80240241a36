"""Short lists beside the pages of judging: cycles that judge, where units stand, the results of one subject by year."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from hanchot.service.access import within
from hanchot.service.judging import register
from hanchot.service.judging.register import Result
from hanchot.service.judging.subjects import find_subject
from hanchot.service.services import Services
from hanchot.service.views.common import until_next_event
from hanchot.store.judging_tables import rating, subject
from hanchot.store.tables import cycle, person, unit


@dataclass(frozen=True, slots=True)
class JudgedCycle:
    """A cycle with its subjects in the viewer's reach, exempt ones left out."""

    code: str
    year: int
    quarter: int | None
    is_open: bool
    total: int
    decided: int


@dataclass(frozen=True)
class Register:
    """The decided results of a unit or a person. ``paths``: of the units in which they were rated, by code."""

    name: str
    results: tuple[Result, ...]
    paths: dict[str, str]


def judged_cycles(services: Services, scopes: tuple[str, ...]) -> tuple[JudgedCycle, ...]:
    """Cycles with subjects under ``scopes``, the newest first."""
    decided = sa.exists().where(rating.c.subject_id == subject.c.id, rating.c.step == "decided", rating.c.current)
    query = (
        sa.select(
            cycle.c.code, cycle.c.year, cycle.c.quarter, cycle.c.state, sa.func.count().label("total"),
            sa.func.coalesce(sa.func.sum(sa.case((decided, 1), else_=0)), 0).label("decided"),
        )
        .join(subject, subject.c.cycle_id == cycle.c.id)
        .join(unit, unit.c.id == subject.c.unit_id)
        .where(subject.c.exempt.is_(None), within(unit.c.path, scopes))
        .group_by(cycle.c.id, cycle.c.code, cycle.c.year, cycle.c.quarter, cycle.c.state)
        .order_by(cycle.c.id.desc())
    )  # fmt: skip
    with services.db.read() as connection:
        rows = until_next_event(services.db, connection, ("judged", scopes), lambda: connection.execute(query).all())
    return tuple(JudgedCycle(r.code, r.year, r.quarter, r.state == "open", r.total, int(r.decided)) for r in rows)


def paths_of(services: Services, codes: Collection[str]) -> dict[str, str]:
    """Where units stand, by code; codes that are none are left out."""
    with services.db.read() as connection:
        rows = connection.execute(sa.select(unit.c.code, unit.c.path).where(unit.c.code.in_(codes)))
        return {code: path for code, path in rows}


def units_at(services: Services, paths: Collection[str]) -> tuple[tuple[str, str, str], ...]:
    """Code, name and path of the units that stand exactly there."""
    with services.db.read() as connection:
        query = sa.select(unit.c.code, unit.c.name, unit.c.path).where(unit.c.path.in_(paths)).order_by(unit.c.path)
        return tuple((code, name, path) for code, name, path in connection.execute(query))


def results_by_year(services: Services, subject_id: int) -> tuple[Result, ...]:
    """The register of the same person, or of the same unit as the same kind, newest first."""
    with services.db.read() as connection:
        who = find_subject(connection, subject_id)
    if who.person_code:
        return tuple(reversed(register.of_person(services, who.person_code)))
    return tuple(one for one in reversed(register.of_unit(services, who.unit_code)) if one.kind == who.kind)


def unit_register(services: Services, code: str) -> Register:
    """Raises ``NotFound``."""
    found = tuple(reversed(register.of_unit(services, code)))
    with services.db.read() as connection:
        row = connection.execute(sa.select(unit.c.name, unit.c.path).where(unit.c.code == code)).one()
    return Register(row.name, found, {code: row.path})


def person_register(services: Services, code: str) -> Register:
    """Raises ``NotFound``."""
    found = tuple(reversed(register.of_person(services, code)))
    with services.db.read() as connection:
        name = connection.execute(sa.select(person.c.name).where(person.c.code == code)).scalar_one()
    return Register(name, found, paths_of(services, {one.unit for one in found}))
