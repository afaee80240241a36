"""Vietnamese order and search without marks."""

from __future__ import annotations

import unicodedata

import pytest

from hanchot.domain.collate import collation_key, folded


@pytest.mark.parametrize(
    "in_order",
    [
        ["Dung", "Dũng", "Đông", "Em"],
        ["an", "ăn", "ân"],
        ["ma", "mà", "mả", "mã", "má", "mạ"],
        ["no", "nô", "nơ"],
        ["tu", "tư"],
        ["Chi bộ 2", "Chi bộ 10", "Chi bộ 10A"],
        ["Chi bộ An", "chi bộ Bình", "CHI BỘ CƯỜNG"],
        ["Hà", "Hà An", "Hàn"],
        ["Đảng bộ Sở Xây dựng", "Đảng bộ Sở Y tế"],
    ],
)
def test_names_stand_as_in_a_vietnamese_dictionary(in_order: list[str]) -> None:
    assert sorted(reversed(in_order), key=collation_key) == in_order


def test_both_spellings_of_unicode_stand_together() -> None:
    name = "Đảng ủy Khối"
    assert collation_key(unicodedata.normalize("NFD", name))[:2] == collation_key(name)[:2]


def test_search_needs_no_marks() -> None:
    assert folded("  Đảng bộ  Sở Y tế ") == "dang bo so y te"
    assert folded(unicodedata.normalize("NFD", "Nguyễn Hữu Phước")) == "nguyen huu phuoc"
