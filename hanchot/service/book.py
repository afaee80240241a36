"""The book of one cycle: its frozen plan and what follows from it, read once and remembered until it is amended."""

from __future__ import annotations

from dataclasses import dataclass, field

import sqlalchemy as sa

from hanchot.domain.cycle import Graph
from hanchot.domain.deadline import Unset
from hanchot.domain.errors import NotFound, Refused
from hanchot.domain.ladder import Ladder
from hanchot.domain.plan import Milestone, Period, Plan, Source
from hanchot.service.install import bump, fact
from hanchot.store.db import Database, Row
from hanchot.store.tables import cycle, cycle_milestone

_VERSION = "plans_version"  # in ``meta``: raised by every amendment, so that every process reads its books anew
_SEEN = "hanchot.plans_version"


@dataclass(frozen=True)
class Book:
    """What an opened cycle goes by. ``ids`` maps milestone keys to rows, ``ladders`` rows to ladders; ``gone`` are the
    milestones that an amendment has dropped: their finished work and their letters stay.
    """

    cycle_id: int
    code: str
    plan: Plan
    period: Period
    root_id: int
    graph: Graph
    ids: dict[str, int]
    keys: dict[int, str]
    ladders: dict[int, Ladder]
    gone: dict[str, Milestone] = field(default_factory=dict)

    def milestone(self, milestone_id: int) -> Milestone:
        return self.named(self.keys[milestone_id])

    def named(self, key: str) -> Milestone:
        """The milestone of the plan, or what is left of a dropped one. Raises ``NotFound``."""
        return self.gone.get(key) or self.plan.milestone(key)


def book(db: Database, connection: sa.Connection, cycle_id: int) -> Book:
    """The book of a cycle. Remembered per database until some plan at work is replaced."""
    version = _version(connection)
    known: tuple[str | None, Book] | None = db.remembered.get(("book", cycle_id))
    if known is None or known[0] != version:
        known = db.remembered[("book", cycle_id)] = version, read_book(connection, cycle_id)
    return known[1]


def rewritten(connection: sa.Connection) -> None:
    """Say, in the transaction that replaces a plan, that books must be read anew."""
    bump(connection, _VERSION)
    connection.info.pop(_SEEN, None)


def _version(connection: sa.Connection) -> str | None:
    """Read once in each transaction: thousands of items are worked on in one."""
    seen: tuple[object, str | None] = connection.info.get(_SEEN, (None, None))
    if seen[0] is None or seen[0] is not connection.get_transaction():
        version = fact(connection, _VERSION)
        seen = connection.info[_SEEN] = connection.get_transaction(), version
    return seen[1]


def cycle_id_of(connection: sa.Connection, code: str) -> int:
    """Raises ``NotFound`` with the codes that exist."""
    found: int | None = connection.execute(sa.select(cycle.c.id).where(cycle.c.code == code)).scalar()
    if found is None:
        known = connection.execute(sa.select(cycle.c.code).order_by(cycle.c.code)).scalars().all()
        names = ", ".join(known[:5]) or "chưa có đợt nào"
        raise NotFound(f"Không có đợt “{code}”.", way_out=f"Các đợt hiện có: {names}.", thing="đợt", value=code)
    return found


def closed(code: str) -> Refused:
    """The refusal of whatever would change a cycle that is closed."""
    return Refused(
        f"Đợt “{code}” đã đóng.",
        way_out="Ban Tổ chức mở lại đợt này rồi làm tiếp.",
        command=f"hanchot cycle reopen {code} --reason LÝ-DO --approver NGƯỜI-DUYỆT",
    )


def read_book(connection: sa.Connection, cycle_id: int) -> Book:
    """The book as it is in the database now, remembered nowhere."""
    row = connection.execute(sa.select(cycle).where(cycle.c.id == cycle_id)).one()
    plan = Plan.model_validate(row.plan)
    rows = connection.execute(sa.select(cycle_milestone).where(cycle_milestone.c.cycle_id == cycle_id)).all()
    ids = {m.key: m.id for m in rows}
    in_plan = {m.key: m for m in plan.milestones}
    gone = {m.key: _left_of(m, plan) for m in rows if m.key not in in_plan}
    ladders = {m.id: plan.ladder_of(in_plan[m.key]) if m.key in in_plan else plan.ladder for m in rows}
    period = Period(year=row.year, quarter=row.quarter)
    keys = {row_id: key for key, row_id in ids.items()}
    return Book(cycle_id, row.code, plan, period, row.root_id, Graph.of(plan, row.kind), ids, keys, ladders, gone)


def _left_of(row: Row, plan: Plan) -> Milestone:
    """A dropped milestone as its row remembers it."""
    return Milestone(
        key=row.key, stage=row.stage, title=row.title, applies_to=(plan.organiser,), deadline=Unset(kind="unset"),
        source=Source(clause="không còn trong kế hoạch"), note="Kế hoạch thay thế không còn mốc này.",
    )  # fmt: skip
