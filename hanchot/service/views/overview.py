"""The first page: how the cycles stand, what falls due next, whether mail and sweeps are well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from hanchot.domain.access import WHOLE
from hanchot.domain.instants import local_day
from hanchot.domain.plan import Milestone
from hanchot.domain.work_item import UNFINISHED
from hanchot.service import progress
from hanchot.service.access import within
from hanchot.service.book import book
from hanchot.service.install import fact
from hanchot.service.mail.hold import held
from hanchot.service.mail.real import sending
from hanchot.service.services import Services
from hanchot.service.views.letters import by_state
from hanchot.store.db import Database
from hanchot.store.tables import cycle, incident, unit, work_item

SILENCE = timedelta(minutes=30)  # a sweep runs every 15 minutes: two missed ones are worth a word


@dataclass(frozen=True, slots=True)
class House:
    """How the installation itself is: mail by state, the last good sweep, open incidents, why mail is held."""

    last_sweep: datetime | None
    hold: str | None
    incidents: int
    mail: dict[str, int]
    for_real: bool
    relay_is_catcher: bool

    def silent(self, now: datetime) -> bool:
        """True when the last good sweep is more than half an hour ago."""
        return self.last_sweep is None or now - self.last_sweep > SILENCE

    def letters(self, *states: str) -> int:
        return sum(self.mail.get(state, 0) for state in states)


@dataclass(frozen=True, slots=True)
class Coming:
    """Unfinished items of one milestone that fall due on one local day."""

    day: date
    cycle_code: str
    milestone: Milestone
    count: int


@dataclass(frozen=True, slots=True)
class Overview:
    cycles: tuple[progress.CycleProgress, ...]
    house: House
    coming: tuple[Coming, ...]

    @property
    def late(self) -> int:
        return sum(stage.late for one in self.cycles if one.state == "open" for stage in one.stages)


def overview(services: Services, now: datetime, scopes: tuple[str, ...] = (WHOLE,)) -> Overview:
    """The cycles whose whole tree lies under ``scopes``, open ones first, and the house they stand in."""
    cycles = progress.all_cycles(services.db, now)
    with services.db.read() as connection:
        heads = sa.select(cycle.c.code).join(unit, unit.c.id == cycle.c.root_id).where(within(unit.c.path, scopes))
        mine = set(connection.execute(heads).scalars())
        seen = tuple(one for one in cycles if one.code in mine)
        return Overview(seen, _house(services, connection), coming(services, connection, now, scopes))


def house(services: Services) -> House:
    with services.db.read() as connection:
        return _house(services, connection)


def _house(services: Services, connection: sa.Connection) -> House:
    how = sending(services.settings, connection)
    return House(
        last_sweep(connection), held(connection), _open_incidents(connection), by_state(connection),
        how.real, how.catcher,
    )  # fmt: skip


def last_sweep(connection: sa.Connection) -> datetime | None:
    """The instant of the last sweep that was committed."""
    said = fact(connection, "last_sweep_at")
    return datetime.fromisoformat(said) if said else None


def _open_incidents(connection: sa.Connection) -> int:
    query = sa.select(sa.func.count()).select_from(incident).where(incident.c.resolved_at.is_(None))
    return connection.execute(query).scalar_one()


def codes(connection: sa.Connection) -> frozenset[str]:
    """The codes of all cycles, open and closed."""
    return frozenset(connection.execute(sa.select(cycle.c.code)).scalars())


def alive(db: Database) -> datetime | None:
    """The last sweep; raises ``Outside`` when the database does not answer."""
    with db.read() as connection:
        return last_sweep(connection)


def coming(
    services: Services, connection: sa.Connection, now: datetime, scopes: tuple[str, ...] = (WHOLE,)
) -> tuple[Coming, ...]:
    """What falls due from today on in open cycles under ``scopes``, by day; extended items stand on their own day."""
    query = (
        sa.select(work_item.c.last_day, work_item.c.cycle_id, work_item.c.milestone_id, sa.func.count())
        .join(cycle, cycle.c.id == work_item.c.cycle_id)
        .where(
            cycle.c.state == "open",
            work_item.c.state.in_(sorted(UNFINISHED)),
            work_item.c.last_day >= local_day(now),
            work_item.c.last_moment >= now,
        )
        .group_by(work_item.c.last_day, work_item.c.cycle_id, work_item.c.milestone_id)
        .order_by(work_item.c.last_day, work_item.c.cycle_id, work_item.c.milestone_id)
    )
    if WHOLE not in scopes:
        query = query.join(unit, unit.c.id == work_item.c.unit_id).where(within(unit.c.path, scopes))
    found = []
    for day, cycle_id, milestone_id, count in connection.execute(query):
        known = book(services.db, connection, cycle_id)
        found.append(Coming(day, known.code, known.milestone(milestone_id), count))
    return tuple(found)
