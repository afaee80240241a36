"""The pages where a document becomes a plan: hand it in, look at each sentence, confirm."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import Response

from hanchot.board import being_read
from hanchot.board.doors import Door, Page
from hanchot.board.draft_form import (
    KIND_FIELDS,
    KIND_VI,
    Faults,
    Values,
    blank_values,
    read_answer,
    read_head,
    typed_values,
    values_of,
)
from hanchot.board.frame import Board
from hanchot.board.who import viewer_of
from hanchot.board.writing import Form, Write, to
from hanchot.domain.access import Action
from hanchot.domain.deadline import EVENTS_VI
from hanchot.domain.decisions import Added, Decision, Decisions
from hanchot.domain.errors import Conflict, HanChotError, NotFound, Refused
from hanchot.domain.proposal import key_of
from hanchot.domain.unit import ORGANISERS, UnitKind
from hanchot.domain.workdays import WEEKDAYS_VI
from hanchot.service import drafts, readings
from hanchot.service.views.drafts import Card, DraftPage, draft_list, draft_page

NOBODY = "người dùng bảng"  # at the machine itself, without a sign-in, a person is known by the name that they typed
NAME_COOKIE = "hanchot-name"
_STATE_VI = {"open": "đang xem", "confirmed": "đã xác nhận", "dropped": "đã bỏ"}
_PLACE = re.compile(r"head|s\d{1,4}|r\d{1,4}|a[a-z0-9-]{1,80}|add|confirm|drop|reopen|reading")
_CHOICES = {
    "kind_vi": KIND_VI, "kind_fields": KIND_FIELDS, "events": {k: v for k, v in EVENTS_VI.items() if k != "announcement"},
    "unit_kinds": tuple(UnitKind), "organisers": sorted(ORGANISERS, key=list(UnitKind).index), "weekdays": WEEKDAYS_VI,
    "draft_state": _STATE_VI,
}  # fmt: skip


@dataclass(frozen=True)
class Trouble:
    """What could not be written: one sentence, the faults by field, and what was typed into the form of ``place``."""

    place: str
    message: str = ""
    faults: Faults | None = None
    typed: Values | None = None


def documents(board: Board, request: Request) -> Response:
    return _list(board, request)


def receive(board: Board, request: Request, form: Form) -> Response:
    """A document handed in is read aside; the same file twice opens the draft that is there."""
    upload, name = form.files.get("document"), who_signs(board, request, form.text("name"))
    if form.large:
        return _list(board, request, " ".join(form.too_large()), name, 413)
    if upload is None or not upload.data:
        return _list(board, request, "Chưa chọn tệp; chọn tệp kế hoạch đã ký (.docx, .pdf, ảnh chụp hoặc .txt).", name)
    if not name:
        return _list(board, request, "Chưa ghi họ tên người đọc; gõ họ tên rồi chọn lại tệp.")
    try:
        made, claim = readings.receive(board.services, upload.data, upload.name or "van-ban", board.clock(), name[:80])
    except HanChotError as error:
        return _list(board, request, str(error), name)
    being_read.start(board, made, claim)
    return _remember(board, request, to(f"/documents/{made}"), name)


def draft(board: Board, request: Request) -> Response:
    """The draft, or how far its reading is."""
    found = readings.reading_of(board.services, request.path_params["id"])
    return being_read.page(board, request, found) if found else _page(board, request)


def original(board: Board, request: Request) -> Response:
    """The document itself, to be saved; never shown inside the board, whatever is in it."""
    name, data = drafts.original(board.services, request.path_params["id"])
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(data, media_type="application/octet-stream", headers=headers)


def change(board: Board, request: Request, form: Form) -> Response:
    """One decision about a draft. ``place`` says about which part, ``do`` what."""
    place, revision = form.text("place"), form.text("revision")
    if not _PLACE.fullmatch(place) or not revision.isdecimal() or len(revision) > 9:
        raise Refused("Biểu mẫu thiếu phần, không ghi được.", way_out="Tải lại trang rồi làm lại.")
    try:
        return _change(board, request, form, place, int(revision))
    except NotFound:
        raise
    except HanChotError as error:
        status = 409 if isinstance(error, Conflict) else 422
        return _page(board, request, Trouble(place, str(error), typed=typed_values(form)), status)


def _change(board: Board, request: Request, form: Form, place: str, revision: int) -> Response:
    draft_id, services, now = request.path_params["id"], board.services, board.clock()
    actor, name = _name_of(board, request), who_signs(board, request, form.text("name"))
    if place == "reading":
        return being_read.act(board, request, form.text("do"), actor)
    if place == "confirm" and not name:
        faults = {"name": "Gõ họ tên người chịu trách nhiệm xác nhận."}
        return _page(board, request, Trouble(place, faults=faults, typed=typed_values(form)), 422)
    if place == "confirm":
        drafts.confirm(services, draft_id, now, revision=revision, by=name)
        return _remember(board, request, to(f"/documents/{draft_id}"), name)
    if place == "drop":
        drafts.drop(services, draft_id, now, actor=actor, reason=form.text("reason"))
        return to(f"/documents/{draft_id}")
    if place == "reopen":
        drafts.reopen(services, draft_id, now, actor=actor)
        return to(f"/documents/{draft_id}")
    wanted = _wanted(form, place, drafts.find(services, draft_id).decisions)
    if isinstance(wanted, Trouble):
        return _page(board, request, wanted, 422)
    place, made = wanted
    drafts.decide(services, draft_id, place, made, now, revision=revision, actor=actor)
    return to(f"/documents/{draft_id}#{_where_next(draft_page(services, draft_id), place, form.text('do'))}")


def _wanted(form: Form, place: str, known: Decisions) -> tuple[str, drafts.Change] | Trouble:
    """What the form wants changed, or what is wrong with it."""
    if place == "head":
        head, faults = read_head(form)
        return (place, lambda d: d.with_head(head)) if head else Trouble(place, faults=faults, typed=typed_values(form))
    if place[0] == "r" and place != "reopen":
        words = form.text("settled")[:400] or None
        return place, lambda d: d.with_settled(int(place[1:]), words)
    if place == "add" or place[0] == "a":
        return _added(form, place, known)
    n = int(place[1:])
    if form.text("do") == "undo":
        return place, lambda d: d.with_statement(n, None)
    if form.text("do") == "drop":
        reason = form.text("reason")[:400]
        if not reason:
            return Trouble(place, faults={"reason": "Nói vì sao bỏ câu này."}, typed=typed_values(form))
        return place, lambda d: d.with_statement(n, Decision(reason=reason))
    answer, faults = read_answer(form)
    if answer is None:
        return Trouble(place, faults=faults, typed=typed_values(form))
    return place, lambda d: d.with_statement(n, Decision(answer=answer))


def _added(form: Form, place: str, known: Decisions) -> tuple[str, drafts.Change] | Trouble:
    """A milestone to add, to change or to take away again. A new one is known by its title: sent twice, it is added once."""
    if place != "add" and form.text("do") == "remove":
        return place, lambda d: d.without_added(place[1:])
    answer, faults = read_answer(form)
    if answer is None:
        return Trouble(place, faults=faults, typed=typed_values(form))
    key = place[1:] if place != "add" else f"them-{key_of(answer.title)}"[:80].strip("-")
    try:
        one = Added(key=key, answer=answer, reason=form.text("reason") or None)
    except ValueError as wrong:
        field = "reason" if answer.deadline.kind == "unset" else "kind"
        said = re.sub(r"^.*Value error, |\s*\[type=.*$", "", str(wrong).replace("\n", " "))
        return Trouble(place, faults={field: said[:1].upper() + said[1:] + "."}, typed=typed_values(form))
    if place == "add" and any(other.key == key and other != one for other in known.added):
        return Trouble(
            place, faults={"title": "Đã thêm một mốc tên này; sửa mốc ấy hoặc đặt tên khác."}, typed=typed_values(form)
        )
    return f"a{key}", lambda d: d.with_added(one)


def _where_next(page: DraftPage, place: str, do: str) -> str:
    """After a decision the person stands at the next open sentence; after an undoing, where they were."""
    return place if do == "undo" or place[0] in "ra" else page.next_place


def _list(board: Board, request: Request, trouble: str = "", name: str = "", status: int = 422) -> Response:
    name, now = name or _name_of(board, request, ""), board.clock()
    unread = [(one, one.state(now)) for one in readings.unread(board.services)]
    facts = {"found": draft_list(board.services), "unread": unread, "trouble": trouble, "person": name, **_CHOICES}
    return board.page(request, "documents", now, status=status if trouble else 200, **facts)


def _page(board: Board, request: Request, trouble: Trouble | None = None, status: int = 200) -> Response:
    page = draft_page(board.services, request.path_params["id"])
    facts = {
        "page": page, "trouble": trouble, "person": _name_of(board, request, ""), "values": _values(trouble),
        "fault": _fault(trouble), "head": _head_values(page, trouble), **_CHOICES,
    }  # fmt: skip
    return board.page(request, "draft", board.clock(), status=status, **facts)


def _values(trouble: Trouble | None) -> Callable[[Card | None], Values]:
    """What stands in a milestone's form: what was typed just now, what was accepted, or what is proposed."""

    def values(card: Card | None) -> Values:
        place = card.place if card else "add"
        if trouble and trouble.typed is not None and trouble.place == place:
            return trouble.typed
        if card is None:
            return blank_values()
        source = card.answer or card.proposal
        assert source is not None
        return values_of(source) | {"reason": card.reason or ""}

    return values


