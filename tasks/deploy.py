"""Work pool, deployments and automations on a Prefect server; made again at every start."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from prefect import get_client
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, WorkPoolFilter, WorkPoolFilterName
from prefect.client.schemas.filters import FlowRunFilterStateType as StateTypeFilter
from prefect.client.schemas.objects import StateType
from prefect.settings import get_current_settings
from prefect.states import Crashed
from prefect.workers.process import ProcessWorker

from hanchot.domain.errors import Outside
from tasks import automations

POOL = "hanchot"
PREFECT_YAML = Path(__file__).resolve().parents[1] / "prefect.yaml"
_EXECUTING = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]


async def deploy(*, nothing_runs: bool = False) -> None:
    """Make everything that ``prefect.yaml`` names, and the automations. Safe to repeat.

    ``nothing_runs`` is the caller's word that no worker is alive: runs that look alive are what a kill left behind.
    Raises ``Outside`` when Prefect refuses a deployment.
    """
    async with get_client() as client:
        await _pool(client)
        if nothing_runs:
            await crash_leftovers(client)
        await _deployments()
        await automations.ensure(client)


async def _pool(client: PrefectClient) -> None:
    template = ProcessWorker.get_default_base_job_template()
    await client.create_work_pool(
        WorkPoolCreate(name=POOL, type=ProcessWorker.type, base_job_template=template), overwrite=True
    )


async def crash_leftovers(client: PrefectClient) -> int:
    """Mark the runs of a killed worker as crashed; returns their number (at most 200 at a time)."""
    left = await client.read_flow_runs(
        work_pool_filter=WorkPoolFilter(name=WorkPoolFilterName(any_=[POOL])),
        flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=StateTypeFilter(any_=_EXECUTING))),
    )
    for run in left:
        await client.set_flow_run_state(run.id, Crashed(message="Tiến trình đã mất từ lần chạy trước."), force=True)
    return len(left)


async def _deployments() -> None:
    """Prefect's own command reads ``prefect.yaml``: the same file and the same reading as for whoever types it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all", "--prefect-file", str(PREFECT_YAML),
        cwd=PREFECT_YAML.parent,
        # PWD fills the pull step; the rest makes the command talk to the server that this process talks to.
        env=os.environ | get_current_settings().to_environment_variables() | {"PWD": str(PREFECT_YAML.parent)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await process.communicate()
    if process.returncode:
        raise Outside(f"Prefect không nhận prefect.yaml: {said.decode(errors='replace')[-2000:]}")


if __name__ == "__main__":
    # Run by `hanchot up` before it starts its worker, while it holds the folder: nothing of ours can be executing.
    asyncio.run(deploy(nothing_runs=True))
