"""Living through a plan's year: a sample committee, its people, sweeps morning and evening, and real mail."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property
from pathlib import Path

import sqlalchemy as sa

from hanchot.domain.instants import at_local, local_iso
from hanchot.domain.plan import Plan
from hanchot.service import clockwork, sample
from hanchot.service.demo import SAMPLES, demo_period
from hanchot.service.mail.deliver import deliver
from hanchot.service.mail.posting import Sent, sent
from hanchot.service.opening import Opened, open_cycle
from hanchot.service.people import Agenda, Habits
from hanchot.service.progress import of
from hanchot.service.services import Services
from hanchot.service.stages import Overrun
from hanchot.service.sweep import SweepReport
from hanchot.store.tables import cycle_milestone, person, post, tenure, unit, work_item
from tests.look import mails_kept
from tests.mailroom import catcher

HABITS = Habits(overrun=0.3, seed=11)  # three in ten are late: enough for every rung to be needed
CELLS = 12


@dataclass
class Year:
    """What happened, as the people of the story saw it."""

    house: Services
    plan: Plan
    opened: Opened
    mail: Path
    letters: list[Sent] = field(default_factory=list)
    overruns: list[tuple[str, Overrun, str]] = field(default_factory=list)
    sweeps: int = 0

    def told(self, milestone: str, rung: str) -> list[Sent]:
        return [one for one in self.letters if (one.milestone, one.rung) == (milestone, rung)]

    def finished(self, milestone: str) -> dict[str, datetime | None]:
        """When each unit finished a duty."""
        query = (
            sa.select(unit.c.code, work_item.c.finished_at)
            .join(unit, unit.c.id == work_item.c.unit_id)
            .join(cycle_milestone, cycle_milestone.c.id == work_item.c.milestone_id)
            .where(cycle_milestone.c.key == milestone)
        )
        with self.house.db.read() as connection:
            return {code: moment for code, moment in connection.execute(query)}

    @cached_property
    def mails(self) -> list[EmailMessage]:
        """All that have come by now; read when the year is over."""
        read = [message_from_bytes(raw, policy=policy.default) for raw in mails_kept(self.mail)]
        return [one for one in read if isinstance(one, EmailMessage)]

    def answering_above(self, code: str) -> str:
        """The address of whoever answers for the nearest body above a unit that has somebody."""
        with self.house.db.read() as connection:
            parent = connection.execute(sa.select(unit.c.parent_id).where(unit.c.code == code)).scalar()
            while parent is not None:
                row = connection.execute(_ANSWERS.where(unit.c.id == parent)).first()
                if row is not None:
                    return str(row.email)
                parent = connection.execute(sa.select(unit.c.parent_id).where(unit.c.id == parent)).scalar()
        raise AssertionError(f"nobody answers above {code}")

    def department(self) -> str:
        with self.house.db.read() as connection:
            top = sa.select(unit.c.id).where(unit.c.parent_id.is_(None))
            here = (unit.c.kind == "organisation_department") & unit.c.parent_id.in_(top)
            return str(connection.execute(_ANSWERS.where(here)).one().email)


_ANSWERS = (
    sa.select(person.c.email)
    .join(tenure, tenure.c.person_id == person.c.id)
    .join(post, post.c.id == tenure.c.post_id)
    .join(unit, unit.c.id == post.c.unit_id)
    .where(post.c.role.in_(("secretary", "head")))
)


@contextmanager
def lived(house: Services, plan: Plan, mail: Path, *, last: date | None = None) -> Iterator[Year]:
    """Run the plan's year on ``house`` by the clockwork, with a mail server that listens as long as the block lasts."""
    period = demo_period(plan)
    first, usual = clockwork.span(plan, period, house.workdays)
    opened_at = at_local(first, time(7))
    sample.make(house.db, SAMPLES[plan.organiser], seed=1, cells=CELLS, now=opened_at)
    opened = open_cycle(house, plan, opened_at, period=period.code)
    with catcher(mail) as port:
        there = replace(house, settings=house.settings.model_copy(update={"catcher_port": port}))
        year = Year(there, plan, opened, mail)

        def after_sweep(now: datetime, report: SweepReport) -> None:
            if report.overruns:
                headline = of(house.db, opened.code, now).headline
                year.overruns += [(local_iso(now)[:16], one, headline) for one in report.overruns]
            asyncio.run(deliver(there, now))

        year.sweeps = clockwork.run(there, Agenda(HABITS), first, last or usual, after_sweep=after_sweep)
        with house.db.read() as connection:
            year.letters = sent(connection, opened.cycle_id)
        yield year
