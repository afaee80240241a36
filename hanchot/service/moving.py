"""Moving deadlines: one item, one milestone of a cycle, or what hangs on an event. The revision re-arms the ladder."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from hanchot.domain.deadline import After, Context, Lead, resolve
from hanchot.domain.errors import AlreadyDone, NotFound, Refused
from hanchot.domain.instants import end_of, local_day
from hanchot.domain.ladder import Armed, Timetable
from hanchot.domain.plan import Milestone
from hanchot.domain.session import MEETING
from hanchot.domain.unit import ORGANS
from hanchot.domain.work_item import UNFINISHED
from hanchot.service import audit
from hanchot.service.book import Book, book, closed, cycle_id_of
from hanchot.service.services import Services
from hanchot.store.tables import cycle, cycle_milestone, unit, unit_event, work_item


def move(
    services: Services, connection: sa.Connection, known: Book, milestone_id: int, day: date, now: datetime,
    only: sa.ColumnElement[bool],
) -> int:  # fmt: skip
    """Set the last day (counted) of the unfinished items of a milestone that ``only`` chooses; returns how many.

    Rungs that lie before ``now`` belong to the deadline that was: the ladder goes on with the next one.
    """
    ladder = known.ladders[milestone_id]
    steps = Timetable(services.workdays).of(Armed(0, ladder, day, None, now, 0))
    step = ladder.first_rung
    while step < len(steps) and steps[step][1] <= now:
        step += 1
    unfinished = (work_item.c.milestone_id == milestone_id) & work_item.c.state.in_(sorted(UNFINISHED))
    return connection.execute(
        sa.update(work_item)
        .where(unfinished, only)
        .values(
            last_day=day,
            last_moment=end_of(day),
            revision=work_item.c.revision + 1,
            next_step=step,
            next_action_at=steps[step][1] if step < len(steps) else None,
        )
    ).rowcount


def set_date(services: Services, code: str, key: str, day: date, now: datetime, *, actor: str, reason: str) -> int:
    """Give a milestone of an open cycle a date: where the plan names none, or a promised one has come. Said to be ours.

    An item that was given a later day of its own keeps it. Returns how many items now have the date. Raises ``Refused``
    without a reason or for a day that has passed.
    """
    if not reason.strip():
        raise Refused("Đặt hạn cho một mốc phải nêu lý do.", way_out="Nêu lý do, ví dụ số thông báo.")
    if end_of(day) <= now:
        raise Refused(f"Ngày {day:%d/%m/%Y} đã qua.", way_out="Chọn ngày sau hôm nay.")
    with services.db.write() as connection:
        known = _open_book(services, connection, code)
        if key not in known.ids:
            raise NotFound(f"Đợt “{code}” không có mốc “{key}”.", way_out=f"Các mốc: {', '.join(known.ids)}.")
        milestone_id = known.ids[key]
        columns = (cycle_milestone.c.last_day, cycle_milestone.c.set_by)
        was, by = connection.execute(sa.select(*columns).where(cycle_milestone.c.id == milestone_id)).one()
        if (was, by) == (day, actor):
            raise AlreadyDone(f"Hạn {day:%d/%m/%Y} của mốc “{key}” đã ghi.", way_out="Không cần ghi lại.")
        connection.execute(
            sa.update(cycle_milestone)
            .where(cycle_milestone.c.id == milestone_id)
            .values(last_day=day, last_moment=end_of(day), chase_from=None, set_by=actor)
        )
        common = sa.or_(work_item.c.last_day.is_not_distinct_from(was), work_item.c.last_day < day)
        moved = move(services, connection, known, milestone_id, day, now, common)
        audit.record(
            connection, now, actor, "milestone.dated", f"{code}:{key}", cycle_id=known.cycle_id,
            was=str(was) if was else None, became=str(day), reason=reason, data={"items": moved},
        )  # fmt: skip
        return moved


def happened(
    services: Services, connection: sa.Connection, known: Book, unit_id: int, anchor: str, now: datetime,
    day: date | None = None, *, alone: bool = False,
) -> int:  # fmt: skip
    """An event of a unit has a day (default: today): deadlines before or after it are resolved, for the unit's branch.

    What a standing committee or a department does, it does for the committee above it: its event is that branch's.
    ``alone``: the event is the unit's own and nobody else's, e.g. its review meeting. Returns how many items got a date.
    """
    day = day or local_day(now)
    unit_id = unit_id if alone else _acts_for(connection, unit_id)
    key = {"cycle_id": known.cycle_id, "unit_id": unit_id, "anchor": anchor}
    same = sa.and_(*(unit_event.c[name] == value for name, value in key.items()))
    if connection.execute(sa.update(unit_event).where(same).values(day=day)).rowcount == 0:
        connection.execute(sa.insert(unit_event).values(**key, day=day))
    hung = [m for m in known.plan.of_period(known.period.kind) if getattr(m.deadline, "anchor", None) == anchor]
    return sum(date_by_event(services, connection, known, m, unit_id, day, now, alone=alone) for m in hung)


def date_by_event(
    services: Services, connection: sa.Connection, known: Book, milestone: Milestone, unit_id: int, day: date, now: datetime,
    *, alone: bool = False,
) -> int:  # fmt: skip
    """A milestone that counts from an event gets its date in the branch of the unit whose event is on ``day`` (local),
    but for the units whose review meeting has a day of its own; ``alone``: for the unit itself only.

    Returns how many items got it; 0 for a deadline that counts from nothing.
    """
    deadline = milestone.deadline
    if not isinstance(deadline, Lead | After):
        return 0
    events = {deadline.anchor: day}
    due = resolve(deadline, Context(known.period.year, known.period.quarter, events=events, workdays=services.workdays))
    assert due.last_day is not None
    milestone_id = known.ids[milestone.key]
    if unit_id == known.root_id and not alone:
        common = sa.update(cycle_milestone).where(cycle_milestone.c.id == milestone_id)
        connection.execute(common.values(last_day=due.last_day, last_moment=due.last_moment))
    mine = work_item.c.unit_id == unit_id
    which = mine if alone else sa.or_(mine, _branch(connection, known.cycle_id, unit_id, deadline.anchor))
    return move(services, connection, known, milestone_id, due.last_day, now, which)


def called_off(services: Services, connection: sa.Connection, known: Book, unit_id: int, anchor: str, now: datetime) -> int:
    """A unit's own event has no day any more: what hung on it falls back to its milestone's common date, mostly none.

    Returns how many items lost or changed their date.
    """
    key = {"cycle_id": known.cycle_id, "unit_id": unit_id, "anchor": anchor}
    connection.execute(sa.delete(unit_event).where(*(unit_event.c[name] == value for name, value in key.items())))
    changed = 0
    for milestone in known.plan.of_period(known.period.kind):
        if getattr(milestone.deadline, "anchor", None) != anchor:
            continue
        milestone_id = known.ids[milestone.key]
        row = connection.execute(sa.select(cycle_milestone).where(cycle_milestone.c.id == milestone_id)).one()
        mine = work_item.c.unit_id == unit_id
        if row.last_day is not None:
            changed += move(services, connection, known, milestone_id, row.last_day, now, mine)
            continue
        unfinished = (work_item.c.milestone_id == milestone_id) & work_item.c.state.in_(sorted(UNFINISHED)) & mine
        undated = {"last_day": None, "last_moment": None, "next_action_at": None}
        step = {"revision": work_item.c.revision + 1, "next_step": known.ladders[milestone_id].first_rung}
        changed += connection.execute(sa.update(work_item).where(unfinished).values(**undated, **step)).rowcount
    return changed


def whose(connection: sa.Connection, unit_id: int) -> int:
    """The unit that an organ acts for: a committee's standing committee, department or office decides for the
    committee's whole branch; every other unit acts for its own.
    """
    row = connection.execute(sa.select(unit.c.kind, unit.c.parent_id).where(unit.c.id == unit_id)).one()
    return row.parent_id if row.kind in ORGANS and row.parent_id is not None else unit_id


def set_event(services: Services, code: str, unit_code: str, anchor: str, day: date, now: datetime, *, actor: str) -> int:
    """A unit says when an event of its own is, e.g. its review meeting; what must come before it gets a date."""
    with services.db.write() as connection:
        known = _open_book(services, connection, code)
        unit_id = connection.execute(sa.select(unit.c.id).where(unit.c.code == unit_code)).scalar()
        if unit_id is None:
            raise NotFound(f"Không có đơn vị mã “{unit_code}”.", way_out="Xem mã trong danh sách đơn vị.")
        deadlines = (m.deadline for m in known.plan.of_period(known.period.kind))
        anchors = {str(a) for d in deadlines if (a := getattr(d, "anchor", None))}
        if anchor not in anchors:
            names = ", ".join(sorted(anchors)) or "không có"
            raise NotFound(f"Đợt “{code}” không có việc nào theo sự kiện “{anchor}”.", way_out=f"Các sự kiện: {names}.")
        moved = happened(services, connection, known, unit_id, anchor, now, day)
        audit.record(
            connection, now, actor, "unit.event", f"{code}:{unit_code}:{anchor}", cycle_id=known.cycle_id,
            became=str(day), data={"items": moved},
        )  # fmt: skip
        return moved


def _open_book(services: Services, connection: sa.Connection, code: str) -> Book:
    """The book of a cycle that is open: in a closed one no deadline moves, or its ladder would be armed again."""
    cycle_id = cycle_id_of(connection, code)
    if connection.execute(sa.select(cycle.c.state).where(cycle.c.id == cycle_id)).scalar() != "open":
        raise closed(code)
    return book(services.db, connection, cycle_id)


def _acts_for(connection: sa.Connection, unit_id: int) -> int:
    row = connection.execute(sa.select(unit.c.kind, unit.c.parent_id).where(unit.c.id == unit_id)).one()
    return int(row.parent_id) if row.kind in ORGANS and row.parent_id is not None else unit_id


def _branch(connection: sa.Connection, cycle_id: int, unit_id: int, anchor: str) -> sa.ColumnElement[bool]:
    """The items of the unit's branch; of review meetings, without the units that have one of their own."""
    path = connection.execute(sa.select(unit.c.path).where(unit.c.id == unit_id)).scalar_one()
    if anchor != MEETING:
        return work_item.c.unit_id.in_(sa.select(unit.c.id).where(unit.c.path.startswith(path)))
    own = sa.exists().where(
        unit_event.c.cycle_id == cycle_id, unit_event.c.unit_id == unit.c.id, unit_event.c.anchor == anchor
    )  # fmt: skip
    return work_item.c.unit_id.in_(sa.select(unit.c.id).where(unit.c.path.startswith(path), ~own))
