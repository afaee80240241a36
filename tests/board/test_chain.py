"""The chain of plans on the board, and what the check says on a plan's page."""

from __future__ import annotations

import re

import pytest

from hanchot.service.services import Services
from hanchot.store.plan_files import dump_plan
from tests.board.conftest import Visit, Visitor
from tests.conftest import NewHouse
from tests.sound import district, moved, province


@pytest.fixture
def levels(new_house: NewHouse, visit: Visit, tmp_path: object) -> Visitor:
    """A house whose plans are a province's and a late district's of 2024, and one of another year."""
    house: Services = new_house("", calendars_dir=tmp_path)
    late = district(parent="90-KH/TU", milestones=moved("bao-cao", "2025-01-06"))
    other = district(key="huyen-mau-2023", year=2023)
    for plan in (province(), late, other):
        (house.settings.calendars_dir / f"{plan.key}.yaml").write_text(dump_plan(plan), encoding="utf-8")
    return visit(house, "2024-11-18 09:00")


def test_without_a_choice_the_year_with_most_plans_is_shown(levels: Visitor) -> None:
    said = levels.reads("/chain")
    assert "Chuỗi kế hoạch các cấp, năm 2024" in said
    assert "dưới 90-KH/TU (văn bản nêu)" in said
    assert "huyen-mau-2023, mục" not in said


def test_what_is_late_stands_in_words_with_both_days(levels: Visitor) -> None:
    said = levels.reads("/chain")
    assert "1 chỗ muộn" in said
    assert "Muộn hơn 3 ngày" in said
    assert "thứ Hai 06/01/2025" in said and "thứ Sáu 03/01/2025" in said
    assert "kiểm tra: 1 lỗi, 0 cảnh báo, 0 lưu ý" in said


def test_marks_are_numbered_as_in_the_tables(levels: Visitor) -> None:
    page = levels.page("/chain")
    drawn = re.findall(r"<title>(\d+)\. ([^<]+), hạn", page.partition('class="timeline chain wide"')[2].partition("</svg>")[0])
    listed = re.findall(r'<th scope="row">(\d+)\. ([^<]+)</th>', page)
    assert len(drawn) == 14 and sorted(drawn) == sorted(listed)


def test_plans_are_chosen_by_a_list_or_by_ticks(levels: Visitor) -> None:
    by_list = levels.reads("/chain?plans=tinh-mau-2024,huyen-mau-2024")
    assert by_list == levels.reads("/chain?plans=tinh-mau-2024&plans=huyen-mau-2024")
    assert "Chưa thấy việc nào" not in by_list


def test_plans_that_do_not_name_each_other_are_put_together_with_a_word_of_care(board: Visitor) -> None:
    said = board.reads("/chain?plans=quang-ngai-13-hd-tu,huyen-2023")
    assert "ghép theo cấp, văn bản không nêu" in said
    assert "Muộn hơn 31 ngày" in said


def test_an_unknown_plan_is_not_found(levels: Visitor) -> None:
    assert "khong-co" in levels.reads("/chain?plans=khong-co", status=404)


def test_a_folder_without_plans_has_a_page(new_house: NewHouse, visit: Visit, tmp_path: object) -> None:
    house: Services = new_house("", calendars_dir=tmp_path)
    assert "chưa có ngày nào để vẽ" in visit(house, "2024-11-18 09:00").reads("/chain")


def test_a_plan_shows_what_the_check_says(board: Visitor) -> None:
    said = board.reads("/plans/thi-xa-2022")
    assert "2 lỗi · 7 cảnh báo" in said
    assert "Có thể là tháng 02/2023." in said


def test_a_standing_guidance_is_checked_for_the_year_that_is_looked_at(board: Visitor) -> None:
    assert "366-QĐ/TW thay từ 30/08/2025" in board.reads("/plans/quang-ngai-13-hd-tu?year=2026")


def test_the_chain_is_linked_from_the_plans(board: Visitor) -> None:
    assert 'href="/chain"' in board.page("/plans")
