"""The look of Party documents as python-docx building blocks; only ``make_templates`` uses them.

A4, margins 20/20/30/15 mm, Times New Roman 14 pt, first line indented 10 mm, “ĐẢNG CỘNG SẢN VIỆT NAM” at the right, the
issuing body with a star at the left, number without a colon, “Nơi nhận” underlined: Quy định 399-QĐ/TW and HD 05-HD/VPTW of
27/5/2026, known from a third party's summary (to be compared with the text). Sizes other than the body's and the spacing
are ours.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime

from docx import Document
from docx.document import Document as Doc
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from hanchot.papers.packing import repacked

FONT = "Times New Roman"
LEFT, CENTER = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER
RIGHT, JUSTIFY = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.JUSTIFY
_BORN = datetime(2026, 1, 9, tzinfo=UTC)  # of Quy định 399-QĐ/TW: a fixed moment keeps the bytes the same


def new(title: str, wide: bool = False) -> Doc:
    """An empty A4 page, upright or lying, with page numbers at the top from the second page on."""
    document = Document()
    _style(document)
    section = document.sections[0]
    section.page_width, section.page_height = (Mm(297), Mm(210)) if wide else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.top_margin, section.bottom_margin = Mm(20), Mm(20)
    section.left_margin, section.right_margin = (Mm(20), Mm(20)) if wide else (Mm(30), Mm(15))
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    _page_number(section.header.paragraphs[0])
    core = document.core_properties
    core.title, core.author, core.last_modified_by, core.language, core.comments = title, "Hạn Chót", "", "vi-VN", ""
    core.created = core.modified = _BORN
    return document


def finished(document: Doc) -> bytes:
    """The template's bytes, the same each time."""
    package = document.part.package
    for key in [key for key, rel in package.rels.items() if rel.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del package.rels[key]  # a picture of python-docx's own example
    target = io.BytesIO()
    document.save(target)
    return repacked(target.getvalue())


def width(document: Doc) -> int:
    """Room between the margins, in whole mm."""
    section = document.sections[0]
    assert section.page_width and section.left_margin is not None and section.right_margin is not None
    return round((section.page_width - section.left_margin - section.right_margin) / Mm(1))


def line(
    place: Doc | _Cell,
    text: str,
    *,
    align: WD_ALIGN_PARAGRAPH = CENTER,
    size: float = 14,
    bold: bool = False,
    italic: bool = False,
    underline: bool = False,
    before: float = 0,
) -> Paragraph:
    """One paragraph in one face. The empty one that every new cell has is used up first."""
    fresh = isinstance(place, _Cell) and len(place.paragraphs) == 1 and not place.paragraphs[0].runs
    paragraph = place.paragraphs[0] if fresh else place.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.space_before = Pt(before)
    _run(paragraph, text, size, bold, italic, underline)
    return paragraph


def gap(document: Doc, points: float = 6) -> None:
    """Air, as after a table; it stays with what follows, so that no signature stands on a page alone."""
    shape = line(document, "").paragraph_format
    shape.keep_with_next, shape.line_spacing = True, Pt(points)  # exact: an empty line is as high as the style, not its run


def control(place: Doc | _Cell, text: str) -> None:
    """A paragraph that holds a template's command only; docxtpl takes it out."""
    line(place, text, align=LEFT)


def body(place: Doc | _Cell, text: str, label: str = "", italic: bool = False) -> Paragraph:
    """A paragraph of the body: justified, first line indented 10 mm; ``label`` stands before it in bold."""
    paragraph = place.add_paragraph()
    paragraph.alignment = JUSTIFY
    form = paragraph.paragraph_format
    form.first_line_indent, form.space_before, form.space_after, form.line_spacing = Mm(10), Pt(3), Pt(3), 1.1
    if label:
        _run(paragraph, label, 14, bold=True)
    _run(paragraph, text, 14, italic=italic)
    return paragraph


def said(place: _Cell, label: str, text: str) -> None:
    """A fact at the left: ``label`` in bold, then the text."""
    paragraph = line(place, label, align=LEFT, bold=True, before=3)
    _run(paragraph, text, 14)


def heading(place: Doc | _Cell, text: str) -> None:
    """``I. KẾT QUẢ``: bold, with its paragraph kept on the same page."""
    paragraph = body(place, "", text)
    paragraph.paragraph_format.keep_with_next = True
    paragraph.paragraph_format.space_before = Pt(8)


def each(place: Doc | _Cell, name: str, text: str, over: str, last: bool = False) -> None:
    """A body paragraph for every text in a list; ``text`` uses ``{{ name }}``. ``last``: what follows is the signature."""
    control(place, f"{{%p for {name} in {over} %}}")
    body(place, text).paragraph_format.keep_with_next = last or None
    control(place, "{%p endfor %}")


def columns(document: Doc, widths: Sequence[int]) -> tuple[_Cell, ...]:
    """One row without borders: the frame of head and signatures. Widths in mm."""
    table = document.add_table(rows=1, cols=len(widths))
    _fixed(table, widths)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    return tuple(table.rows[0].cells)


def grid(document: Doc, titles: Sequence[tuple[str, int]], size: float = 12) -> Table:
    """A ruled table with a bold first row that repeats on every page. ``titles``: heading and width in mm."""
    table: Table = document.add_table(rows=1, cols=len(titles))
    table.style = "Table Grid"
    _fixed(table, [wide for _, wide in titles])
    for cell, (title, _) in zip(table.rows[0].cells, titles, strict=True):
        _padded(line(cell, title, size=size, bold=True)).paragraph_format.keep_with_next = True
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    repeat = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)
    return table


