"""Scanned pages and pictures: straightened, turned upright, and every date read. Needs Tesseract with Vietnamese."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from hanchot.domain.errors import BadDocument
from hanchot.reader import scan
from hanchot.reader.files import Text, read_bytes
from hanchot.reader.scan_slips import mended
from tests.reader.papers import DATES, PLAN, new_pdf, pdf_of, picture_of, saved, written

needs_tesseract = pytest.mark.skipif(
    not scan.can_recognise(),
    reason="Tesseract with Vietnamese is not installed: apt-get install tesseract-ocr tesseract-ocr-vie",
)
PAGE = pdf_of(PLAN)


def dates_in(text: Text) -> list[str]:
    return [word.strip(".,") for line in text.lines for word in line.split() if word.count("/") == 2]


@needs_tesseract
@pytest.mark.parametrize("turn", [3, -5, 91, 180, -92], ids=lambda turn: f"{turn} degrees")
def test_a_page_on_the_glass_at_any_angle(turn: int) -> None:
    page = picture_of(PAGE, turn=turn, noise=40)
    text = read_bytes(saved(page, "PNG"), "bản quét.png")
    assert text.kind == "scan"
    assert dates_in(text) == list(DATES)
    assert "Số 12-KH/ĐU" in text.lines
    assert [remark.code for remark in text.remarks] == ["recognised"]


@needs_tesseract
def test_a_scanned_pdf_and_a_picture_of_several_pages_tell_how_far_they_are() -> None:
    page, said = picture_of(PAGE, turn=2, dpi=150), list[tuple[int, int]]()
    for form, name in (("PDF", "bản quét.pdf"), ("TIFF", "bản quét.tif")):
        two = saved(page, form, save_all=True, append_images=[page])
        text = read_bytes(two, name, lambda page, pages: said.append((page, pages)))
        assert text.kind == "scan"
        assert dates_in(text) == [*DATES, *DATES]
        assert text.lines.count("\f") == 1
        assert said.pop() == (2, 2)


@needs_tesseract
def test_only_the_pictured_page_of_a_pdf_is_recognised(tmp_path: Path) -> None:
    picture_of(PAGE).save(tmp_path / "page.png")
    pdf = new_pdf()
    pdf.multi_cell(0, 7, " ".join(PLAN))
    pdf.add_page()
    pdf.image(tmp_path / "page.png", 0, 0, 210, 297)
    text = read_bytes(written(pdf), "lẫn.pdf")
    assert text.kind == "pdf"
    assert dates_in(text) == [*DATES, *DATES]
    assert text.remarks[0].message.startswith("Trang 2 đọc bằng nhận dạng chữ")


@needs_tesseract
def test_a_text_layer_that_some_scanner_guessed_without_vietnamese_is_not_trusted(tmp_path: Path) -> None:
    """Scanners lay an invisible text under the picture; an English one reads “Đảng ủy” as “Dang uy” and worse."""
    picture_of(PAGE).save(tmp_path / "page.png")
    pdf = new_pdf()
    pdf.multi_cell(0, 7, "Dang bo xa Mau ke hoach kiem diem danh gia xep loai chat luong cham nhat 10112/2O24 " * 4)
    pdf.image(tmp_path / "page.png", 0, 0, 210, 297)
    text = read_bytes(written(pdf), "có lớp chữ.pdf")
    assert text.kind == "scan"
    assert dates_in(text) == list(DATES)


@needs_tesseract
def test_a_photograph_lying_on_its_side_as_phones_save_it() -> None:
    turned = picture_of(PAGE).rotate(90, expand=True)
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: the camera was held upright
    assert dates_in(read_bytes(saved(turned, "JPEG", exif=exif), "ảnh.jpg")) == list(DATES)


@pytest.mark.parametrize("skew", [-5.0, -1.4, 0.0, 3.0])
def test_the_skew_is_measured(skew: float) -> None:
    assert scan.skew_of(picture_of(PAGE, turn=skew, noise=40, dpi=100)) == pytest.approx(skew, abs=0.25)


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("I, MỤC ĐÍCH, YÊU CẦU", "I. MỤC ĐÍCH, YÊU CẦU"),
        ("IL TIẾN ĐỘ THỰC HIỆN", "II. TIẾN ĐỘ THỰC HIỆN"),
        ("HI. TỔ CHỨC THỰC HIỆN", "III. TỔ CHỨC THỰC HIỆN"),
        ("HI- Tổ chức thực hiện", "III- Tổ chức thực hiện"),
        ("1V. TỔ CHỨC THỰC HIỆN", "IV. TỔ CHỨC THỰC HIỆN"),
        ("VIL TỔ CHỨC THỰC HIỆN", "VII. TỔ CHỨC THỰC HIỆN"),
        ("5, Phân công dự kiểm điểm", "5. Phân công dự kiểm điểm"),
        ("1,3. Đảng viên", "1.3. Đảng viên"),
    ],
)
def test_the_mark_of_a_clause_is_mended(read: str, printed: str) -> None:
    assert mended([read])[0] == [printed]


def test_a_section_that_lost_a_stroke_shows_in_the_order() -> None:
    read = ["I. MỤC ĐÍCH, YÊU CẦU", "II. ĐỐI TƯỢNG", "II VỀ ĐÁNH GIÁ, XẾP LOẠI", "IV. TIẾN ĐỘ THỰC HIỆN"]
    assert mended(read) == ([*read[:2], "III. VỀ ĐÁNH GIÁ, XẾP LOẠI", read[3]], 4)


@pytest.mark.parametrize(
    "sound", ["I. MỤC ĐÍCH", "V TỔ CHỨC THỰC HIỆN", "TL. CHÁNH VĂN PHÒNG", "12, 13 và 14 tháng 12", "11. TỔ CHỨC", "05/12/2024"]
)
def test_any_other_line_stays(sound: str) -> None:
    assert mended([sound])[0] == [sound]


def test_pages_are_listed_for_people() -> None:
    assert scan.listed([0, 1, 2, 6]) == "1-3, 7"


def test_without_tesseract_the_sentence_names_the_commands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BadDocument, match=r"apt-get install tesseract-ocr tesseract-ocr-vie.*pip install hanchot\[scan\]"):
        read_bytes(saved(picture_of(PAGE, dpi=50), "PNG"), "ảnh.png")


def test_without_tesseract_the_pages_with_text_are_still_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    picture_of(PAGE, dpi=50).save(tmp_path / "page.png")
    pdf = new_pdf()
    pdf.multi_cell(0, 7, " ".join(PLAN))
    pdf.add_page()
    pdf.image(tmp_path / "page.png", 0, 0, 210, 297)
    text = read_bytes(written(pdf), "lẫn.pdf")
    assert dates_in(text) == list(DATES)
    assert [remark.code for remark in text.remarks] == ["page-not-read"]
    assert "Trang 2 là ảnh" in text.remarks[0].message


def test_sixty_one_scanned_pages_are_too_many() -> None:
    if not scan.can_recognise():
        pytest.skip("Tesseract with Vietnamese is not installed")
    blank = Image.new("L", (60, 80), 255)
    with pytest.raises(BadDocument, match="61 trang ảnh, quá 60 trang"):
        read_bytes(saved(blank, "TIFF", save_all=True, append_images=[blank] * 60), "dài.tif")
