"""Prefect sees counts and stages, and nothing of anybody: no name, level, vote, reason or complaint in whatever it keeps."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun

from flows.sweep import sweep
from hanchot.domain.instants import parse_instant
from hanchot.service import progress
from hanchot.service.items import act
from hanchot.service.judging.complaints import Complaint, register
from hanchot.service.judging.deciding import Paper, confirm_decision, draft_decision
from hanchot.service.judging.guards import Line
from hanchot.service.judging.ratings import Judgement
from hanchot.service.services import Services
from hanchot.store.tables import cycle_milestone, letter, person, work_item
from tasks import house as house_module
from tests.cast import settle
from tests.flows.conftest import execute
from tests.judging import CELL, DAY, EXCELLENT, GOOD, appraised, both_rounds, cell_of

NOW = "2024-12-20T09:00:00+07:00"
NAME = "Tô Thị Bí Ẩn"
REASON = "sáng kiến kín ZQX"
# Words that only judging uses; codes of levels as JSON would show them.
SECRETS = (
    NAME, "Đảng viên M0", REASON, "khiếu nại kín ZQY", "05-QĐ/KÍN", "hoàn thành tốt", "hoàn thành xuất sắc", "xuất sắc",
    '"good"', '"excellent"', "phiếu", "01-BB",
)  # fmt: skip


@pytest.fixture
def judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """A cycle in which a cell has voted on ten, two are decided, and one complains."""
    monkeypatch.setenv("HANCHOT_HOME", str(tmp_path))
    monkeypatch.setenv("HANCHOT_NOW", NOW)
    house, now = house_module.house(), parse_instant(NOW)
    settle(house.db)
    members = cell_of(house, 10)
    with house.db.write() as connection:
        connection.execute(sa.update(person).where(person.c.code == "M01").values(name=NAME))
    appraised(house, members)
    both_rounds(house, members, members[:1])
    lines = (Line(members[0], Judgement(EXCELLENT, reason=REASON)), Line(members[1], Judgement(GOOD, reason=REASON)))
    made = draft_decision(house, Paper(CELL, "05-QĐ/KÍN", DAY, lines), now, actor="Hòa")
    confirm_decision(house, made.id, now, actor="Lan")
    register(house, members[1], Complaint("Đảng viên M02", DAY, "khiếu nại kín ZQY"), now, actor="Hòa")
    yield house
    house.db.close()


def do_everything(house: Services, stage: str) -> None:
    """Every unit finishes a stage, so that the flow goes on to the next."""
    with house.db.read() as connection:
        query = sa.select(work_item.c.id).join(cycle_milestone, cycle_milestone.c.id == work_item.c.milestone_id)
        ids = list(connection.execute(query.where(cycle_milestone.c.stage == stage)).scalars())
    for item_id in ids:
        act(house, item_id, "submit", parse_instant(NOW), actor="thử nghiệm")


async def all_of(read: Callable[..., Awaitable[Sequence[Any]]]) -> list[Any]:
    """Every page of one kind; other tests use the same server."""
    found: list[Any] = []
    while page := await read(limit=200, offset=len(found)):
        found += page
    return found


async def everything(client: PrefectClient) -> list[dict[str, Any]]:
    """All that the server keeps: runs with their parameters and states, artifacts, logs, events."""
    runs: list[FlowRun] = await all_of(client.read_flow_runs)
    found = [*runs, *await all_of(client.read_task_runs), *await all_of(client.read_artifacts), *await all_of(client.read_logs)]
    for run in runs:
        found += await client.read_flow_run_states(run.id)
    rows = [one.model_dump(mode="json") for one in found]
    page = (await client._client.post("/events/filter", json={"limit": 50, "filter": {}})).json()
    rows += page["events"]
    while page["next_page"]:
        page = (await client._client.get(page["next_page"])).json()
        rows += page["events"]
    return rows


async def test_prefect_keeps_nothing_of_anybody(client: PrefectClient, judged: Services) -> None:
    await sweep()
    [cycle] = progress.open_cycles(judged.db, parse_instant(NOW))
    assert cycle.run_id is not None
    await execute(await client.read_flow_run(UUID(cycle.run_id)))
    do_everything(judged, "prepare")
    await sweep()
    [cycle] = progress.open_cycles(judged.db, parse_instant(NOW))
    await execute(await client.read_flow_run(UUID(str(cycle.run_id))))
    with judged.db.read() as connection:
        told = connection.execute(sa.select(letter.c.id).where(letter.c.tone == "result")).all()
    assert told, "the sweep had letters about results in hand"

    kept = await everything(client)
    mine = [one for one in kept if cycle.code in json.dumps(one, ensure_ascii=False)]
    assert mine, "the server knows the cycle"
    for one in kept:
        said = json.dumps(one, ensure_ascii=False)
        for secret in SECRETS:
            assert secret.casefold() not in said.casefold(), (secret, one.get("name") or one.get("event"))
