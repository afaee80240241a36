"""A PDF into lines, page by page: the text that is there, tables as rows, and character recognition where a page is a picture.

PDFium (through pypdfium2: BSD/Apache, 1 ms a page, lines in reading order) runs no script and follows no link.
"""

from __future__ import annotations

import unicodedata
from functools import partial
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from hanchot.domain.errors import BadDocument
from hanchot.reader.legacy import CODES, looks_garbled, old_code
from hanchot.reader.pages import PAGE_BREAK, Note, Pages, Progress
from hanchot.reader.pdf_tables import Bounds, tables

MAX_PAGES = 300
_FEW_LETTERS = 40  # a page number and a stamp's date, over the picture of a page
_DRAWN_TEXT = 150  # shapes on a page without letters: a text turned into curves
_WAY_OUT = "Lưu thành PDF mới bằng phần mềm đã tạo ra nó, rồi nộp lại."


def read_pdf(data: bytes, tell: Progress) -> Pages:
    """The lines of a PDF. BadDocument: locked, broken, over ``MAX_PAGES``, or all pictures and nothing to recognise them by."""
    document = _opened(data)
    if len(document) > MAX_PAGES:
        message = f"Tệp “{{name}}” có {len(document)} trang, quá {MAX_PAGES} trang."
        raise BadDocument(message, way_out="Tách riêng phần văn bản chính rồi nộp.")
    texts: list[list[str] | None] = [_page_lines(document[index]) for index in range(len(document))]
    notes = _risks(document, data)
    if looks_garbled("\n".join(line for lines in texts if lines for line in lines)):
        texts, notes = _in_plain_letters(texts, notes)
    scanned = [index for index, lines in enumerate(texts) if lines is None]
    if scanned:
        notes += _recognise(document, texts, scanned, tell)
    lines = [line for page in texts for line in (*(page or ()), PAGE_BREAK)]
    return Pages("scan" if len(scanned) == len(texts) else "pdf", lines[:-1], notes)


def _opened(data: bytes) -> Any:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD:
            message = "Tệp “{name}” có mật khẩu nên không đọc được."
            raise BadDocument(message, way_out="Lưu bản không có mật khẩu rồi nộp lại.") from error
        raise BadDocument("Tệp “{name}” bị hỏng, không mở được.", way_out=_WAY_OUT) from error
    if not len(document):
        raise BadDocument("Tệp “{name}” không có trang nào.", way_out=_WAY_OUT)
    return document


def _risks(document: Any, data: bytes) -> list[Note]:
    """What a PDF brings besides its pages. None of it is ever run or opened; a person should know that it is there."""
    notes = []
    if raw.FPDFDoc_GetJavaScriptActionCount(document) > 0 or b"/JavaScript" in data or b"/Launch" in data:
        notes.append(
            (
                "active-content",
                "Tệp PDF có lệnh tự chạy (JavaScript, Launch): không lệnh nào được chạy, nhưng nên hỏi lại nơi gửi.",
            )
        )
    if raw.FPDFDoc_GetAttachmentCount(document) > 0:
        notes.append(("attachments", "Tệp PDF có tệp khác đính kèm bên trong; các tệp đó không được đọc."))
    return notes


def _page_lines(page: Any) -> list[str] | None:
    """The lines of a page; None where the page is a picture."""
    text = page.get_textpage()
    drawn = page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE])
    shapes = [(shape.type, shape.get_bounds()) for shape in drawn]
    if sum(letter.isalpha() for letter in text.get_text_range()) < _FEW_LETTERS and _is_picture(page, shapes):
        return None
    ruled = tables(bounds for kind, bounds in shapes if kind == raw.FPDF_PAGEOBJ_PATH) if not page.get_rotation() else []
    left, bottom, right, top = page.get_bbox()
    lines: list[str] = []
    for table in ruled:
        lines += _lines_in(text, (left, table.outline[3], right, top))
        lines += table.lines(lambda box: _boxed(text, box))
        lines += _lines_in(text, (left, table.outline[1], table.outline[0], table.outline[3]))
        lines += _lines_in(text, (table.outline[2], table.outline[1], right, table.outline[3]))
        top = table.outline[1]
    return lines + (_lines_in(text, (left, bottom, right, top)) if ruled else _lines(text.get_text_range()))


def _is_picture(page: Any, shapes: list[tuple[int, Bounds]]) -> bool:
    width, height = page.get_size()
    pictures = [bounds for kind, bounds in shapes if kind == raw.FPDF_PAGEOBJ_IMAGE]
    covered = sum((right - left) * (top - bottom) for left, bottom, right, top in pictures)
    return covered > 0.3 * width * height or len(shapes) - len(pictures) > _DRAWN_TEXT


def _boxed(text: Any, box: Bounds) -> str:
    left, bottom, right, top = box
    found: str = text.get_text_bounded(left, bottom, right, top) if right > left and top > bottom else ""
    return found


def _lines_in(text: Any, box: Bounds) -> list[str]:
    return _lines(_boxed(text, box))


def _lines(text: str) -> list[str]:
    """PDFium marks a hyphen at the end of a line with U+FFFE or U+0002, and draws words together by position."""
    plain = unicodedata.normalize("NFC", text).replace("\ufffe", "-").replace("\x02", "-")
    plain = plain.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").replace("\x00", "").strip("\n")
    return [line.rstrip() for line in plain.split("\n")] if plain else []


def _in_plain_letters(texts: list[list[str] | None], notes: list[Note]) -> tuple[list[list[str] | None], list[Note]]:
    """Text in an old code is turned into Unicode; what no code explains is looked at as a picture, where that is possible."""
    from hanchot.reader.scan import can_recognise

    code = old_code("\n".join(line for lines in texts if lines for line in lines))
    if code is None:
        return ([None] * len(texts) if can_recognise() else texts), notes
    plain = [None if lines is None else [CODES[code](line) for line in lines] for lines in texts]
    note = ("old-encoding", f"Văn bản viết bằng bảng mã {code}, đã chuyển sang Unicode; nên đối chiếu với bản gốc.")
    return plain, [*notes, note]


def _recognise(document: Any, texts: list[list[str] | None], scanned: list[int], tell: Progress) -> list[Note]:
    """Puts the recognised lines in their places; says which pages they are, for a person to compare."""
    from hanchot.reader import scan

    if len(scanned) < len(texts) and not scan.can_recognise():
        return [("page-not-read", f"Trang {scan.listed(scanned)} là ảnh, chưa đọc được. {scan.INSTALL}")]
    read = scan.read_images([partial(_image, document, index) for index in scanned], tell)
    for index, lines in zip(scanned, read, strict=True):
        texts[index] = lines
    return scan.notes([index for index, lines in zip(scanned, read, strict=True) if lines is None], scanned)


def _image(document: Any, index: int) -> Any:
    """The page as a grey picture at 300 dpi, less where the sheet is larger than A3."""
    from hanchot.reader.scan import MAX_PIXELS

    page = document[index]
    width, height = page.get_size()
    scale = min(300 / 72, (MAX_PIXELS / max(width * height, 1)) ** 0.5)
    return page.render(scale=scale, grayscale=True).to_pil()
