"""A stage that overruns is an event of Prefect, and the event sends the escalations at once."""

from __future__ import annotations

import asyncio
import time

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun

from flows.deliver import deliver
from hanchot.domain.stage import Stage
from hanchot.service.stages import Overrun
from tasks.overruns import announce


async def test_an_overrun_runs_the_drain_at_once(client: PrefectClient) -> None:
    announce([Overrun("khoi-2026", Stage.SELF_ASSESS, late=3, done=6, total=9)])
    run = await _started_by_an_automation(client)
    assert run.flow_id == (await client.read_flow_by_name(deliver.name)).id


async def _started_by_an_automation(client: PrefectClient) -> FlowRun:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        for run in await client.read_flow_runs():
            if run.created_by is not None and run.created_by.type == "AUTOMATION":
                return run
        await asyncio.sleep(0.2)
    raise AssertionError("no run was started by an automation")
