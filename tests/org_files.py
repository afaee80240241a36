"""Files about a small committee, as people make them, and what an import of them leaves in the database."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import sqlalchemy as sa
from openpyxl import Workbook

from hanchot.domain.instants import parse_instant
from hanchot.domain.unit import PostRole
from hanchot.service.org import lookup as org
from hanchot.store.db import Database
from hanchot.store.tables import event, person, post, tenure, unit

NOW = parse_instant("2026-11-21T09:00:00+07:00")
TODAY = date(2026, 11, 21)
UNIT_HEAD = ["Mã đơn vị", "Tên đơn vị", "Loại", "Mã cấp trên", "Hiệu lực từ", "Hiệu lực đến"]
PEOPLE_HEAD = [
    "Mã đơn vị",
    "Chức vụ",
    "Chức danh",
    "Mã người",
    "Họ và tên",
    "Email",
    "Điện thoại",
    "Từ ngày",
    "Đến ngày",
]
UNITS = [
    ["K", "Đảng ủy Khối", "đảng ủy khối", None, None, None],
    ["K-BTC", "Ban Tổ chức", "ban tổ chức", "K", None, None],
    ["A", "Đảng bộ Sở A", "Đảng bộ cơ sở", "K", None, None],
    ["A1", "Chi bộ Văn phòng Sở A", "cell", "A", "01/07/2025", None],
    ["B", "Chi bộ Hội B", "chi bộ cơ sở", "K", date(2020, 1, 1), None],
]
PEOPLE = [
    ["K", "bí thư", "Bí thư Đảng ủy Khối", "N1", "Trần Văn Khối", "tran.khoi@mau.example", "0912 345 678", None, None],
    ["K-BTC", "Trưởng ban", None, "N2", "Lê Thị Ban", "le.ban@mau.example", None, None, None],
    ["A", "bí thư", None, None, "Phạm Văn An", "pham.an@mau.example", None, None, None],
    ["A", "cấp ủy viên phụ trách", None, "N1", "Trần Văn Khối", None, None, None, None],
    ["A1", "bí thư", None, None, "Võ Thị Một", None, "0987654321", "01/07/2025", None],
]

Rows = list[list[object]]


def workbook(path: Path, units: Rows | None = None, people: Rows | None = None, *, formulas: bool = True) -> Path:
    """A file as people make them. ``formulas=False``: what begins with ‘=’ is typed as text."""
    book = Workbook()
    book.remove(book.active)
    for title, head, rows in (("Đơn vị", UNIT_HEAD, units), ("Người", PEOPLE_HEAD, people)):
        if rows is not None:
            sheet = book.create_sheet(title)
            for row in [head, *rows]:
                sheet.append(row)
            for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f" and not formulas):
                cell.data_type = "s"
    book.save(path)
    return path


def changed(rows: Rows, row: int, column: int, value: object) -> Rows:
    """The rows with one cell changed; the first row below the header is number 2, as Excel counts."""
    copy = [list(one) for one in rows]
    copy[row - 2][column] = value
    return copy


def contents(db: Database) -> list[list[tuple[object, ...]]]:
    with db.read() as connection:
        return [
            [tuple(r) for r in connection.execute(sa.select(t).order_by(*t.primary_key))]
            for t in (unit, person, post, tenure, event)
        ]


def holder(db: Database, code: str, role: PostRole, day: date) -> str | None:
    with db.read() as connection:
        found = org.unit_by_code(connection, code)
        held = org.holder_of(connection, org.posts_of(connection, found.id)[role], day)
        return held.name if held else None
