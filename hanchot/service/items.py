"""What happens to one work item: submitted, returned, accepted, excused, reopened, extended. One transaction each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

import sqlalchemy as sa

from hanchot.domain.errors import NotFound, Refused
from hanchot.domain.instants import end_of, local_day
from hanchot.domain.stage import Stage
from hanchot.domain.work_item import ACTION_VI, DONE, FINISHED, TRANSITIONS, Item, State, refusal
from hanchot.service import audit
from hanchot.service.book import Book, book
from hanchot.service.folders import dossier_refusals
from hanchot.service.hearing import opinion_refusals
from hanchot.service.judging.refusing import demand
from hanchot.service.mail.tell import tell, tell_open
from hanchot.service.moving import happened, move, whose
from hanchot.service.ordering import unfinished_before, units_above
from hanchot.service.services import Services
from hanchot.service.shortcomings import evidence_refusals
from hanchot.store.db import Row
from hanchot.store.tables import cycle, cycle_milestone, unit, work_item

_ITEM = (
    sa.select(
        work_item.c.id, work_item.c.cycle_id, work_item.c.milestone_id, work_item.c.unit_id, work_item.c.state,
        work_item.c.last_day, work_item.c.last_moment, work_item.c.finished_at, work_item.c.finished_by,
        cycle.c.state.label("cycle_state"),
    )
    .join(cycle, cycle.c.id == work_item.c.cycle_id)
    .where(work_item.c.id == sa.bindparam("item"))
)  # fmt: skip
_MOVE = (
    sa.update(work_item)
    .where(work_item.c.id == sa.bindparam("item"), work_item.c.state == sa.bindparam("was"))
    .values(
        state=sa.bindparam("became"), finished_at=sa.bindparam("finished"), finished_by=sa.bindparam("who"),
        next_action_at=None,
    )
)  # fmt: skip
_COUNT = (
    sa.update(cycle_milestone)
    .where(cycle_milestone.c.id == sa.bindparam("milestone"))
    .values(finished=cycle_milestone.c.finished + sa.bindparam("by"))
)


@dataclass(frozen=True)
class Moved:
    """The outcome of an action on an item."""

    item_id: int
    was: State
    became: State


def find_item(connection: sa.Connection, code: str, unit_code: str, milestone: str) -> int:
    """The item of a unit under a milestone of a cycle, all named by their codes."""
    found: int | None = connection.execute(
        sa.select(work_item.c.id)
        .join(cycle, cycle.c.id == work_item.c.cycle_id)
        .join(unit, unit.c.id == work_item.c.unit_id)
        .join(cycle_milestone, cycle_milestone.c.id == work_item.c.milestone_id)
        .where(cycle.c.code == code, unit.c.code == unit_code, cycle_milestone.c.key == milestone)
    ).scalar()
    if found is None:
        raise NotFound(
            f"Không có việc “{milestone}” của đơn vị “{unit_code}” trong đợt “{code}”.",
            way_out="Xem lại mã đợt, mã đơn vị và tên mốc.",
            command=f"hanchot cycle show {code}",
        )
    return found


def act(
    services: Services, item_id: int, action: str, now: datetime, *, actor: str, on_behalf: str | None = None,
    reason: str | None = None,
) -> Moved:  # fmt: skip
    """Do ``action`` (submit, return, accept, excuse, reopen) or raise ``Refused`` with the guard's reason.

    To submit, the dossier that the plan links must be complete, and remediation must have its evidence.
    """
    with services.db.write() as connection:
        return act_in(services, connection, item_id, action, now, actor=actor, on_behalf=on_behalf, reason=reason)


def act_in(
    services: Services, connection: sa.Connection, item_id: int, action: str, now: datetime, *, actor: str,
    on_behalf: str | None = None, reason: str | None = None, done_on: date | None = None,
) -> Moved:  # fmt: skip
    """The same within the caller's transaction. ``done_on``: the local day on which the unit handed in, where it is
    recorded later; a day without an hour is on time wherever its deadline still allowed some hour of it.
    """
    row = _gather(connection, item_id)
    known = book(services.db, connection, row.cycle_id)
    was = State(row.state)
    said = refusal(action, _as_item(connection, known, row), reason)
    if said:
        raise Refused(f"Không {ACTION_VI[action]} được việc {item_id}: {said}.")
    if action == "submit":
        waits = opinion_refusals(connection, known, row)
        demand((*dossier_refusals(services, connection, row), *evidence_refusals(connection, known, row), *waits))
    target = TRANSITIONS[action].target
    if target is None:
        raise AssertionError(f"{action} does not change the state; see extend")
    finishing, done_at = target in DONE, _done_at(done_on, row.last_moment, now)
    moved = connection.execute(
        _MOVE,
        {"item": item_id, "was": was, "became": target,  # when it is accepted, it stays finished since it was submitted
         "finished": (row.finished_at or done_at) if finishing else None,
         "who": (row.finished_by or actor) if finishing else None},
    )  # fmt: skip
    if moved.rowcount != 1:
        raise Refused(f"Việc {item_id} vừa có người khác cập nhật.", way_out="Tải lại rồi làm lại.")
    change = int(target in FINISHED) - int(was in FINISHED)
    if change:
        connection.execute(_COUNT, {"milestone": row.milestone_id, "by": change})
    seq = audit.record(
        connection, now, actor, f"item.{action}", f"item:{item_id}", on_behalf=on_behalf, cycle_id=row.cycle_id,
        item_id=item_id, was=was, became=target, reason=reason,
        data={"done_on": done_on.isoformat()} if done_on and finishing else None,
    )  # fmt: skip
    _follow_up(services, connection, known, row, target, seq, now, done_at, reason)
    return Moved(item_id, was, target)


def why_not(
    services: Services, connection: sa.Connection, item_id: int, action: str, reason: str | None = None
) -> tuple[str, ...]:
    """Why ``action`` would be refused now, in words; empty where nothing stands against it. The board asks this to grey
    a button. Raises ``NotFound``.
    """
    row = _gather(connection, item_id)
    known = book(services.db, connection, row.cycle_id)
    if said := refusal(action, _as_item(connection, known, row), reason):
        return (said[:1].upper() + said[1:] + ".",)
    if action != "submit":
        return ()
    wanting = (*dossier_refusals(services, connection, row), *evidence_refusals(connection, known, row))
    return tuple(one.vi for one in wanting)


def _done_at(day: date | None, last_moment: datetime | None, now: datetime) -> datetime:
    """The instant that stands for a day: its end, or the deadline's last moment if that lies in it; never after ``now``."""
    if day is None:
        return now
    on_time = last_moment is not None and local_day(last_moment) == day
    return min(last_moment if on_time and last_moment else end_of(day), now)


