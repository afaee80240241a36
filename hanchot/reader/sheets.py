"""Spreadsheets in: .xlsx and .csv as rows of plain values, with what a person should know about the file.

Values only: a formula comes out as ``Formula``, an Excel error as ``Broken``; who reads the rows refuses them by name.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from openpyxl import load_workbook
from openpyxl.utils.cell import get_column_letter, range_boundaries

from hanchot.domain.errors import BadImport
from hanchot.reader.workbook_guard import SAVE_AS, check_workbook, read_small, refuse_old_office

MAX_ROWS = 60_000
MAX_COLUMNS = 64
_ROW_TAG = re.compile(rb"<(?:\w+:)?row\b[^>]*>")
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_NUMBER = re.compile(rb'\br="(\d+)"')
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*ref="([A-Z]+\d+:[A-Z]+\d+)"')
_MAX_MERGED = 20_000
_MAX_ROW_BYTES = 4 * 2**20  # the parser holds one row at a time, so this bounds its memory


class Formula(str):
    """A formula, as text; never computed."""

    __slots__ = ()


class Broken(str):
    """An Excel error value such as ``#REF!``."""

    __slots__ = ()


Value = str | int | float | bool | date | None


class Row(NamedTuple):
    """One row that has something in it; ``number`` is the one Excel shows."""

    number: int
    values: tuple[Value, ...]

    def at(self, column: int) -> Value:
        """The value of a column counted from 0; None beyond the row's end."""
        return self.values[column] if column < len(self.values) else None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. ``title`` is its name, empty for .csv; ``notes`` are sentences for the person who imports.

    ``shown`` is False for a hidden sheet, ``hidden`` are rows that are hidden or filtered away, ``merged`` the first and
    the last row of each range of merged cells.
    """

    title: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    shown: bool = True
    hidden: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int], ...] = ()


class _Shape(NamedTuple):
    """What the parser leaves out: rows that the filter hides, and where merged cells take their value from."""

    hidden: frozenset[int]
    source: dict[tuple[int, int], tuple[int, int]]
    merged: tuple[tuple[int, int], ...] = ()


def cell_name(row: int, column: int) -> str:
    """``B7`` for row 7, column 1 (columns are counted from 0)."""
    return f"{get_column_letter(column + 1)}{row}"


def read_sheets(path: Path) -> tuple[Sheet, ...]:
    """The sheets of a .xlsx or .csv file (also .txt and .tsv as Excel saves them), in order.

    BadImport, one sentence: another kind of file than its ending says, .xls, macros, password, too large, broken.
    """
    data, ending = read_small(path), path.suffix.lower()
    refuse_old_office(path.name, data)
    if ending in (".csv", ".txt", ".tsv"):
        return (_read_csv(path, data),)
    if ending != ".xlsx":
        raise BadImport(f"Không nhập được tệp “{path.name}” (loại “{ending or 'không có đuôi'}”).", way_out=SAVE_AS)
    return read_book(path.name, data)


def read_book(name: str, data: bytes, columns: int = MAX_COLUMNS) -> tuple[Sheet, ...]:
    """The sheets of a .xlsx file called ``name``, at most ``columns`` wide. BadImport as for ``read_sheets``."""
    refuse_old_office(name, data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            check_workbook(name, archive)
            return tuple(_read_workbook(name, data, archive, columns))
    except (zipfile.BadZipFile, ElementTree.ParseError, KeyError, ValueError, TypeError, EOFError, OSError) as error:
        raise BadImport(f"Tệp “{name}” hỏng hoặc không phải Excel .xlsx.", way_out=SAVE_AS) from error


def _read_workbook(name: str, data: bytes, archive: zipfile.ZipFile, columns: int) -> Iterator[Sheet]:
    paths = _sheet_paths(archive)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl speaks of styles and validations, which carry no values
        book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        for sheet in book.worksheets:
            shape = _shape(archive.read(paths[sheet.title])) if sheet.title in paths else _Shape(frozenset(), {})
            sheet.reset_dimensions()  # some programs write a wrong one, and rows would be lost without a word
            rows = tuple(_rows(name, sheet.title, sheet.iter_rows(max_col=columns), shape))
            notes, shown = tuple(_notes(sheet.title, sheet.sheet_state, rows, shape)), sheet.sheet_state == "visible"
            yield Sheet(sheet.title, rows, notes, shown, shape.hidden, shape.merged)
        book.close()


def _rows(name: str, title: str, source: Iterator[tuple[object, ...]], shape: _Shape) -> Iterator[Row]:
    anchors = set(shape.source.values())
    kept: dict[tuple[int, int], Value] = {}
    found = 0
    for number, cells in enumerate(source, start=1):
        values = [_value(cell) for cell in cells]
        while values and values[-1] is None:
            values.pop()
        if shape.source:
            values = _unmerged(values, number, shape, anchors, kept)
        if not values:
            continue
        found += 1
        if found > MAX_ROWS:
            raise BadImport(f"Sheet “{title}” của tệp “{name}” có hơn {MAX_ROWS:,} dòng.", way_out="Chia thành nhiều tệp.")
        yield Row(number, tuple(values))


def _value(cell: object) -> Value:
    value, kind = getattr(cell, "value", None), getattr(cell, "data_type", "n")
    if value is None:
        return None
    if kind == "f":
        return Formula(getattr(value, "text", value))
    if kind == "e":
        return Broken(value)
    if isinstance(value, str):
        text = unicodedata.normalize("NFC", value)
        return text if text.strip() else None
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value
    if isinstance(value, (time, timedelta)):
        return str(value)
    return value if isinstance(value, (int, float, date)) else str(value)


def _unmerged(
    values: list[Value], number: int, shape: _Shape, anchors: set[tuple[int, int]], kept: dict[tuple[int, int], Value]
) -> list[Value]:
    wide = values + [None] * (MAX_COLUMNS - len(values))
    for column, value in enumerate(wide):
        place = (number, column)
        if place in anchors:
            kept[place] = value
        elif place in shape.source and value is None:
            wide[column] = kept.get(shape.source[place])
    while wide and wide[-1] is None:
        wide.pop()
    return wide


def _notes(title: str, state: str, rows: tuple[Row, ...], shape: _Shape) -> Iterator[str]:
    if state != "visible" and rows:
        yield f"Sheet “{title}” đang bị ẩn nhưng vẫn được đọc."
    hidden = [row.number for row in rows if row.number in shape.hidden]
    if hidden:
        shown = ", ".join(map(str, hidden[:10])) + (" …" if len(hidden) > 10 else "")
        yield f"Sheet “{title}” có {len(hidden)} dòng đang bị ẩn hoặc lọc ({shown}); các dòng đó vẫn được đọc."
    if shape.source:
        first = min(shape.source)
        place = cell_name(*first)
        yield f"Sheet “{title}” có ô gộp (gần {place}); mọi ô trong vùng gộp nhận cùng một giá trị."


def _sheet_paths(archive: zipfile.ZipFile) -> dict[str, str]:
    """Where each sheet lies in the archive, by its name."""
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - the guard has refused entities
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    found = {}
    for node in book.iter():
        if node.tag.endswith("}sheet"):
            link = next((value for key, value in node.attrib.items() if key.endswith("}id")), None)
            target = targets.get(link, "")
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if path in archive.NameToInfo:
                found[node.get("name", "")] = path
    return found


def _shape(xml: bytes) -> _Shape:
    """Read off the tags alone: no value can hold a bare ‘<’, so no value can pretend to be one."""
    hidden, began = set(), 0
    for tag in _ROW_TAG.finditer(xml):
        if tag.start() - began > _MAX_ROW_BYTES and began:
            raise ValueError("a row longer than any that people write")
        began = tag.start()
        if _HIDDEN.search(tag[0]) and (number := _NUMBER.search(tag[0])):
            hidden.add(int(number[1]))
    if began and len(xml) - began > _MAX_ROW_BYTES + len(xml.rpartition(b"</sheetData>")[2]):
        raise ValueError("a row longer than any that people write")
    source: dict[tuple[int, int], tuple[int, int]] = {}
    merged = []
    for ref in _MERGE.findall(xml):
        left, top, right, bottom = (int(edge or 0) for edge in range_boundaries(ref.decode()))
        merged.append((top, bottom))
        if left != right or bottom - top > _MAX_MERGED - len(source):
            continue  # across columns: a heading; the cells beside it stay empty
        source.update({(row, left - 1): (top, left - 1) for row in range(top + 1, bottom + 1)})
    return _Shape(frozenset(hidden), source, tuple(merged))


def _read_csv(path: Path, data: bytes) -> Sheet:
    if data.startswith((b"PK\x03\x04", b"%PDF")):
        raise BadImport(f"Tệp “{path.name}” mang đuôi CSV nhưng bên trong không phải là chữ.", way_out=SAVE_AS)
    text, notes = _decode(path.name, data)
    first = text.partition("\n")[0].strip("\r\n")
    mark = re.fullmatch(r"sep=(.)", first)
    delimiter = mark[1] if mark else max(";,\t", key=_separators(text))
    source = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows = []
    try:
        for values in source:
            row = Row(source.line_num, tuple(_text(value) for value in values[:MAX_COLUMNS]))
            if any(value is not None for value in row.values) and not (mark and source.line_num == 1):
                rows.append(row)
            if len(rows) > MAX_ROWS:
                raise BadImport(f"Tệp “{path.name}” có hơn {MAX_ROWS:,} dòng.", way_out="Chia thành nhiều tệp.")
    except csv.Error as error:
        raise BadImport(
            f"Tệp “{path.name}”, dòng {source.line_num}: dấu nháy kép không khớp hoặc ô quá dài.",
            way_out="Lưu lại từ Excel dạng “CSV UTF-8”, hoặc dùng .xlsx.",
        ) from error
    return Sheet("", tuple(rows), notes)


def _separators(text: str) -> Callable[[str], int]:
    """How often a separator stands outside quotes in the first lines that are not empty."""
    start = re.sub(r'"[^"]*"', "", "\n".join([line for line in text[:8000].splitlines() if line.strip()][:5]))
    return start.count


def _text(value: str) -> str | None:
    text = unicodedata.normalize("NFC", value)
    if text[:1] == "'" and text[1:2] in tuple("=+-@\t\r"):
        text = text[1:]  # the apostrophe that exports put before what Excel would take for a formula
    return text if text.strip() else None


def _decode(name: str, data: bytes) -> tuple[str, tuple[str, ...]]:
    """UTF-8 and UTF-16 by their marks or by what fits; Windows-1258 (old Vietnamese Windows) when nothing else does."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data[:200]:
        encodings = ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-16-le", "utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp1258"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            old = ("Tệp không phải UTF-8, đã đọc theo bảng mã Windows-1258: kiểm tra lại dấu tiếng Việt.",)
            return text, old if encoding == "cp1258" else ()
    raise BadImport(
        f"Tệp “{name}” không phải văn bản UTF-8, UTF-16 hay Windows-1258.", way_out="Lưu từ Excel dạng “CSV UTF-8”."
    )
