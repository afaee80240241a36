"""The five plans side by side on one real Prefect server: each cycle is one run, and its state's name is the headline."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import StateType

from flows.sweep import sweep
from hanchot.domain.instants import parse_instant
from hanchot.service import progress, sample
from hanchot.service.demo import SAMPLES, demo_period
from hanchot.service.opening import open_cycle
from hanchot.service.services import Services
from hanchot.store.plan_files import plans_in
from tasks import house as house_module
from tests.flows.conftest import execute

NOW = "2026-03-02T09:00:00+07:00"  # all five years are over: every one of the cycles overruns
pytestmark = pytest.mark.slow


@pytest.fixture
def five(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """Five committees in one house, each with the cycle of its plan."""
    monkeypatch.setenv("HANCHOT_HOME", str(tmp_path))
    monkeypatch.setenv("HANCHOT_NOW", NOW)
    services = house_module.house()
    for plan in plans_in(services.settings.calendars_dir):
        with services.db.read() as connection:
            before = {row[0] for row in connection.exec_driver_sql("SELECT id FROM unit WHERE parent_id IS NULL")}
        sample.make(services.db, SAMPLES[plan.organiser], cells=9, now=parse_instant(NOW))
        with services.db.read() as connection:
            query = "SELECT id, code FROM unit WHERE parent_id IS NULL"
            [root] = [code for number, code in connection.exec_driver_sql(query) if number not in before]
        open_cycle(services, plan, parse_instant(NOW), period=demo_period(plan).code, root=root)
    yield services
    services.db.close()


async def test_each_of_the_five_cycles_is_one_run_that_says_how_it_stands(client: PrefectClient, five: Services) -> None:
    now = parse_instant(NOW)
    await sweep()
    for one in progress.open_cycles(five.db, now):
        assert one.run_id is not None
        await execute(await client.read_flow_run(UUID(one.run_id)))
    await sweep()

    cycles = progress.open_cycles(five.db, now)
    assert len(cycles) == 5 and len({one.run_id for one in cycles}) == 5
    for one in cycles:
        run = await client.read_flow_run(UUID(str(one.run_id)))
        assert run.state is not None and run.state.type == StateType.PAUSED
        assert run.state.name == one.headline
        assert one.code in run.name and set(one.tags) <= set(run.tags)
    overrunning = [one.headline for one in cycles if one.headline.startswith("Quá hạn: ")]
    assert len(overrunning) == 5
