"""Reading spreadsheets: what comes out of a good file, and the sentence for each kind of bad one."""

from __future__ import annotations

import io
import subprocess
import sys
import textwrap
import unicodedata
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from hanchot.domain.errors import BadImport
from hanchot.reader.sheets import Broken, Formula, cell_name, read_sheets

HEAD = ["Mã đơn vị", "Tên đơn vị"]
ROW = ["A1", "Chi bộ Đường sắt"]


def book_bytes(rows: list[list[object]], title: str = "Đơn vị") -> bytes:
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def rezipped(data: bytes, **parts: bytes | None) -> bytes:
    """The same archive with parts replaced, added, or (None) left out; ``__`` in a name stands for ``/``."""
    changed = {name.replace("__", "/").replace("_dot_", "."): content for name, content in parts.items()}
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if name not in changed:
                target.writestr(name, source.read(name))
        for name, content in changed.items():
            if content is not None:
                target.writestr(name, content)
    return held.getvalue()


def test_values_come_out_as_what_they_are(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    moment = datetime.fromisoformat("2025-07-01T08:30")  # Excel knows no zones
    path.write_bytes(book_bytes([HEAD, [1, 2.5, True, date(2025, 7, 1), moment, "=1+1", "#REF!", " "]]))
    (sheet,) = read_sheets(path)
    assert sheet.title == "Đơn vị" and sheet.notes == ()
    values = sheet.rows[1].values
    assert values[:5] == (1, 2.5, True, date(2025, 7, 1), moment)
    assert isinstance(values[5], Formula) and values[5] == "=1+1"
    assert isinstance(values[6], Broken) and len(values) == 7


def test_rows_keep_the_numbers_that_excel_shows(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(book_bytes([HEAD, [], [], ROW]))
    (sheet,) = read_sheets(path)
    assert [row.number for row in sheet.rows] == [1, 4]
    assert sheet.rows[1].at(1) == ROW[1] and sheet.rows[1].at(40) is None
    assert cell_name(4, 1) == "B4" and cell_name(7, 27) == "AB7"


def test_a_wrong_dimension_loses_no_rows(tmp_path: Path) -> None:
    data = book_bytes([HEAD, ROW, ROW])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").replace(b'ref="A1:B3"', b'ref="A1:A1"')
    path = tmp_path / "a.xlsx"
    path.write_bytes(rezipped(data, xl__worksheets__sheet1_dot_xml=xml))
    assert len(read_sheets(path)[0].rows) == 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_in_the_encodings_and_separators_that_people_have(tmp_path: Path, encoding: str, separator: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("\r\n".join(separator.join(row) for row in (HEAD, ROW)).encode(encoding))
    (sheet,) = read_sheets(path)
    assert [list(row.values) for row in sheet.rows] == [HEAD, ROW]


def _windows_1258(letter: str) -> bytes:
    """Windows-1258 keeps the tone as a mark of its own after the letter."""
    marks = unicodedata.normalize("NFD", letter)
    tone = "".join(c for c in marks if c in "\u0300\u0301\u0303\u0309\u0323")
    return (unicodedata.normalize("NFC", "".join(c for c in marks if c not in tone)) + tone).encode("cp1258")


def test_old_vietnamese_windows_is_read_and_said(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"".join(_windows_1258(c) for c in "Mã đơn vị,Tên đơn vị\nA1,Chi bộ Đường\n"))
    (sheet,) = read_sheets(path)
    assert [list(row.values) for row in sheet.rows] == [HEAD, ["A1", "Chi bộ Đường"]]
    assert "Windows-1258" in sheet.notes[0]


def test_csv_with_quotes_breaks_and_a_separator_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('sep=;\nMã đơn vị;Tên đơn vị\nA1;"Chi bộ ""Một""; hai,\nba"\nA2;\'=1+1\n', encoding="utf-8")
    (sheet,) = read_sheets(path)
    assert [row.values for row in sheet.rows[1:]] == [("A1", 'Chi bộ "Một"; hai,\nba'), ("A2", "=1+1")]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "Excel kiểu cũ (.xls)"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "có mật khẩu"),
        ("a.xlsx", b"M\xc3\xa3,T\xc3\xaan\n", "hỏng hoặc không phải Excel"),
        ("a.xlsx", b"PK\x03\x04" + bytes(40), "hỏng hoặc không phải Excel"),
        ("a.xlsx", b"", "rỗng (0 byte)"),
        ("a.docm", b"PK\x03\x04", "loại “.docm”"),
        ("a", b"x", "không có đuôi"),
        ("a.csv", b"PK\x03\x04" + bytes(40), "không phải là chữ"),
        ("a.csv", b"%PDF-1.7\n", "không phải là chữ"),
        ("a.csv", b"M\xe3\x8a\xff\n", "UTF-8, UTF-16 hay Windows-1258"),
        ("a.csv", b'a,b\n"x,y\n', "dòng 2: dấu nháy kép không khớp"),
        ("a.csv", b"a," + b"x" * 200_000, "dòng 1: dấu nháy kép không khớp hoặc ô quá dài"),
    ],
)
def test_files_that_are_not_what_they_should_be(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(BadImport) as caught:
        read_sheets(path)
    assert said in caught.value.message and name in caught.value.message and caught.value.way_out


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"xl__vbaProject_dot_bin": b"x"}, "có chứa macro"),
        ({"xl__workbook_dot_xml": None, "word__document_dot_xml": b"<w/>"}, "bên trong là Word"),
        ({"xl__workbook_dot_xml": None}, "bên trong là tệp nén khác"),
        ({"xl__worksheets__sheet1_dot_xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'}, "khai báo XML lạ"),
        ({"xl__worksheets__sheet1_dot_xml": b"<worksheet><sheetData><row>"}, "hỏng hoặc không phải Excel"),
        ({"xl__media__big_dot_xml": bytes(30 * 2**20)}, "lớn bất thường"),
        ({f"junk{i}": b"" for i in range(1001)}, "lớn bất thường"),
    ],
)
def test_archives_that_are_no_plain_workbook(tmp_path: Path, parts: dict[str, bytes | None], said: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(rezipped(book_bytes([HEAD, ROW]), **parts))
    with pytest.raises(BadImport) as caught:
        read_sheets(path)
    assert said in caught.value.message


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadImport, match="Không đọc được tệp"):
        read_sheets(tmp_path / "không-có.xlsx")
    with pytest.raises(BadImport, match="không phải là tệp"):
        read_sheets(tmp_path)
    big = tmp_path / "lớn.csv"
    with big.open("wb") as file:
        file.truncate(21 * 2**20)
    with pytest.raises(BadImport, match="nặng 21 MB, quá 20 MB"):
        read_sheets(big)


