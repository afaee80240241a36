"""People at the board: each of the cast, signed in the ordinary way with a printed code, and where their pages stand."""

from __future__ import annotations

import secrets

import sqlalchemy as sa

from hanchot.board.who import COOKIE
from hanchot.service.services import Services
from hanchot.service.signing_in import enter_printed, print_codes
from hanchot.store.tables import person
from tests.board.conftest import ORIGIN, TestClient, Visitor
from tests.look import at

ORGANISER = "Trần Thị Bình"  # heads the organisation department
DECIDER = "Phạm Quốc Cường"  # secretary of the standing committee
SUPERIOR = "Lê Thị Dung"  # secretary of the committee YT
SECRETARY = "Bùi Văn Hải"  # secretary of the cell YT-1
STRANGER = "Phan Văn Lâm"  # secretary of the cell BAO, on another branch


def code_of(house: Services, name: str) -> str:
    """The person's code (“CB001”)."""
    with house.db.read() as connection:
        return connection.execute(sa.select(person.c.code).where(person.c.name == name)).scalar_one()


def signed_in(house: Services, name: str, time: str) -> Visitor:
    """``name`` at a browser of their own, signed in at ``time`` (``2024-12-09 08:00``, local)."""
    visitor = Visitor(house, time)
    who = code_of(house, name)
    sheet = print_codes(house, [who], at(time), actor="Quản trị")
    login = enter_printed(house, who, secrets.token_urlsafe(32), sheet[0].codes[0], at(time))
    visitor.client = TestClient(visitor.client.app, base_url=ORIGIN, cookies={COOKIE: login.token})
    return visitor


def with_fresh_code(house: Services, name: str, time: str) -> Visitor:
    """The same, and a fresh code was typed just now: what asks for a step-up is open for ten minutes."""
    visitor = signed_in(house, name, time)
    sheet = print_codes(house, [code_of(house, name)], at(time), actor="Quản trị")
    token = visitor.page("/sign-in/again").partition('name="token" value="')[2].partition('"')[0]
    form = {"token": token, "do": "enter", "code": sheet[0].codes[0], "next": "/"}
    answer = visitor.client.post("/sign-in/again", data=form, headers={"sec-fetch-site": "same-origin"}, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return visitor
