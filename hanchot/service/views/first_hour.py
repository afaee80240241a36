"""The first hour of an installation: what is done, what is next. Read from what is there, so it can be left and resumed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from hanchot.domain.instants import local_day
from hanchot.domain.plan import Plan
from hanchot.domain.unit import ORGANISERS, UnitKind
from hanchot.service.dry_run import last_run
from hanchot.service.mail.real import Sending, sending
from hanchot.service.mail.trial import last_trial
from hanchot.service.org.lookup import on_day
from hanchot.service.sample.leaving import sample_heads
from hanchot.service.services import Services
from hanchot.service.views.people import Gaps, gaps
from hanchot.service.views.plans import plan_files
from hanchot.store.tables import cycle, unit

Key = Literal["committee", "units", "plan", "mail", "dry_run", "open", "real"]
ORDER: tuple[Key, ...] = ("committee", "units", "plan", "mail", "dry_run", "open", "real")


@dataclass(frozen=True, slots=True)
class Head:
    """The committee at the head of the tree."""

    code: str
    name: str
    kind: UnitKind


@dataclass(frozen=True, slots=True)
class FirstHour:
    """``done``: the steps that are. ``sample``: a committee is there that was loaded for a look. ``plans``: those that the
    committee can open this year or next, the newest first; ``older``: those of years past, to be drawn up again.
    """

    head: Head | None
    heads: int
    sample: bool
    gaps: Gaps
    plans: tuple[Plan, ...]
    older: tuple[Plan, ...]
    tried: tuple[datetime, str] | None
    run: tuple[datetime, str, str] | None
    cycles: tuple[tuple[str, str], ...]
    sending: Sending
    done: frozenset[Key]

    @property
    def next(self) -> Key | None:
        """The first step that is not done; None where everything is."""
        return next((key for key in ORDER if key not in self.done), None)


def first_hour(services: Services, now: datetime) -> FirstHour:
    """Where the first hour stands at ``now``."""
    tried, run = last_trial(services), last_run(services)
    with services.db.read() as connection:
        day = local_day(now)
        tops = sa.select(unit.c.code, unit.c.name, unit.c.kind).where(unit.c.parent_id.is_(None), on_day(unit, day))
        heads = connection.execute(tops).all()
        samples = {row.code for row in sample_heads(connection, day)}
        counts = gaps(services.db, connection, day)
        newest = sa.select(cycle.c.code, cycle.c.title).join(unit, unit.c.id == cycle.c.root_id).where(on_day(unit, day))
        opened = connection.execute(newest.order_by(cycle.c.opened_at.desc()).limit(5)).all()
        how = sending(services.settings, connection)
    own_first = sorted(heads, key=lambda row: row.code in samples)
    head = next((Head(row.code, row.name, UnitKind(row.kind)) for row in own_first if row.kind in ORGANISERS), None)
    plans = _plans(services, head)
    usable = tuple(plan for plan in plans if plan.year is None or plan.year >= local_day(now).year)
    older = tuple(plan for plan in plans if plan not in usable)
    facts: dict[Key, bool] = {
        "committee": head is not None,
        "units": head is not None and counts.units > 1,
        "plan": head is not None and bool(usable or opened),
        "mail": tried is not None,
        "dry_run": run is not None or bool(opened),
        "open": bool(opened),
        "real": how.real and not how.catcher,
    }
    done = frozenset(key for key, is_done in facts.items() if is_done)
    cycles = tuple((row.code, row.title) for row in opened)
    return FirstHour(head, len(heads), bool(samples), counts, usable, older, tried, run, cycles, how, done)


def is_empty(services: Services) -> bool:
    """Whether nobody has begun yet: not a single unit that has not ended."""
    with services.db.read() as connection:
        return connection.execute(sa.select(unit.c.id).where(unit.c.valid_to.is_(None)).limit(1)).first() is None


def _plans(services: Services, head: Head | None) -> tuple[Plan, ...]:
    found = [one.plan for one in plan_files(services) if one.plan and not one.plan.unconfirmed]
    fitting = [plan for plan in found if head is None or plan.organiser == head.kind]
    return tuple(sorted(fitting, key=lambda plan: (-(plan.year or 0), plan.key)))
