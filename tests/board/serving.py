"""A board on a free port of this machine, in a thread, for real browsers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from starlette.types import ASGIApp


@dataclass
class Served:
    """``hang_up`` cuts the line at once."""

    server: uvicorn.Server
    thread: threading.Thread

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server.servers[0].sockets[0].getsockname()[1]}"

    def hang_up(self) -> None:
        self.server.should_exit = self.server.force_exit = True
        self.thread.join()


@contextmanager
def served(app: ASGIApp) -> Iterator[Served]:
    """The server answers when the block begins and has ended when it is left."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            thread.join(0.01)
        yield Served(server, thread)
    finally:
        server.should_exit = True
        thread.join()
