"""Named places where a test may kill the process, to see what a power cut there would leave behind."""

from __future__ import annotations

import os

_CRASH_AT = os.environ.get("HANCHOT_CRASH_AT", "")


def point(name: str) -> None:
    """Does nothing, unless HANCHOT_CRASH_AT names this place: then the process is gone, as after kill -9."""
    if _CRASH_AT and name == _CRASH_AT:
        os._exit(137)
