"""Every five minutes, and at once when a stage overruns: drain the outbox."""

from __future__ import annotations

from prefect import flow

from tasks.deliver import deliver_once


@flow(name="deliver", flow_run_name="gửi thư")
async def deliver() -> str:
    """Send what is queued and due now; envelopes held back by the window or by safe mode stay where they are."""
    return await deliver_once()
