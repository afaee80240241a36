"""The sheet of members out: everybody on the list with what is told of them; a cell without anybody has an empty row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime

import sqlalchemy as sa

from hanchot.domain.collate import collation_key
from hanchot.domain.instants import ZONE, local_day
from hanchot.domain.membership import DAYS, FIELDS, UNTOLD, Membership
from hanchot.papers.sheet import Column, Sheet, workbook
from hanchot.service.book import cycle_id_of
from hanchot.service.judging.committees import CELLS
from hanchot.service.judging.member_layout import ABOUT, HELP, PAGE, TITLES, About
from hanchot.service.judging.memberships import kept
from hanchot.service.judging.rulebook import rulebook
from hanchot.service.judging.subjects import SUBJECT
from hanchot.service.org.lookup import UnitRow, on_day, unit_by_code
from hanchot.service.services import Services
from hanchot.service.tracking.export import house_mark, in_tree_order, unit_by_id
from hanchot.store.db import Row
from hanchot.store.judging_tables import subject
from hanchot.store.tables import event, unit

_WIDTHS = {"unit_name": 34, "name": 28, "person": 18, "temporary_cell": 30}


def members_sheet(services: Services, code: str, now: datetime, *, branch: str | None = None) -> bytes:
    """The sheet (.xlsx) of a cycle, or of one branch by the code of its head. Imported back unchanged, it changes nothing.

    NotFound: no such cycle or unit.
    """
    with services.db.read() as connection:
        rules = rulebook(services, connection, cycle_id_of(connection, code))
        top = unit_by_code(connection, branch) if branch else unit_by_id(connection, rules.root_id)
        people = _people(connection, rules.cycle_id, top)
        cells = sa.select(unit.c.id).where(
            unit.c.kind.in_(CELLS), unit.c.path.startswith(top.path, autoescape=True), on_day(unit, local_day(now))
        )  # fmt: skip
        units = in_tree_order(connection, {*people, *connection.execute(cells).scalars()})
        facts = kept(connection)
        seq = connection.execute(sa.select(sa.func.coalesce(sa.func.max(event.c.seq), 0))).scalar_one()
        about = About(house_mark(connection), code, top.code, seq, now)
    rows = []
    for at, _above in units:
        rows += [_row(at, one, facts) for one in people.get(at.id, ())] or [_row(at, None, facts)]
    heading = (
        f"DANH SÁCH ĐẢNG VIÊN ĐƯỢC XẾP LOẠI – {top.name}",
        f"Đợt {code}, lúc {now.astimezone(ZONE):%H:%M ngày %d/%m/%Y}. Cách điền: xem trang “{ABOUT}”.",
    )
    columns = tuple(Column(title=title, width=_WIDTHS.get(key, 13), as_typed=True) for key, title in TITLES.items())
    return workbook([Sheet(name=PAGE, heading=heading, columns=columns, rows=tuple(rows), frozen=4), _about_sheet(about)])


def _people(connection: sa.Connection, cycle_id: int, top: UnitRow) -> dict[int, list[Row]]:
    """The persons of the branch by unit, in Vietnamese order of their names."""
    below = unit.c.path.startswith(top.path, autoescape=True)
    rows = connection.execute(SUBJECT.where(subject.c.cycle_id == cycle_id, subject.c.person_id.is_not(None), below))
    found: dict[int, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (collation_key(row.label), row.id)):
        found[row.unit_id].append(row)
    return found


def _row(at: UnitRow, one: Row | None, facts: Mapping[int, Membership]) -> tuple[str, ...]:
    if one is None:
        return (at.code, at.name, *[""] * (len(TITLES) - 2))
    told = facts.get(one.person_id, UNTOLD)
    values = (getattr(told, name) for name in FIELDS)
    return (at.code, at.name, one.person_code, one.label, *(_text(value) for value in values))


def _text(value: date | str | None) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else value or ""


def _about_sheet(about: About) -> Sheet:
    return Sheet(
        name=ABOUT,
        heading=("THÔNG TIN TỆP (không sửa trang này)",),
        columns=(Column(title="Mục", width=18), Column(title="Nội dung", width=100)),
        rows=(*(("Cách điền", line) for line in HELP), *about.rows()),
    )


assert tuple(TITLES)[4:] == FIELDS and set(DAYS) <= set(TITLES)  # the columns of facts stand in the order of the fields