def _follow_up(
    services: Services, connection: sa.Connection, known: Book, row: Row, target: State, seq: int,
    now: datetime, done_at: datetime, reason: str | None,
) -> None:  # fmt: skip
    key = known.keys[row.milestone_id]
    if target in FINISHED:
        anchor = known.named(key).provides
        if anchor and target in DONE:
            happened(services, connection, known, whose(connection, row.unit_id), anchor, now, local_day(done_at))
        _unblock(connection, known, key, row.unit_id, now)
        return
    _block_again(connection, known, key, row.unit_id)
    if row.last_day:
        move(services, connection, known, row.milestone_id, row.last_day, now, work_item.c.id == row.id)
    if target == State.RETURNED:
        tell(connection, row.id, "returned", f"returned-{seq}", now, note=reason)


def _unblock(connection: sa.Connection, known: Book, key: str, unit_id: int, now: datetime) -> None:
    """Waiting items whose every predecessor is finished now become open. Remediation is told at once when a result has
    opened it, with its date if it has one.
    """
    for dependent, clause in known.graph.behind.get(key, ()):
        milestone_id = known.ids[dependent]
        before = tuple((known.ids[p.milestone], p.scope) for p in known.graph.before[dependent])
        opened = connection.execute(_opening(milestone_id, clause.scope, before), _reached(clause.scope, unit_id))
        if opened.rowcount and known.named(dependent).stage == Stage.REMEDIATE:
            tell_open(connection, milestone_id, "remediation", now, unit_id=unit_id if clause.scope == "own" else None)


def _block_again(connection: sa.Connection, known: Book, key: str, unit_id: int) -> None:
    """Work taken back holds back what had not been done yet."""
    for dependent, clause in known.graph.behind.get(key, ()):
        held = _holding(known.ids[dependent], clause.scope, known.ids[key])
        connection.execute(held, _reached(clause.scope, unit_id))


