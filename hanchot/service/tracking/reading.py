"""The tracking sheet in: from the bytes of a file to one line per unit, and every cell that cannot be meant.

What is wrong with the file as a whole is one sentence (``BadImport``); what is wrong with a cell is a ``Problem``, and
reading goes on, so that a person sees all of them at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from hanchot.domain.errors import BadImport
from hanchot.domain.tracking import WORDS, Column, Line, Problem, Said, Word, read_word
from hanchot.papers.sheet import CHOICES
from hanchot.reader.sheets import Row, Sheet, Value, cell_name, read_book
from hanchot.service.org.fields import Unreadable, text_of
from hanchot.service.org.fields import day as read_day
from hanchot.service.tracking.layout import (
    ABOUT,
    DAY,
    EXPORT_AGAIN,
    LEFT,
    NOTE,
    PAGE,
    STANDS,
    UNIT,
    About,
    placed,
    plain,
    read_about,
)

MOST_COLUMNS = 400
_DASHES = frozenset("-–—")
_RENAMED = "Trả lại tên cột như khi xuất, hoặc xuất bảng mới rồi điền lại."


@dataclass(frozen=True, slots=True)
class Filled:
    """A sheet as it was filled in. ``note_at``: the column of the notes; ``unit_at``: that of the units' codes."""

    about: About
    columns: tuple[Column, ...]
    unit_at: str
    note_at: str
    lines: tuple[Line, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Places:
    """Where everything stands; columns are counted from 0."""

    head: int
    unit: int
    note: int
    pairs: tuple[int, ...]


def read_sheet(name: str, data: bytes) -> Filled:
    """Raises BadImport: no workbook of ours, another version, a hidden page, columns renamed, moved apart or missing."""
    sheets = {sheet.title: sheet for sheet in read_book(name, data, MOST_COLUMNS)}
    about = _about(name, sheets)
    page = _page(name, sheets)
    places = _places(page, about)
    columns = placed(about.columns, places.pairs)
    letters = [cell_name(1, at)[:-1] for at in (places.unit, places.note)]
    problems = list(_merged(page, places))
    lines = tuple(_lines(page, places, columns, problems))
    return Filled(about, columns, letters[0], letters[1], lines, tuple(problems))


def _about(name: str, sheets: dict[str, Sheet]) -> About:
    if ABOUT not in sheets:
        raise BadImport(f"Tệp “{name}” không có trang “{ABOUT}”, nên không phải bảng theo dõi.", way_out=EXPORT_AGAIN)
    rows = [tuple(_shown(row.at(at)) for at in (0, 1)) for row in sheets[ABOUT].rows]
    labels = [label for label, _ in rows]
    first = labels.index("Mẫu") if "Mẫu" in labels else 0
    last = labels.index("Mã kiểm tra") + 1 if "Mã kiểm tra" in labels else len(rows)
    return read_about(name, [(label, value) for label, value in rows[first:last]])


def _page(name: str, sheets: dict[str, Sheet]) -> Sheet:
    for sheet in sheets.values():
        if not sheet.shown and sheet.title != CHOICES:
            raise BadImport(f"Trang “{sheet.title}” của tệp “{name}” đang bị ẩn.", way_out="Bỏ ẩn (Unhide) hoặc xóa trang đó.")
    if PAGE not in sheets:
        found = ", ".join(f"“{title}”" for title in sheets if title not in (ABOUT, CHOICES)) or "không có trang nào khác"
        raise BadImport(f"Tệp “{name}” không có trang “{PAGE}” (có: {found}).", way_out="Trả lại tên trang như khi xuất.")
    return sheets[PAGE]


def _places(page: Sheet, about: About) -> _Places:
    head = next((row for row in page.rows[:30] if UNIT in map(_shown, row.values)), None)
    if head is None:
        raise BadImport(f"Trang “{PAGE}” không còn cột “{UNIT}”.", way_out=_RENAMED)
    band = next((row for row in page.rows if row.number == head.number - 1), Row(head.number - 1, ()))
    heads, bands = [_shown(value) for value in head.values], [_shown(value) for value in band.values]
    pairs = tuple(_pair(head.number, heads, bands, title, place) for place, (_, title) in enumerate(about.columns))
    return _Places(head.number, _only(head.number, heads, UNIT, 0), _only(head.number, heads, NOTE, len(heads) - 1), pairs)


def _only(number: int, texts: Sequence[str], title: str, expected: int) -> int:
    """Where a heading stands. BadImport: nowhere (what stands in its place is named), or twice."""
    if texts.count(title) > 1:
        twice = cell_name(number, len(texts) - 1 - texts[::-1].index(title))
        raise BadImport(f"Ô {twice} (“{title}”) trùng tên với một cột khác.", way_out="Xóa cột thừa hoặc xuất bảng mới.")
    if title in texts:
        return texts.index(title)
    held = texts[expected] if 0 <= expected < len(texts) else ""
    raise BadImport(f"Ô {cell_name(number, max(expected, 0))} là “{held}”, phải là “{title}”.", way_out=_RENAMED)


def _pair(number: int, heads: Sequence[str], bands: Sequence[str], title: str, place: int) -> int:
    start = _only(number - 1, bands, title, len(LEFT) + 2 * place)
    for at, wanted in ((start, STANDS), (start + 1, DAY)):
        held = heads[at] if at < len(heads) else ""
        if held != wanted:
            raise BadImport(f"Ô {cell_name(number, at)} là “{held}”, phải là “{wanted}” của cột “{title}”.", way_out=_RENAMED)
    return start


def _merged(page: Sheet, places: _Places) -> Iterator[Problem]:
    for top, bottom in page.merged:
        if bottom > places.head:
            rows = f"dòng {top}" if top == bottom else f"dòng {top} đến {bottom}"
            yield Problem(cell_name(top, places.unit), "", f"{rows} có ô gộp", "bỏ gộp ô (Unmerge) rồi điền lại từng ô")


def _lines(page: Sheet, places: _Places, columns: tuple[Column, ...], problems: list[Problem]) -> Iterator[Line]:
    seen: dict[str, int] = {}
    for row in page.rows:
        if row.number <= places.head:
            continue
        try:
            code, note = _text(row, places.unit), _text(row, places.note)
        except _Unmeant as error:
            problems.append(error.problem)
            continue
        where = cell_name(row.number, places.unit)
        if not code:
            problems.append(Problem(where, "", "dòng có dữ liệu nhưng không có mã đơn vị", "ghi mã hoặc xóa cả dòng"))
        elif code in seen:
            problems.append(Problem(where, code, f"đơn vị đã có ở dòng {seen[code]}", "mỗi đơn vị một dòng", code))
        else:
            seen[code] = row.number
            said = _said(row, places, columns, code, problems)
            yield Line(row.number, code, note, said, row.number in page.hidden)


def _said(row: Row, places: _Places, columns: tuple[Column, ...], code: str, problems: list[Problem]) -> dict[str, Said]:
    said = {}
    for column, start in zip(columns, places.pairs, strict=True):
        word, day = row.at(start), row.at(start + 1)
        if word is None and day is None:
            continue
        try:
            said[column.key] = _pair_said(row, start, word, day)
        except _Unmeant as error:
            problems.append(error.about(code, column.key))
    return said


def _pair_said(row: Row, start: int, word: Value, day: Value) -> Said:
    typed = type(word) is str and (day is None or type(day) is str)  # a formula is a kind of text, but not this one
    if typed and (known := _plain_pair(str(word), day if day is None else str(day))):
        return known
    text, when = _text(row, start), None
    none = text in _DASHES
    meant = read_word(text) if text and not none else None
    if text and not none and meant is None:
        raise _Unmeant(row, start, "không có trong danh mục", f"chọn một trong: {', '.join(WORDS)}")
    if day is not None and _text(row, start + 1) not in _DASHES:
        when = _date(row, start + 1, day)
    return Said(meant, when, none)


@lru_cache(maxsize=4096)  # a sheet of ten thousand rows says the same few things
def _plain_pair(word: str, day: str | None) -> Said | None:
    """What a pair says that is just as it was exported; None for anything that needs a closer look."""
    if word not in WORDS:
        return None
    try:
        return Said(Word(word), read_day(day) if day is not None else None)
    except Unreadable:
        return None


def _date(row: Row, at: int, value: Value) -> date:
    try:
        return read_day(value)
    except Unreadable as error:
        raise _Unmeant(row, at, error.reason, error.way_out) from None


def _text(row: Row, at: int) -> str:
    value = row.at(at)
    if value is None:
        return ""
    try:
        return plain(text_of(value))
    except Unreadable as error:
        raise _Unmeant(row, at, error.reason, error.way_out) from None


def _shown(value: Value) -> str:
    """A heading as text, whatever it is."""
    return "" if value is None else plain(str(value))


class _Unmeant(Exception):
    """A cell that cannot be meant."""

    def __init__(self, row: Row, at: int, reason: str, way_out: str) -> None:
        self.problem = Problem(cell_name(row.number, at), _shown(row.at(at))[:60], reason, way_out)

    def about(self, unit: str, milestone: str) -> Problem:
        one = self.problem
        return Problem(one.cell, one.value, one.reason, one.way_out, unit, milestone)
