"""Importing an organisation: what a file becomes, and that twice is once."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from hanchot.domain.instants import parse_instant
from hanchot.domain.unit import PostRole, UnitKind
from hanchot.service import audit
from hanchot.service.install import fact, install
from hanchot.service.org import lookup as org
from hanchot.service.org.importing import import_org
from hanchot.service.org.report import ImportReport
from hanchot.store.db import Database
from hanchot.store.tables import event, unit
from tests.org_files import NOW, PEOPLE, TODAY, UNITS, Rows, changed, contents, holder, workbook


@pytest.fixture
def db() -> Iterator[Database]:
    made = Database("sqlite://")
    install(made)
    yield made
    made.close()


def test_a_workbook_becomes_units_posts_people_and_tenures(db: Database, tmp_path: Path) -> None:
    report = import_org(db, workbook(tmp_path / "khối.xlsx", UNITS, PEOPLE), now=NOW)

    assert (report.units.added, report.people.added, report.posts.added, report.tenures.added) == (5, 4, 6, 5)
    with db.read() as connection:
        rows = org.units_as_of(connection, report.root_id or 0, TODAY)
    assert [(r.code, r.kind) for r in rows] == [
        ("K", UnitKind.BLOC_COMMITTEE), ("A", UnitKind.GRASSROOTS_COMMITTEE), ("B", UnitKind.GRASSROOTS_CELL),
        ("K-BTC", UnitKind.ORGANISATION_DEPARTMENT), ("A1", UnitKind.CELL),
    ]  # fmt: skip
    ids = {r.code: r.id for r in rows}
    assert rows[-1].path == f"/{ids['K']}/{ids['A']}/{ids['A1']}/"
    assert holder(db, "K-BTC", PostRole.HEAD, TODAY) == "Lê Thị Ban"
    assert holder(db, "A", PostRole.MEMBER_IN_CHARGE, date(2022, 1, 1)) == "Trần Văn Khối"  # no dates: since ever
    assert holder(db, "A1", PostRole.SECRETARY, date(2025, 6, 30)) is None
    assert holder(db, "B", PostRole.SECRETARY, TODAY) is None  # nobody named: the post is there, and vacant


def test_the_second_import_changes_nothing(db: Database, tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", UNITS, PEOPLE)
    import_org(db, path, now=NOW)
    once = contents(db)

    again = import_org(db, path, now=parse_instant("2026-12-05T09:00:00+07:00"))

    assert again.words == "a.xlsx: 0 thay đổi." and again.total == 0
    assert (again.units.unchanged, again.people.unchanged, again.posts.unchanged, again.tenures.unchanged) == (
        5,
        4,
        6,
        5,
    )
    assert contents(db) == once


def test_a_dry_run_says_the_same_and_changes_nothing(db: Database, tmp_path: Path) -> None:
    path, empty = workbook(tmp_path / "a.xlsx", UNITS, PEOPLE), contents(db)

    dry = import_org(db, path, now=NOW, dry_run=True)
    assert contents(db) == empty
    real = import_org(db, path, now=NOW)

    said, done = dry.to_json(), real.to_json()
    assert said.pop("dry_run") is True and done.pop("dry_run") is False
    assert str(said.pop("message")).replace("Sẽ có", "Đã ghi") == done.pop("message")
    assert said == done


def test_an_import_is_one_event_and_raises_the_version(db: Database, tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", UNITS, PEOPLE)
    import_org(db, path, now=NOW, actor="ban tổ chức")
    import_org(db, path, now=NOW, actor="ban tổ chức")
    with db.read() as connection:
        rows = connection.execute(sa.select(event)).all()
        assert [(r.actor, r.action, r.subject) for r in rows] == [("ban tổ chức", "org.imported", "a.xlsx")]
        assert fact(connection, "org_version") == "1"
    assert audit.check(db).broken_at is None


def test_an_empty_cell_keeps_what_is_known(db: Database, tmp_path: Path) -> None:
    import_org(db, workbook(tmp_path / "a.xlsx", UNITS, PEOPLE), now=NOW)
    bare = [["A1", "Chi bộ Văn phòng", None, None, None, None]]
    report = import_org(db, workbook(tmp_path / "b.xlsx", bare, None), now=NOW)
    assert report.changes == ("Đơn vị A1: tên “Chi bộ Văn phòng Sở A” → “Chi bộ Văn phòng”",)
    with db.read() as connection:
        row = connection.execute(sa.select(unit).where(unit.c.code == "A1")).one()
    assert (row.kind, row.valid_from, row.path.count("/")) == ("cell", date(2025, 7, 1), 4)


def test_a_moved_branch_takes_its_paths_along(db: Database, tmp_path: Path) -> None:
    import_org(db, workbook(tmp_path / "a.xlsx", [*UNITS, ["C", "Đảng bộ Sở C", "đảng bộ cơ sở", "K"]], PEOPLE), now=NOW)
    section = ["S", "Đảng bộ bộ phận", "đảng bộ bộ phận", "A", None, None]
    under = ["S1", "Chi bộ Tổ 1", "chi bộ trực thuộc đảng bộ bộ phận", "S", None, None]
    import_org(db, workbook(tmp_path / "b.xlsx", [section, under], None), now=NOW)

    import_org(db, workbook(tmp_path / "c.xlsx", [[*section[:3], "C"]], None), now=NOW)

    with db.read() as connection:
        moved = org.unit_by_code(connection, "C")
        assert [r.code for r in org.units_as_of(connection, moved.id, TODAY)] == ["C", "S", "S1"]
        paths = {i: path for i, path in connection.execute(sa.select(unit.c.id, unit.c.path))}
        parents = {i: parent for i, parent in connection.execute(sa.select(unit.c.id, unit.c.parent_id))}
    assert all(path == (paths[parents[i]] if parents[i] else "/") + f"{i}/" for i, path in paths.items())


def test_one_wide_sheet_carries_units_and_their_people(db: Database, tmp_path: Path) -> None:
    path = tmp_path / "rộng.csv"
    path.write_text(
        "ĐIỆN THOẠI;email;BÍ THƯ;Loại;Ma cap tren;Tên tổ chức;mã ĐƠN VỊ;Cấp ủy viên phụ trách;Email phụ trách;STT\n"
        ";khoi@mau.example;Trần Văn Khối;Đảng ủy khối;;Đảng ủy Khối;K;;;1\n"
        "0912345678;a@mau.example;Phạm Văn An;chi bộ cơ sở;K;Chi bộ A;A;Trần Văn Khối;khoi@mau.example;2\n"
        ";b@mau.example;Lê Thị Ban;ban tổ chức;K;Ban Tổ chức;BTC;;;3\n",
        encoding="utf-8-sig",
    )
    report = import_org(db, path, now=NOW)
    assert (report.units.added, report.people.added, report.posts.added, report.tenures.added) == (3, 3, 4, 4)
    assert holder(db, "BTC", PostRole.HEAD, TODAY) == "Lê Thị Ban"  # the leader of a department is its head
    assert holder(db, "A", PostRole.MEMBER_IN_CHARGE, TODAY) == "Trần Văn Khối"
    assert import_org(db, path, now=NOW).total == 0


def test_warnings_do_not_stop_an_import(db: Database, tmp_path: Path) -> None:
    units = changed(UNITS, 5, 2, "chi bộ trực thuộc đảng bộ bộ phận")
    path = workbook(tmp_path / "a.xlsx", units, PEOPLE)
    book = load_workbook(path)
    book["Đơn vị"]["G1"] = "Mã cấp trênn"
    book["Đơn vị"].row_dimensions[4].hidden = True
    book["Người"].merge_cells("A4:A5")
    book.create_sheet("Ghi nhớ")["A1"] = "không phải bảng"
    book.save(path)
    said = [problem.sentence for problem in import_org(db, path, now=NOW).warnings]
    assert len(said) == 6
    assert "Sheet “Đơn vị” có 1 dòng đang bị ẩn hoặc lọc (4); các dòng đó vẫn được đọc." in said
    assert any("có phải “Mã cấp trên”?" in one for one in said)
    assert any("đứng dưới đảng bộ cơ sở “A”" in one for one in said)
    assert any("Võ Thị Một chưa có địa chỉ thư" in one for one in said)
    assert any("ô gộp (gần A5)" in one for one in said)
    assert any("không có dòng tiêu đề" in one for one in said)


def test_names_come_in_nfc_with_everything_people_write(db: Database, tmp_path: Path) -> None:
    nfd = unicodedata.normalize("NFD", "Chi bộ Đường & <Cầu>")
    path = tmp_path / "a.csv"
    path.write_text(f'Mã đơn vị,Tên đơn vị,Loại\nK,"{nfd}",huyện ủy\n', encoding="utf-16")
    import_org(db, path, now=NOW)
    with db.read() as connection:
        assert connection.execute(sa.select(unit.c.name)).scalar_one() == "Chi bộ Đường & <Cầu>"


def test_ten_thousand_units_are_taken_in_seconds_not_minutes(db: Database, tmp_path: Path) -> None:
    rows: Rows = [[f"C{i}", f"Chi bộ {i}", "chi bộ cơ sở", "K", None, None] for i in range(10_000)]
    report: ImportReport = import_org(db, workbook(tmp_path / "a.xlsx", [*UNITS, *rows], []), now=NOW)
    assert report.units.added == 10_005
