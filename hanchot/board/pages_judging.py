"""Who is rated how: the cycles that judge, the subjects of one by unit, one subject, and the steps before the decision."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from starlette.requests import Request
from starlette.responses import Response

from hanchot.board.desk_form import Fault
from hanchot.board.doors import Door, Page, anywhere
from hanchot.board.frame import Board, page_number
from hanchot.board.judging_form import (
    STEPS_VI,
    WORDS,
    judgement_faults,
    read_judgement,
    some_of_cycle,
    standing_judgement,
    subject_there,
    typed_in,
)
from hanchot.board.language import gettext as _
from hanchot.board.who import Viewer, viewer_of
from hanchot.board.writing import Form, Write, to
from hanchot.domain.access import Action
from hanchot.domain.errors import HanChotError
from hanchot.service.access import cycle_path
from hanchot.service.desk import own_paths
from hanchot.service.judging import ratings
from hanchot.service.judging.ratings import Early
from hanchot.service.views.judging import JudgingPage, judging_page, subject_page
from hanchot.service.views.judging_lists import judged_cycles, paths_of, results_by_year
from hanchot.service.views.judging_step import StepPage, step_page

RIGHT: dict[Early, Action] = {"self": Action.RATE, "proposed": Action.PROPOSE, "appraised": Action.APPRAISE}


def reach(viewer: Viewer, action: Action) -> tuple[str, ...]:
    """Prefixes of paths for a query: the branches that the action reaches and the viewer's own units. What stands below
    one's own unit is taken out again by ``may``.
    """
    return (*viewer.scopes(action), *(path for path in own_paths(viewer.actor, viewer.at) if viewer.may(action, path)))


def cycles(board: Board, request: Request) -> Response:
    """The cycles in which somebody is rated whom the viewer may see."""
    found = judged_cycles(board.services, reach(viewer_of(board, request), Action.SEE_RESULTS))
    return board.page(request, "judging_cycles", board.clock(), found=found)


def judging(board: Board, request: Request) -> Response:
    now, viewer, code = board.clock(), viewer_of(board, request), request.path_params["code"]
    branch = request.query_params.get("unit") or None
    scopes = reach(viewer, Action.SEE_RESULTS)
    view = _seen(board, viewer, judging_page(board.services, code, now, scopes, branch, page_number(request)))
    with board.services.db.read() as connection:
        lists = viewer.may(Action.RATE, cycle_path(connection, code))
    return board.page(request, "judging", now, view=view, branch=branch, lists=lists, **WORDS)


def _seen(board: Board, viewer: Viewer, view: JudgingPage) -> JudgingPage:
    """The page without units below one's own and without pools of other branches."""
    groups = tuple(group for group in view.groups if viewer.may(Action.SEE_RESULTS, group.path))
    where = paths_of(board.services, {one.unit for one in view.quotas})
    quotas = tuple(one for one in view.quotas if viewer.may(Action.SEE_RESULTS, where[one.unit]))
    return replace(view, groups=groups, quotas=quotas)


def subject(board: Board, request: Request) -> Response:
    now, viewer = board.clock(), viewer_of(board, request)
    view = subject_page(board.services, request.path_params["id"], now)
    results = results_by_year(board.services, request.path_params["id"])
    where = paths_of(board.services, {one.unit for one in results})
    years = [one for one in results if viewer.may(Action.SEE_RESULTS, where[one.unit])]
    own = viewer.may(Action.SEE_TALLIES, view.path)
    deciding = viewer.may(Action.DRAFT_DECISION, view.decider_at)
    return board.page(request, "judging_subject", now, view=view, years=years, tallies=own, deciding=deciding, **WORDS)


def step_form(board: Board, request: Request) -> Response:
    return _step(board, request)


def _step(
    board: Board, request: Request, faults: tuple[Fault, ...] = (), form: Form | None = None, status: int = 200
) -> Response:
    step = _step_of(request)
    view = step_page(board.services, request.path_params["id"], step)
    typed = typed_in(form) if form else standing_judgement(view.before(step))
    viewer = viewer_of(board, request)
    mine = tuple(one for one in view.bodies if viewer.may(RIGHT[step], one.path))
    return board.page(
        request, "judging_step", board.clock(), status=status, view=view, step=step, bodies=mine, faults=faults, typed=typed,
        title=STEPS_VI[step], **WORDS,
    )  # fmt: skip


def enter_step(board: Board, request: Request, form: Form) -> Response:
    """Keep a level of one step; the same level sent twice by a double click is kept once."""
    step, here = _step_of(request), request.path_params["id"]
    view = step_page(board.services, here, step)
    said, faults = read_judgement(form, view)
    body = form.text("unit")
    allowed = {one.code for one in view.bodies if viewer_of(board, request).may(RIGHT[step], one.path)}
    if step != "self" and body not in allowed:
        faults += (Fault("unit", _("Chọn nơi ghi mức này.")),)
    if faults or said is None:
        return _step(board, request, faults, form, 422)
    now, actor = board.clock(), viewer_of(board, request).name
    if _stands(view, step, said):
        return to(f"/judging/{here}")
    try:
        if step == "self":
            ratings.self_rate(board.services, here, said, now, actor=actor)
        elif step == "proposed":
            ratings.propose(board.services, here, body, said, now, actor=actor)
        else:
            ratings.appraise(board.services, here, body, said, now, actor=actor)
    except HanChotError as error:
        return _step(board, request, judgement_faults(error), form, 422)
    return to(f"/judging/{here}")


def _stands(view: StepPage, step: Early, said: ratings.Judgement) -> bool:
    """Whether exactly this stands already."""
    known = view.said.get(step)
    if known is None:
        return False
    facts = {key: value if isinstance(value, bool) else str(value) for key, value in said.facts.items()}
    score = "" if said.score is None else f"{said.score:.2f}".rstrip("0").rstrip(".").replace(".", ",")
    same = (known.level, known.reason, dict(known.facts)) == (said.level, said.reason or "", facts)
    return same and known.score == score


def _step_of(request: Request) -> Early:
    step: Early = request.url.path.rpartition("/")[2]  # type: ignore[assignment]  # one of the three addresses below
    assert step in get_args(Early)
    return step


PAGES: dict[str, Door[Page]] = {
    "/judging": Door(cycles, Action.SEE_RESULTS, anywhere),
    "/cycles/{code}/judging": Door(judging, Action.SEE_RESULTS, some_of_cycle, live=True),
    "/judging/{id:int}": Door(subject, Action.SEE_RESULTS, subject_there),
    **{f"/judging/{{id:int}}/{step}": Door(step_form, action, subject_there) for step, action in RIGHT.items()},
}
WRITES: dict[str, Door[Write]] = {
    f"/judging/{{id:int}}/{step}": Door(enter_step, action, subject_there) for step, action in RIGHT.items()
}
