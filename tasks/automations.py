"""The automations that Prefect's open-source server runs for us; found by name, so that making them twice is safe."""

from __future__ import annotations

from datetime import timedelta

from prefect.automations import AutomationCore, EventTrigger, Posture
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState, RunDeployment
from prefect.events.schemas.events import ResourceSpecification

from tasks.overruns import OVERRUN, RESOURCE

# Prefect's advice is three missed heartbeats, which come every 180 seconds.
SILENCE = timedelta(seconds=540)
_BEAT = "prefect.flow-run.heartbeat"


def crash_zombies() -> AutomationCore:
    """A run whose process was killed stays "Running" and blocks every later one: after nine silent minutes, crash it.

    Any later event of the run counts as a sign of life, suspension included: a suspended cycle is not a zombie.
    """
    return AutomationCore(
        name="Hạn Chót: dọn lượt chạy chết",
        description="Lượt chạy im lặng 9 phút (tiến trình đã mất) được ghi là Crashed để không chặn lượt sau.",
        trigger=EventTrigger(
            after={_BEAT},
            expect={"prefect.flow-run.*"},
            match=ResourceSpecification({"prefect.resource.id": "prefect.flow-run.*"}),
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=SILENCE,
        ),
        actions=[ChangeFlowRunState(state=StateType.CRASHED, message="Không còn dấu hiệu sống: tiến trình đã mất.")],
    )


async def send_on_overrun(client: PrefectClient) -> AutomationCore:
    """An overrun sends its escalations at once instead of with the next drain. Needs the deployment ``deliver``."""
    deliver = await client.read_deployment_by_name("deliver/deliver")
    return AutomationCore(
        name="Hạn Chót: bước quá hạn thì gửi thư ngay",
        description="Sự kiện hanchot.stage.overrun làm chạy ngay deployment deliver.",
        trigger=EventTrigger(
            expect={OVERRUN},
            match=ResourceSpecification({"prefect.resource.id": RESOURCE + "*"}),
            posture=Posture.Reactive,
            threshold=1,
            within=timedelta(0),
        ),
        actions=[RunDeployment(source="selected", deployment_id=deliver.id)],
    )


async def ensure(client: PrefectClient) -> None:
    """Create both automations, or bring those of the same name up to date."""
    for wanted in (crash_zombies(), await send_on_overrun(client)):
        present = await client.read_automations_by_name(wanted.name)
        if not present:
            await client.create_automation(wanted)
            continue
        await client.update_automation(present[0].id, wanted)
        for double in present[1:]:
            await client.delete_automation(double.id)
