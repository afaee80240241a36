"""A live page asks whether anything has happened since. The answer costs next to nothing while nothing has."""

from __future__ import annotations

from http import HTTPStatus

import pytest

from hanchot.service.items import act
from tests.board.conftest import Visitor
from tests.look import at, item_id

LIVE = ("/", "/late", "/coming", "/cycles/mau-2024", "/cycles/mau-2024/matrix", "/inbox")


@pytest.mark.parametrize("path", LIVE)
def test_nothing_new_is_said_without_a_page(board: Visitor, path: str) -> None:
    first = board.client.get(path)
    stamp = first.headers["etag"]
    assert f"data-stamp={stamp}".replace('"', "") in first.text.replace("&#34;", "").replace('"', "")
    again = board.client.get(path, headers={"if-none-match": stamp})
    assert (again.status_code, again.content) == (HTTPStatus.NOT_MODIFIED, b"")


def test_what_has_happened_brings_the_page_anew(board: Visitor) -> None:
    stamp = board.client.get("/late").headers["etag"]
    act(board.house, item_id(board.house, "BAO", "chi-bo"), "submit", at(board.time), actor="Phan Văn Lâm")
    assert board.client.get("/late", headers={"if-none-match": stamp}).status_code == HTTPStatus.OK


def test_a_stamp_is_worth_nothing_on_another_page(board: Visitor) -> None:
    stamp = board.client.get("/late").headers["etag"]
    assert board.client.get("/coming", headers={"if-none-match": stamp}).status_code == HTTPStatus.OK