def _head_values(page: DraftPage, trouble: Trouble | None) -> Values:
    if trouble and trouble.place == "head" and trouble.typed is not None:
        return trouble.typed
    known = page.head
    issued_on = known["issued_on"]
    return {name: "" if value is None else value for name, value in known.items()} | {
        "issued_on": f"{issued_on:%d/%m/%Y}" if issued_on else ""
    }


def _fault(trouble: Trouble | None) -> Callable[[str, str], str]:
    faults = (trouble.faults or {}) if trouble else {}
    return lambda place, field: faults.get(field, "") if trouble and trouble.place == place else ""


def who_signs(board: Board, request: Request, typed: str) -> str:
    """Whoever is signed in, whatever a form says; of the person at the machine itself, the name that they typed."""
    viewer = viewer_of(board, request)
    return viewer.name if viewer.signed_in else typed[:80].strip()


def _name_of(board: Board, request: Request, otherwise: str = NOBODY) -> str:
    return who_signs(board, request, unquote(request.cookies.get(NAME_COOKIE, ""))) or otherwise


def _remember(board: Board, request: Request, response: Response, name: str) -> Response:
    """The name that a person typed, so that it need not be typed again; no proof of who they are."""
    if not viewer_of(board, request).signed_in:
        response.set_cookie(NAME_COOKIE, quote(name[:80]), path="/", httponly=True, samesite="lax", max_age=180 * 86400)
    return response


PAGES: dict[str, Door[Page]] = {
    "/documents": Door(documents, Action.PLAN),
    "/documents/{id:int}": Door(draft, Action.PLAN),
    "/documents/{id:int}/original": Door(original, Action.PLAN),
}
WRITES: dict[str, Door[Write]] = {
    "/documents": Door(receive, Action.PLAN, answers_large=True),
    "/documents/{id:int}": Door(change, Action.PLAN),
}
