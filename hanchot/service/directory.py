"""Who is told: the posts of a tree and who holds them on a day. Letters go to posts; the holder is looked up, or who stands
in for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from hanchot.domain.ladder import Audience
from hanchot.domain.unit import PostRole, UnitKind
from hanchot.service.install import fact
from hanchot.service.stand_ins import standing_in
from hanchot.store.db import Database, pairs
from hanchot.store.desk_tables import stand_in
from hanchot.store.tables import post, tenure, unit

RESPONSIBLE = (PostRole.SECRETARY, PostRole.HEAD)


@dataclass(frozen=True, slots=True)
class Addressee:
    """A post and the person who holds it now or stands in for its holder, if anybody does."""

    post_id: int
    person_id: int | None

    @property
    def who(self) -> int:
        """The same for all posts that one person holds; a vacant post is nobody but itself."""
        return -self.post_id if self.person_id is None else self.person_id


@dataclass
class Directory:
    """Posts by unit and role in one tree on one local day."""

    root_id: int
    parents: dict[int, int | None] = field(default_factory=dict)
    responsible: dict[int, Addressee] = field(default_factory=dict)
    in_charge: dict[int, Addressee] = field(default_factory=dict)
    department: tuple[Addressee, ...] = ()

    def told(self, unit_id: int, audience: Audience) -> tuple[Addressee, ...]:
        """The addressees of an audience for a unit; a unit without the post is answered for from above."""
        if audience == "department":
            return self.department or self._first(self.responsible, self.root_id)
        if audience == "in_charge":
            return self._first(self.in_charge, unit_id) or self._first(self.responsible, self.root_id)
        if audience == "above":
            parent = self.parents.get(unit_id) if unit_id != self.root_id else None
            return self._first(self.responsible, parent) if parent else self.department
        return self._first(self.responsible, unit_id)

    def _first(self, posts: dict[int, Addressee], unit_id: int | None) -> tuple[Addressee, ...]:
        for above in self._upwards(unit_id):
            if found := posts.get(above):
                return (found,)
        return ()

    def _upwards(self, unit_id: int | None) -> Iterator[int]:
        while unit_id is not None:
            yield unit_id
            unit_id = self.parents.get(unit_id) if unit_id != self.root_id else None


def directory(db: Database, connection: sa.Connection, root_id: int, day: date) -> Directory:
    """The directory of a tree on a day. Remembered until the organisation changes (``org_version`` in ``meta``) or a
    tenure begins or ends.
    """
    key, version = ("directory", root_id), fact(connection, "org_version")
    known: _Known | None = db.remembered.get(key)
    if known is None or known.version != version or not known.first <= day < known.until:
        known = _Known(version, day, _next_change(connection, day), _read(connection, root_id, day))
        db.remembered[key] = known
    return known.directory


class _Known(NamedTuple):
    """A directory and the local days on which it is true: from ``first`` to the day before ``until``."""

    version: str | None
    first: date
    until: date
    directory: Directory


def _next_change(connection: sa.Connection, day: date) -> date:
    """The first local day after ``day`` on which some tenure or stand-in begins or is over."""
    return min(_next_of(connection, tenure, day), _next_of(connection, stand_in, day))


def _next_of(connection: sa.Connection, periods: sa.Table, day: date) -> date:
    begins = connection.execute(sa.select(sa.func.min(periods.c.starts)).where(periods.c.starts > day)).scalar()
    ends = connection.execute(sa.select(sa.func.min(periods.c.ends)).where(periods.c.ends >= day)).scalar()
    return min(begins or date.max, ends + timedelta(days=1) if ends else date.max)


def _read(connection: sa.Connection, root_id: int, day: date) -> Directory:
    made = Directory(root_id)
    branch = connection.execute(sa.select(unit.c.path).where(unit.c.id == root_id)).scalar_one()
    mine = unit.c.path.startswith(branch)
    made.parents = pairs(connection.execute(sa.select(unit.c.id, unit.c.parent_id).where(mine)))
    held = sa.and_(
        tenure.c.post_id == post.c.id,
        sa.or_(tenure.c.starts.is_(None), tenure.c.starts <= day),
        sa.or_(tenure.c.ends.is_(None), tenure.c.ends >= day),
    )
    instead = standing_in(connection, day)
    rows = connection.execute(
        sa.select(post.c.id, post.c.unit_id, post.c.role, sa.func.max(tenure.c.person_id), unit.c.kind, unit.c.parent_id)
        .join(unit, unit.c.id == post.c.unit_id)
        .outerjoin(tenure, held)
        .where(mine, post.c.role.in_([*RESPONSIBLE, PostRole.MEMBER_IN_CHARGE]))
        .group_by(post.c.id, post.c.unit_id, post.c.role, unit.c.kind, unit.c.parent_id)
        .order_by(post.c.role.desc(), post.c.id)  # secretary before member_in_charge before head
    )
    for post_id, unit_id, role, person_id, kind, parent_id in rows:
        one = Addressee(post_id, instead.get(post_id, person_id))
        if role == PostRole.MEMBER_IN_CHARGE:
            made.in_charge.setdefault(unit_id, one)
            continue
        made.responsible.setdefault(unit_id, one)
        if kind == UnitKind.ORGANISATION_DEPARTMENT and parent_id == root_id and not made.department:
            made.department = (one,)
    return made
