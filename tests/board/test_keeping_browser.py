"""The rooms of one unit's review in a real browser: they fit a phone, thumbs hit, the fault leads to its field."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hanchot.board.app import create_board
from hanchot.board.who import COOKIE
from hanchot.service.services import Services
from tests.board import chromium
from tests.board.living import keeping_addresses
from tests.board.people import ORGANISER, signed_in
from tests.board.serving import served
from tests.look import at

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium.binary() is None, reason="no Chromium on this machine"),
]
NOW = "2024-12-09 09:00"
_SMALL = (
    "[...document.querySelectorAll('main :is(button, select, summary, input:not([type=hidden], [type=radio], "
    "[type=checkbox]))')]"
    ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 43.5).length"
)
_TWICE = "(ids => ids.length - new Set(ids).size)([...document.querySelectorAll('[id]')].map(e => e.id))"
_UNNAMED = """[...document.querySelectorAll('main input:not([type=hidden]), main select, main textarea')]
.filter(e => !e.labels.length && !e.getAttribute('aria-label')).length"""


@pytest.fixture
def origin(house: Services) -> Iterator[str]:
    with served(create_board(house, now=lambda: at(NOW))) as line:
        yield line.origin


def test_the_rooms_fit_a_phone_and_say_where_the_fault_is(house: Services, origin: str, tmp_path: Path) -> None:
    addresses = keeping_addresses(house, at("2024-11-18 08:00"))
    pages = [one for one in addresses.values() if not one.startswith(("/papers", "/dossiers"))] + ["/meetings"]
    cookie = dict(signed_in(house, ORGANISER, NOW).client.cookies)[COOKIE]
    program = chromium.binary()
    assert program
    with chromium.tab(program, tmp_path) as tab:
        tab.call("Network.setCookie", name=COOKIE, value=cookie, url=origin, httpOnly=True)
        for path in pages:
            tab.visit(origin + path, 360)
            tab.ask("document.querySelectorAll('main details').forEach(one => { one.open = true; })")
            assert tab.ask("document.documentElement.scrollWidth") <= 360, path
            assert tab.ask("document.querySelectorAll('h1').length") == 1, path
            assert (tab.ask(_TWICE), tab.ask(_UNNAMED)) == (0, 0), path
            if "desk" in tab.ask("document.body.className"):
                assert tab.ask(_SMALL) == 0, path

        tab.visit(f"{origin}{addresses['/cycles/{code}/meetings/{unit}']}", 360, script=False)
        typed = "day.value = '10/12/2024'; begins.value = '7h30'; ends.value = '17h'"
        tab.call("Emulation.setScriptExecutionDisabled", value=False)
        tab.ask(f"{typed}; document.querySelector('button[value=book]').click()")
        tab.wait("document.querySelector('#faults') !== null")
        assert tab.ask("document.querySelector('#faults a').getAttribute('href')") == "#day"
        assert tab.ask("day.value + ends.value") == "10/12/202417h"
        assert not [one for one in tab.complaints if "422" not in one]
