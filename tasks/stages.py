"""One Prefect task per stage: what the stage looks like now, as artifacts of the cycle's run."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from prefect import Task, get_run_logger, task
from prefect.cache_policies import NO_CACHE

from hanchot import clock
from hanchot.domain.stage import STAGES, Stage
from hanchot.service import progress
from tasks.artifacts import publish
from tasks.house import house


# Not cached: a stage that was reopened is entered a second time, and must be looked at a second time.
@task(retries=2, retry_delay_seconds=5, cache_policy=NO_CACHE)
async def enter(code: str) -> str:
    """Publish progress, the table of stages and the link to the board; returns the headline in Vietnamese."""
    here = house()
    cycle = progress.of(here.db, code, clock.now())
    await publish(cycle, here.settings.board)
    get_run_logger().info("%s: %s", cycle.title, cycle.headline)
    return cycle.headline


def _task_of(stage: Stage) -> Task[[str], Coroutine[Any, Any, str]]:
    name = f"{stage.position + 1}. {stage.vi.capitalize()}"
    return enter.with_options(name=name, task_run_name=name)


STAGE_TASKS = {stage: _task_of(stage) for stage in STAGES}
