"""Free ports on the loopback address."""

from __future__ import annotations

import socket
from dataclasses import dataclass

from hanchot.domain.errors import Outside
from hanchot.settings import Settings

HOST = "127.0.0.1"
_TRIES = 100


@dataclass(frozen=True)
class Ports:
    prefect: int
    board: int
    catcher: int


def choose(settings: Settings) -> Ports:
    """The wished ports, or for each taken one the next that is free."""
    taken: set[int] = set()
    found = []
    for wished in (settings.prefect_port, settings.board_port, settings.catcher_port):
        found.append(free_from(wished, taken))
        taken.add(found[-1])
    return Ports(*found)


def free_from(wished: int, taken: set[int] | frozenset[int] = frozenset()) -> int:
    """The first free port from ``wished`` on; 0 means any. Raises ``Outside`` after a hundred taken ones."""
    for port in [0] if wished == 0 else range(wished, min(wished + _TRIES, 65536)):
        if port not in taken and (bound := _bind(port)):
            return bound
    raise Outside(f"Không còn cổng trống từ {wished}.", way_out="Đặt HANCHOT_PREFECT_PORT, HANCHOT_BOARD_PORT.")


def _bind(port: int) -> int:
    """The port when it can be bound now, else 0."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return 0
        return int(probe.getsockname()[1])
