"""When the department's morning summary is written."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from hanchot.domain.instants import at_local, local_day
from hanchot.domain.workdays import WorkCalendar

SUMMARY_AT = time(7, 30)


def next_summary(now: datetime, workdays: WorkCalendar) -> datetime:
    """The next working morning at 07:30 local time, strictly after ``now``; in UTC."""
    day = workdays.at_or_after(local_day(now))
    moment = at_local(day, SUMMARY_AT)
    return moment if moment > now else at_local(workdays.at_or_after(day + timedelta(days=1)), SUMMARY_AT)
