"""Lists as files, and the tracking sheet both ways: downloaded, filled in the field, shown change by change, written."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from hanchot.board.apart import apart
from hanchot.board.doors import Door, Page, whole
from hanchot.board.frame import Board
from hanchot.board.who import viewer_of
from hanchot.board.writing import Form, Write, to
from hanchot.domain.access import WHOLE, Action, common
from hanchot.domain.errors import BadImport, Conflict, HanChotError, NotFound
from hanchot.service import exports
from hanchot.service.views import tracking

XLSX = exports.MEDIA["xlsx"]
# What may be seen on the page is what may be taken away: each list asks for the right of its page beside EXPORT.
SEEN_BY: dict[str, Action] = {
    "late": Action.WATCH,
    "coming": Action.WATCH,
    "matrix": Action.WATCH,
    "units": Action.SEE,
    "letters": Action.MAIL,
    "incidents": Action.MAIL,
    "register": Action.SEE_RESULTS,
}
_BY_BRANCH = frozenset({"late", "matrix"})
_NO_PERSON = frozenset({"coming"})  # counts only
SHOWN = 500  # changes and refused cells of a preview that the page shows


def export(board: Board, request: Request) -> Response:
    """A list of what this viewer's right reaches. The whole house with its people goes by the other door."""
    key, asked = request.path_params["key"], request.query_params
    scopes = _scopes(board, request, key)
    narrowed = key in _NO_PERSON or (key in _BY_BRANCH and asked.get("branch"))
    if WHOLE in scopes and not narrowed:
        there = f"/export-all/{quote(key)}.{quote(request.path_params['form'])}"
        return RedirectResponse(f"{there}?{request.url.query}" if request.url.query else there, status_code=303)
    return _file(board, request, key, scopes)


def export_all(board: Board, request: Request) -> Response:
    """A list of the whole house, after a fresh code."""
    return _file(board, request, request.path_params["key"], _scopes(board, request, request.path_params["key"]))


def _scopes(board: Board, request: Request, key: str) -> tuple[str, ...]:
    """Where the viewer may both look at the list and take it away."""
    if key not in SEEN_BY:
        raise NotFound(f"Không có danh sách “{key}”.", way_out=f"Các danh sách: {', '.join(SEEN_BY)}.")
    viewer = viewer_of(board, request)
    scopes = common(viewer.scopes(Action.EXPORT), viewer.scopes(SEEN_BY[key]))
    if not scopes:
        raise NotFound("Không có trang này.", way_out="Kiểm tra lại địa chỉ.")
    return scopes


def _file(board: Board, request: Request, key: str, scopes: tuple[str, ...]) -> Response:
    filters = {**request.query_params, "format": request.path_params["form"]}
    actor = viewer_of(board, request).name
    name, media, data = apart(board.services, exports.export, key, filters, board.clock(), scopes, actor=actor)
    return _attached(name, media, data)


def _attached(name: str, media: str, data: bytes) -> Response:
    return Response(data, media_type=media, headers={"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"})


def sheet(board: Board, request: Request) -> Response:
    """The tracking sheet of a cycle, or of one branch of it."""
    code, branch = request.path_params["code"], request.query_params.get("branch") or None
    mine = viewer_of(board, request).scopes(Action.RECORD)
    data = apart(board.services, tracking.export_sheet, code, board.clock(), branch=branch, scopes=mine)
    return _attached(f"theo-doi_{code}{f'_{branch}' if branch else ''}.xlsx", XLSX, data)


def sheets(board: Board, request: Request) -> Response:
    """Where a sheet is taken and brought back."""
    done = request.query_params.get("done", "")
    return _sheets(board, request, done=done if done.isdecimal() and len(done) < 8 else "")


def _sheets(
    board: Board, request: Request, *, done: str = "", trouble: HanChotError | None = None, status: int = 200
) -> Response:  # fmt: skip
    cycles = tracking.sheets_of(board.services, viewer_of(board, request).scopes(Action.RECORD))
    rows = trouble.rows[:SHOWN] if isinstance(trouble, BadImport) else ()
    facts = {"cycles": cycles, "done": done, "trouble": trouble, "rows": rows}
    return board.page(request, "tracking", board.clock(), status=status, **facts)


def receive(board: Board, request: Request, form: Form) -> Response:
    """A filled sheet: what it would change, cell by cell. Nothing is written yet."""
    given = form.files.get("file")
    if given is None or not given.data:
        return _sheets(
            board, request, trouble=BadImport("Chưa chọn tệp.", way_out="Chọn tệp bảng theo dõi đã điền."), status=422
        )
    viewer = viewer_of(board, request)
    try:
        found = apart(
            board.services, tracking.preview, given.data, board.clock(), scopes=viewer.scopes(Action.RECORD),
            name=given.name or "bảng theo dõi",
        )  # fmt: skip
    except HanChotError as error:
        return _sheets(board, request, trouble=error, status=422)
    status = 422 if found.problems else 200
    return board.page(request, "tracking_preview", board.clock(), status=status, view=found, shown=SHOWN)


def write(board: Board, request: Request, form: Form) -> Response:
    """What the preview showed is written, all of it or nothing; a second click changes nothing."""
    viewer = viewer_of(board, request)
    try:
        made = tracking.apply(
            board.services, form.text("changes"), board.clock(), actor=viewer.name, scopes=viewer.scopes(Action.RECORD)
        )
    except HanChotError as error:
        return _sheets(board, request, trouble=error, status=409 if isinstance(error, Conflict) else 422)
    return to(f"/tracking?done={made.total + made.stood}")


PAGES: dict[str, Door[Page]] = {
    "/export/{key}.{form}": Door(export, Action.EXPORT),
    "/export-all/{key}.{form}": Door(export_all, Action.EXPORT_ALL, whole),
    "/tracking": Door(sheets, Action.RECORD),
    "/cycles/{code}/tracking.xlsx": Door(sheet, Action.RECORD),
}
WRITES: dict[str, Door[Write]] = {
    "/tracking": Door(receive, Action.RECORD),
    "/tracking/write": Door(write, Action.RECORD),
}
