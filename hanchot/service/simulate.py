"""A whole cycle on a virtual clock: every letter, escalation and stage, before anything is sent for real.

It runs on a database in memory, with the same opening, sweep, transitions and delivery decisions as a live run.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path

import sqlalchemy as sa

from hanchot.domain.instants import at_local, local_iso
from hanchot.domain.plan import Period, Plan
from hanchot.service import sample
from hanchot.service.clockwork import run, span
from hanchot.service.demo import SAMPLES, demo_period
from hanchot.service.mail.posting import Sent, post_all, sent
from hanchot.service.opening import Opened, open_cycle
from hanchot.service.org.copying import copy_org
from hanchot.service.org.importing import import_org
from hanchot.service.people import Agenda, Habits
from hanchot.service.services import Services
from hanchot.service.sweep import SweepReport
from hanchot.store.db import Database
from hanchot.store.tables import cycle_stage

OPENING = time(7)  # an hour before the first sweep
ESCALATIONS = ("escalation", "chase")


@dataclass
class Simulation:
    """What a run did. ``letters`` in the order in which they left; instants are aware."""

    start: date
    end: date
    opened: Opened
    sweeps: int = 0
    letters: list[Sent] = field(default_factory=list)
    stages: list[dict[str, object]] = field(default_factory=list)
    mails: int = 0

    def to_json(self) -> dict[str, object]:
        rows = [_letter(one) for one in self.letters]
        return {
            "from": self.start.isoformat(),
            "to": self.end.isoformat(),
            "units": self.opened.units,
            "items": self.opened.items,
            "sweeps": self.sweeps,
            "letters": rows,
            "escalations": [row for row, one in zip(rows, self.letters, strict=True) if one.tone in ESCALATIONS],
            "stages": self.stages,
            "summary": self.summary(),
        }

    def summary(self) -> dict[str, object]:
        tones = Counter(one.tone for one in self.letters)
        return {"mails": self.mails, "letters": len(self.letters), "by_tone": dict(sorted(tones.items())),
                "people": len({one.to for one in self.letters}), "idle_milestones": list(self.opened.idle)}  # fmt: skip


def simulate(
    services: Services, plan: Plan, *, period: Period | None = None, org: Path | Database | None = None,
    start: date | None = None, end: date | None = None, habits: Habits | None = None, units: int | None = None,
) -> Simulation:  # fmt: skip
    """Run ``plan`` from ``start`` to ``end`` (local days; default: three weeks before the first milestone to a month
    after the last) over the units of ``org`` (a file, or another database), or a sample committee. ``services`` must be
    in memory.
    """
    if services.live:
        raise AssertionError("a simulation must not touch a real database")
    period = period or demo_period(plan)
    first, last = span(plan, period, services.workdays)
    first, last = start or first, end or last
    opened_at = at_local(first, OPENING)
    if isinstance(org, Database):
        copy_org(org, services.db)
    elif org is not None:
        import_org(services, org, now=opened_at)
    else:
        sample.make(services.db, SAMPLES[plan.organiser], seed=1, cells=units, now=opened_at)
    opened = open_cycle(services, plan, opened_at, period=period.code, actor="mô phỏng")
    made = Simulation(first, last, opened)

    def after_sweep(now: datetime, _report: SweepReport) -> None:
        made.mails += post_all(services, now)

    made.sweeps = run(services, Agenda(habits or Habits()), first, last, after_sweep=after_sweep)
    with services.db.read() as connection:
        made.letters = sent(connection, opened.cycle_id)
    made.stages = _stages(services, opened.cycle_id)
    return made


def _letter(one: Sent) -> dict[str, object]:
    return {
        "at": local_iso(one.at), "to": one.to, "unit": one.unit, "unit_code": one.unit_code, "milestone": one.milestone,
        "rung": one.rung, "tone": one.tone, "subject": one.subject,
    }  # fmt: skip


def _stages(services: Services, cycle_id: int) -> list[dict[str, object]]:
    with services.db.read() as connection:
        rows = connection.execute(
            sa.select(cycle_stage).where(cycle_stage.c.cycle_id == cycle_id).order_by(cycle_stage.c.position)
        )
        return [
            {"stage": row.stage, "opened_at": local_iso(row.opened_at) if row.opened_at else None,
             "closed_at": local_iso(row.closed_at) if row.closed_at else None,
             "overrun_at": local_iso(row.overrun_at) if row.overrun_at else None}
            for row in rows
        ]  # fmt: skip
