"""The tracking sheet out, filled in as people fill it in, and back in."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from hanchot.domain.errors import BadImport, Conflict
from hanchot.domain.instants import local_day
from hanchot.domain.tracking import NO_ITEM
from hanchot.service import audit
from hanchot.service.access import unit_path
from hanchot.service.amending import amend_cycle
from hanchot.service.items import act
from hanchot.service.opening import Opened, open_cycle
from hanchot.service.services import Services
from hanchot.service.views.tracking import Preview, apply, export_sheet, preview
from tests import look, plans
from tests.cast import settle
from tests.look import CODE, at, item, item_id

MADE, FILLED = at("2024-12-10 08:00"), at("2024-12-16 09:00")
Fill = Callable[[Worksheet], None]


def sheet(house: Services, now: datetime = MADE, branch: str | None = None) -> bytes:
    return export_sheet(house, CODE, now, branch=branch)


def filled(data: bytes, fill: Callable[[Workbook], None]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    fill(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def cell(page: Worksheet, unit: str, title: str, beside: int = 0) -> str:
    """Where a unit's word stands under a milestone; ``beside`` 1: its day."""
    head = next(row for row in range(1, 12) if page.cell(row, 1).value == "Mã đơn vị")
    band = [str(one.value) for one in page[head - 1]]
    column = next(n for n, text in enumerate(band, 1) if text.startswith(title)) + beside
    row = next(row for row in range(head, page.max_row + 1) if page.cell(row, 1).value == unit)
    return page.cell(row, column).coordinate


def note(page: Worksheet, unit: str) -> str:
    head = next(row for row in range(1, 12) if page.cell(row, 1).value == "Mã đơn vị")
    column = next(n for n, one in enumerate(page[head], 1) if one.value == "Ghi chú (lý do)")
    row = next(row for row in range(head, page.max_row + 1) if page.cell(row, 1).value == unit)
    return page.cell(row, column).coordinate


def put(
    *cells: tuple[str, str, object] | tuple[str, str, object, object], why: dict[str, str] | None = None
) -> Callable[[Workbook], None]:
    """Fill cells by (unit, title of the milestone, word, day) and notes by unit."""

    def fill(book: Workbook) -> None:
        page = book["Theo dõi"]
        for unit, title, *said in cells:
            for beside, value in enumerate(said):
                page[cell(page, unit, title, beside)].value = value
        for unit, text in (why or {}).items():
            page[note(page, unit)] = text

    return fill


def seen(house: Services, data: bytes, now: datetime = FILLED) -> Preview:
    return preview(house, data, now, name="bảng.xlsx")


def refused(house: Services, data: bytes) -> list[str]:
    """What the preview says; the same file cannot be applied, and leaves no trace."""
    before = len(look.events(house))
    said = [problem.vi for problem in seen(house, data).problems]
    with pytest.raises(BadImport) as error:
        apply(house, data, FILLED, actor="Bình")
    assert [row["message"] for row in error.value.rows] == said
    assert len(look.events(house)) == before
    return said


def test_out_and_back_unchanged_changes_nothing(house: Services, opened: Opened) -> None:
    act(house, item_id(house, "BAO", "chi-bo"), "submit", at("2024-12-09 15:00"), actor="Lâm")
    data = sheet(house)
    page = openpyxl.load_workbook(io.BytesIO(data))["Theo dõi"]

    assert page[cell(page, "BAO", "Mốc chi-bo")].value == "Đã nộp"
    assert page[cell(page, "BAO", "Mốc chi-bo", 1)].value == "09/12/2024"
    assert page[cell(page, "KHO", "Mốc chi-bo")].value == "Chưa nộp"
    assert page[cell(page, "KHO", "Mốc tham-dinh")].value == NO_ITEM
    assert data == sheet(house)
    found = seen(house, data)
    assert (found.changes, found.problems, found.words) == ((), (), "bảng.xlsx: 0 thay đổi.")


