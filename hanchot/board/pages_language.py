"""The language of the pages: one cookie, kept a year, that says nothing else."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from hanchot.board.doors import Door, Page
from hanchot.board.frame import Board
from hanchot.board.language import COOKIE, LANGUAGES
from hanchot.board.writing import Form, Write, to

_YEAR = 365 * 24 * 3600


def choose(board: Board, request: Request, form: Form) -> Response:
    """Back to the page that was being read, in the other language."""
    answer = to(_back(form.text("back")))
    if (chosen := form.text("language")) in LANGUAGES:
        secure = request.url.scheme == "https"
        answer.set_cookie(COOKIE, chosen, max_age=_YEAR, path="/", httponly=True, samesite="lax", secure=secure)
    return answer


def _back(path: str) -> str:
    """A page of this board and nowhere else."""
    parts = urlsplit(path)
    inside = path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return path if inside and path.isprintable() else "/"


PAGES: dict[str, Door[Page]] = {}
WRITES: dict[str, Door[Write]] = {"/language": Door(choose)}
