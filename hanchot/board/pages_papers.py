"""Papers as files: one address for all of them, each behind the right that its contents ask for.

``/papers/{key}?cycle=…&unit=…`` names what the paper is about. Lists of results of a whole review leave by ``/papers-all``,
which asks for a fresh code. A person with shortcomings is named by the number of one of them (``of``), never by code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from hanchot.board.desk_form import download
from hanchot.board.doors import Door, Page, whole
from hanchot.board.frame import Board
from hanchot.board.keeping import number
from hanchot.board.who import Viewer, viewer_of
from hanchot.domain.access import Action
from hanchot.domain.errors import HanChotError, NotFound, Refused
from hanchot.domain.remediation import REMEDY
from hanchot.service import access
from hanchot.service.services import Services
from hanchot.service.views import papers as views

if TYPE_CHECKING:  # what makes papers is slow to import: only when one is made
    from hanchot.service.papers.desk import About

A = Action
# Every set is enough; in a set each action is needed.
OPENED_BY: dict[str, tuple[frozenset[Action], ...]] = {
    "results_proposed": (frozenset({A.SEE_RESULTS, A.EXPORT}),),
    "results_decided": (frozenset({A.SEE_RESULTS, A.EXPORT}),),
    "tally_minutes": (frozenset({A.SEE_TALLIES}),),
    "result_notice": (frozenset({A.SEE_RESULTS}),),
    "reminder_letter": (frozenset({A.EXPORT}),),
    "remediation_plan": (frozenset({A.SEE_RESULTS}),),
    "progress_report": (frozenset({A.EXPORT}),),
    "dossier_contents": tuple(frozenset({one}) for one in (A.DO, A.RETURN, A.RECORD, A.SEE_RESULTS)),
    "dossier_zip": (frozenset({A.SEE_RESULTS}),),
    "item_page": (frozenset({A.SEE}),),
}
_LISTS = frozenset({"results_proposed", "results_decided"})
_SEEN = frozenset().union(*(one for sets in OPENED_BY.values() for one in sets))


def paper_there(connection: sa.Connection, request: Request) -> str | None:
    """The unit that the paper is about; the head of the cycle where no unit is named."""
    asked = request.query_params
    return views.path_about(
        connection, item=number(asked.get("item", "")), subject=number(asked.get("subject", "")),
        tallied=number(asked.get("ballot", "")), unit_code=asked.get("unit", ""),
        cycle=asked.get("cycle", "").removesuffix(REMEDY),
    )  # fmt: skip


def take(board: Board, request: Request) -> Response:
    """The file. Out of reach is as if it were not there; a list of a whole review goes by the other address."""
    key, viewer = request.path_params["key"].replace("-", "_"), viewer_of(board, request)
    with board.services.db.read() as connection:
        path = paper_there(connection, request)
        head = access.cycle_path(connection, request.query_params.get("cycle", "")) if key in _LISTS else None
    assert path is not None
    demand_opened(viewer, key, path)
    if path == head:
        return RedirectResponse(f"/papers-all/{quote(key)}?{request.url.query}", status_code=303)
    return _file(board, request, key)


def take_all(board: Board, request: Request) -> Response:
    """A list of a whole review, after a fresh code."""
    key = request.path_params["key"].replace("-", "_")
    demand_opened(viewer_of(board, request), key, "/")
    return _file(board, request, key)


def demand_opened(viewer: Viewer, key: str, path: str) -> None:
    """Raises ``NotFound`` for a paper that there is not, ``Refused`` where the right does not reach what it holds."""
    if key not in OPENED_BY:
        raise NotFound(f"Không có văn bản “{key}”.", way_out=f"Có: {', '.join(OPENED_BY)}.")
    if not any(all(viewer.may(action, path) for action in needed) for needed in OPENED_BY[key]):
        raise Refused("Văn bản này không thuộc phần việc của đồng chí.", way_out="Đề nghị Ban Tổ chức cấp.")


def _file(board: Board, request: Request, key: str) -> Response:
    from hanchot.service.papers.out import export

    asked = request.query_params
    about = _about(board.services, request)
    try:
        made = export(
            board.services, key, about, board.clock(), actor=viewer_of(board, request).name, form=asked.get("format") or None
        )  # fmt: skip
    except NotFound:
        raise
    except HanChotError as error:
        return board.refuse(request, 422, error.message, error.way_out)
    return download(made.name, made.data, made.media)


def _about(services: Services, request: Request) -> About:
    from hanchot.service.papers.desk import About

    asked = request.query_params
    numbers = {name: number(asked.get(name, "")) or None for name in ("subject", "ballot", "item")}
    with services.db.read() as connection:
        who = asked.get("person") or views.person_of(connection, number(asked.get("of", "")), asked.get("unit", ""))
    return About(asked.get("cycle") or None, asked.get("unit") or None, who, asked.get("checklist") or None, **numbers)


PAGES: dict[str, Door[Page]] = {
    "/papers/{key}": Door(take, A.SEE, paper_there, also=tuple(sorted(_SEEN))),
    "/papers-all/{key}": Door(take_all, A.EXPORT_ALL, whole),
}
