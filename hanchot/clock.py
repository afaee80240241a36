"""The only reader of the wall clock. Everything else is handed ``now``.

``HANCHOT_NOW`` fixes the clock at an instant. ``HANCHOT_CLOCK`` makes it run from an instant at another speed:
``2024-11-18T07:00:00+07:00@1732000000x720`` began at that local time when the real clock showed 1732000000 and runs
720 times as fast; every process that sees the variable shows the same time.
"""

from __future__ import annotations

import os
import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hanchot.domain.errors import HanChotError
from hanchot.domain.instants import parse_instant

_VIRTUAL = re.compile(r"(?P<start>.+)@(?P<real>\d+(?:\.\d+)?)x(?P<speed>\d+(?:\.\d+)?)")


def now() -> datetime:
    """The present instant, in UTC, to the second."""
    if fixed := os.environ.get("HANCHOT_NOW"):
        return parse_instant(fixed)
    if virtual := os.environ.get("HANCHOT_CLOCK"):
        return _virtual(virtual)
    return real()


def real() -> datetime:
    """The machine's own clock, in UTC, to the second, whatever the variables say."""
    return datetime.now(UTC).replace(microsecond=0)


def is_overridden() -> bool:
    """True when a person has chosen the time, so that a jump is meant and nothing need be held."""
    return bool(os.environ.get("HANCHOT_NOW") or os.environ.get("HANCHOT_CLOCK"))


def virtual_setting(start: datetime, speed: float) -> str:
    """A value for ``HANCHOT_CLOCK`` that begins at ``start`` now."""
    return f"{start.isoformat()}@{time.time():.3f}x{speed:g}"


def steady() -> tuple[str, float]:
    """(identity of this boot, seconds on a clock that nobody can set). The identity is empty where none is known."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return boot, time.clock_gettime(time.CLOCK_BOOTTIME)
    except (OSError, AttributeError):  # not Linux
        return "", time.monotonic()


def _virtual(text: str) -> datetime:
    found = _VIRTUAL.fullmatch(text)
    if not found:
        raise HanChotError(f"HANCHOT_CLOCK “{text}” không đúng dạng.", way_out="Viết <thời điểm>@<giây thực>x<tốc độ>.")
    passed = max(0.0, time.time() - float(found["real"])) * float(found["speed"])
    return (parse_instant(found["start"]) + timedelta(seconds=passed)).replace(microsecond=0)
