"""Shortcomings (hạn chế, khuyết điểm) as they stand: what is open, what the next review finds of them, how many are fixed.

Their words are read here by whoever may read them, and nowhere else: titles, letters and events only count them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import TypeAlias

import sqlalchemy as sa

from hanchot.domain.cited import Refusal
from hanchot.domain.house_rules import RECORD
from hanchot.domain.remediation import REMEDY, Carried, Outcome
from hanchot.domain.work_item import State
from hanchot.service.book import Book
from hanchot.service.reviewed import is_review
from hanchot.store.db import Row
from hanchot.store.keeping_tables import shortcoming
from hanchot.store.tables import cycle, person, unit, work_item

Whom: TypeAlias = tuple[int, int | None]  # a unit as such, or one of its people
_SEEN = (
    sa.select(
        *(shortcoming.c[name] for name in (
            "id", "cycle_id", "unit_id", "person_id", "no", "words", "measure", "responsible", "until", "event", "expected",
            "proof", "state", "answers", "carried_from", "item_id", "judged_by",
        )),
        work_item.c.state.label("item_state"), work_item.c.last_day, unit.c.code.label("unit"), person.c.code.label("person"),
    )
    .join(work_item, work_item.c.id == shortcoming.c.item_id)
    .join(unit, unit.c.id == shortcoming.c.unit_id)
    .outerjoin(person, person.c.id == shortcoming.c.person_id)
    .order_by(unit.c.path, shortcoming.c.no)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """One shortcoming. ``last_day``: the item's own, a local day, None while nobody has set it; ``expected``: what will
    show that it is done; ``proof``: what does; ``answers``: who answers for what is left.
    """

    id: int
    unit: str
    person: str | None
    no: int
    words: str
    measure: str
    responsible: str
    last_day: date | None
    event: str | None
    expected: str
    proof: str | None
    state: str
    answers: str | None
    carried_from: int | None
    item_id: int
    outcome: Outcome

    @property
    def carried(self) -> Carried:
        return Carried(self.words, self.outcome, self.answers or "", self.proof or "")


def shortcomings(
    connection: sa.Connection, cycle_id: int, unit_id: int | None = None, person_id: int | None = None
) -> tuple[Seen, ...]:
    """Those that the review ``cycle_id`` found: all, or those of one unit as such, or of one of its people."""
    query = _SEEN.where(shortcoming.c.cycle_id == cycle_id)
    if unit_id is not None:
        query = query.where(shortcoming.c.unit_id == unit_id, shortcoming.c.person_id.is_not_distinct_from(person_id))
    return tuple(_seen(row) for row in connection.execute(query))


def carried_over(
    connection: sa.Connection, cycle_id: int, unit_id: int, person_id: int | None = None
) -> tuple[Seen, ...] | None:
    """What the review ``cycle_id`` finds of the review before it, each with its ``outcome``; None when no remediation was
    ever recorded after that one: then nobody knows, and an empty answer would say too much.
    """
    found = _carried_over(connection, cycle_id, [unit_id])
    return None if found is None else tuple(found.get((unit_id, person_id), ()))


def _carried_over(connection: sa.Connection, cycle_id: int, units: Collection[int]) -> dict[Whom, list[Seen]] | None:
    """The same of many units and their people, by whom it is about."""
    before = _review_before(connection, cycle_id)
    if before is None:
        return None
    recorded = sa.select(shortcoming.c.id).where(shortcoming.c.cycle_id == before).limit(1)
    if connection.execute(recorded).first() is None:
        return None
    found: dict[Whom, list[Seen]] = {}
    for row in connection.execute(_SEEN.where(shortcoming.c.cycle_id == before, shortcoming.c.unit_id.in_(units))):
        found.setdefault((row.unit_id, row.person_id), []).append(_seen(row))
    return found


def shortcomings_fixed_percent(
    connection: sa.Connection, cycle_id: int, unit_id: int, person_id: int | None = None
) -> Decimal | None:
    """The fact of that name for rating (366-QĐ/TW Điều 11): percent, two places, never rounded up; 100 where the review
    before found nothing here. None while one of them has no conclusion, or nothing was recorded: the question stays open.
    """
    return fixed_percents(connection, cycle_id, [(unit_id, person_id)])[unit_id, person_id]


def fixed_percents(connection: sa.Connection, cycle_id: int, whom: Collection[Whom]) -> dict[Whom, Decimal | None]:
    """The same of many units (person None) and people; nothing is asked where ``whom`` is empty."""
    found = _carried_over(connection, cycle_id, {unit_id for unit_id, _ in whom}) if whom else None
    return {one: None if found is None else _fixed(found.get(one, [])) for one in whom}


def _fixed(carried: Sequence[Seen]) -> Decimal | None:
    if any(one.outcome is Outcome.UNKNOWN for one in carried):
        return None
    if not carried:
        return Decimal(100)
    fixed = sum(one.outcome is Outcome.FIXED for one in carried)
    return (Decimal(100 * fixed) / len(carried)).quantize(Decimal("0.01"), ROUND_DOWN)


def evidence_refusals(connection: sa.Connection, known: Book, item: Row) -> tuple[Refusal, ...]:
    """Guard: remediation is not handed in before its evidence is recorded."""
    if not known.code.endswith(REMEDY):
        return ()
    query = sa.select(shortcoming.c.no).where(shortcoming.c.item_id == item.id, shortcoming.c.proof.is_(None))
    no = connection.execute(query).scalar()
    if no is None:
        return ()
    words = f"Hạn chế thứ {no} chưa có minh chứng đã khắc phục."
    return (Refusal("no-evidence", words, "Ghi văn bản hoặc kết quả chứng minh trước.", RECORD),)


def _seen(row: Row) -> Seen:
    return Seen(
        row.id, row.unit, row.person, row.no, row.words, row.measure, row.responsible, row.last_day, row.event, row.expected,
        row.proof, row.state, row.answers, row.carried_from, row.item_id, _outcome(row),
    )  # fmt: skip


def _outcome(row: Row) -> Outcome:
    """What a review has concluded; or fixed, once the superior has accepted the evidence. A report alone concludes nothing."""
    if row.judged_by is not None:
        return Outcome(row.state)
    accepted = row.state == Outcome.FIXED and row.item_state == State.ACCEPTED
    return Outcome.FIXED if accepted else Outcome.UNKNOWN


def _review_before(connection: sa.Connection, cycle_id: int) -> int | None:
    """The latest earlier cycle of the same committee and kind; cycles beside a review are none."""
    now = connection.execute(sa.select(cycle).where(cycle.c.id == cycle_id)).one()
    quarter = sa.func.coalesce(cycle.c.quarter, 0)
    earlier = sa.or_(cycle.c.year < now.year, sa.and_(cycle.c.year == now.year, quarter < (now.quarter or 0)))
    query = sa.select(cycle.c.id).where(
        cycle.c.root_id == now.root_id, cycle.c.kind == now.kind, earlier, is_review(cycle.c.code)
    )
    found: int | None = connection.execute(query.order_by(cycle.c.year.desc(), quarter.desc()).limit(1)).scalar()
    return found
