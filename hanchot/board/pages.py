"""The pages about the work: overview, cycles, matrix, who is late, what is coming, units and items."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import groupby

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hanchot.board.frame import Board, page_number
from hanchot.board.timeline import NARROW, WIDE, timeline
from hanchot.domain.instants import local_day, local_iso
from hanchot.service.views import cycle as views_cycle
from hanchot.service.views import findings as views_findings
from hanchot.service.views import late as views_late
from hanchot.service.views import matrix as views_matrix
from hanchot.service.views import overview as views_overview
from hanchot.service.views import plans as views_plans
from hanchot.service.views import unit as views_unit
from hanchot.service.views.overview import Coming


def overview(board: Board, request: Request) -> Response:
    now = board.clock()
    return board.page(request, "overview", now, view=views_overview.overview(board.services, now))


def cycle(board: Board, request: Request) -> Response:
    now = board.clock()
    view = views_cycle.cycle_page(board.services, request.path_params["code"], now)
    starts, today = local_day(view.progress.opened_at), local_day(now)
    drawn = {size: timeline(view.lines, starts, today, sheet) for size, sheet in (("wide", WIDE), ("narrow", NARROW))}
    return board.page(request, "cycle", now, view=view, drawings=drawn if drawn["wide"] else {})


def matrix(board: Board, request: Request) -> Response:
    now, asked = board.clock(), request.query_params
    view = views_matrix.matrix(
        board.services, request.path_params["code"], now, branch=asked.get("branch") or None,
        late_only=asked.get("late") == "1", page=page_number(request),
    )  # fmt: skip
    return board.page(request, "matrix", now, view=view)


def late(board: Board, request: Request) -> Response:
    now = board.clock()
    code = request.query_params.get("cycle") or None
    view = views_late.late(board.services, now, cycle_code=code, page=page_number(request))
    return board.page(request, "late", now, view=view, address=board.services.settings.board)


def coming(board: Board, request: Request) -> Response:
    now = board.clock()
    with board.services.db.read() as connection:
        found = views_overview.coming(board.services, connection, now)
    weeks = [(monday, tuple(lines)) for monday, lines in groupby(found, key=_monday)]
    return board.page(request, "coming", now, weeks=weeks)


def _monday(one: Coming) -> date:
    return one.day - timedelta(days=one.day.weekday())


def unit(board: Board, request: Request) -> Response:
    now = board.clock()
    return board.page(request, "unit", now, view=views_unit.unit_page(board.services, request.path_params["code"], now))


def units(board: Board, request: Request) -> Response:
    text = request.query_params.get("q", "")[:100]
    return board.page(request, "units", board.clock(), text=text, found=views_unit.search_units(board.services, text))


def item(board: Board, request: Request) -> Response:
    now = board.clock()
    return board.page(request, "item", now, view=views_unit.item_page(board.services, request.path_params["id"], now))


def plans(board: Board, request: Request) -> Response:
    return board.page(request, "plans", board.clock(), files=views_plans.plan_files(board.services))


def plan(board: Board, request: Request) -> Response:
    year = request.query_params.get("year", "")
    asked = int(year) if re.fullmatch(r"20\d\d", year) else None
    view = views_plans.plan_page(board.services, request.path_params["key"], asked)
    found = views_findings.findings_of(board.services, view.plan, view.year)
    return board.page(request, "plan", board.clock(), view=view, findings=found)


def health(board: Board, request: Request) -> Response:
    """200 when the database answers; 503 otherwise."""
    now = board.clock()
    seen = views_overview.alive(board.services.db)
    silent = seen is None or now - seen > views_overview.SILENCE
    last = local_iso(seen) if seen else None
    return JSONResponse({"status": "ok", "now": local_iso(now), "last_sweep_at": last, "sweep_is_late": silent})