def test_a_department_fills_it_in_and_the_cycle_goes_on(any_house: Services) -> None:
    """Cells first, then what waits for them, whatever the order of the columns; the day is the day on paper."""
    house = any_house
    open_cycle(house, plans.plan(), at("2024-11-18 07:00"))
    below = [(unit, "Mốc chi-bo", "Đã nộp", "11/12/2024") for unit in ("YT-BP1", "YT-1", "YT-2")]
    data = filled(sheet(house), put(
        *below, ("YT", "Mốc co-so", "Đã nộp", "18/12/2024"), ("BAO", "Mốc chi-bo", "đã nhận", date(2024, 12, 12)),
        ("KHO", "Mốc chi-bo", "Không áp dụng"), why={"KHO": "mới giải thể"},
    ))  # fmt: skip
    now = at("2024-12-19 09:00")
    found = seen(house, data, now)
    assert {(c.unit, c.milestone, c.actions) for c in found.changes} == {
        ("BAO", "chi-bo", ("submit", "accept")), ("KHO", "chi-bo", ("excuse",)), ("YT", "co-so", ("submit",)),
        ("YT-1", "chi-bo", ("submit",)), ("YT-2", "chi-bo", ("submit",)), ("YT-BP1", "chi-bo", ("submit",)),
    }  # fmt: skip
    assert found.problems == () and item(house, "BAO", "chi-bo").state == "open"

    assert apply(house, data, now, actor="Bình").total == 6

    late = item(house, "YT-1", "chi-bo")
    assert local_day(late.finished_at) == date(2024, 12, 11) and late.finished_at <= late.last_moment
    assert item(house, "YT", "co-so").state == "submitted" and item(house, "YT", "ho-so").state == "open"
    submits = look.events(house, "item.submit")
    assert {(e.actor, e.on_behalf) for e in submits} == {("Bình", u) for u in ("YT-BP1", "YT-1", "YT-2", "YT", "BAO")}
    (excused,) = look.events(house, "item.excuse")
    assert (excused.actor, excused.on_behalf, excused.reason) == ("Bình", None, "mới giải thể")
    assert audit.check(house.db).broken_at is None
    with house.db.read() as connection:
        assert look.counters_agree(connection)

    count = len(look.events(house))
    assert apply(house, data, at("2024-12-20 09:00"), actor="Bình").total == 0  # twice is once
    assert len(look.events(house)) == count


def test_a_guard_speaks_for_its_cell_and_nothing_is_taken(house: Services, opened: Opened) -> None:
    data = filled(sheet(house), put(("BAO", "Mốc chi-bo", "Đã nộp"), ("YT", "Mốc co-so", "Đã nộp")))

    (said,) = refused(house, data)

    assert "còn chờ Mốc chi-bo" in said and said.startswith("Ô ")
    assert item(house, "BAO", "chi-bo").state == "open"


def formula(page: Worksheet) -> None:
    page[cell(page, "BAO", "Mốc chi-bo")] = '="Đã " & "nộp"'


def unknown_word(page: Worksheet) -> None:
    page[cell(page, "BAO", "Mốc chi-bo")] = "xong rồi"


def impossible_day(page: Worksheet) -> None:
    page[cell(page, "BAO", "Mốc chi-bo")] = "Đã nộp"
    page[cell(page, "BAO", "Mốc chi-bo", 1)] = "31/11/2024"


def stranger(page: Worksheet) -> None:
    row = next(row for row in range(1, page.max_row + 1) if page.cell(row, 1).value == "BAO")
    page.cell(row, 1).value = "LA"


def twice(page: Worksheet) -> None:
    row = next(row for row in range(1, page.max_row + 1) if page.cell(row, 1).value == "BAO")
    page.cell(row, 1).value = "KHO"


def merged(page: Worksheet) -> None:
    row = next(row for row in range(1, page.max_row + 1) if page.cell(row, 1).value == "BAO")
    page.merge_cells(start_row=row, end_row=row + 1, start_column=4, end_column=4)


def filtered(page: Worksheet) -> None:
    where = cell(page, "BAO", "Mốc chi-bo")
    page[where] = "Đã nộp"
    page.row_dimensions[page[where].row].hidden = True


@pytest.mark.parametrize(
    ("fill", "reason"),
    [
        (formula, "ô chứa công thức"),
        (unknown_word, "(“xong rồi”): không có trong danh mục; chọn một trong: Chưa nộp, Đã nộp"),
        (impossible_day, "(“31/11/2024”): không phải ngày có thật"),
        (stranger, "(“LA”): không có đơn vị này trong nhánh DUK của đợt"),
        (twice, "(“KHO”): đơn vị đã có ở dòng"),
        (merged, "có ô gộp"),
        (filtered, "dòng đang bị ẩn hoặc lọc mà có thay đổi"),
    ],
)
def test_a_cell_that_cannot_be_meant_is_named(house: Services, opened: Opened, fill: Fill, reason: str) -> None:
    said = refused(house, filled(sheet(house), lambda book: fill(book["Theo dõi"])))

    assert any(reason in one for one in said), said
    assert all(one.startswith("Ô ") for one in said)


def renamed(book: Workbook) -> None:
    page = book["Theo dõi"]
    row, column = page[cell(page, "BAO", "Mốc chi-bo")].row, page[cell(page, "BAO", "Mốc chi-bo")].column
    head = next(at for at in range(row, 0, -1) if page.cell(at, 1).value == "Mã đơn vị") - 1
    page.cell(head, column).value = "Chi bộ"


def hidden_page(book: Workbook) -> None:
    book.create_sheet("Nháp")["A1"] = "x"
    book["Nháp"].sheet_state = "hidden"


