"""Word papers: every one can be made, looks like a Party document, and says exactly what its view says."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as Doc
from docx.shared import Mm, Pt
from docx.table import Table
from hypothesis import given, settings
from hypothesis import strategies as st

from hanchot.domain.errors import BadDocument
from hanchot.papers import make_templates, word, words
from hanchot.papers.views import PAPERS, Paper, ResultGroup, ResultRow
from tests.papers import samples

ROOT = Path(__file__).resolve().parents[2]
every_paper = pytest.mark.parametrize("view", samples.every(), ids=lambda view: view.paper)
AWKWARD = {
    "NFD": unicodedata.normalize("NFD", "Nguyễn Thị Thuỷ Ưởng"),
    "markup": "Lê & Trần <script>alert(1)</script> “x” 'y' \"z\" &amp; &#38; ]]>",
    "long": "Đỗ" * 100,
    "formula": "=1+1",
    "lines": "một\r\nhai\rba\nbốn",
    "tab": "cột\tcột",
    "template": "{{ head.issuer }} {% raw %} {# x #} {_{ }_} {_% %_} ${x} {0}",
    "word escapes": "_x000D_ _x005F_",
    "spaces": "  hai  đầu  ",
    "beyond the BMP": "𠮷 🏛 Việt",
}


def opened(data: bytes) -> Doc:
    return Document(io.BytesIO(data))


def texts(document: Doc) -> Iterator[str]:
    """All paragraphs, those of tables among them."""
    yield from (paragraph.text for paragraph in document.paragraphs)
    for table in document.tables:
        yield from cells(table)


def cells(table: Table) -> Iterator[str]:
    for row in table.rows:
        for cell in row.cells:
            yield cell.text


def with_name(name: str) -> Paper:
    row = ResultRow(number="1", name=name, post=name, note=name)
    return replace(samples.results_decided(), groups=(ResultGroup(title=name, rows=(row,)),), quota=name)


@every_paper
def test_every_paper_has_the_head_of_a_party_document(view: Paper) -> None:
    said = list(texts(opened(word.render(view))))

    assert {"ĐẢNG CỘNG SẢN VIỆT NAM", "*"} <= {line for text in said for line in text.split("\n")}
    assert any(view.head.number in text for text in said)
    assert "./." not in "".join(said)
    assert not any(mark in text for text in said for mark in ("{{", "}}", "{%", "%}"))


@every_paper
def test_every_paper_is_a4_in_times_with_the_margins_of_the_guidance(view: Paper) -> None:
    """A4; 20/20/30/15 mm upright (HD 05-HD/VPTW); a lying page has 20 mm all round."""
    document = opened(word.render(view))
    section = document.sections[0]
    size = {round((section.page_width or 0) / Mm(1)), round((section.page_height or 0) / Mm(1))}
    margins = [section.top_margin, section.bottom_margin, section.left_margin, section.right_margin]

    assert size == {210, 297}
    upright = (section.page_width or 0) < (section.page_height or 0)
    assert [round((margin or 0) / Mm(1)) for margin in margins] == ([20, 20, 30, 15] if upright else [20, 20, 20, 20])
    assert document.styles["Normal"].font.name == "Times New Roman"
    assert document.styles["Normal"].font.size == Pt(14)


@every_paper
def test_the_same_view_gives_the_same_bytes(view: Paper) -> None:
    once, again = word.render(view), word.render(view)

    assert hashlib.sha256(once).hexdigest() == hashlib.sha256(again).hexdigest()
    with zipfile.ZipFile(io.BytesIO(once)) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_another_process_makes_the_same_bytes() -> None:
    """Whatever order its sets and dictionaries have: a recorded hash must hold after the next start."""
    code = (
        "import hashlib, sys; from hanchot.papers import sheet, tables, word; from tests.papers import samples as s;"
        "made = [word.render(s.tally_minutes()), sheet.workbook(tables.progress_sheets(s.progress_report()))];"
        "print([hashlib.sha256(data).hexdigest() for data in made])"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, cwd=ROOT, check=True, capture_output=True
        ).stdout
        for seed in ("1", "2")
    }

    assert len(runs) == 1


@pytest.mark.parametrize("name", AWKWARD.values(), ids=AWKWARD)
def test_awkward_names_come_back_to_the_letter(name: str) -> None:
    document = opened(word.render(with_name(name)))
    table = next(table for table in document.tables if table.rows[0].cells[0].text == "TT")

    assert list(cells(table)).count(name) >= 3  # name, post and note
    assert any(paragraph.text == name for paragraph in document.paragraphs)  # the quota line


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_text_comes_back_as_the_printable_form_of_itself(name: str) -> None:
    table = next(table for table in opened(word.render(with_name(name))).tables if table.rows[0].cells[0].text == "TT")

    assert table.rows[2].cells[1].text == words.printable(name)


def test_a_list_of_proposals_has_no_column_for_decisions() -> None:
    proposed, decided = (list(texts(opened(word.render(view)))) for view in samples.every()[:2])

    assert "Mức quyết định" in decided
    assert "Mức quyết định" not in proposed


def test_a_report_without_late_units_says_so() -> None:
    said = list(texts(opened(word.render(replace(samples.progress_report(), late=())))))

    assert "II. KHÔNG CÓ TẬP THỂ, ĐƠN VỊ QUÁ HẠN" in said
    assert "Tình trạng" not in said


def test_a_thousand_rows_are_made_in_seconds() -> None:
    rows = tuple(ResultRow(number=str(n), name=f"Đảng viên {n}", score="80,00", decided=samples.GOOD) for n in range(1000))
    document = opened(word.render(replace(samples.results_decided(), groups=(ResultGroup(title="Đảng viên", rows=rows),))))

    table = next(table for table in document.tables if table.rows[0].cells[0].text == "TT")
    assert len(table.rows) == 1002


def test_a_paper_too_long_for_a_printer_is_refused() -> None:
    vast = replace(samples.remediation_plan(), purpose=("x" * 2**20,) * 40)

    with pytest.raises(BadDocument, match="quá dài"):
        word.render(vast)


def test_the_templates_in_the_repository_are_what_the_script_makes() -> None:
    """So that a change of form is reviewed as a change of text. Run ``python -m hanchot.papers.make_templates``."""
    made = make_templates.all_templates()

    assert set(made) == set(PAPERS)
    for name, data in made.items():
        kept = (word.FOLDER / f"{name}.docx").read_bytes()
        assert parts(kept) == parts(data), name


@pytest.mark.parametrize("paper", PAPERS)
def test_the_own_templates_leave_nothing_of_the_view_out(paper: str) -> None:
    left_out = word.check_template((word.FOLDER / f"{paper}.docx").read_bytes(), paper)

    assert left_out == (("groups[].rows[].decided",) if paper == "results_proposed" else ())


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
