"""The page of a chain of plans: which levels wait for which, and where there is no room."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response

from hanchot.board.chain_drawing import NARROW, WIDE, drawing, hand_vi, look_of
from hanchot.board.doors import Door, Page
from hanchot.board.frame import Board
from hanchot.domain.access import Action
from hanchot.service.views.chain import chain_page


def chain(board: Board, request: Request) -> Response:
    """``?plans=a,b`` or ``?plans=a&plans=b`` choose plans, ``?year=`` the year; without them the plans of one year."""
    asked = ",".join(request.query_params.getlist("plans"))[:1000]
    year = request.query_params.get("year", "")
    view = chain_page(
        board.services,
        [key for key in asked.split(",") if key],
        int(year) if re.fullmatch(r"20\d\d", year) else None,
    )
    drawn = {size: drawing(view, sheet) for size, sheet in (("wide", WIDE), ("narrow", NARROW))}
    return board.page(
        request, "chain", board.clock(), view=view, drawings=drawn if drawn["wide"] else {}, hand_vi=hand_vi, look_of=look_of
    )


PAGES: dict[str, Door[Page]] = {"/chain": Door(chain, Action.PLAN)}
