"""Dates, numbers and recipients as Party documents write them (HD 05-HD/VPTW)."""

from __future__ import annotations

from datetime import date

import pytest

from hanchot.papers import words


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 2, 5), "ngày 05 tháng 02 năm 2026"),
        (date(2026, 1, 31), "ngày 31 tháng 01 năm 2026"),
        (date(2025, 3, 9), "ngày 09 tháng 3 năm 2025"),
        (date(2025, 12, 10), "ngày 10 tháng 12 năm 2025"),
    ],
)
def test_days_below_ten_and_months_one_and_two_carry_a_zero(day: date, said: str) -> None:
    assert words.date_vi(day) == said
    assert words.place_and_date("Lùng Phình", day) == f"Lùng Phình, {said}"


def test_an_unsigned_paper_leaves_room_for_the_pen() -> None:
    assert words.date_vi(None).split() == ["ngày", "tháng", "năm"]
    assert words.number_and_symbol(None, "KH/ĐU").replace(" ", "") == "Số-KH/ĐU"


def test_the_number_has_no_colon() -> None:
    assert words.number_and_symbol(5, "KH/ĐU") == "Số 05-KH/ĐU"
    assert words.number_and_symbol(211, "KH/ĐUK") == "Số 211-KH/ĐUK"


def test_recipients_end_with_a_full_stop() -> None:
    assert words.recipients(["Tỉnh ủy (báo cáo);", "Lưu VPĐU./."]) == ("Tỉnh ủy (báo cáo),", "Lưu VPĐU.")
    assert words.recipients([]) == ()


def test_impossible_characters_become_visible_and_the_rest_stays() -> None:
    assert words.printable("a\x07b\x0bc\ud800d\r\n\t") == "a�b\nc�d\r\n\t"
