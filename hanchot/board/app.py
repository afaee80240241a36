"""The board: pages for the department, rendered on the server, and the few forms that write. Never imports Prefect."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from hanchot import clock
from hanchot.board import (
    pages,
    pages_ballots,
    pages_branch,
    pages_calendar,
    pages_chain,
    pages_complaints,
    pages_deciding,
    pages_documents,
    pages_dossiers,
    pages_export,
    pages_first_hour,
    pages_items,
    pages_judging,
    pages_language,
    pages_late,
    pages_log,
    pages_mail,
    pages_meetings,
    pages_members,
    pages_my,
    pages_opinions,
    pages_org,
    pages_papers,
    pages_people,
    pages_plans,
    pages_register,
    pages_remediation,
    pages_renew,
    pages_running,
    pages_settings,
    pages_sign_in,
    pages_subjects,
    pages_templates,
    pages_topics,
)
from hanchot.board.doors import Door, Page, sent_through, through
from hanchot.board.frame import STATIC, Board, environment
from hanchot.board.guard import Guard, hosts_of, stays_here
from hanchot.board.tokens import Tokens
from hanchot.board.writing import Form, Write, endpoint
from hanchot.service.services import Services

ROOMS = (
    pages,
    pages_my,
    pages_branch,
    pages_calendar,
    pages_late,
    pages_items,
    pages_mail,
    pages_export,
    pages_plans,
    pages_chain,
    pages_documents,
    pages_renew,
    pages_running,
    pages_judging,
    pages_subjects,
    pages_members,
    pages_ballots,
    pages_deciding,
    pages_complaints,
    pages_register,
    pages_sign_in,
    pages_people,
    pages_org,
    pages_settings,
    pages_templates,
    pages_log,
    pages_first_hour,
    pages_language,
    pages_dossiers,
    pages_meetings,
    pages_opinions,
    pages_papers,
    pages_remediation,
    pages_topics,
)
# A room has ``PAGES``, addresses to look at, and ``WRITES``, addresses that forms are sent to; a path may stand in both.
PAGES: dict[str, Door[Page]] = {path: door for room in ROOMS for path, door in room.PAGES.items()}
WRITES: dict[str, Door[Write]] = {path: door for room in ROOMS for path, door in getattr(room, "WRITES", {}).items()}


def create_board(services: Services, *, now: Callable[[], datetime] = clock.now, prefect_url: str | None = None) -> Starlette:
    """The web application. ``prefect_url`` (default: as the settings say) is only linked to."""
    settings = services.settings
    prefect_url = prefect_url or settings.prefect
    board = Board(
        services, now, prefect_url.rstrip("/"), environment(settings.templates_dir / "board"), Tokens(services.db),
        local=stays_here(settings) and settings.sign_in == "auto",
    )  # fmt: skip
    routes: list[BaseRoute] = [Route(path, partial(through, board, door), name=path) for path, door in PAGES.items()]
    writes = tuple(Route(path, endpoint(board, partial(_sent, door)), methods=["POST"]) for path, door in WRITES.items())
    routes += writes
    routes.append(Mount("/static", _Static(directory=STATIC), name="static"))
    error_page = partial(_error_page, board)
    guard = Middleware(Guard, hosts=hosts_of(settings), writes=writes, error_page=error_page)
    return Starlette(routes=routes, middleware=[guard], exception_handlers={HTTPException: partial(_http_error, board)})


def _sent(door: Door[Write], board: Board, request: Request, form: Form) -> Response:
    return sent_through(board, door, request, form)


class _Static(StaticFiles):
    """Their address carries their version, so a browser keeps them."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        found = await super().get_response(path, scope)
        found.headers["cache-control"] = "public, max-age=86400"
        return found


def _http_error(board: Board, request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return _error_page(board, request, 404, "Không có trang này.", "Kiểm tra lại địa chỉ.", "")
    return _error_page(board, request, error.status_code, "Không xem được trang này.", "Về trang tổng quan.", "")


def _error_page(board: Board, request: Request, status: int, message: str, way_out: str, code: str) -> Response:
    if request.url.path == "/health":
        return JSONResponse({"status": "error", "message": message, "code": code}, status_code=status)
    facts = {"status": status, "message": message, "way_out": way_out, "code": code}
    return HTMLResponse(board.render(request, "error", board.clock(), **facts), status_code=status)
