"""The folder of an installation while it runs: one supervisor at a time, and a list of what it started."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from hanchot.domain.errors import Refused

PATIENCE = 8.0  # seconds between asking a process to end and ending it


@dataclass(frozen=True)
class Process:
    """A process that leads its own group. ``born`` tells it from a later process with the same number."""

    name: str
    pid: int
    born: str


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Hold the folder. The kernel lets go when the holder ends in any way, so a lock is never stale.

    Raises ``Refused`` when another ``hanchot up`` holds it: a second Prefect server on the same file would start
    without a word.
    """
    home.mkdir(parents=True, exist_ok=True)
    with (home / "up.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            raise Refused(
                f"Thư mục {home} đang do tiến trình {file.read().strip() or '?'} dùng.",
                way_out="Dừng lần chạy kia (Ctrl-C), hoặc đặt HANCHOT_HOME sang thư mục khác.",
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def born(pid: int) -> str:
    """When a process started, as its system says it; empty when there is no such process, or only its shell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return "" if fields[0] == "Z" else fields[19]
    except (FileNotFoundError, ProcessLookupError):
        if Path("/proc/self").exists():
            return ""
    listed = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S603, S607
    return listed.stdout.strip()


def record(home: Path, processes: Iterable[Process]) -> None:
    """Write down what runs, so that the next start can end what a kill -9 leaves behind."""
    draft = home / "children.json.new"
    draft.write_text(json.dumps([asdict(process) for process in processes]))
    draft.replace(home / "children.json")


def end_leftovers(home: Path) -> list[str]:
    """End the processes of the last run that are still alive, and only those; returns their names."""
    try:
        listed = [Process(**entry) for entry in json.loads((home / "children.json").read_text())]
    except (OSError, ValueError, TypeError):
        return []
    alive = [process for process in listed if process.born and born(process.pid) == process.born]
    end(alive)
    return [process.name for process in alive]


def end(processes: Iterable[Process]) -> None:
    """Ask every process group to end, all at once; kill those that have not done so in time."""
    left = _await_end([process for process in processes if _signal(process, signal.SIGTERM)])
    _await_end([process for process in left if _signal(process, signal.SIGKILL)])


def _await_end(processes: list[Process]) -> list[Process]:
    """Those that are still alive when patience is at an end."""
    deadline = time.monotonic() + PATIENCE
    while (processes := [process for process in processes if _is_alive(process)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    return processes


def _signal(process: Process, number: signal.Signals) -> bool:
    """True when the group could be told. A group outlives its leader: a worker's flow runs are told too."""
    try:
        os.killpg(process.pid, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _is_alive(process: Process) -> bool:
    try:
        if os.waitpid(process.pid, os.WNOHANG)[0] == process.pid:
            return False
    except ChildProcessError:  # a leftover of another run is not our child
        pass
    return born(process.pid) == process.born
