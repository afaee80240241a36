"""A Word file (.docx) into lines: a paragraph a line, a table's row a line, automatic numbers and footnotes written out.

Read from the XML itself: python-docx passes over numbering, footnotes, text boxes, content controls and tracked changes, which
is where real plans keep their clause numbers and half of their dates.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from hanchot.domain.errors import BadDocument
from hanchot.reader.legacy import CODES, from_font, old_code
from hanchot.reader.pages import PAGE_BREAK, Pages, refuse_endless
from hanchot.reader.word_numbers import Numbers
from hanchot.reader.word_styles import Styles, font_of, is_drawn
from hanchot.reader.word_xml import Package, number, switch, value

_THROUGH = frozenset(
    {"ins", "moveTo", "hyperlink", "smartTag", "customXml", "fldSimple", "sdt", "sdtContent", "dir", "bdo", "ruby", "rubyBase"}
)
_DROPPED = frozenset({"del", "moveFrom"})
_PLAIN = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": ""}
_MOST_COLUMNS = 63  # Word's own limit
_HEAD_LINES = 12  # number and place of issue stand side by side in the first lines, at times by the tab key
_NOTES = {
    "tracked-changes": "Văn bản còn theo dõi thay đổi (Track Changes): đã đọc như khi chấp nhận tất cả.",
    "hidden-text": "Văn bản có chữ ẩn, đã bỏ qua: “{}”.",
    "old-encoding": "Văn bản viết bằng bảng mã {}, đã chuyển sang Unicode; nên đối chiếu với bản gốc.",
    "pictures": "Văn bản có {} ảnh; chữ nằm trong ảnh không được đọc.",
}


def read_word(data: bytes) -> Pages:
    """The lines of a .docx. BadDocument: broken, or pictures of pages instead of text."""
    return _Reader(Package(data)).pages()


class _Reader:
    """Walks the body once, in reading order."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._styles = Styles(package.part("styles"))
        self._numbers = Numbers(package.part("numbering"))
        self._notes_of = {kind: _notes(package.part(f"{kind}s")) for kind in ("footnote", "endnote")}
        self._said: dict[str, str] = {}
        self._calls = 0
        self._pictures = 0
        self._lines = 0
        self._after: list[str] = []  # text boxes and footnotes that wait for the end of the paragraph or table
        self._tables = 0  # how deep in tables
        self._carried = ""  # the text of a paragraph whose end was deleted: it goes on in the next

    def pages(self) -> Pages:
        lines, letters = [], 0
        for line in self._blocks(self._package.body()):
            lines.append(unicodedata.normalize("NFC", line))
            letters += len(line)
            refuse_endless(letters)
        if self._pictures and letters < 100:
            raise BadDocument("Tệp “{name}” chỉ chứa ảnh chụp trang giấy.", way_out="Lưu thành PDF (Save As) rồi nộp PDF đó.")
        if self._pictures:
            self._say("pictures", str(self._pictures))
        return Pages("docx", self._rescued(lines), list(self._said.items()))

    def _rescued(self, lines: list[str]) -> list[str]:
        """The lines in Unicode, also where the font's name has been lost but the old code has not."""
        code = old_code("\n".join(lines))
        if code is None:
            return lines
        self._say("old-encoding", code)
        return [CODES[code](line) for line in lines]

    def _blocks(self, parent: Element) -> Iterator[str]:
        for child in parent:
            if child.tag == "p":
                yield from self._paragraph(child)
            elif child.tag == "tbl":
                yield from self._table(child)
            elif child.tag in _THROUGH:
                yield from self._blocks(child)
            elif child.tag == "AlternateContent":
                yield from self._blocks(child[0]) if len(child) else ()

    def _paragraph(self, paragraph: Element) -> Iterator[str]:
        """The lines of a paragraph, then of the text boxes and footnotes that hang on it."""
        properties = paragraph.find("pPr")
        style = value(properties, "pStyle")
        text = self._carried + self._inline(paragraph, style)
        self._carried = ""
        if switch(properties, "rPr/del"):
            self._carried = text
            return
        if switch(properties, "pageBreakBefore"):
            yield PAGE_BREAK
        label = self._label(properties, style)
        if text.strip():
            yield from self._split(f"{label} {text.lstrip()}" if label else text)
        yield from self._waiting()

    def _waiting(self) -> list[str]:
        if self._tables:
            return []
        after, self._after = self._after, []
        return after

    def _split(self, text: str) -> Iterator[str]:
        """Line by line; a page break is a line of its own. Tabs are gaps, and stay only where the head has two columns."""
        for part in re.split(r"(\f)|\n", text):
            if part == PAGE_BREAK:
                yield part
            elif part and part.strip():
                self._lines += 1
                head = self._lines <= _HEAD_LINES and re.search(r"\S.{7,}\t+\S", part)
                yield re.sub(r"\s*\t\s*", "\t" if head else " ", part.strip())

    def _label(self, properties: Element | None, style: str | None) -> str:
        """The automatic number or bullet. ``numId`` 0 takes a number away that the style would bring."""
        list_id, depth, home = value(properties, "numPr/numId"), value(properties, "numPr/ilvl"), style
        if list_id is None:
            list_id, from_style, home = self._styles.number_of(style)
            depth = depth or from_style
        if not list_id or list_id == "0":
            return ""
        return self._numbers.next(list_id, number(depth) if depth is not None else self._numbers.level_of_style(list_id, home))

    def _inline(self, parent: Element, style: str | None) -> str:
        parts: list[str] = []
        for child in parent:
            if child.tag == "r":
                parts.append(self._run(child, style))
            elif child.tag in _DROPPED:
                self._say("tracked-changes")
            elif child.tag in _THROUGH:
                if child.tag in ("ins", "moveTo"):
                    self._say("tracked-changes")
                parts.append(self._inline(child, style))
            elif child.tag in ("oMath", "oMathPara"):
                parts.append("".join(part.text or "" for part in child.iter("t")))
        return "".join(parts)

    def _run(self, run: Element, style: str | None) -> str:
        properties = run.find("rPr")
        own = value(properties, "rStyle")
        text = "".join(self._piece(child, style) for child in run)
        if self._property(properties, "vanish", own, style):
            if text.strip():
                self._say("hidden-text", text.strip()[:80])
            return ""
        found = from_font(text, self._font(properties, own, style)) if text.strip() else None
        if found:
            text = found[0]
            if not text.isascii():
                self._say("old-encoding", found[1])
        return text.upper() if self._property(properties, "caps", own, style) else text

    def _property(self, properties: Element | None, name: str, *styles: str | None) -> bool:
        """A switch of the run itself, or of its own style, or of the paragraph's."""
        said = switch(properties, name)
        if said is not None:
            return said
        look = self._styles.caps if name == "caps" else self._styles.hidden
        return any(look(style) for style in styles if style) or look(styles[-1])

    def _font(self, properties: Element | None, own: str | None, style: str | None) -> str:
        return font_of(properties) or (self._styles.font(own) if own else "") or self._styles.font(style)

    def _piece(self, piece: Element, style: str | None) -> str:
        """The text of one part of a run."""
        if piece.tag == "t":
            return piece.text or ""
        if piece.tag == "br" and piece.get("type") == "page":
            return PAGE_BREAK
        if piece.tag in _PLAIN:
            return _PLAIN[piece.tag]
        if piece.tag in ("footnoteReference", "endnoteReference") and not piece.get("customMarkFollows"):
            return self._call(piece.tag.removesuffix("Reference"), piece.get("id", ""), style)
        if piece.tag == "AlternateContent":
            return "".join(self._piece(child, style) for child in (piece[0] if len(piece) else ()))
        if piece.tag in ("drawing", "pict", "object"):
            self._hang(piece)
        return ""

    def _call(self, kind: str, note_id: str, style: str | None) -> str:
        note = self._notes_of[kind].pop(note_id, None)
        if note is None:
            return ""
        self._calls += 1
        mark = f"({self._calls})"
        words = " ".join(self._inline(paragraph, style) for paragraph in note.iter("p"))
        self._after.append(" ".join([mark, *words.split()]))
        return mark

    def _hang(self, drawing: Element) -> None:
        """Text boxes are read after the paragraph that they are anchored to; pictures are counted."""
        self._pictures += sum(1 for part in drawing.iter() if part.tag in ("blip", "imagedata"))
        for box in drawing.iter("txbxContent"):
            before, self._after = self._after, []
            inside = list(self._blocks(box))
            self._after = [*before, *inside, *self._after]

    def _table(self, table: Element) -> Iterator[str]:
        rows = [row for row in _inside(table, "tr") if row.find("trPr/del") is None]
        self._tables += 1
        cells = [[self._cell(cell) for cell in _inside(row, "tc")] for row in rows]
        self._tables -= 1
        if _may_be_layout(cells) and not self._has_lines(table):
            yield from (line for row in cells for cell in row for line in cell)
        else:
            yield from (line for row, texts in zip(rows, cells, strict=True) if (line := _row(row, texts)).strip())
        yield from self._waiting()

    def _cell(self, cell: Element) -> list[str]:
        """The lines of a cell; none where it only continues the cell above."""
        merge = cell.find("tcPr/vMerge")
        if merge is not None and merge.get("val", "continue") == "continue":
            return []
        return [text for line in self._blocks(cell) if (text := " ".join(line.split()))]

    def _has_lines(self, table: Element) -> bool:
        borders = [border for part in table.iter() if part.tag in ("tblBorders", "tcBorders") for border in part]
        return any(map(is_drawn, borders)) or (not borders and self._styles.lined(value(table, "tblPr/tblStyle")))

    def _say(self, code: str, what: str = "") -> None:
        self._said.setdefault(code, _NOTES[code].format(what))


def _notes(root: Element | None) -> dict[str, Element]:
    """Footnotes by their id; the rule above them is one too, with a type."""
    return {note.get("id", ""): note for note in (root if root is not None else ()) if not note.get("type")}


def _inside(parent: Element, tag: str) -> Iterator[Element]:
    """Rows of a table or cells of a row, through content controls; what was deleted is not there."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in _THROUGH:
            yield from _inside(child, tag)


def _row(row: Element, cells: list[list[str]]) -> str:
    """A row as a line. A cell over several columns leaves the others empty, so that the columns stay under their heads."""
    texts = [""] * number(value(row, "trPr/gridBefore"), most=_MOST_COLUMNS)
    for cell, lines in zip(_inside(row, "tc"), cells, strict=True):
        span = number(value(cell, "tcPr/gridSpan"), 1, most=_MOST_COLUMNS)
        texts += [" ".join(lines), *[""] * (span - 1)]
    return "\t".join(texts)


def _may_be_layout(cells: list[list[list[str]]]) -> bool:
    """Number beside place of issue, recipients beside signature: two columns, few rows, several lines in a cell."""
    return len(cells) <= 3 and max(map(len, cells), default=0) <= 2 and any(len(cell) > 1 for row in cells for cell in row)
