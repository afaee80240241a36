"""Opinions as they stand: which were asked for, which have come, what a decision or a meeting still waits for.

Their words are read here by whoever may read them, and nowhere else: titles, letters and events only count them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from hanchot.domain.cited import Refusal
from hanchot.domain.errors import NotFound
from hanchot.domain.house_rules import RECORD
from hanchot.domain.opinion import HEARING, Kind, basis_of, unheard
from hanchot.domain.review_rules import ReviewRules
from hanchot.domain.work_item import DONE, State
from hanchot.service.book import Book
from hanchot.store.db import Row
from hanchot.store.meeting_tables import opinion
from hanchot.store.tables import person, unit, work_item

_heard, _attender = unit.alias("heard"), person.alias("attender")
_OPINIONS = (
    sa.select(
        opinion.c.id, opinion.c.cycle_id, opinion.c.unit_id, opinion.c.person_id, opinion.c.kind, opinion.c.source,
        opinion.c.attender_id, opinion.c.item_id, opinion.c.number, opinion.c.received_on, unit.c.code.label("unit"),
        unit.c.name.label("unit_name"), person.c.code.label("person"), person.c.name.label("person_name"),
        _heard.c.code.label("heard"), _heard.c.name.label("heard_name"), _attender.c.name.label("attender_name"),
        work_item.c.state.label("item_state"), work_item.c.last_day,
    )
    .join(unit, unit.c.id == opinion.c.unit_id)
    .join(_heard, _heard.c.id == opinion.c.heard_id)
    .join(work_item, work_item.c.id == opinion.c.item_id)
    .outerjoin(person, person.c.id == opinion.c.person_id)
    .outerjoin(_attender, _attender.c.id == opinion.c.attender_id)
    .order_by(opinion.c.id)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heard:
    """One opinion that was asked for. ``heard``: code of the unit that gives or obtains it; ``source``: whose it is, in
    words; ``received_on`` and ``last_day``: local days. Its words are not here: see ``words_of``.
    """

    id: int
    unit: str
    person: str | None
    whom: str
    kind: Kind
    heard: str
    source: str
    attender_id: int | None
    last_day: date | None
    number: str | None
    received_on: date | None
    item_id: int
    item_state: State

    @property
    def is_in(self) -> bool:
        """Recorded, and not sent back."""
        return self.received_on is not None and self.item_state in DONE

    @property
    def is_waived(self) -> bool:
        return self.item_state is State.EXCUSED

    @property
    def vi(self) -> str:
        if self.is_in and self.received_on:
            return f"đã nhận {self.received_on:%d/%m/%Y}"
        return "được miễn" if self.is_waived else "chưa nhận"


def opinions(connection: sa.Connection, cycle_id: int, unit_id: int | None = None) -> tuple[Heard, ...]:
    """The opinions that a review asked for: all, or those about one unit and its people."""
    if unit_id is not None:
        return opinions_of(connection, cycle_id, [unit_id])[unit_id]
    return tuple(_seen(row) for row in connection.execute(_OPINIONS.where(opinion.c.cycle_id == cycle_id)))


def opinions_of(connection: sa.Connection, cycle_id: int, units: Collection[int]) -> dict[int, tuple[Heard, ...]]:
    """Those about many units and their people, by the unit's id."""
    found: dict[int, list[Heard]] = {one: [] for one in units}
    for row in connection.execute(_OPINIONS.where(opinion.c.cycle_id == cycle_id, opinion.c.unit_id.in_(units))):
        found[row.unit_id].append(_seen(row))
    return {unit_id: tuple(mine) for unit_id, mine in found.items()}


def opinion_of(connection: sa.Connection, opinion_id: int) -> Heard:
    """Raises ``NotFound``."""
    row = connection.execute(_OPINIONS.where(opinion.c.id == opinion_id)).first()
    if row is None:
        raise NotFound(
            f"Không có ý kiến số {opinion_id}.",
            way_out="Xem các ý kiến của đợt.",
            command="hanchot opinion show ĐỢT",
            value=opinion_id,
        )
    return _seen(row)


def words_of(connection: sa.Connection, opinion_id: int) -> tuple[str, str | None]:
    """The confidential words and the proposed level, for who may read them. Raises ``NotFound`` for one that has not come."""
    said = connection.execute(sa.select(opinion.c.said).where(opinion.c.id == opinion_id)).scalar()
    if said is None:
        raise NotFound(f"Ý kiến số {opinion_id} chưa có nội dung.", way_out="Ghi khi nhận được.", value=opinion_id)
    return said["words"], said["level"]


def not_heard(found: Iterable[Heard], rules: ReviewRules) -> tuple[Refusal, ...]:
    """What was asked for and has neither come nor been waived, each with its day and the clause that wants it."""
    return tuple(
        unheard(one.kind, one.source, one.last_day, one.whom, basis_of(one.kind, rules))
        for one in found
        if not (one.is_in or one.is_waived)
    )


def opinion_refusals(connection: sa.Connection, known: Book, item: Row) -> tuple[Refusal, ...]:
    """Guard: a request for an opinion is not handed in before the opinion is recorded."""
    if not known.code.endswith(HEARING):
        return ()
    query = sa.select(opinion.c.id).where(opinion.c.item_id == item.id, opinion.c.received_at.is_(None))
    waiting = connection.execute(query).scalar()
    if waiting is None:
        return ()
    words = f"Ý kiến số {waiting} chưa được ghi nhận."
    return (Refusal("opinion-missing", words, "Ghi ý kiến đã nhận trước.", RECORD),)


def _seen(row: Row) -> Heard:
    return Heard(
        row.id, row.unit, row.person, row.person_name or row.unit_name, Kind(row.kind), row.heard,
        row.attender_name or row.source or row.heard_name, row.attender_id, row.last_day, row.number, row.received_on,
        row.item_id, State(row.item_state),
    )  # fmt: skip
