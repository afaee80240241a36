"""Topics and opinions on the board: drafts are not for the unit, words not for whom they are about."""

from __future__ import annotations

from typing import Any

import pytest

from hanchot.service.meetings import Which, Wish, book_meeting
from hanchot.service.services import Services
from tests.board.conftest import Visitor, words
from tests.board.forms import deed
from tests.board.people import DECIDER, ORGANISER, SECRETARY, STRANGER, SUPERIOR, code_of, signed_in
from tests.look import at, events, item_id
from tests.reviews import DISTRICT, reviewed_under

MONDAY = "2024-12-02 09:00"
TOPICS, OPINIONS = f"/cycles/{DISTRICT}/topics/BAO", f"/cycles/{DISTRICT}/opinions/BAO"
TOPIC: dict[str, Any] = {"words": "kín: thu chi quỹ", "ground": "tasks", "proposed_by": "Ủy ban Kiểm tra"}
YK = f"{DISTRICT}-yk"


@pytest.fixture
def house(house: Services) -> Services:
    return reviewed_under(house, DISTRICT)


@pytest.fixture
def binh(house: Services) -> Visitor:
    """Trần Thị Bình, head of the department."""
    return signed_in(house, ORGANISER, MONDAY)


@pytest.fixture
def lam(house: Services) -> Visitor:
    """Phan Văn Lâm, secretary of the cell BAO."""
    return signed_in(house, STRANGER, MONDAY)


def test_a_topic_reaches_the_unit_only_when_it_is_sent(house: Services, binh: Visitor, lam: Visitor) -> None:
    deed(binh, TOPICS, "draft", **TOPIC)
    deed(binh, TOPICS, "draft", **TOPIC)  # a double click
    assert len(events(house, "topic.drafted")) == 1 and "kín: thu chi quỹ" in binh.reads(TOPICS)
    assert "kín" not in lam.page(TOPICS)
    came_back = deed(binh, TOPICS, "decide", 422, no="1", body="YT", paper="05-TB/HU", day="02/12/2024")
    assert "không có thẩm quyền quyết định gợi ý" in words(came_back) and 'value="05-TB/HU"' in came_back
    deed(binh, TOPICS, "decide", no="1", body="DUK-BTV", paper="05-TB/HU", day="02/12/2024")
    assert "kín" not in lam.page(TOPICS)
    deed(binh, TOPICS, "issue", no="1", day="02/12/2024")
    assert "kín: thu chi quỹ" in lam.reads(TOPICS)
    assert "chưa nêu báo cáo nói ở phần nào" in words(deed(lam, TOPICS, "answer", 422, no="1", where=""))
    deed(lam, TOPICS, "answer", no="1", where="mục II.3")
    assert "mục II.3" in binh.reads(TOPICS)
    assert not any("kín" in f"{e.reason}{e.data}{e.became}" for e in events(house))


def test_nobody_suggests_topics_to_themselves_and_strangers_see_none(house: Services, binh: Visitor, lam: Visitor) -> None:
    assert "Thêm gợi ý" not in lam.reads(TOPICS)
    assert "Gợi ý cho chính đơn vị" in words(deed(lam, TOPICS, "draft", 422, **TOPIC))
    signed_in(house, SECRETARY, MONDAY).page(TOPICS, status=404)
    own = f"/cycles/{DISTRICT}/topics/YT"
    deed(binh, own, "draft", **TOPIC)
    dung = signed_in(house, SUPERIOR, MONDAY)  # heads that committee, and everything under it
    assert "kín" not in dung.page(own)
    assert "do cấp trên ghi" in words(deed(dung, own, "draft", 422, **TOPIC | {"words": "khác"}))


def test_an_opinion_is_asked_given_at_the_desk_and_read_above(house: Services, binh: Visitor, lam: Visitor) -> None:
    deed(binh, OPINIONS, "ask", kind="agency", heard="KHO", until="11/12/2024")
    deed(binh, OPINIONS, "ask", kind="agency", heard="KHO", until="11/12/2024")  # a double click
    here = f"/items/{item_id(house, 'KHO', 'y-kien-1', YK)}/opinion"
    nga = signed_in(house, "Đặng Thị Nga", MONDAY)
    assert f'href="{here}">Ghi ý kiến</a>' in nga.page(here.replace("/items/", "/my/items/").removesuffix("/opinion"))
    assert "Về Chi bộ Báo tỉnh" in nga.reads(here)
    came_back = deed(nga, here, "give", 422, words="kín: còn nóng nảy", day="40/12/2024", level="good")
    assert "Không có ngày 40/12/2024" in words(came_back) and ">kín: còn nóng nảy</textarea>" in came_back
    deed(nga, here, "give", words="kín: còn nóng nảy", day="02/12/2024", level="good")
    deed(nga, here, "give", words="kín: còn nóng nảy", day="02/12/2024", level="good")  # a double click
    assert len(events(house, "opinion.received")) == 1
    assert "kín: còn" not in nga.page(here)  # not even for who gave it
    assert "kín: còn nóng nảy" in binh.reads(OPINIONS) and "hoàn thành tốt nhiệm vụ" in binh.reads(OPINIONS)
    assert "kín: còn nóng nảy" in signed_in(house, DECIDER, MONDAY).reads(OPINIONS)
    lam.page(OPINIONS, status=403)
    lam.page(here, status=404)
    assert not any("kín" in f"{e.reason}{e.data}{e.became}" for e in events(house))


def test_who_is_asked_outside_and_what_is_refused(house: Services, binh: Visitor) -> None:
    lam = code_of(house, STRANGER)
    came_back = deed(binh, OPINIONS, "ask", 422, kind="residence", person=lam, until="11/12/2024")
    assert "Chưa nêu lấy nhận xét của cấp ủy nơi cư trú từ đâu" in words(came_back)
    came_back = deed(binh, OPINIONS, "ask", 422, kind="residence", person=lam, source="Tổ 4", until="01/12/2024")
    assert 'value="Tổ 4"' in came_back and 'value="01/12/2024"' in came_back
    deed(binh, OPINIONS, "ask", kind="residence", person=lam, source="Tổ 4", until="11/12/2024")
    assert "Nêu lý do miễn lấy ý kiến" in words(deed(binh, OPINIONS, "waive", 422, number="1", reason=""))
    deed(binh, OPINIONS, "waive", number="1", reason="mới chuyển đến")
    assert "Được miễn" in binh.reads(OPINIONS)


def test_whoever_attended_is_asked_in_one_go(house: Services, binh: Visitor) -> None:
    day = (at("2024-12-16 08:00"), at("2024-12-16 17:00"))
    wish = Wish(*day, directs=(code_of(house, DECIDER),))
    book_meeting(house, Which(DISTRICT, "BAO"), wish, at(MONDAY), actor="bí thư")
    assert "Hỏi mọi cấp trên đã dự" in binh.reads(OPINIONS)
    deed(binh, OPINIONS, "attenders", until="20/12/2024")
    said = binh.reads(OPINIONS)
    assert DECIDER in said and "ý kiến của cấp trên dự kiểm điểm" in said and "Hỏi mọi cấp trên đã dự" not in said
