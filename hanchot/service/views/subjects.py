"""Pages of the list of who is rated: how many of each kind, whom it holds, which cells are asked about, one unit's people.

Facts of members are personnel words: ``unit_people`` and ``one_person`` are for who may rate the unit, and nobody else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from hanchot.domain.errors import Refused
from hanchot.domain.instants import local_day
from hanchot.domain.membership import UNTOLD, Membership
from hanchot.domain.rating_level import Subject
from hanchot.domain.unit import UnitKind
from hanchot.service.book import cycle_id_of
from hanchot.service.judging.committees import CELLS, asked_kinds
from hanchot.service.judging.members import listed_person, removal_fault, standstill
from hanchot.service.judging.memberships import kept
from hanchot.service.judging.rulebook import Rulebook, rulebook
from hanchot.service.judging.subjects import SUBJECT
from hanchot.service.org.lookup import on_day
from hanchot.service.services import Services
from hanchot.service.views.common import Paging, until_next_event
from hanchot.store.judging_tables import cell_committee, rating, subject
from hanchot.store.tables import person, unit

PAGE = 100
State = Literal["rated", "exempt", "awaits"]
_STATE: dict[State, sa.ColumnElement[bool]] = {
    "rated": sa.and_(subject.c.exempt.is_(None), subject.c.awaits.is_(None)),
    "exempt": subject.c.exempt.is_not(None),
    "awaits": sa.and_(subject.c.exempt.is_(None), subject.c.awaits.is_not(None)),
}
_ABOVE = unit.alias("above")


@dataclass(frozen=True, slots=True)
class Count:
    """Of one kind: all, and of them exempt and awaiting an answer."""

    total: int = 0
    exempt: int = 0
    awaits: int = 0


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody or something on the list. ``name`` of the person, else of the unit; ``kind`` a ``Subject``."""

    id: int
    name: str
    kind: str
    unit_code: str
    unit_name: str
    exempt: str | None
    awaits: str | None


@dataclass(frozen=True)
class ListPage:
    """``stop``: why nobody may change the list, if so. ``questions``: cells about whose committee nobody has said anything;
    ``answered``: those that somebody has.
    """

    code: str
    stop: Refused | None
    counts: Mapping[str, Count]
    questions: int
    answered: int
    rows: tuple[Listed, ...]
    paging: Paging


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that is asked about; ``has`` None: not answered yet."""

    code: str
    name: str
    above: str
    has: bool | None


@dataclass(frozen=True)
class CellsPage:
    """``branches``: the units right above cells that are asked about: code, name, how many of theirs."""

    code: str
    stop: Refused | None
    cells: tuple[Cell, ...]
    branches: tuple[tuple[str, str, int], ...]
    open: int
    answered: int
    paging: Paging


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person of a unit with what is told; ``rated``: a step has a rating already."""

    id: int
    name: str
    code: str
    kind: str
    exempt: str | None
    awaits: str | None
    facts: Membership
    rated: bool


@dataclass(frozen=True)
class UnitPage:
    """``is_cell``: members are added here; ``counts`` over all pages."""

    code: str
    unit_code: str
    unit_name: str
    is_cell: bool
    stop: Refused | None
    counts: Count
    rows: tuple[PersonRow, ...]
    paging: Paging


@dataclass(frozen=True)
class PersonPage:
    """``stays``: why the person cannot be taken off the list, with the way out; None: they can."""

    code: str
    unit_code: str
    unit_name: str
    stop: Refused | None
    row: PersonRow
    stays: tuple[str, str] | None


def list_page(
    services: Services, code: str, now: datetime, kind: Subject | None = None, state: State | None = None, page: int = 1,
    *, shown: bool = True,
) -> ListPage:  # fmt: skip
    """The list of a cycle, narrowed by kind and standing; without ``shown`` counts only. Raises ``NotFound``."""
    with services.db.read() as connection:
        rules = rulebook(services, connection, cycle_id_of(connection, code))
        counts, asked = until_next_event(
            services.db, connection, ("subjects", rules.cycle_id, local_day(now)),
            lambda: (_counts(connection, rules.cycle_id), _asked(connection, rules, now)),
        )  # fmt: skip
        where = [subject.c.cycle_id == rules.cycle_id]
        where += [subject.c.kind == kind] if kind else []
        where += [_STATE[state]] if state else []
        paging = Paging(page, PAGE, _total(counts, kind, state) if shown else 0)
        query = SUBJECT.where(*where).order_by(unit.c.path, subject.c.id).limit(PAGE).offset(paging.offset)
        found = connection.execute(query).all() if shown else ()
    rows = tuple(Listed(r.id, r.label, r.kind, r.unit_code, r.unit_name, r.exempt, r.awaits) for r in found)
    return ListPage(code, standstill(rules), counts, asked[0], asked[1], rows, paging)


def stop_of(services: Services, code: str) -> Refused | None:
    """Why nobody may change the list of a cycle; None: it may be. Raises ``NotFound``."""
    with services.db.read() as connection:
        return standstill(rulebook(services, connection, cycle_id_of(connection, code)))


def _counts(connection: sa.Connection, cycle_id: int) -> dict[str, Count]:
    waiting = sa.func.sum(sa.case((_STATE["awaits"], 1), else_=0))
    query = sa.select(subject.c.kind, sa.func.count(), sa.func.count(subject.c.exempt), waiting)
    rows = connection.execute(query.where(subject.c.cycle_id == cycle_id).group_by(subject.c.kind))
    found = {kind: Count(total, exempt, int(waits or 0)) for kind, total, exempt, waits in rows}
    return {kind.value: found.get(kind, Count()) for kind in Subject}


