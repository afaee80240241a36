"""Deployments and automations: one set, however often they are made."""

from __future__ import annotations

from datetime import timedelta

from prefect.automations import EventTrigger
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.schedules import CronSchedule
from prefect.states import Running

from tasks.automations import crash_zombies
from tasks.deploy import crash_leftovers, deploy


async def test_deploying_twice_leaves_one_of_each(client: PrefectClient) -> None:
    await deploy()
    deployments = {d.name: d for d in await client.read_deployments()}
    assert set(deployments) == {"sweep", "deliver", "renew_plan", "annual_cycle", "quarterly_cycle"}
    assert {str(d.entrypoint) for d in deployments.values()} == {f"flows.{name}.{name}" for name in deployments}
    assert len(await client.read_automations()) == 2


async def test_schedules_are_local_and_overlapping_runs_are_cancelled(client: PrefectClient) -> None:
    deployments = {d.name: d for d in await client.read_deployments()}
    assert {name: [_cron(s.schedule) for s in d.schedules] for name, d in deployments.items()} == {
        "sweep": [("*/15 * * * *", "Asia/Ho_Chi_Minh")],
        "deliver": [("*/5 * * * *", "Asia/Ho_Chi_Minh")],
        "renew_plan": [("0 8 1 10 *", "Asia/Ho_Chi_Minh")],
        "annual_cycle": [],
        "quarterly_cycle": [],
    }
    for name in ("sweep", "deliver"):
        limit, options = deployments[name].global_concurrency_limit, deployments[name].concurrency_options
        assert limit is not None and limit.limit == 1
        assert options is not None and options.collision_strategy == "CANCEL_NEW"


async def test_runs_that_a_kill_left_behind_are_crashed(client: PrefectClient) -> None:
    deployment = await client.read_deployment_by_name("renew_plan/renew_plan")
    run = await client.create_flow_run_from_deployment(deployment.id)
    await client.set_flow_run_state(run.id, Running(), force=True)
    assert await crash_leftovers(client) >= 1
    left = await client.read_flow_run(run.id)
    assert left.state is not None and left.state.is_crashed()


def test_a_suspended_cycle_is_no_zombie() -> None:
    trigger = crash_zombies().trigger
    assert isinstance(trigger, EventTrigger)
    assert "prefect.flow-run.*" in trigger.expect, "suspension, too, is a sign of life"
    assert trigger.within >= timedelta(seconds=540)


def _cron(schedule: object) -> tuple[str, str | None]:
    assert isinstance(schedule, CronSchedule)
    return schedule.cron, schedule.timezone
