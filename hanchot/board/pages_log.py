"""The log: every change, newest first, and whether its chain is whole."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from hanchot.board.desk_form import Fault, read_day
from hanchot.board.doors import Door, Page, whole
from hanchot.board.frame import Board, page_number
from hanchot.board.writing import Form, Write, to
from hanchot.domain.access import Action
from hanchot.service import audit
from hanchot.service.views import log as views

FILTERS = ("actor", "group", "first", "last")


def log(board: Board, request: Request) -> Response:
    asked = {name: request.query_params.get(name, "")[:80] for name in FILTERS}
    days = {name: _day(asked[name]) for name in ("first", "last")}
    view = views.log(board.services, actor=asked["actor"].strip(), group=asked["group"], page=page_number(request), **days)
    base = urlencode({name: text for name, text in asked.items() if text})
    return board.page(request, "log", board.clock(), view=view, asked=asked, base=f"/log?{base}&" if base else "/log?")


def verified(board: Board, request: Request) -> Response:
    """Is the chain whole? The head is there to be written down where others keep it."""
    now = board.clock()
    return board.page(request, "log_verified", now, walk=audit.walked(board.services.db, now))


def verify(board: Board, request: Request, form: Form) -> Response:
    """Walk it again from its first row: some seconds for a million events."""
    audit.walked(board.services.db, board.clock(), anew=True)
    return to("/log/verified")


def _day(text: str) -> date | None:
    found = read_day(text, "day") if text else None
    return None if isinstance(found, Fault) else found


PAGES: dict[str, Door[Page]] = {
    "/log": Door(log, Action.AUDIT, whole),
    "/log/verified": Door(verified, Action.AUDIT, whole),
}
WRITES: dict[str, Door[Write]] = {
    "/log/verified": Door(verify, Action.AUDIT, whole),
}
