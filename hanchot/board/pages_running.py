"""What the department does to a whole running cycle: date a milestone, let it go by another plan, close it, open it again."""

from __future__ import annotations

from datetime import date

from starlette.requests import Request
from starlette.responses import Response

from hanchot.board.desk_form import Fault, faults_of, read_day
from hanchot.board.doors import Door, Page, cycle_there
from hanchot.board.frame import Board
from hanchot.board.language import gettext as _
from hanchot.board.who import viewer_of
from hanchot.board.writing import Form, Write, to
from hanchot.domain.access import Action
from hanchot.domain.errors import AlreadyDone, HanChotError, NotFound, Refused
from hanchot.domain.plan import Plan
from hanchot.service import amending, cycles, moving
from hanchot.service.amending import VERB_VI, Amended
from hanchot.service.reviewed import SIDE_CYCLES
from hanchot.service.views import plans as views_plans
from hanchot.service.views.cycle import CyclePage, MilestoneLine, cycle_page

LOOK = "xem trước"  # a reason for looking only: nothing is written


def _typed(form: Form | None, *names: str) -> dict[str, str]:
    return {name: form.text(name) if form else "" for name in names}


def date_page(board: Board, request: Request) -> Response:
    return _date(board, request)


def _date(
    board: Board, request: Request, faults: tuple[Fault, ...] = (), form: Form | None = None, status: int = 200
) -> Response:
    now = board.clock()
    view, line = _milestone(board, request)
    facts = {"view": view, "line": line, "faults": faults, "typed": _typed(form, "on", "reason")}
    return board.page(request, "cycle_date", now, status=status, **facts)


def _milestone(board: Board, request: Request) -> tuple[CyclePage, MilestoneLine]:
    view, key = cycle_page(board.services, request.path_params["code"], board.clock()), request.path_params["key"]
    line = next((one for one in view.lines if one.milestone.key == key and one.may_be_dated), None)
    if line is None:
        raise NotFound("Không có mốc nào để đặt hạn ở đây.", way_out="Chọn mốc trên trang của đợt.")
    return view, line


def set_date(board: Board, request: Request, form: Form) -> Response:
    """Give a milestone the date that its plan does not name. The same date again changes nothing."""
    view, line = _milestone(board, request)
    there = f"/cycles/{view.progress.code}#m-{line.milestone.key}"
    on, reason, now = read_day(form.text("on"), "on"), form.text("reason"), board.clock()
    if not isinstance(on, date):
        return _date(board, request, (on,), form, 422)
    try:
        moving.set_date(
            board.services, view.progress.code, line.milestone.key, on, now, actor=viewer_of(board, request).name, reason=reason
        )
    except AlreadyDone:
        pass
    except HanChotError as error:
        return _date(board, request, faults_of(error, "on" if reason else "reason"), form, 422)
    return to(there)


def end_page(board: Board, request: Request) -> Response:
    return _end(board, request)


def _end(
    board: Board, request: Request, faults: tuple[Fault, ...] = (), form: Form | None = None, status: int = 200
) -> Response:
    view = cycle_page(board.services, request.path_params["code"], board.clock())
    facts = {"view": view, "faults": faults, "typed": _typed(form, "reason", "approver")}
    return board.page(request, "cycle_end", board.clock(), status=status, **facts)


def end(board: Board, request: Request, form: Form) -> Response:
    """Close an open cycle, or open a closed one again. A second click finds it done."""
    code, now, actor = request.path_params["code"], board.clock(), viewer_of(board, request).name
    reason, approver = form.text("reason")[:1000], form.text("approver")[:200]
    try:
        if form.text("do") == "reopen":
            if approver == actor:
                raise Refused("Người đề nghị không tự duyệt.", way_out="Ghi tên người duyệt khác.", thing="approver")
            cycles.reopen_cycle(board.services, code, now, actor=actor, reason=reason, approver=approver)
        else:
            cycles.close_cycle(board.services, code, now, actor=actor, reason=reason or None)
    except AlreadyDone:
        pass
    except HanChotError as error:
        return _end(board, request, faults_of(error, "reason"), form, 422)
    return to(f"/cycles/{code}")


def amend_page(board: Board, request: Request) -> Response:
    return _amend(board, request)


def _amend(
    board: Board, request: Request, faults: tuple[Fault, ...] = (), form: Form | None = None,
    seen: Amended | None = None, status: int = 200,
) -> Response:  # fmt: skip
    view = cycle_page(board.services, request.path_params["code"], board.clock())
    if view.progress.code.endswith(SIDE_CYCLES):
        raise NotFound("Đợt này không theo kế hoạch nào để thay.", way_out="Thay kế hoạch ở đợt chính.")
    files = views_plans.plan_files(board.services)
    fitting = [one.plan for one in files if one.plan and _fits(one.plan, view)]
    facts = {
        "view": view,
        "plans": fitting,
        "faults": faults,
        "seen": seen,
        "verbs": VERB_VI,
        "typed": _typed(form, "plan", "reason"),
    }
    return board.page(request, "cycle_amend", board.clock(), status=status, **facts)


def _fits(plan: Plan, view: CyclePage) -> bool:
    """A plan that a person has confirmed, of the same kind of committee, for this year or for every year."""
    year = int(view.progress.period[:4])
    return not plan.unconfirmed and plan.organiser == view.plan.organiser and plan.year in (None, year)


def amend(board: Board, request: Request, form: Form) -> Response:
    """Show what another plan would change, then let the cycle go by it. The same plan again changes nothing."""
    code, now, actor = request.path_params["code"], board.clock(), viewer_of(board, request).name
    looking = form.text("do") != "amend"
    if not form.text("plan"):
        return _amend(board, request, (Fault("plan", _("Chọn kế hoạch thay.")),), form, status=422)
    try:
        plan = views_plans.plan_page(board.services, form.text("plan")).plan
        if not looking and not form.text("reason"):
            seen = amending.amend_cycle(board.services, code, plan, now, actor=actor, reason=LOOK, dry_run=True)
            return _amend(board, request, (Fault("reason", _("Nêu lý do, ví dụ số kế hoạch vừa ban hành.")),), form, seen, 422)
        reason = LOOK if looking else form.text("reason")
        made = amending.amend_cycle(board.services, code, plan, now, actor=actor, reason=reason, dry_run=looking)
    except HanChotError as error:
        return _amend(board, request, faults_of(error, "plan"), form, status=422)
    return _amend(board, request, (), form, made) if looking else to(f"/cycles/{code}")


PAGES: dict[str, Door[Page]] = {
    "/cycles/{code}/dates/{key}": Door(date_page, Action.EXTEND, cycle_there),
    "/cycles/{code}/end": Door(end_page, Action.PLAN, cycle_there),
    "/cycles/{code}/amend": Door(amend_page, Action.PLAN, cycle_there),
}
WRITES: dict[str, Door[Write]] = {
    "/cycles/{code}/dates/{key}": Door(set_date, Action.EXTEND, cycle_there),
    "/cycles/{code}/end": Door(end, Action.PLAN, cycle_there),
    "/cycles/{code}/amend": Door(amend, Action.PLAN, cycle_there),
}
