"""The drain of the outbox as a Prefect task."""

from __future__ import annotations

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from hanchot import clock
from hanchot.service.mail.deliver import deliver
from tasks.house import house


@task(name="gửi thư", retries=2, retry_delay_seconds=10, cache_policy=NO_CACHE)
async def deliver_once() -> str:
    """One drain at the clock's instant. A retry is safe: each envelope is claimed by a lease before it is sent."""
    report = await deliver(house(), clock.now())
    get_run_logger().info("%s", report)
    return str(report)
