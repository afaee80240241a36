"""Quotas (tỷ lệ) as they stand now: who is compared with whom, how many are good, how many are picked, what is left.

The base counts everybody of the pool at the level that is known best: the decided one, a reopened one until it is decided
anew, else the appraised one. A place is taken by a decided “excellent” and stays taken while that is reopened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from hanchot.domain.quota import Allowance, Counted, Quota, places
from hanchot.domain.rating_level import RatingLevel, Subject
from hanchot.service.book import cycle_id_of
from hanchot.service.judging.rulebook import Rulebook, rulebook
from hanchot.service.services import Services
from hanchot.store.db import Row
from hanchot.store.judging_tables import rating, subject
from hanchot.store.tables import unit

_PERSONS = (Subject.LEADER, Subject.MEMBER)


@dataclass(frozen=True)
class Standing:
    """One pool now. ``words``: ``còn 2 suất trong 4: 20 % của 24 hoàn thành tốt, 13-HD/TU PL.3``."""

    unit: str
    comparison: str
    allowance: Allowance
    picked: int

    @property
    def words(self) -> str:
        notice = f" {self.allowance.notice}" if self.allowance.notice else ""
        return self.allowance.words(self.picked) + notice

    def to_json(self) -> dict[str, object]:
        return {
            "unit": self.unit, "comparison": self.comparison, "places": self.allowance.places, "picked": self.picked,
            "left": self.allowance.left(self.picked), "open": self.allowance.open, "words": self.words,
        }  # fmt: skip


@dataclass(frozen=True)
class Pool:
    """Everybody who shares the places: the best known level by subject (None: nothing known yet), and who is picked."""

    levels: Mapping[int, RatingLevel | None]
    picked: frozenset[int]

    def with_level(self, subject_id: int, level: RatingLevel, *, decided: bool) -> Pool:
        """The pool as it would be after this step."""
        picked = self.picked
        if decided:
            picked = picked | {subject_id} if level is RatingLevel.EXCELLENT else picked - {subject_id}
        return Pool({**self.levels, subject_id: level}, picked)

    def allowance(self, quota: Quota, rules: Rulebook) -> Allowance:
        good = sum(level is not None and level.rank <= RatingLevel.GOOD.rank for level in self.levels.values())
        return places(Counted(good, len(self.levels)), quota, settled=rules.base, higher=rules.higher)


def pool_of(connection: sa.Connection, rules: Rulebook, of: Row) -> Pool | None:
    """The pool in which the subject ``of`` is compared; None where the basis has no quota for such subjects."""
    quota = rules.regulation.quota
    if quota is None or Subject(of.kind) not in quota.who or of.exempt:
        return None
    same = sa.and_(subject.c.cycle_id == rules.cycle_id, subject.c.scope_id == of.scope_id, subject.c.exempt.is_(None))
    kinds = _PERSONS if of.kind in _PERSONS else (Subject(of.kind),)
    alike = subject.c.comparison == of.comparison if quota.per_group else subject.c.kind.in_(kinds)
    ids = connection.execute(sa.select(subject.c.id).where(same, alike)).scalars().all()
    rows = connection.execute(
        sa.select(rating.c.subject_id, rating.c.step, rating.c.level, rating.c.current)
        .join(subject, subject.c.id == rating.c.subject_id)
        .where(same, alike, sa.or_(rating.c.step == "decided", sa.and_(rating.c.step == "appraised", rating.c.current)))
        .order_by(rating.c.id)
    )
    levels: dict[int, RatingLevel | None] = dict.fromkeys(ids)
    decided: dict[int, RatingLevel] = {}
    for row in rows:
        if row.step == "decided":
            decided[row.subject_id] = RatingLevel(row.level)  # the last one stands
        else:
            levels[row.subject_id] = RatingLevel(row.level)
    return Pool(levels | decided, frozenset(i for i, level in decided.items() if level is RatingLevel.EXCELLENT))


def standings(services: Services, code: str, *, unit_code: str | None = None) -> tuple[Standing, ...]:
    """Every pool of a cycle (of one unit when named), as it stands now; empty where the basis has no quota."""
    with services.db.read() as connection:
        rules = rulebook(services, connection, cycle_id_of(connection, code))
        quota = rules.regulation.quota
        if quota is None:
            return ()
        wanted = sa.select(subject, unit.c.code.label("scope_code")).join(unit, unit.c.id == subject.c.scope_id)
        rows = connection.execute(wanted.where(subject.c.cycle_id == rules.cycle_id).order_by(subject.c.id)).all()
        first: dict[tuple[str, str], Row] = {}
        for row in rows:
            if not row.exempt and unit_code in (None, row.scope_code):
                first.setdefault((row.scope_code, _group(row, quota)), row)
        found = ((key, pool_of(connection, rules, row)) for key, row in first.items())
        return tuple(Standing(*key, pool.allowance(quota, rules), len(pool.picked)) for key, pool in found if pool is not None)


def _group(row: Row, quota: Quota) -> str:
    if quota.per_group:
        return str(row.comparison)
    return "person" if row.kind in _PERSONS else str(row.kind)
