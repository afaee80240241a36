"""Review meetings on the board: registered by the unit, refused by the rules with what would make it right, read by week.

The rules are the district's of 2023: registered before Thursday 15h of the week before; papers two days before.
"""

from __future__ import annotations

from typing import Any

import pytest

from hanchot.service.meetings import Which, Wish, book_meeting
from hanchot.service.services import Services
from tests.board.conftest import Visitor, words
from tests.board.forms import deed
from tests.board.people import ORGANISER, SECRETARY, STRANGER, SUPERIOR, code_of, signed_in
from tests.cast import IN_CHARGE_OF_YT
from tests.look import at, events, item
from tests.reviews import DISTRICT, reviewed_under

MONDAY = "2024-12-09 09:00"
BAO, YT = f"/cycles/{DISTRICT}/meetings/BAO", f"/cycles/{DISTRICT}/meetings/YT"
WHEN: dict[str, Any] = {
    "step": "collective_review",
    "day": "23/12/2024",
    "begins": "7h30",
    "ends": "17h",
    "place": "Hội trường A",
}


@pytest.fixture
def house(house: Services) -> Services:
    return reviewed_under(house, DISTRICT)


@pytest.fixture
def lam(house: Services) -> Visitor:
    """Phan Văn Lâm, secretary of the cell BAO."""
    return signed_in(house, STRANGER, MONDAY)


def test_a_unit_registers_and_its_deadlines_get_their_dates(house: Services, lam: Visitor) -> None:
    said = lam.reads(BAO)
    assert "Chưa đăng ký hội nghị nào" in said and "Đăng ký trước 15h00 thứ Năm" in said and "IV.1" in said
    assert deed(lam, BAO, "book", **WHEN) == f"{BAO}#meetings"
    assert deed(lam, BAO, "book", **WHEN) == f"{BAO}#meetings"  # a double click
    assert len(events(house, "meeting.booked")) == 1
    said = lam.reads(BAO)
    assert "07:30 thứ Hai 23/12/2024 – 17:00" in said and "Hội trường A" in said
    assert "Còn thiếu:" in said and "chưa được Ủy viên Ban Thường vụ Huyện ủy phụ trách thống nhất" in said
    assert str(item(house, "BAO", "giay-moi", DISTRICT).last_day) == "2024-12-18"
    assert "hết ngày thứ tư 18/12/2024" in said.lower()


@pytest.mark.parametrize(
    ("typed", "why", "field"),
    [
        ({"day": "17/12/2024"}, "", ""),
        ({"day": "10/12/2024"}, "phải trước 15h00 thứ Năm của tuần trước đó", "day"),
        ({"day": "30/02/2024"}, "Không có ngày 30/02/2024", "day"),
        ({"begins": "sáng"}, "Ghi giờ, ví dụ 7h30", "begins"),
        ({"ends": "7h"}, "không sau khi bắt đầu", "ends"),
        ({"others": "CB999"}, "Không có người mã “CB999”", ""),
    ],
)
def test_the_rules_answer_at_the_field_and_nothing_typed_is_lost(
    lam: Visitor, typed: dict[str, Any], why: str, field: str
) -> None:
    if not why:
        deed(lam, BAO, "book", **WHEN | typed)
        return
    page = deed(lam, BAO, "book", 422, **WHEN | typed)
    assert why in words(page) and 'value="Hội trường A"' in page
    assert all(f'value="{text}"' in page for text in typed.values())
    if field:
        assert f'href="#{field}"' in page
    assert not events(lam.house, "meeting.booked")


def test_nobody_is_in_two_places(house: Services, lam: Visitor) -> None:
    minh = code_of(house, IN_CHARGE_OF_YT)
    binh = signed_in(house, ORGANISER, MONDAY)
    deed(binh, YT, "book", **WHEN | {f"role:{minh}": "directs"})
    page = deed(lam, BAO, "book", 422, **WHEN | {"others": minh})
    assert f"{IN_CHARGE_OF_YT} đã có lịch dự kiểm điểm tại Đảng bộ Sở Y tế cùng lúc" in words(page)
    assert 'href="#attends"' in page
    deed(lam, BAO, "book", **WHEN | {"others": minh, "day": "24/12/2024"})
    week = binh.reads("/meetings?day=2024-12-25")
    assert f"{IN_CHARGE_OF_YT} (2)" in week and "Tuần" in week
    assert f"{IN_CHARGE_OF_YT} (1)" in signed_in(house, SUPERIOR, MONDAY).reads("/meetings?day=2024-12-25")
    assert "Chi bộ Báo tỉnh" in binh.reads(f"/meetings?day=2024-12-25&person={minh}")
    assert "chưa có hội nghị" in binh.reads("/meetings?day=khong-phai-ngay")


def test_a_meeting_is_moved_marked_held_and_called_off_with_reasons(house: Services, lam: Visitor) -> None:
    deed(lam, BAO, "book", **WHEN)
    page = deed(lam, BAO, "move", 422, **WHEN | {"day": "30/12/2024", "reason": " "})
    assert "Đổi giờ hội nghị phải nêu lý do" in words(page) and 'value="30/12/2024"' in page
    deed(lam, BAO, "move", **WHEN | {"day": "30/12/2024", "reason": "trùng lịch tỉnh"})
    assert "thứ Hai 30/12/2024" in lam.reads(BAO)
    binh = signed_in(house, ORGANISER, MONDAY)
    deed(binh, BAO, "mark", mark="approved:Ủy viên Ban Thường vụ Huyện ủy phụ trách", mark_day="09/12/2024")
    assert "chưa được Ủy viên" not in lam.reads(BAO)
    chosen: dict[str, Any] = {f"role:{code_of(house, IN_CHARGE_OF_YT)}": "directs"}
    deed(binh, BAO, "attend", **chosen)
    lam = signed_in(house, STRANGER, "2024-12-30 18:00")
    page = deed(lam, BAO, "hold", 422, minutes="01-BB")
    assert "chưa gửi Ủy viên Ban Thường vụ phụ trách" in words(page) and 'value="01-BB"' in page
    deed(lam, BAO, "hold", minutes="01-BB", reason="gửi bằng điện thoại")
    assert "Đã họp, biên bản 01-BB" in lam.reads(BAO)
    deed(lam, BAO, "cancel", 422, reason="nhầm")
    yt = signed_in(house, SUPERIOR, MONDAY)
    deed(yt, YT, "book", **WHEN)
    deed(yt, YT, "cancel", reason="bão")
    assert [e.reason for e in events(house, "meeting.cancelled")] == ["bão"]


@pytest.mark.parametrize(("who", "status"), [(SECRETARY, 404), (SUPERIOR, 404), (ORGANISER, 200), (STRANGER, 200)])
def test_a_units_meetings_are_for_its_own_branch(house: Services, who: str, status: int) -> None:
    signed_in(house, who, MONDAY).page(BAO, status=status)


def test_a_superior_says_who_attends_but_does_not_move_the_meeting(house: Services) -> None:
    yt1 = f"/cycles/{DISTRICT}/meetings/YT-1"
    which = Which(DISTRICT, "YT-1")
    book_meeting(house, which, Wish(at("2024-12-23 08:00"), at("2024-12-23 17:00")), at(MONDAY), actor=SECRETARY)
    dung = signed_in(house, SUPERIOR, MONDAY)
    assert "Đổi người dự" in dung.reads(yt1) and "Đổi giờ họp" not in dung.reads(yt1)
    assert "không thuộc phần việc" in words(deed(dung, yt1, "cancel", 422, reason="x"))
