"""The deciding level: what awaits decision with the quota live, a paper drafted by one person and confirmed by another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import Response

from hanchot.board.desk_form import Fault, faults_of, read_day
from hanchot.board.doors import Door, Page
from hanchot.board.frame import Board
from hanchot.board.judging_form import WORDS, Typed, body_there, typed_in
from hanchot.board.language import gettext as _
from hanchot.board.who import viewer_of
from hanchot.board.writing import Form, Write, to
from hanchot.domain.access import Action
from hanchot.domain.cited import Refusal
from hanchot.domain.errors import AlreadyDone, HanChotError
from hanchot.domain.instants import local_day
from hanchot.domain.rating_level import RatingLevel
from hanchot.service import access
from hanchot.service.judging import deciding
from hanchot.service.judging.deciding import Paper, PaperRefused
from hanchot.service.judging.guards import Line
from hanchot.service.judging.ratings import Judgement
from hanchot.service.judging.refusing import Forbidden
from hanchot.service.views.deciding import DecisionPage, awaiting_decision, decision_page
from hanchot.service.views.drafting import DraftingPage, Recounted, desks, drafting_page, past_papers, recount
from hanchot.service.views.judging_lists import judged_cycles
from hanchot.service.views.judging_rows import UnitGroup


def decision_there(connection: sa.Connection, request: Request) -> str | None:
    """The body that decides by the paper ``{id}``."""
    return access.decision_path(connection, request.path_params["id"])


def awaiting(board: Board, request: Request) -> Response:
    now, scopes = board.clock(), viewer_of(board, request).scopes(Action.DRAFT_DECISION)
    view = awaiting_decision(board.services, now, scopes)
    codes = [one.code for one in judged_cycles(board.services, scopes) if one.is_open]
    shown = {code: _first(groups) for code, groups in view.subjects.items()}
    return board.page(
        request, "deciding", now, view=view, shown=shown, desks=desks(board.services, codes, scopes), codes=codes,
        past=past_papers(board.services, scopes), **WORDS,
    )  # fmt: skip


def _first(groups: Iterable[UnitGroup], most: int = 40) -> list[UnitGroup]:
    """Groups with some forty subjects: the whole list is on the page of the cycle."""
    found: list[UnitGroup] = []
    for group in groups:
        if sum(len(one.rows) for one in found) >= most:
            break
        found.append(group)
    return found


def new(board: Board, request: Request) -> Response:
    return _new(board, request)


def _drafting(board: Board, request: Request) -> DraftingPage:
    return drafting_page(board.services, request.path_params["code"], request.path_params["unit"])


def _new(
    board: Board, request: Request, faults: tuple[Fault, ...] = (), form: Form | None = None, status: int = 200
) -> Response:
    """Judging a hundred lines takes a moment, so that the page comes first and is counted after it."""
    view = _drafting(board, request)
    typed = typed_in(form) if form else _as_appraised(view)
    counted = _recounted(board, request, view, typed) if form else None
    return board.page(
        request, "decision_new", board.clock(), status=status, view=view, typed=typed, faults=faults, counted=counted, **WORDS
    )


def _as_appraised(view: DraftingPage) -> Typed:
    """At first everybody stands on the paper with the level of the appraisal."""
    rows = [row for group in view.groups for row in group.rows]
    return Typed({f"level.{row.id}": level.value for row in rows if (level := row.levels["appraised"]) is not None})


def _lines(typed: Mapping[str, str]) -> tuple[Line, ...]:
    """Every line that was chosen, also of somebody who has meanwhile left the page: the guards then say who is in the way."""
    named = {name.removeprefix("level."): level for name, level in typed.items() if name.startswith("level.")}
    chosen = {
        int(who): RatingLevel(level)
        for who, level in named.items()
        if who.isdecimal() and len(who) < 18 and level in list(RatingLevel)
    }
    return tuple(
        Line(
            who, Judgement(level, reason=typed.get(f"reason.{who}") or None),
            dossier_elsewhere=typed.get(f"elsewhere.{who}") or None,
        )
        for who, level in chosen.items()
    )  # fmt: skip


def _recounted(board: Board, request: Request, view: DraftingPage, typed: Mapping[str, str]) -> Recounted:
    """The paper as it would be now; a closed cycle and the like are said when it is sent."""
    now, day = board.clock(), read_day(typed.get("decided_on", ""), "decided_on")
    paper = Paper(
        view.body_code, typed.get("number", ""), day if isinstance(day, date) else local_day(now), _lines(typed)
    )  # fmt: skip
    try:
        return recount(board.services, paper, now, actor=viewer_of(board, request).name)
    except HanChotError:
        return Recounted({}, ())


def fragment(board: Board, request: Request, form: Form) -> Response:
    """The recounted part of the page alone: the quota in words and what stands against each line."""
    view = _drafting(board, request)
    typed = typed_in(form)
    counted = _recounted(board, request, view, typed)
    return board.page(request, "decision_counted", board.clock(), view=view, typed=typed, counted=counted, **WORDS)


def draft(board: Board, request: Request, form: Form) -> Response:
    """Count again, or write the paper down for a second person."""
    if form.text("do") == "recount":
        return _new(board, request, (), form)
    view, now, actor = _drafting(board, request), board.clock(), viewer_of(board, request).name
    day = read_day(form.text("decided_on"), "decided_on")
    faults: tuple[Fault, ...] = () if form.text("number") else (Fault("number", _("Ghi số của văn bản quyết định.")),)
    if not isinstance(day, date):
        return _new(board, request, (*faults, day), form, 422)
    lines = _lines(typed_in(form))
    if not lines:
        faults += (Fault("", _("Chọn mức cho ít nhất một đối tượng.")),)
    if faults:
        return _new(board, request, faults, form, 422)
    try:
        made = deciding.draft_decision(
            board.services, Paper(view.body_code, form.text("number"), day, lines), now, actor=actor
        )  # fmt: skip
    except PaperRefused as error:
        names = {row.id: row.name for group in view.groups for row in group.rows}
        return _new(board, request, line_faults(error.lines, names), form, 422)
    except AlreadyDone as error:
        same = _same(board, view, form.text("number"), actor)
        return to(f"/decisions/{same}") if same else _new(board, request, faults_of(error, "number"), form, 409)
    except HanChotError as error:
        return _new(board, request, faults_of(error), form, 422)
    return to(f"/decisions/{made.id}")


def _same(board: Board, view: DraftingPage, number: str, actor: str) -> int | None:
    """The draft that a first click of the same person has made."""
    drafts = awaiting_decision(board.services, board.clock(), (view.path,)).drafts
    mine = [one for one in drafts if (one.cycle, one.unit, one.number, one.drafted_by) == (view.code, view.body, number, actor)]
    return mine[0].id if mine else None


def line_faults(lines: Mapping[int, Iterable[Refusal]], names: Mapping[int, str]) -> tuple[Fault, ...]:
    """For the summary: each line's refusals, leading to the line."""
    return tuple(Fault(f"line-{who}", f"{names.get(who, who)}: {one.message}") for who, found in lines.items() for one in found)