def command_row(table: Table, command: str) -> None:
    """A row that holds a command only, as ``{%tr for row in rows %}``."""
    line(_new_row(table).cells[0], command, align=LEFT, size=12)


def row(table: Table, texts: Sequence[str], centered: Sequence[int] = (), size: float = 12) -> _Row:
    """One row that is never torn between two pages."""
    made = _new_row(table)
    made._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for place, (cell, text) in enumerate(zip(made.cells, texts, strict=True)):
        _padded(line(cell, text, align=CENTER if place in centered else LEFT, size=size))
    return made


def spanning_row(table: Table, text: str, size: float = 12) -> None:
    """A bold row across the whole table: the title of a group."""
    made = _new_row(table)
    merged = made.cells[0].merge(made.cells[-1])
    made._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    _padded(line(merged, text, align=LEFT, size=size, bold=True)).paragraph_format.keep_with_next = True


def picture(place: _Cell, name: str, side_mm: int) -> None:
    """A square that is replaced by the picture called ``name`` when the paper is made."""
    paragraph = line(place, "")
    paragraph.add_run().add_picture(io.BytesIO(_grey_dot()), width=Mm(side_mm), height=Mm(side_mm))
    for properties in paragraph._p.iter(qn("wp:docPr"), qn("pic:cNvPr")):
        properties.set("name", name)
        properties.set("descr", name)


def _grey_dot() -> bytes:
    """A PNG of one grey point; not compressed, so that it is the same bytes on every machine."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)  # one by one, eight bits of grey
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\x00\xc0", 0)) + chunk(b"IEND", b"")


def ruled(paragraph: Paragraph, indent_mm: float) -> None:
    """A thin line under a paragraph, shortened at both ends."""
    form = paragraph.paragraph_format
    form.left_indent = form.right_indent = Mm(indent_mm)
    borders, under = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "auto")):
        under.set(qn(f"w:{name}"), value)
    borders.append(under)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:spacing", "w:ind", "w:jc", "w:rPr")


def _padded(paragraph: Paragraph) -> Paragraph:
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
    return paragraph


def _new_row(table: Table) -> _Row:
    made: _Row = table.add_row()  # type: ignore[no-untyped-call]  # python-docx leaves it untyped
    return made


def _run(
    paragraph: Paragraph, text: str, size: float, bold: bool = False, italic: bool = False, underline: bool = False
) -> None:
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    run.bold, run.italic, run.underline = bold or None, italic or None, underline or None


def _fixed(table: Table, widths: Sequence[int]) -> None:
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for column, wide in zip(table.columns, widths, strict=True):
        column.width = Mm(wide)
        for cell in column.cells:
            cell.width = Mm(wide)


def _style(document: Doc) -> None:
    """One face for all scripts; Vietnamese for the spelling checker; a line break must not stretch a justified line."""
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(14)
    normal.paragraph_format.space_after = Pt(0)
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    normal.element.get_or_add_rPr().append(language)
    settings = document.settings.element
    compat = settings.find(qn("w:compat"))
    if compat is None:
        compat = OxmlElement("w:compat")
        settings.append(compat)
    compat.insert(0, OxmlElement("w:doNotExpandShiftReturn"))


def _page_number(paragraph: Paragraph) -> None:
    paragraph.alignment = CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "2"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)
