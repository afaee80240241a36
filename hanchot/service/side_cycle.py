"""A small cycle beside a review: what its results or its hearings leave to be done, on the same ladder, sweep and letters.

One for each review and purpose (``<code>-kp`` remediation, ``<code>-yk`` opinions): one milestone for the n-th piece of
work of every unit and an item, with a day of its own, for each. A cycle for each unit would be hundreds of Prefect runs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa

from hanchot.domain.errors import Refused
from hanchot.domain.plan import Period, Plan
from hanchot.domain.unit import UnitKind
from hanchot.service.book import Book, closed, read_book, rewritten
from hanchot.service.mail.tell import tell_open
from hanchot.service.moving import move
from hanchot.service.opening import Opening
from hanchot.service.services import Services
from hanchot.store.db import Row
from hanchot.store.tables import cycle, work_item


@dataclass
class SideCycle:
    """The side cycle of ``review`` whose code ends in ``suffix``, in a write transaction."""

    services: Services
    connection: sa.Connection
    review: Book
    suffix: str
    now: datetime
    cycle_id: int = 0
    _opening: Opening = field(init=False)

    @property
    def code(self) -> str:
        return f"{self.review.code}{self.suffix}"

    def prepare(self, plan_after: Callable[[Plan | None], Plan]) -> None:
        """Open the cycle, or put into its plan what is new: ``plan_after`` makes the plan from the one before.

        Raises ``Refused`` when the cycle was closed.
        """
        row = self.connection.execute(sa.select(cycle).where(cycle.c.code == self.code)).first()
        if row is not None and row.state != "open":
            raise closed(self.code)
        before = Plan.model_validate(row.plan) if row else None
        plan = plan_after(before)
        self.cycle_id = row.id if row else 0
        opening = Opening(self.services, self.connection, plan, Period(year=self.review.period.year), self.now, self.cycle_id)
        if row is None:
            self.cycle_id = opening.cycle_id = opening.insert_cycle(self.code, self.review.root_id)
        else:
            document = plan.model_dump(mode="json", by_alias=True)
            self.connection.execute(sa.update(cycle).where(cycle.c.id == self.cycle_id).values(plan=document))
        there = {one.key for one in before.milestones} if before else set()
        for position, milestone in enumerate(plan.milestones):
            if milestone.key not in there:
                opening.insert_milestone(milestone, position)
        rewritten(self.connection)
        self._opening = opening

    def add(self, key: str, who: Row, until: date | None, tone: str) -> int:
        """The item of milestone ``key`` for one unit (``id``, ``kind``, ``path``, ``unit_name``), told at once in ``tone``.

        ``until``: its own last day (local, counted). Raises ``Refused`` for a unit that is no more.
        """
        known = read_book(self.connection, self.cycle_id)  # not remembered: this transaction may still be undone
        milestone_id = known.ids[key]
        milestone = known.plan.milestone(key)
        if self._opening.insert_items(milestone, milestone_id, who.path, [UnitKind(who.kind)], alone=True) != 1:
            raise Refused(f"{who.unit_name} không còn hoạt động.", way_out="Chọn tổ chức đã nhận nhiệm vụ của nó.")
        mine = (work_item.c.milestone_id == milestone_id) & (work_item.c.unit_id == who.id)
        item_id = int(self.connection.execute(sa.select(work_item.c.id).where(mine)).scalar_one())
        if until:
            move(self.services, self.connection, known, milestone_id, until, self.now, work_item.c.id == item_id)
        tell_open(self.connection, milestone_id, tone, self.now, unit_id=who.id)
        return item_id
