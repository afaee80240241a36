"""Letters that a change itself causes (returned, extended …): written in its transaction, enveloped by the next sweep."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from hanchot.domain.unit import PostRole
from hanchot.domain.work_item import State
from hanchot.service.directory import RESPONSIBLE
from hanchot.store.tables import letter, post, work_item

_COLUMNS = ["cycle_id", "item_id", "rung", "tone", "revision", "post_id", "planned_at", "state", "note"]


def tell(connection: sa.Connection, item_id: int, tone: str, rung: str, now: datetime, *, note: str | None = None) -> None:
    """Plan one letter to the post that holds an item. ``rung`` must be new for this item, e.g. ``returned-<event>``."""
    connection.execute(_OF_ITEM, {"item": item_id, "t": tone, "r": rung, "now": now, "n": note})


def tell_open(connection: sa.Connection, milestone_id: int, tone: str, now: datetime, *, unit_id: int | None = None) -> None:
    """Plan one letter for every open item of a milestone (or for one unit's) whose holder was not told in this ``tone``
    before.
    """
    said = {"milestone": milestone_id, "t": tone, "r": tone, "now": now, "n": None}
    if unit_id is None:
        connection.execute(_OF_MILESTONE, said)
    else:
        connection.execute(_OF_UNIT, {**said, "unit": unit_id})


def tell_moved(connection: sa.Connection, which: sa.ColumnElement[bool], rung: str, now: datetime, *, note: str | None) -> None:
    """Plan one letter for every item in ``which``, whose deadline is about to move: it speaks of the next revision."""
    connection.execute(_plan(which, ahead=1), {"t": "extended", "r": rung, "now": now, "n": note})


def _plan(*which: sa.ColumnElement[bool], ahead: int = 0) -> sa.Insert:
    # ‘secretary’ sorts after ‘head’: a unit that has both is answered for by its secretary
    holder = (
        sa.select(post.c.id)
        .where(post.c.unit_id == work_item.c.unit_id, post.c.role.in_(RESPONSIBLE))
        .order_by(sa.case((post.c.role == PostRole.SECRETARY, 0), else_=1))
        .limit(1)
        .scalar_subquery()
    )
    source = sa.select(
        work_item.c.cycle_id, work_item.c.id, sa.bindparam("r", type_=sa.Text), sa.bindparam("t", type_=sa.Text),
        work_item.c.revision + ahead, holder, sa.bindparam("now", type_=letter.c.planned_at.type), sa.literal("planned"),
        sa.bindparam("n", type_=sa.Text),
    ).where(*which, holder.is_not(None))  # fmt: skip
    return sa.insert(letter).from_select(_COLUMNS, source, include_defaults=False)


_told = sa.exists().where(letter.c.item_id == work_item.c.id, letter.c.rung == sa.bindparam("r", type_=sa.Text))
_to_tell = sa.and_(work_item.c.milestone_id == sa.bindparam("milestone"), work_item.c.state == State.OPEN, sa.not_(_told))
_OF_ITEM = _plan(work_item.c.id == sa.bindparam("item"))
_OF_MILESTONE = _plan(_to_tell)
_OF_UNIT = _plan(_to_tell, work_item.c.unit_id == sa.bindparam("unit"))
