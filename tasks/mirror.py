"""Prefect's picture of the open cycles, brought up to date: gather both sides, decide, apply.

Prefect is never the truth. A missing run is made again, whether its database was wiped or a person deleted it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from prefect import get_client, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import FlowFilter, FlowFilterName, FlowRunFilter, FlowRunFilterState
from prefect.client.schemas.filters import FlowRunFilterStateType as StateTypeFilter
from prefect.client.schemas.objects import TERMINAL_STATES, FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.states import Cancelled

from hanchot import clock
from hanchot.service import cycles, progress
from hanchot.service.progress import CycleProgress
from hanchot.service.services import Services
from tasks.artifacts import refresh
from tasks.cycle_run import NO_STAGE, name_run
from tasks.house import house

FLOW_OF = {"annual": "annual_cycle", "quarterly": "quarterly_cycle"}
_PAGE = 200  # Prefect's own limit


@dataclass(frozen=True)
class Seen:
    """A living run as Prefect shows it; ``stage`` is what a suspended run waits in, None while it is executing."""

    run_id: UUID
    code: str
    stage: str | None
    name: str
    tags: frozenset[str]


@dataclass(frozen=True)
class Create:
    cycle: CycleProgress


@dataclass(frozen=True)
class Adopt:
    """A living run that our database does not know: the link on the board must lead to it."""

    run_id: UUID
    code: str


@dataclass(frozen=True)
class Resume:
    run_id: UUID


@dataclass(frozen=True)
class Rename:
    run_id: UUID
    cycle: CycleProgress


@dataclass(frozen=True)
class Drop:
    """A second run of the same cycle, such as one that was started by hand."""

    run_id: UUID


Step = Create | Adopt | Resume | Rename | Drop


def decide(open_cycles: Iterable[CycleProgress], seen: Iterable[Seen]) -> tuple[Step, ...]:
    """What makes Prefect show what is true; empty when it already does. Pure.

    A suspended run whose cycle is no longer open is resumed, so that it ends by itself.
    """
    runs: dict[str, list[Seen]] = {}
    for run in seen:
        runs.setdefault(run.code, []).append(run)
    steps: list[Step] = []
    for cycle in open_cycles:
        known = UUID(cycle.run_id) if cycle.run_id else None
        mine = sorted(runs.pop(cycle.code, []), key=lambda run: (run.run_id != known, run.run_id.hex))
        if not mine:
            steps.append(Create(cycle))
            continue
        if mine[0].run_id != known:
            steps.append(Adopt(mine[0].run_id, cycle.code))
        steps += [*_bring_up(cycle, mine[0]), *(Drop(run.run_id) for run in mine[1:])]
    steps += [Resume(run.run_id) for left in runs.values() for run in left if run.stage is not None]
    return tuple(steps)


def _bring_up(cycle: CycleProgress, run: Seen) -> tuple[Step, ...]:
    if run.stage is None:  # executing: it reads our database itself
        return ()
    if run.stage != (cycle.stage.value if cycle.stage else NO_STAGE):
        return (Resume(run.run_id),)
    if (run.name, run.tags) != (cycle.headline, frozenset(cycle.tags)):
        return (Rename(run.run_id, cycle),)
    return ()


async def living_runs(client: PrefectClient) -> dict[UUID, FlowRun]:
    """Every run of a cycle that has not ended, by id."""
    found: dict[UUID, FlowRun] = {}
    living = FlowRunFilter(state=FlowRunFilterState(type=StateTypeFilter(not_any_=sorted(TERMINAL_STATES))))
    while True:
        page = await client.read_flow_runs(
            flow_filter=FlowFilter(name=FlowFilterName(any_=list(FLOW_OF.values()))),
            flow_run_filter=living,
            sort=FlowRunSort.ID_DESC,
            limit=_PAGE,
            offset=len(found),
        )
        found |= {run.id: run for run in page}
        if len(page) < _PAGE:
            return found


def see(run: FlowRun) -> Seen:
    """The part of a flow run that :func:`decide` looks at."""
    state = run.state
    waits = state is not None and state.type == StateType.PAUSED
    key = (state.state_details.pause_key or "") if state and waits else ""
    return Seen(
        run_id=run.id,
        code=str(run.parameters.get("code", "")),
        stage=key.partition(".")[0] if waits else None,
        name=(state.name or "") if state else "",
        tags=frozenset(run.tags),
    )


@task(name="soi vào Prefect", retries=3, retry_delay_seconds=[2, 5, 15], cache_policy=NO_CACHE)
async def mirror() -> int:
    """Create, resume, rename and drop runs until Prefect shows our open cycles; returns the number of changes."""
    here = house()
    async with get_client() as client:
        runs = await living_runs(client)
        steps = decide(progress.open_cycles(here.db, clock.now()), map(see, runs.values()))
        for step in steps:
            await _apply(client, here, runs, step)
    return len(steps)


async def _apply(client: PrefectClient, here: Services, runs: dict[UUID, FlowRun], step: Step) -> None:
    log = get_run_logger()
    match step:
        case Create(cycle):
            run = await create_run(client, cycle)
            cycles.remember_run(here, cycle.code, str(run.id))
            log.info("%s: lượt chạy mới %s", cycle.code, run.id)
        case Adopt(run_id, code):
            cycles.remember_run(here, code, str(run_id))
        case Resume(run_id):
            await client.resume_flow_run(run_id)
            log.info("%s: chạy tiếp", runs[run_id].name)
        case Rename(run_id, cycle):
            await name_run(client, run_id, runs[run_id].state, cycle)
            await refresh(client, run_id, cycle)
        case Drop(run_id):
            await client.set_flow_run_state(run_id, Cancelled(message="Đợt này đã có một lượt chạy."), force=True)


async def create_run(client: PrefectClient, cycle: CycleProgress) -> FlowRun:
    """The one living run of a cycle, made at most once however many sweeps ask for it.

    The key is the cycle and the run before this one, so a run that has ended is followed by exactly one other.
    """
    name = FLOW_OF[cycle.kind]
    deployment = await client.read_deployment_by_name(f"{name}/{name}")
    before = cycle.run_id or "first"
    while True:
        run = await client.create_flow_run_from_deployment(
            deployment.id,
            name=f"{cycle.code} · {cycle.title}",  # titles of different plans begin with the same words
            parameters={"code": cycle.code},
            tags=cycle.tags,
            idempotency_key=f"{cycle.code}:{before}",
        )
        if run.state is None or not run.state.is_final():
            return run
        before = str(run.id)
