"""A unit through its cycles: how each went, and who answered for it before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import sqlalchemy as sa

from hanchot.domain.unit import PostRole
from hanchot.domain.work_item import UNFINISHED
from hanchot.service.views.common import ItemRow
from hanchot.store.tables import person, post, tenure


@dataclass(frozen=True, slots=True)
class CycleTally:
    """A unit's duties in one cycle, counted: in time, late, not applicable, still open, and of these overdue."""

    code: str
    total: int
    in_time: int
    late: int
    excused: int
    unfinished: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Past:
    """Somebody who held a post of the unit and does not any more; local days, None: without bound."""

    title: str
    name: str
    starts: date | None
    ends: date | None


def tallies(items: Iterable[ItemRow]) -> tuple[CycleTally, ...]:
    """One line for each cycle, in the order in which the items come (newest cycle first). Pure."""
    return tuple(_tally(code, tuple(mine)) for code, mine in groupby(items, key=lambda one: one.cycle_code))


def _tally(code: str, mine: tuple[ItemRow, ...]) -> CycleTally:
    codes = Counter(one.standing.code for one in mine)
    unfinished = sum(one.state in UNFINISHED for one in mine)
    overdue = sum(one.standing.is_late for one in mine)
    return CycleTally(code, len(mine), codes["done"], codes["done_late"], codes["excused"], unfinished, overdue)


def past_holders(connection: sa.Connection, unit_id: int, day: date, most: int = 20) -> tuple[Past, ...]:
    """Who held the unit's posts before ``day``, the latest first."""
    rows = connection.execute(
        sa.select(post.c.title, post.c.role, person.c.name, tenure.c.starts, tenure.c.ends)
        .join(post, post.c.id == tenure.c.post_id)
        .join(person, person.c.id == tenure.c.person_id)
        .where(post.c.unit_id == unit_id, tenure.c.ends < day)
        .order_by(tenure.c.ends.desc())
        .limit(most)
    )
    return tuple(Past(title or PostRole(role).vi.capitalize(), name, starts, ends) for title, role, name, starts, ends in rows)
