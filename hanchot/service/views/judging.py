"""Pages of judging: who stands where, and one subject with its history. Pure reading.

``scopes``: prefixes of unit paths whose subjects are shown (``/``, or None: all); the filter stands in the query. Levels,
scores and tallies are confidential: ``SubjectPage.votes`` is for the deciding level only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

import sqlalchemy as sa

from hanchot.domain.authority import Ratee
from hanchot.domain.cited import Refusal
from hanchot.domain.instants import local_day
from hanchot.domain.rating_level import RatingLevel
from hanchot.service.access import decider_path
from hanchot.service.book import cycle_id_of
from hanchot.service.judging import ballots
from hanchot.service.judging.bodies import Body, deciding_body, find_body
from hanchot.service.judging.gathering import gather_lines
from hanchot.service.judging.guards import Known, Line, unready
from hanchot.service.judging.quarters import Quarters, quarters_in
from hanchot.service.judging.quotas import Standing, standings_in
from hanchot.service.judging.ratings import Judgement
from hanchot.service.judging.rulebook import Rulebook, rulebook
from hanchot.service.judging.sheets import checklist_of_rules, papers_missing
from hanchot.service.judging.subjects import find_subject
from hanchot.service.services import Services
from hanchot.service.views.common import Paging, until_next_event
from hanchot.service.views.deciding import DecisionPage, awaiting_decision, decision_page
from hanchot.service.views.judging_rows import SubjectRow, SubjectRows, UnitGroup, under
from hanchot.store.db import Row
from hanchot.store.judging_tables import STEPS, complaint, rating, subject
from hanchot.store.meeting_tables import opinion
from hanchot.store.tables import unit

__all__ = ["DecisionPage", "JudgingPage", "SubjectPage", "awaiting_decision", "decision_page", "judging_page", "subject_page"]
UNITS = 25


@dataclass(frozen=True)
class JudgingPage:
    """``quotas``: the pools of the units on this page; ``counts``: of the chosen scope: total, exempt, self, appraised,
    decided.
    """

    code: str
    is_open: bool
    regulation: str
    groups: tuple[UnitGroup, ...]
    quotas: tuple[Standing, ...]
    counts: Mapping[str, int]
    paging: Paging


@dataclass(frozen=True, slots=True)
class RatingLine:
    """One rating of a subject's history. ``score`` in points; ``stands``: it is the current one of its step."""

    id: int
    step: str
    level: RatingLevel
    score: Decimal | None
    reason: str | None
    body: str
    at: datetime
    entered_by: str
    confirmed_by: str | None
    number: str | None
    decided_on: date | None
    stands: bool
    reopened_at: datetime | None
    reopened_reason: str | None
    approved_by: str | None
    why: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OpinionLine:
    """An opinion that was asked for; its words are read on the page of opinions."""

    id: int
    kind: str
    source: str
    number: str | None
    received_on: date | None


@dataclass(frozen=True, slots=True)
class ComplaintLine:
    """A complaint about a decided result; confidential as a whole."""

    id: int
    complainant: str
    received_on: date
    reason: str
    state: str
    answer: str | None
    number: str | None
    answered_by: str | None


@dataclass(frozen=True)
class SubjectPage:
    """``missing``: all that stands before a decision at the level known best; ``decider``: who decides, None in doubt;
    ``decider_at``: the path of who has decided or will, the subject's own in doubt;
    ``papers``: what the dossier lacks, None where the rules know no list.
    """

    row: SubjectRow
    cycle: str
    is_open: bool
    unit_code: str
    unit_name: str
    path: str
    person: str | None
    ratee: str | None
    decider: str | None
    decider_at: str
    missing: tuple[Refusal, ...]
    history: tuple[RatingLine, ...]
    opinions: tuple[OpinionLine, ...]
    votes: tuple[ballots.Voted, ...]
    quarters: Quarters | None
    checklist: str | None
    papers: tuple[Refusal, ...] | None
    quota: str | None
    complaints: tuple[ComplaintLine, ...]


def judging_page(
    services: Services, code: str, now: datetime, scopes: tuple[str, ...] | None = None, unit_code: str | None = None,
    page: int = 1,
) -> JudgingPage:  # fmt: skip
    """The subjects of a cycle by unit, a page of units at a time; ``unit_code``: one branch only. Raises ``NotFound``."""
    with services.db.read() as connection:
        rules = rulebook(services, connection, cycle_id_of(connection, code))
        mine = [subject.c.cycle_id == rules.cycle_id, under(scopes)]
        if unit_code:
            mine.append(unit.c.path.startswith(find_body(connection, unit_code).reach))
        key = "judging", rules.cycle_id, scopes, unit_code
        units, counts = until_next_event(services.db, connection, key, lambda: _counts(connection, mine))
        paging = Paging(page, UNITS, units)
        here = sa.select(subject.c.unit_id).join(unit, unit.c.id == subject.c.unit_id).where(*mine)
        by_place = here.group_by(subject.c.unit_id, unit.c.path).order_by(unit.c.path)
        ids = connection.execute(by_place.limit(UNITS).offset(paging.offset)).scalars().all()
        groups = SubjectRows(connection, rules).groups([*mine, subject.c.unit_id.in_(ids)])
        branches = sa.select(subject.c.scope_id).where(subject.c.cycle_id == rules.cycle_id, subject.c.unit_id.in_(ids))
        pools = partial(standings_in, connection, rules, subject.c.scope_id.in_(branches))
        quotas = until_next_event(services.db, connection, ("quotas", rules.cycle_id, *ids), pools)
        return JudgingPage(code, rules.is_open, rules.regulation.number, groups, quotas, counts, paging)


