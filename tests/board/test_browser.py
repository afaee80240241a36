"""The pages in a real browser at the width of a phone and of a desk, with and without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hanchot.board.app import create_board
from hanchot.letters.catcher import Maildir
from hanchot.service import drafts
from hanchot.service.opening import Opened
from hanchot.service.services import Services
from hanchot.service.sweep import sweep
from tests.board import chromium
from tests.board.serving import served
from tests.drafts import BODY, draft
from tests.look import CODE, at, item_id

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium.binary() is None, reason="no Chromium on this machine"),
]
PHONE, DESK = 360, 1400
HEAD = "From: a@b.example\r\nTo: c@d.example\r\nSubject: Thư\r\nContent-Type: text/html; charset=utf-8"
MAIL = f"{HEAD}\r\n\r\n<p>Chào</p>\r\n"


@pytest.fixture
def origin(house: Services, opened: Opened) -> Iterator[str]:
    """The board of the cast on a free port, four days after the cells were due."""
    sweep(house, at("2024-12-13 08:00"))
    Maildir(house.settings.mail_dir).keep(MAIL.encode())
    drafts.keep(house, BODY, "ke-hoach.docx", "docx", draft(), at("2024-12-16 08:00"), "Trần Thị Bình")
    with served(create_board(house, now=lambda: at("2024-12-16 09:00"))) as line:
        yield line.origin


@pytest.fixture
def tab(tmp_path: Path) -> Iterator[chromium.Tab]:
    with chromium.tab(chromium.binary() or "", tmp_path / "profile") as made:
        yield made


@pytest.fixture
def addresses(house: Services, opened: Opened) -> list[str]:
    return [
        "/", f"/cycles/{CODE}", f"/cycles/{CODE}/matrix", f"/cycles/{CODE}/matrix?branch=YT&late=1", "/late", "/coming",
        "/units/YT", "/units?q=y", f"/items/{item_id(house, 'YT', 'co-so')}", "/letters", "/letters/1", "/inbox",
        "/incidents", "/plans", "/plans/thi-xa-2022", "/plans/thi-xa-2022/renew",
        "/chain?plans=quang-ngai-13-hd-tu,huyen-2023", "/khong-co",
    ]  # fmt: skip


@pytest.mark.parametrize("script", [True, False])
def test_every_page_fits_a_phone_and_a_desk(
    tab: chromium.Tab, origin: str, addresses: list[str], script: bool, tmp_path: Path
) -> None:
    for address in addresses:
        for width in (PHONE, DESK):
            tab.visit(origin + address, width, script=script)
            assert tab.ask("document.documentElement.scrollWidth") <= width, (address, width)
            assert tab.ask("document.querySelectorAll('h1').length") == 1, address
    complaints = [said for said in tab.complaints if "404" not in said]
    assert not complaints
    tab.visit(origin, PHONE)
    tab.picture(tmp_path / "phone.png")
    assert (tmp_path / "phone.png").read_bytes().startswith(b"\x89PNG")


def test_heads_of_the_matrix_stay_in_sight_and_a_phone_shows_cards(tab: chromium.Tab, origin: str) -> None:
    tab.visit(f"{origin}/cycles/{CODE}/matrix", 720)
    tab.ask("document.querySelector('.matrix').scrollLeft = 400")
    assert tab.ask("document.querySelector('.matrix').scrollLeft") > 0
    assert tab.ask("document.querySelector('.matrix tbody th').getBoundingClientRect().left") < 40
    tab.visit(f"{origin}/cycles/{CODE}/matrix", PHONE)
    assert tab.ask("document.querySelector('.matrix').scrollWidth <= document.querySelector('.matrix').clientWidth") is True


def test_the_text_to_forward_opens_without_javascript(tab: chromium.Tab, origin: str) -> None:
    tab.visit(f"{origin}/late", PHONE, script=False)
    text = "document.querySelector('main textarea').checkVisibility()"
    assert tab.ask(text) is False
    tab.ask("document.querySelector('main textarea').closest('details').querySelector('summary').scrollIntoView()")
    place = "document.querySelector('main textarea').closest('details').querySelector('summary').getBoundingClientRect()"
    point = tab.ask(f"(r => [r.x + 20, r.y + 10])({place})")
    for kind in ("mousePressed", "mouseReleased"):
        tab.call("Input.dispatchMouseEvent", type=kind, x=point[0], y=point[1], button="left", clickCount=1)
    assert tab.ask(text) is True


def test_a_mail_is_shown_in_its_frame(tab: chromium.Tab, origin: str) -> None:
    tab.visit(f"{origin}/inbox", DESK)
    tab.visit(tab.ask("document.querySelector('tbody a').href"), DESK)
    assert tab.ask("document.querySelector('iframe').offsetHeight") > 300
    assert not tab.complaints  # nothing of the frame was refused by its policy


def test_only_the_fields_of_the_chosen_kind_are_shown_without_javascript(tab: chromium.Tab, origin: str) -> None:
    tab.visit(f"{origin}/documents/1", PHONE, script=False)
    shown = (
        "[...document.querySelectorAll('#s5 .by-kind .f')].filter(f => f.checkVisibility())"
        ".map(f => f.querySelector('[name]').name)"
    )
    assert tab.ask(shown) == ["day", "month_of_quarter", "time", "bound"]  # that card stands open: it must be filled in
    tab.ask("document.querySelector('#s5 [name=kind]').value = 'lead'")
    assert tab.ask(shown) == ["days", "anchor", "working_days"]


def test_a_sentence_is_accepted_with_one_press_and_the_document_follows(tab: chromium.Tab, origin: str) -> None:
    tab.visit(f"{origin}/documents/1", DESK)
    tab.ask("document.querySelector('#s0 button[value=accept]').click()")
    tab.wait("document.readyState === 'complete' && location.hash === '#s1'")
    assert "Đã nhận" in tab.ask("document.querySelector('#s0').textContent")
    assert tab.ask("document.querySelector('#p2').getBoundingClientRect().top") < 900
    assert not tab.complaints
