"""“Ai chậm?”: the list with its filters, and what is done to many of its lines at once, seen before it is done."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from hanchot.board.acting import FACES, RIGHT, Trouble, read_wish, refused
from hanchot.board.doors import Door, Page
from hanchot.board.frame import Board, page_number
from hanchot.board.language import gettext as _
from hanchot.board.pages_items import KEY
from hanchot.board.who import viewer_of
from hanchot.board.writing import Form, Write, to
from hanchot.domain.access import Action
from hanchot.domain.errors import AlreadyDone, Conflict, NotFound, Refused
from hanchot.domain.officer_act import Do, Wish
from hanchot.service import bulk
from hanchot.service.views import late as views_late
from hanchot.service.views.late import Choice, Chosen

MANY = (Do.REMIND, Do.EXTEND, Do.RECEIVE, Do.REOPEN)
# what makes sense for late work; a mark is taken back where it was made
MANY_VI = {Do.REMIND: "Nhắc ngay …", Do.EXTEND: "Gia hạn …", Do.RECEIVE: "Ghi đã nhận bản giấy …"}


def late(board: Board, request: Request) -> Response:
    now, viewer, chosen = board.clock(), viewer_of(board, request), _chosen(request.query_params)
    view = views_late.late(
        board.services, now, page=page_number(request), scopes=viewer.scopes(Action.WATCH), chosen=chosen
    )  # fmt: skip
    return board.page(
        request, "late", now, view=view, chosen=chosen, address=board.services.settings.board, most=bulk.MOST,
        acts=[do for do in MANY_VI if viewer.scopes(RIGHT[do])], many_words=MANY_VI, kept=urlencode(_asked(chosen)),
        kept_fields=_asked(chosen).items(), cycles=[(code, code, count) for code, count in view.cycles],
        stages_of=_options(view.stages), branches=_options(view.branches), kinds=_options(view.kinds),
    )  # fmt: skip


def _options(choices: tuple[Choice, ...]) -> list[tuple[str, str, int]]:
    return [(one.value, _(one.words), one.count) for one in choices]


def _chosen(asked: Mapping[str, str]) -> Chosen:
    def text(name: str) -> str:
        return asked.get(name, "")[:100].strip()

    return Chosen(text("cycle"), text("stage"), text("branch"), text("kind"), text("q"))


def _asked(chosen: Chosen) -> dict[str, str]:
    """The filters as they stand in an address."""
    values = {"cycle": chosen.cycle, "stage": chosen.stage, "branch": chosen.branch, "kind": chosen.kind, "q": chosen.text}
    return {name: value for name, value in values.items() if value}


def look(do: Do, board: Board, request: Request) -> Response:
    """The preview: nothing is written by looking."""
    asked, scopes = request.query_params, viewer_of(board, request).scopes(RIGHT[do])
    ids = tuple(int(one) for one in asked.getlist("item") if one.isdecimal() and len(one) < 18)
    if asked.get("all") == "1":
        ids = views_late.late_ids(board.services, board.clock(), scopes, _chosen(asked), bulk.MOST)
    return _preview(board, request, ids, Wish(do), back=urlencode(_asked(_chosen(asked))))


def carry_out(do: Do, board: Board, request: Request, form: Form) -> Response:
    """What the preview showed is done, or the preview comes back and says why not."""
    wish, trouble = read_wish(form, do)
    seen = dict(line.partition(":")[::2] for line in form.all("line"))
    stamps = {int(one): stamp for one, stamp in seen.items() if one.isdecimal() and len(one) < 18}
    key, viewer = form.text("key"), viewer_of(board, request)
    if not KEY.fullmatch(key):
        key, trouble = "", refused(do, form, "Biểu mẫu thiếu phần, không ghi được. Xem lại rồi làm lại.")
    status = 422
    if trouble is None:
        try:
            bulk.carry_out(
                board.services, key, stamps, wish, board.clock(), actor=viewer.name, scopes=viewer.scopes(RIGHT[do]),
                leave=form.text("leave") == "1",
            )  # fmt: skip
            return to(f"/bulk/done/{key}")
        except AlreadyDone:
            return to(f"/bulk/done/{key}")
        except (Conflict, Refused) as error:
            trouble, status = refused(do, form, str(error)), 409 if isinstance(error, Conflict) else 422
    return _preview(board, request, tuple(stamps), wish, trouble, status, key=key, back=form.text("back"))


def _preview(
    board: Board, request: Request, ids: tuple[int, ...], wish: Wish, trouble: Trouble | None = None, status: int = 200,
    *, key: str = "", back: str = "",
) -> Response:  # fmt: skip
    now, scopes = board.clock(), viewer_of(board, request).scopes(RIGHT[wish.do])
    try:
        view = bulk.look(board.services, ids, wish, now, scopes, key=key)
    except Refused as error:
        return board.refuse(request, 422, error.message, error.way_out)
    return board.page(
        request, "bulk", now, status=status, view=view, face=FACES[wish.do], trouble=trouble, back=back,
    )  # fmt: skip


def done(board: Board, request: Request) -> Response:
    """What was done in one go; a mark made by mistake is taken back from here."""
    key, viewer, now = request.path_params["key"], viewer_of(board, request), board.clock()
    if not KEY.fullmatch(key):
        raise NotFound("Không có lần làm này.", way_out="Xem danh sách ở trang “Ai chậm?”.")
    view = bulk.outcome(board.services, key, now, viewer.scopes(Action.WATCH))
    may_undo = view.do is Do.RECEIVE and bool(viewer.scopes(RIGHT[Do.REOPEN]))
    return board.page(request, "bulk_done", now, view=view, face=FACES[view.do], may_undo=may_undo)


PAGES: dict[str, Door[Page]] = {
    "/late": Door(late, Action.WATCH, live=True),
    "/bulk/done/{key}": Door(done, Action.WATCH),
    **{f"/bulk/{do}": Door(partial(look, do), RIGHT[do]) for do in MANY},
}
WRITES: dict[str, Door[Write]] = {f"/bulk/{do}": Door(partial(carry_out, do), RIGHT[do]) for do in MANY}
