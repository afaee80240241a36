"""The page that re-runs a cycle for a new year: look, write the plan, confirm it, open the cycle. Each step once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import unquote, urlencode

from starlette.requests import Request
from starlette.responses import Response

from hanchot.board.doors import Door, Page
from hanchot.board.frame import Board
from hanchot.board.pages_documents import NAME_COOKIE, who_signs
from hanchot.board.writing import Form, Write, to
from hanchot.domain.access import Action
from hanchot.domain.compare import WHAT_VI
from hanchot.domain.errors import AlreadyDone, HanChotError, Refused
from hanchot.service import amending, opening, renewing
from hanchot.service.views.renewal import RenewPage, renew_page

_YEAR = re.compile(r"20\d\d")
_HEADS = {"moved": "Đổi hạn", "added": "Thêm mới", "dropped": "Không còn", "same": "Giữ nguyên"}


def renew(board: Board, request: Request) -> Response:
    return _page(board, request, _view(board, request, board.clock(), request.query_params))


def act(board: Board, request: Request, form: Form) -> Response:
    """One step: ``write`` the plan, ``confirm`` it, ``open`` the cycle, or ``amend`` the running one."""
    now = board.clock()
    asked = {name: form.text(name) for name in ("year", "document")}
    view = _view(board, request, now, asked)
    try:
        _step(board, view, who_signs(board, request, form.text("name")), form.text("do"), now)
    except AlreadyDone:
        pass  # a second click: the page shows what the first one did
    except HanChotError as error:
        return _page(board, request, view, trouble=str(error), status=422)
    wanted = {name: value for name, value in asked.items() if value}
    return to(f"/plans/{view.plan.key}/renew?{urlencode(wanted)}#steps")


def _step(board: Board, view: RenewPage, who: str, do: str, now: datetime) -> None:
    if not who:
        raise Refused("Chưa ghi họ tên người làm.", way_out="Gõ họ tên; tên được ghi vào nhật ký.")
    if view.seen is None:
        raise Refused(view.trouble, way_out="Chọn năm hoặc văn bản khác.")
    if do == "write":
        renewing.write_renewed(board.services, view.seen.renewal, now, actor=who)
    elif view.there is None:
        raise Refused(f"Chưa có kế hoạch năm {view.year}.", way_out="Lập kế hoạch trước.")
    elif do == "confirm":
        renewing.confirm_plan(board.services, view.there.key, now, by=who)
    elif do == "open":
        opening.open_cycle(board.services, view.there, now, period=str(view.year), actor=who)
    elif do == "amend" and view.running and view.better:
        reason = f"theo {view.better.document.number or view.better.document.title}"
        amending.amend_cycle(board.services, view.running, view.better, now, actor=who, reason=reason)


def _view(board: Board, request: Request, now: datetime, asked: Mapping[str, str]) -> RenewPage:
    year, document = asked.get("year", ""), asked.get("document", "")
    return renew_page(
        board.services, request.path_params["key"], now, year=int(year) if _YEAR.fullmatch(year) else None,
        document=int(document) if document.isdecimal() and len(document) < 10 else None,
    )  # fmt: skip


def _page(board: Board, request: Request, view: RenewPage, *, trouble: str = "", status: int = 200) -> Response:
    person = unquote(request.cookies.get(NAME_COOKIE, ""))[:80]
    facts = {"view": view, "trouble": trouble, "person": person, "heads": _HEADS, "what_vi": WHAT_VI}
    return board.page(request, "renew", board.clock(), status=status, **facts)


PAGES: dict[str, Door[Page]] = {"/plans/{key}/renew": Door(renew, Action.PLAN)}
WRITES: dict[str, Door[Write]] = {"/plans/{key}/renew": Door(act, Action.PLAN)}
