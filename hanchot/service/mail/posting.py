"""What has left the house, and a mail carrier for simulations: the same decisions as a live delivery, without the mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from hanchot.letters.compose import subject
from hanchot.service.mail.outbox import Decision, decide, gather, keep_ledger
from hanchot.service.services import Services
from hanchot.store.tables import cycle_milestone, envelope, letter, unit, work_item

BATCH = 500


@dataclass(frozen=True, slots=True)
class Sent:
    """One letter inside a mail that was accepted. ``subject`` is the mail's; ``milestone`` is a key, empty for a summary."""

    at: datetime
    to: str
    unit: str
    unit_code: str
    milestone: str
    rung: str
    tone: str
    subject: str
    envelope_id: int


def post_all(services: Services, now: datetime) -> int:
    """Let every envelope that is due go out at once; returns how many did. Only for a house that is not live."""
    assert not services.live, "the real mail is delivered by hanchot.service.mail.deliver"
    posted = 0
    with services.db.write() as connection:
        while rows := connection.execute(
            sa.select(envelope)
            .where(envelope.c.state == "queued", envelope.c.release_at <= now)
            .order_by(envelope.c.release_at, envelope.c.id)
            .limit(BATCH)
        ).all():
            desk = gather(services, connection, rows, now)
            outcomes = []
            for row in rows:
                decision = decide(desk.told.get(row.id, ()), row.person_id)
                address = desk.people[row.person_id].address
                outcomes.append(_outcome(row.id, decision, address, now))
                keep_ledger(connection, decision)
            connection.execute(_SETTLE, outcomes)
            posted += sum(one["became"] == "accepted" for one in outcomes)
    return posted


def sent(connection: sa.Connection, cycle_id: int) -> list[Sent]:
    """Every letter of a cycle that a mail server has taken, in the order in which it left."""
    rows = connection.execute(
        sa.select(
            envelope.c.settled_at, envelope.c.address, unit.c.name, unit.c.code, cycle_milestone.c.key, letter.c.rung,
            letter.c.tone, envelope.c.subject, envelope.c.id,
        )
        .join(letter, letter.c.envelope_id == envelope.c.id)
        .outerjoin(work_item, work_item.c.id == letter.c.item_id)
        .outerjoin(unit, unit.c.id == work_item.c.unit_id)
        .outerjoin(cycle_milestone, cycle_milestone.c.id == work_item.c.milestone_id)
        .where(letter.c.cycle_id == cycle_id, letter.c.state == "planned", envelope.c.state == "accepted")
        .order_by(envelope.c.settled_at, envelope.c.address, letter.c.id)
    )  # fmt: skip
    return [
        Sent(at, to, name or "", code or "", key or "", rung, tone, title or "", number)
        for at, to, name, code, key, rung, tone, title, number in rows
    ]


_SETTLE = (
    sa.update(envelope)
    .where(envelope.c.id == sa.bindparam("one"))
    .values(
        state=sa.bindparam("became"),
        address=sa.bindparam("to"),
        subject=sa.bindparam("title"),
        settled_at=sa.bindparam("at", type_=envelope.c.settled_at.type),
    )
)


def _outcome(number: int, decision: Decision, address: str | None, now: datetime) -> dict[str, object]:
    lines = [told.line for told in decision.kept]
    became = "superseded" if not lines else "accepted" if address else "failed"
    title = subject(lines[0], len(lines) - 1) if lines else None
    return {"one": number, "became": became, "to": address, "title": title, "at": now}
