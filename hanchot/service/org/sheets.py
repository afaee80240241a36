"""Sheets of an organisation file as entries: what each row says about a unit or about who holds a post.

Columns are known by their headers, whatever their order, case and marks. An empty cell says nothing (what is known
stays); a single dash takes away. Every cell that cannot be read becomes a ``Problem``; nothing stops at the first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from enum import Enum
from typing import Any, Literal

from hanchot.domain.unit import PostRole, UnitKind
from hanchot.reader.sheets import Row, Sheet, Value, cell_name
from hanchot.service.org import fields
from hanchot.service.org.fields import Unreadable, fold
from hanchot.service.org.headers import IGNORED, PEOPLE, ROLE_COLUMNS, UNITS, Column


class Clear(Enum):
    """A dash in a cell: take away what is known."""

    CLEAR = "-"


CLEAR = Clear.CLEAR
Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell (or row, or file), and what to do about it."""

    severity: Severity
    sheet: str
    row: int | None
    column: str | None
    cell: str | None
    value: str | None
    reason: str
    way_out: str

    @property
    def sentence(self) -> str:
        place = [f"Sheet “{self.sheet}”"] if self.sheet else []
        place += [f"dòng {self.row}"] if self.row else []
        place += [f"cột “{self.column}” (ô {self.cell})"] if self.column else []
        said = f"“{self.value}” " if self.value else ""
        body = f"{', '.join(place)}: {said}{self.reason}" if place else self.reason
        return f"{body}; {self.way_out}." if self.way_out else f"{body.rstrip('.')}."

    def to_dict(self) -> dict[str, object]:
        names = ("severity", "sheet", "row", "column", "cell", "value", "reason", "way_out")
        return {name: getattr(self, name) for name in names} | {"message": self.sentence}


@dataclass(frozen=True, slots=True)
class Line:
    """One row under known headers."""

    sheet: str
    row: Row
    columns: dict[str, tuple[int, str]]

    @property
    def place(self) -> str:
        """‘dòng 4’, with the sheet where the file has several."""
        return f"dòng {self.row.number}" + (f" (sheet “{self.sheet}”)" if self.sheet else "")

    def raw(self, key: str) -> Value:
        return self.row.at(self.columns[key][0]) if key in self.columns else None

    def problem(self, key: str | None, reason: str, way_out: str, severity: Severity = "error") -> Problem:
        """A problem with the cell under ``key``, or with the row as a whole where it has no such column."""
        if key not in self.columns:
            return Problem(severity, self.sheet, self.row.number, None, None, None, reason, way_out)
        column, header = self.columns[key]
        shown = str(self.raw(key) if self.raw(key) is not None else "")[:80].replace("\n", "⏎").replace("\r", "⏎")
        return Problem(
            severity,
            self.sheet,
            self.row.number,
            header,
            cell_name(self.row.number, column),
            shown or None,
            reason,
            way_out,
        )


@dataclass(frozen=True, slots=True)
class UnitEntry:
    """What a row says of a unit. ``unread``: columns that hold something unreadable, already reported."""

    line: Line
    code: str
    name: str | None
    kind: UnitKind | None
    parent: str | Clear | None
    valid_from: date | Clear | None
    valid_to: date | Clear | None
    unread: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SeatEntry:
    """What a row says of a post: who holds it from when to when. ``name`` CLEAR: nobody. ``role`` None: the
    unit's responsible post, whatever that is. ``keys`` name the columns of name, e-mail and telephone."""

    line: Line
    unit: str
    role: PostRole | None
    name: str | Clear
    title: str | Clear | None
    person: str | None
    email: str | Clear | None
    phone: str | Clear | None
    starts: date | Clear | None
    ends: date | Clear | None
    keys: tuple[str, str, str] = ("full_name", "email", "phone")


