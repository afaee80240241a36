"""The yearly cycle on Prefect's dashboard: one run per cycle, one task per stage, suspended in between."""

from __future__ import annotations

from prefect import flow

from tasks.cycle_run import follow


@flow(name="annual_cycle", persist_result=True)
async def annual_cycle(code: str) -> str:
    """Show the present stage of the cycle ``code`` and suspend until the sweep sees that the stage has moved.

    ``code`` is a cycle's code, such as ``khoi-binh-thuan-2026``. Ends when our database says that the cycle is closed.
    """
    return await follow(code)
