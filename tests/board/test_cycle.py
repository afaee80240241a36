"""The page of one cycle: last moments in words, what holds each stage, and a drawing that the tables repeat."""

from __future__ import annotations

from datetime import date

from hanchot.service.items import act
from hanchot.service.moving import set_date
from hanchot.service.opening import open_cycle
from hanchot.service.services import Services
from hanchot.service.sweep import sweep
from hanchot.store.plan_files import find_plan
from tests import plans
from tests.board.conftest import Visit, Visitor
from tests.cast import settle
from tests.look import CODE, at, item_id

PAGE = f"/cycles/{CODE}"


def test_deadlines_are_last_moments_in_words(board: Visitor) -> None:
    rows = {row[0].split(" ")[1]: row for row in board.matrix(PAGE)}
    assert rows["phan-cong"][1:] == ("hết ngày thứ Sáu 29/11/2024", "II.1", "ban tổ chức", "0/1", "0")
    said = board.reads(PAGE)
    assert "hết ngày thứ Sáu 20/12/2024" in said  # trước ngày 21/12: the day itself is not counted
    assert "lịch gửi sau Giục từ sau 20/12/2024" in said
    assert "kế hoạch không nêu hạn" in said


def test_a_day_off_is_flagged_with_the_last_working_day_before_it(empty_house: Services, visit: Visit) -> None:
    settle(empty_house.db)
    open_cycle(empty_house, find_plan("khoi-binh-thuan-2024"), at("2024-11-18 07:00"))
    said = visit(empty_house, "2024-11-18 09:00").reads("/cycles/khoi-binh-thuan-2024")
    assert "hết ngày Chủ nhật 15/12/2024 Là ngày nghỉ (Chủ nhật);" in said
    assert "ngày làm việc cuối trước đó: thứ Sáu 13/12/2024" in said


def test_a_date_of_the_department_is_said_to_be_theirs(board: Visitor) -> None:
    now = at("2024-12-01 09:00")
    set_date(board.house, CODE, "tham-dinh", date(2025, 1, 3), now, actor="Ban Tổ chức", reason="họp")
    assert "hết ngày thứ Sáu 03/01/2025 Hạn do Ban Tổ chức đặt" in board.reads(PAGE)


def test_the_open_stage_names_what_holds_it(board: Visitor) -> None:
    said = board.reads(PAGE)
    assert "Đang làm từ 07:00 18/11/2024. Bước đóng khi xong: Mốc phan-cong (còn 1)." in said
    act(board.house, item_id(board.house, "DUK-BTC", "phan-cong"), "submit", at("2024-11-20 09:00"), actor="Bình")
    sweep(board.house, at("2024-11-20 09:15"))
    board.time = "2024-11-20 10:00"
    said = board.reads(PAGE)
    assert "1. Chuẩn bị: xong 1/4 Đã xong lúc 09:15 20/11/2024" in said  # letters of invitation are optional
    assert "Bước đóng khi xong: Mốc chi-bo (còn 5); Mốc co-so (còn 1); Mốc ho-so (còn 3)." in said
    assert "Sau khi xong: Mốc chi-bo (mục II.2)" in said


def test_provisional_dates_are_never_shown_as_certain(house: Services, visit: Visit) -> None:
    open_cycle(house, plans.plan(provisional=True, carried_from="01-KH/ĐUK"), at("2024-11-18 07:00"))
    board = visit(house, "2024-11-18 09:00")
    assert "Ngày tạm tính theo kế hoạch trước (01-KH/ĐUK)." in board.reads(PAGE)
    assert "ngày tạm tính" in board.reads("/")


def test_the_drawing_shows_every_dated_milestone_and_today(board: Visitor) -> None:
    board.time = "2024-12-16 09:00"
    for drawing in board.page(PAGE).split("<svg")[2:4]:  # the first one is the mark in the page's head
        drawing = drawing.partition("</svg>")[0]
        assert drawing.count('class="rail"') == 5
        assert drawing.count('class="today"') == 1
        assert "12/12, 5 chậm" in drawing
        assert "10/01" in drawing


def test_without_dates_there_is_no_drawing(house: Services, visit: Visit) -> None:
    duty = plans.duty("a", "prepare", ["organisation_department"], {"kind": "unset"})
    open_cycle(house, plans.plan(duty), at("2024-11-18 07:00"))
    assert "Dòng thời gian" not in visit(house, "2024-11-18 09:00").reads(PAGE)
