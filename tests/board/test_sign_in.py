"""Signing in as people do it: page, mail, code, and on to where they wanted to be; and what strangers get."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from hanchot.board.app import create_board
from hanchot.board.pages_sign_in import safe_next
from hanchot.board.tokens import FIELD
from hanchot.board.who import COOKIE, SECURE_COOKIE
from hanchot.service import signing_in as door
from hanchot.service.services import Services
from tests.board.conftest import TestClient, words
from tests.cast import settle, vacate
from tests.conftest import NewHouse
from tests.look import at, incidents, mails_kept
from tests.mailroom import catcher

HERE = {"sec-fetch-site": "same-origin"}
HAI, BINH = "cb007@khoi.example", "cb002@khoi.example"
NIGHT = "2024-11-18 22:00"


class Browser:
    """One browser at the board, on a phone or a desk. ``time`` is local."""

    def __init__(self, house: Services, time: str = NIGHT, origin: str = "http://127.0.0.1:8642") -> None:
        self.time, self.house = time, house
        app = create_board(house, now=lambda: at(self.time))
        self.client = TestClient(app, base_url=origin)

    def token(self, path: str) -> str:
        found = re.search(rf'name="{FIELD}" value="(\w+)"', self.client.get(path).text)
        assert found
        return found[1]

    def send(self, path: str, *, page: str = "", **typed: Any) -> Any:
        """Fill in the form on ``page`` (``path`` itself) and send it; the answer, not followed."""
        fields = {FIELD: self.token(page or path), **typed}
        return self.client.post(path, data=fields, headers=HERE, follow_redirects=False)

    @property
    def cookie(self) -> str:
        return self.client.cookies.get(SECURE_COOKIE) or self.client.cookies.get(COOKIE) or ""


@pytest.fixture
def mail(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """A real mail server: its port, and where its mail lies."""
    folder = tmp_path / "caught"
    with catcher(folder) as port:
        yield port, folder


@pytest.fixture
def house(new_house: NewHouse, mail: tuple[int, Path]) -> Services:
    """The cast, behind a sign-in, with the local mail server."""
    made = new_house("", catcher_port=mail[0], sign_in="always")
    settle(made.db)
    return made


def mails(folder: Path) -> list[EmailMessage]:
    return [email.message_from_bytes(raw, policy=email.policy.default) for raw in mails_kept(folder)]


def code_in(message: EmailMessage) -> str:
    """The code in a mail, which stands in the text as in the HTML, and nowhere in the head."""
    codes = set()
    for kind in ("plain", "html"):
        part = message.get_body((kind,))
        assert part
        codes |= set(re.findall(r"\b\d{4} \d{4}\b", part.get_content()))
    (code,) = codes
    assert not any(code in str(value) or code.replace(" ", "") in str(value) for value in message.values())
    return str(code)


def test_the_whole_way(house: Services, mail: tuple[int, Path]) -> None:
    phone = Browser(house)
    assert phone.client.get("/late", follow_redirects=False).headers["location"] == "/sign-in?next=/late"
    asked = phone.send("/sign-in", page="/sign-in?next=/units", address=f" {HAI.upper()}", next="/units")
    assert asked.headers["location"] == "/sign-in/code?next=/units"
    page = phone.client.get("/sign-in/code?next=/units").text
    assert 'inputmode="numeric" autocomplete="one-time-code"' in page and "Thư có thể chậm vài phút" in page
    [message] = mails(mail[1])  # at 22:00: a code does not wait for the morning
    assert message["to"].addresses[0].addr_spec == HAI
    assert message["subject"] == "[Mã đăng nhập] Bảng Hạn Chót, dùng trước 22:10 ngày 18/11"
    done = phone.send("/sign-in/code", page="/sign-in/code", code=code_in(message), next="/units?q=y")
    assert (done.status_code, done.headers["location"]) == (303, "/units?q=y")
    kept = done.headers["set-cookie"]
    assert kept.startswith(f"{COOKIE}=") and "HttpOnly" in kept and "samesite=lax" in kept.lower()
    assert "Bùi Văn Hải" in phone.client.get("/sign-in").text
    assert phone.send("/sign-out", page="/sign-in").headers["location"] == "/sign-in"
    assert phone.cookie == "" and "Đang đăng nhập" not in phone.client.get("/sign-in").text


def test_the_page_says_the_same_to_everybody(house: Services, mail: tuple[int, Path]) -> None:
    said = []
    for address in (HAI, "la@khoi.example"):
        one = Browser(house)
        asked = one.send("/sign-in", address=address)
        wrong = one.send("/sign-in/code", page="/sign-in/code", code="1")
        said.append((asked.status_code, asked.headers["location"], wrong.status_code, words(wrong.text)))
    assert said[0] == said[1] and said[0][2] == 422
    assert len(mails(mail[1])) == 1


def test_the_code_is_worth_nothing_in_another_browser(house: Services, mail: tuple[int, Path]) -> None:
    asking, stranger = Browser(house), Browser(house)
    asking.send("/sign-in", address=HAI)
    [message] = mails(mail[1])
    taken = stranger.send("/sign-in/code", page="/sign-in/code", code=code_in(message))
    assert taken.status_code == 422 and "chưa xin mã" in words(taken.text) and stranger.cookie == ""
    assert asking.send("/sign-in/code", page="/sign-in/code", code=code_in(message)).status_code == 303


def test_each_wrong_turn_says_the_next_step(house: Services, mail: tuple[int, Path]) -> None:
    one = Browser(house)
    kept = one.send("/sign-in", address="khong-phai-dia-chi")
    assert kept.status_code == 422 and 'value="khong-phai-dia-chi"' in kept.text
    one.send("/sign-in", address=HAI)
    assert "còn 4 lần" in words(one.send("/sign-in/code", page="/sign-in/code", code="12").text)
    one.time = "2024-11-18 22:03"
    again = one.send("/sign-in/code", page="/sign-in/code", do="again", next="/late")
    assert again.headers["location"] == "/sign-in/code?sent=1&next=/late"
    first, second = (code_in(message) for message in mails(mail[1]))
    if first != second:
        assert one.send("/sign-in/code", page="/sign-in/code", code=first).status_code == 422
    one.time = "2024-11-18 22:14"
    assert "quá 10 phút" in words(one.send("/sign-in/code", page="/sign-in/code", code=second).text)
    for minute in range(15, 55, 5):
        one.time = f"2024-11-18 22:{minute}"
        one.send("/sign-in", address=HAI)
    stopped = one.send("/sign-in", address=BINH)
    assert stopped.status_code == 429 and "Thử lại sau" in words(stopped.text)


def test_a_double_click_signs_in_once(house: Services, mail: tuple[int, Path]) -> None:
    one = Browser(house)
    one.send("/sign-in", address=HAI)
    code = code_in(mails(mail[1])[0])
    one.send("/sign-in/code", page="/sign-in/code", code=code)
    token = one.cookie
    second = one.send("/sign-in/code", page="/sign-in/code", code=code, next="/units")
    assert second.headers["location"] == "/units" and one.cookie == token


def test_printed_codes_on_the_page(house: Services) -> None:
    [sheet] = door.print_codes(house, ["CB007"], at(NIGHT), actor="Bình")
    one = Browser(house)
    wrong = one.send("/sign-in/printed", person="CB007", code="AAAAA AAAAA")
    assert wrong.status_code == 422 and 'value="CB007"' in wrong.text
    assert one.send("/sign-in/printed", person="CB007", code=sheet.codes[0]).status_code == 303 and one.cookie


def test_a_post_that_is_lost_ends_it_and_the_page_says_so(house: Services) -> None:
    [sheet] = door.print_codes(house, ["CB007"], at(NIGHT), actor="Bình")
    one = Browser(house)
    one.send("/sign-in/printed", person="CB007", code=sheet.codes[0])
    with house.db.write() as connection:
        vacate(connection, "YT-1", since=date(2024, 11, 18))
    assert "Phiên đã kết thúc vì chức vụ thay đổi." in words(one.client.get("/units").text)


def test_a_fresh_code_and_what_was_typed_goes_on(house: Services, mail: tuple[int, Path]) -> None:
    [sheet] = door.print_codes(house, ["CB002"], at(NIGHT), actor="Cường")
    desk = Browser(house)
    assert desk.client.get("/sign-in/again?next=/late", follow_redirects=False).headers["location"] == "/sign-in?next=/late"
    desk.send("/sign-in/printed", person="CB002", code=sheet.codes[0])
    desk.time = "2024-11-18 22:20"
    typed = {"next": "/documents/1", "kept.reason": "theo <mẫu>"}
    page = desk.send("/sign-in/again", page="/sign-in/again", do="start", **typed)
    assert page.status_code == 200 and 'name="kept.reason" value="theo &lt;mẫu&gt;"' in page.text
    sent = desk.send("/sign-in/again", page="/sign-in/again", do="send", **typed)
    assert "Đã gửi mã" in words(sent.text)
    code = code_in(mails(mail[1])[-1])
    wrong = desk.send("/sign-in/again", page="/sign-in/again", code="1", **typed)
    assert wrong.status_code == 422 and 'name="kept.reason"' in wrong.text
    on = desk.send("/sign-in/again", page="/sign-in/again", code=code, **typed)
    assert 'action="/documents/1"' in on.text and 'name="reason" value="theo &lt;mẫu&gt;"' in on.text
    with house.db.read() as connection:
        login = door.login_of(house, connection, desk.cookie, at(desk.time))
    assert login and login.is_fresh(at(desk.time) + timedelta(minutes=9))


def test_over_https_the_cookie_belongs_to_this_house_alone(new_house: NewHouse) -> None:
    house = new_house("", board_url="https://hanchot.example")
    settle(house.db)
    [sheet] = door.print_codes(house, ["CB007"], at(NIGHT), actor="Bình")
    one = Browser(house, origin="https://hanchot.example")
    kept = one.send("/sign-in/printed", person="CB007", code=sheet.codes[0]).headers["set-cookie"]
    assert kept.startswith(f"{SECURE_COOKIE}=") and "Secure" in kept and "Path=/;" in kept and "domain" not in kept.lower()


def test_a_form_from_another_site_signs_nobody_in_or_out(house: Services) -> None:
    one = Browser(house)
    fields = {FIELD: one.token("/sign-in"), "address": HAI}
    for headers in ({}, {"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
        for path in ("/sign-in", "/sign-in/code", "/sign-in/printed", "/sign-in/again", "/sign-out"):
            assert one.client.post(path, data=fields, headers=headers).status_code == 403
    assert one.client.post("/sign-in", data={"address": HAI}, headers=HERE).status_code == 403


@pytest.mark.parametrize(
    "text",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\nb", "\\/x", "x", "", "/sign-out",
     "/sign-in/code", "/" + "x" * 3000],
)  # fmt: skip
def test_nobody_is_sent_to_another_house(text: str) -> None:
    assert safe_next(text) == "/"
    assert safe_next("/units?q=y te&page=2#a") == "/units?q=y te&page=2#a"


def test_safe_mode_sends_no_code_and_says_so_to_the_department(new_house: NewHouse, mail: tuple[int, Path]) -> None:
    port, folder = mail
    house = new_house(
        "", smtp_host="127.0.0.1", smtp_port=port, smtp_security="none", allow_list=(BINH,), sign_in="always"
    )  # fmt: skip
    settle(house.db)
    said = [Browser(house).send("/sign-in", address=address).headers["location"] for address in (HAI, BINH)]
    assert said[0] == said[1]
    assert [str(message["to"]) for message in mails(folder)] == [f"Trần Thị Bình <{BINH}>"]
    [(words_, times, settled)] = incidents(house).values()
    assert "Bùi Văn Hải: chưa bật gửi thật" in words_ and (times, settled) == (1, False)


def test_a_relay_that_is_down_is_an_incident_and_the_page_the_same(new_house: NewHouse) -> None:
    house = new_house("", catcher_port=1, sign_in="always")
    settle(house.db)
    assert Browser(house).send("/sign-in", address=HAI).headers["location"] == "/sign-in/code"
    [(message, _, _)] = incidents(house).values()
    assert "Không gửi được mã đăng nhập cho Bùi Văn Hải" in message and "127.0.0.1:1" in message
    assert not re.search(r"\d{4} ?\d{4}", message)