def about(label: str, value: str) -> Callable[[Workbook], None]:
    def fill(book: Workbook) -> None:
        page = book["Thông tin tệp"]
        next(row for row in page.iter_rows() if row[0].value == label)[1].value = value

    return fill


@pytest.mark.parametrize(
    ("fill", "reason"),
    [
        (renamed, "là “Chi bộ”, phải là “Mốc chi-bo (hạn 12/12/2024)”"),
        (hidden_page, "Trang “Nháp” của tệp “bảng.xlsx” đang bị ẩn"),
        (about("Phiên bản", "0"), "theo mẫu phiên bản 0, cần phiên bản 1"),
        (about("Mẫu", "mau-khac"), "không phải bảng theo dõi của Hạn Chót (mẫu “mau-khac”)"),
        (about("Đợt", "dot-khac"), "đã bị sửa (mã kiểm tra không khớp)"),
        (lambda book: book.remove(book["Thông tin tệp"]), "không có trang “Thông tin tệp”"),
        (lambda book: setattr(book["Theo dõi"], "title", "Tháng 12"), "không có trang “Theo dõi” (có: “Tháng 12”)"),
    ],
)
def test_a_file_that_cannot_be_meant_is_one_sentence(
    house: Services, opened: Opened, fill: Callable[[Workbook], None], reason: str
) -> None:
    with pytest.raises(BadImport) as error:
        seen(house, filled(sheet(house), fill))

    assert reason in error.value.message and error.value.way_out


def test_columns_may_be_moved_and_rows_sorted_or_left_out(house: Services, opened: Opened) -> None:
    def rearrange(book: Workbook) -> None:
        page = book["Theo dõi"]
        page[cell(page, "KHO", "Mốc chi-bo")] = "Đã nộp"
        page.delete_rows(next(row for row in range(1, page.max_row) if page.cell(row, 1).value == "BAO"))
        page.insert_cols(3)  # a column of their own

    assert [change.unit for change in seen(house, filled(sheet(house), rearrange)).changes] == ["KHO"]


def test_a_branch_and_what_one_may_see(house: Services, opened: Opened) -> None:
    with house.db.read() as connection:
        mine = (unit_path(connection, "YT"),)
    page = openpyxl.load_workbook(io.BytesIO(sheet(house, branch="YT")))["Theo dõi"]
    codes = {row[0].value for row in page.iter_rows()} & {"YT", "YT-1", "YT-BP1", "BAO", "DUK-BTC"}
    assert codes == {"YT", "YT-1", "YT-BP1"}

    whole = filled(sheet(house), put(("BAO", "Mốc chi-bo", "Đã nộp")))
    found = preview(house, whole, FILLED, scopes=mine)
    assert any("(“BAO”): không có đơn vị này" in problem.vi for problem in found.problems)


def test_somebody_was_quicker_than_the_preview(house: Services, opened: Opened) -> None:
    found = seen(house, filled(sheet(house), put(("BAO", "Mốc chi-bo", "Đã nộp", "12/12/2024"))))
    act(house, item_id(house, "BAO", "chi-bo"), "excuse", at("2024-12-16 09:05"), actor="Cường", reason="x")

    with pytest.raises(Conflict) as error:
        apply(house, found.token, at("2024-12-16 09:10"), actor="Bình")

    assert error.value.message == (
        "Việc “Mốc chi-bo (hạn 12/12/2024)” của đơn vị BAO đã được Cường ghi “Không áp dụng” lúc 09:05 16/12/2024, "
        "sau khi xem trước."
    )


def test_a_preview_is_applied_once_however_often_it_is_sent(house: Services, opened: Opened) -> None:
    token = seen(house, filled(sheet(house), put(("BAO", "Mốc chi-bo", "Đã nộp")))).token

    assert [apply(house, token, FILLED, actor="Bình").total for _ in range(2)] == [1, 0]
    with pytest.raises(BadImport, match="không đọc được"):
        apply(house, token[:-9], FILLED, actor="Bình")


def test_a_sheet_from_before_an_amendment_is_refused(house: Services, opened: Opened) -> None:
    data = sheet(house)
    shorter = [one for one in plans.MILESTONES if one["key"] != "giay-moi"]
    amend_cycle(house, CODE, plans.plan(*shorter), at("2024-12-11 10:00"), actor="Bình", reason="kế hoạch thay thế")

    with pytest.raises(BadImport, match="đã được Bình thay lúc 10:00 11/12/2024"):
        seen(house, data)


def test_a_sheet_of_another_installation_is_refused(
    house: Services, opened: Opened, new_house: Callable[[str], Services]
) -> None:
    other = new_house("sqlite://")
    settle(other.db)
    open_cycle(other, plans.plan(), at("2024-11-18 07:00"))

    with pytest.raises(BadImport, match="một hệ thống khác"):
        seen(other, sheet(house))
