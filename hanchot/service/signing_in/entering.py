"""Typing a code in. A wrong one is counted in the same transaction; the right one is spent by a conditional UPDATE."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from hanchot.domain.errors import AlreadyDone, HanChotError, Refused
from hanchot.service.services import Services
from hanchot.service.signing_in import limits, logins, people
from hanchot.service.signing_in.asking import code_hash
from hanchot.service.signing_in.logins import Login
from hanchot.service.signing_in.printing import printed_hash
from hanchot.service.signing_in.secrets import DIGITS, Sealer, plain, same, sha
from hanchot.store.access_tables import MOST_TRIES, sign_in_code
from hanchot.store.db import Row
from hanchot.store.tables import person

_ASK = "Xin mã mới."
_NOBODY = "Chức vụ của đồng chí đã thay đổi nên chưa đăng nhập được."


@dataclass(frozen=True, slots=True)
class _Spent:
    """A code that was right: whose, and its row."""

    person_id: int
    code_id: int


def enter_code(
    services: Services, browser: str, code: str, now: datetime, remote: str | None = None, *, instead_of: str | None = None
) -> Login:
    """Sign in with the code that was mailed for this browser; ``instead_of`` is the token of its sign-in before.

    Raises ``Refused`` (wrong, too old, tried too often), ``AlreadyDone`` (another tab was first), ``TooMany``.
    """
    with services.db.write() as connection:
        found = _by_mail(connection, browser, code, now, remote)
        if isinstance(found, _Spent):
            return logins.start(
                connection, found.person_id, "mail", now, remote=remote, code_id=found.code_id, instead_of=instead_of
            )
    raise found  # after the commit: the wrong try has been counted


def enter_printed(
    services: Services, person_code: str, browser: str, code: str, now: datetime, remote: str | None = None,
    *, instead_of: str | None = None,
) -> Login:  # fmt: skip
    """Sign in with a printed code and one's code of the list (“CB001”). Raises as ``enter_code``."""
    with services.db.write() as connection:
        found = _printed(connection, person_code, browser, code, now, remote)
        if isinstance(found, _Spent):
            return logins.start(
                connection, found.person_id, "printed", now, remote=remote, code_id=found.code_id, instead_of=instead_of
            )
    raise found


def step_up(services: Services, login: Login, browser: str, code: str, now: datetime, remote: str | None = None) -> None:
    """A fresh code of the person who is signed in, by mail into this browser or printed: good for ten minutes."""
    with services.db.write() as connection:
        if len(plain(code)) == DIGITS:
            found = _by_mail(connection, browser, code, now, remote, only=login.person_id)
        else:
            found = _printed(connection, _code_of(connection, login.person_id), browser, code, now, remote)
        if isinstance(found, _Spent):
            logins.freshen(connection, login, now)
            return
    raise found


def _by_mail(
    connection: sa.Connection, browser: str, code: str, now: datetime, remote: str | None, *, only: int | None = None
) -> _Spent | HanChotError:
    seal, mine = Sealer(connection), sha(browser)
    last = connection.execute(
        sa.select(sign_in_code)
        .where(sign_in_code.c.kind == "mail", sign_in_code.c.browser == mine)
        .order_by(sign_in_code.c.id.desc())
        .limit(1)
    ).first()
    if last is None or last.void_at is not None:
        return Refused("Trình duyệt này chưa xin mã nào còn dùng được.", way_out=_ASK)
    if last.used_at is not None:
        return AlreadyDone(
            "Mã này đã được dùng.", way_out="Nếu vừa đăng nhập ở thẻ khác thì mở lại trang; nếu không, xin mã mới."
        )
    who = limits.Trier(mine, last.address, limits.network(seal, remote))
    limits.refuse_if_too_many(connection, "enter", who, now)
    if (stale := _stale(last, now)) is not None:
        return stale
    right = same(last.code, code_hash(seal, mine, plain(code)))
    if not right or last.person_id is None or only not in (None, last.person_id):
        limits.count(connection, "enter", who, now)
        return _wrong(connection, last)
    return _spend(connection, last, now)


def _stale(row: Row, now: datetime) -> Refused | None:
    if now >= row.expires_at:
        return Refused("Mã đã quá 10 phút nên không dùng được nữa.", way_out=_ASK)
    if row.tries >= MOST_TRIES:
        return Refused(f"Mã đã bị gõ sai {MOST_TRIES} lần nên không dùng được nữa.", way_out=_ASK)
    return None


def _wrong(connection: sa.Connection, row: Row) -> Refused:
    connection.execute(sa.update(sign_in_code).where(sign_in_code.c.id == row.id).values(tries=row.tries + 1))
    left = MOST_TRIES - row.tries - 1
    if left == 0:
        return Refused(f"Mã không đúng, và đã gõ sai {MOST_TRIES} lần.", way_out=_ASK)
    return Refused("Mã không đúng.", way_out=f"Xem thư mới nhất rồi gõ lại; còn {left} lần.")


def _spend(connection: sa.Connection, row: Row, now: datetime) -> _Spent | HanChotError:
    """Used once and forgotten. Whoever comes second changes no row."""
    if people.by_id(connection, row.person_id, now) is None:
        return Refused(_NOBODY, way_out="Liên hệ Ban Tổ chức.")
    free = sa.and_(sign_in_code.c.id == row.id, sign_in_code.c.used_at.is_(None), sign_in_code.c.void_at.is_(None))
    spent = connection.execute(sa.update(sign_in_code).where(free).values(used_at=now, code=None)).rowcount
    return _Spent(row.person_id, row.id) if spent else AlreadyDone("Mã này đã được dùng.", way_out=_ASK)


def _printed(
    connection: sa.Connection, person_code: str, browser: str, code: str, now: datetime, remote: str | None
) -> _Spent | HanChotError:
    """The same words for an unknown person, a wrong code, a used one and one that is too old."""
    seal, typed = Sealer(connection), plain(code)
    who = limits.Trier(sha(browser), seal("person", person_code.strip().upper()), limits.network(seal, remote))
    limits.refuse_if_too_many(connection, "printed", who, now)
    tired = limits.address_is_tired(connection, "printed", who, now)
    whose = people.by_code(connection, person_code.strip(), now)
    row = None if tired or whose is None else _live_printed(connection, printed_hash(seal, whose.id, typed), whose.id, now)
    if row is None:
        limits.count(connection, "printed", who.without_address() if tired else who, now)
        return Refused(
            "Mã người hoặc mã in không đúng, đã dùng, hoặc đã hết hạn.", way_out="Gõ lại, hoặc dùng mã in tiếp theo."
        )
    return _spend(connection, row, now)


def _live_printed(connection: sa.Connection, kept: str, person_id: int, now: datetime) -> Row | None:
    return connection.execute(
        sa.select(sign_in_code).where(
            sign_in_code.c.kind == "printed", sign_in_code.c.person_id == person_id, sign_in_code.c.code == kept,
            sign_in_code.c.expires_at > now,
        )
    ).first()  # fmt: skip


def _code_of(connection: sa.Connection, person_id: int) -> str:
    return str(connection.execute(sa.select(person.c.code).where(person.c.id == person_id)).scalar_one())
