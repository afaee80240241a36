"""New overruns as Prefect events, which automations of the open-source server can act on."""

from __future__ import annotations

from collections.abc import Iterable

from prefect.events import emit_event

from hanchot.service.stages import Overrun

OVERRUN = "hanchot.stage.overrun"
RESOURCE = "hanchot.cycle."


def announce(overruns: Iterable[Overrun]) -> None:
    """Emit one event per overrun: counts only, no names, since everybody with Prefect's one password reads events.

    Events live seven days and may be dropped: they only speed things up, and no deadline depends on them.
    """
    for late in overruns:
        emit_event(
            event=OVERRUN,
            resource={
                "prefect.resource.id": RESOURCE + late.cycle,
                "prefect.resource.name": late.cycle,
                "hanchot.stage": late.stage.value,
            },
            payload={"late": late.late, "done": late.done, "total": late.total},
        )
