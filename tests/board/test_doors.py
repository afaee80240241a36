"""Who gets through which door. The walker asks for every address of the board as each of the cast, on foreign units too."""

from __future__ import annotations

import re
from http import HTTPStatus

import pytest

from hanchot.board.app import PAGES, WRITES
from hanchot.service.opening import Opened
from hanchot.service.services import Services
from hanchot.service.signing_in import end_logins
from tests.board.conftest import Visitor
from tests.board.people import DECIDER, ORGANISER, SECRETARY, STRANGER, SUPERIOR, code_of, signed_in
from tests.look import at, item_id

NOON = "2024-12-09 12:00"


@pytest.fixture
def of_yt1(house: Services, opened: Opened) -> str:
    """The address of an item of the cell YT-1."""
    return f"/items/{item_id(house, 'YT-1', 'chi-bo')}"


@pytest.mark.parametrize(
    ("name", "status"),
    [(SECRETARY, 200), (SUPERIOR, 200), (ORGANISER, 200), (DECIDER, 200), (STRANGER, 404)],
)
def test_a_foreign_item_looks_as_if_it_were_not_there(house: Services, of_yt1: str, name: str, status: int) -> None:
    visitor = signed_in(house, name, NOON)
    said = visitor.reads(of_yt1, status=status)
    assert status == HTTPStatus.OK or said.startswith(visitor.reads("/items/999999", status=404)[:20])


def test_lists_hold_only_what_the_right_reaches(house: Services, opened: Opened) -> None:
    late = "2024-12-20 12:00"
    assert "Chi bộ Báo tỉnh" in signed_in(house, ORGANISER, late).page("/late")
    hers = signed_in(house, SUPERIOR, late).page("/late")
    assert "Chi bộ Văn phòng Sở" in hers and "Chi bộ Báo tỉnh" not in hers
    assert "Chi bộ Báo tỉnh" not in signed_in(house, SUPERIOR, late).reads("/units?q=bao")


def test_a_page_for_others_says_so_and_the_way_out(house: Services, opened: Opened) -> None:
    said = signed_in(house, SECRETARY, NOON).reads("/late", status=403)
    assert "không thuộc phần việc" in said and "Ban Tổ chức" in said


def test_every_door_is_shut_before_the_sign_in(house: Services, opened: Opened) -> None:
    settings = house.settings.model_copy(update={"sign_in": "always"})
    anybody = Visitor(Services(house.db, settings, house.workdays), NOON)
    open_to_all = {path for path, door in PAGES.items() if door.action is None}
    assert open_to_all <= {"/health", *(path for path in PAGES if path.startswith(("/sign-in", "/feed")))}
    for path in PAGES.keys() - open_to_all:
        answer = anybody.client.get(re.sub(r"\{[^}]+\}", "1", path), follow_redirects=False)
        if PAGES[path].here:  # the inbox of a trial on one machine
            assert answer.status_code == HTTPStatus.NOT_FOUND, path
        else:
            assert answer.headers.get("location", "").startswith("/sign-in?next="), path


def test_an_ended_sign_in_does_not_fall_back_to_whoever_sits_at_the_machine(house: Services, opened: Opened) -> None:
    secretary = signed_in(house, SECRETARY, NOON)
    end_logins(house, code_of(house, SECRETARY), at(NOON), actor="Quản trị")
    answer = secretary.client.get("/late", follow_redirects=False)
    assert answer.headers["location"] == "/sign-in?next=/late"
    assert "người quản trị kết thúc" in secretary.reads("/sign-in")


def test_every_form_names_the_action_that_opens_it() -> None:
    unnamed = {path for path, door in WRITES.items() if door.action is None}
    assert unnamed <= {path for path in WRITES if path.startswith("/sign-")} | {"/language"}
