"""Word files as real ones are: what stands outside the plain paragraphs is where the clause numbers and dates are."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import docx
import pytest

from hanchot.domain.errors import BadDocument
from hanchot.reader.files import Text, read_bytes
from tests.reader.papers import PLAN, levels, listed, paragraph, run, table, tc, word


def lines(body: str, parts: Mapping[str, str] | None = None, **extra: Any) -> tuple[str, ...]:
    return read(body, parts, **extra).lines


def read(body: str, parts: Mapping[str, str] | None = None, **extra: Any) -> Text:
    return read_bytes(word(body, parts, **extra), "kế hoạch.docx")


def test_a_paragraph_is_a_line() -> None:
    text = read("".join(paragraph(line) for line in PLAN))
    assert text.lines == PLAN
    assert (text.kind, text.remarks) == ("docx", ())


def test_what_python_docx_writes_is_read() -> None:
    document = docx.Document()
    document.add_paragraph("Số 12-KH/ĐU")
    grid = document.add_table(rows=2, cols=3)
    for cell, words in zip(grid._cells, ["TT", "Nội dung", "Thời hạn", "1", "Nộp hồ sơ", "Trước ngày 10/12/2024"], strict=True):
        cell.text = words
    target = io.BytesIO()
    document.save(target)
    assert read_bytes(target.getvalue(), "bảng.docx").lines == (
        "Số 12-KH/ĐU", "TT\tNội dung\tThời hạn", "1\tNộp hồ sơ\tTrước ngày 10/12/2024",
    )  # fmt: skip


def test_letters_come_composed() -> None:
    assert lines(paragraph("Đa\u0309ng u\u0309y, tru\u031bo\u031b\u0301c nga\u0300y 05/12")) == ("Đảng ủy, trước ngày 05/12",)


class TestNumbers:
    """“II.”, “1.2.”, “a)” that Word counts by itself stand in no paragraph; the lines have them."""

    CLAUSES = levels(("upperRoman", "%1."), ("decimal", "%2."), ("decimal", "%2.%3."), ("lowerLetter", "%4)"))

    def numbering(self, *lists: str) -> dict[str, str]:
        plain = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        return {"numbering": f'<w:abstractNum w:abstractNumId="0">{self.CLAUSES}</w:abstractNum>{plain}{"".join(lists)}'}

    def test_every_level_is_printed_and_restarts_under_the_next_higher_one(self) -> None:
        body = [
            listed("MỤC ĐÍCH", 1), listed("Yêu cầu", 1, 1), listed("TIẾN ĐỘ", 1), listed("Chi bộ", 1, 1),
            listed("Đảng ủy", 1, 1), listed("Trước 05/12", 1, 2), listed("Trước 10/12", 1, 2), listed("Hồ sơ", 1, 3),
            listed("Báo cáo", 1, 3), listed("Cấp trên", 1, 1),
        ]  # fmt: skip
        assert lines("".join(body), self.numbering()) == (
            "I. MỤC ĐÍCH", "1. Yêu cầu", "II. TIẾN ĐỘ", "1. Chi bộ", "2. Đảng ủy", "2.1. Trước 05/12", "2.2. Trước 10/12",
            "a) Hồ sơ", "b) Báo cáo", "3. Cấp trên",
        )  # fmt: skip

    def test_a_list_that_starts_anew(self) -> None:
        anew = (
            '<w:num w:numId="2"><w:abstractNumId w:val="0"/>'
            '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="4"/></w:lvlOverride></w:num>'
        )
        body = listed("Một", 1) + listed("Hai", 1) + listed("Bốn", 2) + listed("Năm", 2)
        assert lines(body, self.numbering(anew)) == ("I. Một", "II. Hai", "IV. Bốn", "V. Năm")

    def test_bullets_become_dashes(self) -> None:
        bullets = (
            '<w:abstractNum w:abstractNumId="7">' + levels(("bullet", "\uf0b7"), ("bullet", "+")) + "</w:abstractNum>"
            '<w:num w:numId="7"><w:abstractNumId w:val="7"/></w:num>'
        )
        assert lines(listed("Hồ sơ", 7) + listed("Báo cáo", 7, 1), {"numbering": bullets}) == ("- Hồ sơ", "+ Báo cáo")

    def test_a_style_brings_its_number_and_a_paragraph_may_refuse_it(self) -> None:
        style = (
            '<w:style w:type="paragraph" w:styleId="Muc"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
            '<w:style w:type="paragraph" w:styleId="MucCon"><w:basedOn w:val="Muc"/></w:style>'
        )
        body = (
            paragraph("MỤC ĐÍCH", properties='<w:pStyle w:val="MucCon"/>')
            + paragraph("(bỏ số)", properties='<w:pStyle w:val="Muc"/><w:numPr><w:numId w:val="0"/></w:numPr>')
            + paragraph("TIẾN ĐỘ", properties='<w:pStyle w:val="Muc"/>')
        )
        assert lines(body, self.numbering() | {"styles": style}) == ("I. MỤC ĐÍCH", "(bỏ số)", "II. TIẾN ĐỘ")


class TestTables:
    def test_a_row_is_a_line_and_merged_cells_keep_the_columns(self) -> None:
        wide, first, below = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
        body = table(
            ("TT", "Nội dung", "Thời hạn"),
            ("1", tc(paragraph("Chi bộ") + paragraph("nộp hồ sơ"), first), "10/12/2024"),
            ("2", tc(paragraph(""), below), "20/12/2024"),
            (tc(paragraph("Cả năm"), wide), "31/12/2024"),
        )
        assert lines(body) == (
            "TT\tNội dung\tThời hạn", "1\tChi bộ nộp hồ sơ\t10/12/2024", "2\t\t20/12/2024", "Cả năm\t\t31/12/2024",
        )  # fmt: skip

    def test_the_head_of_a_document_stands_in_two_columns_without_lines(self) -> None:
        left = tc(paragraph("ĐẢNG BỘ XÃ MẪU") + paragraph("*") + paragraph("Số 12-KH/ĐU"))
        right = tc(paragraph("ĐẢNG CỘNG SẢN VIỆT NAM") + paragraph("Xã Mẫu, ngày 05 tháng 11 năm 2024"))
        assert lines(table((left, right), borders=False)) == (
            "ĐẢNG BỘ XÃ MẪU", "*", "Số 12-KH/ĐU", "ĐẢNG CỘNG SẢN VIỆT NAM", "Xã Mẫu, ngày 05 tháng 11 năm 2024",
        )  # fmt: skip

    def test_a_head_set_with_the_tab_key_keeps_its_two_parts(self) -> None:
        typed = "<w:r><w:t>Số 12-KH/ĐU</w:t><w:tab/><w:tab/><w:t>Xã Mẫu, ngày 05/11/2024</w:t></w:r>"
        marked = "<w:r><w:t>1.</w:t><w:tab/><w:t>Mục đích</w:t></w:r>"
        assert lines(paragraph(typed) + paragraph(marked)) == ("Số 12-KH/ĐU\tXã Mẫu, ngày 05/11/2024", "1. Mục đích")


class TestBesideTheText:
    def test_a_footnote_follows_the_paragraph_that_calls_it(self) -> None:
        call = '<w:r><w:footnoteReference w:id="2"/></w:r>'
        notes = '<w:footnote w:type="separator" w:id="0"><w:p/></w:footnote><w:footnote w:id="2">' + (
            paragraph("Riêng trường học nộp trước ngày 30/6.") + "</w:footnote>"
        )
        body = paragraph("Các chi bộ nộp hồ sơ", call, " trước ngày 10/12.") + paragraph("Đảng ủy tổng hợp.")
        assert lines(body, {"footnotes": notes}) == (
            "Các chi bộ nộp hồ sơ(1) trước ngày 10/12.", "(1) Riêng trường học nộp trước ngày 30/6.", "Đảng ủy tổng hợp.",
        )  # fmt: skip

    def test_a_text_box_is_read_once_though_word_writes_it_twice(self) -> None:
        box = f"<w:txbxContent>{paragraph('Số 12-KH/ĐU')}</w:txbxContent>"
        twice = (
            f"<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
            f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        )
        assert lines(paragraph("KẾ HOẠCH", twice)) == ("KẾ HOẠCH", "Số 12-KH/ĐU")

    def test_content_controls_and_links_are_text_like_any_other(self) -> None:
        link = f"<w:hyperlink>{run('10/12')}</w:hyperlink>"
        held = paragraph("Trước ngày ", link)
        assert lines(f"<w:sdt><w:sdtContent>{held}</w:sdtContent></w:sdt>") == ("Trước ngày 10/12",)

    def test_tracked_changes_are_read_as_if_accepted(self) -> None:
        body = paragraph("Trước ngày ", f"<w:del>{run('05')}</w:del>", f"<w:ins>{run('10')}</w:ins>", "/12.")
        text = read(body)
        assert text.lines == ("Trước ngày 10/12.",)
        assert [remark.code for remark in text.remarks] == ["tracked-changes"]

    def test_hidden_text_is_left_out_and_said(self) -> None:
        text = read(paragraph("Trước ngày 10/12.", run("Trước ngày 01/01.", "<w:vanish/>")))
        assert text.lines == ("Trước ngày 10/12.",)
        assert [remark.code for remark in text.remarks] == ["hidden-text"]
        assert "01/01" in text.remarks[0].message

    def test_page_and_line_breaks(self) -> None:
        breaks = '<w:r><w:t>một</w:t><w:br/><w:t>hai</w:t><w:br w:type="page"/><w:t>ba</w:t></w:r>'
        assert lines(paragraph(breaks)) == ("một", "hai", "\f", "ba")


@pytest.mark.parametrize(
    ("font", "typed"),
    [
        (".VnTime", "C¸c chi bé hoµn thµnh viÖc kiÓm ®iÓm tr­íc ngµy 10/12/2024."),
        ("VNI-Times", "Caùc chi boä hoaøn thaønh vieäc kieåm ñieåm tröôùc ngaøy 10/12/2024."),
    ],
)
def test_old_fonts_are_turned_into_unicode_and_said(font: str, typed: str) -> None:
    text = read(paragraph(run(typed, f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}"/>')))
    assert text.lines == ("Các chi bộ hoàn thành việc kiểm điểm trước ngày 10/12/2024.",)
    assert [remark.code for remark in text.remarks] == ["old-encoding"]


def test_capitals_of_the_old_capital_font() -> None:
    fonts = '<w:rFonts w:ascii=".VnTimeH"/>'
    assert lines(paragraph(run("kÕ ho¹ch kiÓm ®iÓm", fonts))) == ("KẾ HOẠCH KIỂM ĐIỂM",)


def test_unicode_typed_in_an_old_font_stays() -> None:
    assert lines(paragraph(run("Đánh giá, xếp loại", '<w:rFonts w:ascii=".VnTime"/>'))) == ("Đánh giá, xếp loại",)


def test_pictures_of_pages_pasted_into_word_are_refused_with_the_way_out() -> None:
    picture = '<w:r><w:drawing><a:blip r:embed="r9"/></w:drawing></w:r>'
    with pytest.raises(BadDocument, match="chỉ chứa ảnh chụp trang giấy"):
        read(paragraph(picture))


def test_a_file_without_a_body_is_broken() -> None:
    with pytest.raises(BadDocument, match="bị hỏng"):
        read_bytes(word("").replace(b"document.xml", b"d0cument.xml"), "hỏng.docx")
