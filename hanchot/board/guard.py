"""What holds for every answer: loopback hosts, no writing but by declared routes, headers, no trace of an error."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hanchot.domain.errors import Conflict, HanChotError, NotFound, Outside
from hanchot.settings import Settings

CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "private, no-store",
}
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
LOG = logging.getLogger("hanchot.board")  # not structlog: its traces print local variables, which are people's data
ErrorPage = Callable[[Request, int, str, str, str], Response]


def hosts_of(settings: Settings) -> frozenset[str]:
    """The host names that the board answers to: loopback, and the one in ``HANCHOT_BOARD_URL``.

    Any other name is somebody's page pointed at this machine (DNS rebinding).
    """
    return LOOPBACK | {name for name in (urlsplit(settings.board).hostname,) if name}


def stays_here(settings: Settings) -> bool:
    """Whether only this machine reaches the board, by the address it listens at and the one that people are given."""
    return {settings.board_host, urlsplit(settings.board).hostname} <= LOOPBACK


class Guard:
    """ASGI middleware around the whole board."""

    def __init__(self, app: ASGIApp, *, hosts: frozenset[str], writes: tuple[Route, ...], error_page: ErrorPage) -> None:
        self.app, self.hosts, self.writes, self.error_page = app, hosts, writes, error_page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            if (refused := self._refusal(scope)) is not None:
                await refused(scope, receive, with_headers)
            else:
                await self.app(scope, receive, with_headers)
        except Exception as error:
            if started:
                raise
            await self._trouble(scope, error)(scope, receive, with_headers)

    def _refusal(self, scope: Scope) -> Response | None:
        request = Request(scope)
        if _host(Headers(scope=scope)) not in self.hosts:
            way_out = "Mở bảng bằng địa chỉ mà Ban Tổ chức đã đưa; địa chỉ khác do người quản trị máy đặt."
            return self.error_page(request, 400, "Địa chỉ này không phải của bảng.", way_out, "")
        if scope["method"] not in ("GET", "HEAD") and not self._is_declared(scope):
            page = self.error_page(request, 405, "Trang này chỉ để xem.", "Mở trang của việc cần làm rồi ghi ở đó.", "")
            page.headers["allow"] = "GET, HEAD"
            return page
        return None

    def _is_declared(self, scope: Scope) -> bool:
        return any(route.matches(scope)[0] is Match.FULL for route in self.writes)

    def _trouble(self, scope: Scope, error: Exception) -> Response:
        request = Request(scope)
        if isinstance(error, NotFound | Conflict):
            status = 404 if isinstance(error, NotFound) else 409
            return self.error_page(request, status, error.message, error.way_out, "")
        code = secrets.token_hex(3).upper()
        if isinstance(error, Outside):
            LOG.error("%s %s: %s", code, scope["path"], error)
            return self.error_page(request, 503, "Cơ sở dữ liệu chưa trả lời.", "Thử lại sau ít phút.", code)
        if isinstance(error, HanChotError):
            return self.error_page(request, 400, error.message, error.way_out, "")
        LOG.error("%s %s", code, scope["path"], exc_info=error)
        return self.error_page(request, 500, "Có lỗi ở phía máy chủ.", "Nếu còn lỗi, báo người quản trị mã này.", code)


def _host(headers: Headers) -> str:
    try:
        return urlsplit(f"//{headers.get('host', '')}").hostname or ""
    except ValueError:
        return ""
