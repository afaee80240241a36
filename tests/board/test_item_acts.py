"""What an officer does to one item: by the guards that refuse it, never over somebody else, never twice."""

from __future__ import annotations

import html
import re
from datetime import date
from http import HTTPStatus

import pytest
import sqlalchemy as sa

from hanchot.domain.access import Role
from hanchot.service.items import act
from hanchot.service.opening import Opened
from hanchot.service.services import Services
from hanchot.store.access_tables import access_grant
from hanchot.store.tables import person, unit
from tests import look
from tests.board.conftest import Visitor, words
from tests.board.people import ORGANISER, SECRETARY, STRANGER, SUPERIOR, signed_in
from tests.board.test_bulk import HERE, form_of
from tests.look import at, item, item_id

NOON = "2024-12-10 12:00"


@pytest.fixture
def of_yt1(house: Services, opened: Opened) -> int:
    """The duty of the cell YT-1, due on 12/12/2024."""
    return item_id(house, "YT-1", "chi-bo")


@pytest.fixture
def binh(house: Services, of_yt1: int) -> Visitor:
    return signed_in(house, ORGANISER, NOON)


def form(board: Visitor, here: int, do: str) -> dict[str, str]:
    """The untouched form of an act on the item's page."""
    return {name: values[0] for name, values in form_of(board.page(f"/items/{here}"), f"/items/{here}/{do}").items()}


def send(board: Visitor, here: int, do: str, sent: dict[str, str], status: int = HTTPStatus.SEE_OTHER) -> str:
    answer = board.client.post(f"/items/{here}/{do}", data=sent, headers=HERE, follow_redirects=False)
    assert answer.status_code == status, words(answer.text)[:600]
    return html.unescape(answer.text)


def offered(page: str) -> set[str]:
    """The acts whose forms stand on the page."""
    return set(re.findall(r'action="/items/\d+/(\w+)"', page))


def test_what_came_on_paper_is_recorded_with_its_day(binh: Visitor, of_yt1: int) -> None:
    sent = form(binh, of_yt1, "receive") | {"day": "09/12/2024", "reason": "bản giấy"}
    send(binh, of_yt1, "receive", sent)
    send(binh, of_yt1, "receive", sent)  # a double click
    (event,) = look.events(binh.house, "item.submit")
    assert (event.actor, event.on_behalf, event.reason) == (ORGANISER, "Chi bộ Văn phòng Sở", "bản giấy")
    assert "23:59 09/12/2024" in binh.reads(f"/items/{of_yt1}")


def test_buttons_are_greyed_by_the_guards_that_refuse(binh: Visitor, of_yt1: int) -> None:
    page = binh.page(f"/items/{of_yt1}")
    assert offered(page) == {"receive", "extend", "excuse", "remind"}
    assert "Không thể trả lại khi việc đang ở trạng thái “chưa nộp”." in words(page)
    act(binh.house, of_yt1, "submit", at("2024-12-10 11:00"), actor=SECRETARY)
    assert offered(binh.page(f"/items/{of_yt1}")) == {"accept", "return", "reopen"}


def test_a_return_needs_a_reason_and_keeps_the_page(binh: Visitor, of_yt1: int) -> None:
    act(binh.house, of_yt1, "submit", at("2024-12-10 11:00"), actor=SECRETARY)
    sent = form(binh, of_yt1, "return")
    assert "Nêu lý do" in words(send(binh, of_yt1, "return", sent | {"reason": ""}, 422))
    send(binh, of_yt1, "return", sent | {"reason": "thiếu biên bản"})
    assert item(binh.house, "YT-1", "chi-bo").state == "returned"


