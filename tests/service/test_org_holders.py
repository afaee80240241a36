"""Who holds a post after an import: successors, acting holders, vacancies, corrections."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from hanchot.domain.errors import BadImport
from hanchot.domain.instants import parse_instant
from hanchot.domain.unit import PostRole
from hanchot.service.install import install
from hanchot.service.org.importing import import_org
from hanchot.store.db import Database
from hanchot.store.tables import person
from tests.org_files import NOW, PEOPLE, TODAY, UNITS, Rows, changed, holder, workbook


@pytest.fixture
def db() -> Iterator[Database]:
    made = Database("sqlite://")
    install(made)
    yield made
    made.close()


def test_a_new_holder_ends_the_old_tenure_the_day_before(db: Database, tmp_path: Path) -> None:
    import_org(db, workbook(tmp_path / "a.xlsx", UNITS, PEOPLE), now=NOW)
    people = changed(changed(PEOPLE, 4, 4, "Ngô Văn Mới"), 4, 5, "ngo.moi@mau.example")

    report = import_org(db, workbook(tmp_path / "b.xlsx", None, people), now=NOW, as_of=date(2026, 12, 1))

    assert (report.people.added, report.tenures.added, report.tenures.changed) == (1, 1, 1)
    assert report.changes == ("Đảng bộ Sở A, bí thư: Phạm Văn An → Phạm Văn An đến 30/11/2026, Ngô Văn Mới từ 01/12/2026",)
    assert holder(db, "A", PostRole.SECRETARY, date(2026, 11, 30)) == "Phạm Văn An"
    assert holder(db, "A", PostRole.SECRETARY, date(2026, 12, 1)) == "Ngô Văn Mới"


def test_a_dash_vacates_a_post_and_takes_an_address_away(db: Database, tmp_path: Path) -> None:
    import_org(db, workbook(tmp_path / "a.xlsx", UNITS, PEOPLE), now=NOW)
    rows = [
        ["A", "bí thư", None, None, "-", None, None, None, None],
        ["K-BTC", "thủ trưởng", None, "N2", "Lê Thị Ban", "-"],
    ]

    import_org(db, workbook(tmp_path / "b.xlsx", None, rows), now=NOW)

    assert holder(db, "A", PostRole.SECRETARY, date(2026, 11, 20)) == "Phạm Văn An"
    assert holder(db, "A", PostRole.SECRETARY, TODAY) is None
    with db.read() as connection:
        assert connection.execute(sa.select(person.c.email).where(person.c.code == "N2")).scalar_one() is None


def test_history_comes_in_any_order_and_stays(db: Database, tmp_path: Path) -> None:
    rows = [
        ["B", "bí thư", None, "N9", "Người Nay", None, None, "01/01/2023", None],
        ["B", "bí thư", None, "N8", "Người Xưa", None, None, None, "31/12/2022"],
    ]
    path = workbook(tmp_path / "a.xlsx", UNITS, rows)
    import_org(db, path, now=NOW)
    assert import_org(db, path, now=NOW).total == 0
    assert holder(db, "B", PostRole.SECRETARY, date(2022, 12, 31)) == "Người Xưa"
    assert holder(db, "B", PostRole.SECRETARY, date(2023, 1, 1)) == "Người Nay"


def test_a_wrong_beginning_is_corrected_not_doubled(db: Database, tmp_path: Path) -> None:
    import_org(db, workbook(tmp_path / "a.xlsx", UNITS, PEOPLE), now=NOW)
    right = [["A1", "bí thư", None, None, "Võ Thị Một", None, None, "15/06/2025", None]]
    report = import_org(db, workbook(tmp_path / "b.xlsx", None, right), now=NOW)
    assert (report.tenures.added, report.tenures.changed) == (0, 1)
    assert holder(db, "A1", PostRole.SECRETARY, date(2025, 6, 15)) == "Võ Thị Một"


NEW = ["A", "bí thư", None, None, "Ngô Văn Mới", "ngo.moi@mau.example", None, None, None]
OLD = "Phạm Văn An"


OTHER = ["A", "bí thư", None, None, "Lý Thị Khác", "ly.khac@mau.example", None, None, None]
NOBODY = ["A", "bí thư", None, None, "-", None, None, "01/03/2026", None]
TURNS: dict[str, tuple[list[Rows], dict[str, str | None]]] = {
    "replaced twice on one day: who never held the post for a day leaves no tenure": (
        [[NEW], [OTHER]],
        {"2026-11-20": OLD, "2026-11-21": "Lý Thị Khác"},
    ),
    "somebody is named for later; until then another takes over": (
        [[[*NEW[:7], "01/01/2027"]], [OTHER]],
        {"2026-11-20": OLD, "2026-12-31": "Lý Thị Khác", "2027-01-01": "Ngô Văn Mới"},
    ),
    "an acting holder for a time: afterwards the post is vacant": (
        [[[*NEW[:7], "01/03/2026", "30/04/2026"]]],
        {"2026-02-28": OLD, "2026-04-30": "Ngô Văn Mới", "2026-05-01": None},
    ),
    "a tenure put down by mistake: a dash from its first day takes it away, the next row opens the old one again": (
        [[[*NEW[:7], "01/03/2026"]], [NOBODY, ["A", "bí thư", None, None, OLD, None, None, None, "-"]]],
        {"2026-02-28": OLD, "2026-03-01": OLD, "2026-11-21": OLD},
    ),
}


@pytest.mark.parametrize(("rows", "holders"), TURNS.values(), ids=TURNS)
def test_who_holds_the_post_after_each_change(
    db: Database, tmp_path: Path, rows: list[Rows], holders: dict[str, str | None]
) -> None:
    import_org(db, workbook(tmp_path / "0.xlsx", UNITS, PEOPLE), now=NOW)
    for number, people in enumerate(rows, start=1):
        path = workbook(tmp_path / f"{number}.xlsx", None, people)
        assert import_org(db, path, now=NOW).total
        assert import_org(db, path, now=NOW).total == 0
    assert {day: holder(db, "A", PostRole.SECRETARY, date.fromisoformat(day)) for day in holders} == holders


def test_a_tenure_over_another_of_the_past_is_asked_back(db: Database, tmp_path: Path) -> None:
    import_org(db, workbook(tmp_path / "0.xlsx", UNITS, [[*PEOPLE[2][:7], "01/01/2024", None]]), now=NOW)
    for since in ("01/01/2024", "01/06/2023"):
        with pytest.raises(BadImport, match=r"chồng lên nhiệm kỳ đã có của người khác \(từ 01/01/2024\)"):
            import_org(db, workbook(tmp_path / "1.xlsx", None, [[*NEW[:7], since]]), now=NOW)
    with pytest.raises(BadImport, match="trước ngày bắt đầu 01/01/2024 của nhiệm kỳ này"):
        rows: Rows = [["A", "bí thư", None, None, OLD, None, None, None, "31/12/2023"]]
        import_org(db, workbook(tmp_path / "2.xlsx", None, rows), now=NOW)


def test_two_people_in_one_post_are_asked_back(db: Database, tmp_path: Path) -> None:
    people = [*PEOPLE, ["A", "bí thư", None, "N7", "Hồ Thị Hai", None, None, "01/01/2026", None]]
    with pytest.raises(BadImport, match=r"Hồ Thị Hai và Phạm Văn An \(dòng 4\) cùng giữ một chức vụ"):
        import_org(db, workbook(tmp_path / "a.xlsx", UNITS, people), now=NOW)


def test_now_decides_which_day_a_change_happens(db: Database, tmp_path: Path) -> None:
    """00:30 local on the 22nd is still the 21st in UTC: the local day counts."""
    import_org(db, workbook(tmp_path / "a.xlsx", UNITS, PEOPLE), now=NOW)
    night: datetime = parse_instant("2026-11-22T00:30:00+07:00")
    path = workbook(tmp_path / "b.xlsx", None, [["A", "bí thư", None, None, "Ngô Văn Mới", "moi@mau.example"]])
    assert import_org(db, path, now=night).as_of == date(2026, 11, 22)
