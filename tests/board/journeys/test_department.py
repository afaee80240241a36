"""Journeys of the department: who is late and one reminder for all of them, the matrix, the sheet filled in outside."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import openpyxl
import pytest

from hanchot.service.items import act
from hanchot.service.opening import open_cycle
from tests import look, plans
from tests.board.journeys.conftest import Found
from tests.board.people import ORGANISER
from tests.cast import settle
from tests.conftest import OPENED_AT
from tests.look import CODE, at, item, item_id

if TYPE_CHECKING:
    from tests.board.journeys.town import Person, Town

pytestmark = pytest.mark.slow
ASKS_EVERY = 5_000  # milliseconds between two questions of a live page whose clock somebody has chosen


@pytest.fixture
def town(found: Found) -> Town:
    """The cast's board on the Friday after the cells were due."""
    made = found("2024-12-13 09:00")
    settle(made.house.db)
    open_cycle(made.house, plans.plan(), at(OPENED_AT))
    return made


@pytest.fixture
def binh(town: Town) -> Person:
    return town.signed_in(ORGANISER)


def test_5_one_reminder_for_those_who_are_late(town: Town, binh: Person) -> None:
    binh.goes("/late").reads("Chi bộ Báo tỉnh", "trễ nhiều ngày nhất đứng trước")
    binh.chooses("Bước", "self_assess").chooses("Loại tổ chức", "grassroots_cell").presses("Lọc").reads("2 việc quá hạn")
    for unit in ("Chi bộ Báo tỉnh", "Chi bộ Kho bạc"):
        binh.ticks(f"Chọn việc “Mốc chi-bo” của {unit}")
    binh.presses("Nhắc ngay …").reads("xem trước 2 việc", "Chưa ghi, chưa gửi gì.", "Phan Văn Lâm", "Đặng Thị Nga")
    assert look.who(town.house, tone="overdue") == []
    binh.button("Nhắc ngay: 2 việc").dblclick()
    binh.reads("Đã soạn tin nhắc: 2 việc")
    assert look.who(town.house, tone="overdue") == ["BAO", "KHO"]
    town.time = "2024-12-13 09:01"
    town.post()
    assert len(town.mail("cb009@khoi.example")) == 1
    binh.goes(f"/items/{item_id(town.house, 'BAO', 'chi-bo')}").reads("Nhắc thêm")


def test_6_from_branch_to_item_and_a_change_appears_by_itself(town: Town, binh: Person) -> None:
    if town.way.script:
        binh.page.clock.install()  # the page's own clock; the board has another
    binh.goes(f"/cycles/{CODE}/matrix").reads("Nơi đáng lo đứng trước")
    row = binh.main.get_by_role("row").filter(has_text="Đảng bộ Sở Y tế")
    row.get_by_role("link", name="mở nhánh").click()
    binh.reads("việc của chính tổ chức này", "Chi bộ Văn phòng Sở")
    cell = binh.main.get_by_role("row").filter(has_text="Chi bộ Văn phòng Sở")
    town.expect(cell).to_contain_text("Quá hạn 1 ngày")
    link = cell.get_by_role("link", name="Chi bộ Văn phòng Sở")
    link.focus()
    rolled = "document.querySelector('.matrix').scrollLeft"
    if town.way.width < 700:
        binh.page.evaluate(f"{rolled} = 120")
    place = binh.page.evaluate(rolled)

    act(town.house, item_id(town.house, "YT-1", "chi-bo"), "submit", at(town.time), actor="Bùi Văn Hải")
    if town.way.script:
        binh.page.clock.run_for(ASKS_EVERY + 100)
        town.expect(cell).to_contain_text("Đã nộp")
        town.expect(link).to_be_focused()
        assert binh.page.evaluate(rolled) == place
    else:
        binh.page.reload()
        town.expect(cell).to_contain_text("Đã nộp")
    binh.follows("Chi bộ Văn phòng Sở").stands_at("/units/YT-1").reads("Mốc chi-bo")
    binh.main.get_by_role("link", name=re.compile("^Mốc chi-bo")).first.click()
    binh.stands_at(f"/items/{item_id(town.house, 'YT-1', 'chi-bo')}").reads("Đã nộp", "Bùi Văn Hải")


def filled(data: bytes, unit: str, word: str) -> bytes:
    """The sheet with ``word`` in the first free cell of the unit's row that says “Chưa nộp”."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    row = next(row for row in book.worksheets[0].iter_rows() if any(cell.value == unit for cell in row))
    next(cell for cell in row if cell.value == "Chưa nộp").value = word
    return saved(book)


def of_another_version(data: bytes) -> bytes:
    """The sheet as a later version of the program would have made it."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    page = book["Thông tin tệp"]
    next(row for row in page.iter_rows() if row[0].value == "Phiên bản")[1].value = "99"
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_7_the_sheet_goes_out_and_comes_back(town: Town, binh: Person) -> None:
    binh.goes("/tracking").reads("1. Tải về")
    binh.main.get_by_label("Kế hoạch năm 2024").select_option("YT")
    with binh.page.expect_download() as coming:
        binh.presses("Tải Excel")
    data = coming.value.path().read_bytes()

    label = "Tệp bảng theo dõi đã điền (.xlsx)"
    binh.hands_over(label, "theo-doi.xlsx", of_another_version(data)).presses("Xem trước")
    binh.reads("Tệp “theo-doi.xlsx” theo mẫu phiên bản 99")
    binh.hands_over(label, "theo-doi.xlsx", filled(data, "YT-1", "Đã nộp")).presses("Xem trước")
    binh.reads("Xem trước: 1 thay đổi", "Chi bộ Văn phòng Sở", f"{ORGANISER}, thay các tổ chức")
    assert item(town.house, "YT-1", "chi-bo").state == "open"
    binh.button("Ghi 1 thay đổi").dblclick()
    binh.reads("Đã ghi 1 thay đổi.")
    assert item(town.house, "YT-1", "chi-bo").state == "submitted"
    assert [one.actor for one in look.events(town.house, "item.submit")] == [ORGANISER]
