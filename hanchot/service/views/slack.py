"""Slack (khoảng đệm): the working days that the receiving unit has between the last paper from below and its own deadline.

The handovers are those of the plan (``domain/handover.py``); the days are those of the items, so an extension below
eats up the time above, and what has come in already takes none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from hanchot.domain.dated_plan import date_plan
from hanchot.domain.handover import ENOUGH, Handover, handovers, slack_between
from hanchot.domain.plan import Milestone
from hanchot.domain.work_item import UNFINISHED
from hanchot.service import progress
from hanchot.service.book import Book, book, cycle_id_of
from hanchot.service.services import Services
from hanchot.service.views.common import Paging, unit_ranks
from hanchot.store.tables import unit, work_item

ROWS = 50


@dataclass(frozen=True, slots=True)
class UnitSlack:
    """One unit that waits for others. ``last`` is the latest last day below, by ``open`` items that are not in yet."""

    item_id: int
    unit_id: int
    code: str
    name: str
    giver: Milestone
    taker: Milestone
    last: date
    due: date
    open: int
    days: int | None

    @property
    def short(self) -> bool:
        return self.days is not None and self.days < ENOUGH


@dataclass(frozen=True, slots=True)
class SlackPage:
    progress: progress.CycleProgress
    hands: tuple[Handover, ...]
    units: tuple[UnitSlack, ...]
    paging: Paging
    short: int


def slack_page(services: Services, code: str, now: datetime, page: int = 1) -> SlackPage:
    """Units with the least slack first. Raises ``NotFound``."""
    known_progress = progress.of(services.db, code, now)
    with services.db.read() as connection:
        known = book(services.db, connection, cycle_id_of(connection, code))
        dated = date_plan(known.plan, services.workdays, known.period.year)
        hands = tuple(hand for hand in handovers(dated, services.workdays) if not (hand.same_hands or hand.one_sentence))
        found = [one for hand in hands for one in _units(services, connection, known, hand)]
        ranks = unit_ranks(services.db, connection)
    found.sort(key=lambda one: (one.days is None, one.days, ranks[one.unit_id]))
    paging = Paging(page, ROWS, len(found))
    shown = tuple(found[paging.offset : paging.offset + ROWS])
    return SlackPage(known_progress, hands, shown, paging, sum(one.short for one in found))


def _units(services: Services, connection: sa.Connection, known: Book, hand: Handover) -> Iterable[UnitSlack]:
    giver, taker = hand.giver.milestone, hand.taker.milestone
    if giver.key not in known.ids or taker.key not in known.ids:
        return
    latest = _latest_below(connection, known, known.ids[giver.key])
    takers = connection.execute(
        sa.select(work_item.c.id, work_item.c.last_day, unit.c.id.label("unit_id"), unit.c.code, unit.c.name)
        .join(unit, unit.c.id == work_item.c.unit_id)
        .where(work_item.c.milestone_id == known.ids[taker.key], work_item.c.state.in_(sorted(UNFINISHED)))
    )
    for row in takers:
        last, waiting = latest.get(row.unit_id, (None, 0))
        if last and row.last_day:
            days = slack_between(last, row.last_day, services.workdays)
            yield UnitSlack(row.id, row.unit_id, row.code, row.name, giver, taker, last, row.last_day, waiting, days)


def _latest_below(connection: sa.Connection, known: Book, milestone_id: int) -> dict[int, tuple[date | None, int]]:
    """By every unit above: the latest last day of what is not in yet below it, and how many that is.

    What organs of a committee receive, the committee has received, and the other way round: an organ stands beside.
    """
    above = unit.alias("above")
    rows = connection.execute(
        sa.select(above.c.path, sa.func.max(work_item.c.last_day), sa.func.count())
        .join(unit, unit.c.id == work_item.c.unit_id)
        .join(above, above.c.id == unit.c.parent_id)
        .where(work_item.c.milestone_id == milestone_id, work_item.c.state.in_(sorted(UNFINISHED)))
        .group_by(above.c.id, above.c.path)
    )
    found: dict[int, tuple[date | None, int]] = {}
    for path, day, many in rows:
        for unit_id in map(int, path.strip("/").split("/")):
            last, count = found.get(unit_id, (None, 0))
            found[unit_id] = (max(filter(None, (last, day)), default=None), count + many)
    root = found.get(known.root_id)
    if root:
        organs = connection.execute(sa.select(unit.c.id).where(unit.c.parent_id == known.root_id)).scalars()
        found |= {unit_id: root for unit_id in organs if unit_id not in found}
    return found
