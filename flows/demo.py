"""A plan's whole span in about five minutes: people act, sweeps sweep, letters go out. Started by ``hanchot up``."""

from __future__ import annotations

import asyncio
import time

from prefect import flow

from hanchot import clock
from hanchot.service import demo as cast
from hanchot.service import progress
from hanchot.service.progress import CycleProgress
from tasks.deliver import deliver_once
from tasks.house import house
from tasks.mirror import mirror
from tasks.overruns import announce
from tasks.sweep import sweep_once

BEAT = 0.5  # seconds between two looks; at the usual speed some hours of the play


@flow(name="demo", flow_run_name="trình diễn")
async def demo() -> str:
    """One run for the whole play, so that the dashboard still shows the cycles; ends when every stage is closed."""
    here = house()
    while _at_work(progress.open_cycles(here.db, clock.now())):
        begun = time.monotonic()
        cast.act(here, clock.now())
        report = await sweep_once()
        await mirror()
        announce(report.overruns)
        await deliver_once()
        await asyncio.sleep(max(0.0, BEAT - (time.monotonic() - begun)))
    await mirror()
    return "hết kế hoạch"


def _at_work(cycles: tuple[CycleProgress, ...]) -> bool:
    return any(stage.state != "closed" for cycle in cycles for stage in cycle.stages)


if __name__ == "__main__":
    asyncio.run(demo())
