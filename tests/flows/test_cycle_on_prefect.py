"""A cycle on a real Prefect server: one run, one task per stage, a Vietnamese name, and never the truth itself."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId, FlowRunFilter, FlowRunFilterId
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.states import Cancelled

from flows.sweep import sweep
from hanchot.service import cycles, progress
from hanchot.service.items import act
from hanchot.service.progress import CycleProgress
from hanchot.service.services import Services
from hanchot.store.tables import cycle_milestone, letter, work_item
from tests.flows.conftest import execute


async def run_of(client: PrefectClient, here: Services, now: datetime) -> tuple[CycleProgress, FlowRun]:
    (cycle,) = progress.open_cycles(here.db, now)
    assert cycle.run_id is not None
    return cycle, await client.read_flow_run(UUID(cycle.run_id))


async def tasks_of(client: PrefectClient, run: FlowRun) -> list[str]:
    wanted = FlowRunFilter(id=FlowRunFilterId(any_=[run.id]))
    return sorted(task.name for task in await client.read_task_runs(flow_run_filter=wanted))


def finish(here: Services, stage: str, now: datetime) -> None:
    """Every unit does everything of one stage."""
    with here.db.read() as connection:
        query = sa.select(work_item.c.id).join(cycle_milestone, cycle_milestone.c.id == work_item.c.milestone_id)
        ids = list(connection.execute(query.where(cycle_milestone.c.stage == stage)).scalars())
    for item_id in ids:
        act(here, item_id, "submit", now, actor="thử nghiệm")


async def test_a_cycles_run_follows_the_stages(client: PrefectClient, here: Services, now: datetime) -> None:
    await sweep()
    cycle, run = await run_of(client, here, now)
    assert run.name.startswith(cycle.code) and cycle.title in run.name
    await execute(run)
    cycle, run = await run_of(client, here, now)
    assert run.state is not None and run.state.type == StateType.PAUSED
    assert run.state.name == cycle.headline and set(run.tags) == set(cycle.tags)
    assert await tasks_of(client, run) == ["1. Chuẩn bị"]

    finish(here, "prepare", now)
    await sweep()  # our sweep moves the stage; the mirror resumes the run
    _, run = await run_of(client, here, now)
    assert run.state is not None and run.state.type == StateType.SCHEDULED
    await execute(run)
    cycle, run = await run_of(client, here, now)
    assert run.state is not None and run.state.name == cycle.headline and "tự đánh giá" in cycle.headline
    assert await tasks_of(client, run) == ["1. Chuẩn bị", "2. Tự đánh giá"], "no completed stage runs twice"

    cycles.close_cycle(here, cycle.code, now, actor="thử nghiệm", reason="kết thúc thử nghiệm")
    await sweep()
    await execute(await client.read_flow_run(run.id))
    ended = await client.read_flow_run(run.id)
    assert ended.state is not None and ended.state.is_completed()


async def test_a_second_sweep_changes_nothing(client: PrefectClient, here: Services, now: datetime) -> None:
    await sweep()
    _, run = await run_of(client, here, now)
    await execute(run)
    before = _letters(here)
    assert await sweep() == "không có việc gì"
    assert _letters(here) == before != []
    assert (await run_of(client, here, now))[1].id == run.id


async def test_a_run_that_was_deleted_or_cancelled_comes_back(client: PrefectClient, here: Services, now: datetime) -> None:
    await sweep()
    _, run = await run_of(client, here, now)
    before = _letters(here)
    await client.delete_flow_run(run.id)
    await sweep()
    _, second = await run_of(client, here, now)
    assert second.id != run.id
    await client.set_flow_run_state(second.id, Cancelled(), force=True)
    await sweep()
    _, third = await run_of(client, here, now)
    assert third.id not in {run.id, second.id}
    assert _letters(here) == before, "what becomes of Prefect's runs sends no letter again"


async def test_a_run_resumed_by_hand_suspends_again_in_the_same_stage(
    client: PrefectClient, here: Services, now: datetime
) -> None:
    await sweep()
    _, run = await run_of(client, here, now)
    await execute(run)
    await client.resume_flow_run(run.id)
    await execute(await client.read_flow_run(run.id))
    cycle, run = await run_of(client, here, now)
    assert run.state is not None and run.state.type == StateType.PAUSED and run.state.name == cycle.headline


async def test_artifacts_show_counts_and_lead_to_the_board(client: PrefectClient, here: Services, now: datetime) -> None:
    await sweep()
    _, run = await run_of(client, here, now)
    await execute(run)
    of_run = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run.id]))
    found = {a.type: a for a in await client.read_artifacts(artifact_filter=of_run) if a.key}
    assert set(found) == {"progress", "table", "markdown"}
    assert "Tự đánh giá" in [row["Bước"] for row in _rows(found["table"].data)]
    assert f"{here.settings.board}/cycles/" in str(found["markdown"].data)


def _rows(data: object) -> list[dict[str, object]]:
    import json

    return list(json.loads(str(data)))


def _letters(here: Services) -> list[tuple[object, ...]]:
    with here.db.read() as connection:
        rows = connection.execute(sa.select(letter.c.item_id, letter.c.rung, letter.c.post_id))
        return sorted(map(tuple, rows), key=repr)
