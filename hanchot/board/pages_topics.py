"""Suggested topics of a unit: drafted and decided above, sent, answered in the unit's report. Drafts are not for the unit."""

from __future__ import annotations

from datetime import date

from starlette.requests import Request
from starlette.responses import Response

from hanchot.board.desk_form import Fault, read_day
from hanchot.board.doors import Door, Page
from hanchot.board.frame import Board
from hanchot.board.keeping import (
    Deeds,
    demand_right,
    faults_at,
    is_above,
    may_do,
    number,
    place_of,
    said,
    status_of,
    unit_here,
)
from hanchot.board.language import gettext as _
from hanchot.board.who import Viewer, viewer_of
from hanchot.board.writing import Form, Write, to
from hanchot.domain.access import Action
from hanchot.domain.errors import AlreadyDone, HanChotError, Refused
from hanchot.domain.topics import Ground
from hanchot.service import topics
from hanchot.service.topics import Paper, Suggestion, Which
from hanchot.service.views import hearing
from hanchot.service.views.keeping import Place

_SUGGEST = (Action.PROPOSE, Action.APPRAISE, Action.DECIDE)
DEEDS: Deeds = {
    "draft": _SUGGEST, "drop": _SUGGEST, "decide": (Action.DRAFT_DECISION, Action.DECIDE), "issue": (Action.RECORD,),
    "answer": (Action.DO, Action.RECORD),
}  # fmt: skip
FIELDS = ("do", "no", "person", "ground", "words", "proposed_by", "body", "paper", "day", "half_days", "reason", "where")


def page(board: Board, request: Request) -> Response:
    return _page(board, request)


def _page(
    board: Board, request: Request, faults: tuple[Fault, ...] = (), form: Form | None = None, status: int = 200
) -> Response:
    now, viewer, place = board.clock(), viewer_of(board, request), place_of(board, request)
    above = is_above(viewer, place.path, *_SUGGEST)
    view = hearing.unit_topics(board.services, place, now, drafts=above)
    return board.page(
        request, "topics", now, status=status, place=place, view=view, deeds=_deeds(viewer, place), above=above,
        faults=faults, typed=said(form, *FIELDS), grounds=Ground,
    )  # fmt: skip


def _deeds(viewer: Viewer, place: Place) -> set[str]:
    """What this viewer may do here: nobody suggests topics to themselves."""
    allowed = {do for do in DEEDS if place.open and may_do(viewer, DEEDS, do, place.path)}
    return {do for do in allowed if do == "answer" or is_above(viewer, place.path, *DEEDS[do])}


def act(board: Board, request: Request, form: Form) -> Response:
    viewer, place, do = viewer_of(board, request), place_of(board, request), form.text("do")
    try:
        demand_right(viewer, DEEDS, do, place.path)
        if do not in _deeds(viewer, place):
            raise Refused("Gợi ý cho chính đơn vị mình thì do cấp trên ghi.", way_out="Đề nghị Ban Tổ chức.")
        faults = _do(board, form, Which(place.cycle, place.unit, number(form.text("no"))), do, viewer.name)
    except AlreadyDone:
        faults = ()
    except HanChotError as error:
        return _page(board, request, faults_at(error, {}, _AT.get(do, "")), form, status_of(error))
    return _page(board, request, faults, form, 422) if faults else to(request.url.path)


_AT = {"draft": "proposed_by", "decide": "paper", "issue": "day", "answer": "where", "drop": "reason"}


def _do(board: Board, form: Form, which: Which, do: str, actor: str) -> tuple[Fault, ...]:
    services, now = board.services, board.clock()
    match do:
        case "draft":
            ground = next((one for one in Ground if one == form.text("ground")), None)
            if not form.text("words"):
                return (Fault("words", _("Chưa ghi nội dung gợi ý.")),)
            made = Suggestion(
                which.cycle, which.unit, form.text("words"), ground, form.text("proposed_by"), form.text("person") or None
            )
            topics.draft(services, made, now, actor=actor)
        case "drop":
            topics.drop(services, which, now, actor=actor, reason=form.text("reason"))
        case "answer":
            topics.answer(services, which, form.text("where"), now, actor=actor)
        case "decide" | "issue":
            day = read_day(form.text("day"), "day")
            if not isinstance(day, date):
                return (day,)
            if do == "issue":
                topics.issue(services, which, day, now, actor=actor)
            else:
                paper = Paper(form.text("body"), form.text("paper"), day, number(form.text("half_days")) or None)
                topics.decide(services, which, paper, now, actor=actor)
    return ()


_HERE = "/cycles/{code}/topics/{unit}"
PAGES: dict[str, Door[Page]] = {_HERE: Door(page, Action.SEE_RESULTS, unit_here, also=_SUGGEST)}
WRITES: dict[str, Door[Write]] = {
    _HERE: Door(act, Action.DO, unit_here, also=(*_SUGGEST, Action.DRAFT_DECISION, Action.RECORD))
}
