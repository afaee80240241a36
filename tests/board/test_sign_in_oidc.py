"""Signing in at the province's own service: there and back, and every answer that must not let anybody in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from hanchot.settings import Settings
from tests.board.conftest import words
from tests.board.test_sign_in import BINH, HAI, NIGHT, Browser
from tests.cast import settle
from tests.conftest import NewHouse
from tests.look import at, events

pytest.importorskip("authlib", reason="Authlib is an option")

from tests.issuer import CLIENT, SECRET, Issuer, RSAKey, back, issuing


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with issuing(at(NIGHT)) as one:
        yield one


@pytest.fixture
def browser(new_house: NewHouse, issuer: Issuer) -> Browser:
    """A browser at a board that knows the service."""
    issuer.claims = {"email": HAI.upper(), "email_verified": True}
    return at_board(new_house, issuer)


def at_board(new_house: NewHouse, issuer: Issuer, **more: Any) -> Browser:
    house = new_house(
        "", sign_in="always", oidc_issuer=issuer.address, oidc_client_id=CLIENT, oidc_client_secret=SECRET, **more
    )  # fmt: skip
    settle(house.db)
    return Browser(house)


def there(browser: Browser, path: str = "/sign-in/oidc?next=/units") -> str:
    """Where the board sends the browser."""
    answer = browser.client.get(path, follow_redirects=False)
    assert answer.status_code == 303, words(answer.text)
    return answer.headers["location"]


def test_there_and_back(browser: Browser, issuer: Issuer) -> None:
    assert "Đăng nhập qua cổng đăng nhập của tỉnh" in words(browser.client.get("/sign-in").text)
    done = browser.client.get(back(issuer.consent(there(browser))), follow_redirects=False)
    assert (done.status_code, done.headers["location"]) == (303, "/units") and browser.cookie
    assert "Bùi Văn Hải" in browser.client.get("/sign-in").text


def test_an_answer_is_good_once_and_for_the_browser_that_went(browser: Browser, issuer: Issuer) -> None:
    answer = back(issuer.consent(there(browser)))
    stranger = Browser(browser.house)
    there(stranger)
    assert "không phải do trình duyệt này" in words(stranger.client.get(answer).text)
    browser.client.get(answer)
    token = browser.cookie
    assert browser.client.get(answer).status_code == 422 and browser.cookie == token


@pytest.mark.parametrize(
    ("claims", "lies"),
    [
        ({"email_verified": False}, {}),
        ({"email_verified": "true"}, {}),
        ({"email": "la@khoi.example"}, {}),
        ({"email": None}, {}),
        ({}, {"nonce": "another"}),
        ({}, {"iss": "https://evil.example"}),
        ({}, {"aud": "another"}),
        ({}, {"exp": 1_000}),
    ],
)
def test_what_does_not_fit_lets_nobody_in(
    browser: Browser, issuer: Issuer, claims: dict[str, Any], lies: dict[str, Any]
) -> None:
    issuer.claims |= claims
    issuer.lies = lies
    answer = browser.client.get(back(issuer.consent(there(browser))))
    assert answer.status_code == 422 and browser.cookie == "" and "alert" in answer.text


def test_another_key_another_state_another_service_too_late(browser: Browser, issuer: Issuer) -> None:
    sent = issuer.consent(there(browser))
    for broken in (sent | {"state": "x"}, sent | {"iss": "https://evil.example"}, {"state": sent["state"], "error": "no"}):
        there(browser)
        assert browser.client.get(back(broken)).status_code == 422
    issuer.signs_with = RSAKey.generate_key(2048, {"kid": "1"})
    assert browser.client.get(back(issuer.consent(there(browser)))).status_code == 422
    issuer.signs_with = None
    sent = issuer.consent(there(browser))
    browser.time = "2024-11-18 22:11"
    assert browser.client.get(back(sent)).status_code == 422
    assert browser.cookie == "" and not events(browser.house, "sign_in")


def test_a_service_may_name_people_by_our_code(new_house: NewHouse, issuer: Issuer) -> None:
    issuer.claims = {"ma_can_bo": "CB002", "email": HAI, "email_verified": True}
    browser = at_board(new_house, issuer, oidc_claim="ma_can_bo")
    browser.client.get(back(issuer.consent(there(browser))))
    assert "Trần Thị Bình" in browser.client.get("/sign-in").text
    assert BINH not in browser.client.get("/sign-in").text


def test_a_service_that_is_down_leaves_the_other_ways(new_house: NewHouse, issuer: Issuer) -> None:
    issuer.address = "http://127.0.0.1:1"
    page = at_board(new_house, issuer).client.get("/sign-in/oidc")
    assert page.status_code == 503 and "chưa trả lời" in words(page.text) and 'name="address"' in page.text


def test_an_issuer_in_the_clear_is_refused() -> None:
    with pytest.raises(ValueError, match="không phải địa chỉ https"):
        Settings(_env_file=None, oidc_issuer="http://tinh.example")
