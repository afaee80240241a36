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
from hanchot.board import pages, pages_chain, pages_documents, pages_mail, pages_renew
from hanchot.board.frame import STATIC, Board, environment
from hanchot.board.guard import Guard, hosts_of, stays_here
from hanchot.board.tokens import Tokens
from hanchot.board.writing import Write, endpoint
from hanchot.service.services import Services

PAGES = {
    "/": pages.overview,
    "/cycles/{code}": pages.cycle,
    "/cycles/{code}/matrix": pages.matrix,
    "/late": pages.late,
    "/coming": pages.coming,
    "/units": pages.units,
    "/units/{code}": pages.unit,
    "/items/{id:int}": pages.item,
    "/letters": pages_mail.letters,
    "/letters/{id:int}": pages_mail.letter,
    "/inbox": pages_mail.inbox,
    "/inbox/{key}": pages_mail.inbox_message,
    "/inbox/{key}/html": pages_mail.inbox_html,
    "/incidents": pages_mail.incidents,
    "/plans": pages.plans,
    "/plans/{key}": pages.plan,
    "/plans/{key}/renew": pages_renew.renew,
    "/chain": pages_chain.chain,
    "/documents": pages_documents.documents,
    "/documents/{id:int}": pages_documents.draft,
    "/documents/{id:int}/original": pages_documents.original,
    "/health": pages.health,
}
# What may be sent to the board: a path may stand in both tables. ``hanchot/board/writing.py`` says what holds for each.
WRITES: dict[str, Write] = {
    "/documents": pages_documents.receive,
    "/documents/{id:int}": pages_documents.change,
    "/plans/{key}/renew": pages_renew.act,
}


def create_board(services: Services, *, now: Callable[[], datetime] = clock.now, prefect_url: str | None = None) -> Starlette:
    """The web application. ``prefect_url`` (default: as the settings say) is only linked to."""
    settings = services.settings
    prefect_url = prefect_url or settings.prefect
    board = Board(
        services, now, prefect_url.rstrip("/"), environment(settings.templates_dir / "board"), Tokens(services.db),
        writable=stays_here(settings),
    )  # fmt: skip
    routes: list[BaseRoute] = [Route(path, partial(page, board), name=path) for path, page in PAGES.items()]
    writes = tuple(Route(path, endpoint(board, write), methods=["POST"]) for path, write in WRITES.items())
    routes += writes
    routes.append(Mount("/static", _Static(directory=STATIC), name="static"))
    error_page = partial(_error_page, board)
    guard = Middleware(Guard, hosts=hosts_of(settings), writes=writes, error_page=error_page)
    return Starlette(routes=routes, middleware=[guard], exception_handlers={HTTPException: partial(_http_error, board)})


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
