"""The pages about plans: which there are, what one says, and opening a cycle of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from hanchot.board.doors import Door, Page
from hanchot.board.frame import Board
from hanchot.board.who import viewer_of
from hanchot.board.writing import Form, Write, to
from hanchot.domain.access import Action
from hanchot.domain.errors import AlreadyDone, HanChotError
from hanchot.domain.plan import Period, Plan
from hanchot.service import opening
from hanchot.service.show import periods_of
from hanchot.service.views import findings as views_findings
from hanchot.service.views import overview as views_overview
from hanchot.service.views import plans as views_plans


@dataclass(frozen=True, slots=True)
class Openable:
    """A period of a plan and the code of its cycle; ``there``: it has been opened."""

    period: Period
    code: str
    there: bool


def plans(board: Board, request: Request) -> Response:
    return board.page(request, "plans", board.clock(), files=views_plans.plan_files(board.services))


def plan(board: Board, request: Request) -> Response:
    return _page(board, request, _year(request.query_params.get("year", "")))


def open_cycle(board: Board, request: Request, form: Form) -> Response:
    """Open the cycle of one period. A second click leads to the cycle that the first has opened."""
    period = form.text("period")
    known = views_plans.plan_page(board.services, request.path_params["key"], _year(period[:4])).plan
    try:
        who = viewer_of(board, request).name
        code = opening.open_cycle(board.services, known, board.clock(), period=period, actor=who).code
    except AlreadyDone:
        code = opening.code_of(known, opening.period_of(known, period))
    except HanChotError as error:
        return _page(board, request, _year(period[:4]), str(error))
    return to(f"/cycles/{code}")


def _page(board: Board, request: Request, year: int | None, trouble: str = "") -> Response:
    view = views_plans.plan_page(board.services, request.path_params["key"], year)
    found = views_findings.findings_of(board.services, view.plan, view.year)
    facts = {"view": view, "findings": found, "openable": _openable(board, view.plan, view.year), "trouble": trouble}
    return board.page(request, "plan", board.clock(), status=422 if trouble else 200, **facts)


def _openable(board: Board, known: Plan, year: int | None) -> tuple[Openable, ...]:
    """What could be opened: every period of the year that the page is read for; nothing of an unconfirmed plan."""
    if known.unconfirmed or year is None:
        return ()
    with board.services.db.read() as connection:
        there = views_overview.codes(connection)
    made = ((period, opening.code_of(known, period)) for period in periods_of(known, year))
    return tuple(Openable(period, code, code in there) for period, code in made)


def _year(text: str) -> int | None:
    return int(text) if re.fullmatch(r"20\d\d", text) else None


PAGES: dict[str, Door[Page]] = {
    "/plans": Door(plans, Action.PLAN),
    "/plans/{key}": Door(plan, Action.PLAN),
}
WRITES: dict[str, Door[Write]] = {"/plans/{key}/open": Door(open_cycle, Action.PLAN)}
