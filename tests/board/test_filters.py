"""“Ai chậm?” narrowed: by stage, branch, kind and words, all of it in the address."""

from __future__ import annotations

import re

from tests.board.conftest import Visitor

LATE = "2024-12-19 09:00"


def units(board: Visitor, query: str) -> list[str]:
    """The codes of the units on the list, sorted."""
    return sorted(set(re.findall(r'class="what"><a href="/units/([\w-]+)"', board.page(f"/late?{query}"))))


def test_each_filter_narrows_and_together_they_narrow_more(board: Visitor) -> None:
    board.time = LATE
    assert units(board, "") == ["BAO", "DUK-BTC", "KHO", "YT", "YT-1", "YT-2", "YT-BP1"]
    assert units(board, "stage=prepare") == ["DUK-BTC"]
    assert units(board, "branch=YT") == ["YT", "YT-1", "YT-2", "YT-BP1"]
    assert units(board, "kind=grassroots_cell") == ["BAO", "KHO"]
    assert units(board, "q=bao tinh") == ["BAO"]
    assert units(board, "branch=YT&q=van phong") == ["YT-1"]


def test_a_filter_without_a_match_says_so_and_keeps_what_was_typed(board: Visitor) -> None:
    board.time = LATE
    page = board.page("/late?q=kh%C3%B4ng+c%C3%B3")
    assert 'value="không có"' in page and "khớp điều kiện" in page
    assert units(board, "branch=XYZ") == []


def test_one_tap_reaches_whoever_holds_it(board: Visitor) -> None:
    board.time = LATE
    page = board.page("/late?q=bao")
    assert 'href="mailto:cb' in page and "subject=Nh%E1%BA%AFc" in page and "%0D%0A" in page
