"""The pages about the work: overview, cycles, matrix, what is coming, units and plans."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from typing import TypeVar

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hanchot.board.doors import Door, Page, cycle_there, unit_there
from hanchot.board.frame import Board, page_number
from hanchot.board.slack_drawing import slack_drawing
from hanchot.board.timeline import NARROW, WIDE, timeline
from hanchot.board.who import viewer_of
from hanchot.board.writing import to
from hanchot.domain.access import Action
from hanchot.domain.finding import Finding
from hanchot.domain.instants import local_day, local_iso
from hanchot.domain.stage import Stage
from hanchot.domain.unit import UnitKind
from hanchot.service import access
from hanchot.service.reviewed import SIDE_CYCLES
from hanchot.service.views import cycle as views_cycle
from hanchot.service.views import findings as views_findings
from hanchot.service.views import matrix as views_matrix
from hanchot.service.views import overview as views_overview
from hanchot.service.views import slack as views_slack
from hanchot.service.views import unit as views_unit
from hanchot.service.views.first_hour import is_empty
from hanchot.service.views.overview import Coming

Name = TypeVar("Name", bound=StrEnum)


def overview(board: Board, request: Request) -> Response:
    """The department's first page. Whoever watches no whole cycle has their own work instead."""
    now, viewer = board.clock(), viewer_of(board, request)
    view = views_overview.overview(board.services, now, viewer.scopes(Action.WATCH))
    if not any(one.state == "open" for one in view.cycles) and viewer.may(Action.SETTINGS) and is_empty(board.services):
        return to("/first-hour")
    if not view.cycles and not viewer.anywhere(Action.MAIL) and viewer.signed_in:
        return to("/my")
    return board.page(request, "overview", now, view=view)


def cycle(board: Board, request: Request) -> Response:
    now = board.clock()
    view = views_cycle.cycle_page(board.services, request.path_params["code"], now)
    starts, today = local_day(view.progress.opened_at), local_day(now)
    drawn = {size: timeline(view.lines, starts, today, sheet) for size, sheet in (("wide", WIDE), ("narrow", NARROW))}
    findings = _findings(board, view) if viewer_of(board, request).anywhere(Action.PLAN) else None
    return board.page(request, "cycle", now, view=view, drawings=drawn if drawn["wide"] else {}, findings=findings)


def _findings(board: Board, view: views_cycle.CyclePage) -> tuple[Finding, ...] | None:
    """What the check says of a cycle's plan; nothing of a cycle that the house made itself beside another."""
    side = view.progress.code.endswith(SIDE_CYCLES)
    return None if side else views_findings.findings_of(board.services, view.plan, view.plan.year)


def slack(board: Board, request: Request) -> Response:
    now = board.clock()
    view = views_slack.slack_page(board.services, request.path_params["code"], now, page_number(request))
    return board.page(request, "slack", now, view=view, drawing=slack_drawing(view.hands, local_day(now)))


def branch_there(connection: sa.Connection, request: Request) -> str | None:
    """The branch that ``?branch=`` names; the head of the cycle without it."""
    branch = request.query_params.get("branch")
    return access.unit_path(connection, branch) if branch else access.cycle_path(connection, request.path_params["code"])


def matrix(board: Board, request: Request) -> Response:
    now, asked = board.clock(), request.query_params
    find = views_matrix.Find(
        asked.get("branch") or None, asked.get("late") == "1", _one_of(Stage, asked.get("stage")),
        _one_of(UnitKind, asked.get("kind")), asked.get("q", "").strip()[:100],
    )  # fmt: skip
    view = views_matrix.matrix(board.services, request.path_params["code"], now, find, page=page_number(request))
    kept = {name: asked[name] for name in ("branch", "late", "stage", "kind", "q") if asked.get(name)}
    return board.page(request, "matrix", now, view=view, kept=kept, kinds=UnitKind)


def _one_of(names: type[Name], asked: str | None) -> Name | None:
    """The one that was asked for; a word that names none filters nothing."""
    return names(asked) if asked in set(names) else None


def coming(board: Board, request: Request) -> Response:
    now = board.clock()
    with board.services.db.read() as connection:
        found = views_overview.coming(board.services, connection, now, viewer_of(board, request).scopes(Action.WATCH))
    weeks = [(monday, tuple(lines)) for monday, lines in groupby(found, key=_monday)]
    return board.page(request, "coming", now, weeks=weeks)


def _monday(one: Coming) -> date:
    return one.day - timedelta(days=one.day.weekday())


def unit(board: Board, request: Request) -> Response:
    now = board.clock()
    return board.page(request, "unit", now, view=views_unit.unit_page(board.services, request.path_params["code"], now))


def units(board: Board, request: Request) -> Response:
    text, mine = request.query_params.get("q", "")[:100], viewer_of(board, request).scopes(Action.SEE)
    return board.page(request, "units", board.clock(), text=text, found=views_unit.search_units(board.services, text, mine))


def health(board: Board, request: Request) -> Response:
    """200 when the database answers; 503 otherwise."""
    now = board.clock()
    seen = views_overview.alive(board.services.db)
    silent = seen is None or now - seen > views_overview.SILENCE
    last = local_iso(seen) if seen else None
    return JSONResponse({"status": "ok", "now": local_iso(now), "last_sweep_at": last, "sweep_is_late": silent})


PAGES: dict[str, Door[Page]] = {
    "/": Door(overview, Action.SEE, live=True),
    "/cycles/{code}": Door(cycle, Action.WATCH, cycle_there, live=True),
    "/cycles/{code}/matrix": Door(matrix, Action.WATCH, branch_there, live=True),
    "/cycles/{code}/slack": Door(slack, Action.WATCH, cycle_there, live=True),
    "/coming": Door(coming, Action.WATCH, live=True),
    "/units": Door(units, Action.SEE),
    "/units/{code}": Door(unit, Action.SEE, unit_there),
    "/health": Door(health),
}
