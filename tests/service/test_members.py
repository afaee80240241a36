"""Members on the list of who is rated: the sheet of all cells both ways, and the questions about committees."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from hanchot.domain.errors import BadImport, Conflict, Refused
from hanchot.service.cycles import close_cycle
from hanchot.service.judging.answering import Answered, answer_committees
from hanchot.service.judging.member_import import look_at, take_in
from hanchot.service.judging.member_sheet import members_sheet
from hanchot.service.judging.ratings import Judgement, self_rate
from hanchot.service.judging.rulebook import settle
from hanchot.service.judging.subjects import name_subjects
from hanchot.service.opening import open_cycle
from hanchot.service.services import Services
from hanchot.store.tables import event
from tests import plans
from tests.judging import GOOD, NOW, subjects
from tests.look import at, events

KHOI = "khoi-binh-thuan-2024"
LOAN: dict[str, object] = {"unit": "YT-1", "name": "Võ Thị Loan", "admitted_on": "15/03/2010"}
COLUMNS = ("unit", "unit_name", "person", "name", "admitted_on", "excused_from", "excused_to", "suspended_from",
           "suspended_to", "temporary_cell", "comment_on")  # fmt: skip


@pytest.fixture
def khoi(any_house: Services) -> Services:
    open_cycle(any_house, plans.plan(key=KHOI, regulation="124-QĐ/TW"), at("2024-11-18 07:00"))
    name_subjects(any_house, KHOI, NOW, actor="Bình")
    return any_house


def filled(house: Services, *rows: dict[str, object], edit: Callable[[Workbook], Any] | None = None) -> bytes:
    """The sheet as it is now, with more rows below."""
    book = load_workbook(io.BytesIO(members_sheet(house, KHOI, NOW)))
    page = book["Đảng viên"]
    for row in rows:
        page.append([row.get(key) for key in COLUMNS])
    if edit:
        edit(book)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def taken(house: Services, *rows: dict[str, object]) -> None:
    take_in(house, KHOI, filled(house, *rows), NOW, actor="Bình")


def refused(house: Services, *rows: dict[str, object]) -> list[str]:
    return [problem.reason for problem in look_at(house, KHOI, filled(house, *rows), NOW).problems]


def test_everybody_on_the_list_stands_on_the_sheet_and_unchanged_it_changes_nothing(khoi: Services) -> None:
    taken(khoi, LOAN, {"unit": "KHO", "name": "Lê A", "admitted_on": "01/07/2024", "excused_from": "01/06/2024"},
          {"unit": "YT-2", "name": "Lê B", "admitted_on": "01/07/2000", "temporary_cell": "Khu phố 3"})  # fmt: skip
    data = members_sheet(khoi, KHOI, NOW)
    page = load_workbook(io.BytesIO(data))["Đảng viên"]
    rows = {row[3]: row for row in page.iter_rows(min_row=1, values_only=True)}
    assert rows["Võ Thị Loan"][:5] == ("YT-1", "Chi bộ Văn phòng Sở", "vo.thi.loan@YT-1", "Võ Thị Loan", "15/03/2010")
    assert rows["Lê B"][9] == "Khu phố 3" and "Phan Văn Lâm" in rows
    before, seq = subjects(khoi), len(events(khoi))
    found = look_at(khoi, KHOI, data, NOW)
    assert (found.changes, found.problems) == ((), ())
    take_in(khoi, KHOI, data, NOW, actor="Bình")
    assert (subjects(khoi), len(events(khoi))) == (before, seq)


CELLS = st.sampled_from(["Chi bộ khu phố 3", "+1 Chi bộ", "007 b"])
DAYS = st.dates(date(1960, 1, 1), date(2024, 12, 1)).map(lambda day: f"{day:%d/%m/%Y}")
FACTS = st.fixed_dictionaries(
    {"admitted_on": DAYS}, optional={"excused_from": DAYS, "suspended_from": DAYS, "temporary_cell": CELLS}
)


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(FACTS, min_size=1, max_size=4))
def test_whatever_is_told_the_sheet_as_it_was_taken_changes_nothing(house: Services, told: list[dict[str, object]]) -> None:
    if not events(house):
        open_cycle(house, plans.plan(key=KHOI, regulation="124-QĐ/TW"), at("2024-11-18 07:00"))
        name_subjects(house, KHOI, NOW, actor="Bình")
    long = "Nguyễn Thị Phương Anh Hồng Nhung Hương Giang Bích Ngọc Thùy Dương Minh"  # its code is longer than people may type
    rows = [
        {"unit": "YT-1", "person": f"M{len(subjects(house)) + place}", "name": "Lê A", **one} for place, one in enumerate(told)
    ]
    taken(house, *rows, {"unit": "BAO", "name": f"{long} {len(subjects(house))}", "admitted_on": "01/02/2000"})
    found = look_at(house, KHOI, members_sheet(house, KHOI, NOW), NOW)
    assert (found.changes, found.problems) == ((), ())


def test_who_leads_somewhere_comes_from_the_tree_first(any_house: Services) -> None:
    """Otherwise a leader would stand on the list as a member of a cell, and once only."""
    open_cycle(any_house, plans.plan(key=KHOI, regulation="124-QĐ/TW"), at("2024-11-18 07:00"))
    assert refused(any_house, {**LOAN, "person": "CB009", "name": "Phan Văn Lâm"}) == ["giữ chức vụ ở BAO"]


def test_a_preview_says_what_will_be_and_twice_changes_nothing(khoi: Services) -> None:
    data = filled(khoi, LOAN, {"unit": "YT-1", "name": "Lê Mới", "admitted_on": "01/12/2024", "suspended_from": "01/12/2024"})
    found = look_at(khoi, KHOI, data, NOW)
    assert [(one.name, one.added, one.exempt) for one in found.changes] == [
        ("Võ Thị Loan", True, None),
        ("Lê Mới", True, "bị đình chỉ sinh hoạt đảng [211-KH/ĐUK II.1.2]"),
    ]
    assert not [row for row in subjects(khoi) if row.exempt]
    take_in(khoi, KHOI, data, NOW, actor="Bình", seal=found.seal)
    once = subjects(khoi)
    assert take_in(khoi, KHOI, data, NOW, actor="Bình", seal=found.seal).changes == () and subjects(khoi) == once
    said = [event for event in events(khoi) if event.action == "subjects.imported"]
    assert len(said) == 1 and "Loan" not in str(said[0].data)


def test_a_cell_that_cannot_be_meant_stops_the_whole_file(khoi: Services) -> None:
    assert refused(khoi, {**LOAN, "unit": "YT-9"}, {**LOAN, "admitted_on": None}, {**LOAN, "unit": "YT", "name": "Lê C"}) == [
        "không có đơn vị này trong nhánh của tệp", "chưa ghi ngày vào Đảng", "Đảng bộ Sở Y tế không phải chi bộ",
    ]  # fmt: skip
    [twice] = refused(khoi, LOAN, LOAN)
    assert twice.startswith("trùng họ tên với dòng")
    renamed = look_at(khoi, KHOI, filled(khoi, edit=lambda book: _set(book, "CB009", 3, "Ai Đó")), NOW)
    assert [problem.reason for problem in renamed.problems] == ["mã này đã là của Phan Văn Lâm"]
    assert refused(khoi, {**LOAN, "admitted_on": "=1+1"}) == ["ô chứa công thức"]
    assert refused(khoi, {**LOAN, "admitted_on": "31/02/2010"}) == ["không phải ngày có thật"]
    with pytest.raises(BadImport, match=r"Ô E\d+ .*31/02/2010.* không phải ngày có thật"):
        taken(khoi, {**LOAN, "admitted_on": "31/02/2010"}, {**LOAN, "name": "Lê D"})
    assert not [row for row in events(khoi) if row.action == "subjects.imported"]


def test_two_of_one_name_have_codes_of_their_own(khoi: Services) -> None:
    taken(khoi, {**LOAN, "person": "M1"}, {**LOAN, "person": "M2"})
    assert len([row for row in subjects(khoi) if row.kind == "member"]) == 7
    assert refused(khoi, LOAN) == ["có 2 người tên này trong đơn vị"]
    [twice] = refused(khoi, {**LOAN, "unit": "YT-2", "person": "M1"})
    assert twice.startswith("người này đã có ở dòng")


def test_an_empty_cell_keeps_and_a_dash_takes_away(khoi: Services) -> None:
    taken(khoi, {**LOAN, "person": "M1", "excused_from": "01/06/2024"})

    def dash(book: Workbook) -> None:
        page = book["Đảng viên"]
        row = next(row for row in page.iter_rows() if row[2].value == "M1")
        row[4].value, row[5].value = None, "-"

    [one] = look_at(khoi, KHOI, filled(khoi, edit=dash), NOW).changes
    assert (one.becomes.admitted_on, one.becomes.excused_from, one.stands) == (one.was.admitted_on, None, (None, None))


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "match"),
    [
        ("Thông tin tệp", "Phiên bản", "2", "phiên bản 2, cần phiên bản 1"),
        ("Thông tin tệp", "Đợt", "khac-2024", "đã bị sửa"),
        ("Thông tin tệp", "Mẫu", "hanchot-theo-doi", "không phải mẫu danh sách đảng viên"),
        ("Đảng viên", "Mã người", "Mã số", "cột “Mã người” không còn"),
    ],
)
def test_another_file_is_refused_in_one_sentence(khoi: Services, sheet: str, cell: str, value: str, match: str) -> None:
    def spoil(book: Workbook) -> None:
        for row in book[sheet].iter_rows():
            for place, one in enumerate(row):
                if one.value == cell:
                    (one if sheet == "Đảng viên" else row[place + 1]).value = value

    with pytest.raises(BadImport, match=match):
        look_at(khoi, KHOI, filled(khoi, edit=spoil), NOW)
    with pytest.raises(BadImport):
        look_at(khoi, KHOI, b"not a workbook", NOW)


def test_what_was_shown_is_what_is_written(khoi: Services) -> None:
    data = filled(khoi, LOAN, {**LOAN, "name": "Lê F"})
    seal = look_at(khoi, KHOI, data, NOW).seal
    taken(khoi, LOAN)
    with pytest.raises(Conflict, match="sau khi xem trước"):
        take_in(khoi, KHOI, data, NOW, actor="Bình", seal=seal)


def test_whoever_has_a_level_is_not_taken_out_by_a_sheet(khoi: Services) -> None:
    taken(khoi, {**LOAN, "person": "M1"})
    self_rate(khoi, max(row.id for row in subjects(khoi)), Judgement(GOOD), NOW, actor="Loan")
    excused = filled(khoi, edit=lambda book: _set(book, "M1", 5, "01/06/2024"))
    [problem] = look_at(khoi, KHOI, excused, NOW).problems
    assert "đã có mức ghi ở các bước trước" in problem.reason


def _set(book: Workbook, code: str, column: int, value: str) -> None:
    next(row for row in book["Đảng viên"].iter_rows() if row[2].value == code)[column].value = value


def test_who_waits_for_a_day_is_looked_at_again_when_it_is_set(khoi: Services) -> None:
    taken(khoi, {**LOAN, "admitted_on": "15/07/2024"})
    assert [row.awaits for row in subjects(khoi) if row.awaits]
    settle(khoi, KHOI, "eligibility.counted_to", "2024-12-31", NOW, actor="Bình", reason="TB 3")
    made = name_subjects(khoi, KHOI, NOW, actor="Bình")
    assert (made.added, made.changed, made.exempt) == (0, 1, 1)
    assert name_subjects(khoi, KHOI, NOW, actor="Bình").changed == 0


def test_committees_are_answered_once_and_the_answer_may_be_put_right(khoi: Services) -> None:
    def answered(**told: bool) -> Answered:
        return answer_committees(khoi, KHOI, told, NOW, actor="Bình")

    assert answered(BAO=True, KHO=False) == Answered(1, 1)
    assert answered(BAO=True, KHO=False) == Answered(0, 0)
    assert name_subjects(khoi, KHOI, NOW, actor="Bình").questions == ()
    assert answered(BAO=False, KHO=True) == Answered(1, 1)
    assert [row.exempt for row in subjects(khoi) if row.kind == "collective"][2:] == [
        "chi bộ không có chi ủy [211-KH/ĐUK III.1.2]", None,
    ]  # fmt: skip
    assert answered(BAO=True) == Answered(1, 0) and not [row for row in subjects(khoi) if row.exempt]
    one = next(row.id for row in subjects(khoi) if row.kind == "collective" and row.ratee == "grassroots_cell_committee")
    self_rate(khoi, one, Judgement(GOOD), NOW, actor="chi ủy")
    with pytest.raises(Refused, match="đã có mức xếp loại"):
        answered(BAO=False)
    close_cycle(khoi, KHOI, NOW, actor="Bình", reason="xong")
    with pytest.raises(Refused, match="đã đóng"):
        answered(KHO=False)


def test_nothing_about_a_person_stands_in_the_events(khoi: Services) -> None:
    taken(khoi, {**LOAN, "excused_from": "01/06/2024", "temporary_cell": "Khu phố 3"})
    with khoi.db.read() as connection:
        said = " ".join(str(row) for row in connection.execute(sa.select(event.c.subject, event.c.reason, event.c.data)))
    assert not any(word in said for word in ("Loan", "loan", "2010", "Khu phố", "miễn"))
