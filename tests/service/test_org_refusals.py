"""What an import refuses: each broken cell by sheet, row, column and value, with the way out; all of them at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hanchot.domain.errors import BadImport
from hanchot.service.install import install
from hanchot.service.org.importing import import_org
from hanchot.store.db import Database
from tests.org_files import NOW, PEOPLE, PEOPLE_HEAD, UNIT_HEAD, UNITS, Rows, changed, contents, workbook


@pytest.fixture
def db() -> Iterator[Database]:
    made = Database("sqlite://")
    install(made)
    yield made
    made.close()


KIRIN = "phаm.an@mau.example"  # the second letter is Cyrillic
BAD_UNITS = [
    (2, 0, None, "thiếu mã đơn vị"),
    (4, 0, "A 1", "khoảng trắng"),
    (4, 0, "x" * 65, "quá dài"),
    (6, 0, "A", "trùng mã với dòng 4"),
    (6, 0, "a", "trùng mã với dòng 4"),
    (4, 1, None, "thiếu tên đơn vị"),
    (4, 1, "=B2", "công thức"),
    (4, 1, "12345", "không có chữ nào"),
    (4, 1, "Ă" * 301, "301 ký tự"),
    (4, 2, None, "thiếu loại đơn vị"),
    (4, 2, "đảng bộ cơ xở", "có phải “đảng bộ cơ sở”?"),
    (4, 2, "chi bộ", "chưa rõ loại nào"),
    (4, 2, "câu lạc bộ", "không có loại này"),
    (4, 3, "KK", "cũng chưa có trong hệ thống; có phải “K”?"),
    (4, 3, None, "không có cấp trên"),
    (4, 3, "A1", "cấp trên đi vòng hoặc quá 40 cấp: A → A1 → A"),
    (4, 3, "A", "cấp trên đi vòng hoặc quá 40 cấp: A → A"),
    (5, 4, "31/11/2025", "không phải ngày có thật"),
    (5, 4, "07/31/2025", "hình như tháng và ngày bị đổi chỗ"),
    (5, 4, "1/7/25", "đủ bốn chữ số"),
    (5, 4, "hôm qua", "không đọc được thành ngày"),
    (5, 4, 7, "không phải ngày"),
    (5, 4, "01/07/0025", "năm 25 ngoài khoảng"),
    (5, 5, "30/06/2025", "hiệu lực đến trước ngày hiệu lực từ"),
]
BAD_PEOPLE = [
    (4, 0, None, "thiếu mã đơn vị"),
    (4, 0, "AA", "có phải “A”?"),
    (4, 1, None, "thiếu chức vụ"),
    (4, 1, "thủ quỹ", "không rõ chức vụ nào"),
    (4, 4, None, "thiếu họ và tên"),
    (4, 4, "=A1", "công thức"),
    (5, 4, "Trần Văn Khác", "của cùng một người"),
    (4, 5, "pham an@mau.example", "khoảng trắng"),
    (4, 5, "a@mau.example, b@mau.example", "nhiều địa chỉ"),
    (4, 5, "a@mau.example\nb@mau.example", "xuống dòng"),
    (4, 5, "pham.an@mau.example\r\nBcc: x@y.vn", "xuống dòng"),
    (4, 5, KIRIN, "cyrillic"),
    (4, 5, "a@b..vn", "không đúng dạng"),
    (4, 5, ".an@mau.example", "không đúng dạng"),
    (4, 5, "an@localhost", "không đúng dạng"),
    (4, 5, "không có", "khoảng trắng"),
    (4, 5, "le.ban@mau.example", "địa chỉ này đã là của người khác (Lê Thị Ban)"),
    (4, 6, "gọi sau", "không phải số điện thoại"),
    (4, 6, "123", "không phải số điện thoại"),
    (6, 7, "30/02/2025", "không phải ngày có thật"),
    (6, 8, "30/06/2025", "trước “Từ ngày”"),
]


@pytest.mark.parametrize(("row", "column", "value", "said"), BAD_UNITS)
def test_a_broken_unit_row(db: Database, tmp_path: Path, row: int, column: int, value: object, said: str) -> None:
    path = workbook(tmp_path / "a.xlsx", changed(UNITS, row, column, value), [])
    _refused(db, path, "Đơn vị", row, UNIT_HEAD[column], f"{'ABCDEF'[column]}{row}", said)


@pytest.mark.parametrize(("row", "column", "value", "said"), BAD_PEOPLE)
def test_a_broken_people_row(db: Database, tmp_path: Path, row: int, column: int, value: object, said: str) -> None:
    path = workbook(tmp_path / "a.xlsx", UNITS, changed(PEOPLE, row, column, value))
    _refused(db, path, "Người", row, PEOPLE_HEAD[column], f"{'ABCDEFGHI'[column]}{row}", said)


def _refused(db: Database, path: Path, sheet: str, row: int, column: str, cell: str, said: str) -> None:
    """The error names sheet, row, column, cell, what is wrong and the way out; nothing is written, dry or not."""
    empty = contents(db)
    for dry_run in (True, False):
        with pytest.raises(BadImport) as caught:
            import_org(db, path, now=NOW, dry_run=dry_run)
        found = [r for r in caught.value.rows if said in str(r["message"])]
        assert found, [r["message"] for r in caught.value.rows]
        assert (found[0]["sheet"], found[0]["row"], found[0]["column"], found[0]["cell"]) == (sheet, row, column, cell)
        assert found[0]["way_out"] and "\n" not in str(found[0]["message"])
    assert contents(db) == empty


def test_all_errors_of_a_file_are_told_at_once(db: Database, tmp_path: Path) -> None:
    units = changed(changed(UNITS, 4, 2, "câu lạc bộ"), 5, 4, "31/11/2025")
    path = workbook(tmp_path / "a.xlsx", units, changed(PEOPLE, 2, 5, "a@b..vn"))
    with pytest.raises(BadImport) as caught:
        import_org(db, path, now=NOW)
    assert [(r["sheet"], r["cell"]) for r in caught.value.rows] == [("Đơn vị", "C4"), ("Đơn vị", "E5"), ("Người", "F2")]
    assert str(caught.value).startswith(
        "Tệp “a.xlsx”: Sheet “Đơn vị”, dòng 4, cột “Loại” (ô C4): “câu lạc bộ” không có loại này;"
    )
    assert "Còn 2 lỗi khác." in str(caught.value)


def test_at_most_two_hundred_errors_are_listed(db: Database, tmp_path: Path) -> None:
    rows = [[f"C{i}", f"Chi bộ {i}", "chi bộ cơ sở", "K", "31/11/2025", None] for i in range(300)]
    with pytest.raises(BadImport) as caught:
        import_org(db, workbook(tmp_path / "a.xlsx", [*UNITS, *rows], []), now=NOW)
    assert len(caught.value.rows) == 200 and "Còn 299 lỗi khác" in str(caught.value)


def test_two_tops_in_one_file_are_asked_back(db: Database, tmp_path: Path) -> None:
    units = [*UNITS, ["H", "Huyện ủy", "huyện ủy", None, None, None]]
    with pytest.raises(BadImport, match=r"hai đơn vị đứng đầu: “K” \(dòng 2\) và “H”"):
        import_org(db, workbook(tmp_path / "a.xlsx", units, []), now=NOW)
    import_org(db, workbook(tmp_path / "k.xlsx", UNITS, []), now=NOW)
    import_org(db, workbook(tmp_path / "h.xlsx", units[-1:], []), now=NOW)  # each tree in a file of its own


def test_a_code_that_differs_only_in_case_is_asked_back(db: Database, tmp_path: Path) -> None:
    import_org(db, workbook(tmp_path / "0.xlsx", UNITS, []), now=NOW)
    with pytest.raises(BadImport, match="chỉ khác mã đã có “A” ở chữ hoa, thường"):
        import_org(db, workbook(tmp_path / "1.xlsx", [["a", "Đảng bộ Sở A", "đảng bộ cơ sở", "K"]], []), now=NOW)


def test_one_person_with_two_addresses_is_asked_back(db: Database, tmp_path: Path) -> None:
    with pytest.raises(BadImport, match=r"khác với dòng 2 .* của cùng một người"):
        import_org(db, workbook(tmp_path / "a.xlsx", UNITS, changed(PEOPLE, 5, 5, "khac@mau.example")), now=NOW)


def test_an_address_shared_by_nine_units_is_refused_nine_times(db: Database, tmp_path: Path) -> None:
    units: Rows = [*UNITS, *([f"C{i}", f"Chi bộ {i}", "chi bộ cơ sở", "K", None, None] for i in range(9))]
    people: Rows = [[f"C{i}", "bí thư", None, None, f"Người {'ABCDEFGHI'[i]}", "chung@mau.example"] for i in range(9)]
    with pytest.raises(BadImport) as caught:
        import_org(db, workbook(tmp_path / "a.xlsx", units, people), now=NOW)
    assert [r["cell"] for r in caught.value.rows] == [f"F{row}" for row in range(2, 11)]


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (["Mã đơn vị", "Tên đơn vị", "Loại", "mã ĐƠN vị"], "là cột có hai lần"),
        (["Tên đơn vị", "Loại"], "thiếu cột “Mã đơn vị”"),
        (["Họ và tên", "Email"], "thiếu cột “Mã đơn vị”, “Chức vụ”"),
        (["Một", "Hai"], "không thấy cột “Mã đơn vị”"),
    ],
)
def test_headers_that_cannot_be_meant(db: Database, tmp_path: Path, head: list[str], said: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(",".join(head) + "\n" + ",".join("x" for _ in head) + "\n", encoding="utf-8")
    with pytest.raises(BadImport) as caught:
        import_org(db, path, now=NOW)
    assert said in str(caught.value.rows)
