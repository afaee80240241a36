"""Subjects as rows of the pages of judging: levels at each step, and what stands before the decision.

Levels are confidential; ``scopes`` are prefixes of unit paths (``/``, or None: all), and the filter stands in the query.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from hanchot.domain.access import WHOLE
from hanchot.domain.cited import Refusal
from hanchot.domain.house_rules import RECORD
from hanchot.domain.rating_level import RatingLevel, Subject
from hanchot.domain.review_order import Step, missing_before
from hanchot.domain.verdict import deciding_votes, not_voted
from hanchot.service.access import within
from hanchot.service.hearing import not_heard, opinions_of
from hanchot.service.judging.rulebook import Rulebook
from hanchot.service.judging.sheets import papers_missing
from hanchot.service.judging.subjects import SUBJECT
from hanchot.store.db import Row
from hanchot.store.judging_tables import STEPS, ballot, ballot_count, decision_line, rating, subject
from hanchot.store.tables import unit

Levels = Mapping[str, RatingLevel | None]  # by step: self, proposed, appraised, decided


@dataclass(frozen=True, slots=True)
class SubjectRow:
    """One who is rated. ``missing``: what stands before the decision; ``draft``: the number of the paper it is drafted on."""

    id: int
    name: str
    kind: Subject
    is_person: bool
    levels: Levels
    exempt: str | None
    missing: tuple[Refusal, ...] = ()
    draft: int | None = None

    @property
    def next_step(self) -> str | None:
        """``self``, ``appraised`` or ``decided``; None where nothing is to be done."""
        if self.exempt or self.levels["decided"]:
            return None
        if not self.levels["appraised"]:
            return "appraised" if self.levels["self"] or self.levels["proposed"] else "self"
        return "decided"


@dataclass(frozen=True, slots=True)
class UnitGroup:
    """The subjects of one unit: the organisation, its collectives, then its people."""

    code: str
    name: str
    path: str
    rows: tuple[SubjectRow, ...]


class SubjectRows:
    """Subjects with their levels and what they lack, however many, in a handful of statements."""

    def __init__(self, connection: sa.Connection, rules: Rulebook) -> None:
        self._connection = connection
        self._rules = rules

    def groups(self, where: Sequence[sa.ColumnElement[bool]]) -> tuple[UnitGroup, ...]:
        """The chosen subjects by unit, along the tree."""
        rows = self._connection.execute(SUBJECT.where(*where).order_by(unit.c.path, subject.c.id)).all()
        ids = [row.id for row in rows]
        levels, lacks, drafts = levels_of(self._connection, ids), self._lacks(rows), self._drafts(ids)
        found: dict[str, list[SubjectRow]] = {}
        heads = {row.path: row for row in rows}
        for row in rows:
            missing = () if row.exempt or levels[row.id]["decided"] else lacks[row.id] + self._order(row, levels[row.id])
            found.setdefault(row.path, []).append(
                SubjectRow(
                    row.id,
                    row.label,
                    Subject(row.kind),
                    row.person_id is not None,
                    levels[row.id],
                    row.exempt,
                    missing,
                    drafts.get(row.id),
                )
            )
        return tuple(UnitGroup(heads[path].unit_code, heads[path].unit_name, path, tuple(mine)) for path, mine in found.items())

    def _order(self, row: Row, levels: Levels) -> tuple[Refusal, ...]:
        done = {step for name, step in (("self", Step.SELF_VOTE), ("appraised", Step.APPRAISAL)) if levels[name]}
        applicable = frozenset({Step.SELF_VOTE, Step.APPRAISAL, Step.DECISION})
        return missing_before(Step.DECISION, frozenset(done), self._rules.review.order, applicable)

    def _lacks(self, rows: Sequence[Row]) -> dict[int, tuple[Refusal, ...]]:
        """What is awaited, which papers are missing, whether the deciding body has voted."""
        sheets = papers_missing(self._connection, self._rules, rows)
        voted, unheard = self._voted(rows), self._unheard(rows)
        found = {}
        for row in rows:
            waits = (Refusal("awaited", row.awaits, "Bổ sung rồi lập lại danh sách.", RECORD),) if row.awaits else ()
            kinds = deciding_votes(self._rules.regulation.votes, Subject(row.kind))
            unvoted = () if row.id in voted else not_voted(RatingLevel.GOOD, row.label, kinds, ())
            found[row.id] = (*waits, *unheard.get(row.id, ()), *sheets.get(row.id, ()), *unvoted)
        return found

    def _unheard(self, rows: Sequence[Row]) -> dict[int, tuple[Refusal, ...]]:
        """Opinions that were asked for and have not come."""
        about = opinions_of(self._connection, self._rules.cycle_id, {row.unit_id for row in rows})
        mine = {row.id: [one for one in about[row.unit_id] if one.person == row.person_code] for row in rows}
        return {who: not_heard(of, self._rules.review) for who, of in mine.items() if of}

    def _voted(self, rows: Sequence[Row]) -> frozenset[int]:
        counted = sa.select(ballot_count.c.subject_id).join(ballot, ballot.c.id == ballot_count.c.ballot_id).distinct()
        mine = ballot_count.c.subject_id.in_([row.id for row in rows])
        return frozenset(self._connection.execute(counted.where(mine, ballot.c.state == "confirmed")).scalars())

    def _drafts(self, ids: Collection[int]) -> dict[int, int]:
        held = sa.select(decision_line.c.subject_id, decision_line.c.decision_id).where(decision_line.c.pending)
        rows = self._connection.execute(held.where(decision_line.c.subject_id.in_(ids)))
        return {subject_id: decision_id for subject_id, decision_id in rows}


def under(scopes: tuple[str, ...] | None) -> sa.ColumnElement[bool]:
    return within(unit.c.path, (WHOLE,) if scopes is None else scopes)


def levels_of(connection: sa.Connection, ids: Collection[int]) -> dict[int, dict[str, RatingLevel | None]]:
    """The current level at each step, by subject."""
    found: dict[int, dict[str, RatingLevel | None]] = {one: dict.fromkeys(STEPS) for one in ids}
    current = sa.select(rating.c.subject_id, rating.c.step, rating.c.level).where(rating.c.current)
    for subject_id, step, level in connection.execute(current.where(rating.c.subject_id.in_(ids))):
        found[subject_id][step] = RatingLevel(level)
    return found
