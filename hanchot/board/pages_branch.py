"""The superior committee's desk: its own branch's work that waits for it. It never judges its own unit's work."""

from __future__ import annotations

from typing import get_args

from starlette.requests import Request
from starlette.responses import Response

from hanchot.board.desk_form import Fault, faults_of, handed_back, read_day
from hanchot.board.doors import Door, Page, item_there
from hanchot.board.frame import Board, page_number
from hanchot.board.who import Viewer, viewer_of
from hanchot.board.writing import Form, Write, to
from hanchot.domain.access import Action, Role
from hanchot.domain.errors import AlreadyDone, Conflict, Refused
from hanchot.service import judged_above, more_time
from hanchot.service.access import item_path
from hanchot.service.desk import own_paths
from hanchot.service.views import branch as views_branch
from hanchot.service.views.branch import SHOWS, Show

FIELDS = ("reason", "answer", "until")


def branch(board: Board, request: Request) -> Response:
    now, viewer = board.clock(), viewer_of(board, request)
    asked = request.query_params.get("show")
    show: Show | None = next((one for one in get_args(Show) if one == asked), None)
    view = views_branch.branch(board.services, viewer.scopes(Action.RETURN), _own(viewer), show, page_number(request), now)
    return board.page(request, "branch", now, view=view, shows=SHOWS)


def _own(viewer: Viewer) -> tuple[str, ...]:
    """Units whose work this viewer does and may therefore not judge; the department keeps the books of all."""
    return () if Role.DEPARTMENT in viewer.roles else own_paths(viewer.actor, viewer.at)


def item(board: Board, request: Request) -> Response:
    _not_own(board, request)
    return _item(board, request)


def _not_own(board: Board, request: Request) -> None:
    viewer = viewer_of(board, request)
    with board.services.db.read() as connection:
        path = item_path(connection, request.path_params["id"])
    if said := judged_above.is_not_own(path, own_paths(viewer.actor, viewer.at), viewer.roles):
        raise Refused(said, way_out="Làm việc này ở “Việc của tôi”.")


def _item(
    board: Board, request: Request, faults: tuple[Fault, ...] = (), form: Form | None = None, status: int = 200
) -> Response:
    now = board.clock()
    view = views_branch.branch_item(board.services, request.path_params["id"], now)
    typed = {name: form.text(name) if form else "" for name in FIELDS}
    return board.page(
        request, "branch_item", now, status=status, view=view, faults=faults, typed=typed,
        told_today=views_branch.escalated_today(view, now),
    )  # fmt: skip


def act(board: Board, request: Request, form: Form) -> Response:
    """Receive, send back, answer a request, report late work. A second click changes nothing and shows the same page."""
    _not_own(board, request)
    here = request.path_params["id"]
    try:
        faults = _do(board, request, form)
    except AlreadyDone:
        faults = ()
    except Conflict as error:
        return _item(board, request, faults_of(error), form, 409)
    except Refused as error:
        return _item(board, request, faults_of(error), form, 422)
    return _item(board, request, faults, form, 422) if faults else to(f"/branch/items/{here}#done")


def _do(board: Board, request: Request, form: Form) -> tuple[Fault, ...]:
    here, now, actor = request.path_params["id"], board.clock(), viewer_of(board, request).name
    match form.text("do"):
        case "accept":
            judged_above.accept(board.services, here, now, actor=actor)
        case "return":
            judged_above.send_back(board.services, here, now, actor=actor, reason=form.text("reason"))
        case "escalate":
            judged_above.escalate(board.services, here, now, actor=actor)
        case "grant":
            until = read_day(form.text("until"), "until")
            if isinstance(until, Fault):
                return (until,)
            more_time.grant(board.services, _request(board, here, form), now, actor=actor, until=until)
        case "refuse":
            more_time.refuse(board.services, _request(board, here, form), now, actor=actor, reason=form.text("answer"))
        case _:
            return (Fault("", "Không rõ làm gì với việc này. Tải lại trang rồi bấm lại."),)
    return ()


def _request(board: Board, item_id: int, form: Form) -> int:
    """The request that the form answers, if it is one about this item."""
    with board.services.db.read() as connection:
        newest = more_time.newest(connection, item_id)
    if newest is None or form.text("request") != str(newest.id):
        raise Conflict("Đề nghị này đã thay đổi.", way_out="Tải lại trang để xem đề nghị mới nhất.")
    return newest.id


def paper_file(board: Board, request: Request) -> Response:
    _not_own(board, request)
    view = views_branch.branch_item(board.services, request.path_params["id"], board.clock())
    return handed_back(board.services, view.slips, request.path_params["key"])


PAGES: dict[str, Door[Page]] = {
    "/branch": Door(branch, Action.RETURN),
    "/branch/items/{id:int}": Door(item, Action.RETURN, item_there),
    "/branch/items/{id:int}/papers/{key}": Door(paper_file, Action.RETURN, item_there),
}
WRITES: dict[str, Door[Write]] = {"/branch/items/{id:int}": Door(act, Action.RETURN, item_there)}
