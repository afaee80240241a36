"""Bodies (cấp): which body of the matrix of authority a unit of the tree is, and over which branch it decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from hanchot.domain.authority import Matrix, Ratee
from hanchot.domain.cited import Cited, Refusal
from hanchot.domain.errors import NotFound
from hanchot.domain.house_rules import NO_TEXT
from hanchot.domain.unit import ORGANISERS, ORGANS, UnitKind
from hanchot.store.tables import unit

_UPPER = ORGANISERS | {UnitKind.STANDING_COMMITTEE}
# The keys that ``calendars/reviews`` use, and the kinds of units that are such a body. What is not here is outside the tree.
_IS: Mapping[str, frozenset[UnitKind]] = {
    "chi-bo": frozenset({UnitKind.CELL, UnitKind.CELL_OF_SECTION}),
    "chi-bo-co-so": frozenset({UnitKind.GRASSROOTS_CELL}),
    "bch-co-so": frozenset({UnitKind.GRASSROOTS_COMMITTEE}),
    "dang-uy-co-so": frozenset({UnitKind.GRASSROOTS_COMMITTEE}),
    "co-so": frozenset({UnitKind.GRASSROOTS_COMMITTEE, UnitKind.GRASSROOTS_CELL}),
    "dang-uy-bo-phan": frozenset({UnitKind.SECTION_COMMITTEE}),
    "btv": _UPPER,
    "btv-khoi": _UPPER,
    "btv-xa": _UPPER,
    "btv-cap-tren": _UPPER,
    "btv-tinh": frozenset({UnitKind.PROVINCIAL_COMMITTEE}),
    "bch": ORGANISERS,
    "ubnd": frozenset({UnitKind.GOVERNMENT}),
    "hdnd": frozenset({UnitKind.GOVERNMENT}),
    "mttq": frozenset({UnitKind.FRONT}),
    "co-quan": frozenset({UnitKind.AGENCY, UnitKind.LEADERSHIP}),
    "don-vi": frozenset({UnitKind.AGENCY, UnitKind.LEADERSHIP, UnitKind.GRASSROOTS_COMMITTEE, UnitKind.GRASSROOTS_CELL}),
}
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
    above = unit.alias("above")
    row = connection.execute(
        sa.select(unit.c.id, unit.c.name, unit.c.kind, unit.c.path, above.c.path.label("above"))
        .outerjoin(above, above.c.id == unit.c.parent_id)
        .where(unit.c.code == code)
    ).first()
    if row is None:
        raise NotFound(f"Không có đơn vị mã “{code}”.", way_out="Xem mã trong danh sách đơn vị.", thing="đơn vị", value=code)
    kind = UnitKind(row.kind)
    return Body(row.id, code, row.name, kind, row.above if kind in _BESIDE and row.above else row.path)


def body_key(body: Body, ratee: Ratee, matrix: Matrix) -> str:
    """Which body of the matrix it is for this subject: the one that decides, else one that proposes, else its own name."""
    keys = [key for key in matrix.bodies if body.kind in _IS.get(key, frozenset())]
    row = matrix.row(ratee)
    wanted = (row.decides, *row.proposes) if row else ()
    return next((key for key in wanted if key in keys), keys[0] if keys else body.name)


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
