"""Asking for a code by mail. The answer is the same whoever's the address is, and so is the work before it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Thread
from typing import Any

import sqlalchemy as sa

from hanchot.domain.errors import Refused
from hanchot.letters.code_mail import CodeLetter
from hanchot.service.services import Services
from hanchot.service.signing_in import limits, people
from hanchot.service.signing_in.posting import post_code
from hanchot.service.signing_in.secrets import Sealer, new_code, new_token, plain_address, sha
from hanchot.store.access_tables import sign_in_code
from hanchot.store.db import Row, new_id

VALID = timedelta(minutes=10)
SETTLED = timedelta(minutes=1)  # a second click, or a second wish so soon, brings no second mail
KEPT = timedelta(days=40)  # longer than a printed code lives
Job = Callable[[], None]
Later = Callable[[Job], None]
Find = Callable[[], Row | None]


def in_background(job: Job) -> None:
    """Where nobody else carries the mail away after the answer."""
    Thread(target=job, name="sign-in mail", daemon=True).start()


def ask_code(
    services: Services, address: str, browser: str, now: datetime, remote: str | None = None, *, later: Later = in_background
) -> None:
    """Send a code for ``address``, good for ten minutes, once, in ``browser`` alone; an earlier one of it is void.

    ``later`` is handed the sending of the mail, to be done after the answer. Raises ``TooMany``, and ``Refused`` for
    words that are no address; says nothing of whether anybody has the address.
    """
    meant = plain_address(address)
    if meant is None:
        raise Refused("Địa chỉ thư chưa đúng dạng.", way_out="Viết như ten@tinh.example.", thing="address")
    with services.db.write() as connection:
        seal = Sealer(connection)
        who = limits.Trier(sha(browser), seal("address", meant), limits.network(seal, remote))
        job = _ask(services, connection, seal, who, lambda: people.by_address(connection, meant, now), now)
    if job:
        later(job)


def ask_code_again(
    services: Services, browser: str, now: datetime, remote: str | None = None, *, later: Later = in_background,
    person_id: int | None = None,
) -> None:  # fmt: skip
    """A new code for whom ``browser`` asked last, or for ``person_id`` (a step-up): no address is typed again."""
    with services.db.write() as connection:
        seal, mine = Sealer(connection), sha(browser)
        last = connection.execute(_last(mine)).first()
        somebody = people.by_id(connection, person_id or (last.person_id if last else None), now)
        address = seal("address", somebody.email.lower()) if somebody and somebody.email else last.address if last else None
        if person_id is not None and not (somebody and somebody.email):
            raise Refused("Đồng chí chưa có địa chỉ thư nên không gửi mã được.", way_out="Dùng một mã in còn lại.")
        if address is None:
            raise Refused("Trình duyệt này chưa xin mã nào.", way_out="Gõ địa chỉ thư để xin mã.")
        who = limits.Trier(mine, address, limits.network(seal, remote))
        job = _ask(services, connection, seal, who, lambda: somebody, now)
    if job:
        later(job)


def _ask(
    services: Services, connection: sa.Connection, seal: Sealer, who: limits.Trier, find: Find, now: datetime
) -> Job | None:
    """Count, look up, keep: done for nobody's address as for somebody's. Only the mail itself differs, and comes later."""
    last = connection.execute(_last(who.browser)).first()
    if last and _just_asked(last, who.address, now):
        return None
    limits.refuse_if_too_many(connection, "ask", who, now)
    tired = limits.address_is_tired(connection, "ask", who, now)
    limits.count(connection, "ask", who.without_address() if tired else who, now)
    found = find()
    person = None if tired else found
    code = new_code()
    number = _keep(connection, seal, who, person.id if person else None, code, now)
    if person is None:
        return None
    letter = CodeLetter(number, person.name, person.email, code, now, now + VALID)
    return lambda: post_code(services, letter)


def _keep(connection: sa.Connection, seal: Sealer, who: limits.Trier, person_id: int | None, code: str, now: datetime) -> int:
    """The browser's new code; the one before is void, and what is old is forgotten."""
    mine = sa.and_(sign_in_code.c.kind == "mail", sign_in_code.c.browser == who.browser, sign_in_code.c.code.is_not(None))
    connection.execute(sa.update(sign_in_code).where(mine).values(code=None, void_at=now))
    _forget(connection, now)
    kept = code_hash(seal, who.browser, code if person_id else new_token())
    row = {"person_id": person_id, "kind": "mail", "browser": who.browser, "address": who.address, "code": kept,
           "asked_at": now, "expires_at": now + VALID, "tries": 0}  # fmt: skip
    return new_id(connection.execute(sa.insert(sign_in_code).values(**row)))


def code_hash(seal: Sealer, browser: str, code: str) -> str:
    """How a code by mail is kept. The browser in it is the salt, and binds it."""
    return seal("mail", browser, code)


def _forget(connection: sa.Connection, now: datetime) -> None:
    """Codes of long ago that signed nobody in."""
    old = sa.and_(sign_in_code.c.expires_at < now - KEPT, sign_in_code.c.used_at.is_(None))
    connection.execute(sa.delete(sign_in_code).where(old))


def _last(browser: str) -> sa.Select[Any]:
    mine = sa.and_(sign_in_code.c.kind == "mail", sign_in_code.c.browser == browser)
    return sa.select(sign_in_code).where(mine).order_by(sign_in_code.c.id.desc()).limit(1)


def _just_asked(last: Row, address: str | None, now: datetime) -> bool:
    return last.code is not None and last.address == address and now < last.asked_at + SETTLED
