"""One Prefect server for all flow tests, and a house of its own for each."""

from __future__ import annotations

import gc
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest
import pytest_asyncio
from prefect import get_client
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun
from prefect.exceptions import Pause
from prefect.flow_engine import run_flow_async
from prefect.settings import PREFECT_LOCAL_STORAGE_PATH, temporary_settings
from prefect.testing.utilities import prefect_test_harness

from flows.annual_cycle import annual_cycle
from hanchot.domain.instants import parse_instant
from hanchot.service import demo
from hanchot.service.services import Services
from tasks import house as house_module
from tasks.deploy import deploy

NOW = "2026-11-30T09:00:00+07:00"  # a Monday on which the first reminders of the live plan are due


# Prefect leaves sockets of its own clients to the garbage collector; its litter must not fail our tests, here or later.
LITTER = "ignore:unclosed <socket:ResourceWarning"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.filterwarnings(LITTER))


@pytest.fixture(autouse=True)
def swept_up() -> Iterator[None]:
    yield
    gc.collect()


@pytest.fixture(scope="package")  # not the session: it would go on taking its share of the machine from all other tests
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    results = {PREFECT_LOCAL_STORAGE_PATH: str(tmp_path_factory.mktemp("results"))}
    with temporary_settings(results), prefect_test_harness(server_startup_timeout=120):
        yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest_asyncio.fixture
async def client(prefect_server: None) -> AsyncIterator[PrefectClient]:
    """A Prefect server on which everything of ours is deployed."""
    async with get_client() as connected:
        if not await connected.read_deployments(limit=1):
            await deploy()
        yield connected


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> datetime:
    monkeypatch.setenv("HANCHOT_NOW", NOW)
    return parse_instant(NOW)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, now: datetime) -> Iterator[Services]:
    """A new installation with the sample committee and its live cycle; flows find it through the environment."""
    monkeypatch.setenv("HANCHOT_HOME", str(tmp_path))
    services = house_module.house()
    demo.load_live(services, now)
    yield services
    services.db.close()


async def execute(run: FlowRun) -> None:
    """Do what a worker does with a scheduled run of a cycle, in this process."""
    with suppress(Pause):
        await run_flow_async(annual_cycle, flow_run=run, parameters=run.parameters)
