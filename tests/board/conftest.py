"""A visitor of the board: asks for pages at a chosen time and reads what is written on them."""

from __future__ import annotations

import html
import re
import warnings
from collections.abc import Callable, Iterator

import pytest

from hanchot.board.app import create_board
from hanchot.service.opening import Opened
from hanchot.service.services import Services
from tests.look import at

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # starlette would rather have httpx2, which Prefect does not bring along
    from starlette.testclient import TestClient

ORIGIN = "http://127.0.0.1:8642"
_TAG = re.compile(r"<[^>]+>")


def words(page: str) -> str:
    """What a person reads: no tags, no runs of white space."""
    body = page.partition("<main")[2] or page
    return " ".join(html.unescape(_TAG.sub(" ", body)).split())


class Visitor:
    """Looks at the board. ``time`` is what its clock shows, ``2024-12-09 08:00`` local."""

    def __init__(self, house: Services, time: str) -> None:
        self.house, self.time = house, time
        app = create_board(house, now=lambda: at(self.time), prefect_url="http://127.0.0.1:4200")
        self.client = TestClient(app, base_url=ORIGIN)

    def page(self, path: str, *, status: int = 200) -> str:
        """The page's HTML."""
        answer = self.client.get(path)
        assert answer.status_code == status, words(answer.text)
        return answer.text

    def reads(self, path: str, *, status: int = 200) -> str:
        """The words of the page's main part."""
        return words(self.page(path, status=status))

    def matrix(self, path: str) -> list[tuple[str, ...]]:
        """The rows of the page's first table, cell by cell."""
        body = self.page(path).partition("<tbody>")[2].partition("</tbody>")[0]
        cells = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)
        return [tuple(words(cell) for cell in cells.findall(row)) for row in body.split("<tr")[1:]]


Visit = Callable[[Services, str], Visitor]


@pytest.fixture
def visit() -> Iterator[Visit]:
    yield Visitor


@pytest.fixture
def board(house: Services, opened: Opened) -> Visitor:
    """The cast's board on the day on which their cycle was opened."""
    return Visitor(house, "2024-11-18 09:00")
