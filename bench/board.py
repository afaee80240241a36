"""The board at 10,000 units: how long each page takes in the server, how long the start takes, how much memory it holds."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from bench.board_house import NOW, House, Person, build
from bench.works import Row, Size
from hanchot.board.who import COOKIE

CALLS = 50
GOAL_MS, GOAL_SECRETARY_MS, GOAL_START, GOAL_MB, GOAL_KB = 100.0, 50.0, 1.5, 150.0, 100.0
STATIC = Path(__file__).parents[1] / "hanchot" / "board" / "static"
READY = "ready http://127.0.0.1:"


@dataclass(frozen=True)
class Answer:
    """One answer. ``wall`` and ``cpu``: milliseconds from the first line of the question to the last byte of the answer."""

    status: int
    kind: str
    size: int
    wall: float
    cpu: float
    body: bytes


def board(size: Size) -> list[Row]:
    """Every page by every role that may open it; then the start, the memory and the first page's weight."""
    with tempfile.TemporaryDirectory(prefix="hanchot-bench-") as folder:
        house = build(Path(folder), size.units)
        _start(house)  # compiles what an installed program has compiled
        starts = [_start(house) for _ in range(3)]
        with _served(house, "bench.board_server") as port:
            asked = Asker(port)
            rows = [row for one in house.people for row in _pages(asked, house, one)]
            first = asked.page("/", _person(house, "department"))
    silent = sorted(template for template, living in house.addresses.items() if not living)
    rows += [Row("page without address", "", (float("inf"),), 1.0, note=one) for one in silent]
    parts = (len(first.body), *(len((STATIC / name).read_bytes()) for name in ("board.css", "board.js")))
    weight = sum(parts) / 1000
    said = " + ".join(f"{one / 1000:.0f}" for one in parts)
    return [
        *rows,
        Row("start to first answer", "1.5 s", tuple(one / GOAL_START for one in starts), 1.0, note=f"{median(starts):.2f} s"),
        Row("memory at the end", "150 MB", (asked.mb / GOAL_MB,), 1.0, note=f"{asked.mb:.0f} MB, at most {asked.peak_mb:.0f}"),
        Row("first page, css, js", "100 KB", (weight / GOAL_KB,), 1.0, note=f"{said} KB"),
    ]


class Asker:
    """Asks for pages over one connection that stays open, as a browser does."""

    def __init__(self, port: int) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.mb = self.peak_mb = 0.0

    def page(self, address: str, who: Person) -> Answer:
        self._line.request("GET", address, headers={"cookie": f"{COOKIE}={who.token}"})
        got = self._line.getresponse()
        body = got.read()
        wall, cpu, self.mb, self.peak_mb = (float(one) for one in (got.getheader("x-bench") or "0 0 0 0").split())
        return Answer(got.status, got.getheader("content-type") or "", len(body), wall, cpu, body)


def _person(house: House, role: str) -> Person:
    return next(one for one in house.people if one.role == role)


def _pages(asked: Asker, house: House, who: Person) -> Iterator[Row]:
    goal = GOAL_SECRETARY_MS if who.role == "secretary" else GOAL_MS
    for address in (one for living in house.addresses.values() for one in living):
        first = asked.page(address, who)
        if first.status != http.HTTPStatus.OK:
            if first.status >= http.HTTPStatus.INTERNAL_SERVER_ERROR:
                yield Row(f"{who.role} {address[:60]}", "", (float("inf"),), 1.0, note=f"answered {first.status}")
            continue
        is_page = first.kind.startswith(("text/html", "application/json"))
        calls = [asked.page(address, who) for _ in range(CALLS if is_page else 5)]
        walls, cpus = [one.wall for one in calls], [one.cpu for one in calls]
        said = (
            f"{median(walls):.0f} / {_p95(walls):.0f} ms, cpu {median(cpus):.0f} / {_p95(cpus):.0f},"
            f" first {first.wall:.0f}, {first.size / 1000:.0f} KB"
        )
        against = f"{goal:g} ms" if is_page else "a file"
        yield Row(
            f"{who.role} {address[:60]}", against, (median(walls) / goal, _p95(walls) / goal, _p95(cpus) / goal),
            1.0 if is_page else None, note=said,
        )  # fmt: skip


def _p95(some: list[float]) -> float:
    return quantiles(some, n=20)[-1]


def _start(house: House) -> float:
    """From starting the process to the last byte of its first answer."""
    begun = time.perf_counter()
    with _served(house, "hanchot.board") as port:
        Asker(port).page("/", _person(house, "department"))
        return time.perf_counter() - begun


@contextmanager
def _served(house: House, module: str) -> Iterator[int]:
    """The board in a process of its own, at the time of the house; gives its port."""
    fixed = {"HANCHOT_HOME": str(house.home), "HANCHOT_NOW": NOW.isoformat(), "PYTHONDONTWRITEBYTECODE": ""}
    fixed["PYTHONPYCACHEPREFIX"] = str(house.home / "compiled")
    command = [sys.executable, "-m", module, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **fixed}) as process:
        assert process.stdout is not None
        ready = process.stdout.readline()
        try:
            assert ready.startswith(READY), ready
            yield int(ready.removeprefix(READY).strip().rstrip("/"))
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=20)
