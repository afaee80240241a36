"""What holds for every form: only from our own page in this browser, within bounds, on this machine, and never twice."""

from __future__ import annotations

import re
from http import HTTPStatus

import pytest
import sqlalchemy as sa

from hanchot.board import incoming
from hanchot.board.app import create_board
from hanchot.board.tokens import COOKIE, FIELD
from hanchot.service import drafts
from hanchot.service.services import Services
from tests.board.conftest import ORIGIN, TestClient, Visitor, words
from tests.conftest import NewHouse
from tests.drafts import BODY, draft
from tests.look import at

NOON = "2024-11-18 12:00"
HERE = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def page(board: Visitor) -> str:
    """The address of a draft that waits for a person."""
    made, _ = drafts.keep(board.house, BODY, "ke-hoach.docx", "docx", draft(), at(NOON), "Trần Thị Bình")
    return f"/documents/{made}"


def form(board: Visitor, page: str, **more: str) -> dict[str, str]:
    """A form that drops the draft's last sentence, with the token of the page that the browser was shown."""
    token = re.search(rf'name="{FIELD}" value="(\w+)"', board.page(page))
    assert token
    return {FIELD: token[1], "place": "s7", "revision": "0", "do": "drop", "reason": "nói lại câu 2"} | more


def dropped(board: Visitor) -> bool:
    return 7 in drafts.find(board.house, 1).decisions.statements


def test_a_form_of_ours_is_taken_and_the_browser_is_sent_on(board: Visitor, page: str) -> None:
    answer = board.client.post(page, data=form(board, page), headers=HERE, follow_redirects=False)
    assert answer.status_code == HTTPStatus.SEE_OTHER
    assert answer.headers["location"].startswith(f"{page}#")
    assert dropped(board)


@pytest.mark.parametrize(
    "headers",
    [{"origin": ORIGIN}, {"sec-fetch-site": "none"}, {"sec-fetch-site": "same-origin", "origin": "null"}],
    ids=["an old browser", "typed by the person", "a new browser"],
)
def test_the_browser_vouches_for_where_the_form_came_from(board: Visitor, page: str, headers: dict[str, str]) -> None:
    assert board.client.post(page, data=form(board, page), headers=headers).status_code == 200
    assert dropped(board)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "origin": ORIGIN},
        {"origin": "http://evil.example"},
        {"origin": "http://127.0.0.1:1"},
        {"origin": "null"},
        {"origin": "http://["},
    ],
)
def test_a_form_of_another_page_is_refused(board: Visitor, page: str, headers: dict[str, str]) -> None:
    answer = board.client.post(page, data=form(board, page), headers=headers)
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert "gửi từ một trang khác" in words(answer.text)
    assert not dropped(board)


def test_a_form_without_the_browsers_token_is_refused_and_what_was_typed_is_shown(board: Visitor, page: str) -> None:
    sent = form(board, page)
    strange = (
        {**sent, FIELD: ""},
        {**sent, FIELD: "0" * 64},
        {key: value for key, value in sent.items() if key != FIELD},
    )
    for one in strange:
        answer = board.client.post(page, data=one, headers=HERE)
        assert answer.status_code == HTTPStatus.FORBIDDEN
        assert "nói lại câu 2" in words(answer.text)
    board.client.cookies.clear()
    assert board.client.post(page, data=sent, headers=HERE).status_code == HTTPStatus.FORBIDDEN
    board.client.cookies.set(COOKIE, "x" * 43)  # another browser's name under this browser's token
    assert board.client.post(page, data=sent, headers=HERE).status_code == HTTPStatus.FORBIDDEN
    assert not dropped(board)


def test_a_token_lives_as_long_as_the_database(board: Visitor, page: str) -> None:
    """A board that was started anew still takes the forms that its people have open."""
    sent, cookie = form(board, page), board.client.cookies[COOKIE]
    again = Visitor(board.house, NOON)
    again.client.cookies.set(COOKIE, cookie)
    assert again.client.post(page, data=sent, headers=HERE).status_code == 200


def test_the_cookie_is_closed_to_scripts_and_other_sites_and_given_once(board: Visitor, page: str) -> None:
    assert "set-cookie" not in board.client.get("/health").headers  # no form, no cookie
    given = board.client.get(page).headers["set-cookie"].lower()
    assert "httponly" in given and "samesite=lax" in given and "path=/" in given
    assert "set-cookie" not in board.client.get(page).headers  # a browser keeps its name


