"""Order clauses in SQL: what an item must wait for, and the branch that “below” means."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from hanchot.domain.work_item import UNFINISHED
from hanchot.store.tables import unit, work_item


def unfinished_before(before_id: int, scope: str) -> sa.ColumnElement[bool]:
    """For an outer ``work_item`` row: is there unfinished work of milestone ``before_id`` that it must wait for?"""
    first = work_item.alias("first")
    is_one_of = (first.c.state == state for state in sorted(UNFINISHED))  # an IN would be compiled anew at every call
    unfinished = sa.and_(first.c.milestone_id == before_id, sa.or_(*is_one_of))
    if scope == "own":
        return sa.exists().where(unfinished, first.c.unit_id == work_item.c.unit_id)
    if scope == "below":
        lower = units_below(work_item.c.unit_id)
        return sa.exists().where(unfinished, first.c.unit_id == lower.c.id)
    return sa.exists().where(unfinished)


def units_below(top: sa.ColumnElement[int]) -> sa.CTE:
    """The units strictly below ``top``, found from child to child: a small branch costs little in a large tree."""
    children = sa.select(unit.c.id).where(unit.c.parent_id == top).correlate(work_item)
    lower = children.cte("lower", recursive=True, nesting=True)
    return lower.union_all(sa.select(unit.c.id).where(unit.c.parent_id == lower.c.id))


def units_below_each(tops: Collection[int]) -> sa.CTE:
    """(``top``, ``id``) of every unit strictly below each of ``tops``, found likewise."""
    children = sa.select(unit.c.parent_id.label("top"), unit.c.id).where(unit.c.parent_id.in_(tops))
    lower = children.cte("lower", recursive=True)
    return lower.union_all(sa.select(lower.c.top, unit.c.id).where(unit.c.parent_id == lower.c.id))


def units_above(unit_id: sa.ColumnElement[int]) -> sa.CTE:
    """The units above one unit, up to the root of the whole tree."""
    parent = sa.select(unit.c.parent_id.label("id")).where(unit.c.id == unit_id)
    upper = parent.cte("upper", recursive=True)
    return upper.union_all(sa.select(unit.c.parent_id).where(unit.c.id == upper.c.id))
