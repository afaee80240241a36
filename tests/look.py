"""Reading what the house wrote down, in the words of the tests."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa

from hanchot.domain.instants import local_iso, parse_instant
from hanchot.service.items import find_item
from hanchot.service.services import Services
from hanchot.store.db import Row
from hanchot.store.tables import (
    cycle_milestone,
    cycle_stage,
    envelope,
    event,
    incident,
    letter,
    person,
    post,
    tenure,
    unit,
    work_item,
)

CODE = "mau-2024"


def at(text: str) -> datetime:
    """``2024-12-09 08:00`` on the local clock."""
    return parse_instant(text.replace(" ", "T"))


class Told(NamedTuple):
    """One row of the ledger. ``to`` is the unit whose post is told; ``unit`` and ``milestone`` name the item."""

    to: str
    unit: str | None
    milestone: str | None
    rung: str
    tone: str
    state: str


def ledger(house: Services, *, rung: str | None = None, state: str | None = None, **is_: str) -> list[Told]:
    """The ledger in order of writing, narrowed by any of its words."""
    mine, his = unit.alias("mine"), unit.alias("his")
    query = (
        sa.select(his.c.code, mine.c.code, cycle_milestone.c.key, letter.c.rung, letter.c.tone, letter.c.state)
        .select_from(letter)
        .join(post, post.c.id == letter.c.post_id)
        .join(his, his.c.id == post.c.unit_id)
        .outerjoin(work_item, work_item.c.id == letter.c.item_id)
        .outerjoin(mine, mine.c.id == work_item.c.unit_id)
        .outerjoin(cycle_milestone, cycle_milestone.c.id == work_item.c.milestone_id)
        .order_by(letter.c.id)
    )
    with house.db.read() as connection:
        rows = [Told(*row) for row in connection.execute(query)]
    wanted = {"rung": rung, "state": state, **is_}
    return [row for row in rows if all(getattr(row, k) == v for k, v in wanted.items() if v is not None)]


def who(house: Services, **is_: str) -> list[str]:
    """The codes of the units that were told, sorted."""
    return sorted(row.to for row in ledger(house, **is_))


def envelopes(house: Services) -> list[tuple[str, int, str]]:
    """(person, number of letters in it, when it may leave) in order."""
    query = (
        sa.select(person.c.name, sa.func.count(letter.c.id), envelope.c.release_at)
        .join(person, person.c.id == envelope.c.person_id)
        .join(letter, letter.c.envelope_id == envelope.c.id)
        .group_by(envelope.c.id, person.c.name, envelope.c.release_at)
        .order_by(envelope.c.id)
    )
    with house.db.read() as connection:
        return [(name, count, local_iso(moment)[:16]) for name, count, moment in connection.execute(query)]


def item(house: Services, unit_code: str, milestone: str, code: str = CODE) -> Row:
    """The stored row of one work item."""
    with house.db.read() as connection:
        item_id = find_item(connection, code, unit_code, milestone)
        return connection.execute(sa.select(work_item).where(work_item.c.id == item_id)).one()


def item_id(house: Services, unit_code: str, milestone: str, code: str = CODE) -> int:
    return int(item(house, unit_code, milestone, code).id)


def states(house: Services) -> dict[str, int]:
    """How many items are in which state."""
    query = sa.select(work_item.c.state, sa.func.count()).group_by(work_item.c.state)
    with house.db.read() as connection:
        return {key: value for key, value in connection.execute(query)}


def stages(house: Services) -> dict[str, str]:
    query = sa.select(cycle_stage.c.stage, cycle_stage.c.state).order_by(cycle_stage.c.position)
    with house.db.read() as connection:
        return {key: value for key, value in connection.execute(query)}


def milestone(house: Services, key: str) -> Row:
    with house.db.read() as connection:
        return connection.execute(sa.select(cycle_milestone).where(cycle_milestone.c.key == key)).one()


def events(house: Services, action: str | None = None) -> list[Row]:
    query = sa.select(event).order_by(event.c.seq)
    with house.db.read() as connection:
        return [row for row in connection.execute(query) if action in (None, row.action)]


def incidents(house: Services) -> dict[str, tuple[str, int, bool]]:
    """Key → (message, how often, settled)."""
    with house.db.read() as connection:
        rows = connection.execute(sa.select(incident)).all()
    return {row.key: (row.message, row.times, row.resolved_at is not None) for row in rows}


def counters_agree(connection: sa.Connection) -> bool:
    """The stored progress of every milestone equals what its items say."""
    finished = work_item.c.state.in_(("submitted", "accepted", "excused"))
    counted = (
        sa.select(cycle_milestone.c.total, cycle_milestone.c.finished, sa.func.count(work_item.c.id),
                  sa.func.count(work_item.c.id).filter(finished))
        .outerjoin(work_item, work_item.c.milestone_id == cycle_milestone.c.id)
        .group_by(cycle_milestone.c.id, cycle_milestone.c.total, cycle_milestone.c.finished)
    )  # fmt: skip
    return all((total, done) == (all_, fin) for total, done, all_, fin in connection.execute(counted))


def holders(connection: sa.Connection, code: str) -> list[Any]:
    """The person ids that ever held a post of a unit."""
    query = sa.select(tenure.c.person_id).join(post, post.c.id == tenure.c.post_id).join(unit)
    return list(connection.execute(query.where(unit.c.code == code)).scalars())


def mails_kept(folder: Path) -> list[bytes]:
    """The messages in a Maildir, in order of arrival."""
    return [file.read_bytes() for file in sorted((folder / "new").iterdir())]
