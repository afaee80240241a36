"""A real mail server on a free port, for as long as a block lasts; what it takes lies in a Maildir."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from hanchot.letters.catcher import catching


@contextmanager
def catcher(folder: Path) -> Iterator[int]:
    """Gives the port on which the server listens, in a thread of its own."""
    ready, ended, ports = Event(), Event(), []

    async def serve() -> None:
        async with catching(folder) as port:
            ports.append(port)
            ready.set()
            await asyncio.to_thread(ended.wait)

    thread = Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    try:
        assert ready.wait(30)
        yield ports[0]
    finally:
        ended.set()
        thread.join()
