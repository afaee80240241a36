"""Judging in a real browser: sums said while a ballot is typed, the quota recounted by itself, phone and desk, no script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hanchot.board.app import PAGES, create_board
from hanchot.service.services import Services
from tests.board import chromium
from tests.board.judged import judging_addresses
from tests.board.serving import served
from tests.judging import CELL, CODE, VOTE, appraised, both_rounds, members_of
from tests.look import at

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium.binary() is None, reason="no Chromium on this machine"),
]
PHONE, DESK = 360, 1400


@pytest.fixture
def addresses(house: Services) -> dict[str, str]:
    return judging_addresses(house)


@pytest.fixture
def origin(house: Services, addresses: dict[str, str]) -> Iterator[str]:
    """The board on a free port, the day after the cell has met."""
    with served(create_board(house, now=lambda: at("2024-12-20 12:00"))) as line:
        yield line.origin


@pytest.fixture
def tab(tmp_path: Path) -> Iterator[chromium.Tab]:
    with chromium.tab(chromium.binary() or "", tmp_path / "profile") as made:
        yield made


def test_every_page_fits_a_phone_and_a_desk(tab: chromium.Tab, origin: str, addresses: dict[str, str]) -> None:
    pages = [address for route, address in addresses.items() if route in PAGES and ".xlsx" not in route]
    for address in (*pages, f"/cycles/{CODE}/ballots/{CELL}?kind={VOTE}"):
        for width, script in ((PHONE, True), (PHONE, False), (DESK, True)):
            tab.visit(origin + address, width, script=script)
            assert tab.ask("document.documentElement.scrollWidth") <= width, (address, width)
            assert tab.ask("document.querySelectorAll('h1').length") == 1, address
    assert not tab.complaints


def test_sums_are_said_while_typing(tab: chromium.Tab, origin: str, house: Services) -> None:
    [one] = members_of(house, 1, first=31)
    tab.visit(f"{origin}/cycles/{CODE}/ballots/{CELL}?kind={VOTE}", PHONE)
    head = {"convened": 15, "present": 16, "issued": 12, "collected": 12, "valid": 12, "invalid": 1}
    typed = {**head, f"v.{one}.good": 7, f"v.{one}.fair": 4}
    fill = "".join(f"document.getElementById('{name}').value = '{value}';" for name, value in typed.items())
    tab.ask(f"{fill} document.querySelector('form[data-ballot]').dispatchEvent(new Event('input'));")
    assert tab.ask("document.querySelector('[data-sum=head]').textContent") == "Chưa khớp: 16 > 15; 12 + 1 ≠ 12"
    assert tab.ask(f"document.querySelector('#row-{one} [data-sum=row]').textContent") == "11 ≠ 12"


def test_the_quota_is_recounted_by_itself(tab: chromium.Tab, origin: str, house: Services) -> None:
    members = members_of(house, 10, first=31)
    appraised(house, members)
    both_rounds(house, members, members[:2], number="31")
    tab.visit(f"{origin}/cycles/{CODE}/decisions/{CELL}", DESK)
    tab.wait("document.getElementById('counted').textContent.includes('Không dòng nào vướng (10 dòng)')")
    choose = f"document.querySelector('[name=\"level.{members[0]}\"]')"
    tab.ask(f"{choose}.value = 'excellent'; {choose}.dispatchEvent(new Event('input', {{bubbles: true}}))")
    tab.wait("document.getElementById('counted').textContent.includes('1 dòng chưa đủ điều kiện')")
    assert "chưa nêu lý do" in tab.ask(f"document.getElementById('against-{members[0]}').textContent")
    assert "Còn 1 suất trong 2" in tab.ask("document.getElementById('counted').textContent")
