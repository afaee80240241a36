"""The workbook that is filled in, and the one that comes out: imported back it changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from hanchot.domain.errors import BadImport
from hanchot.domain.unit import PostRole, UnitKind
from hanchot.service.install import install
from hanchot.service.org import lookup as org
from hanchot.service.org.importing import import_org
from hanchot.service.org.template import export_org, template, write_template
from hanchot.service.sample import make
from hanchot.store.db import Database
from tests.org_files import NOW, TODAY, UNIT_HEAD, Rows, workbook


@pytest.fixture
def db() -> Iterator[Database]:
    made = Database("sqlite://")
    install(made)
    yield made
    made.close()


def test_the_empty_template_has_no_rows_and_says_so(db: Database, tmp_path: Path) -> None:
    path = tmp_path / "mẫu.xlsx"
    write_template(path)
    book = load_workbook(path)
    assert [sheet.title for sheet in book] == ["Đơn vị", "Người", "Danh mục"]
    assert [cell.value for cell in book["Đơn vị"][1]] == UNIT_HEAD
    assert {str(rule.sqref) for rule in book["Đơn vị"].data_validations.dataValidation} == {
        "C2:C20000",
        "E2:E20000",
        "F2:F20000",
    }
    with pytest.raises(BadImport, match="không có dòng dữ liệu nào"):
        import_org(db, path, now=NOW)


def test_the_template_filled_in_is_taken(db: Database, tmp_path: Path) -> None:
    path = tmp_path / "mẫu.xlsx"
    path.write_bytes(template())
    book = load_workbook(path)
    for kind in UnitKind:
        book["Đơn vị"].append(
            [
                kind.upper(),
                f"Tên {kind.vi}",
                kind.vi,
                None if kind is UnitKind.PROVINCIAL_COMMITTEE else "PROVINCIAL_COMMITTEE",
            ]
        )
    for role in PostRole:
        book["Người"].append(["OFFICE", role.vi, None, None, f"Người {role.vi}"])
    book.save(path)
    report = import_org(db, path, now=NOW)
    assert (report.units.added, report.tenures.added) == (len(UnitKind), len(PostRole))


def exported(db: Database, root: int, path: Path) -> Path:
    with db.read() as connection:
        path.write_bytes(export_org(connection, root, TODAY))
    return path


@pytest.mark.parametrize("kind", ["district", "bloc", "commune", "town"])
def test_an_exported_sample_imported_back_changes_nothing(db: Database, tmp_path: Path, kind: str) -> None:
    root = make(db, kind, gaps=True, now=NOW)  # type: ignore[arg-type]
    path = exported(db, root, tmp_path / "ra.xlsx")
    assert import_org(db, path, now=NOW).total == 0
    fresh = Database("sqlite://")
    install(fresh)
    first = import_org(fresh, path, now=NOW)
    assert import_org(fresh, exported(fresh, first.root_id or 0, tmp_path / "lại.xlsx"), now=NOW).total == 0
    fresh.close()


names = st.text(
    st.characters(categories=["Ll", "Lu", "Nd"], include_characters="=+-@&<>'\" ;,"), min_size=1, max_size=40
).filter(lambda text: any(c.isalpha() for c in text))
days = st.dates(date(2000, 1, 1), date(2090, 12, 31))


@st.composite
def trees(draw: st.DrawFn) -> tuple[Rows, Rows]:
    """A root with units anywhere below it, some of them with one or two holders one after the other."""
    units: Rows = [["R", draw(names), "huyện ủy", None, None, None]]
    people: Rows = []
    for number in range(draw(st.integers(0, 7))):
        above = draw(st.sampled_from([str(row[0]) for row in units]))
        first, last = sorted([draw(days), draw(days)])
        code = f"U{number}"
        units.append(
            [
                code,
                draw(names),
                "cơ quan",
                above,
                draw(st.sampled_from([None, first])),
                draw(st.sampled_from([None, last])),
            ]
        )
        turn = draw(days)
        mail = draw(st.sampled_from([None, f"u{number}@mau.example"]))
        if draw(st.booleans()):
            people.append([code, "thủ trưởng", None, None, draw(names), mail, None, None, turn])
            people.append(
                [
                    code,
                    "thủ trưởng",
                    draw(names),
                    f"P{number}",
                    draw(names),
                    None,
                    "0000 000 001",
                    date.fromordinal(turn.toordinal() + 1),
                    None,
                ]
            )
    return draw(st.permutations(units)), draw(st.permutations(people))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(trees(), days)
def test_whatever_is_imported_comes_out_and_in_again_unchanged(tmp_path: Path, tree: tuple[Rows, Rows], as_of: date) -> None:
    db = Database("sqlite://")
    install(db)
    path = workbook(tmp_path / "vào.xlsx", *tree, formulas=False)
    first = import_org(db, path, now=NOW, as_of=as_of)
    again = import_org(db, path, now=NOW, as_of=as_of)
    assert again.total == 0, again.changes
    with db.read() as connection:
        root = org.unit_by_code(connection, "R").id
        valid = {row.code for row in org.units_as_of(connection, root, as_of)}
        (tmp_path / "ra.xlsx").write_bytes(export_org(connection, root, as_of))
    back = import_org(db, tmp_path / "ra.xlsx", now=NOW, as_of=as_of)
    assert back.total == 0 and back.units.unchanged == len(valid), back.changes
    assert first.root_id == root
    db.close()
