"""Whom an address or a code of the list means, and whether there is anything that they may do here."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from hanchot.domain.errors import NotFound
from hanchot.service import incidents
from hanchot.service.access import actor_of
from hanchot.store.db import Row
from hanchot.store.tables import person

_SOMEBODY = sa.select(person.c.id, person.c.code, person.c.name, person.c.email)


def by_address(connection: sa.Connection, address: str, now: datetime) -> Row | None:
    """The one person with this address who may do anything now. A shared address signs nobody in, and that is said."""
    found = connection.execute(_SOMEBODY.where(sa.func.lower(person.c.email) == address)).all()
    allowed = [one for one in found if actor_of(connection, one.id, now)]
    if len(allowed) > 1:
        names = ", ".join(sorted(one.name for one in allowed))
        words = f"{names} dùng chung một địa chỉ thư nên không đăng nhập được. Ghi cho mỗi người một địa chỉ, hoặc in mã."
        incidents.report(connection, f"sign-in:shared:{min(one.id for one in allowed)}", "sign_in", words, now)
    return allowed[0] if len(allowed) == 1 else None


def by_id(connection: sa.Connection, person_id: int | None, now: datetime) -> Row | None:
    """The person, if they may do anything now."""
    found = connection.execute(_SOMEBODY.where(person.c.id == person_id)).first()
    return found if found and actor_of(connection, found.id, now) else None


def by_code(connection: sa.Connection, code: str, now: datetime) -> Row | None:
    """The person with this code of the list, if they may do anything now."""
    found = connection.execute(_SOMEBODY.where(sa.func.upper(person.c.code) == code.upper())).first()
    return found if found and actor_of(connection, found.id, now) else None


def named(connection: sa.Connection, code: str) -> Row:
    """The person that an officer names by code. Raises ``NotFound``."""
    found = connection.execute(_SOMEBODY.where(person.c.code == code)).first()
    if found is None:
        raise NotFound(f"Không có người mang mã “{code}”.", way_out="Xem mã trong danh sách người, cột Mã người.")
    return found
