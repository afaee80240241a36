"""Each October: draft next year's plans from this year's, for a person to check and sign."""

from __future__ import annotations

from prefect import flow

from tasks.renew_plan import draft_once


@flow(name="renew_plan", flow_run_name="dự thảo kế hoạch")
async def renew_plan() -> str:
    """Write a draft plan for the coming year beside each running yearly plan; drafts already there are left alone."""
    return await draft_once()
