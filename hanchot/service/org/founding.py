"""The committee at the head of an empty house: the first unit, before any file is brought in."""

from __future__ import annotations

import re
from datetime import datetime

import sqlalchemy as sa

from hanchot.domain.errors import AlreadyDone, Refused
from hanchot.domain.instants import local_day
from hanchot.domain.unit import ORGANISERS, UnitKind
from hanchot.service import audit
from hanchot.service.install import bump
from hanchot.service.org.lookup import on_day
from hanchot.service.services import Services
from hanchot.store.db import new_id
from hanchot.store.tables import unit

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


def found_committee(services: Services, code: str, name: str, kind: str, now: datetime, *, actor: str) -> int:
    """Put the first unit down; returns its id. Raises ``Refused`` with the field, ``AlreadyDone`` where there is a unit."""
    if not _CODE.fullmatch(code):
        raise Refused(f"Mã “{code[:40]}” không dùng được.", way_out="Viết liền, không dấu, ví dụ DUK hoặc HU-01.", thing="code")
    if not any(sign.isalpha() for sign in name) or len(name) > 300:
        raise Refused("Chưa ghi tên cấp ủy.", way_out="Gõ tên đầy đủ, ví dụ “Đảng ủy Khối các cơ quan tỉnh”.", thing="name")
    if kind not in {str(one) for one in ORGANISERS}:
        raise Refused("Chưa chọn loại cấp ủy.", way_out="Chọn một loại trong danh sách.", thing="kind")
    with services.db.write() as connection:
        standing = sa.select(unit.c.name).where(on_day(unit, local_day(now))).limit(1)  # a sample that was left has ended
        if there := connection.execute(standing).scalar():
            raise AlreadyDone(f"Đã có tổ chức trong danh sách: {there}.", way_out="Bổ sung bằng tệp Excel.")
        row = {"code": code, "name": name, "kind": UnitKind(kind), "path": ""}
        made = new_id(connection.execute(sa.insert(unit).values(**row)))
        connection.execute(sa.update(unit).where(unit.c.id == made).values(path=f"/{made}/"))
        bump(connection, "org_version")
        audit.record(connection, now, actor, "org.founded", code)
        return made
