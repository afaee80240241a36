"""What the department does to a whole cycle: dates a milestone, lets it go by another plan, closes it, opens it again."""

from __future__ import annotations

import pytest

from hanchot.service.services import Services
from tests.board.conftest import Visitor, words
from tests.board.people import ORGANISER, STRANGER, signed_in
from tests.board.test_my_desk import send
from tests.look import CODE, at, events, item

NOON = "2024-12-02 12:00"
HERE = f"/cycles/{CODE}"


@pytest.fixture
def binh(house: Services, opened: object) -> Visitor:
    return signed_in(house, ORGANISER, NOON)


def test_a_milestone_without_a_date_gets_one_and_the_page_says_whose(house: Services, binh: Visitor) -> None:
    assert f'href="{HERE}/dates/tham-dinh"' in binh.page(HERE)
    form = f"{HERE}/dates/tham-dinh"
    came_back = send(binh, form, 422, on="31/2/2024", reason="kế hoạch riêng")
    assert "Không có ngày 31/2/2024." in words(came_back) and ">kế hoạch riêng</textarea>" in came_back
    assert "phải nêu lý do" in words(send(binh, form, 422, on="27/12/2024"))
    assert "đã qua" in words(send(binh, form, 422, on="01/12/2024", reason="x"))
    for _ in range(2):  # a double click
        assert send(binh, form, on="27/12/2024", reason="TB 12-TB/BTC") == f"{HERE}#m-tham-dinh"
    assert len(events(house, "milestone.dated")) == 1
    said = binh.reads(HERE)
    assert "hết ngày thứ Sáu 27/12/2024" in said and f"Hạn do {ORGANISER} đặt" in said and "Sửa hạn" in said


def test_a_date_that_the_plan_prints_is_not_set_here(binh: Visitor) -> None:
    assert f"{HERE}/dates/chi-bo" not in binh.page(HERE)
    binh.page(f"{HERE}/dates/chi-bo", status=404)


def test_a_cycle_goes_by_another_plan_after_a_look(house: Services, binh: Visitor) -> None:
    form = f"{HERE}/amend"
    assert "khoi-binh-thuan-2024" in binh.reads(form) and "huyen-2023" not in binh.reads(form)
    assert "Chọn kế hoạch thay." in words(send(binh, form, 422, do="look"))
    look = send(binh, form, 200, do="look", plan="khoi-binh-thuan-2024")
    assert "Sẽ thay kế hoạch" in words(look) and "Chưa ghi, chưa gửi gì." in words(look) and "Thêm mới" in words(look)
    assert events(house, "cycle.amended") == []
    unsaid = words(send(binh, form, 422, do="amend", plan="khoi-binh-thuan-2024"))
    assert "Nêu lý do" in unsaid and "Sẽ thay kế hoạch" in unsaid
    assert send(binh, form, do="amend", plan="khoi-binh-thuan-2024", reason="211-KH/ĐUK vừa ban hành") == HERE
    assert "211-KH/ĐUK" in binh.reads(HERE) and len(events(house, "cycle.amended")) == 1


def test_unfinished_work_closes_with_a_reason_and_opens_again_with_an_approver(house: Services, binh: Visitor) -> None:
    form = f"{HERE}/end"
    assert "việc chưa xong." in binh.reads(form)
    assert "còn" in words(send(binh, form, 422, do="close"))
    for _ in range(2):
        assert send(binh, form, do="close", reason="gộp vào đợt mới") == HERE
    assert "đã đóng" in binh.reads(HERE) and item(house, "BAO", "chi-bo").next_action_at is None
    came_back = send(binh, form, 422, do="reopen", reason="gộp nhầm", approver=ORGANISER)
    assert "Người đề nghị không tự duyệt." in words(came_back) and ">gộp nhầm</textarea>" in came_back
    assert "lý do và người duyệt" in words(send(binh, form, 422, do="reopen", reason="gộp nhầm"))
    assert send(binh, form, do="reopen", reason="gộp nhầm", approver="Nguyễn Văn An") == HERE
    assert "đã đóng" not in binh.reads(HERE) and item(house, "BAO", "chi-bo").next_action_at is not None
    assert [(e.actor, e.on_behalf) for e in events(house, "cycle.reopened")] == [(ORGANISER, "Nguyễn Văn An")]


def test_nobody_else_is_shown_or_let_in(house: Services, opened: object) -> None:
    lam = signed_in(house, STRANGER, NOON)
    for path in ("dates/tham-dinh", "amend", "end"):
        lam.page(f"{HERE}/{path}", status=404)
    assert at(NOON) and item(house, "BAO", "chi-bo").state == "open"
