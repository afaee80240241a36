"""An SMTP server on loopback that says yes to everything and keeps nothing, in a process of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

from bench.contenders import SPAWN

_REPLIES = {b"EHLO": b"250-sink.invalid\r\n250 8BITMIME\r\n", b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}


@contextmanager
def sink() -> Iterator[int]:
    """The port on which it listens while the block runs."""
    here, there = SPAWN.Pipe()
    process = SPAWN.Process(target=_serve, args=(there,), daemon=True)
    process.start()
    try:
        yield here.recv()
    finally:
        process.terminate()
        process.join(20)


def _serve(line: Connection[Any, Any]) -> None:
    asyncio.run(_listen(line))


async def _listen(line: Connection[Any, Any]) -> None:
    server = await asyncio.start_server(_converse, "127.0.0.1", 0)
    line.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


async def _converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 sink.invalid\r\n")
    while command := await reader.readline():
        verb = command[:4].upper()
        writer.write(_REPLIES.get(verb, b"250 ok\r\n"))
        if verb == b"DATA":
            await reader.readuntil(b"\r\n.\r\n")
            writer.write(b"250 taken\r\n")
        if verb == b"QUIT":
            break
    writer.close()
