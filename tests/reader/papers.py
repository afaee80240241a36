"""Makes the papers that the reader's tests read: Word files part by part, PDFs, and pictures of printed pages."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any
from xml.sax.saxutils import escape

from fpdf import FPDF
from PIL import Image, ImageChops, ImageFilter

PLAN = (
    "ĐẢNG BỘ XÃ MẪU",
    "Số 12-KH/ĐU",
    "KẾ HOẠCH",
    "kiểm điểm, đánh giá, xếp loại chất lượng năm 2024",
    "I. MỤC ĐÍCH, YÊU CẦU",
    "Việc kiểm điểm phải nghiêm túc, đúng quy định, gắn với kết quả thực hiện nhiệm vụ của từng tổ chức đảng và đảng viên.",
    "II. TIẾN ĐỘ THỰC HIỆN",
    "1. Các chi bộ hoàn thành việc kiểm điểm, đánh giá đảng viên chậm nhất ngày 10/12/2024.",
    "2. Đảng ủy hoàn thành việc kiểm điểm tập thể và cá nhân trước ngày 20/12/2024, gửi báo cáo về Ban Tổ chức.",
    "3. Hồ sơ đề nghị xếp loại gửi về Văn phòng Đảng ủy trước ngày 05/01/2025 để tổng hợp, thẩm định.",
)
DATES = ("10/12/2024", "20/12/2024", "05/01/2025")

_MAIN = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_MORE = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'


def word(body: str, parts: Mapping[str, str] | None = None, extra: Mapping[str, bytes] | None = None) -> bytes:
    """A .docx with this body (the XML inside ``w:body``); ``parts`` by kind (numbering, footnotes, styles), inner XML each."""
    parts = parts or {}
    links = (f'<Relationship Id="r{n}" Type="{_RELATION}/{kind}" Target="{kind}.xml"/>' for n, kind in enumerate(parts))
    main = f'<Relationship Id="r0" Type="{_RELATION}/officeDocument" Target="word/document.xml"/>'
    members: dict[str, bytes | str] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": _RELATIONS.format(main),
        "word/document.xml": f"<w:document {_MAIN} {_MORE}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": _RELATIONS.format("".join(links)),
    }
    members |= {f"word/{kind}.xml": f"<w:{kind} {_MAIN} {_MORE}>{inner}</w:{kind}>" for kind, inner in parts.items()}
    return zipped(members | dict(extra or {}))


def zipped(members: Mapping[str, bytes | str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(*runs: str, properties: str = "") -> str:
    """A paragraph of runs; a bare text is made one."""
    inner = "".join(part if part.startswith("<") else run(part) for part in runs)
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def listed(text: str, list_id: int, level: int = 0) -> str:
    """A paragraph that Word numbers by itself."""
    number = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'
    return paragraph(text, properties=number)


def levels(*levels: tuple[str, str]) -> str:
    """Levels of an abstract list: (form, text) from the outermost."""
    one = '<w:lvl w:ilvl="{}"><w:start w:val="1"/><w:numFmt w:val="{}"/><w:lvlText w:val="{}"/></w:lvl>'
    return "".join(one.format(depth, form, text) for depth, (form, text) in enumerate(levels))


def table(*rows: Sequence[str], borders: bool = True) -> str:
    """A table; a cell is text, or the XML of a ``w:tc`` where it starts so."""
    lines = '<w:tblBorders><w:top w:val="single"/><w:insideH w:val="single"/></w:tblBorders>' if borders else ""
    cells = ("".join(cell if cell.startswith("<w:tc>") else tc(paragraph(cell)) for cell in row) for row in rows)
    return f"<w:tbl><w:tblPr>{lines}</w:tblPr>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def tc(inner: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def new_pdf() -> FPDF:
    """An empty A4 document with a font that has all Vietnamese letters."""
    pdf = FPDF(format="A4")
    pdf.set_margins(30, 20, 20)
    pdf.add_font("Serif", "", _font())
    pdf.set_font("Serif", "", 13)
    pdf.add_page()
    return pdf


@cache
def _font() -> str:
    folder = files("fontpkg_noto_serif") / "files"
    return next(str(font) for font in folder.iterdir() if "Italic" not in font.name)


def pdf_of(lines: Iterable[str]) -> bytes:
    """A PDF of paragraphs, broken into lines at the margin as Word breaks them."""
    pdf = new_pdf()
    for line in lines:
        pdf.multi_cell(0, 7, line, new_x="LMARGIN", new_y="NEXT")
    return written(pdf)


def written(pdf: FPDF) -> bytes:
    """The file's bytes. The font's own file is closed then, which fpdf2 leaves to the end of the process."""
    data = bytes(pdf.output())
    for font in pdf.fonts.values():
        font.ttfont.close()
    return data


def picture_of(pdf: bytes, *, turn: float = 0, noise: float = 0, dpi: int = 200) -> Image.Image:
    """The first page as a scanner would see it: turned by ``turn`` degrees against the clock, with specks, a little soft."""
    import pypdfium2

    page = pypdfium2.PdfDocument(pdf)[0].render(scale=dpi / 72, grayscale=True).to_pil()
    page = page.rotate(turn, resample=Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    if noise:
        page = ImageChops.add(page, Image.effect_noise(page.size, noise), offset=-128)
    return page.filter(ImageFilter.GaussianBlur(0.6))


def saved(picture: Image.Image, form: str, **settings: Any) -> bytes:
    target = io.BytesIO()
    picture.save(target, form, **settings)
    return target.getvalue()
