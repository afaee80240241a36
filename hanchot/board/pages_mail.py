"""The pages about mail: envelopes and their fate, incidents, and the inbox of the local mail catcher."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from hanchot.board.frame import Board, page_number
from hanchot.board.guard import CSP
from hanchot.domain.errors import NotFound
from hanchot.letters.inbox import InboxMessage, message, messages
from hanchot.service.views import letters as views_letters
from hanchot.service.views.common import Paging

ROWS = 50
# The mail's own HTML: nothing runs, nothing is fetched; its links open in a new tab, outside of the frame.
MAIL_CSP = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
_NEW_TAB = '<base target="_blank">'


def letters(board: Board, request: Request) -> Response:
    asked = request.query_params
    state, text = asked.get("state") or None, asked.get("q", "")[:100]
    view = views_letters.letters(board.services, state=state, text=text, page=page_number(request))
    return board.page(request, "letters", board.clock(), view=view, state=state, text=text)


def letter(board: Board, request: Request) -> Response:
    view = views_letters.envelope_page(board.services, request.path_params["id"])
    return board.page(request, "letter", board.clock(), view=view)


def incidents(board: Board, request: Request) -> Response:
    return board.page(request, "incidents", board.clock(), lines=views_letters.incidents(board.services))


def inbox(board: Board, request: Request) -> Response:
    text = request.query_params.get("q", "")[:100]
    number, folder = page_number(request), board.services.settings.mail_dir
    found = messages(folder, ROWS, (number - 1) * ROWS, text)
    paging = Paging(number, ROWS, found.total)
    if paging.number != number:  # a page past the end is the last one
        found = messages(folder, ROWS, paging.offset, text)
    return board.page(request, "inbox", board.clock(), found=found, paging=paging, text=text)


def inbox_message(board: Board, request: Request) -> Response:
    one = _message(board, request)
    page = board.page(request, "inbox_message", board.clock(), mail=one, key=request.path_params["key"])
    page.headers["content-security-policy"] = f"{CSP}; frame-src 'self'"
    return page


def inbox_html(board: Board, request: Request) -> Response:
    html = _message(board, request).html or ""
    head, found, rest = html.partition("<head>")
    html = f"{head}{found}{_NEW_TAB}{rest}" if found else _NEW_TAB + html
    return HTMLResponse(html, headers={"content-security-policy": MAIL_CSP})


def _message(board: Board, request: Request) -> InboxMessage:
    found = message(board.services.settings.mail_dir, request.path_params["key"])
    if found is None:
        raise NotFound("Không có thư này trong hộp thư thử.", way_out="Xem danh sách thư.")
    return found
