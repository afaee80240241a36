"""Envelopes and their fate, and the incidents that wait for a person."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from hanchot.domain.access import WHOLE
from hanchot.domain.errors import NotFound
from hanchot.service.access import within
from hanchot.service.incidents import Taken, taken
from hanchot.service.services import Services
from hanchot.service.views.common import Paging, people_like
from hanchot.store.tables import (
    ENVELOPE_STATES,
    cycle,
    cycle_milestone,
    envelope,
    incident,
    letter,
    person,
    unit,
    work_item,
)

ROWS = 50
INSIDE = 100  # letters of one envelope on a page


@dataclass(frozen=True, slots=True)
class EnvelopeLine:
    """One envelope in the list. ``first`` names the unit of its first letter while it has no subject yet."""

    id: int
    planned_at: datetime
    release_at: datetime
    state: str
    to: str
    address: str | None
    subject: str | None
    lines: int
    first: str | None


@dataclass(frozen=True, slots=True)
class LettersPage:
    lines: tuple[EnvelopeLine, ...]
    counts: dict[str, int]
    paging: Paging


@dataclass(frozen=True, slots=True)
class InEnvelope:
    """One letter in an envelope; ``unit_code`` and ``milestone`` are None for one about a whole cycle."""

    rung: str
    tone: str
    state: str
    note: str | None
    item_id: int | None
    unit_code: str | None
    unit_name: str | None
    milestone: str | None
    cycle_code: str


@dataclass(frozen=True, slots=True)
class EnvelopePage:
    row: sa.RowMapping
    to: str
    address: str | None
    letters: tuple[InEnvelope, ...]
    paging: Paging
    text: str | None


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """``taken``: what a person last said about it."""

    id: int
    kind: str
    message: str
    first_at: datetime
    last_at: datetime
    times: int
    resolved_at: datetime | None
    taken: Taken | None = None


def letters(
    services: Services, *, state: str | None = None, text: str = "", page: int = 1, scopes: tuple[str, ...] = (WHOLE,),
    size: int = ROWS,
) -> LettersPage:  # fmt: skip
    """Envelopes about cycles under ``scopes``, newest first; ``text`` is looked for in names and addresses, marks ignored.

    Raises ``NotFound`` for a state that does not exist.
    """
    if state is not None and state not in ENVELOPE_STATES:
        raise NotFound(f"Không có trạng thái thư “{state}”.", way_out="Chọn một trạng thái trong danh sách.")
    with services.db.read() as connection:
        mine = _about(scopes)
        counts = by_state(connection, mine)
        chosen = [*mine, envelope.c.state == state] if state else list(mine)
        total = counts.get(state, 0) if state else sum(counts.values())
        if text.strip():
            chosen.append(envelope.c.person_id.in_(people_like(services.db, connection, text)))
            total = connection.execute(sa.select(sa.func.count()).select_from(envelope).where(*chosen)).scalar_one()
        paging = Paging(page, size, total)
        return LettersPage(_list(connection, chosen, paging), counts, paging)


def _about(scopes: tuple[str, ...]) -> tuple[sa.ColumnElement[bool], ...]:
    """Envelopes with a letter about a cycle under ``scopes``."""
    if WHOLE in scopes:
        return ()
    about = (
        sa.select(letter.c.envelope_id)
        .join(cycle, cycle.c.id == letter.c.cycle_id)
        .join(unit, unit.c.id == cycle.c.root_id)
        .where(letter.c.envelope_id.is_not(None), within(unit.c.path, scopes))
    )
    return (envelope.c.id.in_(about),)


def by_state(connection: sa.Connection, chosen: tuple[sa.ColumnElement[bool], ...] = ()) -> dict[str, int]:
    """How many envelopes there are in each state."""
    query = sa.select(envelope.c.state, sa.func.count()).where(*chosen).group_by(envelope.c.state)
    return {row[0]: row[1] for row in connection.execute(query)}


def _list(connection: sa.Connection, chosen: list[sa.ColumnElement[bool]], paging: Paging) -> tuple[EnvelopeLine, ...]:
    ids = sa.select(envelope.c.id).where(*chosen).order_by(envelope.c.id.desc()).limit(paging.size).offset(paging.offset)
    few = connection.execute(ids).scalars().all()
    rows = connection.execute(
        sa.select(
            envelope.c.id, envelope.c.planned_at, envelope.c.release_at, envelope.c.state, person.c.name,
            sa.func.coalesce(envelope.c.address, person.c.email), envelope.c.subject, sa.func.count(letter.c.id),
            sa.func.min(unit.c.name),
        )
        .join(person, person.c.id == envelope.c.person_id)
        .outerjoin(letter, letter.c.envelope_id == envelope.c.id)
        .outerjoin(work_item, work_item.c.id == letter.c.item_id)
        .outerjoin(unit, unit.c.id == work_item.c.unit_id)
        .where(envelope.c.id.in_(few))
        .group_by(envelope.c.id, person.c.name, person.c.email)
        .order_by(envelope.c.id.desc())
    )  # fmt: skip
    return tuple(EnvelopeLine(*row) for row in rows)


def envelope_page(services: Services, envelope_id: int, page: int = 1) -> EnvelopePage:
    """The envelope with one page of its letters: whoever stands above thousands is told of thousands in one.

    Raises ``NotFound``. The text is what is frozen; an envelope that was not rendered yet has none."""
    with services.db.read() as connection:
        row = connection.execute(sa.select(envelope).where(envelope.c.id == envelope_id)).mappings().first()
        if row is None:
            raise NotFound(f"Không có thư số {envelope_id}.", way_out="Xem danh sách thư.")
        who = connection.execute(sa.select(person.c.name, person.c.email).where(person.c.id == row["person_id"])).one()
        count = sa.select(sa.func.count()).where(letter.c.envelope_id == envelope_id)
        paging = Paging(page, INSIDE, connection.execute(count).scalar_one())
        inside = connection.execute(
            sa.select(
                letter.c.rung, letter.c.tone, letter.c.state, letter.c.note, letter.c.item_id, unit.c.code, unit.c.name,
                cycle_milestone.c.title, cycle.c.code,
            )
            .join(cycle, cycle.c.id == letter.c.cycle_id)
            .outerjoin(work_item, work_item.c.id == letter.c.item_id)
            .outerjoin(unit, unit.c.id == work_item.c.unit_id)
            .outerjoin(cycle_milestone, cycle_milestone.c.id == work_item.c.milestone_id)
            .where(letter.c.envelope_id == envelope_id)
            .order_by(letter.c.id)
            .limit(INSIDE)
            .offset(paging.offset)
        )  # fmt: skip
        letters_in = tuple(InEnvelope(*one) for one in inside)
    return EnvelopePage(row, who.name, row["address"] or who.email, letters_in, paging, _text(row["body"]))


def _text(body: bytes | None) -> str | None:
    """The plain text of the frozen bytes."""
    if not body:
        return None
    part = email.message_from_bytes(body, policy=email.policy.default).get_body(("plain",))
    return part.get_content() if part else None


def incidents(services: Services, most: int = 100) -> tuple[IncidentLine, ...]:
    """Open incidents first, then the settled ones, newest first."""
    names = ("id", "kind", "message", "first_at", "last_at", "times", "resolved_at")
    query = sa.select(*(incident.c[name] for name in names))
    order = (incident.c.resolved_at.is_not(None), incident.c.last_at.desc(), incident.c.id.desc())
    with services.db.read() as connection:
        rows = connection.execute(query.order_by(*order).limit(most)).all()
        known = taken(connection, [row.id for row in rows])
        return tuple(
            IncidentLine(
                row.id, row.kind, row.message, row.first_at, row.last_at, row.times, row.resolved_at, known.get(row.id)
            )
            for row in rows
        )
