"""Pictures of pages into lines, by Tesseract with its Vietnamese model: set upright, straightened, then read.

An optional part (``pip install hanchot[scan]``): whoever only has text files needs neither Tesseract nor Pillow.
"""

from __future__ import annotations

import io
import os
import unicodedata
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from itertools import pairwise
from typing import Any

from hanchot.domain.errors import BadDocument
from hanchot.reader.legacy import common_words
from hanchot.reader.pages import PAGE_BREAK, Note, Pages, Progress
from hanchot.reader.scan_slips import mended

MAX_PAGES = 60
MAX_PIXELS = 25_000_000  # a page that is worked on: A3 at 300 dpi has 17
MAX_PICTURE = 80_000_000  # a picture that is opened at all
PAGE_SECONDS = 25
_TALL = 3500  # pixels: A4 at 300 dpi, at which Tesseract was trained
INSTALL = "Cài bằng: apt-get install tesseract-ocr tesseract-ocr-vie, rồi pip install hanchot[scan]."
_SKEW = 8.0  # degrees; a page on a scanner's glass lies within five
_SMALL = 900  # pixels: enough to see rows of text by


def can_recognise() -> bool:
    """Whether everything that recognition needs is installed."""
    return _missing() is None


@cache
def _missing() -> str | None:
    """What is missing, in words; None where nothing is."""
    try:
        import pytesseract
        from PIL import Image  # noqa: F401
    except ImportError:
        return "phần đọc bản quét của Hạn Chót"
    try:
        return None if "vie" in pytesseract.get_languages() else "dữ liệu tiếng Việt của Tesseract"
    except (pytesseract.TesseractNotFoundError, pytesseract.TesseractError, OSError):
        return "Tesseract (phần mềm nhận dạng chữ)"


def read_pictures(data: bytes, tell: Progress) -> Pages:
    """The lines of a picture (.png, .jpg, .tif; a .tif may hold pages). BadDocument: broken, vast, or nothing to read it by."""
    _need_recognition()
    frames = _frames(data)
    read = read_images([partial(_frame, frames, index) for index in range(_count(frames))], tell)
    lines = [line for page in read for line in (*(page or ()), PAGE_BREAK)]
    every = list(range(len(read)))
    return Pages("scan", lines[:-1], notes([index for index in every if read[index] is None], every))


def read_images(images: Sequence[Callable[[], Any]], tell: Progress) -> list[list[str] | None]:
    """The lines of each page, None where it took too long. Pages are made when their turn comes: few are in memory at once.

    BadDocument: too many pages, or Tesseract is missing.
    """
    _need_recognition()
    if len(images) > MAX_PAGES:
        raise BadDocument(
            f"Tệp “{{name}}” có {len(images)} trang ảnh, quá {MAX_PAGES} trang cho một lần nhận dạng chữ.",
            way_out="Chia tệp, hoặc xin bản Word hay PDF có chữ.",
        )
    tell(0, len(images))
    hands = min(os.cpu_count() or 1, 4)
    read: list[list[str] | None] = []
    with ThreadPoolExecutor(hands) as pool:
        for first in range(0, len(images), hands):
            read += pool.map(_read_page, [image() for image in images[first : first + hands]])
            tell(len(read), len(images))
    return _mended(read)


def _mended(pages: list[list[str] | None]) -> list[list[str] | None]:
    """Clause marks set right, sections counted through all pages."""
    last, made = 0, list[list[str] | None]()
    for page in pages:
        lines, last = mended(page or [], last)
        made.append(None if page is None else lines)
    return made


def notes(unread: Sequence[int], scanned: Sequence[int]) -> list[Note]:
    """The remarks on recognised pages (counted from 0) and on those that could not be."""
    read = [index for index in scanned if index not in unread]
    said = [("recognised", f"Trang {listed(read)} đọc bằng nhận dạng chữ, nên đối chiếu với bản gốc.")] if read else []
    if unread:
        said.append(
            ("page-not-read", f"Trang {listed(unread)} không nhận dạng xong trong {PAGE_SECONDS} giây; nhập tay các hạn ở đó.")
        )
    return said


