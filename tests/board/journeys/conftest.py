"""Journeys: people at the board in a real Chromium, on a phone and at a desk, with JavaScript and without."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.board.chromium import binary
from tests.conftest import NewHouse

if TYPE_CHECKING:
    from tests.board.journeys.town import Town, Way

WAYS = (
    pytest.param((360, True), id="phone"),
    pytest.param((360, False), id="phone-without-script"),
    pytest.param((1400, True), id="desk"),
    pytest.param((1400, False), id="desk-without-script"),
)
Found = Callable[..., "Town"]


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, browser: Any) -> Way:
    from tests.board.journeys.town import Way

    return Way(*request.param)


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    """One browser for all journeys of a process; each person has a context of their own in it."""
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    program = binary()
    if program is None:
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as driver:
        made = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture
def found(new_house: NewHouse, browser: Any, way: Way, tmp_path: Path) -> Iterator[Found]:
    """Founds a town at a chosen time: a new installation with its mail server, and its board on a free port.

    ``found("2024-12-10 20:14")``; further arguments are settings. Whoever lives there came through the day without a
    page that broke its policy or failed in a script.
    """
    from tests.board.journeys.town import founded

    towns: list[Town] = []
    with ExitStack() as stack:

        def make(time: str, **settings: Any) -> Town:
            chosen = {"sign_in": "always"} | settings
            towns.append(founded(stack, browser, way, tmp_path / "mail", partial(new_house, ""), time, **chosen))
            return towns[-1]

        yield make
    said = [one for town in towns for somebody in town.people for one in somebody.complaints]
    assert not [one for one in said if "Failed to load resource" not in one], said  # a 404 or 422 that was asked for
