"""The secretary's desk in a real browser: it fits a phone, saves as it goes, and keeps what is typed when the line is cut."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from hanchot.board.app import create_board
from hanchot.board.who import COOKIE
from hanchot.service.items import act
from hanchot.service.more_time import ask
from hanchot.service.opening import Opened
from hanchot.service.services import Services
from hanchot.store.desk_tables import form_draft
from tests.board import chromium
from tests.board.people import SECRETARY, SUPERIOR, signed_in
from tests.board.serving import Served, served
from tests.look import at, item_id

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium.binary() is None, reason="no Chromium on this machine"),
]
NOW = "2024-12-10 20:14"


@dataclass
class Browser:
    """A browser of one person on a board at ``origin``. ``line`` can be cut."""

    tab: chromium.Tab
    origin: str
    line: Served

    def visit(self, path: str, width: int = 360, *, script: bool = True) -> None:
        self.tab.visit(self.origin + path, width, script=script)

    def sign_in(self, house: Services, name: str) -> None:
        cookie = dict(signed_in(house, name, NOW).client.cookies)[COOKIE]
        self.tab.call("Network.setCookie", name=COOKIE, value=cookie, url=self.origin, httpOnly=True)


@pytest.fixture
def browser(house: Services, opened: Opened, tmp_path: Path) -> Iterator[Browser]:
    profile = tmp_path / "profile"
    with served(create_board(house, now=lambda: at(NOW))) as line, chromium.tab(chromium.binary() or "", profile) as tab:
        yield Browser(tab, line.origin, line)


@pytest.mark.parametrize("script", [True, False])
def test_the_desk_fits_a_phone(house: Services, browser: Browser, script: bool, tmp_path: Path) -> None:
    cell, done = item_id(house, "YT-1", "chi-bo"), item_id(house, "YT-2", "chi-bo")
    ask(house, cell, at("2024-12-16 08:00").date(), "Bí thư đi công tác", at(NOW), actor=SECRETARY, person_id=1)
    act(house, done, "submit", at(NOW), actor="Ngô Thị Kim")
    own = [f"/my/items/{cell}{more}" for more in ("", "/more-time", "/print")]
    for name, paths in (
        (SECRETARY, ["/my", "/my/hand-over", *own]),
        (SUPERIOR, ["/my", f"/my/items/{item_id(house, 'YT', 'co-so')}", "/branch", "/branch?show=waiting",
                    f"/branch/items/{cell}", f"/branch/items/{done}"]),
    ):  # fmt: skip
        browser.sign_in(house, name)
        for path in paths:
            browser.visit(path, script=script)
            assert browser.tab.ask("document.documentElement.scrollWidth") <= 360, path
            assert browser.tab.ask("document.querySelectorAll('h1').length") == 1, path
            small = (
                "[...document.querySelectorAll('main button, main input:not([type=hidden]):not([type=radio]), main select')]"
            )
            assert browser.tab.ask(f"{small}.every(e => e.getBoundingClientRect().height >= 43.5)"), path
    assert not browser.tab.complaints


def test_the_form_saves_as_it_goes_and_keeps_what_is_typed(house: Services, browser: Browser) -> None:
    browser.sign_in(house, SECRETARY)
    browser.visit(f"/my/items/{item_id(house, 'YT-1', 'chi-bo')}")
    tab = browser.tab
    tab.ask("document.querySelector('#note').focus()")
    tab.call("Input.insertText", text="Đã họp, đủ chữ ký")
    tab.ask("document.querySelector('#note').blur()")
    tab.wait("document.querySelector('[data-saved]').textContent === 'Đã lưu lúc 20:14'")
    with house.db.read() as connection:
        assert connection.execute(form_draft.select()).one().said["note"] == "Đã họp, đủ chữ ký"

    browser.line.hang_up()
    tab.ask("document.querySelector('#note').focus()")
    tab.call("Input.insertText", text=" – thêm")
    tab.ask("document.querySelector('#note').blur()")
    tab.wait("document.querySelector('[data-saved]').textContent.startsWith('Mất kết nối')")
    assert "– thêm" in tab.ask("document.querySelector('#note').value")
