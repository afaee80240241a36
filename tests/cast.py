"""The cast of the tests: a small bloc committee, built by hand, whom everybody knows by name.

DUK          Đảng ủy Khối                 bí thư Nguyễn Văn An
├ DUK-BTC    Ban Tổ chức                  trưởng ban Trần Thị Bình
├ DUK-BTV    Ban Thường vụ                bí thư Phạm Quốc Cường
├ YT         Đảng bộ Sở Y tế              bí thư Lê Thị Dung; phụ trách: Đỗ Văn Minh
│ ├ YT-BP    Đảng bộ bộ phận Bệnh viện    bí thư Hoàng Văn Em
│ │ └ YT-BP1 Chi bộ Khoa Nội              bí thư Vũ Thị Giang
│ ├ YT-1     Chi bộ Văn phòng Sở          bí thư Bùi Văn Hải
│ └ YT-2     Chi bộ Trung tâm Y tế        bí thư Ngô Thị Kim
├ BAO        Chi bộ Báo tỉnh              bí thư Phan Văn Lâm
└ KHO        Chi bộ Kho bạc               bí thư Đặng Thị Nga
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from hanchot.domain.unit import PostRole, UnitKind
from hanchot.service.install import bump
from hanchot.store.db import Database, new_id
from hanchot.store.tables import person, post, tenure, unit

IN_POST_SINCE = date(2020, 1, 1)


class Body(NamedTuple):
    """One unit of the cast and who answers for it."""

    code: str
    name: str
    kind: UnitKind
    above: str | None
    holder: str


CAST = (
    Body("DUK", "Đảng ủy Khối", UnitKind.BLOC_COMMITTEE, None, "Nguyễn Văn An"),
    Body("DUK-BTC", "Ban Tổ chức Đảng ủy Khối", UnitKind.ORGANISATION_DEPARTMENT, "DUK", "Trần Thị Bình"),
    Body("DUK-BTV", "Ban Thường vụ Đảng ủy Khối", UnitKind.STANDING_COMMITTEE, "DUK", "Phạm Quốc Cường"),
    Body("YT", "Đảng bộ Sở Y tế", UnitKind.GRASSROOTS_COMMITTEE, "DUK", "Lê Thị Dung"),
    Body("YT-BP", "Đảng bộ bộ phận Bệnh viện", UnitKind.SECTION_COMMITTEE, "YT", "Hoàng Văn Em"),
    Body("YT-BP1", "Chi bộ Khoa Nội", UnitKind.CELL_OF_SECTION, "YT-BP", "Vũ Thị Giang"),
    Body("YT-1", "Chi bộ Văn phòng Sở", UnitKind.CELL, "YT", "Bùi Văn Hải"),
    Body("YT-2", "Chi bộ Trung tâm Y tế", UnitKind.CELL, "YT", "Ngô Thị Kim"),
    Body("BAO", "Chi bộ Báo tỉnh", UnitKind.GRASSROOTS_CELL, "DUK", "Phan Văn Lâm"),
    Body("KHO", "Chi bộ Kho bạc", UnitKind.GRASSROOTS_CELL, "DUK", "Đặng Thị Nga"),
)
IN_CHARGE_OF_YT = "Đỗ Văn Minh"
SECRETARIES = {body.code: body.holder for body in CAST}
_HEADS = (UnitKind.ORGANISATION_DEPARTMENT,)


def settle(db: Database, bodies: tuple[Body, ...] = CAST) -> dict[str, int]:
    """Put the cast into the database; returns the ids of the units by code."""
    ids: dict[str, int] = {}
    with db.write() as connection:
        for body in bodies:
            ids[body.code] = add_unit(connection, body)
        if "YT" in ids:
            appoint(connection, "YT", IN_CHARGE_OF_YT, role=PostRole.MEMBER_IN_CHARGE)
    return ids


def add_unit(connection: sa.Connection, body: Body, *, first: date | None = None, last: date | None = None) -> int:
    """One unit with its responsible post, held since long ago. ``first`` and ``last`` bound its validity."""
    above = connection.execute(sa.select(unit.c.id, unit.c.path).where(unit.c.code == body.above)).first()
    made = connection.execute(
        sa.insert(unit).values(
            code=body.code, name=body.name, kind=body.kind, parent_id=above.id if above else None, path="",
            valid_from=first, valid_to=last,
        )
    )  # fmt: skip
    unit_id = new_id(made)
    path = f"{above.path if above else '/'}{unit_id}/"
    connection.execute(sa.update(unit).where(unit.c.id == unit_id).values(path=path))
    appoint(connection, body.code, body.holder, role=PostRole.HEAD if body.kind in _HEADS else PostRole.SECRETARY)
    return unit_id


def appoint(
    connection: sa.Connection, code: str, name: str, *, role: PostRole = PostRole.SECRETARY, since: date = IN_POST_SINCE
) -> None:
    """``name`` takes the post on ``since``; whoever held it leaves the day before. People are known by their name."""
    unit_id = connection.execute(sa.select(unit.c.id).where(unit.c.code == code)).scalar_one()
    post_id = connection.execute(sa.select(post.c.id).where(post.c.unit_id == unit_id, post.c.role == role)).scalar()
    if post_id is None:
        post_id = new_id(connection.execute(sa.insert(post).values(unit_id=unit_id, role=role)))
    vacate(connection, code, role=role, since=since)
    who = {"post_id": post_id, "person_id": _person(connection, name), "starts": since}
    connection.execute(sa.insert(tenure).values(**who))
    bump(connection, "org_version")


def vacate(connection: sa.Connection, code: str, *, role: PostRole = PostRole.SECRETARY, since: date = IN_POST_SINCE) -> None:
    """Nobody holds the post from ``since`` on."""
    posts = sa.select(post.c.id).join(unit).where(unit.c.code == code, post.c.role == role)
    here = tenure.c.post_id.in_(posts)
    connection.execute(sa.delete(tenure).where(here, tenure.c.starts >= since))
    connection.execute(
        sa.update(tenure).where(here, tenure.c.ends.is_(None)).values(ends=date.fromordinal(since.toordinal() - 1))
    )
    bump(connection, "org_version")


def _person(connection: sa.Connection, name: str) -> int:
    known = connection.execute(sa.select(person.c.id).where(person.c.name == name)).scalar()
    if known is not None:
        return int(known)
    count = connection.execute(sa.select(sa.func.count()).select_from(person)).scalar_one()
    row = {"code": f"CB{count + 1:03}", "name": name, "email": f"cb{count + 1:03}@khoi.example"}
    return new_id(connection.execute(sa.insert(person).values(**row)))
