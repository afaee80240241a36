"""Every address of the board is a door: what it shows or does, the one action that opens it, and what it speaks of.

A door without an action stands open to everybody. Where the address names a unit, an item or a cycle, the right must
reach that place; a place out of reach looks exactly like one that does not exist. Lists name no place: they open to
whoever has the right anywhere, and show only what it reaches (``Viewer.scopes``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import quote

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from hanchot.board.frame import Board
from hanchot.board.language import COOKIE, speak
from hanchot.board.who import viewer_of
from hanchot.board.writing import Form, Write
from hanchot.domain.access import STEP_UP, WHOLE, Action
from hanchot.domain.errors import NotFound
from hanchot.service import access
from hanchot.service.views import live

Page = Callable[[Board, Request], Response]
Place = Callable[[sa.Connection, Request], str | None]
Does = TypeVar("Does", Page, Write)


def anywhere(_connection: sa.Connection, _request: Request) -> str | None:
    """A list: whoever has the right somewhere may look, at what is theirs."""
    return None


def whole(_connection: sa.Connection, _request: Request) -> str | None:
    """The whole house."""
    return WHOLE


def unit_there(connection: sa.Connection, request: Request) -> str | None:
    """The unit that ``{code}`` names."""
    return access.unit_path(connection, request.path_params["code"])


def item_there(connection: sa.Connection, request: Request) -> str | None:
    """The unit of the item that ``{id}`` names."""
    return access.item_path(connection, request.path_params["id"])


def cycle_there(connection: sa.Connection, request: Request) -> str | None:
    """The committee at the head of the cycle that ``{code}`` names."""
    return access.cycle_path(connection, request.path_params["code"])


def envelope_there(connection: sa.Connection, request: Request) -> str | None:
    """The head of the cycle that the envelope ``{id}`` speaks of."""
    return access.envelope_path(connection, request.path_params["id"])


@dataclass(frozen=True)
class Door(Generic[Does]):
    """``does`` is a page or a write; ``action`` None: open to everybody. ``here``: only where
    the board is served to this very machine, and open to all there. ``also``: further actions, any of which opens the
    door as well; what each of them may do there, the page says.

    A ``live`` page asks from time to time whether anything has happened since (``static/board.js``), which costs next to
    nothing while nothing has. A write that ``answers_large`` shows its own page where a file was too large (``form.large``).
    """

    does: Does
    action: Action | None = None
    of: Place = anywhere
    here: bool = False
    live: bool = False
    also: tuple[Action, ...] = ()
    answers_large: bool = False


def through(board: Board, door: Door[Page], request: Request) -> Response:
    """The page behind a door, or why it stays shut."""
    speak(request)
    if shut := _shut(board, door, request, ()):
        return shut
    if not door.live:
        return door.does(board, request)
    request.state.stamp = stamp = _stamp(board, request)
    if request.headers.get("if-none-match") == stamp:
        return Response(status_code=304, headers={"etag": stamp})
    page = door.does(board, request)
    page.headers["etag"] = stamp
    return page


def _stamp(board: Board, request: Request) -> str:
    """The state of the house as this viewer's page would show it."""
    viewer = viewer_of(board, request)
    words = f"{live.stamp(board.services, viewer.at)} {viewer.login_id} {request.url} {request.cookies.get(COOKIE)}"
    return f'"{hashlib.sha256(words.encode()).hexdigest()[:20]}"'


def sent_through(board: Board, door: Door[Write], request: Request, form: Form) -> Response:
    """What a form does behind a door, or why it is not taken; what was typed is shown again."""
    speak(request)
    if shut := _shut(board, door, request, form.typed()):
        return shut
    if form.large and not door.answers_large:
        return board.refuse(request, 413, *form.too_large(), form.typed())
    return door.does(board, request, form)


def _shut(
    board: Board, door: Door[Page] | Door[Write], request: Request, typed: tuple[tuple[str, str], ...]
) -> Response | None:
    viewer = viewer_of(board, request)
    if door.here and not board.local:  # a trial's inbox holds everybody's mail, their codes too
        raise NotFound("Không có trang này.", way_out="Hộp thư thử chỉ có khi chạy thử trên một máy.")
    if door.action is None or door.here:
        return None
    if viewer.actor is None:
        return _sign_in(board, request, viewer.ended, typed)
    if not _reaches(board, door, request):
        return board.refuse(
            request, 403, "Trang này không thuộc phần việc của đồng chí.",
            "Về “Việc của tôi”; nếu cần xem, đề nghị Ban Tổ chức cấp quyền.", typed,
        )  # fmt: skip
    if door.action in STEP_UP and not viewer.stepped_up:
        if request.method in ("GET", "HEAD"):
            return RedirectResponse(f"/sign-in/again?next={quote(_here(request))}", status_code=303)
        return board.refuse(request, 403, "Việc này cần xác nhận lại bằng mã gửi qua thư.",
                            "Xác nhận lại rồi gửi; điều đã gõ còn ở dưới.", typed, again=True)  # fmt: skip
    return None


def _reaches(board: Board, door: Door[Page] | Door[Write], request: Request) -> bool:
    """Whether the viewer's right reaches what the address speaks of. Out of reach is as if it were not there."""
    viewer = viewer_of(board, request)
    assert door.action is not None
    with board.services.db.read() as connection:
        path = door.of(connection, request)
    actions = (door.action, *door.also)
    if path is None:
        return any(viewer.anywhere(action) for action in actions)
    if any(viewer.may(action, path) for action in actions):
        return True
    if viewer.may(Action.SEE, path) or path == WHOLE:
        return False
    raise NotFound("Không có trang này.", way_out="Kiểm tra lại địa chỉ.")


def _sign_in(board: Board, request: Request, ended: str, typed: tuple[tuple[str, str], ...]) -> Response:
    if request.method in ("GET", "HEAD"):
        return RedirectResponse(f"/sign-in?next={quote(_here(request))}", status_code=303)
    message = ended or "Phiên đăng nhập đã hết nên chưa ghi gì."
    return board.refuse(request, 401, message, "Đăng nhập lại rồi gửi; điều đã gõ còn ở dưới.", typed)


def _here(request: Request) -> str:
    query = request.url.query
    return request.url.path + (f"?{query}" if query else "")
