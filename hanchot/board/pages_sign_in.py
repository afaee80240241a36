"""The pages of signing in: ask for a code, type it into the same browser, go on to where one wanted to be."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

from starlette.background import BackgroundTasks
from starlette.requests import Request
from starlette.responses import Response

from hanchot.board import tokens
from hanchot.board.doors import Door, Page
from hanchot.board.frame import Board
from hanchot.board.who import COOKIE, SECURE_COOKIE, viewer_of
from hanchot.board.writing import Form, Typed, Write, to
from hanchot.domain.errors import AlreadyDone, HanChotError, NotFound, Outside
from hanchot.service import signing_in
from hanchot.service.signing_in import Login, TooMany
from hanchot.service.signing_in import oidc as province
from hanchot.service.signing_in.logins import LONGEST

PENDING_COOKIE = "hanchot-oidc"
_PENDING_PATH = "/sign-in/oidc"
_KEPT = "kept."  # a field of the form that had to wait for a fresh code


def ask_page(board: Board, request: Request) -> Response:
    return _page(board, request, "sign_in")


def code_page(board: Board, request: Request) -> Response:
    return _page(board, request, "sign_in_code", sent="sent" in request.query_params)


def printed_page(board: Board, request: Request) -> Response:
    return _page(board, request, "sign_in_printed")


def again_page(board: Board, request: Request) -> Response:
    """Whoever is not signed in at all starts at the beginning."""
    if not viewer_of(board, request).signed_in:
        return to(_with_next("/sign-in", _next_of(request)))
    return _page(board, request, "sign_in_again", sent="sent" in request.query_params, kept=())


def ask(board: Board, request: Request, form: Form) -> Response:
    """The mail leaves after the answer, which is the same for every address."""
    later = BackgroundTasks()
    next_, address = safe_next(form.text("next")), form.text("address")
    try:
        signing_in.ask_code(board.services, address, _browser(request), board.clock(), _remote(request), later=later.add_task)
    except HanChotError as error:
        return _page(board, request, "sign_in", error, next=next_, address=address[:254])
    return _answered(to(_with_next("/sign-in/code", next_)), later)


def enter(board: Board, request: Request, form: Form) -> Response:
    """The code, or the wish for a new one."""
    next_ = safe_next(form.text("next"))
    try:
        if form.text("do") == "again":
            return _sent_again(board, request, _with_next("/sign-in/code?sent=1", next_))
        login = signing_in.enter_code(
            board.services, _browser(request), form.text("code"), board.clock(), _remote(request),
            instead_of=_token(request) or None,
        )  # fmt: skip
    except AlreadyDone as error:
        if viewer_of(board, request).signed_in:
            return to(next_)  # a second click, after the first has signed in
        return _page(board, request, "sign_in_code", error, next=next_, sent=False)
    except HanChotError as error:
        return _page(board, request, "sign_in_code", error, next=next_, sent=False)
    return _let_in(board, request, login, next_)


def enter_printed(board: Board, request: Request, form: Form) -> Response:
    next_, person = safe_next(form.text("next")), form.text("person")[:80]
    try:
        login = signing_in.enter_printed(
            board.services, person, _browser(request), form.text("code"), board.clock(), _remote(request),
            instead_of=_token(request) or None,
        )  # fmt: skip
    except HanChotError as error:
        return _page(board, request, "sign_in_printed", error, next=next_, person=person)
    return _let_in(board, request, login, next_)


def confirm(board: Board, request: Request, form: Form) -> Response:
    """A fresh code of somebody who is signed in. What was typed before waits in the page and is sent on by one click."""
    now, next_, kept = board.clock(), safe_next(form.text("next")), _kept(form)
    with board.services.db.read() as connection:
        login = signing_in.login_of(board.services, connection, _token(request), now)
    if login is None or login.ended_why:
        return board.refuse(request, 401, "Phiên đăng nhập đã hết.", "Đăng nhập lại rồi gửi; điều đã gõ còn ở dưới.",
                            tuple((name.removeprefix(_KEPT), text) for name, text in kept))  # fmt: skip
    facts: dict[str, Any] = {"next": next_, "kept": kept, "sent": False}
    try:
        if form.text("do") == "start":
            return _page(board, request, "sign_in_again", **facts)
        if form.text("do") == "send":
            later = BackgroundTasks()
            signing_in.ask_code_again(
                board.services, _browser(request), now, _remote(request), later=later.add_task, person_id=login.person_id
            )
            return _answered(_page(board, request, "sign_in_again", **facts | {"sent": True}), later)
        signing_in.step_up(board.services, login, _browser(request), form.text("code"), now, _remote(request))
    except HanChotError as error:
        return _page(board, request, "sign_in_again", error, **facts)
    return _page(board, request, "sign_in_go_on", **facts) if kept else to(next_)


def sign_out(board: Board, request: Request, _form: Form) -> Response:
    if token := _token(request):
        signing_in.sign_out(board.services, token, board.clock())
    answer = to("/sign-in")
    for name in (COOKIE, SECURE_COOKIE):
        if name in request.cookies:
            answer.delete_cookie(name, path="/", secure=name == SECURE_COOKIE, httponly=True, samesite="lax")
    return answer


def to_province(board: Board, request: Request) -> Response:
    """Off to the province's own service, with a sealed note of what was asked."""
    if not province.is_offered(board.services.settings):
        return to("/sign-in")
    try:
        address, kept = province.begin(board.services, _callback(board), _next_of(request), board.clock())
    except Outside as error:
        return _page(board, request, "sign_in", error)
    answer = to(address)
    answer.set_cookie(
        PENDING_COOKIE, kept, max_age=int(province.VALID.total_seconds()), path=_PENDING_PATH, httponly=True, samesite="lax",
        secure=_is_https(board, request),
    )  # fmt: skip
    return answer