@lru_cache(maxsize=4096)  # building such a statement costs more than running it
def _opening(milestone_id: int, scope: str, before: tuple[tuple[int, str], ...]) -> sa.Update:
    free = [sa.not_(unfinished_before(before_id, of)) for before_id, of in before]
    waiting = sa.and_(work_item.c.milestone_id == milestone_id, work_item.c.state == State.WAITING, _reach(scope))
    return sa.update(work_item).where(waiting, *free).values(state=State.OPEN)


@lru_cache(maxsize=4096)
def _holding(milestone_id: int, scope: str, before_id: int) -> sa.Update:
    opened = sa.and_(work_item.c.milestone_id == milestone_id, work_item.c.state == State.OPEN, _reach(scope))
    return sa.update(work_item).where(opened, unfinished_before(before_id, scope)).values(state=State.WAITING)


def _reach(scope: str) -> sa.ColumnElement[bool]:
    """The units whose work can wait for the unit ``unit``: itself, those above it, or all."""
    which = sa.bindparam("unit", type_=work_item.c.unit_id.type)
    if scope == "own":
        return work_item.c.unit_id == which
    return work_item.c.unit_id.in_(sa.select(units_above(which).c.id)) if scope == "below" else sa.true()


def _reached(scope: str, unit_id: int) -> dict[str, int]:
    return {} if scope == "all" else {"unit": unit_id}


def _gather(connection: sa.Connection, item_id: int) -> Row:
    row = connection.execute(_ITEM, {"item": item_id}).first()
    if row is None:
        raise NotFound(
            f"Không có việc số {item_id}.",
            way_out="Tìm việc ấy trong danh sách việc của đợt.",
            command="hanchot cycle show ĐỢT",
        )
    return row


def _as_item(connection: sa.Connection, known: Book, row: Row) -> Item:
    waits = waits_for(connection, known, row.milestone_id, row.id) if row.state == State.WAITING else ()
    return Item(State(row.state), row.last_moment, row.cycle_state == "open", waits)


def waits_for(connection: sa.Connection, known: Book, milestone_id: int, item_id: int) -> tuple[str, ...]:
    """The titles of the milestones that hold an item back now, with the clause that says so."""
    names = []
    for clause in known.graph.before.get(known.keys[milestone_id], ()):
        held = sa.select(work_item.c.id).where(
            work_item.c.id == item_id, unfinished_before(known.ids[clause.milestone], clause.scope)
        )
        if connection.execute(held).first():
            names.append(f"{known.plan.milestone(clause.milestone).title} (mục {clause.clause})")
    return tuple(names)


def extend(
    services: Services,
    item_id: int,
    until: date,
    now: datetime,
    *,
    actor: str,
    reason: str,
    approver: str | None = None,
) -> None:
    """Move one item's last day to ``until`` (counted, to the end of that local day). The revision is raised, so the
    ladder is re-armed for this item and for nothing else; letters already sent stay in the ledger.
    """
    with services.db.write() as connection:
        extend_in(services, connection, item_id, until, now, actor=actor, reason=reason, approver=approver)


def extend_in(
    services: Services, connection: sa.Connection, item_id: int, until: date, now: datetime, *, actor: str, reason: str,
    approver: str | None = None,
) -> None:  # fmt: skip
    """The same within the caller's transaction."""
    row = _gather(connection, item_id)
    said = refusal("extend", Item(State(row.state), row.last_moment, row.cycle_state == "open"), reason)
    if said is None and end_of(until) <= now:
        said = f"hạn mới {until:%d/%m/%Y} đã qua"
    if said:
        raise Refused(f"Không gia hạn được việc {item_id}: {said}.")
    known = book(services.db, connection, row.cycle_id)
    move(services, connection, known, row.milestone_id, until, now, work_item.c.id == item_id)
    seq = audit.record(
        connection, now, actor, "item.extend", f"item:{item_id}", on_behalf=approver, cycle_id=row.cycle_id,
        item_id=item_id, was=str(row.last_day) if row.last_day else None, became=str(until), reason=reason,
    )  # fmt: skip
    was = f"{row.last_day:%d/%m/%Y}" if row.last_day else ""
    tell(connection, item_id, "extended", f"extended-{seq}", now, note=was)
