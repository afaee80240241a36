"""A plan's season played in minutes (``--demo-clock``): a folder and a clock of its own, so nothing real is touched."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta

from hanchot import clock
from hanchot.bootstrap import in_memory
from hanchot.domain.instants import end_of
from hanchot.service import demo
from hanchot.service.clockwork import span
from hanchot.settings import Settings
from hanchot.up.home import end_leftovers, locked

LENGTH = timedelta(minutes=5)
CURTAIN = timedelta(seconds=5)  # from the start of the clock to the first sweep


@dataclass(frozen=True)
class Play:
    """One demonstration. ``speed`` is virtual seconds per second."""

    plan: str
    start: datetime
    speed: float

    @classmethod
    def of(cls, settings: Settings, plan: str, speed: float) -> Play:
        """``speed`` 0 plays the whole season in about five minutes. Raises ``NotFound`` for an unknown plan."""
        house = in_memory(settings)
        try:
            found = demo.plan_named(house, plan)
            start = demo.start_of(house, found)
            _, last = span(found, demo.demo_period(found), house.workdays)
        finally:
            house.db.close()
        return cls(plan, start, speed or (end_of(last) - start) / LENGTH)

    def set_up(self, settings: Settings) -> Settings:
        """Point the settings at an empty folder and the local mail catcher.

        Raises ``Refused`` while another play is on.
        """
        home = settings.home / "demo"
        with locked(home):
            end_leftovers(home)
        shutil.rmtree(home)
        return settings.model_copy(update={"home": home, "database_url": "", "smtp_host": None})

    def begin(self) -> dict[str, str]:
        """Start the virtual clock for this process; returns the variable that lets children share it."""
        os.environ["HANCHOT_CLOCK"] = clock.virtual_setting(self.start - CURTAIN * self.speed, self.speed)
        return {"HANCHOT_CLOCK": os.environ["HANCHOT_CLOCK"]}
