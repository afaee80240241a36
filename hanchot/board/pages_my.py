"""The secretary's desk: the task list, one item with its form that saves as it goes, more time, a deputy, the receipt."""

from __future__ import annotations

import base64
from datetime import date

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hanchot.board.desk_form import Fault, download, faults_of, handed_back, read_day
from hanchot.board.doors import Door, Page, item_there
from hanchot.board.frame import Board
from hanchot.board.keeping import number
from hanchot.board.language import gettext as _
from hanchot.board.language import said
from hanchot.board.who import viewer_of
from hanchot.board.writing import Form, Write, to
from hanchot.domain.access import Action
from hanchot.domain.errors import AlreadyDone, Conflict, HanChotError
from hanchot.domain.instants import ZONE, local_day
from hanchot.service import desk, more_time, stand_ins
from hanchot.service.desk import Draft
from hanchot.service.views.my import my_item, my_work


def my(board: Board, request: Request) -> Response:
    """The task list. Whoever sits at the machine itself is nobody's secretary, and is told so."""
    now, viewer = board.clock(), viewer_of(board, request)
    view = my_work(board.services, desk.own_paths(viewer.actor, now), viewer.person_id, now)
    with board.services.db.read() as connection:
        away = stand_ins.handed_over(connection, viewer.person_id, local_day(now)) if viewer.person_id else ()
    return board.page(request, "my", now, view=view, away=away)


def item(board: Board, request: Request) -> Response:
    return _item(board, request)


def _item(
    board: Board, request: Request, faults: tuple[Fault, ...] = (), form: Form | None = None, status: int = 200
) -> Response:
    now = board.clock()
    view = my_item(board.services, request.path_params["id"], _person(board, request), now)
    typed = {name: form.text(name) for name in desk.FIELDS} if form else dict.fromkeys(desk.FIELDS, "") | dict(view.draft.said)
    return board.page(request, "my_item", now, status=status, view=view, faults=faults, typed=typed, most=desk.MOST_NOTE)


def act(board: Board, request: Request, form: Form) -> Response:
    """Save, attach, hand in: each keeps what was typed first. A second click on an item that is handed in: its receipt."""
    here, now = request.path_params["id"], board.clock()
    if my_item(board.services, here, None, now).finished:
        return to(f"/my/items/{here}/done")
    try:
        return _done(board, request, form)
    except AlreadyDone:
        return to(f"/my/items/{here}")
    except HanChotError as error:
        if my_item(board.services, here, None, now).finished:  # the first of two clicks was still under way a moment ago
            return to(f"/my/items/{here}/done")
        if isinstance(error, Conflict):
            return _item(board, request, faults_of(error, "note"), form, 409)
        return _item(board, request, faults_of(error, "file" if form.text("do") == "attach" else ""), form, 422)


def _done(board: Board, request: Request, form: Form) -> Response:
    here, do, file = request.path_params["id"], form.text("do"), form.files.get("file")
    attaching = bool(form.large or (file and file.data)) or do == "attach"
    _save(board, request, form, ("note",) if attaching else desk.FIELDS)
    if form.large:
        return _item(board, request, (Fault("file", " ".join(form.too_large())),), form, 413)
    actor, person_id, now = viewer_of(board, request).name, _person(board, request), board.clock()
    if attaching:
        if not (file and file.data) and not form.text("place"):
            return _item(board, request, (Fault("file", _("Chưa chọn tệp, cũng chưa ghi nơi để bản giấy.")),), form, 422)
        name, data = (file.name, file.data) if file else ("", b"")
        desk.attach(
            board.services, here, form.text("paper"), now, name=name, data=data, place=form.text("place"), actor=actor,
            person_id=person_id,
        )  # fmt: skip
    if do == "submit":
        desk.submit(board.services, here, now, actor=actor, person_id=person_id)
        return to(f"/my/items/{here}/done")
    return to(f"/my/items/{here}#{'papers' if attaching else 'note'}")


def _save(board: Board, request: Request, form: Form, names: tuple[str, ...] = desk.FIELDS) -> Draft:
    typed = {name: form.text(name) for name in names}
    revision = form.text("revision")
    known = int(revision) if revision.isdecimal() and len(revision) < 9 else 0
    return desk.save_draft(
        board.services, request.path_params["id"], _person(board, request), typed, known, board.clock()
    )  # fmt: skip


def save(board: Board, request: Request, form: Form) -> Response:
    """What the page's own script sends while somebody types. Answers when it was saved, or why it was not."""
    try:
        kept = _save(board, request, form)
    except HanChotError as error:
        status = 409 if isinstance(error, Conflict) else 422
        return JSONResponse({"message": said(f"{error.message} {error.way_out}")}, status_code=status)
    assert kept.saved_at is not None
    saved = _("Đã lưu lúc %(time)s") % {"time": f"{kept.saved_at.astimezone(ZONE):%H:%M}"}
    return JSONResponse({"message": saved, "revision": kept.revision})


def done(board: Board, request: Request) -> Response:
    """The receipt: what was handed in, when, with which papers, to whom, and what happens next."""
    now, here = board.clock(), request.path_params["id"]
    view = my_item(board.services, here, _person(board, request), now)
    return board.page(request, "my_done", now, view=view) if view.finished else to(f"/my/items/{here}")


def paper_file(board: Board, request: Request) -> Response:
    view = my_item(board.services, request.path_params["id"], _person(board, request), board.clock())
    return handed_back(board.services, view.slips, request.path_params["key"])


