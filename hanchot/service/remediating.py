"""Remediation at work: a result opens it, evidence ends it, the next review concludes. One transaction each.

All remediation after one review is one cycle, ``<code>-kp``, with one milestone for the n-th shortcoming of every unit and
a work item, with a day of its own, for each: the same ladder, sweep, letters, board and Prefect run. A cycle for each unit
would be hundreds of runs and of morning summaries; milestones added to the review's own plan would change a frozen document.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from hanchot.domain.cited import Refusal
from hanchot.domain.errors import AlreadyDone, NotFound, Refused
from hanchot.domain.house_rules import RECORD
from hanchot.domain.plan import Plan
from hanchot.domain.remediation import (
    REMEDY,
    Carried,
    Outcome,
    RemediationRules,
    Shortcoming,
    Where,
    joined,
    open_plan,
    unanswered,
)
from hanchot.domain.unit import UnitKind
from hanchot.domain.work_item import DONE
from hanchot.service import audit
from hanchot.service.book import Book, book, cycle_id_of
from hanchot.service.items import act_in
from hanchot.service.judging.refusing import Forbidden, demand
from hanchot.service.judging.rulebook import rulebook
from hanchot.service.services import Services
from hanchot.service.shortcomings import Seen, carried_over, shortcomings
from hanchot.service.side_cycle import SideCycle
from hanchot.store.db import Row
from hanchot.store.keeping_tables import shortcoming
from hanchot.store.tables import cycle, person, unit, work_item


@dataclass(frozen=True, slots=True)
class Result:
    """The decided result that opens remediation. ``person``: code, None where it is the unit's; days are local."""

    cycle: str
    unit: str
    decided_on: date
    person: str | None = None
    approved_on: date | None = None
    approved_by: str = ""
    number: str | None = None


@dataclass(frozen=True)
class Line(Shortcoming):
    """A shortcoming, and which one of the review before it goes on with (its id)."""

    carried_from: int | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """The cycle of remediation and the numbers and items of the new lines, in their order."""

    code: str
    numbers: tuple[int, ...]
    items: tuple[int, ...]


def open_for(services: Services, result: Result, lines: Sequence[Line], now: datetime, *, actor: str) -> Begun:
    """Open the remediation of one result. The holder of the unit is told that it has some, not what.

    Raises ``Forbidden`` with the clause for a line without its parts or a plan that was not approved, ``AlreadyDone`` for
    lines that were recorded before.
    """
    with services.db.write() as connection:
        review_id = cycle_id_of(connection, result.cycle)
        who = _who(connection, result.unit, result.person)
        _demand_new(connection, review_id, result, lines, who)
        first = _next_number(connection, review_id, who.id)
        rules = rulebook(services, connection, review_id).review.remediation
        known = book(services.db, connection, review_id)
        small = _decide(known, rules, result, lines, who, first)
        desk = _Desk(SideCycle(services, connection, known, REMEDY, now), actor)
        desk.side.prepare(lambda before: joined(small.key, known.plan, known.period, small, rules, before))
        items = tuple(desk.add(who, n, line) for n, line in enumerate(lines, first))
        numbers = tuple(range(first, first + len(lines)))
        data: dict[str, object] = {"unit": result.unit, "numbers": list(numbers)}
        audit.record(connection, now, actor, "remediation.opened", desk.side.code, cycle_id=desk.side.cycle_id, data=data)
        return Begun(desk.side.code, numbers, items)


def fix(
    services: Services, code: str, unit_code: str, no: int, proof: str, now: datetime, *, actor: str,
    on_behalf: str | None = None,
) -> int:  # fmt: skip
    """Record what shows that shortcoming ``no`` of a unit, found by the review ``code``, is remedied, and hand its item in;
    returns the item. Raises ``Refused`` without evidence, or where the item cannot be handed in now, ``AlreadyDone`` where it
    is handed in with this very evidence.
    """
    with services.db.write() as connection:
        row = _one(connection, cycle_id_of(connection, code), unit_code, no)
        if not proof.strip():
            words = f"Hạn chế thứ {no} chưa có minh chứng đã khắc phục."
            demand([Refusal("no-evidence", words, "Ghi văn bản hoặc kết quả chứng minh.", RECORD)])
        if row.proof == proof.strip() and row.item_state in DONE:
            raise AlreadyDone(f"Minh chứng của hạn chế thứ {no} đã nộp.", way_out="Không cần nộp lại.")
        _set(connection, row.id, proof=proof.strip(), state=Outcome.FIXED, judged_at=None, judged_by=None)
        act_in(services, connection, row.item_id, "submit", now, actor=actor, on_behalf=on_behalf)
        return int(row.item_id)