def listed(pages: Sequence[int]) -> str:
    """Page numbers for people: “1-3, 7”."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][1] + 1:
            runs[-1][1] = page
        else:
            runs.append([page, page])
    return ", ".join(f"{first + 1}" if first == last else f"{first + 1}-{last + 1}" for first, last in runs)


def _need_recognition() -> None:
    if missing := _missing():
        raise BadDocument(f"Tệp “{{name}}” là bản quét hoặc ảnh, cần {missing} để đọc mà máy này chưa có.", way_out=INSTALL)


def _frames(data: bytes) -> Any:
    """The picture, opened but not decoded."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MAX_PICTURE
    try:
        picture = Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "TIFF"))
    except Image.DecompressionBombError as error:
        raise BadDocument("Ảnh “{name}” lớn bất thường nên không mở.", way_out="Quét lại ở 300 dpi.") from error
    except (OSError, ValueError, SyntaxError) as error:
        raise BadDocument("Ảnh “{name}” bị hỏng, không mở được.", way_out="Chụp hoặc quét lại rồi nộp ảnh mới.") from error
    if picture.width * picture.height > MAX_PICTURE:
        message = f"Ảnh “{{name}}” có {picture.width} × {picture.height} điểm, lớn bất thường nên không mở."
        raise BadDocument(message, way_out="Quét lại ở 300 dpi.")
    return picture


def _count(picture: Any) -> int:
    return int(getattr(picture, "n_frames", 1))


def _frame(picture: Any, index: int) -> Any:
    """One page of a picture, grey, turned as the camera says, on white where it was transparent."""
    from PIL import Image, ImageOps

    picture.seek(index)
    if picture.width * picture.height > MAX_PICTURE:
        raise BadDocument("Ảnh “{name}” lớn bất thường nên không mở.", way_out="Quét lại ở 300 dpi.")
    turned = ImageOps.exif_transpose(picture)
    if "A" in turned.getbands() or "transparency" in turned.info:
        paper = Image.new("RGBA", turned.size, "white")
        turned = Image.alpha_composite(paper, turned.convert("RGBA"))
    return turned.convert("L")


def _read_page(image: Any) -> list[str] | None:
    """The lines of one page. One that makes no sense is tried upside down, and the better reading kept."""
    upright = straightened(_sized(image))
    try:
        text = _recognised(upright)
        if common_words(text) < 5:
            over = _recognised(upright.rotate(180))
            text = max(text, over, key=common_words)
    except RuntimeError:  # Tesseract was stopped at its time limit
        return None
    return [line.rstrip() for line in text.replace("\f", "").rstrip().split("\n")]


def _recognised(image: Any) -> str:
    import pytesseract

    text: str = pytesseract.image_to_string(image, lang="vie", config="--psm 3 --dpi 300", timeout=PAGE_SECONDS)
    return unicodedata.normalize("NFC", text)


def _sized(image: Any) -> Any:
    """About the size at which Tesseract was trained: a phone's picture is made smaller, a fax larger."""
    from PIL import Image, ImageOps

    scale = min(_TALL / max(image.size), 3.0)
    if not 0.8 < scale < 1.25:
        image = image.resize(
            (max(round(image.width * scale), 1), max(round(image.height * scale), 1)), Image.Resampling.LANCZOS
        )
    return ImageOps.autocontrast(image, cutoff=1)


def straightened(image: Any) -> Any:
    """The page with its lines level: a quarter turn undone, then the skew up to ``_SKEW`` degrees measured and taken out.

    Lines of text make dark and light stripes; they are sharpest across the page when the page is level.
    """
    from PIL import Image

    ink = _ink(image)
    if max(_stripes(ink, 90 + skew) for skew in range(-6, 7, 2)) > max(_stripes(ink, skew) for skew in range(-6, 7, 2)):
        image, ink = image.rotate(90, expand=True), ink.rotate(90, expand=True)
    skew = _skew(ink)
    return image if abs(skew) < 0.15 else image.rotate(-skew, resample=Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def skew_of(image: Any) -> float:
    """Degrees against the clock by which an upright page is skewed; within ``_SKEW``, to a tenth."""
    return _skew(_ink(image))


def _skew(ink: Any) -> float:
    steps = int(_SKEW * 2)
    near = max((step / 2 for step in range(-steps, steps + 1)), key=lambda skew: _stripes(ink, -skew))
    return max((near + step / 10 for step in range(-4, 5)), key=lambda skew: _stripes(ink, -skew))


def _ink(image: Any) -> Any:
    """The page small, what is dark as 255 and the paper as 0."""
    small = image.copy()
    small.thumbnail((_SMALL, _SMALL))
    return small.point(lambda shade: 255 if shade < 128 else 0)


def _stripes(ink: Any, angle: float) -> int:
    """How striped the page is when turned by ``angle``: the sum of squared steps from one row's ink to the next."""
    from PIL import Image

    turned = ink.rotate(angle, expand=True)
    rows = turned.resize((1, turned.height), Image.Resampling.BOX).tobytes()
    return sum((one - other) ** 2 for one, other in pairwise(rows))