def test_more_rows_than_any_committee_has_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Mã,Tên\n" + "a,b\n" * 60_001, encoding="utf-8")
    with pytest.raises(BadImport, match="hơn 60,000 dòng"):
        read_sheets(path)


def test_a_hostile_row_is_refused_in_bounded_memory(tmp_path: Path) -> None:
    """One row of 600,000 cells packs into little, and the parser would hold all of it at once."""
    cells = b"".join(b'<c r="%s1"/>' % str(i).encode() for i in range(600_000))
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    xml = b'<worksheet xmlns="%s"><sheetData><row r="1">%s</row></sheetData></worksheet>' % (space, cells)
    path = tmp_path / "a.xlsx"
    path.write_bytes(rezipped(book_bytes([HEAD, ROW]), xl__worksheets__sheet1_dot_xml=xml))
    code = """
        import re, sys, pathlib
        from hanchot.domain.errors import BadImport
        from hanchot.reader.sheets import read_sheets
        try:
            read_sheets(pathlib.Path(sys.argv[1]))
        except BadImport:
            status = pathlib.Path("/proc/self/status")  # the peak of this program alone, not of whoever started it
            peak = re.search(r"VmHWM:\\s+(\\d+)", status.read_text()) if status.exists() else None
            print("refused", int(peak[1]) // 1024 if peak else 0)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code), str(path)], capture_output=True, text=True, check=True)
    said, megabytes = done.stdout.split()
    assert said == "refused" and int(megabytes) < 250