def conclude(
    services: Services, code: str, unit_code: str, no: int, outcome: Outcome, now: datetime, *, actor: str,
    answers: str = "", proof: str = "",
) -> None:  # fmt: skip
    """The review ``code`` concludes what became of shortcoming ``no`` of the review before it. ``answers``: who answers for
    one that is not quite fixed or recurs. Raises ``Forbidden`` with the clause for a conclusion that lacks its part, and
    ``AlreadyDone`` where the same person has concluded the same.
    """
    with services.db.write() as connection:
        review_id = cycle_id_of(connection, code)
        found = _earlier(connection, review_id, unit_code, no)
        if _concluded(connection, found.id) == (outcome, answers.strip(), actor):
            raise AlreadyDone(f"Kết luận ấy về hạn chế thứ {no} đã ghi.", way_out="Không cần ghi lại.")
        said = Carried(found.words, outcome, answers, proof or found.proof or "")
        demand(unanswered([said], rulebook(services, connection, review_id).review.remediation))
        _set(
            connection, found.id, state=outcome, proof=said.evidence.strip() or None, answers=answers.strip() or None,
            judged_at=now, judged_by=actor,
        )  # fmt: skip
        data: dict[str, object] = {"unit": unit_code, "no": no}
        audit.record(connection, now, actor, "remediation.concluded", f"shortcoming:{found.id}", cycle_id=review_id, data=data)


def _decide(known: Book, rules: RemediationRules, result: Result, lines: Sequence[Line], who: Row, first: int) -> Plan:
    """The small plan of these lines, or ``Forbidden``."""
    where = Where(
        f"{result.cycle}{REMEDY}".lower(), who.unit_name, UnitKind(who.kind), known.plan.organiser, result.approved_on,
        result.approved_by, result.number, known.plan.ladder, first,
    )  # fmt: skip
    small = open_plan(_Decided(who.name, result.decided_on), where, lines, rules)
    if isinstance(small, Plan):
        return small
    raise Forbidden(small)


def _demand_new(connection: sa.Connection, review_id: int, result: Result, lines: Sequence[Line], who: Row) -> None:
    """The result is one of a review of this unit, and its lines were not recorded before."""
    root = sa.select(unit.c.path).join(cycle, cycle.c.root_id == unit.c.id).where(cycle.c.id == review_id)
    if result.cycle.endswith(REMEDY) or not who.path.startswith(connection.execute(root).scalar_one()):
        raise Refused(f"{who.unit_name} không được kiểm điểm trong đợt “{result.cycle}”.", way_out="Nêu mã đợt kiểm điểm.")
    mine = shortcomings(connection, review_id, who.id, who.person_id)
    if {one.words for one in mine} & {line.words.strip() for line in lines}:
        said = f"Hạn chế này của {who.name} đã ghi sau đợt “{result.cycle}”."
        raise AlreadyDone(said, way_out="Xem các hạn chế đã ghi.", command=f"hanchot remediation show {result.cycle}")
    old = {one.id for one in carried_over(connection, review_id, who.id, who.person_id) or ()}
    if strange := {line.carried_from for line in lines} - old - {None}:
        said = f"Hạn chế số {', '.join(map(str, strange))} không phải của {who.name} ở kỳ trước."
        raise NotFound(said, way_out="Chọn trong các hạn chế của kỳ trước.", command="hanchot remediation show ĐỢT-KỲ-TRƯỚC")


@dataclass(frozen=True, slots=True)
class _Decided:
    name: str
    decided_on: date


