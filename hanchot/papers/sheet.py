"""Excel out. Every cell is text as it was typed: “=1+1” stays four characters, 007 keeps its zeros, 89,99 is not rounded."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
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
_DEFAULT = {"font_name": "Times New Roman", "font_size": 11}  # what widths of columns are measured in, in every program
_FACE = {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter", "text_wrap": True}
_TITLE = {"bold": True, "align": "center", "font_size": 14}
_HEAD = {"bold": True, "align": "center", "border": 1, "bg_color": "#E7E6E6"}
_BAND = {**_HEAD, "bg_color": "#DDE7F3"}
_NOTE = {"italic": True}
_LINE = {"bold": True, "text_wrap": False}
_VOID = {"align": "center", "border": 1, "bg_color": "#EDEDED", "font_color": "#767676"}
_PAGE = 132  # characters across A4 landscape at full size, a little on the safe side
_SCALE = 70  # per cent; smaller than this nobody reads a printed table
_ROW = 20  # points for a row of one line
_DENSE = 11  # points, in a table of many columns


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: heading, width in characters, and the values that Excel offers (empty: anything may be typed).

    ``as_typed``: a date typed here stays the text that it was, so that no American setting turns 05/12 around.
    ``tints``: (value, colour) of cells that should catch the eye; the words say the same.
    """

    title: str
    width: int = 14
    choices: tuple[str, ...] = ()
    centered: bool = False
    as_typed: bool = False
    tints: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Band:
    """A heading over several columns; an empty one is left blank."""

    title: str
    columns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One page of a workbook. ``heading``: lines above the table; ``notes``: lines below it.

    ``bands``: rows of headings over the columns, the widest first. ``frozen``: columns at the left that stay in sight and
    are printed on every page of a table too wide for one. ``void``: a cell with this text is greyed, nothing belongs there.
    """

    name: str
    heading: tuple[str, ...] = ()
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    bands: tuple[tuple[Band, ...], ...] = ()
    frozen: int = 0
    void: str | None = None


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """The sheets as .xlsx; the same sheets give the same bytes.

    BadDocument: a text longer than a cell can hold, more rows than a person can use, a row of another width than its head.
    """
    from xlsxwriter import Workbook

    for sheet in sheets:
        _check(sheet)
    target = io.BytesIO()
    book = Workbook(target, {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "default_format_properties": dict(_DEFAULT),
    })  # fmt: skip
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
    face = {**_FACE, "font_size": _DENSE} if sheet.frozen else _FACE
    page.set_default_row(_ROW)
    plain = [book.add_format({**face, **_look(column)}) for column in sheet.columns]
    void = book.add_format({**face, **_VOID})
    top = _heads(book, page, sheet)
    for place, row in enumerate(sheet.rows, top + 1):
        height = _height(row, sheet.columns, sheet.frozen > 0)
        if height > _ROW:
            page.set_row(place, height)
        for at, text in enumerate(row):
            _text(page, place, at, text, void if text == sheet.void else plain[at])
    end = top + len(sheet.rows)
    note = book.add_format({**_FACE, **_NOTE})
    for place, text in enumerate(sheet.notes, end + 2):
        _wide_line(page, place, sheet, text, note)
    _offer(page, sheet, top + 1, end, lists)
    _tint(book, page, sheet, top + 1, end)
    _frame(page, sheet, top, end)


def _look(column: Column) -> dict[str, Any]:
    form = {"num_format": "@"} if column.as_typed else {}
    return {"border": 1, "align": "center" if column.centered else "left", **form}


def _heads(book: Workbook, page: Worksheet, sheet: Sheet) -> int:
    """Everything above the rows; returns the row (from 0) of the columns' own headings."""
    title, head, band = (book.add_format({**_FACE, **look}) for look in (_TITLE, _HEAD, _BAND))
    line = book.add_format({**_FACE, **_LINE})
    for place, text in enumerate(sheet.heading):
        if sheet.frozen:  # what is centred over a table of many screens is seen on none of them
            _text(page, place, 0, text, line)
        else:
            _wide_line(page, place, sheet, text, title, 0.7)
    breaks = _page_breaks(sheet)
    for place, row in enumerate(sheet.bands, len(sheet.heading)):
        _band(page, place, _cut(row, breaks), sheet.columns, band)
    top = len(sheet.heading) + len(sheet.bands)
    for at, column in enumerate(sheet.columns):
        page.set_column(at, at, column.width)
        _text(page, top, at, column.title, head)
    lines = max(_lines(column.title, column.width * 9 // 10) for column in sheet.columns)
    page.set_row(top, min(4 + 16.0 * lines, 409))
    return top


def _band(page: Worksheet, place: int, row: Sequence[Band], columns: tuple[Column, ...], look: Any) -> None:
    at, lines = 0, 1
    for band in row:
        if band.columns > 1 and band.title:
            page.merge_range(place, at, place, at + band.columns - 1, "", look)
        if band.title:
            _text(page, place, at, band.title, look)
        lines = max(lines, _lines(band.title, sum(column.width for column in columns[at : at + band.columns])))
        at += band.columns
    page.set_row(place, min(4 + 16.0 * lines, 409))


def _cut(row: tuple[Band, ...], breaks: list[int]) -> list[Band]:
    """The bands, each again on every printed page that it reaches into."""
    cut, at = [], 0
    for band in row:
        edges = [at, *(edge for edge in breaks if at < edge < at + band.columns), at + band.columns]
        cut += [Band(band.title, end - start) for start, end in pairwise(edges)]
        at += band.columns
    return cut


def _lines(text: str, width: int) -> int:
    """How many lines a text takes in a column of ``width`` characters."""
    return sum(1 + len(unicodedata.normalize("NFC", part)) // width for part in text.splitlines() or [""])


def _height(row: tuple[str, ...], columns: tuple[Column, ...], dense: bool) -> float:
    """Points for the tallest cell: not every program measures wrapped text when it opens a file. Excel takes 409 at most."""
    lines = 1
    for text, column in zip(row, columns, strict=True):
        if len(text) >= column.width or "\n" in text or "\r" in text:  # most cells of a long table are short
            lines = max(lines, _lines(text, column.width * 12 // _DENSE if dense else column.width))
    return min(4 + 16.0 * lines, 409)


def _tint(book: Workbook, page: Worksheet, sheet: Sheet, first: int, end: int) -> None:
    """Colours that follow what is typed."""
    known = {colour: book.add_format({"bg_color": colour}) for column in sheet.columns for _, colour in column.tints}
    for at, column in enumerate(sheet.columns):
        for value, colour in column.tints:
            rule = {"type": "cell", "criteria": "==", "value": f'"{value}"', "format": known[colour]}
            page.conditional_format(first, at, max(first, end), at, rule)


def _offer(page: Worksheet, sheet: Sheet, first: int, end: int, lists: _Lists) -> None:
    for at, column in enumerate(sheet.columns):
        if column.choices:
            rule = {
                "validate": "list", "source": lists.source(column.choices), "ignore_blank": True,
                "error_title": "Không có trong danh mục", "error_message": "Hãy chọn một giá trị trong danh sách thả xuống.",
            }  # fmt: skip
            page.data_validation(first, at, end + (0 if sheet.notes else _SPARE), at, rule)


def _frame(page: Worksheet, sheet: Sheet, top: int, end: int) -> None:
    """Heads stay in sight and repeat in print; one page wide, or as many as it takes to stay readable; no green corners
    for numbers that are texts.
    """
    page.freeze_panes(top + 1, sheet.frozen)
    page.autofilter(top, 0, max(end, top), len(sheet.columns) - 1)
    page.repeat_rows(top - len(sheet.bands), top)
    page.set_landscape()
    page.set_paper(9)
    page.set_margins(left=0.8, right=0.6, top=0.8, bottom=0.8)
    if breaks := _page_breaks(sheet):
        page.repeat_columns(0, sheet.frozen - 1)
        page.set_print_scale(_SCALE)
        page.set_v_pagebreaks(breaks)
    else:
        page.fit_to_pages(1, 0)
    page.set_footer("&C&P/&N")
    page.ignore_errors({"number_stored_as_text": f"A1:XFD{end + 2}", "formula_differs": f"A1:XFD{end + 2}"})


def _page_breaks(sheet: Sheet) -> list[int]:
    """Columns before which a new printed page begins, never inside a band; none where the table fits on one page."""
    room = _PAGE * 100 // _SCALE
    if not sheet.frozen or sum(column.width for column in sheet.columns) <= room:
        return []
    kept = sum(column.width for column in sheet.columns[: sheet.frozen])
    breaks, used, at = list[int](), kept, sheet.frozen
    while at < len(sheet.columns):
        block = next(width for start, width in _blocks(sheet) if start == at)
        width = sum(column.width for column in sheet.columns[at : at + block])
        if used + width > room and used > kept:
            breaks.append(at)
            used = kept
        used, at = used + width, at + block
    return breaks


def _blocks(sheet: Sheet) -> Iterator[tuple[int, int]]:
    """(first column, how many) of what stays together in print: the narrowest bands, or single columns."""
    at = 0
    for band in sheet.bands[-1] if sheet.bands else ():
        if band.title:
            yield at, band.columns
        else:
            yield from ((column, 1) for column in range(at, at + band.columns))
        at += band.columns
    yield from ((column, 1) for column in range(at, len(sheet.columns)))


def _wide_line(page: Worksheet, row: int, sheet: Sheet, text: str, look: Any, fits: float = 1.0) -> None:
    """A line across the whole table; ``fits``: characters of this look to one of a column's."""
    last = len(sheet.columns) - 1
    if last > 0:
        page.merge_range(row, 0, row, last, "", look)
    width = sum(column.width for column in sheet.columns)
    page.set_row(row, min((4 + 16.0 * _lines(text, max(1, int(width * fits)))) / min(fits + 0.15, 1), 409))
    _text(page, row, 0, text, look)


def _text(page: Worksheet, row: int, column: int, text: str, look: Any) -> None:
    if not text.isprintable():
        text = words.printable(text).replace("\r", _RETURN)
    page.write_string(row, column, text, look)


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
        if len(text) > MAX_CELL // 2 and len(text.encode("utf-16-le", "surrogatepass")) // 2 > MAX_CELL:
            raise BadDocument(
                f"Một ô của trang “{sheet.name}” dài {len(text)} ký tự (“{text[:30]}…”), Excel nhận tối đa {MAX_CELL}.",
                way_out="Rút gọn nội dung ô này hoặc xuất bản Word.",
            )


def _all_texts(sheet: Sheet) -> Iterator[str]:
    yield from sheet.heading
    yield from sheet.notes
    yield from (band.title for row in sheet.bands for band in row)
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
