"""Plans as issued, with their clauses, roles and doubts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hanchot.board.tokens import FIELD
from hanchot.service.services import Services
from tests.board.conftest import Visit, Visitor
from tests.board.desk import HERE
from tests.conftest import NewHouse


def test_the_five_plans_are_listed(board: Visitor) -> None:
    said = board.reads("/plans")
    assert "211-KH/ĐUK · Ban Thường vụ Đảng ủy Khối · năm 2024" in said
    assert said.count(" mốc") == 5
    assert "dùng cho mọi năm" in said


@pytest.mark.parametrize("key", ["huyen-2023", "khoi-binh-thuan-2024", "lung-phinh-2025", "quang-ngai-13-hd-tu", "thi-xa-2022"])
def test_every_plan_opens(board: Visitor, key: str) -> None:
    assert "Cơ quan ban hành" in board.reads(f"/plans/{key}")


def test_a_plan_shows_words_clause_and_last_moment(board: Visitor) -> None:
    said = board.reads("/plans/khoi-binh-thuan-2024")
    assert "hết ngày thứ Sáu 20/12/2024 chậm nhất ngày 20/12/2024 III.4" in said
    assert "Tham mưu: Ban Tổ chức Đảng ủy Khối" in said


def test_a_standing_guidance_is_read_for_a_chosen_year(board: Visitor) -> None:
    assert "chưa chọn năm" in board.reads("/plans/quang-ngai-13-hd-tu")
    assert "hết ngày thứ Sáu 29/11/2024" in board.reads("/plans/quang-ngai-13-hd-tu?year=2024")


def test_a_broken_file_is_a_line_with_its_error(new_house: NewHouse, visit: Visit, tmp_path: Path) -> None:
    (tmp_path / "hong.yaml").write_text("key: [\n", encoding="utf-8")
    house: Services = new_house("", calendars_dir=tmp_path)
    assert "Không đọc được hong.yaml" in visit(house, "2024-11-18 09:00").reads("/plans")


def test_a_cycle_is_opened_from_its_plan_once(board: Visitor) -> None:
    page = "/plans/khoi-binh-thuan-2024"
    token = re.search(rf'name="{FIELD}" value="(\w+)"', board.page(page))
    assert token and "Mở đợt năm 2024" in board.reads(page)
    sent = {FIELD: token[1], "period": "2024"}
    for _ in range(2):  # a double click leads to the same cycle
        answer = board.client.post(f"{page}/open", data=sent, headers=HERE, follow_redirects=False)
        assert answer.headers["location"] == "/cycles/khoi-binh-thuan-2024"
    assert "đã mở, mã khoi-binh-thuan-2024" in board.reads(page)
    answer = board.client.post(f"{page}/open", data=sent | {"period": "2024-Q5"}, headers=HERE)
    assert answer.status_code == 422 and "2024-Q5" in answer.text