def from_province(board: Board, request: Request) -> Response:
    """Back from there. The note is good for one way back."""
    if not province.is_offered(board.services.settings) or not request.query_params:
        return to("/sign-in")
    try:
        login, next_ = province.finish(
            board.services, _callback(board), request.cookies.get(PENDING_COOKIE, ""), request.query_params, board.clock(),
            _remote(request), instead_of=_token(request) or None,
        )  # fmt: skip
        answer = _let_in(board, request, login, safe_next(next_))
    except HanChotError as error:
        answer = _page(board, request, "sign_in", error)
    answer.delete_cookie(PENDING_COOKIE, path=_PENDING_PATH)
    return answer


def safe_next(text: str) -> str:
    """A path of this board, or its first page: nobody is sent on to another house."""
    parts = urlsplit(text)
    plain = text.startswith("/") and not text.startswith("//") and text.isprintable() and "\\" not in text
    known = plain and not parts.scheme and not parts.netloc and not parts.path.startswith("/sign-")
    return text if known and len(text) <= 2_000 else "/"


def _page(board: Board, request: Request, name: str, error: HanChotError | None = None, **facts: Any) -> Response:
    """A page of this room: where to go on, and one sentence on what went wrong."""
    settings = board.services.settings
    viewer = viewer_of(board, request)
    common = {
        "next": _next_of(request), "trouble": str(error) if error else "", "ended": "" if error else viewer.ended,
        "province": settings.oidc_name if province.is_offered(settings) else "", "address": "", "person": "",
        "catcher": settings.relay_is_catcher and board.local,
    }  # fmt: skip
    return board.page(request, name, board.clock(), status=_status(error), **common | facts)


def _status(error: HanChotError | None) -> int:
    if error is None:
        return 200
    for kind, status in ((TooMany, 429), (AlreadyDone, 409), (Outside, 503), (NotFound, 404)):
        if isinstance(error, kind):
            return status
    return 422


def _let_in(board: Board, request: Request, login: Login, next_: str) -> Response:
    """A new cookie for a new sign-in, and on."""
    secure, answer = _is_https(board, request), to(next_)
    answer.set_cookie(
        SECURE_COOKIE if secure else COOKIE, login.token, max_age=int(LONGEST.total_seconds()), path="/", httponly=True,
        samesite="lax", secure=secure,
    )  # fmt: skip
    return answer


def _sent_again(board: Board, request: Request, path: str) -> Response:
    later = BackgroundTasks()
    signing_in.ask_code_again(board.services, _browser(request), board.clock(), _remote(request), later=later.add_task)
    return _answered(to(path), later)


def _answered(answer: Response, later: BackgroundTasks) -> Response:
    answer.background = later
    return answer


def _is_https(board: Board, request: Request) -> bool:
    """As the browser sees it: a proxy in front may speak plain HTTP to us."""
    told = urlsplit(board.services.settings.board)
    return request.url.scheme == "https" or (told.scheme == "https" and told.hostname == request.url.hostname)


def _browser(request: Request) -> str:
    """The browser's name: the cookie of its forms, without which no form gets here."""
    return request.cookies.get(tokens.COOKIE, "")


def _token(request: Request) -> str:
    return request.cookies.get(SECURE_COOKIE) or request.cookies.get(COOKIE) or ""


def _remote(request: Request) -> str | None:
    return request.client.host if request.client else None


def _callback(board: Board) -> str:
    return f"{board.services.settings.board}/sign-in/oidc/callback"


def _next_of(request: Request) -> str:
    return safe_next(request.query_params.get("next", ""))


def _with_next(path: str, next_: str) -> str:
    if next_ == "/":
        return path
    return f"{path}{'&' if '?' in path else '?'}next={quote(next_)}"


def _kept(form: Form) -> Typed:
    return tuple((name, text) for name, texts in form.texts.items() if name.startswith(_KEPT) for text in texts)


PAGES: dict[str, Door[Page]] = {
    "/sign-in": Door(ask_page),
    "/sign-in/code": Door(code_page),
    "/sign-in/printed": Door(printed_page),
    "/sign-in/again": Door(again_page),
    "/sign-in/oidc": Door(to_province),
    "/sign-in/oidc/callback": Door(from_province),
}
WRITES: dict[str, Door[Write]] = {
    "/sign-in": Door(ask),
    "/sign-in/code": Door(enter),
    "/sign-in/printed": Door(enter_printed),
    "/sign-in/again": Door(confirm),
    "/sign-out": Door(sign_out),
}
