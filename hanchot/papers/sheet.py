"""Excel out. Every cell is text as it was typed: “=1+1” stays four characters, 007 keeps its zeros, 89,99 is not rounded."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from hanchot.domain.errors import BadDocument
from hanchot.papers import words
from hanchot.papers.packing import repacked

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

MAX_CELL = 32_767  # characters, Excel's own limit
MAX_ROWS = 100_000
CHOICES = "Danh mục"  # the sheet that holds the lists of choices
_SPARE = 200  # rows below the last that still offer the choices, for staff who add rows
_BORN = datetime(2026, 1, 9, tzinfo=UTC)  # a fixed moment keeps the bytes the same
_RETURN = "\ufdd0"  # stands for a carriage return on the way through XlsxWriter; ``printable`` keeps it out of texts
_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_FACE = {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter", "text_wrap": True}
_TITLE = {"bold": True, "align": "center", "font_size": 14}
_HEAD = {"bold": True, "align": "center", "border": 1, "bg_color": "#E7E6E6"}
_NOTE = {"italic": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: heading, width in characters, and the values that Excel offers (empty: anything may be typed)."""

    title: str
    width: int = 14
    choices: tuple[str, ...] = ()
    centered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One page of a workbook. ``heading``: lines above the table; ``notes``: lines below it."""

    name: str
    heading: tuple[str, ...] = ()
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """The sheets as .xlsx; the same sheets give the same bytes.

    BadDocument: a text longer than a cell can hold, more rows than a person can use, a row of another width than its head.
    """
    from xlsxwriter import Workbook

    for sheet in sheets:
        _check(sheet)
    target = io.BytesIO()
    book = Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": sheets[0].name, "author": "Hạn Chót", "created": _BORN})
    lists = _Lists(book)
    for name, sheet in zip(_names(sheets), sheets, strict=True):
        _write(book, book.add_worksheet(name), sheet, lists)
    lists.write()
    book.close()
    return repacked(target.getvalue(), _with_returns)


class _Lists:
    """The values on offer, one column each on a sheet of their own: inside a rule Excel allows only 255 characters."""

    def __init__(self, book: Workbook) -> None:
        self._book, self._known = book, dict[tuple[str, ...], str]()

    def source(self, choices: tuple[str, ...]) -> str:
        letter = chr(ord("A") + len(self._known))
        return self._known.setdefault(choices, f"='{CHOICES}'!${letter}$1:${letter}${len(choices)}")

    def write(self) -> None:
        if not self._known:
            return
        page = self._book.add_worksheet(CHOICES)
        for column, choices in enumerate(self._known):
            for row, choice in enumerate(choices):
                page.write_string(row, column, choice)
        page.hide()


def _write(book: Workbook, page: Worksheet, sheet: Sheet, lists: _Lists) -> None:
    title, head, note = (book.add_format({**_FACE, **look}) for look in (_TITLE, _HEAD, _NOTE))
    plain = [book.add_format({**_FACE, "border": 1, "align": "center" if c.centered else "left"}) for c in sheet.columns]
    last, top = len(sheet.columns) - 1, len(sheet.heading)
    for place, text in enumerate(sheet.heading):
        _wide_line(page, place, last, text, title)
    for at, column in enumerate(sheet.columns):
        page.set_column(at, at, column.width)
        _text(page, top, at, column.title, head)
    for place, row in enumerate(sheet.rows, top + 1):
        page.set_row(place, _height(row, sheet.columns))
        for at, text in enumerate(row):
            _text(page, place, at, text, plain[at])
    end = top + len(sheet.rows)
    for place, text in enumerate(sheet.notes, end + 2):
        _wide_line(page, place, last, text, note)
    _offer(page, sheet, top + 1, end, lists)
    _frame(page, top, end, last)


def _height(row: tuple[str, ...], columns: tuple[Column, ...]) -> float:
    """Points for the tallest cell: not every program measures wrapped text when it opens a file. Excel takes 409 at most."""
    lines = max(
        sum(1 + len(unicodedata.normalize("NFC", part)) // column.width for part in text.splitlines() or [""])
        for text, column in zip(row, columns, strict=True)
    )
    return min(4 + 16.0 * lines, 409)


def _offer(page: Worksheet, sheet: Sheet, first: int, end: int, lists: _Lists) -> None:
    for at, column in enumerate(sheet.columns):
        if column.choices:
            rule = {
                "validate": "list", "source": lists.source(column.choices), "ignore_blank": True,
                "error_title": "Không có trong danh mục", "error_message": "Hãy chọn một giá trị trong danh sách thả xuống.",
            }  # fmt: skip
            page.data_validation(first, at, end + (0 if sheet.notes else _SPARE), at, rule)


def _frame(page: Worksheet, top: int, end: int, last: int) -> None:
    """Head row stays in sight and repeats in print; one page wide; no green corners for numbers that are texts."""
    page.freeze_panes(top + 1, 0)
    page.autofilter(top, 0, max(end, top), last)
    page.repeat_rows(top)
    page.set_landscape()
    page.set_paper(9)
    page.set_margins(left=0.8, right=0.6, top=0.8, bottom=0.8)
    page.fit_to_pages(1, 0)
    page.set_footer("&C&P/&N")
    page.ignore_errors({"number_stored_as_text": f"A1:XFD{end + 2}", "formula_differs": f"A1:XFD{end + 2}"})


def _wide_line(page: Worksheet, row: int, last: int, text: str, look: Any) -> None:
    if last > 0:
        page.merge_range(row, 0, row, last, "", look)
    _text(page, row, 0, text, look)


def _text(page: Worksheet, row: int, column: int, text: str, look: Any) -> None:
    page.write_string(row, column, words.printable(text).replace("\r", _RETURN), look)


def _with_returns(name: str, content: bytes) -> bytes:
    """Carriage returns as XML says them. XlsxWriter writes “_x000D_”, which other readers than Excel take for text."""
    return content.replace(_RETURN.encode(), b"&#13;") if name == "xl/sharedStrings.xml" else content


def _check(sheet: Sheet) -> None:
    if len(sheet.rows) > MAX_ROWS:
        raise BadDocument(
            f"Trang “{sheet.name}” có {len(sheet.rows)} dòng, quá {MAX_ROWS}.", way_out="Lọc bớt hoặc chia thành nhiều tệp."
        )
    for number, row in enumerate(sheet.rows, 1):
        if len(row) != len(sheet.columns):
            raise BadDocument(f"Trang “{sheet.name}”, dòng {number} có {len(row)} ô, cần {len(sheet.columns)} ô.")
    for text in _all_texts(sheet):
        if len(text.encode("utf-16-le", "surrogatepass")) // 2 > MAX_CELL:
            raise BadDocument(
                f"Một ô của trang “{sheet.name}” dài {len(text)} ký tự (“{text[:30]}…”), Excel nhận tối đa {MAX_CELL}.",
                way_out="Rút gọn nội dung ô này hoặc xuất bản Word.",
            )


def _all_texts(sheet: Sheet) -> Iterator[str]:
    yield from sheet.heading
    yield from sheet.notes
    for column in sheet.columns:
        yield column.title
        yield from column.choices
    for row in sheet.rows:
        yield from row


def _names(sheets: Sequence[Sheet]) -> list[str]:
    """Names that Excel takes: 31 characters, none of ``[]:*?/\\``, different in more than case."""
    made, taken = list[str](), {CHOICES.casefold()}
    for sheet in sheets:
        plain = _SHEET_NAME.sub("-", words.printable(sheet.name)).strip("' ")[:28] or "Trang"
        name, again = plain, 1
        while name.casefold() in taken:
            again += 1
            name = f"{plain[:26]} {again}"
        taken.add(name.casefold())
        made.append(name)
    return made
