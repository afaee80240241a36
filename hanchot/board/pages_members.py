"""The members of all cells as a workbook: taken away with who is listed, filled in, looked at, written."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from hanchot.board.apart import apart
from hanchot.board.desk_form import MEDIA, download
from hanchot.board.doors import Door, Page, cycle_there
from hanchot.board.frame import Board
from hanchot.board.pages_subjects import made_of
from hanchot.board.who import viewer_of
from hanchot.board.writing import Form, Write, to
from hanchot.domain.access import WHOLE, Action
from hanchot.domain.errors import AlreadyDone, BadImport, Conflict, HanChotError
from hanchot.service.judging import member_keeping
from hanchot.service.views.subjects import stop_of
from hanchot.service.views.tracking import sheets_of

SHOWN = 500  # changes and refused cells of a preview that the page shows


def bring(board: Board, request: Request) -> Response:
    return _bring(board, request)


def _bring(board: Board, request: Request, trouble: HanChotError | None = None, status: int = 200) -> Response:
    code = request.path_params["code"]
    branches = next((one.branches for one in sheets_of(board.services, (WHOLE,)) if one.code == code), ())
    rows = trouble.rows[:SHOWN] if isinstance(trouble, BadImport) else ()
    facts = {
        "code": code, "trouble": trouble, "rows": rows, "stop": stop_of(board.services, code), "made": made_of(request),
        "branches": branches, "again": request.query_params.get("done") == "again",
    }  # fmt: skip
    return board.page(request, "members", board.clock(), status=status, **facts)


def branch_sheet(board: Board, request: Request) -> Response:
    """The sheet of one branch; that of the whole house goes by the door that asks for a fresh code."""
    code, branch = request.path_params["code"], request.query_params.get("branch")
    if not branch:
        return RedirectResponse(f"/cycles/{quote(code)}/members-all.xlsx", status_code=303)
    data = apart(board.services, member_keeping.sheet, code, board.clock(), branch)
    return download(f"dang-vien_{code}_{branch}.xlsx", data, MEDIA["xlsx"])


def whole_sheet(board: Board, request: Request) -> Response:
    code = request.path_params["code"]
    return download(f"dang-vien_{code}.xlsx", apart(board.services, member_keeping.sheet, code, board.clock()), MEDIA["xlsx"])


def look(board: Board, request: Request, form: Form) -> Response:
    """What the file would change, person by person; nothing is written yet."""
    given, code = form.files.get("file"), request.path_params["code"]
    if form.large:
        message, way_out = form.too_large()
        return _bring(board, request, BadImport(message, way_out=way_out), 413)
    if given is None or not given.data:
        return _bring(board, request, BadImport("Chưa chọn tệp.", way_out="Chọn tệp danh sách đã điền."), 422)
    try:
        mark, found = apart(board.services, member_keeping.look, code, given.data, given.name, board.clock())
    except HanChotError as error:
        return _bring(board, request, error, 422)
    status = 422 if found.problems else 200
    return board.page(request, "members_preview", board.clock(), status=status, view=found, mark=mark, shown=SHOWN)


def write(board: Board, request: Request, form: Form) -> Response:
    """What the preview showed is written, all of it or nothing; a second click changes nothing."""
    code, actor = request.path_params["code"], viewer_of(board, request).name
    mark, seal, called = form.text("mark")[:80], form.text("seal")[:64], form.text("called")
    try:
        added, changed = apart(
            board.services, member_keeping.write, code, mark, seal, board.clock(), actor=actor, name=called
        )  # fmt: skip
    except AlreadyDone:
        return to(f"/cycles/{quote(code)}/members?done=again")
    except HanChotError as error:
        return _bring(board, request, error, 409 if isinstance(error, Conflict) else 422)
    return to(f"/cycles/{quote(code)}/members?added={added}&changed={changed}")


PAGES: dict[str, Door[Page]] = {
    "/cycles/{code}/members": Door(bring, Action.RATE, cycle_there),
    "/cycles/{code}/members.xlsx": Door(branch_sheet, Action.RATE, cycle_there),
    "/cycles/{code}/members-all.xlsx": Door(whole_sheet, Action.EXPORT_ALL, cycle_there),
}
WRITES: dict[str, Door[Write]] = {
    "/cycles/{code}/members": Door(look, Action.RATE, cycle_there, answers_large=True),
    "/cycles/{code}/members/write": Door(write, Action.RATE, cycle_there),
}
