"""Letting a cycle run day by day on a clock of ours: the same sweep and the same people, whoever reads the time.

Each local day has three moments: 08:00 sweep, 19:30 people act, 20:00 sweep. A simulation runs them on a database in
memory; a live run on the same clock runs them on a real one, with real mail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

from hanchot.domain.deadline import DATED
from hanchot.domain.instants import at_local
from hanchot.domain.plan import Period, Plan, resolve_milestone
from hanchot.domain.workdays import WorkCalendar
from hanchot.service.people import Agenda, act_today
from hanchot.service.services import Services
from hanchot.service.sweep import SweepReport, sweep

MORNING, ACTING, EVENING = time(8), time(19, 30), time(20)
LEAD_IN = timedelta(days=21)
RUN_OUT = timedelta(days=30)


def dated_days(plan: Plan, period: Period, workdays: WorkCalendar) -> list[date]:
    """The last days of the dated milestones of a plan, in order; a date that the plan itself makes doubtful is left out."""
    found = (
        resolve_milestone(plan, m, period, workdays)
        for m in plan.of_period(period.kind)
        if m.deadline.kind in DATED and not m.doubt
    )
    return sorted(due.last_day for due in found if due.last_day)


def span(plan: Plan, period: Period, workdays: WorkCalendar) -> tuple[date, date]:
    """First and last local day of a run: three weeks before the first dated milestone to a month after the last."""
    days = dated_days(plan, period, workdays)
    if not days:  # a period without a printed date, such as a quarter: from the first day after it
        year, quarter = period.year, period.quarter or 4
        first = date(year + quarter // 4, quarter % 4 * 3 + 1, 1)
        return workdays.at_or_after(first), first + 2 * RUN_OUT
    start = plan.starts or workdays.at_or_after(days[0] - LEAD_IN)
    return start, days[-1] + RUN_OUT


def moments(start: date, end: date) -> Iterator[tuple[datetime, bool]]:
    """Every moment of a run in order, in UTC; True where people act."""
    day = start
    while day <= end:
        yield at_local(day, MORNING), False
        yield at_local(day, ACTING), True
        yield at_local(day, EVENING), False
        day += timedelta(days=1)


def run(
    services: Services, agenda: Agenda, start: date, end: date, *, after_sweep: Callable[[datetime, SweepReport], None]
) -> int:
    """Run from ``start`` to ``end`` (local days, both counted); returns the number of sweeps."""
    sweeps = 0
    for now, acting in moments(start, end):
        if acting:
            act_today(services, agenda, now)
        else:
            after_sweep(now, sweep(services, now))
            sweeps += 1
    return sweeps
