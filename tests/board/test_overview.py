"""Tổng quan: the cycles, what comes next, and whether mail and sweeps are well."""

from __future__ import annotations

import pytest

from hanchot.service import incidents
from hanchot.service.cycles import close_cycle, remember_run
from hanchot.service.mail.hold import hold
from hanchot.service.services import Services
from hanchot.service.sweep import sweep
from tests.board.conftest import Visit, Visitor
from tests.look import CODE, at


def test_an_empty_installation_says_where_to_begin(empty_house: Services, visit: Visit) -> None:
    assert "Các bước đầu tiên Xong 0 trên 7 bước." in visit(empty_house, "2024-11-18 09:00").reads("/")


def test_six_steps_stand_in_order_with_done_and_total(board: Visitor) -> None:
    said = board.reads("/")
    steps = ["Chuẩn bị", "Tự đánh giá", "Thẩm định", "Quyết định", "Thông báo", "Khắc phục"]
    places = [said.index(step) for step in steps]
    assert places == sorted(places)
    assert "Chuẩn bị xong 0/4 Đang làm" in said
    assert "Tự đánh giá xong 0/9 Chưa đến lượt" in said
    assert "thứ Sáu 29/11/2024 Mốc phan-cong · 1 việc" in said


def test_mail_is_counted_by_what_became_of_it(board: Visitor) -> None:
    sweep(board.house, at("2024-11-18 08:00"))
    assert "Chờ gửi 8 Máy chủ thư đã nhận 0 Chưa rõ 0 Giữ lại 0 Không gửi được 0" in board.reads("/")
    assert "Mọi thư vào hộp thư thử trên máy này, không đến ai." in board.reads("/")


def test_a_hold_and_an_incident_are_said_first(board: Visitor) -> None:
    with board.house.db.write() as connection:
        hold(connection, "đồng hồ máy nhảy +30 giờ", at("2024-11-18 08:30"))
        incidents.report(connection, "x", "mail", "Mẫu thư hỏng.", at("2024-11-18 08:31"))
    assert "Đang tạm giữ mọi thư: đồng hồ máy nhảy +30 giờ." in board.reads("/")
    assert "2 sự cố đang chờ xử lý" in board.reads("/")
    page = board.reads("/incidents")
    assert "2 việc cần người xử lý." in page
    assert "Mẫu thư hỏng." in page


def test_a_sweep_that_stays_away_is_said_after_half_an_hour(board: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    sweep(board.house, at("2024-11-18 08:00"))
    monkeypatch.delenv("HANCHOT_NOW")  # on a clock that somebody has set, half an hour may be a second
    board.time = "2024-11-18 08:03"
    assert "Lần quét gần nhất 3 phút trước" in board.reads("/")
    board.time = "2024-11-18 08:30"
    assert "Đã lâu chưa quét hạn" not in board.reads("/")
    board.time = "2024-11-18 08:31"
    assert "Đã lâu chưa quét hạn: lần gần nhất 31 phút trước" in board.reads("/")
    assert board.client.get("/health").json()["sweep_is_late"] is True


def test_a_set_clock_is_shown_on_every_page(board: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Đồng hồ trình diễn: 09:00 thứ Hai 18/11/2024" in board.page("/late")
    monkeypatch.delenv("HANCHOT_NOW")
    assert "Đồng hồ trình diễn" not in board.page("/late")


def test_the_run_in_prefect_is_one_click_away(board: Visitor) -> None:
    assert "Prefect chưa có lượt chạy" in board.reads("/")
    remember_run(board.house, CODE, "0f0e7c6e-3c6f-4f9c-9a34-5a2b0c4f2f11")
    assert 'href="http://127.0.0.1:4200/runs/flow-run/0f0e7c6e-3c6f-4f9c-9a34-5a2b0c4f2f11"' in board.page("/")


def test_a_closed_cycle_stays_readable(board: Visitor) -> None:
    close_cycle(board.house, CODE, at("2024-11-18 08:00"), actor="An", reason="mở nhầm")
    assert "Không có đợt nào đang mở." in board.reads("/")
    assert "Đợt đã đóng" in board.reads("/")
    assert "đã đóng" in board.reads(f"/cycles/{CODE}")


def test_what_is_coming_is_grouped_by_week(board: Visitor) -> None:
    board.time = "2024-12-10 09:00"
    said = board.reads("/coming")
    assert "Tuần này, 09/12 – 15/12/2024: 5 việc" in said  # five cells by the 12th
    assert "Tuần sau, 16/12 – 22/12/2024: 4 việc" in said  # one committee by the 18th, three files by the 20th
    assert "thứ Năm 12/12/2024 5 việc chưa xong · còn 2 ngày" in said
