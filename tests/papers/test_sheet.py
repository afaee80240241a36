"""Excel and CSV out: text stays text."""

from __future__ import annotations

import csv
import io
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.workbook import Workbook

from hanchot.domain.errors import BadDocument
from hanchot.papers import csv_text, tables, words
from hanchot.papers.sheet import CHOICES, MAX_CELL, Column, Sheet, workbook
from tests.papers import samples
from tests.papers.test_word import AWKWARD

READABLE = [name for name in AWKWARD.values() if "_x005F_" not in name]  # openpyxl drops these six characters
FORMULAS = ["=1+1", "+84 912", "-3", "@SUM(A1)", '=HYPERLINK("http://x")', "=cmd|' /C calc'!A0", "http://x.vn", "mailto:a@b.vn"]


def sheet(*names: str, choices: tuple[str, ...] = ()) -> Sheet:
    return Sheet(
        name="Kết quả",
        heading=("ĐẢNG ỦY", "DANH SÁCH"),
        columns=(Column(title="Tên"), Column(title="Mức", choices=choices)),
        rows=tuple((name, "89,99") for name in names),
    )


def read(data: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


@pytest.mark.parametrize("name", [*FORMULAS, *READABLE, "_x000D_", "007", "1e9", "01/02/2026", "TRUE", "#N/A"])
def test_every_text_comes_back_to_the_letter_and_is_no_formula(name: str) -> None:
    cell = read(workbook([sheet(name)])).worksheets[0].cell(4, 1)

    assert (cell.value, cell.data_type) == (name, "s")
    assert cell.hyperlink is None


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40), min_size=1, max_size=5))
def test_any_texts_come_back(names: list[str]) -> None:
    page = read(workbook([sheet(*names)])).worksheets[0]

    assert [page.cell(4 + n, 1).value for n in range(len(names))] == [words.printable(name) for name in names]


def test_the_same_sheets_give_the_same_bytes() -> None:
    assert workbook([sheet("a")]) == workbook([sheet("a")])


def test_the_head_stays_in_sight_and_levels_are_offered() -> None:
    view = samples.results_decided()
    book = read(workbook([tables.results_sheet(view, samples.LEVELS)]))
    page = book.worksheets[0]

    assert page.freeze_panes == "A4"
    assert page.print_title_rows == "$3:$3"
    assert [str(rule.sqref).split(":")[0] for rule in page.data_validations.dataValidation] == ["F4", "G4", "H4"]
    assert {rule.formula1 for rule in page.data_validations.dataValidation} == {f"'{CHOICES}'!$A$1:$A$4"}
    assert [cell.value for cell in book[CHOICES]["A"]] == list(samples.LEVELS)
    assert book[CHOICES].sheet_state == "hidden"
    assert [page.cell(5, column).value for column in (3, 5)] == ["Chi bộ Trường PTDT bán trú THCS", "89,99"]


def test_every_table_has_rows_as_wide_as_its_head() -> None:
    made = [
        tables.results_sheet(samples.results_proposed(), samples.LEVELS),
        tables.remediation_sheet(samples.remediation_plan()),
        *tables.progress_sheets(samples.progress_report()),
        tables.contents_sheet(samples.dossier_contents()),
    ]

    assert len(read(workbook(made)).worksheets) == len(made) + 1


def test_sheet_names_that_excel_refuses_are_mended() -> None:
    names = ["a/b:c*?[x]", "A-B-C---X-", "x" * 60, "x" * 59, "", "''", CHOICES]
    made = read(workbook([Sheet(name=name, columns=(Column(title="t"),), rows=()) for name in names]))

    assert len({name.casefold() for name in made.sheetnames}) == len(names)
    assert all(0 < len(name) <= 31 for name in made.sheetnames)


def test_a_text_too_long_for_a_cell_is_refused_not_cut() -> None:
    assert read(workbook([sheet("x" * MAX_CELL)])).worksheets[0].cell(4, 1).value == "x" * MAX_CELL
    with pytest.raises(BadDocument, match="32768 ký tự"):
        workbook([sheet("x" * (MAX_CELL + 1))])


def test_a_row_of_another_width_is_refused() -> None:
    with pytest.raises(BadDocument, match="dòng 1 có 1 ô, cần 2 ô"):
        workbook([Sheet(name="t", columns=(Column(title="a"), Column(title="b")), rows=(("x",),))])


def test_a_workbook_holds_no_clock_of_this_machine() -> None:
    with zipfile.ZipFile(io.BytesIO(workbook([sheet("a")]))) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2026-01-09" in archive.read("docProps/core.xml")


@pytest.mark.parametrize("name", [*FORMULAS, *AWKWARD.values(), "'", "''=1", "\t=1", "＝1"])
def test_csv_can_be_undone_and_starts_no_formula(name: str) -> None:
    data = csv_text.csv_bytes(sheet(name))
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))

    assert rows[1][0][:1] not in ("=", "+", "-", "@", "\t", "\r", "＝")
    assert csv_text.unescaped(rows[1][0]) == name
    assert rows[1][1] == "89,99"
