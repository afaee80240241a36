"""The yearly renewal of plans as a Prefect task."""

from __future__ import annotations

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from hanchot import clock
from hanchot.service.drafting import draft_next_year
from tasks.house import house


@task(name="dự thảo kế hoạch năm sau", retries=2, retry_delay_seconds=60, cache_policy=NO_CACHE)
async def draft_once() -> str:
    """Draft the coming year's plans; a draft that exists is never overwritten, so a retry is safe."""
    report = draft_next_year(house(), clock.now())
    get_run_logger().info("%s", report)
    return str(report)
