"""Printed codes for people without mail: shown once, handed over in person, each good for one sign-in in thirty days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from hanchot.domain.errors import Conflict, Refused
from hanchot.domain.instants import ZONE, local_day
from hanchot.service import audit
from hanchot.service.services import Services
from hanchot.service.signing_in import people
from hanchot.service.signing_in.secrets import Sealer, grouped, new_printed
from hanchot.store.access_tables import sign_in_code

VALID = timedelta(days=30)
MOST = 20  # codes on one sheet


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is printed for one person. ``until`` is the last local day; the codes are known here and never again."""

    person_code: str
    name: str
    until: date
    codes: tuple[str, ...] = field(repr=False)


def print_codes(
    services: Services, person_codes: Sequence[str], now: datetime, *, actor: str, each: int = 3, seen: int | None = None
) -> tuple[Sheet, ...]:
    """New codes, ``each`` for everyone; what was printed for them before is void. All or nothing; raises ``NotFound``.

    ``seen``: the newest printed code (``last_printed``) of one person that the asking page knew of. Raises ``Conflict``
    where newer ones are printed: a second click would void the codes on the sheet that the first has shown.
    """
    if not 1 <= each <= MOST:
        raise Refused(f"Mỗi người in được từ 1 đến {MOST} mã, không phải {each}.", way_out="Chọn số khác.", value=each)
    with services.db.write() as connection:
        seal = Sealer(connection)
        if seen is not None:
            _demand_unprinted(connection, person_codes[0], seen)
        return tuple(_sheet(connection, seal, code, each, now, actor) for code in dict.fromkeys(person_codes))


def last_printed(connection: sa.Connection, person_id: int) -> int:
    """The number of the newest code that was printed for a person; 0 where there was none."""
    mine = (sign_in_code.c.kind == "printed") & (sign_in_code.c.person_id == person_id)
    return int(connection.execute(sa.select(sa.func.coalesce(sa.func.max(sign_in_code.c.id), 0)).where(mine)).scalar_one())


def _demand_unprinted(connection: sa.Connection, person_code: str, seen: int) -> None:
    whose = people.named(connection, person_code)
    newest = last_printed(connection, whose.id)
    if newest != seen:
        at = connection.execute(sa.select(sign_in_code.c.asked_at).where(sign_in_code.c.id == newest)).scalar_one()
        raise Conflict(
            f"Mã đăng nhập cho {whose.name} vừa được in lúc {at.astimezone(ZONE):%H:%M}, tờ ấy dùng được.",
            way_out="Không còn tờ ấy thì in lại; mã cũ sẽ hết hiệu lực.",
        )


def printed_hash(seal: Sealer, person_id: int, code: str) -> str:
    """How a printed code is kept; the person in it is the salt."""
    return seal("printed", person_id, code)


def _sheet(connection: sa.Connection, seal: Sealer, person_code: str, each: int, now: datetime, actor: str) -> Sheet:
    whose = people.named(connection, person_code)
    if people.by_id(connection, whose.id, now) is None:
        raise Refused(
            f"{whose.name} không giữ chức vụ hay quyền nào.", way_out="Ghi chức vụ hoặc cấp quyền trước.", value=person_code
        )
    before = sa.and_(sign_in_code.c.kind == "printed", sign_in_code.c.person_id == whose.id, sign_in_code.c.code.is_not(None))
    connection.execute(sa.update(sign_in_code).where(before).values(code=None, void_at=now))
    codes = tuple(new_printed() for _ in range(each))
    rows = [
        {"person_id": whose.id, "kind": "printed", "code": printed_hash(seal, whose.id, code), "asked_at": now,
         "expires_at": now + VALID, "tries": 0}
        for code in codes
    ]  # fmt: skip
    connection.execute(sa.insert(sign_in_code), rows)
    audit.record(connection, now, actor, "sign_in.printed", f"person:{whose.code}", data={"count": each})
    return Sheet(whose.code, whose.name, local_day(now + VALID), tuple(grouped(code) for code in codes))
