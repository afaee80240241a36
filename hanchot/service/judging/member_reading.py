"""The sheet of members in: from the bytes of a file to one line per person, and every cell that cannot be meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from hanchot.domain.errors import BadImport
from hanchot.domain.membership import DAYS, FIELDS, MAX_CELL_NAME
from hanchot.domain.tracking import Problem
from hanchot.papers.sheet import CHOICES
from hanchot.reader.sheets import Row, Sheet, Value, cell_name, read_book
from hanchot.reader.workbook_guard import MAX_FILE
from hanchot.service.judging.member_layout import (
    ABOUT,
    CLEAR,
    EXPORT_AGAIN,
    NAME,
    PAGE,
    PERSON,
    TITLES,
    UNIT,
    About,
    read_about,
)
from hanchot.service.org import fields
from hanchot.service.org.fields import Unreadable, text_of

_RENAMED = "Trả lại tên cột như khi tải, hoặc tải mẫu mới rồi điền lại."
_NEEDED = tuple(key for key in TITLES if key != "unit_name")


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it was filled in. ``told``: fields that say something; None: what is known is to be taken away."""

    number: int
    unit: str
    person: str
    name: str
    told: Mapping[str, date | str | None]


@dataclass(frozen=True, slots=True)
class Filled:
    """``columns``: key → letter of the column."""

    about: About
    columns: Mapping[str, str]
    lines: tuple[Line, ...]
    problems: tuple[Problem, ...]

    def cell(self, line: Line, key: str) -> str:
        return f"{self.columns[key]}{line.number}"


def read_members(name: str, data: bytes) -> Filled:
    """Raises BadImport: no workbook of ours, another version, a hidden page, a column renamed, doubled or missing."""
    if not 0 < len(data) <= MAX_FILE:
        raise BadImport(f"Tệp “{name}” rỗng hoặc nặng hơn {MAX_FILE // 2**20} MB.", way_out="Tải mẫu theo từng nhánh rồi điền.")
    sheets = {sheet.title: sheet for sheet in read_book(name, data)}
    about = _about(name, sheets)
    page = _page(name, sheets)
    head = next((row for row in page.rows[:30] if TITLES[UNIT] in map(_shown, row.values)), None)
    if head is None:
        raise BadImport(f"Trang “{PAGE}” không còn cột “{TITLES[UNIT]}”.", way_out=_RENAMED)
    places = _places(head)
    problems = [
        Problem(cell_name(top, 0), "", f"dòng {top} đến {bottom} có ô gộp", "bỏ gộp ô (Unmerge) rồi điền lại từng ô")
        for top, bottom in page.merged
        if bottom > head.number
    ]
    lines = tuple(_lines([row for row in page.rows if row.number > head.number], places, problems))
    return Filled(about, {key: cell_name(1, at)[:-1] for key, at in places.items()}, lines, tuple(problems))


def _about(name: str, sheets: Mapping[str, Sheet]) -> About:
    if ABOUT not in sheets:
        raise BadImport(f"Tệp “{name}” không có trang “{ABOUT}”, nên không phải mẫu danh sách đảng viên.", way_out=EXPORT_AGAIN)
    rows = [(_shown(row.at(0)), _shown(row.at(1))) for row in sheets[ABOUT].rows]
    labels = [label for label, _ in rows]
    first = labels.index("Mẫu") if "Mẫu" in labels else 0
    last = labels.index("Mã kiểm tra") + 1 if "Mã kiểm tra" in labels else len(rows)
    return read_about(name, rows[first:last])


def _page(name: str, sheets: Mapping[str, Sheet]) -> Sheet:
    for sheet in sheets.values():
        if not sheet.shown and sheet.title != CHOICES:
            raise BadImport(f"Trang “{sheet.title}” của tệp “{name}” đang bị ẩn.", way_out="Bỏ ẩn (Unhide) hoặc xóa trang đó.")
    if PAGE not in sheets:
        raise BadImport(f"Tệp “{name}” không có trang “{PAGE}”.", way_out="Trả lại tên trang như khi tải.")
    return sheets[PAGE]


def _places(head: Row) -> dict[str, int]:
    texts = [_shown(value) for value in head.values]
    for key in _NEEDED:
        if texts.count(TITLES[key]) != 1:
            words = "có hai lần" if TITLES[key] in texts else "không còn"
            raise BadImport(f"Dòng {head.number}: cột “{TITLES[key]}” {words}.", way_out=_RENAMED)
    return {key: texts.index(TITLES[key]) for key in _NEEDED}


def _lines(rows: Sequence[Row], places: Mapping[str, int], problems: list[Problem]) -> Iterator[Line]:
    for row in rows:
        held: dict[str, date | str | None] = {}
        wrong = False
        for key, at in places.items():
            value = row.at(at)
            if value is None:
                continue
            try:
                held[key] = _value(key, value)
            except Unreadable as error:
                wrong = True
                problems.append(Problem(cell_name(row.number, at), _shown(value)[:60], error.reason, error.way_out))
        if wrong or not held.keys() - {UNIT}:  # a cell without anybody
            continue
        told = {name: held[name] for name in FIELDS if name in held}
        unit, code, name = (str(held.get(key) or "") for key in (UNIT, PERSON, NAME))
        yield Line(row.number, unit, code, name, told)


def _value(key: str, value: Value) -> date | str | None:
    text = text_of(value)
    if text == CLEAR and key in FIELDS:
        return None
    if key in DAYS:
        return fields.day(value)
    if key in (UNIT, PERSON):  # a code that was made of a long name is longer than people may type
        if len(text.split()) > 1:
            raise Unreadable("mã có khoảng trắng", "viết liền")
        return text
    if key == NAME:
        return fields.name(value)
    if len(text) > MAX_CELL_NAME:
        raise Unreadable("tên chi bộ quá dài", f"rút còn không quá {MAX_CELL_NAME} chữ")
    return " ".join(text.split())


def _shown(value: Value) -> str:
    return "" if value is None else " ".join(str(value).split())
