"""Quotas (tỷ lệ) as they stand now: who is compared with whom, how many are good, how many are picked, what is left.

The base counts everybody of the pool at the level that is known best: the decided one, a reopened one until it is decided
anew, else the appraised one. A place is taken by a decided “excellent” and stays taken while that is reopened.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import sqlalchemy as sa

from hanchot.domain.quota import Allowance, Counted, Quota, places
from hanchot.domain.rating_level import RatingLevel, Subject
from hanchot.service.book import cycle_id_of
from hanchot.service.judging.rulebook import Rulebook, rulebook
from hanchot.service.services import Services
from hanchot.store.db import Row
from hanchot.store.judging_tables import rating, subject
from hanchot.store.tables import unit

PoolKey: TypeAlias = tuple[int, str]  # the branch (a unit) and the group within it
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

    def with_level(self, subject_id: int, level: RatingLevel) -> Pool:
        """The pool as it would be after a step that decides nothing."""
        return Pool({**self.levels, subject_id: level}, self.picked)

    def after(self, decided: Mapping[int, RatingLevel]) -> Pool:
        """The pool as it would be after a whole paper of decisions; who is not in the pool changes nothing."""
        mine = {who: level for who, level in decided.items() if who in self.levels}
        excellent = {who for who, level in mine.items() if level is RatingLevel.EXCELLENT}
        return Pool({**self.levels, **mine}, (self.picked - mine.keys()) | excellent)

    def allowance(self, quota: Quota, rules: Rulebook) -> Allowance:
        good = sum(level is not None and level.rank <= RatingLevel.GOOD.rank for level in self.levels.values())
        return places(Counted(good, len(self.levels)), quota, settled=rules.base, higher=rules.higher)


def pool_of(connection: sa.Connection, rules: Rulebook, of: Row) -> Pool | None:
    """The pool in which the subject ``of`` is compared; None where the basis has no quota for such subjects."""
    quota = rules.regulation.quota
    return pools_of(connection, rules, [of]).get(pool_key(of, quota)) if quota else None


def pools_of(connection: sa.Connection, rules: Rulebook, of: Iterable[Row]) -> dict[PoolKey, Pool]:
    """The pools of many subjects, each once, in two statements; none where the basis has no quota for such subjects."""
    quota = rules.regulation.quota
    mine = [row for row in of if quota and Subject(row.kind) in quota.who and not row.exempt]
    if quota is None or not mine:
        return {}
    kinds = {kind for row in mine for kind in (_PERSONS if row.kind in _PERSONS else (row.kind,))}
    alike = subject.c.comparison.in_({row.comparison for row in mine}) if quota.per_group else subject.c.kind.in_(kinds)
    found = _pools(connection, rules, quota, subject.c.scope_id.in_({row.scope_id for row in mine}), alike)
    wanted = {pool_key(row, quota) for row in mine}  # of many branches more groups were read than were asked for
    return {key: found[key][1] if key in found else Pool({}, frozenset()) for key in wanted}


def _pools(
    connection: sa.Connection, rules: Rulebook, quota: Quota, *where: sa.ColumnElement[bool]
) -> dict[PoolKey, tuple[Row, Pool]]:
    """Pools by branch and group, each with the first of its subjects: two statements, however many there are."""
    same = sa.and_(subject.c.cycle_id == rules.cycle_id, subject.c.exempt.is_(None), *where)
    wanted = sa.select(subject.c.id, subject.c.kind, subject.c.comparison, subject.c.scope_id, unit.c.code)
    of_branch = unit.c.id == subject.c.scope_id
    members: dict[PoolKey, list[Row]] = {}
    for row in connection.execute(wanted.join(unit, of_branch).where(same).order_by(subject.c.id)):
        members.setdefault(pool_key(row, quota), []).append(row)
    counts = sa.or_(rating.c.step == "decided", sa.and_(rating.c.step == "appraised", rating.c.current))
    rated = sa.select(rating.c.subject_id, rating.c.step, rating.c.level).join(subject, subject.c.id == rating.c.subject_id)
    levels: dict[str, dict[int, RatingLevel]] = {"appraised": {}, "decided": {}}
    for who, step, level in connection.execute(rated.join(unit, of_branch).where(same, counts).order_by(rating.c.id)):
        levels[step][who] = RatingLevel(level)  # the last one stands
    return {key: (rows[0], _pool([row.id for row in rows], levels)) for key, rows in members.items()}


def _pool(ids: list[int], levels: Mapping[str, Mapping[int, RatingLevel]]) -> Pool:
    decided = levels["decided"]
    picked = frozenset(one for one in ids if decided.get(one) is RatingLevel.EXCELLENT)
    return Pool({one: decided.get(one) or levels["appraised"].get(one) for one in ids}, picked)


def standings(services: Services, code: str, *, unit_code: str | None = None) -> tuple[Standing, ...]:
    """Every pool of a cycle (of one unit when named), as it stands now; empty where the basis has no quota."""
    with services.db.read() as connection:
        rules = rulebook(services, connection, cycle_id_of(connection, code))
        return standings_in(connection, rules, *([unit.c.code == unit_code] if unit_code is not None else []))


def standings_in(connection: sa.Connection, rules: Rulebook, *where: sa.ColumnElement[bool]) -> tuple[Standing, ...]:
    """The pools of the branches (``unit``) that ``where`` chooses, within the caller's transaction."""
    quota = rules.regulation.quota
    if quota is None:
        return ()
    found = _pools(connection, rules, quota, *where)
    return tuple(
        Standing(first.code, group, pool.allowance(quota, rules), len(pool.picked))
        for (_, group), (first, pool) in found.items()
        if Subject(first.kind) in quota.who
    )


def pool_key(row: Row, quota: Quota) -> PoolKey:
    """Which pool a subject is in: its branch and its group."""
    return row.scope_id, group_of(row, quota)


def group_of(row: Row, quota: Quota) -> str:
    """The name of the group within its branch in which a subject shares the places."""
    if quota.per_group:
        return str(row.comparison)
    return "person" if row.kind in _PERSONS else str(row.kind)
