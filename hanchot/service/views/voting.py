"""Pages of voting: the ballots that were typed, whom a vote may be about, one ballot. Confidential: tallies only.

Whoever has not typed a ballot yet sees none of its numbers until two people have typed the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from hanchot.domain.ballot import Outcome, Tally, VoteKind, VoteRules, faults, outcome
from hanchot.domain.cited import Refusal
from hanchot.domain.errors import NotFound
from hanchot.domain.rating_level import RatingLevel, Subject
from hanchot.domain.regulation import silent
from hanchot.service.access import within
from hanchot.service.book import cycle_id_of
from hanchot.service.judging.ballots import Minutes, disagreement, typed_by
from hanchot.service.judging.bodies import find_body
from hanchot.service.judging.rulebook import Rulebook, rulebook
from hanchot.service.judging.subjects import SUBJECT
from hanchot.service.judging.votes import ConfirmedVotes, counted
from hanchot.service.services import Services
from hanchot.store.db import Row
from hanchot.store.judging_tables import ballot, ballot_count, rating, subject
from hanchot.store.tables import cycle, unit

MOST = 100  # subjects of one form


@dataclass(frozen=True, slots=True)
class BallotRow:
    """A ballot as a row of a list: no numbers."""

    id: int
    cycle: str
    kind: str
    round: int
    unit_code: str
    unit_name: str
    path: str
    minutes: str
    held_on: date
    state: str
    entered_by: str
    confirmed_by: str | None
    subjects: int


@dataclass(frozen=True)
class BallotsPage:
    """``rows`` newest first, at most 200; ``silent``: why the basis of this cycle knows no votes."""

    code: str
    is_open: bool
    votes: VoteRules | None
    silent: tuple[Refusal, ...]
    rows: tuple[BallotRow, ...]


@dataclass(frozen=True, slots=True)
class Voted:
    """Somebody on a ballot. ``tally`` and ``outcome`` only once two people have typed the same."""

    id: int
    name: str
    unit_name: str
    tally: Tally | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True)
class VotingForm:
    """The form of a vote that nobody has typed yet. ``more``: how many subjects do not fit; ``levels`` of this round."""

    code: str
    is_open: bool
    unit_code: str
    unit_name: str
    path: str
    votes: VoteRules | None
    silent: tuple[Refusal, ...]
    kind: VoteKind | None
    round: int
    levels: tuple[RatingLevel, ...]
    subjects: tuple[Voted, ...]
    more: int


@dataclass(frozen=True)
class BallotPage:
    """One ballot. ``mine``: what the viewer has typed last; ``differs``: only for those who have typed it. ``kind`` None: the
    basis that the cycle goes by now does not know such a vote; there is nothing to enter and no outcome then.
    """

    row: BallotRow
    is_open: bool
    votes: VoteRules | None
    kind: VoteKind | None
    levels: tuple[RatingLevel, ...]
    counts: Mapping[str, int]
    subjects: tuple[Voted, ...]
    mine: Minutes | None
    differs: tuple[str, ...]


def ballots_page(services: Services, code: str, scopes: tuple[str, ...], own: tuple[str, ...]) -> BallotsPage:
    """The ballots of a cycle under ``scopes``, and those of the units at ``own`` (whole paths). Raises ``NotFound``."""
    with services.db.read() as connection:
        rules = rulebook(services, connection, cycle_id_of(connection, code))
        mine = sa.or_(within(unit.c.path, scopes), unit.c.path.in_(own))
        rows = connection.execute(
            _BALLOT.where(ballot.c.cycle_id == rules.cycle_id, mine).order_by(ballot.c.id.desc()).limit(200)
        )
        votes = rules.regulation.votes
        titles = {kind.key: kind.title for kind in votes.kinds} if votes else {}
        found = tuple(_row(row, titles.get(row.kind, row.kind)) for row in rows)
        return BallotsPage(code, rules.is_open, votes, silent(rules.regulation, "votes"), found)


def voting_form(services: Services, code: str, unit_code: str, kind_key: str, number: int, of: str = "") -> VotingForm:
    """Whom a vote of ``unit_code`` may be about. ``kind_key`` empty or strange: nothing is chosen yet; ``of``: one branch."""
    with services.db.read() as connection:
        rules = rulebook(services, connection, cycle_id_of(connection, code))
        body, votes = find_body(connection, unit_code), rules.regulation.votes
        path = connection.execute(sa.select(unit.c.path).where(unit.c.id == body.id)).scalar_one()
        kind = next((one for one in votes.kinds if one.key == kind_key), None) if votes else None
        number = number if votes and kind and kind.two_rounds and 1 <= number <= len(votes.rounds) else 1
        subjects: list[Voted] = []
        total = 0
        if kind and votes:
            reach = path if kind.effect == "self" else body.reach
            reach = find_body(connection, of).reach if of else reach
            mine = [*_votable(rules, kind, body.reach), unit.c.path.startswith(reach)]
            if number > 1:
                mine.append(subject.c.id.in_(ConfirmedVotes(connection, rules, body.id).picked(kind, number - 1)))
            number_of = sa.select(sa.func.count()).select_from(subject.join(unit, unit.c.id == subject.c.unit_id)).where(*mine)
            total = connection.execute(number_of).scalar_one()
            rows = connection.execute(SUBJECT.where(*mine).order_by(unit.c.path, subject.c.id).limit(MOST))
            subjects = [Voted(row.id, row.label, row.unit_name) for row in rows]
        levels = levels_of(votes, kind, number) if votes and kind else ()
        return VotingForm(
            code, rules.is_open, unit_code, body.name, path, votes, silent(rules.regulation, "votes"), kind, number, levels,
            tuple(subjects), total - len(subjects),
        )  # fmt: skip


def ballot_page(services: Services, ballot_id: int, viewer: str) -> BallotPage:
    """One ballot as ``viewer`` (a name) may see it. Raises ``NotFound``."""
    with services.db.read() as connection:
        row = connection.execute(_BALLOT.where(ballot.c.id == ballot_id)).first()
        if row is None:
            raise NotFound(f"Không có phiếu số {ballot_id}.", way_out="Xem danh sách phiếu của đợt.")
        rules = rulebook(services, connection, row.cycle_id)
        votes = rules.regulation.votes
        kind = next((one for one in votes.kinds if one.key == row.kind), None) if votes else None
        done = row.state == "confirmed"
        mine = typed_by(connection, ballot_id, viewer)
        differs = disagreement(connection, ballot_id) if mine else ()
        return BallotPage(
            _row(row, kind.title if kind else row.kind), rules.is_open and kind is not None, votes, kind,
            levels_of(votes, kind, row.round) if votes and kind else tuple(RatingLevel),
            {name: getattr(row, name) for name in COUNTS} if done else {},
            _voted(connection, row, votes, shown=done), mine, differs,
        )  # fmt: skip


def levels_of(votes: VoteRules, kind: VoteKind, number: int) -> tuple[RatingLevel, ...]:
    """The levels that can have votes in this round: all where the vote is in one, else the picked one and, in the first
    round, those below it.
    """
    if not kind.two_rounds or not votes.rounds:
        return tuple(RatingLevel)
    this = votes.rounds[number - 1]
    bottom = this.among.rank if this.among else len(RatingLevel) - 1
    return tuple(level for level in RatingLevel if this.level.rank <= level.rank <= bottom)


def faults_by_subject(minutes: Minutes, votes: VoteRules, kind: VoteKind) -> dict[int, tuple[Refusal, ...]]:
    """Pure: which rows of typed minutes cannot be, by subject."""
    number = minutes.round if kind.two_rounds else None
    found = {who: faults(minutes.tally(who), votes, number) for who in minutes.votes}
    return {who: wrong for who, wrong in found.items() if wrong}


COUNTS = ("convened", "present", "issued", "collected", "valid", "invalid")
_NAMED = sa.select(sa.func.count(sa.distinct(ballot_count.c.subject_id))).where(ballot_count.c.ballot_id == ballot.c.id)
_BALLOT = (
    sa.select(
        ballot, cycle.c.code.label("cycle_code"), unit.c.code.label("unit_code"), unit.c.name.label("unit_name"), unit.c.path,
        _NAMED.scalar_subquery().label("subjects"),
    )
    .join(unit, unit.c.id == ballot.c.unit_id)
    .join(cycle, cycle.c.id == ballot.c.cycle_id)
)  # fmt: skip


def _row(row: Row, title: str) -> BallotRow:
    return BallotRow(
        row.id, row.cycle_code, title, row.round, row.unit_code, row.unit_name, row.path, row.minutes, row.held_on, row.state,
        row.entered_by, row.confirmed_by, row.subjects,
    )  # fmt: skip


def _votable(rules: Rulebook, kind: VoteKind, reach: str) -> list[sa.ColumnElement[bool]]:
    decided = sa.exists().where(rating.c.subject_id == subject.c.id, rating.c.step == "decided", rating.c.current)
    rates = [Subject(one).value for one in kind.rates]
    return [
        subject.c.cycle_id == rules.cycle_id, subject.c.exempt.is_(None), subject.c.kind.in_(rates), ~decided,
        unit.c.path.startswith(reach),
    ]  # fmt: skip


def _voted(connection: sa.Connection, row: Row, votes: VoteRules | None, *, shown: bool) -> tuple[Voted, ...]:
    per: dict[int, dict[RatingLevel, int]] = {}
    counts = sa.select(ballot_count.c.subject_id, ballot_count.c.level, ballot_count.c.votes)
    for who, level, number in connection.execute(counts.where(ballot_count.c.ballot_id == row.id)):
        per.setdefault(who, {})[RatingLevel(level)] = number
    people = connection.execute(SUBJECT.where(subject.c.id.in_(per)).order_by(unit.c.path, subject.c.id))
    if not shown:
        return tuple(Voted(one.id, one.label, one.unit_name) for one in people)
    tallies = {who: counted(row, levels) for who, levels in per.items()}
    results = {who: outcome(tally, votes) if votes else None for who, tally in tallies.items()}
    return tuple(Voted(one.id, one.label, one.unit_name, tallies[one.id], results[one.id]) for one in people)
