"""The form of one early step: what the regulation asks about a subject, what was said before, who may stand as the body."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from hanchot.domain.authority import Matrix, Ratee
from hanchot.domain.criteria import Form, form_for
from hanchot.domain.rating import questions
from hanchot.domain.rating_level import RatingLevel, Subject
from hanchot.domain.regulation import Regulation
from hanchot.domain.standards import Question
from hanchot.domain.unit import ORGANS, UnitKind
from hanchot.service.judging.ratings import Early
from hanchot.service.judging.rulebook import rulebook
from hanchot.service.judging.subjects import find_subject
from hanchot.service.services import Services
from hanchot.store.db import Row
from hanchot.store.judging_tables import rating
from hanchot.store.tables import unit

BEFORE: Mapping[str, tuple[Early, ...]] = {
    "self": ("self",),
    "proposed": ("proposed", "self"),
    "appraised": ("appraised", "proposed", "self"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A unit that may propose or appraise."""

    code: str
    name: str
    kind: UnitKind
    path: str


@dataclass(frozen=True)
class Said:
    """A current rating of an earlier step. ``facts``: as they are kept, yes/no or a number in text."""

    level: RatingLevel
    score: str
    reason: str
    facts: Mapping[str, bool | str]


@dataclass(frozen=True)
class StepPage:
    """``forms``: those whose groups of criteria are known; ``bodies``: nearest first, the fitting one at the head;
    ``said``: the current ratings by step.
    """

    subject_id: int
    name: str
    kind: Subject
    cycle: str
    is_open: bool
    unit_code: str
    unit_name: str
    path: str
    exempt: str | None
    regulation: Regulation
    questions: tuple[Question, ...]
    forms: tuple[Form, ...]
    bodies: tuple[Place, ...]
    said: Mapping[str, Said]
    decided: bool

    def before(self, step: str) -> Said | None:
        """What was said at this step or, else, nearest before it."""
        return next((self.said[one] for one in BEFORE[step] if one in self.said), None)


def step_page(services: Services, subject_id: int, step: Early) -> StepPage:
    """Raises ``NotFound``."""
    with services.db.read() as connection:
        who = find_subject(connection, subject_id)
        rules = rulebook(services, connection, who.cycle_id)
        kind, regulation = Subject(who.kind), rules.regulation
        forms = form_for(regulation.forms, kind, "quarterly" if rules.quarter else "annual")
        current = connection.execute(sa.select(rating).where(rating.c.subject_id == subject_id, rating.c.current)).all()
        return StepPage(
            subject_id, who.label, kind, rules.code, rules.is_open, who.unit_code, who.unit_name, who.path, who.exempt,
            regulation, questions(kind, regulation), tuple(form for form in forms if form.groups),
            _fitting_first(_bodies(connection, who.path), step, who, rules.matrix),
            {row.step: _said(row) for row in current}, any(row.step == "decided" for row in current),
        )  # fmt: skip


def _said(row: Row) -> Said:
    score = "" if row.score is None else f"{row.score / 100:.2f}".rstrip("0").rstrip(".").replace(".", ",")
    return Said(RatingLevel(row.level), score, row.reason or "", row.why.get("facts", {}))


def _bodies(connection: sa.Connection, path: str) -> list[Place]:
    """The units over a subject, itself too, and the organs beside them."""
    above = [int(part) for part in path.split("/") if part]
    beside = sa.and_(unit.c.parent_id.in_(above), unit.c.kind.in_(sorted(ORGANS)))
    query = sa.select(unit.c.code, unit.c.name, unit.c.kind, unit.c.path).where(sa.or_(unit.c.id.in_(above), beside))
    found = [Place(code, name, UnitKind(kind), at) for code, name, kind, at in connection.execute(query)]
    return sorted(found, key=lambda one: (-one.path.count("/"), one.code))


def _fitting_first(bodies: Sequence[Place], step: Early, who: Row, matrix: Matrix | None) -> tuple[Place, ...]:
    """The proposer of the matrix, or the department that appraises, before all others."""
    row = matrix.row(Ratee(who.ratee)) if matrix and who.ratee else None
    kinds = {kind for key in row.proposes for kind in matrix.kinds.get(key, ())} if matrix and row else set()
    fits = {UnitKind.ORGANISATION_DEPARTMENT} if step == "appraised" else kinds
    return tuple(sorted(bodies, key=lambda one: one.kind not in fits))
