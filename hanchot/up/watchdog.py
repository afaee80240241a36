"""Outside Prefect: when no sweep has succeeded for half an hour, sweep here and say so on the board."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable

from hanchot import clock
from hanchot.service import incidents
from hanchot.service.install import fact
from hanchot.service.mail.deliver import deliver
from hanchot.service.services import Services
from hanchot.service.sweep import sweep

SILENCE = 30 * 60.0  # seconds
KEY = "watchdog"


class Watchdog(threading.Thread):
    """Looks at our own database, never at Prefect, and measures on a clock that nobody can set."""

    def __init__(self, house: Services, say: Callable[[str], None], *, silence: float = SILENCE) -> None:
        super().__init__(name="watchdog", daemon=True)
        self.house, self.say, self.silence = house, say, silence
        self.stopping = threading.Event()
        self.seen = last_sweep(house)
        self.since = time.monotonic()

    def run(self) -> None:
        while not self.stopping.wait(min(10.0, self.silence / 3)):
            try:
                self.look()
            except Exception as error:  # the last line of defence must outlive whatever is wrong
                self.say(f"Bộ canh không quét được: {error}")
                self.since = time.monotonic()

    def stop(self) -> None:
        self.stopping.set()
        self.join(5)

    def look(self) -> bool:
        """Look once; True when it swept. A sweep by anybody else settles the incident."""
        found = last_sweep(self.house)
        if found != self.seen:
            self.seen, self.since = found, time.monotonic()
            with self.house.db.write() as connection:
                incidents.resolve(connection, KEY, clock.now())
            return False
        if time.monotonic() - self.since < self.silence:
            return False
        self._sweep()
        return True

    def _sweep(self) -> None:
        now = clock.now()
        message = f"Prefect không quét được trong {self.silence / 60:.0f} phút; hanchot up đã tự quét."
        self.say(message)
        sweep(self.house, now)
        asyncio.run(deliver(self.house, now))
        self.seen, self.since = last_sweep(self.house), time.monotonic()
        with self.house.db.write() as connection:
            incidents.report(connection, KEY, "prefect", message, now)


def last_sweep(house: Services) -> str | None:
    """When the last good sweep was, as our database has it; only compared, never computed with."""
    with house.db.read() as connection:
        return fact(connection, "last_sweep_at")
