"""The processes that ``hanchot up`` starts, watches, restarts and ends."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from hanchot.domain.errors import Outside
from hanchot.up import home as home_folder
from hanchot.up.home import Process

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds before a restart; doubled at each
STEADY = 60.0  # seconds of life after which the next death counts as the first again

Say = Callable[[str], None]


class Child:
    """One long-running process with its log file; restarted with growing pauses when it dies."""

    def __init__(self, name: str, command: Sequence[str], env: Mapping[str, str], log: Path, *, may_end: bool = False) -> None:
        self.name, self.command, self.env, self.log, self.may_end = name, list(command), dict(env), log, may_end
        self.pause = FIRST_PAUSE
        self.start()

    def start(self) -> None:
        """Start in a session of its own, so that Ctrl-C reaches the supervisor alone and its group ends as one."""
        with self.log.open("ab") as out:
            self.popen = subprocess.Popen(  # noqa: S603
                self.command, env=self.env, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
            )
        self.process = Process(self.name, self.popen.pid, home_folder.born(self.popen.pid))
        self.since = time.monotonic()
        self.restart_at: float | None = None

    def check(self, say: Say) -> bool:
        """Look once; True when it was started again just now."""
        now = time.monotonic()
        if self.restart_at is not None:
            if now >= self.restart_at:
                self.start()
                return True
            return False
        if (code := self.popen.poll()) is None or (code == 0 and self.may_end):
            return False
        self.pause = FIRST_PAUSE if now - self.since > STEADY else min(self.pause * 2, LONGEST_PAUSE)
        self.restart_at = now + self.pause
        say(f"{self.name} đã dừng (mã {code}); chạy lại sau {self.pause:g} giây. Nhật ký: {self.log}")
        return False


class Family:
    """All children of one run."""

    def __init__(self, home: Path, env: Mapping[str, str], say: Say) -> None:
        self.home, self.env, self.say = home, dict(env), say
        self.children: list[Child] = []
        self.logs = home / "logs"
        self.logs.mkdir(parents=True, exist_ok=True)

    def start(self, name: str, *command: str, may_end: bool = False) -> Child:
        """Start a child; one that ``may_end`` is not started again after it has ended well."""
        child = Child(name, command, self.env, self.logs / f"{name}.log", may_end=may_end)
        self.children.append(child)
        self._record()
        return child

    def run(self, name: str, *command: str, timeout: float) -> None:
        """Run a command to its end. Raises ``Outside`` with the last line of its log when it fails."""
        log = self.logs / f"{name}.log"
        with log.open("ab") as out:
            try:
                done = subprocess.run(  # noqa: S603
                    command, env=self.env, stdin=subprocess.DEVNULL, stdout=out, stderr=out, timeout=timeout
                )
                code = done.returncode
            except subprocess.TimeoutExpired:
                code = -1
        if code:
            lines = log.read_text(errors="replace").strip().splitlines() or ["không rõ"]
            raise Outside(f"{name} không xong: {lines[-1].rstrip('.')}.", way_out=f"Xem {log}.")

    def check(self) -> None:
        """Look after every child once."""
        if any([child.check(self.say) for child in self.children]):
            self._record()

    def end(self) -> None:
        """End all, whatever state they are in."""
        home_folder.end(child.process for child in self.children)
        for child in self.children:
            child.popen.poll()
        home_folder.record(self.home, [])

    def _record(self) -> None:
        home_folder.record(self.home, (child.process for child in self.children))
