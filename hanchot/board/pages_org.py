"""The organisation as a workbook: taken away empty or as it stands, brought back, looked at, written."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from hanchot.board.apart import apart
from hanchot.board.desk_form import MEDIA, download
from hanchot.board.doors import Door, Page, whole
from hanchot.board.frame import Board
from hanchot.board.who import viewer_of
from hanchot.board.writing import Form, Write, to
from hanchot.domain.access import Action
from hanchot.domain.errors import AlreadyDone, BadImport, HanChotError
from hanchot.domain.instants import local_day
from hanchot.service.org import keeping
from hanchot.service.views.first_hour import first_hour, is_empty

SHOWN = 300


def bring(board: Board, request: Request) -> Response:
    return _bring(board, request)


def _bring(board: Board, request: Request, trouble: HanChotError | None = None, status: int = 200) -> Response:
    now = board.clock()
    rows = trouble.rows[:SHOWN] if isinstance(trouble, BadImport) else ()
    view = first_hour(board.services, now)
    return board.page(request, "org_import", now, status=status, view=view, trouble=trouble, rows=rows)


def workbook(board: Board, request: Request) -> Response:
    """The tree as it stands, to be put right and brought back; of an empty house, the workbook to fill in."""
    head = first_hour(board.services, board.clock()).head
    if is_empty(board.services) or head is None:
        from hanchot.service.org.template import template

        return download("mau-to-chuc.xlsx", template(), MEDIA["xlsx"])
    data = apart(board.services, keeping.as_workbook, head.code, local_day(board.clock()))
    return download(f"to-chuc-{head.code}.xlsx", data, MEDIA["xlsx"])


def look(board: Board, request: Request, form: Form) -> Response:
    """What the file would change; nothing is written yet."""
    given = form.files.get("file")
    if given is None or not given.data:
        return _bring(board, request, BadImport("Chưa chọn tệp.", way_out="Chọn tệp Excel đã điền."), 422)
    try:
        mark, report = apart(board.services, keeping.look_at, given.data, given.name, board.clock())
    except HanChotError as error:
        return _bring(board, request, error, 422)
    return board.page(request, "org_preview", board.clock(), report=report, mark=mark, shown=SHOWN)


def write(board: Board, request: Request, form: Form) -> Response:
    try:
        actor = viewer_of(board, request).name
        apart(board.services, keeping.take_in, form.text("mark")[:80], board.clock(), actor=actor, called=form.text("called"))
    except AlreadyDone:
        pass
    except HanChotError as error:
        return _bring(board, request, error, 422)
    return to("/people?done=imported")


PAGES: dict[str, Door[Page]] = {
    "/people/import": Door(bring, Action.PEOPLE, whole),
    "/people/to-chuc.xlsx": Door(workbook, Action.PEOPLE, whole),
}
WRITES: dict[str, Door[Write]] = {
    "/people/import": Door(look, Action.PEOPLE, whole),
    "/people/import/write": Door(write, Action.PEOPLE, whole),
}
