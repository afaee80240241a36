"""The sweep as a Prefect task."""

from __future__ import annotations

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from hanchot import clock
from hanchot.service.sweep import SweepReport, sweep
from tasks.house import house


@task(name="quét hạn", retries=2, retry_delay_seconds=10, cache_policy=NO_CACHE)
async def sweep_once() -> SweepReport:
    """One sweep at the clock's instant. A retry is safe: a sweep is one transaction, and a second one adds nothing."""
    report = sweep(house(), clock.now())
    log = get_run_logger()
    log.info("%d tin, %d thư, %d bỏ qua", report.letters, report.envelopes, report.skipped)
    for late in report.overruns:
        log.warning("%s: bước %s quá hạn %d/%d", late.cycle, late.stage.vi, late.late, late.total)
    return report