def subject_page(services: Services, subject_id: int, now: datetime) -> SubjectPage:
    """Raises ``NotFound``. Whether ``path`` lies in the viewer's scopes is asked by the page."""
    with services.db.read() as connection:
        who = find_subject(connection, subject_id)
        rules = rulebook(services, connection, who.cycle_id)
        [group] = SubjectRows(connection, rules).groups([subject.c.id == subject_id])
        [row] = group.rows
        decider = _decider(connection, rules, who)
        decided_at = decider_path(connection, subject_id)
        checklist = checklist_of_rules(rules)
        known = _as_if(services, connection, rules, who, row, decider, now)
        quota = known.allowance.words(len(known.pool.picked)) if known and known.allowance and known.pool else None
        return SubjectPage(
            row, rules.code, rules.is_open, who.unit_code, who.unit_name, who.path, who.person_code, who.ratee,
            decider.name if decider else None, decided_at or (decider.reach if decider else who.path),
            unready(known) if known else row.missing, _history(connection, subject_id),
            _opinions(connection, who), ballots.of_subject(connection, rules, subject_id),
            quarters_in(connection, rules, who), checklist.title if checklist else None,
            papers_missing(connection, rules, [who])[who.id] if checklist else None, quota, _complaints(connection, subject_id),
        )  # fmt: skip


def _counts(connection: sa.Connection, where: Sequence[sa.ColumnElement[bool]]) -> tuple[int, dict[str, int]]:
    """How many units; how many subjects and exempt ones, and how many of the others have a current level at each step."""
    mine = sa.select(sa.func.count(), sa.func.count(subject.c.exempt), sa.func.count(subject.c.unit_id.distinct()))
    total, exempt, units = connection.execute(mine.join(unit, unit.c.id == subject.c.unit_id).where(*where)).one()
    each = (sa.func.count(sa.case((rating.c.step == step, 1))) for step in STEPS)  # grouping would sort fifty thousand rows
    steps = (
        sa.select(*each)
        .join(subject, subject.c.id == rating.c.subject_id)
        .join(unit, unit.c.id == subject.c.unit_id)
        .where(rating.c.current, subject.c.exempt.is_(None), *where)
    )
    found = dict(zip(STEPS, connection.execute(steps).one(), strict=True))
    return units, {"total": total, "exempt": exempt, **found}


def _decider(connection: sa.Connection, rules: Rulebook, who: Row) -> Body | None:
    """The unit that decides; None in doubt."""
    if rules.matrix is None or who.ratee is None:
        return None
    return deciding_body(connection, who.path, Ratee(who.ratee), rules.matrix)


def _as_if(
    services: Services,
    connection: sa.Connection,
    rules: Rulebook,
    who: Row,
    row: SubjectRow,
    decider: Body | None,
    now: datetime,
) -> Known | None:
    """The subject as if it were decided now at the level known best; None where that is no question."""
    level = row.levels["appraised"] or row.levels["proposed"] or row.levels["self"]
    if not rules.is_open or row.exempt or row.levels["decided"] or level is None or decider is None:
        return None
    [known] = gather_lines(services, connection, [Line(who.id, Judgement(level))], decider, local_day(now))
    return known


def _history(connection: sa.Connection, subject_id: int) -> tuple[RatingLine, ...]:
    """Every rating of the subject, newest first."""
    query = sa.select(rating, unit.c.name.label("body")).join(unit, unit.c.id == rating.c.unit_id)
    rows = connection.execute(query.where(rating.c.subject_id == subject_id).order_by(rating.c.id.desc()))
    return tuple(
        RatingLine(
            row.id, row.step, RatingLevel(row.level), None if row.score is None else Decimal(row.score) / 100, row.reason,
            row.body, row.at, row.entered_by, row.confirmed_by, row.number, row.decided_on, row.current, row.reopened_at,
            row.reopened_reason, row.approved_by, {key: value for key, value in row.why.items() if key != "salt"},
        )
        for row in rows
    )  # fmt: skip


def _opinions(connection: sa.Connection, who: Row) -> tuple[OpinionLine, ...]:
    of = opinion.c
    rows = connection.execute(
        sa.select(of.id, of.kind, sa.func.coalesce(sa.func.nullif(of.source, ""), unit.c.name), of.number, of.received_on)
        .join(unit, unit.c.id == of.heard_id)
        .where(of.cycle_id == who.cycle_id, of.unit_id == who.unit_id, of.person_id.is_not_distinct_from(who.person_id))
        .order_by(of.id)
    )
    return tuple(OpinionLine(*row) for row in rows)


def _complaints(connection: sa.Connection, subject_id: int) -> tuple[ComplaintLine, ...]:
    names = ("id", "complainant", "received_on", "reason", "state", "answer", "number", "answered_by")
    query = sa.select(*(complaint.c[name] for name in names)).join(rating, rating.c.id == complaint.c.rating_id)
    rows = connection.execute(query.where(rating.c.subject_id == subject_id).order_by(complaint.c.id))
    return tuple(ComplaintLine(*row) for row in rows)
