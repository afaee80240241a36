"""The language of the pages: one cookie, kept a year, that says nothing else."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from hanchot.board.doors import Door, Page
from hanchot.board.frame import Board
from hanchot.board.language import COOKIE, LANGUAGES
from hanchot.board.writing import Form, Write, to

_YEAR = 365 * 24 * 3600


def choose(board: Board, request: Request, form: Form) -> Response:
    """Back to the page that was being read, in the other language."""
    answer = to(_back(request, form.text("back")))
    if (chosen := form.text("language")) in LANGUAGES:
        secure = request.url.scheme == "https"
        answer.set_cookie(COOKIE, chosen, max_age=_YEAR, path="/", httponly=True, samesite="lax", secure=secure)
    return answer


def _back(request: Request, path: str) -> str:
    """A page of this board and nowhere else; of an address that only takes forms, the nearest page above it."""
    parts = urlsplit(path)
    inside = path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    if not inside or not path.isprintable():
        return "/"
    if _is_page(request, parts.path):
        return path
    above = (parts.path[:at] for at in range(len(parts.path) - 1, 0, -1) if parts.path[at] == "/")
    return next((one for one in above if _is_page(request, one)), "/")


def _is_page(request: Request, path: str) -> bool:
    scope = {"type": "http", "method": "GET", "path": path, "root_path": "", "headers": []}
    return any(route.matches(scope)[0] is Match.FULL for route in request.app.routes)


PAGES: dict[str, Door[Page]] = {}
WRITES: dict[str, Door[Write]] = {"/language": Door(choose)}
