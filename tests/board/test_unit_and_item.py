"""A unit with its duties and history, and the page that a letter's link leads to."""

from __future__ import annotations

from datetime import date

from hanchot.service.items import act, extend
from hanchot.service.sweep import sweep
from tests.board.conftest import Visitor
from tests.look import at, item_id


def test_an_item_says_what_is_due_until_when_and_why(board: Visitor) -> None:
    said = board.reads(f"/items/{item_id(board.house, 'BAO', 'chi-bo')}")
    assert "Mốc chi-bo Còn 24 ngày · hạn hết ngày thứ Năm 12/12/2024" in said
    assert "Căn cứ Mục II.1, 01-KH/ĐUK" in said
    assert "Phụ trách Bí thư: Phan Văn Lâm" in said


def test_an_item_that_waits_names_what_must_come_first(board: Visitor) -> None:
    committee = item_id(board.house, "YT", "co-so")
    assert "Chưa thể bắt đầu. Phải xong trước: Mốc chi-bo (mục II.2)." in board.reads(f"/items/{committee}")
    for cell in ("YT-BP1", "YT-1", "YT-2"):
        act(board.house, item_id(board.house, cell, "chi-bo"), "submit", at("2024-12-01 20:00"), actor="bí thư")
    assert "Chưa thể bắt đầu" not in board.reads(f"/items/{committee}")


def test_everything_that_happened_can_be_read(board: Visitor) -> None:
    house, here = board.house, item_id(board.house, "BAO", "chi-bo")
    extend(house, here, date(2024, 12, 16), at("2024-12-02 09:00"), actor="Bình", reason="lùi họp", approver="An")
    act(house, here, "submit", at("2024-12-13 20:00"), actor="Bình", on_behalf="Phan Văn Lâm")
    act(house, here, "return", at("2024-12-14 09:00"), actor="Bình", reason="thiếu biên bản")
    board.time = "2024-12-14 10:00"
    said = board.reads(f"/items/{here}")
    assert "Bị trả lại · hạn hết ngày thứ Hai 16/12/2024" in said
    assert "Hạn riêng của tổ chức này" in said
    assert "09:00 14/12/2024 Trả lại: đã nộp → bị trả lại Bình thiếu biên bản" in said
    assert "20:00 13/12/2024 Nộp: chưa nộp → đã nộp Bình, thay Phan Văn Lâm" in said
    assert "09:00 02/12/2024 Gia hạn: 12/12/2024 → 16/12/2024 Bình, thay An lùi họp" in said
    assert "Nộp: chưa nộp → đã nộp" in board.reads("/units/BAO")


def test_letters_stand_with_their_fate(board: Visitor) -> None:
    sweep(board.house, at("2024-12-03 08:00"))
    said = board.reads(f"/items/{item_id(board.house, 'BAO', 'chi-bo')}")
    assert "Nhắc trước 7 ngày làm việc Phan Văn Lâm Chờ gửi" in said
    assert "Báo mở việc" in said
    assert "Bỏ qua, đã có nấc cao hơn" in said


def test_a_unit_shows_who_answers_what_it_owes_and_what_is_below(board: Visitor) -> None:
    board.time = "2024-12-13 09:00"
    said = board.reads("/units/YT")
    assert "Loại Đảng bộ cơ sở Mã YT Bí thư Lê Thị Dung" in said
    assert "Cấp ủy viên phụ trách Đỗ Văn Minh" in said
    assert "Trực thuộc (3) Chi bộ Trung tâm Y tế 1 việc quá hạn Chi bộ Văn phòng Sở 1 việc quá hạn" in said
    assert "Ma trận của nhánh này, đợt mau-2024" in said


def test_units_are_found_without_marks(board: Visitor) -> None:
    assert "Chi bộ Báo tỉnh" in board.reads("/units?q=bao tinh")
    assert "2 tổ chức khớp “y tế”. Chi bộ Trung tâm Y tế" in board.reads("/units?q=y tế")
    assert "Không có tổ chức nào khớp “<b>”." in board.reads("/units?q=<b>")
    assert "Gõ một phần tên hoặc mã" in board.reads("/units")