@dataclass(frozen=True, slots=True)
class _Desk:
    """The cycle of remediation in a transaction."""

    side: SideCycle
    actor: str

    def add(self, who: Row, no: int, line: Line) -> int:
        """One shortcoming with its item; the item gets the line's day."""
        item_id = self.side.add(f"khac-phuc-{no}", who, line.until, "remediation")
        self.side.connection.execute(
            sa.insert(shortcoming).values(
                cycle_id=self.side.review.cycle_id, unit_id=who.id, person_id=who.person_id, no=no, words=line.words.strip(),
                measure=line.measure.strip(), responsible=line.who.strip(), until=line.until, event=line.event.strip() or None,
                expected=line.evidence.strip(), state="open", carried_from=line.carried_from, item_id=item_id,
                opened_at=self.side.now, opened_by=self.actor,
            )
        )  # fmt: skip
        return item_id


def _who(connection: sa.Connection, unit_code: str, person_code: str | None) -> Row:
    """The unit with the person, if one is named; ``name`` is whose result it is. Raises ``NotFound``."""
    one = sa.select(person.c.id, person.c.name).where(person.c.code == person_code).subquery()
    query = sa.select(
        unit.c.id, unit.c.kind, unit.c.path, unit.c.name.label("unit_name"), one.c.id.label("person_id"),
        sa.func.coalesce(one.c.name, unit.c.name).label("name"),
    )  # fmt: skip
    row = connection.execute(query.select_from(unit.outerjoin(one, sa.true())).where(unit.c.code == unit_code)).first()
    if row is None:
        raise NotFound(f"Không có đơn vị mã “{unit_code}”.", way_out="Xem mã trong danh sách đơn vị.", value=unit_code)
    if person_code is not None and row.person_id is None:
        raise NotFound(f"Không có người mã “{person_code}”.", way_out="Xem mã trong danh sách người.", value=person_code)
    return row


def _next_number(connection: sa.Connection, review_id: int, unit_id: int) -> int:
    mine = (shortcoming.c.cycle_id == review_id) & (shortcoming.c.unit_id == unit_id)
    return int(connection.execute(sa.select(sa.func.coalesce(sa.func.max(shortcoming.c.no), 0)).where(mine)).scalar_one()) + 1


def _one(connection: sa.Connection, review_id: int, unit_code: str, no: int) -> Row:
    query = (
        sa.select(shortcoming.c.id, shortcoming.c.item_id, shortcoming.c.proof, work_item.c.state.label("item_state"))
        .join(unit, unit.c.id == shortcoming.c.unit_id)
        .join(work_item, work_item.c.id == shortcoming.c.item_id)
        .where(shortcoming.c.cycle_id == review_id, unit.c.code == unit_code, shortcoming.c.no == no)
    )
    row = connection.execute(query).first()
    if row is None:
        raise NotFound(f"Đơn vị “{unit_code}” không có hạn chế thứ {no}.", way_out="Xem các hạn chế đã ghi.", value=no)
    return row


def _earlier(connection: sa.Connection, review_id: int, unit_code: str, no: int) -> Seen:
    """Shortcoming ``no`` of the review before ``review_id``, the unit's own or one of its people's."""
    who = _who(connection, unit_code, None)
    people = sa.select(shortcoming.c.person_id).where(shortcoming.c.unit_id == who.id).distinct()
    for person_id in {None, *connection.execute(people).scalars()}:
        for one in carried_over(connection, review_id, who.id, person_id) or ():
            if one.no == no:
                return one
    raise NotFound(
        f"Đơn vị “{unit_code}” không có hạn chế thứ {no} của kỳ trước.", way_out="Xem các hạn chế của kỳ trước.",
        command="hanchot remediation show ĐỢT-KỲ-TRƯỚC", value=no,
    )  # fmt: skip


def _concluded(connection: sa.Connection, shortcoming_id: int) -> tuple[str, str, str | None]:
    """How a shortcoming stands, who answers for it, and who has concluded so."""
    columns = (shortcoming.c.state, sa.func.coalesce(shortcoming.c.answers, ""), shortcoming.c.judged_by)
    state, answers, by = connection.execute(sa.select(*columns).where(shortcoming.c.id == shortcoming_id)).one()
    return state, answers, by


def _set(connection: sa.Connection, shortcoming_id: int, **values: object) -> None:
    connection.execute(sa.update(shortcoming).where(shortcoming.c.id == shortcoming_id).values(values))
