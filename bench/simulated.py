"""The year as ``hanchot simulate`` runs it, with the work's own days of completion in place of chance."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

from bench import work
from bench.ours import Ours
from hanchot.service.clockwork import run
from hanchot.service.mail.posting import post_all, sent
from hanchot.service.opening import open_cycle
from hanchot.service.people import Agenda, Habits
from hanchot.service.sweep import SweepReport


class AsWorked(Habits):
    """Every unit finishes on the day that the work says."""

    def finishes_on(self, unit_code: str, key: str, last_day: date) -> date:
        stage = int(key[1])
        unit = int(unit_code)
        return last_day + timedelta(days=work.done_day(unit, stage) - work.due_day(unit, stage))


class Simulated(Ours):
    """The same tree and plan in memory, run by the simulation's own clock, people and mail carrier."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, in_memory=True)

    def year(self, units: int) -> None:
        opened = open_cycle(self._services, self._plan, work.instant(work.at(0, 7)))

        def after_sweep(now: datetime, _report: SweepReport) -> None:
            post_all(self._services, now)

        last = work.calendar_day(work.DAYS - 1)
        run(self._services, Agenda(AsWorked()), work.OPENS, last, after_sweep=after_sweep)
        with self._services.db.read() as connection:
            sent(connection, opened.cycle_id)
