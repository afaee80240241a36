"""Remediation: what a review found of a unit and its people, what shows that it is remedied, what the next one concludes."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from hanchot.board.desk_form import Fault, read_day
from hanchot.board.doors import Door, Page, item_there
from hanchot.board.frame import Board
from hanchot.board.keeping import (
    MOST,
    Deeds,
    demand_right,
    faults_at,
    is_above,
    may_do,
    number,
    place_of,
    said,
    status_of,
    unit_here,
)
from hanchot.board.language import gettext as _
from hanchot.board.who import viewer_of
from hanchot.board.writing import Form, Write, to
from hanchot.domain.access import Action
from hanchot.domain.errors import AlreadyDone, HanChotError, Refused
from hanchot.domain.remediation import Outcome
from hanchot.service import remediating
from hanchot.service.access import item_path
from hanchot.service.remediating import Line, Result
from hanchot.service.views import hearing

DEEDS: Deeds = {
    "open": (Action.DO, Action.RECORD),
    "conclude": (Action.APPRAISE, Action.DECIDE),
}  # whoever concludes sees results, too
FIELDS = ("do", "person", "decided_on", "approved_on", "approved_by", "paper", "no", "outcome", "answers", "proof")
LINE = ("words", "measure", "who", "until", "event", "evidence", "carried")  # fields of one shortcoming, each with its number
LINES = 4
CONCLUSIONS = tuple(one for one in Outcome if one is not Outcome.UNKNOWN)


def unit(board: Board, request: Request) -> Response:
    return _unit(board, request)


def _unit(
    board: Board, request: Request, faults: tuple[Fault, ...] = (), form: Form | None = None, status: int = 200
) -> Response:
    now, viewer, place = board.clock(), viewer_of(board, request), place_of(board, request)
    deeds = {do for do in DEEDS if place.open and may_do(viewer, DEEDS, do, place.path)}
    if not is_above(viewer, place.path, *DEEDS["conclude"]):
        deeds.discard("conclude")
    names = tuple(f"{name}-{n}" for n in range(1, LINES + 1) for name in LINE)
    return board.page(
        request, "remediation", now, status=status, place=place, deeds=deeds, faults=faults,
        view=hearing.unit_remedies(board.services, place, now), typed=said(form, *FIELDS, *names), lines=LINES,
        outcomes=CONCLUSIONS, evidence=may_do(viewer, DEEDS, "open", place.path),
    )  # fmt: skip


def act(board: Board, request: Request, form: Form) -> Response:
    viewer, place, do = viewer_of(board, request), place_of(board, request), form.text("do")
    try:
        demand_right(viewer, DEEDS, do, place.path)
        if do == "conclude" and not is_above(viewer, place.path, *DEEDS["conclude"]):
            raise Refused("Hạn chế của chính đơn vị mình thì do cấp trên kết luận.", way_out="Đề nghị cấp trên ghi.")
        faults = _open(board, request, form) if do == "open" else _conclude(board, request, form)
    except AlreadyDone:
        faults = ()
    except HanChotError as error:
        return _unit(board, request, faults_at(error, {}, "words-1" if do == "open" else "answers"), form, status_of(error))
    return _unit(board, request, faults, form, 422) if faults else to(request.url.path)


def _open(board: Board, request: Request, form: Form) -> tuple[Fault, ...]:
    place = place_of(board, request)
    decided = read_day(form.text("decided_on"), "decided_on")
    approved = read_day(form.text("approved_on"), "approved_on") if form.text("approved_on") else None
    lines, faults = _lines(form)
    faults = (*(one for one in (decided, approved) if isinstance(one, Fault)), *faults)
    if not lines and not faults:
        faults = (Fault("words-1", _("Chưa ghi hạn chế nào.")),)
    if faults or isinstance(decided, Fault) or isinstance(approved, Fault):
        return faults
    result = Result(
        place.cycle, place.unit, decided, form.text("person") or None, approved, form.text("approved_by"),
        form.text("paper") or None,
    )  # fmt: skip
    remediating.open_for(board.services, result, lines, board.clock(), actor=viewer_of(board, request).name)
    return ()


def _lines(form: Form) -> tuple[list[Line], tuple[Fault, ...]]:
    """The shortcomings of the form; one without words is none."""
    lines, faults = [], []
    for n in range(1, LINES + 1):
        words, measure, who, until, event, evidence, carried = (form.text(f"{name}-{n}")[:MOST] for name in LINE)
        day = read_day(until, f"until-{n}") if until else None
        if isinstance(day, Fault):
            faults.append(day)
        elif words:
            lines.append(Line(words, measure, who, day, evidence, event, number(carried) or None))
        elif measure or who or until:
            faults.append(Fault(f"words-{n}", _("Hạn chế thứ %(n)s chưa có nội dung.") % {"n": n}))
    return lines, tuple(faults)


def _conclude(board: Board, request: Request, form: Form) -> tuple[Fault, ...]:
    place = place_of(board, request)
    outcome = next((one for one in CONCLUSIONS if one == form.text("outcome")), None)
    if outcome is None:
        return (Fault("outcome", _("Chọn một kết luận.")),)
    remediating.conclude(
        board.services, place.cycle, place.unit, number(form.text("no")), outcome, board.clock(),
        actor=viewer_of(board, request).name, answers=form.text("answers"), proof=form.text("proof"),
    )  # fmt: skip
    return ()


def remedy(board: Board, request: Request) -> Response:
    return _remedy(board, request)


def _remedy(
    board: Board, request: Request, faults: tuple[Fault, ...] = (), form: Form | None = None, status: int = 200
) -> Response:
    one, code, item = hearing.remedy_of(board.services, request.path_params["id"], board.clock())
    facts = {"one": one, "code": code, "item": item, "faults": faults, "typed": said(form, "proof")}
    return board.page(request, "remedy", board.clock(), status=status, **facts)


def fixed(board: Board, request: Request, form: Form) -> Response:
    """The unit records what shows that it is done; the superior receives it like all work."""
    here, viewer, now = request.path_params["id"], viewer_of(board, request), board.clock()
    one, code, item = hearing.remedy_of(board.services, here, now)
    with board.services.db.read() as connection:
        path = item_path(connection, here)
    on_behalf = None if viewer.may(Action.DO, path) else item.unit_name
    try:
        remediating.fix(board.services, code, one.unit, one.no, form.text("proof"), now, actor=viewer.name, on_behalf=on_behalf)
    except AlreadyDone:
        pass
    except HanChotError as error:
        return _remedy(board, request, faults_at(error, {}, "proof"), form, status_of(error))
    return to(f"/items/{here}/remedy")


_HERE = "/cycles/{code}/remediation/{unit}"
_FIX = "/items/{id:int}/remedy"
PAGES: dict[str, Door[Page]] = {
    _HERE: Door(unit, Action.SEE_RESULTS, unit_here),
    _FIX: Door(remedy, Action.DO, item_there, also=(Action.RECORD,)),
}
WRITES: dict[str, Door[Write]] = {
    _HERE: Door(act, Action.DO, unit_here, also=(Action.RECORD, Action.APPRAISE, Action.DECIDE)),
    _FIX: Door(fixed, Action.DO, item_there, also=(Action.RECORD,)),
}
