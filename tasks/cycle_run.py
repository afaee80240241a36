"""The body of a cycle's flow run: enter the present stage, give the run a Vietnamese name, suspend."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from prefect import asuspend_flow_run, get_client
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import State, StateDetails, StateType
from prefect.exceptions import Pause
from prefect.runtime import flow_run

from hanchot import clock
from hanchot.domain.instants import end_of
from hanchot.domain.stage import Stage
from hanchot.service import progress
from hanchot.service.progress import CycleProgress
from tasks.house import house
from tasks.stages import STAGE_TASKS

# Prefect fails a suspended run whose timeout has passed. Half a year past the cycle's end is time enough for a
# cycle that drags on, and the sweep makes a new run for one that drags on longer.
GRACE = timedelta(days=183)
NO_STAGE = "none"


async def follow(code: str) -> str:
    """Run from the top at every resume: nothing is remembered here, our database says which stage it is."""
    now = clock.now()
    cycle = progress.of(house().db, code, now)
    if cycle.state == "closed":
        return f"{cycle.title}: đợt đã kết thúc"
    if cycle.stage is not None:
        await STAGE_TASKS[cycle.stage](code)
    try:
        await asuspend_flow_run(timeout=seconds_to_wait(cycle, now), key=suspend_key(cycle.stage))
    except Pause as pause:  # the run is suspended now: say in its list what it waits for
        async with get_client() as client:
            await name_run(client, UUID(str(flow_run.id)), pause.state, cycle)
        raise
    return cycle.headline


def seconds_to_wait(cycle: CycleProgress, now: datetime) -> int:
    """Seconds from ``now`` to half a year past the cycle's last day, and never less than half a year."""
    left = end_of(cycle.ends_on) - now if cycle.ends_on else timedelta(0)
    return int((max(left, timedelta(0)) + GRACE).total_seconds())


def suspend_key(stage: Stage | None) -> str:
    """The stage, which the sweep reads back, and a mark that is never used twice.

    Prefect takes a second suspension under the same key for one that is over, and lets the run go on.
    """
    return f"{stage.value if stage else NO_STAGE}.{uuid4().hex}"


async def name_run(client: PrefectClient, run_id: UUID, state: State[object] | None, cycle: CycleProgress) -> None:
    """Show stage, progress and overrun in the state's name and in the tags; the run stays resumable."""
    details = state.state_details if state else StateDetails()
    named = State[object](type=StateType.PAUSED, name=cycle.headline, state_details=details)
    await client.set_flow_run_state(run_id, named, force=True)
    await client.update_flow_run(run_id, tags=list(cycle.tags))
