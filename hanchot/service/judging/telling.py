"""Results told (thông báo kết quả): one letter for each post and paper through the ordinary outbox, and notices closed.

A letter says that there is a result and where it is read, never which. Its rung names the paper, so that nobody is told
twice of the same one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime

import sqlalchemy as sa

from hanchot.domain.errors import Refused
from hanchot.domain.instants import local_day
from hanchot.domain.stage import Stage
from hanchot.domain.work_item import UNFINISHED
from hanchot.service.book import book
from hanchot.service.directory import directory
from hanchot.service.items import act_in
from hanchot.service.mail.lines import RESULT
from hanchot.service.org.lookup import on_day
from hanchot.service.services import Services
from hanchot.store.db import Row
from hanchot.store.judging_tables import rating, subject
from hanchot.store.tables import cycle_milestone, letter, post, tenure, work_item


def tell_results(
    services: Services, connection: sa.Connection, decision_id: int, decided: Sequence[Row], now: datetime, actor: str
) -> tuple[int, tuple[int, ...]]:
    """Plan the letters of a confirmed paper, and finish the notice of each unit that has all its results.

    ``decided``: rows of ``subjects.find_subject``, of one cycle. Returns how many letters, and the items that were closed.
    """
    cycle_id = decided[0].cycle_id
    posts = _posts(services, connection, cycle_id, decided, now)
    plan_letters(connection, cycle_id, f"{RESULT}-{decision_id}", posts, now)
    units = sorted({row.unit_id for row in decided})
    return len(posts), _close_notices(services, connection, cycle_id, units, now, actor)


def tell_unit(services: Services, connection: sa.Connection, cycle_id: int, unit_id: int, rung: str, now: datetime) -> int:
    """Plan a letter to the unit's responsible post that there is something to read; returns how many (0 or 1)."""
    known = book(services.db, connection, cycle_id)
    told = directory(services.db, connection, known.root_id, local_day(now)).told(unit_id, "holder")
    plan_letters(connection, cycle_id, rung, {one.post_id for one in told}, now)
    return len(told)


def plan_letters(connection: sa.Connection, cycle_id: int, rung: str, posts: Iterable[int], now: datetime) -> None:
    """One planned letter for each post; the database refuses a second one of the same rung."""
    head = {"cycle_id": cycle_id, "rung": rung, "tone": RESULT, "revision": 0, "planned_at": now, "state": "planned"}
    rows = [{**head, "post_id": post_id} for post_id in sorted(posts)]
    if rows:
        connection.execute(sa.insert(letter), rows)


def _posts(services: Services, connection: sa.Connection, cycle_id: int, decided: Sequence[Row], now: datetime) -> set[int]:
    """The responsible post of each unit, and of each person the post that he holds: in that unit, or else his first."""
    known = book(services.db, connection, cycle_id)
    people = directory(services.db, connection, known.root_id, local_day(now))
    found = {one.post_id for row in decided for one in people.told(row.unit_id, "holder")}
    persons = {row.person_id: row.unit_id for row in decided if row.person_id is not None}
    held = (
        sa.select(tenure.c.person_id, post.c.id, post.c.unit_id)
        .join(post, post.c.id == tenure.c.post_id)
        .where(tenure.c.person_id.in_(persons), on_day(tenure, local_day(now)))
        .order_by(post.c.id)
    )
    own: dict[int, int] = {}
    for person_id, post_id, unit_id in connection.execute(held):
        if person_id not in own or unit_id == persons[person_id]:
            own[person_id] = post_id
    return found | set(own.values())


def _close_notices(
    services: Services, connection: sa.Connection, cycle_id: int, units: Sequence[int], now: datetime, actor: str
) -> tuple[int, ...]:
    """Hand in the unfinished items of the notify stage of units in which nobody is left to decide. One that still waits for
    other work stays: its own guard says for what.
    """
    decided = sa.exists().where(rating.c.subject_id == subject.c.id, rating.c.step == "decided", rating.c.current)
    left = sa.exists().where(
        subject.c.cycle_id == cycle_id, subject.c.unit_id == work_item.c.unit_id, subject.c.exempt.is_(None), ~decided
    )
    query = (
        sa.select(work_item.c.id)
        .join(cycle_milestone, cycle_milestone.c.id == work_item.c.milestone_id)
        .where(work_item.c.cycle_id == cycle_id, cycle_milestone.c.stage == Stage.NOTIFY, ~left)
        .where(work_item.c.unit_id.in_(units), work_item.c.state.in_(sorted(UNFINISHED)))
        .order_by(work_item.c.id)
    )
    closed = []
    for item_id in connection.execute(query).scalars().all():
        with suppress(Refused):
            act_in(services, connection, item_id, "submit", now, actor=actor)
            closed.append(item_id)
    return tuple(closed)