@dataclass
class OrgFile:
    """All that a file says, and what is wrong with it."""

    units: list[UnitEntry] = field(default_factory=list)
    seats: list[SeatEntry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_org(sheets: Iterable[Sheet]) -> OrgFile:
    """Every sheet whose headers are known, read row by row. A file with no such sheet is one problem."""
    found, used = OrgFile(), 0
    for sheet in sheets:
        found.problems += [_note(sheet.title, note) for note in sheet.notes]
        header = _header(sheet)
        if header is None:
            if sheet.rows and fold(sheet.title) not in ("danh muc", "huong dan"):
                found.problems.append(_note(sheet.title, "không có dòng tiêu đề nào nhận ra được nên bỏ qua"))
            continue
        used += 1
        _read_sheet(sheet, *header, found)
    if not used:
        reason = "không thấy cột “Mã đơn vị” cùng “Tên đơn vị” hay “Họ và tên” trong tệp"
        found.problems.append(Problem("error", "", None, None, None, None, reason, "tải tệp mẫu rồi điền vào đó"))
    elif not found.units and not found.seats and not any(p.severity == "error" for p in found.problems):
        reason = "tệp có tiêu đề nhưng không có dòng dữ liệu nào"
        found.problems.append(Problem("error", "", None, None, None, None, reason, "điền ít nhất một dòng rồi nhập lại"))
    return found


def _note(sheet: str, reason: str) -> Problem:
    return Problem("warning", "" if reason.startswith(("Sheet", "Tệp")) else sheet, None, None, None, None, reason, "")


def _header(sheet: Sheet) -> tuple[Row, dict[str, Column]] | None:
    """The first of the top rows that has at least two known headers, and the schema that knows most of them."""
    for row in sheet.rows[:15]:
        words = [fold(str(value)) for value in row.values if value is not None]
        by_schema = [(sum(word in schema for word in words), schema) for schema in (UNITS, PEOPLE)]
        people = any(word in PEOPLE and PEOPLE[word].key in ("full_name", "role") for word in words)
        known, schema = by_schema[1] if people else by_schema[0]
        if known >= 2:
            return row, schema
    return None


def _read_sheet(sheet: Sheet, header: Row, schema: dict[str, Column], found: OrgFile) -> None:
    columns: dict[str, tuple[int, str]] = {}
    for index, value in enumerate(header.values):
        text = " ".join(str(value or "").split())
        column = schema.get(fold(text))
        line = Line(sheet.title, header, {"_": (index, text)})
        if column is None:
            if fold(text) and fold(text) not in IGNORED:
                found.problems.append(line.problem("_", "là cột không dùng đến", _meant(text, schema), "warning"))
        elif column.key in columns:
            found.problems.append(line.problem("_", "là cột có hai lần", "chỉ giữ một cột"))
        else:
            columns[column.key] = (index, text)
    required = {"unit": "Mã đơn vị"} | ({"full_name": "Họ và tên", "role": "Chức vụ"} if schema is PEOPLE else {})
    missing = [title for key, title in required.items() if key not in columns]
    if missing:
        lacking = ", ".join(f"“{title}”" for title in missing)
        line = Line(sheet.title, header, {})
        found.problems.append(line.problem(None, f"thiếu cột {lacking}", "thêm cột đó vào dòng tiêu đề"))
        return
    for row in sheet.rows:
        if row.number > header.number:
            reader = _Cells(Line(sheet.title, row, columns), found.problems)
            if schema is PEOPLE:
                found.seats += _seat_of(reader)
            else:
                _unit_of(reader, found)


def _meant(text: str, schema: dict[str, Column]) -> str:
    close = get_close_matches(fold(text), schema, n=1, cutoff=0.75)
    return f"có phải “{schema[close[0]].title}”? Sửa tiêu đề nếu đúng" if close else "cột này được bỏ qua"


class _Cells:
    """Reads the cells of one row; what cannot be read is reported and counts as empty."""

    def __init__(self, line: Line, problems: list[Problem]) -> None:
        self.line, self.problems = line, problems
        self.unread: set[str] = set()

    def get(self, key: str, read: Callable[[Value], Any], *, may_clear: bool = False) -> Any:
        value = self.line.raw(key)
        if value is None:
            return None
        try:
            if isinstance(value, str) and type(value) is str and value.strip() in ("-", "–", "—") and may_clear:
                return CLEAR
            return read(value)
        except Unreadable as error:
            self.problems.append(self.line.problem(key, error.reason, error.way_out))
            self.unread.add(key)
            return None

    def required(self, key: str, read: Callable[[Value], Any], what: str) -> Any:
        found = self.get(key, read)
        if found is None and key not in self.unread:
            self.problems.append(self.line.problem(key, f"thiếu {what}", "điền vào ô này"))
        return found


def _unit_of(cells: _Cells, found: OrgFile) -> None:
    code = cells.required("unit", fields.code, "mã đơn vị")
    entry = UnitEntry(
        cells.line,
        code or "",
        cells.get("name", fields.name),
        cells.get("kind", fields.kind),
        cells.get("parent", fields.code, may_clear=True),
        cells.get("valid_from", fields.day, may_clear=True),
        cells.get("valid_to", fields.day, may_clear=True),
        frozenset(cells.unread),
    )
    if code:
        found.units.append(entry)
    found.seats += [seat for seat in _wide_seats(cells, code) if code]


def _wide_seats(cells: _Cells, code: str | None) -> Iterator[SeatEntry]:
    """The people that a wide row names: one name column per role, each with its own e-mail and telephone."""
    for key, role in ROLE_COLUMNS.items():
        contact = [cells.line.raw(f"{key}:{part}") for part in ("email", "phone")]
        name = cells.get(key, fields.name, may_clear=True)
        email = cells.get(f"{key}:email", fields.address, may_clear=True)
        number = cells.get(f"{key}:phone", fields.phone, may_clear=True)
        person = cells.get(f"{key}:person", fields.code)
        if name is None:
            if key not in cells.unread and any(value is not None for value in contact):
                place = key if key in cells.line.columns else f"{key}:email"
                cells.problems.append(cells.line.problem(place, "có thư hoặc điện thoại nhưng thiếu tên người", "điền tên"))
            continue
        keys = (key, f"{key}:email", f"{key}:phone")
        if cells.unread.isdisjoint(keys) and code:
            yield SeatEntry(cells.line, code, role, name, None, person, email, number, None, None, keys)


def _seat_of(cells: _Cells) -> Iterator[SeatEntry]:
    unit = cells.required("unit", fields.code, "mã đơn vị")
    said = cells.required("role", fields.role, "chức vụ")
    name = cells.get("full_name", fields.name, may_clear=True)
    if name is None and "full_name" not in cells.unread:
        cells.problems.append(cells.line.problem("full_name", "thiếu họ và tên", "điền tên; chức vụ trống thì ghi dấu -"))
    title = cells.get("title", fields.name, may_clear=True)
    person = cells.get("person", fields.code)
    email = cells.get("email", fields.address, may_clear=True)
    number = cells.get("phone", fields.phone, may_clear=True)
    starts = cells.get("starts", fields.day, may_clear=True)
    ends = cells.get("ends", fields.day, may_clear=True)
    if isinstance(starts, date) and isinstance(ends, date) and starts > ends:
        cells.problems.append(cells.line.problem("ends", "là ngày trước “Từ ngày”", "sửa một trong hai ngày"))
        return
    if unit and said and name and not cells.unread:
        role, full = said
        yield SeatEntry(cells.line, unit, role, name, title or full, person, email, number, starts, ends)