def paper(board: Board, request: Request) -> Response:
    return _paper(board, request)


def _paper(
    board: Board, request: Request, faults: tuple[Fault, ...] = (), form: Form | None = None, status: int = 200
) -> Response:
    now, viewer = board.clock(), viewer_of(board, request)
    view = decision_page(board.services, request.path_params["id"], now)
    facts: dict[str, Any] = {"reason": form.text("reason") if form else "", "why_not": _why_not(view, viewer.name)}
    return board.page(request, "decision", now, status=status, view=view, faults=faults, **facts, **WORDS)


def _why_not(view: DecisionPage, name: str) -> str:
    """Why the button is grey, in the words of the guard that would refuse."""
    if view.paper.drafted_by == name:
        return _("Đồng chí đã lập dự thảo này; một người khác đối chiếu với văn bản rồi xác nhận.")
    if not view.may_be_confirmed:
        return _("Còn dòng chưa đủ điều kiện; xem lý do ở từng dòng.")
    return ""


def confirm(board: Board, request: Request, form: Form) -> Response:
    """The second person. Every guard runs again; all lines are decided or none."""
    here, actor = request.path_params["id"], viewer_of(board, request).name
    if form.text("checked") != "yes":
        fault = Fault("checked", _("Đánh dấu đã đối chiếu với văn bản đã ký."))
        return _paper(board, request, (fault,), form, 422)
    try:
        deciding.confirm_decision(board.services, here, board.clock(), actor=actor)
    except PaperRefused as error:
        view = decision_page(board.services, here, board.clock())
        names = {line.subject_id: line.name for line in view.lines}
        return _paper(board, request, line_faults(error.lines, names), form, 422)
    except AlreadyDone as error:
        known = decision_page(board.services, here, board.clock())
        return to(f"/decisions/{here}") if known.confirmed_by == actor else _paper(board, request, faults_of(error), form, 409)
    except Forbidden as error:
        return _paper(board, request, faults_of(error), form, 422)
    return to(f"/decisions/{here}")


def withdraw(board: Board, request: Request, form: Form) -> Response:
    """Take a draft back; its subjects are free again."""
    here, actor = request.path_params["id"], viewer_of(board, request).name
    if not form.text("reason"):
        return _paper(board, request, (Fault("reason", _("Nêu lý do rút dự thảo, ví dụ “ghi nhầm số”.")),), form, 422)
    try:
        deciding.withdraw_decision(board.services, here, board.clock(), actor=actor, reason=form.text("reason"))
    except AlreadyDone as error:
        known = decision_page(board.services, here, board.clock())
        return to(f"/decisions/{here}") if known.withdrawn_by == actor else _paper(board, request, faults_of(error), form, 409)
    return to(f"/decisions/{here}")


def back(_board: Board, request: Request) -> Response:
    """Whoever loads the address of a form anew comes to the paper."""
    return to(f"/decisions/{request.path_params['id']}")


PAGES: dict[str, Door[Page]] = {
    "/deciding": Door(awaiting, Action.DRAFT_DECISION, live=True),
    "/cycles/{code}/decisions/{unit}": Door(new, Action.DRAFT_DECISION, body_there),
    "/decisions/{id:int}": Door(paper, Action.DRAFT_DECISION, decision_there, live=True),
    "/decisions/{id:int}/confirm": Door(back, Action.DRAFT_DECISION, decision_there),
    "/decisions/{id:int}/withdraw": Door(back, Action.DRAFT_DECISION, decision_there),
}
WRITES: dict[str, Door[Write]] = {
    "/cycles/{code}/decisions/{unit}": Door(draft, Action.DRAFT_DECISION, body_there),
    "/cycles/{code}/decisions/{unit}/counted": Door(fragment, Action.DRAFT_DECISION, body_there),
    "/decisions/{id:int}/confirm": Door(confirm, Action.DECIDE, decision_there),
    "/decisions/{id:int}/withdraw": Door(withdraw, Action.DRAFT_DECISION, decision_there),
}
