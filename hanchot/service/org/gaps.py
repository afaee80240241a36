"""What has changed in the tree since the last cycle, and what is missing: a new cycle opens over units, posts and people
as they are now."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from hanchot.domain.unit import PostRole
from hanchot.service.directory import RESPONSIBLE
from hanchot.service.org.lookup import on_day
from hanchot.store.tables import person, post, tenure, unit


@dataclass(frozen=True, slots=True)
class Ended:
    """A unit that was merged or dissolved: the last local day on which it existed."""

    code: str
    name: str
    last_day: date


@dataclass(frozen=True, slots=True)
class Vacant:
    """A responsible post that nobody holds today."""

    code: str
    name: str
    post: str


@dataclass(frozen=True, slots=True)
class WithoutMail:
    """Somebody who answers for a unit and has no address: letters for this unit go to the post above."""

    code: str
    name: str
    person: str


@dataclass(frozen=True, slots=True)
class Gaps:
    """What a person should mend in the organisation before a cycle is opened. Units in order of the tree."""

    ended: tuple[Ended, ...] = ()
    vacant: tuple[Vacant, ...] = ()
    without_mail: tuple[WithoutMail, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.ended or self.vacant or self.without_mail)

    def to_json(self) -> dict[str, Any]:
        ended = [{**asdict(one), "last_day": one.last_day.isoformat()} for one in self.ended]
        return {
            "ended_units": ended, "vacant_posts": [asdict(one) for one in self.vacant],
            "without_mail": [asdict(one) for one in self.without_mail],
        }  # fmt: skip


def gaps(connection: sa.Connection, root_id: int, since: date, day: date) -> Gaps:
    """The gaps of a tree on a local day; units that ended from ``since`` on are named."""
    branch = connection.execute(sa.select(unit.c.path).where(unit.c.id == root_id)).scalar_one()
    mine = unit.c.path.startswith(branch)
    return Gaps(_ended(connection, mine, since, day), _vacant(connection, mine, day), _without_mail(connection, mine, day))


def _ended(connection: sa.Connection, mine: sa.ColumnElement[bool], since: date, day: date) -> tuple[Ended, ...]:
    query = sa.select(unit.c.code, unit.c.name, unit.c.valid_to).where(mine, unit.c.valid_to >= since, unit.c.valid_to < day)
    return tuple(Ended(*row) for row in connection.execute(query.order_by(unit.c.valid_to, unit.c.path)))


def _vacant(connection: sa.Connection, mine: sa.ColumnElement[bool], day: date) -> tuple[Vacant, ...]:
    held = sa.exists().where(tenure.c.post_id == post.c.id, on_day(tenure, day))
    empty = (
        sa.select(unit.c.code, unit.c.name, post.c.title, post.c.role)
        .join(post, post.c.unit_id == unit.c.id)
        .where(mine, _exists_on(day), post.c.role.in_(RESPONSIBLE), ~held)
        .order_by(unit.c.path, post.c.id)
    )
    return tuple(Vacant(code, name, title or PostRole(role).vi) for code, name, title, role in connection.execute(empty))


def _without_mail(connection: sa.Connection, mine: sa.ColumnElement[bool], day: date) -> tuple[WithoutMail, ...]:
    nobody = sa.or_(person.c.email.is_(None), sa.func.trim(person.c.email) == "")
    query = (
        sa.select(unit.c.code, unit.c.name, person.c.name)
        .join(post, post.c.unit_id == unit.c.id)
        .join(tenure, tenure.c.post_id == post.c.id)
        .join(person, person.c.id == tenure.c.person_id)
        .where(mine, _exists_on(day), post.c.role.in_(RESPONSIBLE), on_day(tenure, day), nobody)
        .order_by(unit.c.path, person.c.id)
    )
    return tuple(WithoutMail(*row) for row in connection.execute(query))


def _exists_on(day: date) -> sa.ColumnElement[bool]:
    begun = sa.or_(unit.c.valid_from.is_(None), unit.c.valid_from <= day)
    return sa.and_(begun, sa.or_(unit.c.valid_to.is_(None), unit.c.valid_to >= day))
