"""The services of this process: one set per settings, so that a long-running flow does not open a database per task."""

from __future__ import annotations

from functools import cache

from hanchot.bootstrap import services
from hanchot.service.services import Services
from hanchot.settings import Settings


def house() -> Services:
    """The services that the environment names now."""
    return _made(Settings())


@cache
def _made(settings: Settings) -> Services:
    return services(settings)
