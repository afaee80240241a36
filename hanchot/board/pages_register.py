"""Two things to look up: the results of a unit or a person by year, and the rules that results rest on."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from hanchot.board.doors import Door, Page, unit_there
from hanchot.board.frame import Board
from hanchot.board.judging_form import WORDS
from hanchot.board.who import viewer_of
from hanchot.domain.access import Action
from hanchot.domain.authority import Ratee
from hanchot.domain.errors import NotFound
from hanchot.service.views.judging_lists import person_register, unit_register
from hanchot.service.views.rules import rules_list, rules_page


def of_unit(board: Board, request: Request) -> Response:
    view = unit_register(board.services, request.path_params["code"])
    back = f"/units/{request.path_params['code']}"
    return board.page(request, "judging_register", board.clock(), view=view, back=back, **WORDS)


def of_person(board: Board, request: Request) -> Response:
    """Only the results from units that the viewer's right reaches; a person out of reach looks as if not there."""
    viewer, view = viewer_of(board, request), person_register(board.services, request.path_params["code"])
    mine = tuple(one for one in view.results if viewer.may(Action.SEE_RESULTS, view.paths[one.unit]))
    if not mine and not viewer.may(Action.SEE_RESULTS):
        raise NotFound("Không có trang này.", way_out="Kiểm tra lại địa chỉ.")
    return board.page(request, "judging_register", board.clock(), view=replace(view, results=mine), back=None, **WORDS)


def rules(board: Board, request: Request) -> Response:
    return board.page(request, "rules", board.clock(), found=rules_list(board.services))


def rule(board: Board, request: Request) -> Response:
    view = rules_page(board.services, request.path_params["key"])
    return board.page(request, "rules_one", board.clock(), view=view, ratee=Ratee, **WORDS)


PAGES: dict[str, Door[Page]] = {
    "/results/units/{code}": Door(of_unit, Action.SEE_RESULTS, unit_there),
    "/results/people/{code}": Door(of_person, Action.SEE_RESULTS),
    "/rules": Door(rules, Action.SEE),
    "/rules/{key}": Door(rule, Action.SEE),
}
