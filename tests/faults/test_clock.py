"""The server's own time zone changes nothing, and the clock can be chosen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hanchot import clock
from hanchot.domain.errors import HanChotError
from hanchot.domain.instants import local_day, local_iso
from tests.look import at

ZONES = ("UTC", "America/New_York", "Asia/Tokyo", "Asia/Ho_Chi_Minh")
YEAR = """
import json
from pathlib import Path
from hanchot import bootstrap
from hanchot.service.people import Habits
from hanchot.service.simulate import simulate
from hanchot.settings import Settings
from tests import plans
made = simulate(bootstrap.in_memory(Settings(_env_file=None, home=Path("nha"))), plans.plan(), units=9,
                habits=Habits(overrun=0.3))
print(json.dumps(made.to_json(), ensure_ascii=False))
"""


def letters_in(zone: str, folder: Path) -> str:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("HANCHOT_")}
    here = str(Path(__file__).parents[2])
    wishes = {"TZ": zone, "PYTHONPATH": os.pathsep.join([here, *(p for p in sys.path if p)])}
    run = subprocess.run(
        [sys.executable, "-c", YEAR], env=ours | wishes, cwd=folder, capture_output=True, text=True, timeout=90, check=True
    )
    return run.stdout


@pytest.mark.slow
def test_the_zone_of_the_server_changes_no_letter(tmp_path: Path) -> None:
    years = {zone: letters_in(zone, tmp_path) for zone in ZONES}
    assert len(set(years.values())) == 1
    assert len(json.loads(years["UTC"])["letters"]) > 50


@pytest.mark.parametrize("zone", ZONES)
def test_the_edge_of_the_day_is_the_local_one(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """00:00 to 07:00 in Việt Nam is still yesterday in UTC."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert str(local_day(at("2024-12-13 00:00"))) == "2024-12-13"
        assert str(local_day(at("2024-12-12 23:59:59"))) == "2024-12-12"
        assert local_iso(at("2024-12-13 06:59")) == "2024-12-13T06:59:00+07:00"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_chosen_instant_is_the_only_time_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANCHOT_NOW", "2024-12-12T08:00")
    assert clock.now() == at("2024-12-12 08:00") and clock.is_overridden()


def test_a_virtual_clock_runs_at_its_own_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    start = at("2024-11-18 07:00")
    monkeypatch.setenv("HANCHOT_CLOCK", clock.virtual_setting(start, 3600))
    first = clock.now()
    assert clock.is_overridden() and start <= first
    deadline = time.monotonic() + 10
    while clock.now() == first and time.monotonic() < deadline:
        pass
    assert clock.now() > first  # an hour passes in a second


def test_a_clock_that_cannot_be_read_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANCHOT_CLOCK", "mai")
    with pytest.raises(HanChotError, match="“mai” không đúng dạng"):
        clock.now()


def test_nobody_has_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HANCHOT_NOW", raising=False)
    assert not clock.is_overridden()
    assert abs((clock.now() - clock.real()).total_seconds()) <= 2
