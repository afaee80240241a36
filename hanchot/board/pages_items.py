"""One work item: what is due and why, what has happened, and what an officer may do to it."""

from __future__ import annotations

import re
import secrets
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from hanchot.board.acting import FACES, RIGHT, Trouble, read_wish, refused
from hanchot.board.doors import Door, Page, item_there
from hanchot.board.frame import Board
from hanchot.board.who import viewer_of
from hanchot.board.writing import Form, Write, to
from hanchot.domain.access import Action
from hanchot.domain.errors import AlreadyDone, Conflict, Refused
from hanchot.domain.officer_act import Do
from hanchot.service.access import item_path
from hanchot.service.desk import own_paths
from hanchot.service.officer import do_one, possible
from hanchot.service.views import unit as views_unit

KEY = re.compile(r"[0-9a-f]{16}")


def item(board: Board, request: Request) -> Response:
    """Letters link here: whoever does the work themselves gets their own desk, unless they ask for what has happened."""
    here, viewer = request.path_params["id"], viewer_of(board, request)
    if viewer.signed_in and "all" not in request.query_params:
        with board.services.db.read() as connection:
            path = item_path(connection, here)
        if path in own_paths(viewer.actor, viewer.at):
            return to(f"/my/items/{here}")
    return _page(board, request)


def act(do: Do, board: Board, request: Request, form: Form) -> Response:
    """One act on one item, as the form saw it; a second click changes nothing and shows the same page."""
    here = request.path_params["id"]
    wish, trouble = read_wish(form, do)
    if trouble:
        return _page(board, request, trouble, 422)
    key = form.text("key")
    if not KEY.fullmatch(key):
        return _page(board, request, refused(do, form, "Biểu mẫu thiếu phần, không ghi được. Tải lại trang rồi làm lại."), 422)
    try:
        do_one(board.services, here, wish, form.text("seen"), board.clock(), actor=viewer_of(board, request).name, key=key)
    except AlreadyDone:
        pass
    except Conflict as error:
        return _page(board, request, refused(do, form, str(error)), 409)
    except Refused as error:
        return _page(board, request, refused(do, form, str(error)), 422)
    return to(f"/items/{here}#done")


def _page(board: Board, request: Request, trouble: Trouble | None = None, status: int = 200) -> Response:
    now, here, viewer = board.clock(), request.path_params["id"], viewer_of(board, request)
    view = views_unit.item_page(board.services, here, now)
    acts = possible(board.services, here, now) if viewer.writes else None
    mine = [do for do in Do if acts and viewer.may(RIGHT[do], acts.path)]
    return board.page(
        request, "item", now, status=status, view=view, acts=acts, mine=mine, faces=FACES, trouble=trouble,
        key=secrets.token_hex(8),
    )  # fmt: skip


PAGES: dict[str, Door[Page]] = {"/items/{id:int}": Door(item, Action.SEE, item_there)}
WRITES: dict[str, Door[Write]] = {f"/items/{{id:int}}/{do}": Door(partial(act, do), RIGHT[do], item_there) for do in Do}
