"""The quarterly cycle on Prefect's dashboard; the same life as the yearly one, in a list of its own."""

from __future__ import annotations

from prefect import flow

from tasks.cycle_run import follow


@flow(name="quarterly_cycle", persist_result=True)
async def quarterly_cycle(code: str) -> str:
    """As :func:`flows.annual_cycle.annual_cycle`, for a cycle of one quarter, such as ``lung-phinh-2025-q3``."""
    return await follow(code)
