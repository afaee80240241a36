"""The first hour: from an empty installation to a first cycle, step by step; left and resumed at any time."""

from __future__ import annotations

import re
from contextlib import suppress

from starlette.requests import Request
from starlette.responses import Response

from hanchot.board.admin_form import done_of, typed_of
from hanchot.board.desk_form import Fault, faults_of
from hanchot.board.doors import Door, Page, whole
from hanchot.board.frame import Board
from hanchot.board.language import gettext as _
from hanchot.board.who import viewer_of
from hanchot.board.writing import Form, Write, to
from hanchot.domain.access import Action
from hanchot.domain.errors import AlreadyDone, HanChotError, NotFound, Refused
from hanchot.domain.instants import local_day
from hanchot.domain.unit import ORGANISERS, UnitKind
from hanchot.service import dry_run, opening
from hanchot.service.org.founding import found_committee
from hanchot.service.sample.leaving import leave_sample
from hanchot.service.views.first_hour import first_hour as view_of

KINDS = tuple(kind for kind in UnitKind if kind in ORGANISERS)
_PERIOD = re.compile(r"20\d\d(-Q[1-4])?")


def first_hour(board: Board, request: Request) -> Response:
    return _first_hour(board, request)


def _first_hour(
    board: Board, request: Request, faults: tuple[Fault, ...] = (), form: Form | None = None, status: int = 200
) -> Response:
    now = board.clock()
    facts = {
        "view": view_of(board.services, now), "kinds": KINDS, "faults": faults, "done": done_of(request),
        "typed": typed_of(form), "year": local_day(now).year,
    }  # fmt: skip
    return board.page(request, "first_hour", now, status=status, **facts)


def committee(board: Board, request: Request, form: Form) -> Response:
    try:
        found_committee(board.services, form.text("code"), form.text("name")[:400], form.text("kind"), board.clock(),
                        actor=viewer_of(board, request).name)  # fmt: skip
    except AlreadyDone:
        pass
    except HanChotError as error:
        return _first_hour(board, request, faults_of(error), form, 422)
    return to("/first-hour?done=founded#units")


def leave(board: Board, request: Request, form: Form) -> Response:
    """End the sample that was loaded for a look; a second click finds it gone."""
    if form.text("leave") != "yes":
        return _first_hour(board, request, (Fault("leave", _("Đánh dấu rồi bấm lại.")),), form, 422)
    if viewer_of(board, request).signed_in:  # rights end with the units that they hang on, this person's own as well
        fault = Fault(
            "leave", _("Quyền của đồng chí gắn với cấp ủy mẫu; người trực máy chủ bỏ danh sách mẫu rồi cấp quyền ở cấp ủy mới.")
        )
        return _first_hour(board, request, (fault,), form, 422)
    with suppress(AlreadyDone):
        leave_sample(board.services, board.clock(), actor=viewer_of(board, request).name)
    return to("/first-hour?done=sample_left#committee")


def run(board: Board, request: Request, form: Form) -> Response:
    """Try the plan out over the present organisation, in memory; nothing is sent."""
    try:
        dry_run.dry_run(board.services, form.text("plan")[:80], _period(form), board.clock())
    except NotFound as error:
        return _first_hour(board, request, (Fault("plan", error.message),), form, 422)
    except HanChotError as error:
        return _first_hour(board, request, faults_of(error, "plan"), form, 422)
    return to("/first-hour/run")


def ran(board: Board, request: Request) -> Response:
    """What the last run showed; after a restart it has to be run again."""
    return board.page(request, "dry_run", board.clock(), made=dry_run.kept_run(board.services),
                      last=dry_run.last_run(board.services), faults=())  # fmt: skip


def start(board: Board, request: Request, form: Form) -> Response:
    """Open the first cycle; letters go where the mail settings let them."""
    try:
        if form.text("sure") != "yes":
            raise Refused("Chưa đánh dấu ô “đã xem kết quả chạy thử”.", way_out="Xem kết quả rồi đánh dấu.", thing="sure")
        plan = dry_run.plan_named(board.services, form.text("plan")[:80])
        who = viewer_of(board, request).name
        opening.open_cycle(board.services, plan, board.clock(), period=_period(form), actor=who)
    except AlreadyDone:
        pass
    except HanChotError as error:
        return _first_hour(board, request, faults_of(error, "plan"), form, 422)
    return to("/first-hour?done=opened#real")


def _period(form: Form) -> str | None:
    """The period that was typed, or the plan's own."""
    said = form.text("period")
    if said and not _PERIOD.fullmatch(said):
        raise Refused(f"Kỳ “{said[:20]}” không đúng dạng.", way_out="Viết năm (2026) hoặc quý (2026-Q3).", thing="period")
    return said or None


PAGES: dict[str, Door[Page]] = {
    "/first-hour": Door(first_hour, Action.SETTINGS, whole),
    "/first-hour/run": Door(ran, Action.SETTINGS, whole),
}
WRITES: dict[str, Door[Write]] = {
    "/first-hour/committee": Door(committee, Action.SETTINGS, whole),
    "/first-hour/leave-sample": Door(leave, Action.SETTINGS, whole),
    "/first-hour/run": Door(run, Action.SETTINGS, whole),
    "/first-hour/open": Door(start, Action.SETTINGS, whole),
}
