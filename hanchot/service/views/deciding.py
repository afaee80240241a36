"""Pages of deciding: what awaits decision, and one decision paper with what stands against each line now. Pure reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial

import sqlalchemy as sa

from hanchot.domain.cited import Refusal
from hanchot.domain.rating_level import RatingLevel
from hanchot.service.judging import papers
from hanchot.service.judging.bodies import find_body
from hanchot.service.judging.gathering import gather_lines
from hanchot.service.judging.guards import Hands, Known, against
from hanchot.service.judging.quotas import Standing, standings_in
from hanchot.service.judging.rulebook import rulebook
from hanchot.service.services import Services
from hanchot.service.views.common import until_next_event
from hanchot.service.views.judging_rows import Levels, SubjectRows, UnitGroup, levels_of, under
from hanchot.store.db import Row
from hanchot.store.judging_tables import decision, decision_line, rating, subject
from hanchot.store.tables import cycle, unit

WAITING = 200


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A decision paper as a row of a list."""

    id: int
    cycle: str
    unit: str
    number: str
    decided_on: date
    state: str
    drafted_by: str
    drafted_at: datetime
    lines: int


@dataclass(frozen=True)
class Awaiting:
    """``drafts`` wait for a second person; ``subjects`` are appraised and on no paper yet, by cycle, at most 200 of
    ``waiting``; ``quotas`` are of their branches.
    """

    drafts: tuple[PaperRow, ...]
    subjects: Mapping[str, tuple[UnitGroup, ...]]
    quotas: Mapping[str, tuple[Standing, ...]]
    waiting: int


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One line of a paper. ``refusals``: what stands against it now, while it is a draft; ``differs``: from what was
    appraised or proposed.
    """

    subject_id: int
    name: str
    unit: str
    path: str
    levels: Levels
    level: RatingLevel
    score: Decimal | None
    reason: str | None
    differs: bool
    dossier_elsewhere: str | None
    rating_id: int | None
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True)
class DecisionPage:
    """One paper. ``quotas``: each pool in words as it would be after the whole paper, while it is a draft."""

    paper: PaperRow
    body_path: str
    confirmed_by: str | None
    confirmed_at: datetime | None
    withdrawn_by: str | None
    withdrawn_reason: str | None
    lines: tuple[PaperLine, ...]
    quotas: tuple[str, ...]

    @property
    def may_be_confirmed(self) -> bool:
        return self.paper.state == "draft" and not any(line.refusals for line in self.lines)


def awaiting_decision(services: Services, now: datetime, scopes: tuple[str, ...] | None = None) -> Awaiting:
    """What waits for a decision in open cycles under ``scopes``: drafts by their body, subjects by their unit."""
    decided = sa.exists().where(rating.c.subject_id == subject.c.id, rating.c.step == "decided", rating.c.current)
    appraised = sa.exists().where(rating.c.subject_id == subject.c.id, rating.c.step == "appraised", rating.c.current)
    drafted = sa.exists().where(decision_line.c.subject_id == subject.c.id, decision_line.c.pending)
    here = [cycle.c.state == "open", subject.c.exempt.is_(None), appraised, ~decided, ~drafted, under(scopes)]
    base = (
        sa.select(subject.c.id, subject.c.cycle_id, subject.c.scope_id)
        .join(unit, unit.c.id == subject.c.unit_id)
        .join(cycle, cycle.c.id == subject.c.cycle_id)
        .where(*here)
    )
    with services.db.read() as connection:
        counted = base.add_columns(sa.func.count().over().label("waiting"))
        first = counted.order_by(subject.c.cycle_id, unit.c.path, subject.c.id).limit(WAITING)
        rows = until_next_event(services.db, connection, ("awaiting", scopes), lambda: connection.execute(first).all())
        groups: dict[str, tuple[UnitGroup, ...]] = {}
        quotas: dict[str, tuple[Standing, ...]] = {}
        for cycle_id in sorted({row.cycle_id for row in rows}):
            rules = rulebook(services, connection, cycle_id)
            mine = [row for row in rows if row.cycle_id == cycle_id]
            groups[rules.code] = SubjectRows(connection, rules).groups([subject.c.id.in_([row.id for row in mine])])
            branches = sorted({row.scope_id for row in mine})
            pools = partial(standings_in, connection, rules, subject.c.scope_id.in_(branches))
            quotas[rules.code] = until_next_event(services.db, connection, ("pools", cycle_id, *branches), pools)
        return Awaiting(_drafts(connection, scopes), groups, quotas, rows[0].waiting if rows else 0)


def decision_page(services: Services, decision_id: int, now: datetime) -> DecisionPage:
    """One decision paper; of a draft also what stands against each line now. Raises ``NotFound``."""
    with services.db.read() as connection:
        head = papers.find(connection, decision_id)
        rows = papers.rows_of(connection, decision_id)
        rules = rulebook(services, connection, head.cycle_id)
        now_known = partial(_lines_now, services, connection, head)
        draft = head.state == "draft" and rules.is_open
        known = until_next_event(services.db, connection, ("lines", decision_id), now_known) if draft else {}
        hands = Hands(head.number, head.decided_on, head.drafted_by)
        levels = levels_of(connection, [row.subject_id for row in rows])
        lines = tuple(_paper_line(row, levels[row.subject_id], known.get(row.subject_id), hands, now) for row in rows)
        quotas = {one.allowance.words(len(one.pool.picked)): None for one in known.values() if one.allowance and one.pool}
        return DecisionPage(
            _paper_row(head, len(rows)), head.unit_path, head.confirmed_by, head.confirmed_at, head.withdrawn_by,
            head.withdrawn_reason, lines, tuple(quotas),
        )  # fmt: skip


def _drafts(connection: sa.Connection, scopes: tuple[str, ...] | None) -> tuple[PaperRow, ...]:
    lines = sa.select(sa.func.count()).where(decision_line.c.decision_id == decision.c.id).scalar_subquery()
    query = papers.PAPER.add_columns(lines.label("lines")).where(decision.c.state == "draft", cycle.c.state == "open")
    return tuple(_paper_row(row, row.lines) for row in connection.execute(query.where(under(scopes)).order_by(decision.c.id)))


def _paper_row(row: Row, lines: int) -> PaperRow:
    return PaperRow(
        row.id, row.cycle_code, row.unit_name, row.number, row.decided_on, row.state, row.drafted_by, row.drafted_at, lines
    )


def _lines_now(services: Services, connection: sa.Connection, head: Row) -> dict[int, Known]:
    """The lines of a draft as they are judged now; without those that have become exempt."""
    lines = papers.lines_of(connection, head.id)
    exempt = sa.select(subject.c.id).where(subject.c.id.in_([one.subject_id for one in lines]), subject.c.exempt.is_not(None))
    out = set(connection.execute(exempt).scalars())
    body = find_body(connection, head.unit_code)
    known = gather_lines(services, connection, [one for one in lines if one.subject_id not in out], body, head.decided_on)
    return {one.case.who.id: one for one in known}


def _paper_line(row: Row, levels: Levels, known: Known | None, hands: Hands, now: datetime) -> PaperLine:
    before = levels["appraised"] or levels["proposed"]
    said = row.said
    return PaperLine(
        row.subject_id, row.label, row.unit_name, row.path, levels, RatingLevel(row.level),
        None if said["score"] is None else Decimal(said["score"]), said["reason"], before not in (None, row.level),
        said["dossier_elsewhere"], row.rating_id, against(known, hands, now) if known else (),
    )  # fmt: skip
