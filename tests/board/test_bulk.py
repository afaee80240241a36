"""Many lines at once: chosen on “Ai chậm?”, looked at before anything is done, done once, and taken back."""

from __future__ import annotations

import html
import re
from datetime import date
from http import HTTPStatus
from typing import Any

import pytest

from hanchot.service.items import act
from hanchot.service.opening import Opened
from hanchot.service.services import Services
from hanchot.service.sweep import sweep
from tests import look
from tests.board.conftest import Visitor, words
from tests.board.people import ORGANISER, STRANGER, SUPERIOR, signed_in
from tests.look import at, item, item_id

LATE = "2024-12-13 09:00"  # a Friday, the day after the cells were due
HERE = {"sec-fetch-site": "same-origin"}
_INPUT = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


@pytest.fixture
def binh(house: Services, opened: Opened) -> Visitor:
    """The head of the organisation department, at her desk."""
    return signed_in(house, ORGANISER, LATE)


def chosen(house: Services, *units: str) -> str:
    return "&".join(f"item={item_id(house, unit, 'chi-bo')}" for unit in units)


def form_of(page: str, action: str) -> dict[str, Any]:
    """The hidden fields of the page's form that is sent to ``action``."""
    body = page.partition(f'action="{action}"')[2].partition("</form>")[0]
    assert body, f"no form to {action}"
    sent: dict[str, Any] = {}
    for name, value in _INPUT.findall(body):
        sent.setdefault(name, []).append(html.unescape(value))
    return sent


def send(board: Visitor, action: str, sent: dict[str, Any], status: int = HTTPStatus.SEE_OTHER) -> str:
    """Where the browser is sent, or the words of the page that came back."""
    answer = board.client.post(action, data=sent, headers=HERE, follow_redirects=False)
    assert answer.status_code == status, words(answer.text)[:600]
    return answer.headers["location"] if status == HTTPStatus.SEE_OTHER else answer.text


def test_a_reminder_is_looked_at_first_and_written_once(binh: Visitor) -> None:
    house = binh.house
    page = binh.page(f"/bulk/remind?{chosen(house, 'BAO', 'KHO')}")
    said = words(page)
    assert "xem trước 2 việc" in said and "Chưa ghi, chưa gửi gì." in said
    assert "09:00 13/12/2024" in said  # a working day inside the window: at once
    assert look.who(house, tone="overdue") == []

    sent = form_of(page, "/bulk/remind")
    there = send(binh, "/bulk/remind", sent)
    assert send(binh, "/bulk/remind", sent) == there  # a double click
    assert look.who(house, tone="overdue") == ["BAO", "KHO"]
    assert "Đã soạn tin nhắc: 2 việc" in binh.reads(there)
    assert len(look.events(house, "item.remind")) == 2
    sweep(house, at("2024-12-13 09:01"))
    assert "Nhắc thêm Phan Văn Lâm Chờ gửi" in binh.reads(f"/items/{item_id(house, 'BAO', 'chi-bo')}")


def test_outside_of_the_window_the_preview_says_when_it_goes(house: Services, opened: Opened) -> None:
    binh = signed_in(house, ORGANISER, "2024-12-13 21:00")  # the next working day is Monday
    assert "sớm nhất lúc 07:00 16/12/2024" in binh.reads(f"/bulk/remind?{chosen(binh.house, 'BAO')}")


def test_who_may_not_receive_yet_is_written_to_and_kept_back(house: Services, opened: Opened) -> None:
    settings = house.settings.model_copy(update={"smtp_host": "relay.example"})
    careful = signed_in(Services(house.db, settings, house.workdays), ORGANISER, LATE)
    assert "1 thư sẽ được giữ lại vì chưa bật gửi thật." in careful.reads(f"/bulk/remind?{chosen(house, 'BAO')}")


