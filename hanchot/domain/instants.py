"""Local days and instants: one zone, ``Asia/Ho_Chi_Minh``, whatever the server's own zone is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pendulum

ZONE = pendulum.timezone("Asia/Ho_Chi_Minh")


def local_day(instant: datetime) -> date:
    """The local calendar day of an aware instant; never ``instant.date()``, which is the day somewhere else."""
    return instant.astimezone(ZONE).date()


def local_iso(instant: datetime) -> str:
    """ISO 8601 with the local offset, to the second: ``2023-12-19T23:59:59+07:00``."""
    return instant.astimezone(ZONE).isoformat(timespec="seconds")


def at_local(day: date, clock: time) -> datetime:
    """The instant, in UTC, at which the local clock shows ``clock`` on ``day``.

    Việt Nam has no summer time, so every local time exists exactly once.
    """
    return datetime.combine(day, clock, tzinfo=ZONE).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The last instant of a local day, in UTC: 23:59:59 local, to the second."""
    return at_local(day, time(23, 59, 59))


def start_of(day: date) -> datetime:
    """The first instant of a local day, in UTC."""
    return at_local(day, time(0))


def parse_instant(text: str) -> datetime:
    """An aware instant in UTC from ISO 8601; a text without offset is read as local time."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZONE)
    return moment.astimezone(UTC)
