"""Outside Prefect: silence is noticed, the sweep is done, and the board says so until somebody sweeps again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from hanchot.bootstrap import services
from hanchot.domain.instants import parse_instant
from hanchot.service.services import Services
from hanchot.service.sweep import sweep
from hanchot.settings import Settings
from hanchot.store.tables import incident, letter
from hanchot.up import first_start
from hanchot.up.watchdog import KEY, Watchdog

NOW = "2026-11-30T09:00:00+07:00"  # the first reminders of the live plan are due


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> datetime:
    monkeypatch.setenv("HANCHOT_NOW", NOW)
    return parse_instant(NOW)


@pytest.fixture
def house(tmp_path: Path, now: datetime) -> Iterator[Services]:
    # a relay is named, so that the first start does not sweep for the local inbox; safe mode keeps every letter here
    made = services(Settings(home=tmp_path, smtp_host="127.0.0.1"))
    first_start.prepare(made)
    yield made
    made.db.close()


def _letters(house: Services) -> int:
    with house.db.read() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(letter)).scalar_one()


def _incidents(house: Services) -> list[str]:
    with house.db.read() as connection:
        query = sa.select(incident.c.message).where(incident.c.key == KEY, incident.c.resolved_at.is_(None))
        return list(connection.execute(query).scalars())


def test_silence_is_swept_and_said(house: Services) -> None:
    said: list[str] = []
    watchdog = Watchdog(house, said.append, silence=0.0)
    assert watchdog.look()
    assert _letters(house) > 0
    (message,) = _incidents(house)
    assert said == [message]


def test_a_sweep_by_prefect_settles_the_incident(house: Services, now: datetime) -> None:
    watchdog = Watchdog(house, lambda _: None, silence=0.0)
    watchdog.look()
    watchdog.silence = 3600.0
    sweep(house, now + timedelta(minutes=15))
    assert not watchdog.look()
    assert _incidents(house) == []


def test_as_long_as_sweeps_come_nothing_is_done(house: Services) -> None:
    watchdog = Watchdog(house, lambda _: None)
    assert not watchdog.look()
    assert _letters(house) == 0


def test_the_first_start_fills_an_empty_house_once(house: Services) -> None:
    assert not first_start.prepare(house), "the second start changes nothing"
