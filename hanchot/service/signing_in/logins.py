"""Sign-ins: rows of ours, named by the hash of what the cookie holds. A request asks ``login_of``; nothing else lets in.

Idle for 30 minutes ends the sign-in of the department and of whoever administers, for 12 hours that of everybody else; seven
days end any (OWASP ASVS 5.0: 7.3.1, 7.3.2). It ends with the last post or right of the person (7.4.2, 8.3.2).
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa

from hanchot.domain.access import Actor, Role, roles
from hanchot.domain.errors import Outside
from hanchot.service import audit
from hanchot.service.access import actor_of
from hanchot.service.services import Services
from hanchot.service.signing_in import people
from hanchot.service.signing_in.secrets import new_token, sha
from hanchot.store.access_tables import login
from hanchot.store.db import Row, new_id
from hanchot.store.tables import person

How = Literal["mail", "printed", "oidc"]
SHORT_IDLE, LONG_IDLE = timedelta(minutes=30), timedelta(hours=12)
LONGEST = timedelta(days=7)
FRESH = timedelta(minutes=10)  # how long a code counts as just entered
SEEN_EVERY = timedelta(minutes=1)
_CAREFUL = frozenset({Role.DEPARTMENT, Role.ADMIN})  # whoever decides is asked for a fresh code each time
WHY_VI = {
    "signed_out": "Đồng chí đã đăng xuất.",
    "idle": "Phiên đã kết thúc vì lâu không dùng.",
    "too_long": "Phiên đã quá 7 ngày nên kết thúc.",
    "post": "Phiên đã kết thúc vì chức vụ thay đổi.",
    "ended": "Phiên đã được người quản trị kết thúc.",
    "replaced": "Đồng chí đã đăng nhập lại từ trình duyệt này.",
}


@dataclass(frozen=True, slots=True)
class Login:
    """One sign-in. ``ended_why`` is a sentence for the page, None while it lasts. ``token`` is known only at its start."""

    id: int
    person_id: int
    how: How
    started_at: datetime
    ends_at: datetime
    step_up_until: datetime | None
    ended_why: str | None = None
    token: str = field(default="", repr=False)

    def is_fresh(self, now: datetime) -> bool:
        """Whether a code was entered so lately that nothing need be asked again."""
        return self.step_up_until is not None and now < self.step_up_until


def login_of(services: Services, connection: sa.Connection, token: str, now: datetime) -> Login | None:
    """The sign-in that a cookie names, ended ones with the reason; None for a token that never was one of ours.

    ``connection`` is read from. What has to be written (seen, ended) is written in a transaction of its own.
    """
    row = connection.execute(sa.select(login).where(login.c.token == sha(token))).first()
    if row is None:
        return None
    if row.ended_at is not None:
        return _as_login(row, row.ended_why)
    actor = actor_of(connection, row.person_id, now)
    why, at = _ending(row, actor, now)
    if why is not None:
        _write(services, connection, lambda writing: _end(writing, row, why, now, "hạn chót", since=at))
    elif now - row.seen_at >= SEEN_EVERY:
        seen = sa.update(login).where(login.c.id == row.id, login.c.ended_at.is_(None), login.c.seen_at < now)
        _write(services, connection, lambda writing: writing.execute(seen.values(seen_at=now)))
    return _as_login(row, why)


def start(
    connection: sa.Connection, person_id: int, how: How, now: datetime, *, remote: str | None, code_id: int | None = None,
    instead_of: str | None = None,
) -> Login:  # fmt: skip
    """A new sign-in under a new name; the one that the browser had before (``instead_of``, its token) is over."""
    token = new_token()
    fresh = now + FRESH if code_id is not None else None
    if instead_of:
        old = connection.execute(sa.select(login).where(login.c.token == sha(instead_of), login.c.ended_at.is_(None))).first()
        if old:
            _end(connection, old, "replaced", now, _name(connection, old.person_id))
    row = {"token": sha(token), "person_id": person_id, "how": how, "started_at": now, "seen_at": now, "ends_at": now + LONGEST,
           "step_up_until": fresh, "remote": remote, "code_id": code_id}  # fmt: skip
    made = new_id(connection.execute(sa.insert(login).values(**row)))
    audit.record(connection, now, _name(connection, person_id), "sign_in", f"login:{made}", data={"how": how})
    return Login(made, person_id, how, now, now + LONGEST, fresh, token=token)


def freshen(connection: sa.Connection, one: Login, now: datetime) -> None:
    """A code was entered just now: what asks for one is open for ten minutes."""
    alive = sa.and_(login.c.id == one.id, login.c.ended_at.is_(None))
    connection.execute(sa.update(login).where(alive).values(step_up_until=now + FRESH))
    audit.record(connection, now, _name(connection, one.person_id), "step_up", f"login:{one.id}")


def sign_out(services: Services, token: str, now: datetime) -> bool:
    """End the sign-in that a cookie names; False when there was none to end."""
    with services.db.write() as connection:
        row = connection.execute(sa.select(login).where(login.c.token == sha(token), login.c.ended_at.is_(None))).first()
        return row is not None and _end(connection, row, "signed_out", now, _name(connection, row.person_id))


def end_logins(services: Services, person_code: str, now: datetime, *, actor: str) -> int:
    """End every sign-in of a person; returns how many there were. Raises ``NotFound``."""
    with services.db.write() as connection:
        whose = people.named(connection, person_code)
        rows = connection.execute(sa.select(login).where(login.c.person_id == whose.id, login.c.ended_at.is_(None))).all()
        return sum(_end(connection, row, "ended", now, actor) for row in rows)


def _ending(row: Row, actor: Actor | None, now: datetime) -> tuple[str | None, datetime]:
    """Why and when a sign-in that is still open is over, if it is. Pure."""
    if now >= row.ends_at:
        return "too_long", row.ends_at
    if actor is None:
        return "post", now
    idle = SHORT_IDLE if roles(actor, now) & _CAREFUL else LONG_IDLE
    return ("idle", row.seen_at + idle) if now - row.seen_at >= idle else (None, now)


def _end(connection: sa.Connection, row: Row, why: str, now: datetime, actor: str, *, since: datetime | None = None) -> bool:
    """Over since ``since`` (now); False when somebody else has ended it."""
    ended = (
        sa.update(login).where(login.c.id == row.id, login.c.ended_at.is_(None)).values(ended_at=since or now, ended_why=why)
    )
    if connection.execute(ended).rowcount == 0:
        return False
    audit.record(connection, now, actor, "sign_out", f"login:{row.id}", reason=why)
    return True


def _write(services: Services, reading: sa.Connection, write: object) -> None:
    """In the caller's transaction where it may write, else in one of our own. A busy database does not close a page."""
    assert callable(write)
    if reading.get_execution_options().get("hanchot_write"):
        write(reading)
        return
    with suppress(Outside), services.db.write() as connection:
        write(connection)


def _name(connection: sa.Connection, person_id: int) -> str:
    return str(connection.execute(sa.select(person.c.name).where(person.c.id == person_id)).scalar_one())


def _as_login(row: Row, why: str | None) -> Login:
    return Login(row.id, row.person_id, row.how, row.started_at, row.ends_at, row.step_up_until, WHY_VI[why] if why else None)
