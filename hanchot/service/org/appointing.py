"""One change at a time, on the board: who holds a post from a day on, a post that falls vacant, an address put right.

A change of holder goes by the same rules as a row of an organisation file (``decide``), so the board and Excel never
differ; it is one row, written as one would type it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import sqlalchemy as sa

from hanchot.domain.errors import AlreadyDone, Conflict, NotFound, Refused
from hanchot.domain.unit import PostRole
from hanchot.service import audit
from hanchot.service.install import bump
from hanchot.service.services import Services
from hanchot.store.tables import person

VACANT = "-"
_HEADERS = ("Mã đơn vị", "Chức vụ", "Mã người", "Họ và tên", "Email", "Điện thoại", "Từ ngày")
_FIELDS = {"Mã người": "person", "Họ và tên": "name", "Email": "email", "Điện thoại": "phone", "Từ ngày": "starts"}
Contact = Literal["name", "email", "phone"]


@dataclass(frozen=True, slots=True)
class Holder:
    """Who takes a post: somebody known, by ``code``, or somebody new by name and how to reach them."""

    code: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""


def appoint(
    services: Services, unit_code: str, role: PostRole, who: Holder, starts: date, now: datetime, *, actor: str
) -> None:
    """``who`` holds the post from ``starts`` (local day) on; whoever held it leaves the day before.

    Raises ``NotFound`` for an unknown person, ``Refused`` with the field (``thing``), ``AlreadyDone``.
    """
    name = who.name
    if who.code:
        with services.db.read() as connection:
            name = connection.execute(sa.select(person.c.name).where(person.c.code == who.code)).scalar() or ""
        if not name:
            raise Refused(f"Không có người mang mã “{who.code}”.", way_out="Xem mã ở trang Con người.", thing="person")
    elif not name:
        raise Refused("Chưa chọn người.", way_out="Ghi mã người đã có, hoặc họ tên người mới.", thing="name")
    row = (unit_code, role.vi, who.code or None, name, who.email or None, who.phone or None, starts)
    _apply(services, row, starts, now, actor, "post.appointed", f"{unit_code}/{role}")


def vacate(services: Services, unit_code: str, role: PostRole, starts: date, now: datetime, *, actor: str) -> None:
    """Nobody holds the post from ``starts`` (local day) on. Raises ``AlreadyDone`` where nobody would have."""
    row = (unit_code, role.vi, None, VACANT, None, None, starts)
    _apply(services, row, starts, now, actor, "post.vacated", f"{unit_code}/{role}")


def _apply(
    services: Services, row: tuple[object, ...], day: date, now: datetime, actor: str, action: str, subject: str
) -> None:
    from hanchot.reader.sheets import Row, Sheet
    from hanchot.service.org.decide import decide
    from hanchot.service.org.sheets import read_org
    from hanchot.service.org.state import read_state, write_state

    file = read_org([Sheet("", (Row(1, _HEADERS), Row(2, row)))])  # type: ignore[arg-type]  # values of cells
    with services.db.write() as connection:
        before, ids = read_state(connection)
        after, found = decide(before, file, day)
        for problem in (*file.problems, *found):
            if problem.severity == "error":
                reason = f"{problem.reason[:1].upper()}{problem.reason[1:]}."
                said = f"“{problem.value}”: {problem.reason}." if problem.value else reason
                raise Refused(said, way_out=f"{problem.way_out[:1].upper()}{problem.way_out[1:]}.",
                              thing=_FIELDS.get(problem.column or "", "starts"))  # fmt: skip
        if (after.tenures, after.people, after.titles) == (before.tenures, before.people, before.titles):
            raise AlreadyDone("Chức vụ này đã như vậy từ ngày ấy.", way_out="Không cần làm gì.", thing="starts")
        write_state(connection, before, after, ids)
        bump(connection, "org_version")
        audit.record(connection, now, actor, action, subject, became=str(row[2] or "") or None, data={"from": day.isoformat()})


def correct(
    services: Services, person_id: int, said: dict[Contact, str], was: dict[Contact, str], now: datetime, *, actor: str
) -> None:
    """Put a person's name, address and telephone right; an empty address or telephone is taken away.

    ``was`` is what the form showed: somebody else's change in the meantime is a ``Conflict``. Events say which fields
    changed and never their contents. Raises ``NotFound``, ``Refused`` with the field, ``AlreadyDone``.
    """
    values = _read(said)
    with services.db.write() as connection:
        row = connection.execute(sa.select(person).where(person.c.id == person_id)).mappings().first()
        if row is None:
            raise NotFound("Không có người này.", way_out="Tìm lại trong danh sách.")
        changed = {key: value for key, value in values.items() if (row[key] or None) != value}
        if not changed:
            raise AlreadyDone("Không có gì đổi.", way_out="Không cần làm gì.")
        if any((row[key] or "") != text for key, text in was.items()):
            raise Conflict(f"Vừa có người khác sửa thông tin của {row['name']}.", way_out="Xem lại rồi sửa tiếp.")
        _demand_own_address(connection, person_id, changed.get("email"))
        connection.execute(sa.update(person).where(person.c.id == person_id).values(**changed))
        bump(connection, "org_version")
        audit.record(connection, now, actor, "person.corrected", f"person:{row['code']}", data={"fields": sorted(changed)})


def _read(said: dict[Contact, str]) -> dict[str, str | None]:
    from hanchot.service.org import fields

    values: dict[str, str | None] = {}
    readers: dict[Contact, Callable[[str], str]] = {"name": fields.name, "email": fields.address, "phone": fields.phone}
    for key, read in readers.items():
        text = said[key]
        if not text and key == "name":
            raise Refused("Chưa ghi họ và tên.", way_out="Gõ họ và tên đầy đủ.", thing="name")
        try:
            values[key] = read(text) if text else None
        except fields.Unreadable as error:
            hint = f"{error.way_out[:1].upper()}{error.way_out[1:]}."
            raise Refused(f"“{text[:60]}”: {error.reason}.", way_out=hint, thing=key) from error
    return values


def _demand_own_address(connection: sa.Connection, person_id: int, email: str | None) -> None:
    """One address, one person: letters of one must not be read by another."""
    if not email:
        return
    same = sa.and_(sa.func.lower(person.c.email) == email.lower(), person.c.id != person_id)
    if other := connection.execute(sa.select(person.c.name).where(same)).scalar():
        raise Refused(f"Địa chỉ này đã là của {other}.", way_out="Mỗi người một địa chỉ thư.", thing="email")
