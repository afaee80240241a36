"""Five sweeps at once, two openings at once: one wins, nothing is told twice, nothing is lost.

The promise is made by a write lock and by unique keys, so it is tried with real threads and with real processes, on
one SQLite file and on one PostgreSQL database.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from hanchot.domain.errors import AlreadyDone
from hanchot.service import audit
from hanchot.service.items import act
from hanchot.service.opening import Opened, open_cycle
from hanchot.service.services import Services
from hanchot.service.sweep import SweepReport, sweep
from hanchot.store.db import Database
from tests import look, plans
from tests.look import at, item_id, ledger, who

T_MINUS_3 = "2024-12-09T08:00:00+07:00"  # of Thursday 12/12/2024
NOW = at(T_MINUS_3)
OPEN_CELLS = ["BAO", "YT-1", "YT-BP1"]


@pytest.fixture
def t_minus_3(any_house: Services) -> Services:
    """Monday 09/12: two of the five cells are done, and everything up to now has been told."""
    open_cycle(any_house, plans.plan(), at("2024-11-18 07:00"))
    for body in ("KHO", "YT-2"):
        act(any_house, item_id(any_house, body, "chi-bo"), "submit", at("2024-12-02 09:00"), actor="cán bộ")
    sweep(any_house, at("2024-12-08 20:00"))
    assert ledger(any_house, rung="T-3", milestone="chi-bo") == []
    return any_house


def one_letter_for_each_open_cell(house: Services) -> None:
    assert who(house, rung="T-3", milestone="chi-bo") == OPEN_CELLS  # each once; the two that are done: none
    assert {row.state for row in ledger(house, rung="T-3", milestone="chi-bo")} == {"planned"}
    names = [name for name, _, leaves in look.envelopes(house) if leaves == "2024-12-09T08:00"]
    assert len(names) == len(set(names))  # one envelope for each person
    assert audit.check(house.db).broken_at is None


def test_five_threads_on_t_minus_3(t_minus_3: Services) -> None:
    start = Barrier(5)

    def one(_: int) -> SweepReport:
        mine = Services(Database(t_minus_3.db.url), t_minus_3.settings, t_minus_3.workdays)
        start.wait()
        try:
            return sweep(mine, NOW)
        finally:
            mine.db.close()

    with ThreadPoolExecutor(5) as pool:
        reports = list(pool.map(one, range(5)))
    assert sorted(report.nothing for report in reports) == [False, True, True, True, True]
    one_letter_for_each_open_cell(t_minus_3)


def hanchot(house: Services, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    """``python -m hanchot`` on the same database, as a process of its own."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("HANCHOT_")}
    wishes = {
        "HANCHOT_DATABASE_URL": house.db.url, "HANCHOT_HOME": str(house.settings.home), "HANCHOT_NOW": T_MINUS_3,
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), **environment,
    }  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-m", "hanchot", *arguments], env=ours | wishes, text=True, cwd=house.settings.home,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def outcome(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=90)
    return process.returncode, out, err


@pytest.mark.slow
def test_five_processes_on_t_minus_3(t_minus_3: Services) -> None:
    t_minus_3.settings.home.mkdir(parents=True, exist_ok=True)
    ended = [outcome(one) for one in [hanchot(t_minus_3, "sweep", "--json") for _ in range(5)]]
    assert [(code, err) for code, _, err in ended] == [(0, "")] * 5
    assert sorted(json.loads(out)["nothing"] for _, out, _ in ended) == [False, True, True, True, True]
    one_letter_for_each_open_cell(t_minus_3)


@pytest.mark.slow
def test_killed_in_the_middle_and_started_again(t_minus_3: Services) -> None:
    """The power goes just before the commit: nothing of that sweep is there, and the next one does it once."""
    t_minus_3.settings.home.mkdir(parents=True, exist_ok=True)
    before = (ledger(t_minus_3), look.envelopes(t_minus_3))
    code, _, _ = outcome(hanchot(t_minus_3, "sweep", HANCHOT_CRASH_AT="sweep_before_commit"))
    assert code == 137
    assert (ledger(t_minus_3), look.envelopes(t_minus_3)) == before
    for _ in range(2):
        code, _, err = outcome(hanchot(t_minus_3, "sweep"))
        assert (code, err) == (0, "")
    one_letter_for_each_open_cell(t_minus_3)


@pytest.mark.slow
def test_five_sweeps_of_which_two_are_killed(t_minus_3: Services) -> None:
    t_minus_3.settings.home.mkdir(parents=True, exist_ok=True)
    crash = {"HANCHOT_CRASH_AT": "sweep_before_commit"}
    running = [hanchot(t_minus_3, "sweep", **(crash if n < 2 else {})) for n in range(5)]
    codes = [outcome(one)[0] for one in running]
    assert codes[2:] == [0, 0, 0] and set(codes[:2]) <= {0, 137}
    one_letter_for_each_open_cell(t_minus_3)


def test_two_openings_at_once_one_wins(any_house: Services) -> None:
    start = Barrier(2)

    def one(_: int) -> Opened | AlreadyDone:
        mine = Services(Database(any_house.db.url), any_house.settings, any_house.workdays)
        start.wait()
        try:
            return open_cycle(mine, plans.plan(), at("2024-11-18 07:00"))
        except AlreadyDone as refused:
            return refused
        finally:
            mine.db.close()

    with ThreadPoolExecutor(2) as pool:
        ended = list(pool.map(one, range(2)))
    assert sorted(type(one).__name__ for one in ended) == ["AlreadyDone", "Opened"]
    assert sum(look.states(any_house).values()) == 20
    assert len(look.events(any_house, "cycle.opened")) == 1


def test_a_submission_and_a_sweep_at_once(t_minus_3: Services) -> None:
    """Whoever is first: the letter is either planned before the submission, or not at all."""
    start = Barrier(2)
    bao = item_id(t_minus_3, "BAO", "chi-bo")

    def swept(_: int) -> None:
        mine = Services(Database(t_minus_3.db.url), t_minus_3.settings, t_minus_3.workdays)
        start.wait()
        sweep(mine, NOW)
        mine.db.close()

    def submitted(_: int) -> None:
        mine = Services(Database(t_minus_3.db.url), t_minus_3.settings, t_minus_3.workdays)
        start.wait()
        act(mine, bao, "submit", NOW, actor="Lâm")
        mine.db.close()

    with ThreadPoolExecutor(2) as pool:
        for one in [pool.submit(swept, 0), pool.submit(submitted, 0)]:
            one.result()
    assert who(t_minus_3, rung="T-3", milestone="chi-bo") in (OPEN_CELLS, ["YT-1", "YT-BP1"])
    assert look.item(t_minus_3, "BAO", "chi-bo").next_action_at is None  # finished: never looked at again
    assert audit.check(t_minus_3.db).broken_at is None


def test_ten_submissions_of_one_item_at_once_count_once(t_minus_3: Services) -> None:
    from hanchot.domain.errors import Refused

    start = Barrier(10)
    bao = item_id(t_minus_3, "BAO", "chi-bo")

    def one(_: int) -> bool:
        mine = Services(Database(t_minus_3.db.url), t_minus_3.settings, t_minus_3.workdays)
        start.wait()
        try:
            act(mine, bao, "submit", NOW, actor="Lâm")
            return True
        except Refused:
            return False
        finally:
            mine.db.close()

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(one, range(10))) == 1
    assert look.milestone(t_minus_3, "chi-bo").finished == 3
    assert audit.check(t_minus_3.db).broken_at is None
