"""What a cycle's run shows on Prefect's own pages: progress, stages, link to the board. Counts, never names."""

from __future__ import annotations

from uuid import UUID

from prefect.artifacts import (
    acreate_link_artifact,
    acreate_progress_artifact,
    acreate_table_artifact,
    aupdate_progress_artifact,
)
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId, ArtifactFilterType
from prefect.client.schemas.sorting import ArtifactSort

from hanchot.service.progress import CycleProgress, StageProgress

_STATES = {"pending": "chưa mở", "open": "đang làm", "closed": "đã xong"}


def _key(cycle: CycleProgress, what: str) -> str:
    """Prefect takes lower-case letters, digits and dashes only."""
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in f"{cycle.code}-{what}".lower())


def percent(cycle: CycleProgress) -> float:
    """Share of the present stage's duties that are done, 0 to 100; a stage without duties counts as done."""
    stage = next((s for s in cycle.stages if s.stage == cycle.stage), None)
    if stage is None or stage.total == 0:
        return 100.0
    return round(100.0 * stage.done / stage.total, 1)


def _row(stage: StageProgress) -> dict[str, object]:
    return {
        "Bước": stage.stage.vi.capitalize(),
        "Tình trạng": _STATES[stage.state],
        "Đã xong": f"{stage.done}/{stage.total}",
        "Quá hạn": stage.late,
        "Hạn": f"hết ngày {stage.last_day:%d/%m/%Y}" if stage.last_day else "chưa định",
    }


async def publish(cycle: CycleProgress, board_url: str) -> None:
    """Write the three artifacts into the run that is executing now."""
    await acreate_progress_artifact(percent(cycle), key=_key(cycle, "tien-do"), description=cycle.headline)
    await acreate_table_artifact([_row(stage) for stage in cycle.stages], key=_key(cycle, "cac-buoc"), description=cycle.title)
    await acreate_link_artifact(
        f"{board_url}/cycles/{cycle.code}", key=_key(cycle, "bang"), link_text=f"Mở bảng theo dõi: {cycle.title}"
    )


async def refresh(client: PrefectClient, run_id: UUID, cycle: CycleProgress) -> None:
    """Bring the progress artifact of a suspended run up to date; a run that has none yet is left alone."""
    found = await client.read_artifacts(
        artifact_filter=ArtifactFilter(
            flow_run_id=ArtifactFilterFlowRunId(any_=[run_id]), type=ArtifactFilterType(any_=["progress"])
        ),
        sort=ArtifactSort.CREATED_DESC,
        limit=1,
    )
    for newest in found:
        await aupdate_progress_artifact(newest.id, percent(cycle), cycle.headline, client=client)