def word_sheet(board: Board, request: Request) -> Response:
    """The item on one sheet of paper with its QR code, in Word."""
    from hanchot.service.papers.desk import About
    from hanchot.service.papers.out import export

    made = export(
        board.services, "item_page", About(item=request.path_params["id"]), board.clock(),
        actor=viewer_of(board, request).name,
    )  # fmt: skip
    return download(made.name, made.data, made.media)


def print_sheet(board: Board, request: Request) -> Response:
    """The same as a page to print, for phones and machines without Word."""
    from hanchot.service.papers.item_page import qr

    now, here = board.clock(), request.path_params["id"]
    view = my_item(board.services, here, _person(board, request), now)
    address = f"{board.services.settings.board}/items/{here}"
    code = base64.b64encode(qr(address)).decode()
    return board.page(request, "my_print", now, view=view, address=address, qr=f"data:image/png;base64,{code}")


def time_page(board: Board, request: Request) -> Response:
    return _time(board, request)


def _time(
    board: Board, request: Request, faults: tuple[Fault, ...] = (), form: Form | None = None, status: int = 200
) -> Response:
    now = board.clock()
    view = my_item(board.services, request.path_params["id"], _person(board, request), now)
    typed = {name: form.text(name) if form else "" for name in ("until", "reason")}
    return board.page(request, "my_more_time", now, status=status, view=view, faults=faults, typed=typed)


def ask_time(board: Board, request: Request, form: Form) -> Response:
    """Ask for more time, or take the request back. A second click shows the request that waits."""
    here, now, actor = request.path_params["id"], board.clock(), viewer_of(board, request).name
    if form.text("do") == "withdraw":
        more_time.withdraw(board.services, here, now, actor=actor)
        return to(f"/my/items/{here}")
    until = read_day(form.text("until"), "until")
    faults: tuple[Fault, ...] = (until,) if isinstance(until, Fault) else ()
    if not form.text("reason"):
        faults += (Fault("reason", _("Chưa nêu lý do xin thêm thời gian. Ghi một, hai câu.")),)
    if faults or isinstance(until, Fault):
        return _time(board, request, faults, form, 422)
    try:
        more_time.ask(
            board.services, here, until, form.text("reason"), now, actor=actor, person_id=_person(board, request)
        )  # fmt: skip
    except AlreadyDone:
        pass
    except HanChotError as error:
        return _time(board, request, faults_of(error), form, 422)
    return to(f"/my/items/{here}/more-time")


def hand_over_page(board: Board, request: Request) -> Response:
    return _hand_over(board, request)


def _hand_over(
    board: Board, request: Request, faults: tuple[Fault, ...] = (), form: Form | None = None, status: int = 200
) -> Response:
    now, person_id = board.clock(), viewer_of(board, request).person_id
    today = local_day(now)
    with board.services.db.read() as connection:
        held = stand_ins.posts_held(connection, person_id, today) if person_id else ()
        people = {one.post_id: stand_ins.candidates(connection, one, person_id or 0, today) for one in held}
        away = stand_ins.handed_over(connection, person_id, today) if person_id else ()
    typed = {name: form.text(name) if form else "" for name in ("post", "who", "other", "starts", "ends")}
    return board.page(
        request, "my_hand_over", now, status=status, held=held, people=people, away=away, faults=faults, typed=typed
    )  # fmt: skip


def hand_over(board: Board, request: Request, form: Form) -> Response:
    """Hand a post over for some days, or end that before its time."""
    now, viewer = board.clock(), viewer_of(board, request)
    person_id = _person(board, request)
    try:
        if form.text("do") == "end":
            stand_ins.take_back(board.services, number(form.text("number")), person_id, now, actor=viewer.name)
            return to("/my/hand-over")
        starts, ends = read_day(form.text("starts"), "starts"), read_day(form.text("ends"), "ends")
        if not isinstance(starts, date) or not isinstance(ends, date):
            return _hand_over(board, request, tuple(one for one in (starts, ends) if isinstance(one, Fault)), form, 422)
        stand_ins.hand_over(
            board.services, number(form.text("post")), person_id, form.text("other") or form.text("who"), starts, ends, now,
            actor=viewer.name,
        )  # fmt: skip
    except AlreadyDone:
        pass
    except HanChotError as error:
        return _hand_over(board, request, faults_of(error), form, 422)
    return to("/my/hand-over")


def _person(board: Board, request: Request) -> int:
    """Whoever may do a unit's work has signed in: the door has seen to that."""
    person_id = viewer_of(board, request).person_id
    assert person_id is not None
    return person_id


PAGES: dict[str, Door[Page]] = {
    "/my": Door(my, Action.SEE),  # whoever has no unit of their own is told so, not turned away
    "/my/hand-over": Door(hand_over_page, Action.SEE),
    "/my/items/{id:int}": Door(item, Action.DO, item_there),
    "/my/items/{id:int}/done": Door(done, Action.DO, item_there),
    "/my/items/{id:int}/more-time": Door(time_page, Action.DO, item_there),
    "/my/items/{id:int}/paper": Door(word_sheet, Action.DO, item_there),
    "/my/items/{id:int}/print": Door(print_sheet, Action.DO, item_there),
    "/my/items/{id:int}/papers/{key}": Door(paper_file, Action.DO, item_there),
}
WRITES: dict[str, Door[Write]] = {
    "/my/hand-over": Door(hand_over, Action.DO),
    "/my/items/{id:int}": Door(act, Action.DO, item_there, answers_large=True),
    "/my/items/{id:int}/draft": Door(save, Action.DO, item_there),
    "/my/items/{id:int}/more-time": Door(ask_time, Action.DO, item_there),
}
