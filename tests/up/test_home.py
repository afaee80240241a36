"""The folder of an installation: one holder, and nothing of an earlier run left alive."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hanchot.domain.errors import Refused
from hanchot.up.home import Process, born, end, end_leftovers, locked, record

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(15, signal.SIG_IGN); print(flush=True); time.sleep(60)",
]


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(SLEEP, start_new_session=True) as process:
        yield process
        process.kill()


def test_a_second_holder_is_told_who_holds_the_folder(tmp_path: Path) -> None:
    with locked(tmp_path), pytest.raises(Refused, match=str(os.getpid())), locked(tmp_path):
        pass


def test_the_lock_of_a_killed_holder_is_free(tmp_path: Path) -> None:
    code = "import sys, time; from pathlib import Path; from hanchot.up.home import locked\n"
    code += "with locked(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(Refused, match=str(holder.pid)), locked(tmp_path):
            pass
        holder.kill()
        holder.wait()
    with locked(tmp_path):
        pass


def test_leftovers_of_the_last_run_are_ended(tmp_path: Path, sleeper: subprocess.Popen[bytes]) -> None:
    record(tmp_path, [Process("worker", sleeper.pid, born(sleeper.pid))])
    assert end_leftovers(tmp_path) == ["worker"]
    assert born(sleeper.pid) == ""


def test_a_later_process_with_the_same_number_is_left_alone(tmp_path: Path, sleeper: subprocess.Popen[bytes]) -> None:
    record(tmp_path, [Process("worker", sleeper.pid, "another start")])
    assert end_leftovers(tmp_path) == []
    assert sleeper.poll() is None


@pytest.mark.parametrize("content", ["", "{", '[{"name": 1}]'])
def test_a_broken_list_of_leftovers_stops_nobody(tmp_path: Path, content: str) -> None:
    (tmp_path / "children.json").write_text(content)
    assert end_leftovers(tmp_path) == []


def test_a_process_that_does_not_listen_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hanchot.up.home.PATIENCE", 0.2)
    with subprocess.Popen(STUBBORN, start_new_session=True, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        end([Process("stubborn", process.pid, born(process.pid))])
        deadline = time.monotonic() + 20  # a busy machine takes longer than that patience to bury a killed process
        while process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        assert born(process.pid) == ""


def test_nobody_was_born_under_a_number_that_does_not_exist() -> None:
    assert born(2**22 + 1) == ""
    assert born(os.getpid()) == born(os.getpid()) != ""
