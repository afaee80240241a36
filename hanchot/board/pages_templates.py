"""Letters as they are written now, to be looked at; papers, whose Word templates staff may replace and take back."""

from __future__ import annotations

from contextlib import suppress

from starlette.requests import Request
from starlette.responses import Response

from hanchot.board.admin_form import done_of
from hanchot.board.desk_form import MEDIA, download
from hanchot.board.doors import Door, Page, whole
from hanchot.board.frame import Board
from hanchot.board.who import viewer_of
from hanchot.board.writing import Form, Write, to
from hanchot.domain.access import Action
from hanchot.domain.errors import AlreadyDone, BadDocument, HanChotError, NotFound
from hanchot.papers.views import PAPERS
from hanchot.service.papers import templates
from hanchot.service.views.letter_templates import previews

NAMES = {
    "results_proposed": "Danh sách đề nghị xếp loại", "results_decided": "Danh sách kết quả xếp loại",
    "tally_minutes": "Biên bản kiểm phiếu", "result_notice": "Thông báo kết quả", "reminder_letter": "Công văn đôn đốc",
    "remediation_plan": "Kế hoạch khắc phục", "progress_report": "Báo cáo tiến độ", "dossier_contents": "Mục lục hồ sơ",
    "item_page": "Phiếu việc",
}  # fmt: skip


def letters(board: Board, request: Request) -> Response:
    now = board.clock()
    return board.page(request, "letter_templates", now, view=previews(board.services, now))


def papers(board: Board, request: Request) -> Response:
    return _papers(board, request)


def _papers(board: Board, request: Request, key: str = "", trouble: HanChotError | None = None, status: int = 200) -> Response:
    lines = [(one, _name(one), templates.template_of(board.services, one) is not None) for one in PAPERS]
    facts = {"lines": lines, "key": key, "trouble": trouble, "done": done_of(request)}
    return board.page(request, "paper_templates", board.clock(), status=status, **facts)


def _name(key: str) -> str:
    return NAMES.get(key, key)


def paper(board: Board, request: Request) -> Response:
    """The template in use, or with ``?delivered`` the one that came with the program, and its placeholders."""
    key = request.path_params["key"]
    _demand(key)
    own = None if "delivered" in request.query_params else templates.template_of(board.services, key)
    return download(f"{key}.docx", own or templates.delivered(key), MEDIA["docx"])


def placeholders(board: Board, request: Request) -> Response:
    from hanchot.papers.placeholders import names

    key = request.path_params["key"]
    _demand(key)
    return board.page(request, "paper_placeholders", board.clock(), key=key, called=_name(key), names=names(key))


def replace(board: Board, request: Request, form: Form) -> Response:
    """Staff's own template from now on, once it has been looked at; or back to the delivered one."""
    key, now, who = request.path_params["key"], board.clock(), viewer_of(board, request).name
    _demand(key)
    try:
        if form.text("do") == "restore":
            with suppress(NotFound):  # a second click finds nothing to take back
                templates.restore_template(board.services, key, who, now)
            return to(f"/settings/papers?done=restored#{key}")
        given = form.files.get("file")
        if given is None or not given.data:
            raise BadDocument("Chưa chọn tệp mẫu.", way_out="Chọn tệp Word (.docx).")
        templates.replace_template(board.services, key, given.data, who, now)
    except AlreadyDone:
        pass
    except HanChotError as error:
        return _papers(board, request, key, error, 422)
    return to(f"/settings/papers?done=replaced#{key}")


def _demand(key: str) -> None:
    if key not in PAPERS:
        raise NotFound(f"Không có mẫu văn bản “{key}”.", way_out="Xem danh sách mẫu.")


PAGES: dict[str, Door[Page]] = {
    "/settings/letters": Door(letters, Action.SETTINGS, whole),
    "/settings/papers": Door(papers, Action.SETTINGS, whole),
    "/settings/papers/{key}.docx": Door(paper, Action.SETTINGS, whole),
    "/settings/papers/{key}/placeholders": Door(placeholders, Action.SETTINGS, whole),
}
WRITES: dict[str, Door[Write]] = {"/settings/papers/{key}": Door(replace, Action.SETTINGS, whole)}
