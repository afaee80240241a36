"""The slack page: how many working days the receiving unit has, by the plan and for every unit as things stand."""

from __future__ import annotations

from datetime import date

from hanchot.service.items import act, extend
from hanchot.service.views.slack import slack_page
from tests.board.conftest import Visitor
from tests.look import CODE, at, item_id

PAGE = f"/cycles/{CODE}/slack"
NOON = at("2024-11-18 12:00")


def days(board: Visitor) -> dict[str, int | None]:
    return {one.code: one.days for one in slack_page(board.house, CODE, NOON).units}


def test_an_extension_below_eats_up_the_time_above(board: Visitor) -> None:
    before = days(board)
    assert before, "somebody waits for somebody in the sample plan"
    said = board.reads(PAGE)
    assert "Khoảng đệm" in said and "<svg" in board.page(PAGE)
    for code in ("YT-1", "YT-2"):
        extend(board.house, item_id(board.house, code, "chi-bo"), date(2024, 12, 16), NOON, actor="Bình", reason="bão")
    after = days(board)
    assert (before["YT"], after["YT"]) == (4, 2)  # Friday 13 to Wednesday 18; Tuesday 17 and Wednesday 18


def test_what_has_come_in_takes_no_time(board: Visitor) -> None:
    for code in ("YT-1", "YT-2"):
        act(board.house, item_id(board.house, code, "chi-bo"), "submit", NOON, actor="Hải")
    (yt,) = (one for one in slack_page(board.house, CODE, NOON).units if one.code == "YT")
    assert yt.open == 1  # the cell of the hospital
