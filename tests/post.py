"""The post room of the tests: mail that waits in the outbox, and what became of it."""

from __future__ import annotations

from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import sqlalchemy as sa

from hanchot.letters.smtp import Relay
from hanchot.service.mail.deliver import DeliveryReport, deliver
from hanchot.service.opening import open_cycle
from hanchot.service.services import Services
from hanchot.service.sweep import sweep
from hanchot.store.db import Row
from hanchot.store.tables import envelope, person
from tests import plans
from tests.cast import SECRETARIES, settle
from tests.look import at
from tests.relay import FakeRelay

OPENED = at("2024-11-18 07:00")  # a Monday
MORNING = at("2024-11-18 08:00")
MAILS = 8  # one for everybody who has work in the tests' plan


def filled(house: Services) -> Services:
    """The cast, their cycle and the first morning's sweep: eight envelopes wait."""
    settle(house.db)
    open_cycle(house, plans.plan(), OPENED)
    sweep(house, MORNING)
    return house


async def carry(house: Services, relay: FakeRelay, now: datetime = MORNING, **changes: object) -> DeliveryReport:
    """One drain of the outbox to the fake relay."""
    way: Relay = relay.relay(**changes)
    return await deliver(house, now, relay=way)


def mails(house: Services, state: str | None = None) -> list[Row]:
    """Envelopes in order, with the person's name."""
    query = sa.select(envelope, person.c.name).join(person, person.c.id == envelope.c.person_id)
    with house.db.read() as connection:
        rows = connection.execute(query.order_by(envelope.c.id)).all()
    return [row for row in rows if state in (None, row.state)]


def mail_to(house: Services, code: str) -> Row:
    """The last envelope for whoever answers for a unit of the cast."""
    return [row for row in mails(house) if row.name == SECRETARIES[code]][-1]


def read(raw: bytes) -> EmailMessage:
    parsed = message_from_bytes(raw, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def text_of(raw: bytes) -> str:
    part = read(raw).get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def to_code(relay: FakeRelay, address: str) -> list[bytes]:
    """What the relay kept for an address."""
    return [raw for raw in relay.kept if address in str(read(raw)["To"])]
