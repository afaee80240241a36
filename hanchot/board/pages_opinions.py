"""Opinions that must be heard: asked for from above, given at the desk of whoever is asked, read only where one judges."""

from __future__ import annotations

from datetime import date

from starlette.requests import Request
from starlette.responses import Response

from hanchot.board.desk_form import Fault, read_day
from hanchot.board.doors import Door, Page, item_there
from hanchot.board.frame import Board
from hanchot.board.keeping import faults_at, is_above, number, place_of, said, status_of, unit_here
from hanchot.board.language import gettext as _
from hanchot.board.who import viewer_of
from hanchot.board.writing import Form, Write, to
from hanchot.domain.access import Action
from hanchot.domain.errors import AlreadyDone, HanChotError, NotFound
from hanchot.domain.opinion import Kind
from hanchot.domain.rating_level import RatingLevel
from hanchot.domain.review_order import SITTINGS, Step
from hanchot.service import opinions
from hanchot.service.access import item_path
from hanchot.service.hearing import opinion_of
from hanchot.service.opinions import Opinion
from hanchot.service.opinions import Request as Wish
from hanchot.service.views import hearing

_ASK = (Action.PROPOSE, Action.APPRAISE)
_READ = (Action.APPRAISE, Action.DECIDE)
FIELDS = ("do", "kind", "person", "heard", "source", "until", "reason", "number", "words", "day", "level", "paper")
ASKED_BY_HAND = tuple(kind for kind in Kind if kind is not Kind.ATTENDING)


def unit(board: Board, request: Request) -> Response:
    return _unit(board, request)


def _unit(
    board: Board, request: Request, faults: tuple[Fault, ...] = (), form: Form | None = None, status: int = 200
) -> Response:
    """Requests about a unit and its people: not for the unit, whose secretary they may be about."""
    now, viewer, place = board.clock(), viewer_of(board, request), place_of(board, request)
    if not is_above(viewer, place.path, *_ASK, *_READ):
        return board.refuse(
            request, 403, "Ý kiến về chính đơn vị mình thì không xem được.", "Cấp trên xem và sử dụng ý kiến."
        )  # fmt: skip
    view = hearing.unit_opinions(board.services, place, now, words=is_above(viewer, place.path, *_READ))
    return board.page(
        request, "opinions", now, status=status, place=place, view=view, faults=faults, typed=said(form, *FIELDS),
        asks=place.open and is_above(viewer, place.path, *_ASK), kinds=ASKED_BY_HAND,
    )  # fmt: skip


def act(board: Board, request: Request, form: Form) -> Response:
    viewer, place = viewer_of(board, request), place_of(board, request)
    if not is_above(viewer, place.path, *_ASK):
        return board.refuse(
            request, 403, "Lấy ý kiến về đơn vị này không thuộc phần việc của đồng chí.", "Đề nghị Ban Tổ chức.", form.typed()
        )  # fmt: skip
    try:
        faults = _do(board, request, form)
    except AlreadyDone:
        faults = ()
    except HanChotError as error:
        at = {"waive": "reason", "ask": "heard"}.get(form.text("do"), "until")
        return _unit(board, request, faults_at(error, {"opinion-too-soon": "until"}, at), form, status_of(error))
    return _unit(board, request, faults, form, 422) if faults else to(request.url.path)


def _do(board: Board, request: Request, form: Form) -> tuple[Fault, ...]:
    place, now, actor, services = place_of(board, request), board.clock(), viewer_of(board, request).name, board.services
    if form.text("do") == "waive":
        with services.db.read() as connection:
            one = opinion_of(connection, number(form.text("number")))
        if one.unit != place.unit:
            raise NotFound("Không có ý kiến này ở đây.", way_out="Tải lại trang.")
        if not form.text("reason"):
            return (Fault("reason", _("Nêu lý do miễn lấy ý kiến.")),)
        opinions.waive(services, one.id, now, actor=actor, reason=form.text("reason"))
        return ()
    until = read_day(form.text("until"), "until")
    if not isinstance(until, date):
        return (until,)
    if form.text("do") == "attenders":
        step = form.text("step")
        opinions.ask_attenders(
            services, place.cycle, place.unit, until, now, actor=actor, step=Step(step) if step in SITTINGS else Step.COLLECTIVE
        )
        return ()
    kind = next((one for one in ASKED_BY_HAND if one == form.text("kind")), None)
    if kind is None:
        return (Fault("kind", _("Chọn loại ý kiến.")),)
    wish = Wish(
        place.unit, kind, until, form.text("person") or None, form.text("heard") or None, form.text("source")
    )  # fmt: skip
    opinions.ask(services, place.cycle, [wish], now, actor=actor)
    return ()


def give(board: Board, request: Request) -> Response:
    return _give(board, request)


def _give(
    board: Board, request: Request, faults: tuple[Fault, ...] = (), form: Form | None = None, status: int = 200
) -> Response:
    """The form of whoever is asked. What was given is not shown again: it is confidential from then on."""
    one, item = hearing.asked_by(board.services, request.path_params["id"], board.clock())
    return board.page(
        request, "opinion", board.clock(), status=status, one=one, item=item, faults=faults, typed=said(form, *FIELDS),
        levels=RatingLevel,
    )  # fmt: skip


def given(board: Board, request: Request, form: Form) -> Response:
    here, viewer = request.path_params["id"], viewer_of(board, request)
    one, item = hearing.asked_by(board.services, here, board.clock())
    day = read_day(form.text("day"), "day")
    faults = (() if form.text("words") else (Fault("words", _("Chưa ghi nội dung ý kiến.")),)) + (
        (day,) if isinstance(day, Fault) else ()
    )
    if faults or isinstance(day, Fault):
        return _give(board, request, faults, form, 422)
    level = next((level for level in RatingLevel if level == form.text("level")), None)
    on_behalf = None if viewer.person_id and viewer.may(Action.DO, _path(board, here)) else item.unit_name
    try:
        opinions.receive(
            board.services, one.id, Opinion(form.text("words"), day, level, form.text("paper")), board.clock(),
            actor=viewer.name, on_behalf=on_behalf,
        )  # fmt: skip
    except AlreadyDone:
        pass
    except HanChotError as error:
        return _give(board, request, faults_at(error, {}, "day"), form, status_of(error))
    return to(f"/items/{here}/opinion")


def _path(board: Board, item_id: int) -> str:
    with board.services.db.read() as connection:
        return item_path(connection, item_id)


_HERE = "/cycles/{code}/opinions/{unit}"
_GIVE = "/items/{id:int}/opinion"
PAGES: dict[str, Door[Page]] = {
    _HERE: Door(unit, Action.PROPOSE, unit_here, also=_READ),
    _GIVE: Door(give, Action.DO, item_there, also=(Action.RECORD,)),
}
WRITES: dict[str, Door[Write]] = {
    _HERE: Door(act, Action.PROPOSE, unit_here, also=(Action.APPRAISE,)),
    _GIVE: Door(given, Action.DO, item_there, also=(Action.RECORD,)),
}
