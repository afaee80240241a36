"""A page asks the database a handful of things, however many rows it shows: counted, because times depend on the day.

Every page of the table of routes is asked for by each role in a small province, where lists have fifty rows and more.
"""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import sqlalchemy as sa

from bench.board_house import NOW, House, build
from hanchot.board.app import create_board
from hanchot.board.who import COOKIE
from hanchot.bootstrap import services
from hanchot.settings import Settings
from tests.board.conftest import ORIGIN, TestClient

CELLS = 120
MOST = 60  # statements for one page, the sign-in and the rights among them
FILES = (".xlsx", ".csv", ".docx", "/paper", "/print", "/original", "/papers/", "/papers-all/", "/export")


def counts(house: House) -> Iterator[tuple[str, str, int]]:
    """(role, address, statements) of every page that opens. What is remembered is remembered by then."""
    here = services(Settings(_env_file=None, home=house.home))
    seen: list[str] = []
    sa.event.listen(here.db.engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
    app = create_board(here, now=lambda: NOW, prefect_url="http://127.0.0.1:4200")
    addresses = [one for living in house.addresses.values() for one in living if not any(file in one for file in FILES)]
    for who in house.people:
        client = TestClient(app, base_url=ORIGIN, cookies={COOKIE: who.token})
        for address in addresses:
            many = MOST + 1
            for _ in range(2):  # the second time only where the first has read what is then remembered
                if many > MOST:
                    seen.clear()
                    answer = client.get(address, follow_redirects=False)
                    many = len(seen)
            assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, address
            if answer.status_code == HTTPStatus.OK:
                yield who.role, address, many
    here.db.close()


def test_no_page_asks_for_each_of_its_rows(tmp_path: Path, chosen_time: None) -> None:
    found = list(counts(build(tmp_path, CELLS)))
    assert len(found) > 100
    assert [one for one in found if one[2] > MOST] == []
