"""The power goes, at every named place of a morning's work: after the next start each person has one mail.

A mail may come twice only where the relay's reply was lost; then both copies are the same, byte for byte.
"""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from hanchot.service import audit
from hanchot.service.items import act
from hanchot.service.opening import open_cycle
from hanchot.service.services import Services
from hanchot.service.sweep import sweep
from tests import look, plans
from tests.cast import SECRETARIES, settle
from tests.conftest import NewHouse
from tests.look import at, item_id, mails_kept
from tests.mailroom import catcher

SOURCE = Path(__file__).parents[2] / "hanchot"
POINTS = sorted({name for file in SOURCE.rglob("*.py") for name in re.findall(r'\bpoint\("(\w+)"\)', file.read_text())})
TOLD = ("BAO", "YT-1", "YT-BP1", "YT", "DUK-BTC")  # chi-bo on T-3; co-so on T-7; the morning summary
MAY_COME_TWICE = {"during_data", "after_250"}

pytestmark = pytest.mark.slow


@pytest.fixture
def morning(new_house: NewHouse) -> Services:
    """T-3 on Monday 09/12/2024; the letters of the weeks before are not part of this story."""
    house = new_house("")
    settle(house.db)
    open_cycle(house, plans.plan(), at("2024-11-18 07:00"))
    for body in ("KHO", "YT-2"):
        act(house, item_id(house, body, "chi-bo"), "submit", at("2024-12-02 09:00"), actor="cán bộ")
    sweep(house, at("2024-12-08 20:00"))
    with house.db.write() as connection:
        connection.exec_driver_sql("UPDATE envelope SET state = 'accepted'")
    return house


def hanchot(house: Services, command: str, port: int, now: str, crash_at: str = "") -> int:
    """One command in a process of its own; its exit code."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("HANCHOT_")}
    wishes = {
        "HANCHOT_HOME": str(house.settings.home), "HANCHOT_NOW": now, "HANCHOT_CATCHER_PORT": str(port),
        "HANCHOT_CRASH_AT": crash_at, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-m", "hanchot", command], env=ours | wishes, capture_output=True, timeout=90, check=False
    ).returncode


def test_the_places_are_those_we_know() -> None:
    assert set(POINTS) == {"sweep_before_commit", "after_claim", "during_data", "after_250"}


@pytest.mark.parametrize("crash_at", POINTS)
def test_killed_anywhere_and_started_again_each_person_has_one_mail(morning: Services, tmp_path: Path, crash_at: str) -> None:
    with catcher(tmp_path / "mail") as port:
        codes = [hanchot(morning, command, port, "2024-12-09T08:00:00+07:00", crash_at) for command in ("sweep", "deliver")]
        assert 137 in codes
        for now in ("2024-12-09T09:00:00+07:00", "2024-12-09T10:00:00+07:00"):
            assert hanchot(morning, "sweep", port, now) == 0
            assert hanchot(morning, "deliver", port, now) == 0
    assert look.who(morning, rung="T-3", milestone="chi-bo") == ["BAO", "YT-1", "YT-BP1"]
    copies = Counter(message_from_bytes(raw)["Message-ID"] for raw in mails_kept(tmp_path / "mail"))
    people = {to(str(message_from_bytes(raw, policy=policy.default)["To"])) for raw in mails_kept(tmp_path / "mail")}
    assert people == {to(SECRETARIES[code]) for code in TOLD}  # nobody is left out
    assert len(copies) == len(people)  # one mail each
    twice = [number for number, count in copies.items() if count > 1]
    assert len(twice) <= (2 if crash_at in MAY_COME_TWICE else 0)  # one on each of the two connections
    for number in twice:
        assert len({raw for raw in mails_kept(tmp_path / "mail") if number in raw.decode("utf-8", "replace")}) == 1
    assert audit.check(morning.db).broken_at is None


def to(addressee: str) -> str:
    """The name alone, without the address."""
    return addressee.split(" <")[0].strip('"')


def test_a_database_cut_off_in_the_middle_of_writing_is_whole(morning: Services, tmp_path: Path) -> None:
    hanchot(morning, "sweep", 1, "2024-12-09T08:00:00+07:00", "sweep_before_commit")
    with closing(sqlite3.connect(morning.settings.home / "hanchot.db")) as found:
        assert found.execute("PRAGMA integrity_check").fetchone() == ("ok",)