def test_two_officers_at_once_the_second_hears_who_and_when_and_loses_nothing(binh: Visitor, of_yt1: int) -> None:
    sent = form(binh, of_yt1, "extend") | {"day": "20/12/2024", "reason": "đơn vị đang đi lũ"}
    other = signed_in(binh.house, SUPERIOR, NOON)
    act(binh.house, of_yt1, "submit", at("2024-12-10 12:03"), actor=SECRETARY)
    send(other, of_yt1, "return", form(other, of_yt1, "return") | {"reason": "thiếu chữ ký"})
    page = send(binh, of_yt1, "extend", sent, 409)
    assert f"vừa được {SUPERIOR} cập nhật lúc 12:00 10/12/2024 (trả lại)" in words(page)
    assert "đơn vị đang đi lũ" in page and 'value="20/12/2024"' in page
    assert item(binh.house, "YT-1", "chi-bo").last_day == date(2024, 12, 12)
    again = {name: values[0] for name, values in form_of(page, f"/items/{of_yt1}/extend").items()}
    send(binh, of_yt1, "extend", sent | again)  # having read it, they may
    assert item(binh.house, "YT-1", "chi-bo").last_day == date(2024, 12, 20)


def test_the_guard_of_an_extension_names_the_day(binh: Visitor, of_yt1: int) -> None:
    page = send(binh, of_yt1, "extend", form(binh, of_yt1, "extend") | {"day": "11/12/2024", "reason": "x"}, 422)
    assert "Hạn mới 11/12/2024 không muộn hơn hạn đang có 12/12/2024." in words(page)


def test_a_reminder_goes_to_the_holder_once(binh: Visitor, of_yt1: int) -> None:
    sent = form(binh, of_yt1, "remind")
    for _ in range(2):
        send(binh, of_yt1, "remind", sent)
    assert [one.to for one in look.ledger(binh.house) if one.rung.startswith("now-")] == ["YT-1"]


def test_excused_and_opened_again(binh: Visitor, of_yt1: int) -> None:
    send(binh, of_yt1, "excuse", form(binh, of_yt1, "excuse") | {"reason": "mới thành lập"})
    assert "Không áp dụng" in binh.reads(f"/items/{of_yt1}")
    send(binh, of_yt1, "reopen", form(binh, of_yt1, "reopen") | {"reason": "ghi nhầm"})
    assert item(binh.house, "YT-1", "chi-bo").state == "open"


def test_each_sees_only_the_acts_of_their_right(house: Services, of_yt1: int) -> None:
    act(house, of_yt1, "submit", at("2024-12-10 11:00"), actor=SECRETARY)
    assert offered(signed_in(house, SUPERIOR, NOON).page(f"/items/{of_yt1}")) == {"accept", "return"}
    assert offered(signed_in(house, SECRETARY, NOON).page(f"/items/{of_yt1}")) == set()
    sent = form(signed_in(house, ORGANISER, NOON), of_yt1, "reopen")
    for name, status in ((SECRETARY, 403), (SUPERIOR, 403), (STRANGER, 404)):
        there = signed_in(house, name, NOON)
        token = re.search(r'name="(\w+)" value="(\w{30,})"', there.page("/my"))
        assert token
        send(there, of_yt1, "reopen", {**sent, token[1]: token[2], "reason": "x"}, status)


def test_an_inspector_looks_and_touches_nothing(house: Services, of_yt1: int) -> None:
    with house.db.write() as connection:
        who = connection.execute(sa.select(person.c.id).where(person.c.name == STRANGER)).scalar_one()
        where = connection.execute(sa.select(unit.c.id).where(unit.c.code == "YT")).scalar_one()
        connection.execute(
            sa.insert(access_grant).values(
                person_id=who, role=Role.INSPECTOR, unit_id=where, starts=date(2024, 1, 1), given_by="An", at=at(NOON)
            )
        )
    inspector = signed_in(house, STRANGER, "2024-12-19 09:00")
    assert "Chi bộ Văn phòng Sở" in inspector.reads("/late")
    for path in ("/late", f"/items/{of_yt1}", "/units/YT", "/units/YT-1"):
        main = inspector.page(path).partition("<main")[2].partition("</main>")[0]
        assert 'method="post"' not in main and "/bulk/" not in main, path
