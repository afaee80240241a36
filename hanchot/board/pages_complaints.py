"""What may happen to a decided result: a complaint is registered and answered, a result is opened again."""

from __future__ import annotations

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import Response

from hanchot.board.desk_form import Fault, read_day
from hanchot.board.doors import Door, Page
from hanchot.board.frame import Board
from hanchot.board.judging_form import WORDS, judgement_faults, subject_there
from hanchot.board.language import gettext as _
from hanchot.board.who import viewer_of
from hanchot.board.writing import Form, Write, to
from hanchot.domain.access import Action
from hanchot.domain.errors import AlreadyDone, HanChotError, NotFound
from hanchot.service import access
from hanchot.service.judging import complaints, deciding
from hanchot.service.judging.complaints import Answer, Complaint
from hanchot.service.views.complaints import complaint_page
from hanchot.service.views.judging import SubjectPage, subject_page


def complaint_there(connection: sa.Connection, request: Request) -> str | None:
    """The body that decided what the complaint ``{id}`` is about."""
    return access.complaint_path(connection, request.path_params["id"])


def decided_there(connection: sa.Connection, request: Request) -> str | None:
    """The body that has decided on the subject ``{id}``: it alone opens its result again."""
    found = access.decider_path(connection, request.path_params["id"])
    if found is None:
        raise NotFound("Đối tượng này chưa có kết quả được quyết định.", way_out="Kiểm tra lại địa chỉ.")
    return found


def new(board: Board, request: Request) -> Response:
    return _new(board, request)


def _new(
    board: Board, request: Request, faults: tuple[Fault, ...] = (), form: Form | None = None, status: int = 200
) -> Response:
    view = subject_page(board.services, request.path_params["id"], board.clock())
    typed = {name: form.text(name) if form else "" for name in ("complainant", "received_on", "reason")}
    open_ = next((one for one in view.complaints if one.state == "open"), None)
    return board.page(
        request, "judging_complain", board.clock(), status=status, view=view, faults=faults, typed=typed, waiting=open_, **WORDS
    )


def register(board: Board, request: Request, form: Form) -> Response:
    """Write a complaint down. A second click finds it registered."""
    here, day = request.path_params["id"], read_day(form.text("received_on"), "received_on")
    lacking = {"complainant": _("Ghi ai kiến nghị."), "reason": _("Ghi nội dung kiến nghị.")}
    faults = tuple(Fault(name, words) for name, words in lacking.items() if not form.text(name))
    if isinstance(day, Fault) or faults:
        return _new(board, request, (*faults, *((day,) if isinstance(day, Fault) else ())), form, 422)
    said = Complaint(form.text("complainant"), day, form.text("reason"))
    try:
        complaints.register(board.services, here, said, board.clock(), actor=viewer_of(board, request).name)
    except AlreadyDone as error:
        known = [one for one in complaints.complaints_of(board.services, here) if one["state"] == "open"]
        if any(one["reason"] == said.reason for one in known):
            return to(f"/judging/{here}#complaints")
        return _new(board, request, judgement_faults(error), form, 409)
    except HanChotError as error:
        return _new(board, request, judgement_faults(error), form, 422)
    return to(f"/judging/{here}#complaints")


def one(board: Board, request: Request) -> Response:
    return _one(board, request)


def _one(
    board: Board, request: Request, faults: tuple[Fault, ...] = (), form: Form | None = None, status: int = 200
) -> Response:
    view = complaint_page(board.services, request.path_params["id"])
    typed = {name: form.text(name) if form else "" for name in ("words", "number", "approver")}
    return board.page(
        request, "judging_complaint", board.clock(), status=status, view=view, faults=faults, typed=typed, **WORDS
    )


def answer(board: Board, request: Request, form: Form) -> Response:
    """The body that decided answers: the result is kept, or opened again with somebody else's approval."""
    here, now, actor = request.path_params["id"], board.clock(), viewer_of(board, request).name
    view = complaint_page(board.services, here)
    said = Answer(view.body_code, form.text("words"), form.text("number"))
    if not said.words:
        return _one(board, request, (Fault("words", _("Ghi nội dung trả lời.")),), form, 422)
    try:
        if form.text("do") == "reopen":
            complaints.grant(board.services, here, said, now, actor=actor, approver=form.text("approver"))
        else:
            complaints.keep(board.services, here, said, now, actor=actor)
    except AlreadyDone as error:
        known = complaint_page(board.services, here)  # as it is now: the first of two clicks may have answered
        if known.answered_by == actor and known.answer == said.words:
            return to(f"/judging/{view.subject_id}#complaints")
        return _one(board, request, judgement_faults(error), form, 409)
    except HanChotError as error:
        return _one(board, request, tuple(_at_approver(one) for one in judgement_faults(error)), form, 422)
    return to(f"/judging/{view.subject_id}#complaints")


def _at_approver(fault: Fault) -> Fault:
    return Fault("approver", fault.message) if "duyệt" in fault.message else fault


def reopen_page(board: Board, request: Request) -> Response:
    return _reopen(board, request)


def _reopen(
    board: Board, request: Request, faults: tuple[Fault, ...] = (), form: Form | None = None, status: int = 200
) -> Response:
    view: SubjectPage = subject_page(board.services, request.path_params["id"], board.clock())
    typed = {name: form.text(name) if form else "" for name in ("reason", "approver")}
    decided = next((line for line in view.history if line.step == "decided" and line.stands), None)
    return board.page(
        request, "judging_reopen", board.clock(), status=status, view=view, decided=decided, faults=faults, typed=typed, **WORDS
    )


def reopen(board: Board, request: Request, form: Form) -> Response:
    here, actor = request.path_params["id"], viewer_of(board, request).name
    lacking = {"reason": _("Nêu lý do mở lại."), "approver": _("Ghi người duyệt, khác người đề nghị.")}
    if faults := tuple(Fault(name, words) for name, words in lacking.items() if not form.text(name)):
        return _reopen(board, request, faults, form, 422)
    try:
        deciding.reopen(
            board.services, here, board.clock(), actor=actor, approver=form.text("approver"), reason=form.text("reason")
        )
    except HanChotError as error:
        view = subject_page(board.services, here, board.clock())
        last = next((line for line in view.history if line.step == "decided"), None)
        if last and last.reopened_reason == form.text("reason"):
            return to(f"/judging/{here}")  # a second click
        return _reopen(board, request, tuple(_at_approver(one) for one in judgement_faults(error)), form, 422)
    return to(f"/judging/{here}")


PAGES: dict[str, Door[Page]] = {
    "/judging/{id:int}/complaint": Door(new, Action.RATE, subject_there),
    "/judging/{id:int}/reopen": Door(reopen_page, Action.DRAFT_DECISION, decided_there),
    "/complaints/{id:int}": Door(one, Action.DRAFT_DECISION, complaint_there),
}
WRITES: dict[str, Door[Write]] = {
    "/judging/{id:int}/complaint": Door(register, Action.RATE, subject_there),
    "/judging/{id:int}/reopen": Door(reopen, Action.DECIDE, decided_there),
    "/complaints/{id:int}": Door(answer, Action.DECIDE, complaint_there),
}