@pytest.mark.parametrize("settings", [{"board_host": "0.0.0.0"}, {"board_url": "https://hanchot.example"}])
def test_where_others_reach_the_board_nothing_opens_without_a_sign_in(new_house: NewHouse, settings: dict[str, str]) -> None:
    house = new_house("", **settings)
    drafts.keep(house, BODY, "ke-hoach.docx", "docx", draft(), at(NOON), "Trần Thị Bình")
    origin = settings.get("board_url", ORIGIN)
    client = TestClient(create_board(house, now=lambda: at(NOON)), base_url=origin)
    page = client.get("/documents/1", follow_redirects=False)
    assert (page.status_code, page.headers["location"]) == (HTTPStatus.SEE_OTHER, "/sign-in?next=/documents/1")
    token = re.search(rf'name="{FIELD}" value="(\w+)"', client.get("/sign-in").text)
    assert token
    sent = {FIELD: token[1], "place": "head", "revision": "0", "title": "Kế hoạch đang gõ dở"}
    answer = client.post("/documents/1", data=sent, headers=HERE)
    assert answer.status_code == HTTPStatus.UNAUTHORIZED
    said = words(answer.text)
    assert "chưa ghi gì" in said and "Kế hoạch đang gõ dở" in said


def test_a_form_has_its_bounds(board: Visitor, page: str) -> None:
    sent = form(board, page, reason="dài " * 300_000)
    answer = board.client.post(page, data=sent, headers=HERE)
    assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    said = words(answer.text)
    assert "dài hơn 1 MB" in said and "dài dài dài" in said
    many = board.client.post(page, data={f"x{n}": "1" for n in range(incoming.MAX_FIELDS + 1)}, headers=HERE)
    assert many.status_code == HTTPStatus.BAD_REQUEST
    assert not dropped(board)


def test_a_body_that_is_no_form_is_one_sentence(board: Visitor, page: str) -> None:
    headers = HERE | {"content-type": "multipart/form-data; boundary=x"}
    assert board.client.post(page, content=b"--y\r\nabc", headers=headers).status_code in (400, 403)
    headers = HERE | {"content-type": "multipart/form-data"}
    assert board.client.post(page, content=b"abc", headers=headers).status_code in (400, 403)


def test_a_second_click_changes_nothing(board: Visitor, page: str) -> None:
    sent = form(board, page)
    for _ in range(2):
        assert board.client.post(page, data=sent, headers=HERE, follow_redirects=False).status_code == 303
    record = drafts.find(board.house, 1)
    assert record.revision == 1
    assert decided(board.house) == 1


def decided(house: Services) -> int:
    """How many decisions the audit trail knows."""
    with house.db.read() as connection:
        count = sa.text("SELECT count(*) FROM event WHERE action = 'draft.decided'")
        return int(connection.execute(count).scalar_one())


def test_two_people_on_one_sentence_the_second_is_told_who_was_first(board: Visitor, page: str) -> None:
    first, second = form(board, page), form(board, page, reason="không phải hạn")
    board.client.post(page, data=first, headers=HERE)
    answer = board.client.post(page, data=second, headers=HERE)
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "người dùng bảng đã sửa chỗ này lúc 09:00 18/11/2024" in words(answer.text)
    assert "không phải hạn" in answer.text  # what was typed is still there
    decision = drafts.find(board.house, 1).decisions.statements[7]
    assert decision.reason == "nói lại câu 2"


def test_two_people_on_two_sentences_do_not_meet(board: Visitor, page: str) -> None:
    one, other = form(board, page), form(board, page, place="s4", reason="không ai làm")
    board.client.post(page, data=one, headers=HERE)
    assert board.client.post(page, data=other, headers=HERE).status_code == 200
    assert set(drafts.find(board.house, 1).decisions.statements) == {4, 7}


@pytest.mark.parametrize(
    "strange",
    [{"place": "s8"}, {"place": "r1"}, {"place": "s99999"}, {"place": "../x"}, {"place": ""}, {"revision": "-1"},
     {"revision": "9" * 30}],
)  # fmt: skip
def test_a_form_that_nobody_has_made_is_one_sentence(board: Visitor, page: str, strange: dict[str, str]) -> None:
    answer = board.client.post(page, data=form(board, page, settled="xem rồi", **strange), headers=HERE)
    assert answer.status_code in (400, 404, 422)
    assert drafts.find(board.house, 1).revision == 0
    assert board.client.post("/documents/77", data=form(board, page), headers=HERE).status_code == 404
