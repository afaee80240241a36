"""`hanchot up` for real, on free ports: killed, started again, and again after the loss of Prefect's database."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import httpx
import pytest
import sqlalchemy as sa

from hanchot.store.db import Database
from hanchot.store.tables import letter
from hanchot.up.home import born
from hanchot.up.ports import free_from

UP = "import sys; from hanchot.settings import Settings; from hanchot.up import run; sys.exit(run(Settings()))"
PATIENCE = 240.0
NOW = "2026-11-30T09:00:00+07:00"  # a Monday on which the first reminders of the live plan are due
T = TypeVar("T")
NAMED = re.compile(r"Đang |Quá hạn: ")


class House:
    """A running `hanchot up` as somebody outside sees it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.out = home.parent / "up.out"
        env = os.environ | {
            "HANCHOT_HOME": str(home),
            "HANCHOT_PREFECT_PORT": str(free_from(0)),
            "HANCHOT_BOARD_PORT": str(free_from(0)),
            "HANCHOT_CATCHER_PORT": str(free_from(0)),
            "HANCHOT_NOW": NOW,
        }
        with self.out.open("wb") as out:
            self.process = subprocess.Popen([sys.executable, "-c", UP], env=env, stdout=out, stderr=out)
        text = until(lambda: self._printed(), "the addresses")
        self.prefect = re.findall(r"Prefect +(http://127\.0\.0\.1:\d+)", text)[0]
        self.board = re.findall(r"Bảng theo dõi +(http://127\.0\.0\.1:\d+)", text)[0]

    def _printed(self) -> str:
        text = self.out.read_text()
        assert self.process.poll() is None, text
        return text if "Ctrl-C" in text else ""

    def cycle_runs(self) -> list[dict[str, object]]:
        wanted = {"flows": {"name": {"any_": ["annual_cycle", "quarterly_cycle"]}}}
        answer = httpx.post(f"{self.prefect}/api/flow_runs/filter", json=wanted, trust_env=False)
        return list(answer.json())

    def named_runs(self) -> list[dict[str, object]]:
        """The cycles' runs, once all of them are suspended under a name of ours."""
        runs = self.cycle_runs()
        return runs if runs and all(NAMED.match(str(run["state_name"])) for run in runs) else []

    def planned(self) -> bool:
        """Prefect's scheduler works. With SQLAlchemy 2.1 it fails in its own log only, and nothing would be swept."""
        wanted = {
            "deployments": {"name": {"any_": ["sweep", "deliver"]}},
            "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}},
        }
        answer = httpx.post(f"{self.prefect}/api/flow_runs/filter", json=wanted, trust_env=False)
        return len({run["deployment_id"] for run in answer.json() if run["auto_scheduled"]}) == 2

    def letters(self) -> list[tuple[object, ...]]:
        database = Database(f"sqlite:///{self.home / 'hanchot.db'}")
        try:
            with database.read() as connection:
                columns = (letter.c.item_id, letter.c.rung, letter.c.post_id, letter.c.revision)
                return sorted(map(tuple, connection.execute(sa.select(*columns))), key=repr)
        finally:
            database.close()

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(30)


@contextmanager
def running(home: Path) -> Iterator[House]:
    house = House(home)
    try:
        yield house
    finally:
        if house.process.poll() is None:
            house.end(signal.SIGTERM)


def until(look: Callable[[], T], what: str) -> T:
    """The first true answer; fails after the patience."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.2)
    raise AssertionError(f"{what}: not within {PATIENCE:.0f} s")


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_up_survives_a_kill_and_the_loss_of_prefects_database(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with running(home) as house:
        assert httpx.get(house.board, trust_env=False, follow_redirects=True).status_code < 500
        (run,) = until(house.named_runs, "one named run for the one open cycle")
        assert run["state_type"] == "PAUSED"
        assert until(house.planned, "runs of sweep and deliver planned by schedule")
        first = house.letters()
        assert first, "reminders are due on this day"
        assert len(set(first)) == len(first)
        children = _recorded(home)
        assert {name for name, _ in children} == {"prefect", "catcher", "board", "worker"}
        assert house.end(signal.SIGKILL) == -signal.SIGKILL
        assert all(born(pid) for _, pid in children), "a killed supervisor ends nothing"

    with running(home) as house:  # the second start ends what the kill left, and goes on with the same run
        assert not any(born(pid) for _, pid in children)
        (again,) = until(house.named_runs, "the same run")
        assert again["id"] == run["id"]
        assert house.letters() == first
        children = _recorded(home)
        assert house.end(signal.SIGTERM) == 0
    assert not any(born(pid) for _, pid in children), "Ctrl-C ends all that was started"

    for file in (home / "prefect").glob("prefect.db*"):
        file.unlink()
    with running(home) as house:
        (new,) = until(house.named_runs, "a new run after the loss")
        assert new["id"] != run["id"]
        assert new["state_name"] == run["state_name"]
        assert house.letters() == first


def _recorded(home: Path) -> list[tuple[str, int]]:
    return [(entry["name"], entry["pid"]) for entry in json.loads((home / "children.json").read_text())]
