"""A document that is still being read: the thread that reads it, the page that says how far it is, and what helps if it ended.

The thread belongs to this process. What it knows stands in the database, so that any process can show it, and a board that
was started anew sees after a minute and a half that nobody reads any more.
"""

from __future__ import annotations

import logging
from threading import BoundedSemaphore, Thread
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from hanchot.board.frame import Board
from hanchot.board.writing import to
from hanchot.domain.errors import AlreadyDone
from hanchot.service import readings
from hanchot.service.readings import Reading

SOON = 1.0  # seconds: a Word file or a text is read by then, and nobody sees a page that waits
TURNS = BoundedSemaphore(2)  # a scan takes every core already; the second turn is for the short one behind it
WORD = 30.0  # seconds between two words of one that waits for its turn
PACE = 2  # seconds between two looks of the page
LOG = logging.getLogger("hanchot.board")


def start(board: Board, draft_id: int, claim: str | None) -> None:
    """Read what was claimed, aside. Comes back when it is read, and after ``SOON`` at the latest."""
    if claim is not None:
        thread = Thread(target=_read, args=(board, draft_id, claim), name=f"hanchot-reading-{draft_id}", daemon=True)
        thread.start()
        thread.join(SOON)


def _read(board: Board, draft_id: int, claim: str) -> None:
    try:
        while not TURNS.acquire(timeout=WORD):
            readings.hold(board.services, draft_id, claim, board.clock())
    except AlreadyDone:
        return
    try:
        readings.read(board.services, draft_id, claim, board.clock)
    except Exception:  # the database is gone: the lease runs out, and the page says that nobody reads
        LOG.exception("reading document %s", draft_id)
    finally:
        TURNS.release()


def page(board: Board, request: Request, found: Reading) -> Response:
    """How far it is. Looks again by itself, with or without a script; the draft's own page takes its place."""
    now = board.clock()
    state = found.state(now)
    facts: dict[str, Any] = {"found": found, "state": state, "here": min(found.page + 1, found.pages), "pace": PACE}
    if state != "reading":
        return board.page(request, "reading", now, **facts)
    request.state.stamp = stamp = f'"{found.page}-{found.pages}"'
    if request.headers.get("if-none-match") == stamp:
        return Response(status_code=304, headers={"etag": stamp})
    made = board.page(request, "reading", now, **facts)
    made.headers["etag"] = stamp
    return made


def act(board: Board, request: Request, do: str, actor: str) -> Response:
    """Read it once more, or throw it away. A second click changes nothing."""
    draft_id, now = request.path_params["id"], board.clock()
    if do == "discard":
        readings.discard(board.services, draft_id, now, actor)
        return to("/documents")
    start(board, draft_id, readings.again(board.services, draft_id, now, actor))
    return to(f"/documents/{draft_id}")