def test_an_extension_asks_for_day_and_reason_and_keeps_what_was_typed(binh: Visitor) -> None:
    house, sent = binh.house, form_of(binh.page(f"/bulk/extend?{chosen(binh.house, 'BAO', 'KHO')}"), "/bulk/extend")
    page = send(binh, "/bulk/extend", sent | {"day": "31/02/2025", "reason": ""}, 422)
    assert "không có ngày này trong lịch" in words(page) and "Nêu lý do" in words(page)
    assert 'value="31/02/2025"' in page
    send(binh, "/bulk/extend", sent | {"day": "20/12/2024", "reason": "bão lụt", "approver": "Nguyễn Văn An"})
    assert {item(house, unit, "chi-bo").last_day for unit in ("BAO", "KHO")} == {date(2024, 12, 20)}
    assert item(house, "YT-1", "chi-bo").last_day == date(2024, 12, 12)


def test_paper_is_recorded_with_its_day_on_behalf_and_taken_back(binh: Visitor) -> None:
    house = binh.house
    sent = form_of(binh.page(f"/bulk/receive?{chosen(house, 'BAO', 'KHO')}"), "/bulk/receive")
    assert "chưa tới" in words(send(binh, "/bulk/receive", sent | {"day": "14/12/2024"}, 422))
    there = send(binh, "/bulk/receive", sent | {"day": "12/12/2024", "reason": "bản giấy, số 5"})
    assert "Đã nộp" in binh.reads(there) and "muộn" not in binh.reads(there)  # handed in on the last day: in time
    said = binh.reads(f"/items/{item_id(house, 'BAO', 'chi-bo')}")
    assert f"{ORGANISER}, thay Chi bộ Báo tỉnh bản giấy, số 5" in said

    undo = form_of(binh.page(f"/bulk/reopen?{chosen(house, 'BAO')}"), "/bulk/reopen")
    send(binh, "/bulk/reopen", undo | {"reason": "ghi nhầm đơn vị"})
    assert [item(house, unit, "chi-bo").state for unit in ("BAO", "KHO")] == ["open", "submitted"]


def test_what_cannot_be_done_is_said_line_by_line_and_the_rest_waits_for_a_yes(binh: Visitor) -> None:
    house = binh.house
    act(house, item_id(house, "KHO", "chi-bo"), "submit", at("2024-12-13 08:00"), actor="Nga")
    page = binh.page(f"/bulk/remind?{chosen(house, 'BAO', 'KHO')}")
    assert "Làm được 1 việc; 1 việc không làm được" in words(page)
    assert "Việc đã xong, không cần nhắc." in words(page)
    sent = form_of(page, "/bulk/remind")
    assert "chưa ghi gì" in words(send(binh, "/bulk/remind", sent, 422))
    assert "1 việc không làm được nên để nguyên" in binh.reads(send(binh, "/bulk/remind", sent | {"leave": "1"}))
    assert look.who(house, tone="overdue") == ["BAO"]


def test_a_line_that_somebody_changed_meanwhile_stops_everything_with_who_and_when(binh: Visitor) -> None:
    house = binh.house
    sent = form_of(binh.page(f"/bulk/extend?{chosen(house, 'BAO', 'KHO')}"), "/bulk/extend")
    act(house, item_id(house, "KHO", "chi-bo"), "submit", at("2024-12-13 09:10"), actor="Đặng Thị Nga")
    page = send(binh, "/bulk/extend", sent | {"day": "20/12/2024", "reason": "lũ quét"}, 409)
    assert "vừa được Đặng Thị Nga cập nhật lúc 09:10 13/12/2024" in words(page)
    assert "lũ quét" in page
    assert item(house, "BAO", "chi-bo").last_day == date(2024, 12, 12)


def test_the_whole_filtered_list_can_be_taken_and_only_what_the_right_reaches(house: Services, opened: Opened) -> None:
    dung = signed_in(house, SUPERIOR, LATE)  # of YT: may remind in her branch, not extend
    assert "xem trước 3 việc" in dung.reads("/bulk/remind?all=1&stage=self_assess")
    dung.page(f"/bulk/remind?{chosen(house, 'BAO')}", status=404)
    dung.page(f"/bulk/extend?{chosen(house, 'YT-1')}", status=403)
    assert "/bulk/remind" in dung.page("/late") and "/bulk/extend" not in dung.page("/late")
    signed_in(house, STRANGER, LATE).page(f"/bulk/remind?{chosen(house, 'BAO')}", status=403)


def test_nothing_chosen_is_said(binh: Visitor) -> None:
    assert "Chưa chọn việc nào." in binh.reads("/bulk/remind", status=422)
