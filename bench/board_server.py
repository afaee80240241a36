"""``python -m bench.board_server``: the board as it is served, and in each answer's head what it took in this process.

``x-bench``: milliseconds of the wall and of the processor between question and answer, and the greatest resident size in
MB so far. One question is asked at a time, so whatever the processor did was for it.
"""

from __future__ import annotations

import resource
import sys
import time

from starlette.applications import Starlette
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hanchot.board import __main__ as served
from hanchot.board.app import create_board
from hanchot.service.services import Services


class Timed:
    """The answer's body is complete when its head is sent: pages are rendered whole."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wall, cpu = time.perf_counter(), time.process_time()

        async def with_times(message: Message) -> None:
            if message["type"] == "http.response.start":
                spent = (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000, _peak_mb()
                message["headers"].append((b"x-bench", " ".join(f"{one:.2f}" for one in spent).encode()))
            await send(message)

        await self._app(scope, receive, with_times)


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 1024


def _timed_board(services: Services) -> Starlette:
    made = create_board(services)
    made.add_middleware(Timed)
    return made


if __name__ == "__main__":
    served.create_board = _timed_board  # type: ignore[assignment]  # the same start, with a watch in it
    sys.exit(served.main())
