"""The walker: every address of the board, as everybody. What opens stands in ``tests/golden/doors.csv``, read by people.

The addresses speak of the cell BAO. The organiser's department and the standing committee stand over it, Phan Văn Lâm is
its secretary; the secretary of YT, the cell YT-1 below YT and an inspector of YT have nothing to do with it.
"""

from __future__ import annotations

import csv
from datetime import date
from http import HTTPStatus
from pathlib import Path

import pytest
import sqlalchemy as sa

from hanchot.board.app import PAGES, WRITES
from hanchot.board.tokens import FIELD
from hanchot.service.services import Services
from hanchot.service.signing_in import grant
from hanchot.store.tables import event
from tests.board.addresses import living_addresses
from tests.board.conftest import Visitor
from tests.board.desk import HERE
from tests.board.people import DECIDER, ORGANISER, SECRETARY, STRANGER, SUPERIOR, code_of, signed_in
from tests.look import at

GOLDEN = Path(__file__).parents[1] / "golden" / "doors.csv"
NOON = "2024-11-18 12:00"
INSPECTOR, ADMIN = "Vũ Thị Giang", "Ngô Thị Kim"  # rights by name beside their posts, both under YT
ROLES = {
    "department": ORGANISER, "authority": DECIDER, "own secretary": STRANGER, "administrator": ADMIN,
    "other committee": SUPERIOR, "other secretary": SECRETARY, "inspector elsewhere": INSPECTOR,
}  # fmt: skip
FOREIGN = ("other committee", "other secretary", "inspector elsewhere")
OF_BAO = ("Chi bộ Báo tỉnh", "Phan Văn Lâm")
SKIPPED = {"/sign-out", "/sign-in", "/sign-in/code", "/sign-in/printed", "/sign-in/again", "/language"}


@pytest.fixture
def lived_in(board: Visitor) -> tuple[Services, dict[str, str]]:
    found = living_addresses(board.house)
    grant(board.house, code_of(board.house, INSPECTOR), "inspector", "YT", at(NOON), actor="Bình", starts=date(2024, 1, 1))
    grant(board.house, code_of(board.house, ADMIN), "admin", "DUK", at(NOON), actor="Bình", starts=date(2024, 1, 1))
    return board.house, found


def looked(visitor: Visitor, address: str) -> tuple[str, str]:
    """``open``, ``shut`` or ``again`` (a fresh code is asked for), and the page."""
    answer = visitor.client.get(address, follow_redirects=False)
    if answer.headers.get("location", "").startswith("/sign-in/again"):
        return "again", ""
    shut = answer.status_code in (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)
    return ("shut" if shut else "open"), answer.text


def sent(visitor: Visitor, token: str, address: str) -> str:
    answer = visitor.client.post(address, data={FIELD: token}, headers=HERE, follow_redirects=False)
    if answer.status_code == HTTPStatus.FORBIDDEN and "/sign-in/again" in answer.text:
        return "again"
    return "shut" if answer.status_code in (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND) else "open"


def token_of(visitor: Visitor) -> str:
    page = visitor.page("/sign-in")
    return page.partition(f'name="{FIELD}" value="')[2].partition('"')[0]


def rows() -> dict[tuple[str, str], dict[str, str]]:
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        return {(row["method"], row["route"]): row for row in csv.DictReader(file)}


def test_every_route_stands_in_the_table() -> None:
    assert rows().keys() == {("GET", path) for path in PAGES} | {("POST", path) for path in WRITES.keys() - SKIPPED}


def test_what_opens_is_what_the_table_says(lived_in: tuple[Services, dict[str, str]]) -> None:
    house, addresses = lived_in
    for role, name in ROLES.items():
        visitor = signed_in(house, name, NOON)
        found = {("GET", path): looked(visitor, addresses[path])[0] for path in PAGES}
        token = token_of(visitor)
        found |= {("POST", path): sent(visitor, token, addresses[path]) for path in WRITES.keys() - SKIPPED}
        assert found == {route: row[role] for route, row in rows().items()}, role


def test_nothing_of_a_foreign_unit_is_seen_or_changed(lived_in: tuple[Services, dict[str, str]]) -> None:
    house, addresses = lived_in
    for role in FOREIGN:
        visitor = signed_in(house, ROLES[role], NOON)
        for path in PAGES:
            said, page = looked(visitor, addresses[path])
            assert said == "shut" or not any(words in page for words in OF_BAO), (role, path)
        before, token = last_event(house), token_of(visitor)
        named = [path for path in WRITES if "{" in path]
        assert {path: sent(visitor, token, addresses[path]) for path in named} == dict.fromkeys(named, "shut"), role
        assert last_event(house) == before, role


def last_event(house: Services) -> int:
    with house.db.read() as connection:
        return int(connection.execute(sa.select(sa.func.max(event.c.seq))).scalar_one())
