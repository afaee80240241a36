"""Who is looking at the board: somebody who signed in, whoever sits at this machine, or nobody yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote

from starlette.requests import Request

from hanchot.domain import access
from hanchot.domain.access import READS, WHOLE, Action, Actor, Role
from hanchot.service.access import actor_of
from hanchot.service.signing_in import login_of

if TYPE_CHECKING:
    from hanchot.board.frame import Board

NAME_COOKIE = "hanchot-name"  # how whoever sits at the machine wants to be called in the log; no proof of anything
COOKIE, SECURE_COOKIE = "hanchot_login", "__Host-hanchot"


@dataclass(frozen=True)
class Viewer:
    """``actor`` is None before the sign-in; ``ended`` says why an earlier one is over. ``at`` is the page's instant."""

    actor: Actor | None
    at: datetime
    login_id: int | None = None
    stepped_up: bool = False
    ended: str = ""

    @property
    def name(self) -> str:
        return self.actor.name if self.actor else ""

    @property
    def person_id(self) -> int | None:
        return self.actor.person_id if self.actor else None

    @property
    def signed_in(self) -> bool:
        return self.login_id is not None

    def may(self, action: Action, path: str = WHOLE) -> bool:
        return self.actor is not None and access.can(self.actor, action, path, self.at)

    def anywhere(self, action: Action) -> bool:
        return self.actor is not None and access.anywhere(self.actor, action, self.at)

    def scopes(self, action: Action) -> tuple[str, ...]:
        """Prefixes of the paths that the action reaches; handed to a view, which filters its query by them."""
        return access.scopes(self.actor, action, self.at) if self.actor else ()

    @property
    def takes_whole_lists(self) -> bool:
        """Whether a list may be taken away as it stands: one of the whole house asks for a right of its own."""
        return self.anywhere(Action.EXPORT) and (self.anywhere(Action.EXPORT_ALL) or WHOLE not in self.scopes(Action.EXPORT))

    @property
    def roles(self) -> frozenset[Role]:
        return access.roles(self.actor, self.at) if self.actor else frozenset()

    @property
    def writes(self) -> bool:
        """Whether this viewer may change anything at all."""
        return any(self.anywhere(action) for action in Action if action not in READS)


def viewer_of(board: Board, request: Request) -> Viewer:
    """The viewer of this request, looked up once."""
    known: Viewer | None = getattr(request.state, "viewer", None)
    if known is None:
        known = request.state.viewer = _found(board, request)
    return known


def _found(board: Board, request: Request) -> Viewer:
    now = board.clock()
    token = request.cookies.get(SECURE_COOKIE) or request.cookies.get(COOKIE)
    ended = ""
    if token:
        with board.services.db.read() as connection:
            login = login_of(board.services, connection, token, now)
            actor = actor_of(connection, login.person_id, now) if login and not login.ended_why else None
        if login and actor:
            return Viewer(actor, now, login.id, login.step_up_until is not None and now < login.step_up_until)
        ended = (login.ended_why or "") if login else ""
    if board.local and not ended:  # whoever was signed in a moment ago is not suddenly the department
        named = unquote(request.cookies.get(NAME_COOKIE, ""))[:80].strip()
        return Viewer(access.local_operator(named) if named else access.local_operator(), now, stepped_up=True)
    return Viewer(None, now, ended=ended)
