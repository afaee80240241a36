"""The pages about mail: envelopes and their fate, incidents, and the inbox of the local mail catcher."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from hanchot.board.doors import Door, Page, envelope_there, whole
from hanchot.board.frame import Board, page_number
from hanchot.board.guard import CSP
from hanchot.board.who import viewer_of
from hanchot.board.writing import Form, Write, to
from hanchot.domain.access import Action
from hanchot.domain.errors import AlreadyDone, NotFound, Refused
from hanchot.letters.inbox import InboxMessage, message, messages
from hanchot.service import incidents as service_incidents
from hanchot.service.access import envelope_path
from hanchot.service.incidents import Answer
from hanchot.service.mail import send_again
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
    mine = viewer_of(board, request).scopes(Action.MAIL)
    view = views_letters.letters(board.services, state=state, text=text, page=page_number(request), scopes=mine)
    return board.page(request, "letters", board.clock(), view=view, state=state, text=text)


def letter(board: Board, request: Request) -> Response:
    return _letter(board, request)


def _letter(board: Board, request: Request, trouble: str = "", typed: str = "", status: int = 200) -> Response:
    number, viewer = request.path_params["id"], viewer_of(board, request)
    view = views_letters.envelope_page(board.services, number, page_number(request))
    with board.services.db.read() as connection:
        mine = viewer.may(Action.REMIND, envelope_path(connection, number))
    again, keep = (view.row["state"] in states for states in (send_again.AGAIN, send_again.KEPT))
    facts = {"view": view, "trouble": trouble, "typed": typed, "again": mine and again, "keep": mine and keep}
    return board.page(request, "letter", board.clock(), status=status, **facts)


def again(board: Board, request: Request, form: Form) -> Response:
    """Send an envelope again that did not go out; of two clicks the second finds it waiting already."""
    number = request.path_params["id"]
    try:
        send_again.send_again(board.services, number, board.clock(), actor=viewer_of(board, request).name)
    except AlreadyDone:
        pass
    except Refused as error:
        return _letter(board, request, str(error), status=422)
    return to(f"/letters/{number}")


def keep(board: Board, request: Request, form: Form) -> Response:
    """Keep back an envelope that has not left yet."""
    number, reason = request.path_params["id"], form.text("reason")[:500]
    try:
        who = viewer_of(board, request).name
        send_again.withhold(board.services, number, board.clock(), actor=who, reason=reason)
    except AlreadyDone:
        pass
    except Refused as error:
        return _letter(board, request, str(error), reason, 422)
    return to(f"/letters/{number}")


def incidents(board: Board, request: Request) -> Response:
    return _incidents(board, request)


def _incidents(
    board: Board, request: Request, trouble: str = "", typed: tuple[int, str] = (0, ""), status: int = 200
) -> Response:
    facts = {"lines": views_letters.incidents(board.services), "trouble": trouble, "typed": typed}
    return board.page(request, "incidents", board.clock(), status=status, **facts)


def answer(board: Board, request: Request, form: Form) -> Response:
    """Somebody looks after an incident, or has settled it."""
    number, note = request.path_params["id"], form.text("note")[:500]
    said: Answer = "settled" if form.text("do") == "settled" else "seen"
    try:
        service_incidents.answer(
            board.services.db, number, said, board.clock(), actor=viewer_of(board, request).name, note=note
        )
    except AlreadyDone:
        pass
    except Refused as error:
        return _incidents(board, request, str(error), (number, note), 422)
    return to("/incidents")


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


PAGES: dict[str, Door[Page]] = {
    "/letters": Door(letters, Action.MAIL),
    "/letters/{id:int}": Door(letter, Action.MAIL, envelope_there),
    "/inbox": Door(inbox, Action.MAIL, whole, here=True, live=True),
    "/inbox/{key}": Door(inbox_message, Action.MAIL, whole, here=True),
    "/inbox/{key}/html": Door(inbox_html, Action.MAIL, whole, here=True),
    "/incidents": Door(incidents, Action.MAIL),
}
WRITES: dict[str, Door[Write]] = {
    "/letters/{id:int}/again": Door(again, Action.REMIND, envelope_there),
    "/letters/{id:int}/keep": Door(keep, Action.REMIND, envelope_there),
    "/incidents/{id:int}": Door(answer, Action.MAIL),
}
