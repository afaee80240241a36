"""What the rooms of one unit's review share: where it stands, who may do which deed there, faults beside their fields."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from starlette.requests import Request

from hanchot.board.desk_form import Fault
from hanchot.board.frame import Board
from hanchot.board.who import Viewer, viewer_of
from hanchot.board.writing import Form
from hanchot.domain.access import Action, Role
from hanchot.domain.errors import AlreadyDone, HanChotError, Refused
from hanchot.domain.instants import local_day
from hanchot.service import access
from hanchot.service.desk import own_paths
from hanchot.service.judging.refusing import Forbidden
from hanchot.service.stand_ins import acts_for
from hanchot.service.views import keeping
from hanchot.service.views.keeping import Place

Deeds = Mapping[str, tuple[Action, ...]]  # what a form asks for, and the actions any of which allows it
MOST = 2_000  # letters of a field


def unit_here(connection: sa.Connection, request: Request) -> str | None:
    """The unit that ``{unit}`` names."""
    return access.unit_path(connection, request.path_params["unit"])


def place_of(board: Board, request: Request) -> Place:
    """The unit and review of the address. Raises ``NotFound``."""
    with board.services.db.read() as connection:
        return keeping.place(connection, request.path_params["code"], request.path_params["unit"])


def may_do(viewer: Viewer, deeds: Deeds, do: str, path: str) -> bool:
    """The guard that also draws the buttons."""
    return any(viewer.may(action, path) for action in deeds.get(do, ()))


def demand_right(viewer: Viewer, deeds: Deeds, do: str, path: str) -> None:
    """Raises ``Refused`` where the viewer's right does not reach the deed."""
    if not may_do(viewer, deeds, do, path):
        raise Refused("Việc này không thuộc phần việc của đồng chí.", way_out="Đề nghị Ban Tổ chức làm, hoặc cấp quyền.")


def is_above(viewer: Viewer, path: str, *actions: Action) -> bool:
    """Whether the viewer judges the unit from above: nobody does their own, but for the department."""
    own = path in own_paths(viewer.actor, viewer.at) and Role.DEPARTMENT not in viewer.roles
    return not own and any(viewer.may(action, path) for action in actions)


def on_behalf_of(board: Board, request: Request, place: Place) -> str | None:
    """For whom something is recorded: the holder who is away, or the unit whose paper the department types."""
    viewer = viewer_of(board, request)
    if not viewer.may(Action.DO, place.path):
        return place.unit_name
    with board.services.db.read() as connection:
        return acts_for(connection, viewer.person_id, place.unit_id, local_day(viewer.at))


def said(form: Form | None, *names: str) -> dict[str, str]:
    """What was typed, for the page that comes back."""
    return {name: form.text(name)[:MOST] if form else "" for name in names}


def faults_at(error: HanChotError, fields: Mapping[str, str], field: str = "") -> tuple[Fault, ...]:
    """A refusal as faults, each rule's sentence at the field that ``fields`` gives for its code."""
    if isinstance(error, Forbidden):
        return tuple(Fault(fields.get(one.code, field), one.vi) for one in error.refusals)
    return (Fault(field, f"{error.message} {error.way_out}".strip()),)


def status_of(error: HanChotError) -> int:
    return 409 if isinstance(error, AlreadyDone) or error.code == "conflict" else 422


def number(text: str) -> int:
    """A number from a hidden field; 0 for anything else, which names nothing."""
    return int(text) if text.isdecimal() and len(text) < 18 else 0