def _total(counts: Mapping[str, Count], kind: Subject | None, state: State | None) -> int:
    mine = [counts[kind]] if kind else list(counts.values())
    if state is None:
        return sum(one.total for one in mine)
    if state == "rated":
        return sum(one.total - one.exempt - one.awaits for one in mine)
    return sum(getattr(one, state) for one in mine)


def _cells(rules: Rulebook, now: datetime) -> tuple[sa.FromClause, list[sa.ColumnElement[bool]], sa.ColumnElement[bool]]:
    """The cells that are asked about, and what says that somebody has answered."""
    said = sa.and_(cell_committee.c.unit_id == unit.c.id, cell_committee.c.cycle_id == rules.cycle_id)
    on_list = sa.exists().where(
        subject.c.cycle_id == rules.cycle_id, subject.c.unit_id == unit.c.id, subject.c.kind == Subject.COLLECTIVE,
        subject.c.person_id.is_(None),  # says what the index of units holds
    )  # fmt: skip
    root = sa.select(unit.c.path).where(unit.c.id == rules.root_id).scalar_subquery()
    asked = unit.c.kind.in_(asked_kinds(rules.review.places)), unit.c.path.startswith(root), on_day(unit, local_day(now))
    joined = unit.outerjoin(cell_committee, said).outerjoin(_ABOVE, _ABOVE.c.id == unit.c.parent_id)
    return joined, list(asked), sa.or_(cell_committee.c.has.is_not(None), on_list)


def _asked(connection: sa.Connection, rules: Rulebook, now: datetime) -> tuple[int, int]:
    joined, asked, answered = _cells(rules, now)
    query = sa.select(sa.func.count(), sa.func.sum(sa.case((answered, 1), else_=0))).select_from(joined).where(*asked)
    total, done = connection.execute(query).one()
    return total - int(done or 0), int(done or 0)


def cells_page(
    services: Services, code: str, now: datetime, branch: str | None = None, page: int = 1, *, answered: bool = False
) -> CellsPage:
    """A hundred cells along the tree: those still to be asked about, or those that have been. Raises ``NotFound``."""
    with services.db.read() as connection:
        rules = rulebook(services, connection, cycle_id_of(connection, code))
        joined, asked, done = _cells(rules, now)
        wanted = [*asked, done if answered else sa.not_(done)]
        count = sa.select(_ABOVE.c.code, _ABOVE.c.name, sa.func.count()).select_from(joined).where(*wanted)
        grouped = connection.execute(count.group_by(_ABOVE.c.code, _ABOVE.c.name, _ABOVE.c.path).order_by(_ABOVE.c.path)).all()
        if branch:
            wanted.append(_ABOVE.c.code == branch)
        total = sum(number for above, _, number in grouped if not branch or above == branch)
        paging = Paging(page, PAGE, total)
        has = sa.case((cell_committee.c.has.is_not(None), cell_committee.c.has), (done, sa.true()), else_=sa.null())
        query = sa.select(unit.c.code, unit.c.name, _ABOVE.c.name, has).select_from(joined).where(*wanted)
        rows = connection.execute(query.order_by(unit.c.path).limit(PAGE).offset(paging.offset)).all()
        left, answers = _asked(connection, rules, now)
    cells = tuple(Cell(one, name, above or "", None if said is None else bool(said)) for one, name, above, said in rows)
    branches = tuple((above, name, number) for above, name, number in grouped if above)
    return CellsPage(code, standstill(rules), cells, branches, left, answers, paging)


def unit_people(services: Services, code: str, unit_code: str, page: int = 1) -> UnitPage:
    """The people of a unit on the list of a cycle, in the order in which they were listed."""
    with services.db.read() as connection:
        rules = rulebook(services, connection, cycle_id_of(connection, code))
        at = connection.execute(sa.select(unit.c.id, unit.c.name, unit.c.kind).where(unit.c.code == unit_code)).one()
        mine = subject.c.cycle_id == rules.cycle_id, subject.c.unit_id == at.id, subject.c.person_id.is_not(None)
        waiting = sa.func.sum(sa.case((_STATE["awaits"], 1), else_=0))
        total, exempt, waits = connection.execute(
            sa.select(sa.func.count(), sa.func.count(subject.c.exempt), waiting).where(*mine)
        ).one()
        paging = Paging(page, PAGE, total)
        rows = _people(connection, *mine, offset=paging.offset)
    counts = Count(total, exempt, int(waits or 0))
    return UnitPage(code, unit_code, at.name, UnitKind(at.kind) in CELLS, standstill(rules), counts, rows, paging)


def one_person(services: Services, code: str, unit_code: str, subject_id: int, now: datetime) -> PersonPage:
    """One of them, and whether they could be taken off the list. Raises ``NotFound``."""
    with services.db.read() as connection:
        rules = rulebook(services, connection, cycle_id_of(connection, code))
        row = listed_person(connection, rules.cycle_id, unit_code, subject_id)
        [shown] = _people(connection, subject.c.id == subject_id)
        return PersonPage(code, unit_code, row.unit_name, standstill(rules), shown, removal_fault(connection, rules, row, now))


def _people(connection: sa.Connection, *where: sa.ColumnElement[bool], offset: int = 0) -> tuple[PersonRow, ...]:
    rated = sa.exists().where(rating.c.subject_id == subject.c.id).label("rated")
    query = sa.select(subject, person.c.name, person.c.code, rated).join(person, person.c.id == subject.c.person_id)
    rows = connection.execute(query.where(*where).order_by(subject.c.id).limit(PAGE).offset(offset)).all()
    facts = kept(connection, [row.person_id for row in rows])
    return tuple(
        PersonRow(r.id, r.name, r.code, r.kind, r.exempt, r.awaits, facts.get(r.person_id, UNTOLD), bool(r.rated)) for r in rows
    )
