"""Bodies (cấp): which body of the matrix of authority a unit of the tree is, and over which branch it decides."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from hanchot.domain.authority import Matrix, Ratee
from hanchot.domain.cited import Cited, Refusal
from hanchot.domain.errors import NotFound
from hanchot.domain.house_rules import NO_TEXT
from hanchot.domain.unit import ORGANS, UnitKind
from hanchot.store.db import Row
from hanchot.store.tables import unit

_BESIDE = ORGANS | {UnitKind.GOVERNMENT, UnitKind.FRONT}


@dataclass(frozen=True, slots=True)
class Body:
    """A unit that proposes, appraises or decides. ``reach``: the path of the branch over which it can act."""

    id: int
    code: str
    name: str
    kind: UnitKind
    reach: str


def find_body(connection: sa.Connection, code: str) -> Body:
    """Raises ``NotFound``. A standing committee, the government or the front acts for the committee it stands under."""
    for body in _bodies(connection, unit.c.code == code):
        return body
    raise NotFound(f"Không có đơn vị mã “{code}”.", way_out="Xem mã trong danh sách đơn vị.", thing="đơn vị", value=code)


def bodies(connection: sa.Connection, ids: Collection[int]) -> dict[int, Body]:
    """Many of them by the unit's id."""
    return {body.id: body for body in _bodies(connection, unit.c.id.in_(ids))} if ids else {}


def _bodies(connection: sa.Connection, *where: sa.ColumnElement[bool]) -> list[Body]:
    above = unit.alias("above")
    query = (
        sa.select(unit.c.id, unit.c.code, unit.c.name, unit.c.kind, unit.c.path, above.c.path.label("above"))
        .outerjoin(above, above.c.id == unit.c.parent_id)
        .where(*where)
        .order_by(unit.c.id)
    )
    return [_body(row) for row in connection.execute(query)]


def _body(row: Row) -> Body:
    kind = UnitKind(row.kind)
    return Body(row.id, row.code, row.name, kind, row.above if kind in _BESIDE and row.above else row.path)


def body_key(body: Body, ratee: Ratee, matrix: Matrix) -> str:
    """Which body of the matrix it is for this subject: the one that decides, else one that proposes, else the only one of
    its kind; its own name where there are several (council and government of a district) or none.
    """
    keys = [key for key in matrix.bodies if body.kind in matrix.kinds.get(key, ())]
    row = matrix.row(ratee)
    wanted = (row.decides, *row.proposes) if row else ()
    return next((key for key in wanted if key in keys), keys[0] if len(keys) == 1 else body.name)


def deciding_body(connection: sa.Connection, path: str, ratee: Ratee, matrix: Matrix) -> Body | None:
    """The unit that decides on a subject at ``path``: the nearest one above (or itself) that is the body of the matrix, an
    organ under it before the committee itself. None where the matrix is silent or in doubt, or the body is outside the tree.
    """
    row = matrix.row(ratee)
    kinds = matrix.kinds.get(row.decides, ()) if row and row.decides and not row.doubt else ()
    above = [int(part) for part in path.split("/") if part]
    if not kinds or not above:
        return None
    beside = sa.and_(unit.c.parent_id.in_(above), unit.c.kind == UnitKind.STANDING_COMMITTEE)
    found = _bodies(connection, unit.c.kind.in_(sorted(kinds)), sa.or_(unit.c.id.in_(above), beside))
    return max(found, key=lambda one: (len(one.reach), one.kind is UnitKind.STANDING_COMMITTEE), default=None)


def outside_branch(body: Body, path: str, name: str, basis: Cited | None = None) -> tuple[Refusal, ...]:
    """Why ``body`` may not act on a subject at ``path``: it stands in another branch of the tree."""
    if path.startswith(body.reach):
        return ()
    return (
        Refusal(
            code="another-branch",
            message=f"{body.name} không quản lý {name}: không cùng nhánh tổ chức.",
            way_out=f"Trình cấp ủy cấp trên trực tiếp của {name} xem xét, quyết định.",
            basis=basis or NO_TEXT,
        ),
    )
