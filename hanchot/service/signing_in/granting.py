"""Rights beyond posts: given by an administrator over the branch of a unit, for local days, and taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from hanchot.domain.access import Role
from hanchot.domain.errors import AlreadyDone, NotFound, Refused
from hanchot.domain.instants import local_day
from hanchot.service import audit
from hanchot.service.services import Services
from hanchot.service.signing_in import people
from hanchot.store.access_tables import GRANTED, access_grant
from hanchot.store.db import new_id
from hanchot.store.tables import person, unit


@dataclass(frozen=True, slots=True)
class Grant:
    """A right over the branch of ``unit``, from ``starts`` to the end of ``ends`` (None: until it is taken back)."""

    id: int
    person_code: str
    person: str
    role: Role
    unit_code: str
    unit: str
    starts: date
    ends: date | None
    given_by: str
    at: datetime


def grant(
    services: Services, person_code: str, role: str, unit_code: str, now: datetime, *, actor: str,
    starts: date | None = None, ends: date | None = None,
) -> int:  # fmt: skip
    """Give a right from ``starts`` (today) on. Raises ``NotFound``, ``Refused``; ``AlreadyDone`` for one that runs already."""
    first = starts or local_day(now)
    if role not in GRANTED:
        raise Refused(f"Không có quyền “{role}” để cấp.", way_out=f"Chọn một trong: {', '.join(GRANTED)}.", value=role)
    if ends is not None and ends < first:
        raise Refused(f"Ngày cuối {ends:%d/%m/%Y} trước ngày đầu {first:%d/%m/%Y}.", way_out="Sửa lại ngày.", value=ends)
    with services.db.write() as connection:
        whose = people.named(connection, person_code)
        over = connection.execute(sa.select(unit.c.id).where(unit.c.code == unit_code)).scalar()
        if over is None:
            raise NotFound(f"Không có tổ chức “{unit_code}”.", way_out="Xem mã trong danh sách tổ chức.")
        _refuse_twice(connection, whose.id, role, over, first, ends)
        row = {
            "person_id": whose.id,
            "role": role,
            "unit_id": over,
            "starts": first,
            "ends": ends,
            "given_by": actor,
            "at": now,
        }
        made = new_id(connection.execute(sa.insert(access_grant).values(**row)))
        data: dict[str, object] = {"role": role, "unit": unit_code, "starts": str(first), "ends": str(ends) if ends else None}
        audit.record(connection, now, actor, "access.granted", f"person:{whose.code}", data=data)
        return made


def end_grant(services: Services, grant_id: int, now: datetime, *, actor: str) -> None:
    """Take a right back at once. Raises ``NotFound``, and ``AlreadyDone`` for one that is over."""
    today = local_day(now)
    with services.db.write() as connection:
        row = connection.execute(sa.select(access_grant).where(access_grant.c.id == grant_id)).first()
        if row is None:
            raise NotFound(
                f"Không có quyền số {grant_id}.", way_out="Xem các quyền đang giao.", command="hanchot sign-in grants"
            )
        if row.ends is not None and row.ends < today:
            raise AlreadyDone(f"Quyền số {grant_id} đã hết từ ngày {row.ends:%d/%m/%Y}.")
        last = today - timedelta(days=1)
        connection.execute(sa.update(access_grant).where(access_grant.c.id == grant_id).values(ends=last))
        code = connection.execute(sa.select(person.c.code).where(person.c.id == row.person_id)).scalar_one()
        audit.record(connection, now, actor, "access.ended", f"person:{code}", data={"role": row.role, "grant": grant_id})


def grants(services: Services, now: datetime, *, over: bool = False) -> tuple[Grant, ...]:
    """The rights that hold today or will; with ``over`` also those of before. By person, then in the order of giving."""
    held = sa.or_(access_grant.c.ends.is_(None), access_grant.c.ends >= local_day(now))
    query = (
        sa.select(
            access_grant.c.id, person.c.code, person.c.name, access_grant.c.role, unit.c.code, unit.c.name,
            access_grant.c.starts, access_grant.c.ends, access_grant.c.given_by, access_grant.c.at,
        )
        .join(person, person.c.id == access_grant.c.person_id)
        .join(unit, unit.c.id == access_grant.c.unit_id)
        .where(sa.true() if over else held)
        .order_by(person.c.code, access_grant.c.id)
    )  # fmt: skip
    with services.db.read() as connection:
        return tuple(Grant(n, code, name, Role(role), *rest) for n, code, name, role, *rest in connection.execute(query))


def _refuse_twice(connection: sa.Connection, person_id: int, role: str, unit_id: int, starts: date, ends: date | None) -> None:
    mine = (access_grant.c.person_id == person_id, access_grant.c.role == role, access_grant.c.unit_id == unit_id)
    meets = sa.or_(access_grant.c.ends.is_(None), access_grant.c.ends >= starts)
    if ends is not None:
        meets = sa.and_(meets, access_grant.c.starts <= ends)
    known = connection.execute(sa.select(access_grant.c.id).where(*mine, meets)).scalar()
    if known is not None:
        raise AlreadyDone(f"Quyền này đã được cấp (số {known}).", way_out="Thu lại quyền cũ trước khi cấp khác.", value=known)
