"""The only place that wires things together. Whoever opens a door takes services from here."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hanchot.service.services import Services
from hanchot.settings import Settings
from hanchot.store.db import Database
from hanchot.store.workday_files import load_workdays


def services(settings: Settings | None = None, *, create: bool = True) -> Services:
    """Database, settings and working days of one installation; the tables are created when they are missing."""
    from hanchot.service.install import install

    settings = settings or Settings()
    made = Services(Database(settings.url), settings, load_workdays(_workdays_dir(settings)))
    if create:
        install(made.db)
    return made


def in_memory(settings: Settings | None = None) -> Services:
    """The same services on a database that lives as long as they do: what simulation and unit tests run on."""
    from hanchot.service.install import install

    settings = settings or Settings()
    made = Services(Database("sqlite://"), settings, load_workdays(_workdays_dir(settings)))
    install(made.db)
    return replace(made, live=False)


def _workdays_dir(settings: Settings) -> Path:
    return settings.calendars_dir / "workdays"
