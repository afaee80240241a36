"""Every fifteen minutes: one sweep by our service, then Prefect's picture of the cycles is brought up to date."""

from __future__ import annotations

import asyncio

from prefect import flow

from tasks.mirror import mirror
from tasks.overruns import announce
from tasks.sweep import sweep_once


@flow(name="sweep", flow_run_name="quét")
async def sweep() -> str:
    """Plan what is due, then mirror the open cycles; safe to run at any time, any number of times.

    The letters are committed before Prefect is touched, so a broken mirror costs no letter.
    """
    report = await sweep_once()
    steps = await mirror()
    announce(report.overruns)
    if report.nothing and not steps:
        return "không có việc gì"
    return f"{report.letters} tin, {report.envelopes} thư, {len(report.overruns)} bước quá hạn, {steps} thay đổi"


if __name__ == "__main__":
    asyncio.run(sweep())
