"""``python -m bench.board_server``: the board as it is served, and in each answer's head what it took in this process.

``x-bench``: milliseconds of the wall and of the processor between question and answer, the resident size in MB now, and
the greatest so far. One question is asked at a time, so whatever the processor did was for it.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hanchot.board import app
from hanchot.board.__main__ import main

STATM = Path("/proc/self/statm")


class Timed:
    """The answer's body is complete when its head is sent: pages are rendered whole."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wall, cpu = time.perf_counter(), time.process_time()

        async def with_times(message: Message) -> None:
            if message["type"] == "http.response.start":
                spent = (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000
                said = " ".join(f"{one:.2f}" for one in (*spent, _resident_mb(), _peak_mb()))
                message["headers"].append((b"x-bench", said.encode()))
            await send(message)

        await self._app(scope, receive, with_times)


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 1024


def _resident_mb() -> float:
    """What the process holds now; where the system does not say, the most that it has held."""
    try:
        return int(STATM.read_text().split()[1]) * resource.getpagesize() / 2**20
    except OSError:
        return _peak_mb()


if __name__ == "__main__":
    create = app.create_board
    app.create_board = lambda *given, **named: Timed(create(*given, **named))  # type: ignore[assignment]
    sys.exit(main())
