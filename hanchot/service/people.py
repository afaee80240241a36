"""What people do in a cycle when nobody real is there: for simulation and the demonstration, never for real work.

Behaviour is a pure function of a seed and the names of things, so the same seed gives the same year on any machine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from hanchot.domain.errors import Refused
from hanchot.domain.instants import local_day
from hanchot.domain.work_item import UNFINISHED
from hanchot.service.dossiers import complete_on_paper
from hanchot.service.items import act_in
from hanchot.service.judging.refusing import Forbidden
from hanchot.service.services import Services
from hanchot.store.db import Row
from hanchot.store.tables import cycle, cycle_milestone, cycle_stage, unit, work_item

EARLY_DAYS = 9
LATE_DAYS = 7
UNDATED_DAYS = 8
NOBODY, PLACE = "mô phỏng", "bản giấy tại đơn vị"


def chance(seed: int, *names: object) -> float:
    """A number in [0, 1) that belongs to these names under this seed."""
    text = "|".join(map(str, (seed, *names)))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=7).digest(), "big") / 2**56


@dataclass(frozen=True)
class Habits:
    """``overrun``: the share of items that are finished late (0–1)."""

    overrun: float = 0.1
    seed: int = 1

    def finishes_on(self, unit_code: str, key: str, last_day: date) -> date:
        """The local day on which a unit finishes a dated item: up to 9 days early, or 1–7 days late."""
        late = chance(self.seed, "late", unit_code, key) < self.overrun
        spread = chance(self.seed, "day", unit_code, key)
        if late:
            return last_day + timedelta(days=1 + int(spread * LATE_DAYS))
        return last_day - timedelta(days=int(spread * EARLY_DAYS))

    def takes_days(self, unit_code: str, key: str) -> int:
        """How many days after its stage opens a unit finishes an item without a date."""
        return 1 + int(chance(self.seed, "undated", unit_code, key) * UNDATED_DAYS)


@dataclass
class Agenda:
    """Who means to finish what, by local day. Items that may not begin yet are tried again every day."""

    habits: Habits
    by_day: dict[date, list[int]] = field(default_factory=dict)
    planned: set[int] = field(default_factory=set)
    stages: set[tuple[int, str]] = field(default_factory=set)
    put_off: list[int] = field(default_factory=list)

    def add(self, day: date, item_id: int) -> None:
        self.by_day.setdefault(day, []).append(item_id)
        self.planned.add(item_id)

    def take(self, day: date) -> list[int]:
        """Everything meant for ``day`` or before it, and what was put off."""
        due = self.put_off
        self.put_off = []
        for earlier in sorted(d for d in self.by_day if d <= day):
            due = due + self.by_day.pop(earlier)
        return due


def act_today(services: Services, agenda: Agenda, now: datetime) -> int:
    """One evening: every unit finishes what it means to finish today. Returns how many items were submitted."""
    with services.db.write() as connection:
        _plan_ahead(connection, agenda, now)
        done = 0
        for item_id in agenda.take(local_day(now)):
            try:
                _submit(services, connection, item_id, now)
                done += 1
            except Refused:
                agenda.put_off.append(item_id)
        return done


def _submit(services: Services, connection: sa.Connection, item_id: int, now: datetime) -> None:
    """Hand an item in; what its dossier still lacks is first said to lie on paper."""
    try:
        act_in(services, connection, item_id, "submit", now, actor=NOBODY)
    except Forbidden:
        if not complete_on_paper(services, connection, item_id, PLACE, now, actor=NOBODY):
            raise
        act_in(services, connection, item_id, "submit", now, actor=NOBODY)


def _plan_ahead(connection: sa.Connection, agenda: Agenda, now: datetime) -> None:
    """Dated items are planned once they have a date; undated ones when their stage is open."""
    opened = connection.execute(
        sa.select(cycle_stage.c.cycle_id, cycle_stage.c.stage)
        .join(cycle, cycle.c.id == cycle_stage.c.cycle_id)
        .where(cycle_stage.c.state != "pending", cycle.c.state == "open")
    )
    fresh = {(cycle_id, stage) for cycle_id, stage in opened} - agenda.stages
    if fresh:
        agenda.stages |= fresh
        _plan(agenda, _unfinished(connection, None), now)
    else:
        _plan(agenda, _unfinished(connection, agenda.planned), now)


def _plan(agenda: Agenda, rows: Iterable[Row], now: datetime) -> None:
    today = local_day(now)
    for item_id, code, key, last_day, cycle_id, stage in rows:
        if item_id in agenda.planned:
            continue
        if last_day is not None:
            agenda.add(max(today, agenda.habits.finishes_on(code, key, last_day)), item_id)
        elif (cycle_id, stage) in agenda.stages:
            agenda.add(today + timedelta(days=agenda.habits.takes_days(code, key)), item_id)


def _unfinished(connection: sa.Connection, known: set[int] | None) -> Iterable[Row]:
    """Unfinished items; with ``known``, only a look at whether anything can be new (dated since)."""
    query = (
        sa.select(
            work_item.c.id, unit.c.code, cycle_milestone.c.key, work_item.c.last_day, work_item.c.cycle_id,
            cycle_milestone.c.stage,
        )
        .join(unit, unit.c.id == work_item.c.unit_id)
        .join(cycle_milestone, cycle_milestone.c.id == work_item.c.milestone_id)
        .join(cycle, cycle.c.id == work_item.c.cycle_id)
        .where(work_item.c.state.in_(sorted(UNFINISHED)), cycle.c.state == "open")
        .order_by(work_item.c.id)
    )  # fmt: skip
    if known is not None:
        query = query.where(cycle_milestone.c.last_day.is_(None), work_item.c.last_day.is_not(None))
    return connection.execute(query).all()
