"""Each contender works in a process of its own, one at a time, so that neither heap nor cache of one helps another."""

from __future__ import annotations

import gc
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any

SPAWN = multiprocessing.get_context("spawn")


class Contender:
    """A proxy: ``call`` runs a method there and gives its seconds, measured there, and what it returned."""

    def __init__(self, made: Callable[[Path], object]) -> None:
        self._here, there = SPAWN.Pipe()
        self._process = SPAWN.Process(target=_serve, args=(made, there), daemon=True)
        self._process.start()
        there.close()

    def call(self, method: str, *arguments: object) -> tuple[float, Any]:
        self._here.send((method, arguments))
        seconds, outcome = self._here.recv()
        if isinstance(outcome, BaseException):
            raise outcome
        return seconds, outcome

    def peak_mb(self) -> float:
        """The process's greatest resident size so far, in MB."""
        return float(self.call("")[1])

    def __enter__(self) -> Contender:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._here.close()
        self._process.join(20)


def _serve(made: Callable[[Path], object], line: Connection[Any, Any]) -> None:
    with tempfile.TemporaryDirectory(prefix="hanchot-bench-") as folder:
        contender = made(Path(folder))
        while True:
            try:
                method, arguments = line.recv()
            except EOFError:  # the other side has hung up
                return
            try:
                line.send(_timed(getattr(contender, method), arguments) if method else (0.0, _peak_mb()))
            except Exception as error:
                line.send((0.0, error))


def _timed(method: Callable[..., Any], arguments: tuple[object, ...]) -> tuple[float, Any]:
    gc.collect()
    start = time.perf_counter()
    outcome = method(*arguments)
    return time.perf_counter() - start, outcome


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 1024
