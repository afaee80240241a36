"""``python -m hanchot.board``: serve the board until a signal comes."""

from __future__ import annotations

import argparse
import ctypes
import gc
import sys
from contextlib import suppress
from socket import socket

import uvicorn
from starlette.types import ASGIApp

from hanchot.board.guard import LOOPBACK
from hanchot.domain.errors import HanChotError
from hanchot.settings import Settings

M_ARENA_MAX = -8  # of <malloc.h>


class _Server(uvicorn.Server):
    """Says one line, with the address, as soon as it answers."""

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            port = self.servers[0].sockets[0].getsockname()[1]
            print(f"ready http://{self.config.host}:{port}/", flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Returns the exit code: 0 after a signal, 2 when the board may not or cannot be served there."""
    settings = Settings()
    parser = argparse.ArgumentParser(prog="python -m hanchot.board", description=__doc__)
    parser.add_argument("--host", default=settings.board_host)
    parser.add_argument("--port", type=int, default=settings.board_port)
    chosen = parser.parse_args(arguments)
    if chosen.host not in LOOPBACK and not settings.board_url:
        print(
            f"Chưa biết người dùng sẽ mở bảng bằng địa chỉ nào nên không phục vụ tại {chosen.host}. "
            "Đặt HANCHOT_BOARD_URL (https://…, đứng sau cổng TLS), hoặc dùng --host 127.0.0.1.",
            file=sys.stderr,
        )
        return 2
    settings = settings.model_copy(update={"board_host": chosen.host, "board_port": chosen.port})
    try:
        app = _load(settings)
    except HanChotError as error:
        print(error.typed_out, file=sys.stderr)
        return 2
    server = _Server(uvicorn.Config(app, host=chosen.host, port=chosen.port, log_level="warning", access_log=False))
    server.run()
    return 0 if server.started else 2


def _load(settings: Settings) -> ASGIApp:
    """The application. What is loaded at the start stays: looking through it for garbage takes a sixth of the start."""
    _one_heap()
    gc.disable()
    try:
        from hanchot.board.app import create_board
        from hanchot.bootstrap import services

        return create_board(services(settings))
    finally:
        gc.freeze()
        gc.enable()


def _one_heap() -> None:
    """Pages are made in many threads, one at a time: a heap for each would keep what none of them needs any more."""
    with suppress(OSError, AttributeError):  # glibc alone has several
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)


if __name__ == "__main__":
    sys.exit(main())
