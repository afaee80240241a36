"""What a use case is handed."""

from __future__ import annotations

from dataclasses import dataclass

from hanchot.domain.workdays import WorkCalendar
from hanchot.settings import Settings
from hanchot.store.db import Database


@dataclass(frozen=True)
class Services:
    """One installation. ``live`` is False in simulation, where the clock is ours and nothing leaves the house."""

    db: Database
    settings: Settings
    workdays: WorkCalendar
    live: bool = True
