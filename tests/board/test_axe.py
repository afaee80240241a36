"""WCAG 2.2 A and AA, by axe in a real Chromium: every page of the route table, at both widths, in light and in dark."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from hanchot.board.app import PAGES
from hanchot.board.who import COOKIE
from hanchot.service.sweep import sweep
from tests.board import chromium
from tests.board.addresses import living_addresses
from tests.board.conftest import Visitor
from tests.board.people import SECRETARY, signed_in
from tests.board.serving import served
from tests.look import at, item_id

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium.binary() is None, reason="no Chromium on this machine"),
]
NOON = "2024-12-16 09:00"
MAIL = b"From: a@b.example\r\nTo: c@d.example\r\nSubject: Thu\r\n\r\nx\r\n"
# files, what machines read, a mail's own HTML, and pages that stand only after something was done
NO_PAGE = re.compile(
    r"^/(feed|export|health|papers)|^/dossiers/papers|/bulk/|\.(xlsx|docx|ics)$"
    r"|/(original|html|done|papers/\{\w+\}|paper)$"
)
WIDTHS = (360, 1400)
# in the dark only the colours are others
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SCHEMES: dict[str, dict[str, object]] = {
    "light": {"type": "tag", "values": RULES},
    "dark": {"type": "rule", "values": ["color-contrast"]},
}


@pytest.fixture
def axe() -> str:
    """axe-core as the package brings it; a newer one judges more."""
    package = pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")
    return (files(package) / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def addresses(board: Visitor) -> dict[str, str]:
    """By route, an address where there is something to see: the cast's cycle, and a review with something in every room."""
    return {path: address for path, address in living_addresses(board.house).items() if path in PAGES}


@pytest.fixture
def origin(board: Visitor, addresses: dict[str, str]) -> Iterator[str]:
    """The board of the cast on a free port, four days after the cells were due."""
    sweep(board.house, at("2024-12-13 08:00"))
    board.time = NOON
    with served(board.client.app) as line:
        yield line.origin


@pytest.fixture
def tab(tmp_path: Path) -> Iterator[chromium.Tab]:
    with chromium.tab(chromium.binary() or "", tmp_path / "profile") as made:
        made.call("Page.setBypassCSP", enabled=True)  # the page itself lets no script in but its own
        yield made


def judged(tab: chromium.Tab, axe: str, url: str) -> list[str]:
    """What axe has against a page: width, scheme, rule and the first places."""
    found = []
    for width in WIDTHS:
        tab.visit(url, width)
        tab.ask(f"{axe};0")
        tab.ask("document.querySelectorAll('main details').forEach(one => { one.open = true })")
        for scheme, rules in SCHEMES.items():
            tab.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
            for one in _violations(tab, rules):
                places = "; ".join(node["html"][:160] for node in one["nodes"][:3])
                found.append(f"{width} {scheme} {one['id']} ({len(one['nodes'])}): {places}")
    return found


def _violations(tab: chromium.Tab, rules: dict[str, object]) -> list[dict[str, Any]]:
    options = json.dumps({"runOnly": rules, "resultTypes": ["violations"]})
    run = f"axe.run(document, {options}).then(found => found.violations)"
    said = tab.call("Runtime.evaluate", expression=run, awaitPromise=True, returnByValue=True)
    assert "exceptionDetails" not in said, said
    violations: list[dict[str, Any]] = said["result"]["value"]
    return violations


def looked_over(visitor: Visitor, tab: chromium.Tab, axe: str, origin: str, addresses: Iterable[str]) -> tuple[set[str], str]:
    """Which of the addresses are pages for this visitor, and what is wrong with them, to be read by a person."""
    wrong, seen = {}, set()
    for address in addresses:
        if address.endswith("/html"):  # a mail's own
            continue
        answer = visitor.client.get(address)
        if answer.headers.get("content-type", "").startswith("text/html") and answer.status_code == HTTPStatus.OK:
            seen.add(address)
            if found := judged(tab, axe, origin + address):
                wrong[address] = found
    return seen, json.dumps(wrong, ensure_ascii=False, indent=1)


def test_every_page_of_the_board_is_sound(
    tab: chromium.Tab, axe: str, origin: str, board: Visitor, addresses: dict[str, str]
) -> None:
    seen, wrong = looked_over(board, tab, axe, origin, addresses.values())
    assert wrong == "{}", wrong
    unseen = {path for path, address in addresses.items() if address not in seen}
    assert unseen <= {path for path in PAGES if NO_PAGE.search(path) or path.startswith("/my/")}
    assert not judged(tab, axe, f"{origin}/khong-co")


def test_a_secretarys_pages_are_sound(
    tab: chromium.Tab, axe: str, origin: str, board: Visitor, addresses: dict[str, str]
) -> None:
    visitor = signed_in(board.house, SECRETARY, NOON)
    tab.call("Network.setCookie", url=origin, name=COOKIE, value=visitor.client.cookies[COOKIE])
    mine = item_id(board.house, "YT-1", "chi-bo")
    pages = {re.sub(r"/items/\d+", f"/items/{mine}", one) for one in addresses.values() if one.startswith("/my")}
    seen, wrong = looked_over(visitor, tab, axe, origin, sorted(pages))
    assert wrong == "{}", wrong
    assert len(seen) > 4
