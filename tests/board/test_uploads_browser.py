"""Uploads in a real browser: a file that is too large is said before it is sent; a scan's page turns into its draft."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hanchot.board import being_read
from hanchot.board.app import create_board
from hanchot.board.incoming import MAX_FILE
from hanchot.reader import files
from hanchot.service.opening import Opened
from hanchot.service.services import Services
from tests.board import chromium
from tests.board.serving import served
from tests.board.waiting import read_to_the_end
from tests.drafts import BODY
from tests.look import at

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium.binary() is None, reason="no Chromium on this machine"),
]


@pytest.fixture
def browser(house: Services, opened: Opened, tmp_path: Path) -> Iterator[tuple[chromium.Tab, str]]:
    app = create_board(house, now=lambda: at("2024-11-18 12:00"))
    with served(app) as line, chromium.tab(chromium.binary() or "", tmp_path / "profile") as tab:
        yield tab, line.origin


def choose(tab: chromium.Tab, field: str, path: Path) -> None:
    root = tab.call("DOM.getDocument")["root"]["nodeId"]
    node = tab.call("DOM.querySelector", nodeId=root, selector=field)["nodeId"]
    tab.call("DOM.setFileInputFiles", files=[str(path)], nodeId=node)


def press(tab: chromium.Tab, name: str = "Bình") -> None:
    """Send the form as a person does, by its button."""
    tab.ask(f"document.querySelector('#name').value = '{name}'")
    tab.ask("document.querySelector('form.sheet button').click()")


@pytest.mark.parametrize("script", [True, False])
def test_the_page_of_a_scan_turns_into_its_draft(
    browser: tuple[chromium.Tab, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: bool
) -> None:
    tab, origin = browser
    steps = [threading.Event(), threading.Event()]

    def slow(data: bytes, name: str, tell: Any) -> files.Text:
        for page, step in enumerate(steps, 1):
            tell(page, 5)
            assert step.wait(60)
        return files.Text(("Số 15-KH/ĐUK",), "scan", (), "")

    monkeypatch.setattr(files, "read_bytes", slow)
    monkeypatch.setattr(being_read, "SOON", 0.0)
    paper = tmp_path / "ban-quet.txt"
    paper.write_bytes(BODY)
    tab.visit(f"{origin}/documents", 360)
    choose(tab, "#document", paper)
    press(tab)
    tab.wait("location.pathname === '/documents/1' && document.readyState === 'complete'")
    tab.visit(f"{origin}/documents/1", 360, script=script)
    tab.wait("document.querySelector('main').textContent.includes('Đang đọc trang 2 trên 5')")
    assert tab.ask("document.documentElement.scrollWidth") <= 360
    steps[0].set()
    tab.wait("document.querySelector('main').textContent.includes('Đang đọc trang 3 trên 5')")
    steps[1].set()
    read_to_the_end()
    tab.wait("document.querySelector('main').textContent.includes('Đã xem 0/')")
    assert tab.ask("location.pathname") == "/documents/1"
    assert not tab.complaints


def test_a_file_that_is_too_large_is_said_beside_its_field_and_not_sent(
    browser: tuple[chromium.Tab, str], tmp_path: Path
) -> None:
    tab, origin = browser
    film, note = tmp_path / "phim.pdf", tmp_path / "ghi-chu.txt"
    with film.open("wb") as file:
        file.truncate(MAX_FILE + 1)
    note.write_bytes(BODY)
    tab.visit(f"{origin}/documents", 360)
    choose(tab, "#document", film)
    tab.wait("document.querySelector('#document-large').textContent.startsWith('Tệp “phim.pdf” nặng 21 MB, quá 20 MB')")
    press(tab)
    assert tab.ask("document.querySelector('form.sheet').checkValidity()") is False
    assert tab.ask("location.pathname") == "/documents"
    choose(tab, "#document", note)
    tab.wait("document.querySelector('#document-large').textContent === ''")
    press(tab)
    tab.wait("location.pathname === '/documents/1'")
    assert not tab.complaints
    read_to_the_end()
