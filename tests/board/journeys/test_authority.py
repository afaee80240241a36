"""A journey to a decision: drafted by one, refused beyond the quota, confirmed by another with a fresh code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.board.journeys.conftest import Found
from tests.board.people import DECIDER, ORGANISER
from tests.cast import settle
from tests.judging import EXCELLENT, appraised, both_rounds, cell_of, ratings

if TYPE_CHECKING:
    from tests.board.journeys.town import Town

pytestmark = pytest.mark.slow
QUOTA = "suất trong 4: 20 % của 24 hoàn thành tốt, 13-HD/TU PL.3"


def test_8_the_fifth_is_refused_and_four_are_confirmed(found: Found) -> None:
    town = found("2024-12-20 12:00")
    settle(town.house.db)
    members = cell_of(town.house, 24)
    appraised(town.house, members)
    both_rounds(town.house, members, members[:5])

    binh = town.signed_in(ORGANISER).goes("/deciding").reads("24 đối tượng đã thẩm định", f"Còn 4 {QUOTA}")
    binh.follows("Lập dự thảo: Chi bộ Kho bạc (24)").reads("Dự thảo quyết định")
    lines = [binh.main.locator(f"#line-{one}") for one in members[:5]]
    for line in lines:
        line.locator("select").select_option("excellent")
        line.get_by_label("Lý do, nếu khác thẩm định").fill("theo phiếu")
    if town.way.script:
        town.expect(lines[4].locator(".against")).to_contain_text("13-HD/TU PL.3")  # recounted by itself
    binh.types("Số văn bản", "05-QĐ/CB").types("Ngày văn bản", "19/12/2024").presses("Lập dự thảo")
    binh.reads("5 dòng chưa đủ điều kiện", "13-HD/TU PL.3").finds_typed("Số văn bản", "05-QĐ/CB")
    assert ratings(town.house, members[0]) == []

    lines[4].locator("select").select_option("")
    binh.presses("Tính lại").reads(f"Còn 0 {QUOTA}").presses("Lập dự thảo")
    binh.reads("Chờ xác nhận", f"Còn 0 {QUOTA}")
    confirm(town, members)


def confirm(town: Town, members: list[int]) -> None:
    """The authority, signed in twenty minutes ago, needs a fresh code; what was ticked is still there."""
    cuong = town.signed_in(DECIDER)
    town.time = "2024-12-20 12:20"
    cuong.goes("/deciding").follows("Số 05-QĐ/CB ngày 19/12/2024").reads("Cần một mã mới")
    cuong.ticks("Tôi đã đối chiếu từng dòng với văn bản đã ký").presses("Xác nhận quyết định")
    cuong.reads("Việc này cần xác nhận lại bằng mã").presses("Xác nhận lại bằng mã").presses("Gửi mã vào hộp thư")
    cuong.reads("Đã gửi mã").types("Mã trong thư, hoặc một mã in", town.code()).presses("Xác nhận")
    cuong.reads("Đã xác nhận", "Điều đã gõ chưa được ghi")
    cuong.button("Gửi điều đã gõ").dblclick()
    cuong.stands_at("/decisions/1").reads("Đã xác nhận")
    [row] = ratings(town.house, members[0])
    assert (row.level, row.confirmed_by) == (EXCELLENT, DECIDER)
