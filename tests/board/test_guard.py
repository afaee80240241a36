"""What holds for every address: headers, no undeclared writing, loopback, no stranger's host, errors without a trace."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

import pytest
from starlette.routing import Route

from hanchot.board import pages
from hanchot.board.app import PAGES, WRITES, create_board
from hanchot.board.doors import Door, Page
from hanchot.board.guard import CSP
from hanchot.domain import access
from hanchot.service.views import overview as views_overview
from tests.board.addresses import living_addresses
from tests.board.conftest import TestClient, Visitor
from tests.conftest import NewHouse
from tests.look import CODE, at

# what stands only after a bulk act, a paper on a desk or a calendar that somebody made
MADE_LATER = {"/bulk/done/{key}", "/branch/items/{id:int}/papers/{key}", "/feed/{key}.ics"}


@pytest.fixture
def addresses(board: Visitor) -> list[str]:
    """A living address for every page that whoever sits at the machine may open, and the static files."""
    found = living_addresses(board.house)
    mine = [found[path] for path, door in PAGES.items() if operator_may(board, door) and path not in MADE_LATER]
    return [*mine, "/static/board.css", "/static/board.js", "/static/mark.svg"]


def operator_may(board: Visitor, door: Door[Page]) -> bool:
    actions = (door.action, *door.also) if door.action else ()
    return not actions or any(access.anywhere(access.local_operator(), one, at(board.time)) for one in actions)


def test_every_route_is_walked(board: Visitor, addresses: list[str]) -> None:
    app = board.client.app
    routes = [route.path for route in app.routes if isinstance(route, Route)]  # type: ignore[attr-defined]
    assert routes == [*PAGES, *WRITES]
    for address in addresses:
        assert board.client.get(address).status_code == 200, address


def test_headers_stand_on_every_answer(board: Visitor, addresses: list[str]) -> None:
    for address in [*addresses, "/khong-co", "/items/999999"]:
        headers = board.client.get(address).headers
        assert headers["x-content-type-options"] == "nosniff", address
        assert headers["referrer-policy"] == "same-origin", address
        policy = headers["content-security-policy"]
        if not address.startswith(("/inbox/", "/dossiers/papers/")):
            assert policy == CSP, address
        assert "default-src 'none'" in policy and "unsafe-eval" not in policy, address
        if not address.endswith("/html"):
            assert "unsafe-inline" not in policy, address


def test_no_page_needs_another_host_or_an_inline_script(board: Visitor, addresses: list[str]) -> None:
    for address in addresses:
        if address.endswith("/html") or address == "/health":
            continue
        answer = board.client.get(address)
        page = answer.text if "text/html" in answer.headers["content-type"] else ""
        assert not re.findall(r'(?:src|action)="(?:https?:)?//', page), address
        assert not re.findall(r"<script(?! src=)|<style|\sstyle=|\son\w+=", page), address


def takes_forms(address: str) -> bool:
    patterns = (re.sub(r"\{[^}]+\}", r"[^/]+", path.replace("{id:int}", r"\d+")) for path in WRITES)
    return any(re.fullmatch(pattern, address.partition("?")[0]) for pattern in patterns)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_nothing_can_be_changed(board: Visitor, addresses: list[str], method: str) -> None:
    for address in addresses:
        answer = board.client.request(method, address)
        if method == "POST" and takes_forms(address):
            assert answer.status_code == 403, address  # declared, but nobody vouches for the form
            continue
        assert answer.status_code == 405, address
        assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    "path",
    ["/khong-co", "/cycles/x", "/cycles/x/matrix", f"/cycles/{CODE}/matrix?branch=x", "/units/x", "/items/0",
     "/items/x", "/letters/0", "/plans/x", "/static/x", "/static/../app.py"],
)  # fmt: skip
def test_what_is_unknown_is_said_in_one_sentence(board: Visitor, path: str) -> None:
    assert "Về trang tổng quan" in board.reads(path, status=404)


def test_strange_numbers_do_no_harm(board: Visitor) -> None:
    for query in ("page=-1", "page=x", "page=99999999999999999999", "page=²"):
        board.page(f"/late?{query}")
        board.page(f"/cycles/{CODE}/matrix?{query}")
    board.page("/plans/quang-ngai-13-hd-tu?year=0", status=200)
    board.page("/plans/quang-ngai-13-hd-tu?year=99999", status=200)


def test_another_host_name_is_refused(board: Visitor) -> None:
    for host in ("evil.example", "127.0.0.1.evil.example", "", "[::"):
        assert board.client.get("/", headers={"host": host}).status_code == 400, host
    for host in ("127.0.0.1:8642", "localhost", "[::1]:8642"):
        assert board.client.get("/", headers={"host": host}).status_code == 200, host


def test_the_board_answers_to_the_address_in_the_settings(new_house: NewHouse) -> None:
    house = new_house("", board_url="https://hanchot.example")
    client = TestClient(create_board(house, now=lambda: at("2024-11-18 09:00")), base_url="https://hanchot.example")
    assert client.get("/health").status_code == 200
    assert TestClient(client.app, base_url="https://khac.example").get("/health").status_code == 400


@pytest.fixture
def broken(board: Visitor, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visitor]:
    def fail(*_: object) -> None:
        raise RuntimeError("bí mật của máy chủ")

    monkeypatch.setattr(views_overview, "overview", fail)
    assert pages.views_overview is views_overview
    yield board


def test_an_error_shows_a_code_and_logs_the_trace(broken: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "hanchot.board"):
        said = broken.reads("/", status=500)
    assert "bí mật" not in said
    (code,) = re.findall(r"Mã lỗi: ([0-9A-F]{6})", said)
    assert code in caplog.text
    assert "RuntimeError: bí mật của máy chủ" in caplog.text


def test_a_database_that_is_gone_is_one_sentence(board: Visitor) -> None:
    board.house.db.close()
    path = board.house.settings.home / "hanchot.db"
    for file in path.parent.glob("hanchot.db*"):
        file.unlink()
    path.mkdir()  # neither a file nor to be made one
    assert "Cơ sở dữ liệu chưa trả lời." in board.reads("/", status=503)
    health = board.client.get("/health")
    assert health.status_code == 503
    assert health.json()["status"] == "error"


def test_health_is_short(board: Visitor) -> None:
    assert board.client.get("/health").json() == {
        "status": "ok", "now": "2024-11-18T09:00:00+07:00", "last_sweep_at": None, "sweep_is_late": True,
    }  # fmt: skip
