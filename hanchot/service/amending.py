"""Replacing the plan of a running cycle: a provisional one by the real document's, or an amended one in mid-cycle.

What has happened stays: finished work, its dates, and every letter in the ledger. One transaction, set-based: some
statements per milestone, not per unit. Only a date that the document moved re-arms the ladder.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from hanchot.domain.amend import Step, Verb, steps
from hanchot.domain.deadline import Due, event_vi
from hanchot.domain.errors import Refused
from hanchot.domain.ladder import Armed, Timetable
from hanchot.domain.plan import Milestone, Plan, chase_from, resolve_milestone, stages_of
from hanchot.domain.unit import UnitKind
from hanchot.domain.work_item import FINISHED, UNFINISHED, State
from hanchot.service import audit, incidents
from hanchot.service.book import Book, closed, cycle_id_of, read_book, rewritten
from hanchot.service.mail.tell import tell_moved
from hanchot.service.moving import date_by_event, move
from hanchot.service.opening import Opening, ask_for_date, demand_confirmed, period_of
from hanchot.service.ordering import unfinished_before
from hanchot.service.services import Services
from hanchot.store.db import Row
from hanchot.store.tables import cycle, cycle_milestone, cycle_stage, event, unit, unit_event, work_item

VERB_VI: dict[Verb, str] = {"kept": "giữ nguyên", "moved": "đổi hạn", "added": "thêm mới", "dropped": "không còn"}
_unfinished = work_item.c.state.in_(sorted(UNFINISHED))


@dataclass(frozen=True)
class Line:
    """What became of one milestone. ``items`` counts the items that were moved, opened or excused; dates are last days."""

    verb: Verb
    key: str
    title: str
    was: date | None
    becomes: date | None
    items: int

    def to_json(self) -> dict[str, Any]:
        days = {"was": self.was, "becomes": self.becomes}
        shown = {name: day.isoformat() if day else None for name, day in days.items()}
        return {"what": self.verb, "key": self.key, "title": self.title, **shown, "items": self.items}


@dataclass(frozen=True)
class Amended:
    """The outcome. ``changed`` is False when the cycle goes by this very plan already; ``notices`` need a person."""

    code: str
    plan: Plan
    changed: bool
    lines: tuple[Line, ...] = ()
    notices: tuple[str, ...] = ()
    dry_run: bool = False

    def count(self, verb: Verb) -> int:
        return sum(line.verb == verb for line in self.lines)

    def to_json(self) -> dict[str, Any]:
        return {
            "code": self.code, "plan": self.plan.key, "number": self.plan.document.number, "changed": self.changed,
            "dry_run": self.dry_run, "milestones": [line.to_json() for line in self.lines], "notices": list(self.notices),
        }  # fmt: skip

    @property
    def words(self) -> str:
        """One sentence for a person."""
        if not self.changed:
            return f"Đợt {self.code} đã theo đúng kế hoạch này; không có gì đổi."
        counted = ", ".join(f"{self.count(verb)} mốc {VERB_VI[verb]}" for verb in VERB_VI if self.count(verb))
        return f"{'Sẽ thay' if self.dry_run else 'Đã thay'} kế hoạch của đợt {self.code}: {counted}."


def amend_cycle(
    services: Services, code: str, plan: Plan, now: datetime, *, actor: str, reason: str, dry_run: bool = False
) -> Amended:
    """Let an open cycle go by ``plan`` from now on. The same plan again changes nothing.

    Raises ``Refused``: no reason, a closed cycle, a plan that nobody has confirmed or that another kind of committee
    issued; ``BadPlan``: a plan of another year or without this kind of period. ``dry_run`` says all and does nothing.
    """
    if not reason.strip():
        raise Refused("Thay kế hoạch của đợt phải nêu lý do.", way_out="Nêu lý do, ví dụ số kế hoạch vừa ban hành.")
    demand_confirmed(plan)
    try:
        with services.db.write() as connection:
            made = _Amending(services, connection, plan, now, actor, reason).run(code)
            if dry_run:
                raise _OnlyLooking(made)
            return made
    except _OnlyLooking as look:  # left the transaction by raising, so that nothing of it stays
        one = look.made
        return Amended(one.code, one.plan, one.changed, one.lines, one.notices, dry_run=True)


class _OnlyLooking(Exception):
    def __init__(self, made: Amended) -> None:
        self.made = made


@dataclass
class _Amending:
    """One amendment at work in its transaction. ``known`` is the book as it will be."""

    services: Services
    connection: sa.Connection
    plan: Plan
    now: datetime
    actor: str
    reason: str
    notices: list[str] = field(default_factory=list)

    def run(self, code: str) -> Amended:
        row = self.connection.execute(sa.select(cycle).where(cycle.c.id == cycle_id_of(self.connection, code))).one()
        before = read_book(self.connection, row.id)
        self.guard(row, before)
        if before.plan == self.plan:
            return Amended(code, self.plan, changed=False)
        found = steps(before.plan, self.plan, before.period, self.services.workdays)
        self.write_plan(row, before)
        self.write_milestones(before, found)
        self.known = read_book(self.connection, row.id)
        lines = tuple(self.apply(step) for step in found)
        self.set_order()
        _recount(self.connection, row.id)
        rewritten(self.connection)
        made = Amended(code, self.plan, True, lines, tuple(self.notices))
        self.record(before, made)
        return made

    def guard(self, row: Row, before: Book) -> None:
        if row.state != "open":
            raise closed(row.code)
        if self.plan.organiser != before.plan.organiser:
            whose = f"của {UnitKind(self.plan.organiser).vi}, đợt “{row.code}” là của {UnitKind(before.plan.organiser).vi}"
            raise Refused(f"Kế hoạch {self.plan.key} là {whose}.", way_out="Chọn kế hoạch khác.")
        period_of(self.plan, before.period.code)
        same = sa.and_(cycle.c.plan_key == self.plan.key, cycle.c.year == row.year, cycle.c.id != row.id)
        quarter = cycle.c.quarter.is_not_distinct_from(row.quarter)
        if (other := self.connection.execute(sa.select(cycle.c.code).where(same, quarter)).scalar()) is not None:
            raise Refused(f"Kế hoạch {self.plan.key} đang chạy ở đợt “{other}”.", way_out=f"Thay kế hoạch của “{other}”.")

    def write_plan(self, row: Row, before: Book) -> None:
        title = self.plan.document.title + (f" ({before.period.vi})" if before.period.quarter else "")
        values = {"plan": self.plan.model_dump(mode="json", by_alias=True), "plan_key": self.plan.key, "title": title}
        self.connection.execute(sa.update(cycle).where(cycle.c.id == row.id).values(**values))
        there = set(self.connection.execute(sa.select(cycle_stage.c.stage).where(cycle_stage.c.cycle_id == row.id)).scalars())
        new = [stage for stage in stages_of(self.plan, before.period.kind) if stage not in there]
        if new:
            rows = [{"cycle_id": row.id, "stage": stage, "position": stage.position, "state": "pending"} for stage in new]
            self.connection.execute(sa.insert(cycle_stage), rows)

    def write_milestones(self, before: Book, found: tuple[Step, ...]) -> None:
        """Rows take the new key, title, stage and place; those of added milestones are made. Dates come later."""
        self.opening = Opening(self.services, self.connection, self.plan, before.period, self.now, before.cycle_id)
        going = [(step, before.ids[step.old.key]) for step in found if step.old and step.new]
        for step, row_id in going:  # two milestones may have swapped their keys
            if step.old and step.old.key != step.key:
                self.update(row_id, key=f"~{row_id}")
        for position, step in enumerate(found):
            if step.old:
                row_id = before.ids[step.old.key]
                facts = {"title": step.new.title, "stage": step.new.stage, "optional": step.new.optional} if step.new else {}
                self.update(row_id, key=step.key, position=position, **facts)
            elif step.new and step.key in before.ids:  # it was dropped once and is back
                self.update(before.ids[step.key], position=position, title=step.title, stage=step.new.stage)
            elif step.new:
                self.opening.insert_milestone(step.new, position)

    def update(self, milestone_id: int, **values: Any) -> None:
        self.connection.execute(sa.update(cycle_milestone).where(cycle_milestone.c.id == milestone_id).values(**values))

    def apply(self, step: Step) -> Line:
        row_id = self.known.ids[step.key]
        row = self.connection.execute(sa.select(cycle_milestone).where(cycle_milestone.c.id == row_id)).one()
        items = 0
        if step.verb == "dropped":
            items = self.excuse(work_item.c.milestone_id == row_id)
        elif step.verb == "added" and step.new:
            items = self.open_items(step.new, row_id) + self.revive(step.new, row)
            self.settled(step.new, step.becomes)
        elif step.new and step.old:
            items = self.moved(step.new, step.becomes, row) if step.verb == "moved" else 0
            self.other_units(step.old, step.new, row)
        self.say(step, items)
        return Line(step.verb, step.key, step.title, row.last_day if step.old else None, self.last_day(step, row_id), items)

    def last_day(self, step: Step, row_id: int) -> date | None:
        if step.verb == "dropped":
            return None
        return self.connection.execute(sa.select(cycle_milestone.c.last_day).where(cycle_milestone.c.id == row_id)).scalar()

    def moved(self, new: Milestone, becomes: Due, row: Row) -> int:
        """A date that the document moved: unfinished items follow, and their holders are told. Revision and ladder anew."""
        due = self.settled(new, becomes)
        chase = chase_from(self.plan, new, self.known.period, self.services.workdays)
        self.update(row.id, last_day=due.last_day, last_moment=due.last_moment, chase_from=chase, set_by=None)
        here = sa.and_(_unfinished, work_item.c.milestone_id == row.id)
        self.connection.execute(
            sa.update(cycle_stage)  # an overrun of the new date is to be said again
            .where(cycle_stage.c.cycle_id == self.known.cycle_id, cycle_stage.c.stage == new.stage)
            .values(overrun_at=None)
        )
        common = work_item.c.last_day.is_not_distinct_from(row.last_day)
        if due.last_day is None:
            return self.undate(new, chase, sa.and_(here, common))
        which = sa.or_(common, work_item.c.last_day < due.last_day)
        note = f"{row.last_day:%d/%m/%Y}" if row.last_day else None
        if row.last_day != due.last_day and self.plan.ladder_of(new).announce:
            tell_moved(self.connection, sa.and_(here, which), f"amended-{self.next_event()}", self.now, note=note)
        return move(self.services, self.connection, self.known, row.id, due.last_day, self.now, which)

    def undate(self, new: Milestone, chase: date | None, which: sa.ColumnElement[bool]) -> int:
        """The document has taken the date back, or counts from an event now: dated again where the event is known."""
        ladder = self.plan.ladder_of(new)
        armed = Armed(0, ladder, None, chase, self.now, ladder.first_rung)
        values = {
            "last_day": None, "last_moment": None, "revision": work_item.c.revision + 1, "next_step": ladder.first_rung,
            "next_action_at": Timetable(self.services.workdays).first(armed),
        }  # fmt: skip
        freed = self.connection.execute(sa.update(work_item).where(which).values(**values)).rowcount
        return max(freed, self.by_events(new))

    def by_events(self, new: Milestone) -> int:
        anchor = getattr(new.deadline, "anchor", None)
        mine = sa.and_(unit_event.c.cycle_id == self.known.cycle_id, unit_event.c.anchor == anchor)
        known = self.connection.execute(sa.select(unit_event.c.unit_id, unit_event.c.day).where(mine)).all() if anchor else ()
        return sum(
            date_by_event(self.services, self.connection, self.known, new, unit_id, day, self.now) for unit_id, day in known
        )

    def open_items(self, new: Milestone, row_id: int, kinds: set[UnitKind] | None = None) -> int:
        """Items for units that have none under this milestone yet."""
        branch = self.connection.execute(sa.select(unit.c.path).where(unit.c.id == self.known.root_id)).scalar_one()
        made = self.opening.insert_items(new, row_id, branch, kinds)
        self.by_events(new)
        return made

    def revive(self, new: Milestone, row: Row, of: sa.ColumnElement[bool] | None = None) -> int:
        """A duty that an earlier amendment took away is back: what that one excused is open again, with its date."""
        excused = sa.and_(work_item.c.milestone_id == row.id, work_item.c.state == State.EXCUSED)
        back = excused if of is None else sa.and_(excused, of)
        count = self.connection.execute(sa.update(work_item).where(back).values(state=State.OPEN)).rowcount
        if count:
            self.moved(new, resolve_milestone(self.plan, new, self.known.period, self.services.workdays), row)
        return count

    def other_units(self, old: Milestone, new: Milestone, row: Row) -> None:
        """The duty is other units' now: theirs is opened, and what is unfinished of the former ones is excused."""
        come, gone = set(new.applies_to) - set(old.applies_to), set(old.applies_to) - set(new.applies_to)
        if gone:
            self.excuse(sa.and_(work_item.c.milestone_id == row.id, _of_kinds(gone)))
        if come:
            self.revive(new, row, _of_kinds(come))
            self.open_items(new, row.id, come)

    def excuse(self, which: sa.ColumnElement[bool]) -> int:
        """What is unfinished is not to be done any more."""
        values = {"state": State.EXCUSED, "next_action_at": None}
        return self.connection.execute(sa.update(work_item).where(_unfinished, which).values(**values)).rowcount

    def settled(self, new: Milestone, due: Due) -> Due:
        """As at an opening: a date that has passed and is doubtful makes nobody late; a person must settle it."""
        if due.last_moment is None or due.last_moment >= self.now:
            return due
        if new.doubt:
            ask_for_date(self.connection, self.plan, new, due, self.now)
            return Due()
        self.notices.append(
            f"Mốc “{new.title}” (mục {new.source.clause}): hạn mới {due.last_day:%d/%m/%Y} đã qua khi thay kế hoạch; "
            "việc chưa xong thành quá hạn ngay. Nếu không phải lỗi của đơn vị thì gia hạn cho từng việc."
        )
        return due

    def set_order(self) -> None:
        """Order clauses of the new plan over the work that has not been handed in."""
        mine = work_item.c.cycle_id == self.known.cycle_id
        waiting = sa.and_(mine, work_item.c.state == State.WAITING)
        self.connection.execute(sa.update(work_item).where(waiting).values(state=State.OPEN))
        for key, clauses in self.known.graph.before.items():
            for clause in clauses:
                held = sa.and_(work_item.c.milestone_id == self.known.ids[key], work_item.c.state == State.OPEN)
                unfinished = unfinished_before(self.known.ids[clause.milestone], clause.scope)
                self.connection.execute(sa.update(work_item).where(held, unfinished).values(state=State.WAITING))

    def say(self, step: Step, items: int) -> None:
        if step.verb == "kept":
            return
        audit.record(
            self.connection, self.now, self.actor, f"milestone.{step.verb}", f"{self.known.code}:{step.key}",
            cycle_id=self.known.cycle_id, was=_day(step.was), became=_day(step.becomes), reason=self.reason,
            data={"items": items},
        )  # fmt: skip

    def next_event(self) -> int:
        """The number of the event that will tell of this step: a rung's name that no letter had before."""
        return (self.connection.execute(sa.select(sa.func.max(event.c.seq))).scalar() or 0) + 1

    def record(self, before: Book, made: Amended) -> None:
        data: dict[str, object] = {VERB_VI[verb]: made.count(verb) for verb in VERB_VI}
        was, became = (plan.document.number or plan.key for plan in (before.plan, self.plan))
        audit.record(
            self.connection, self.now, self.actor, "cycle.amended", made.code, cycle_id=before.cycle_id, was=was,
            became=became, reason=self.reason, data=data,
        )  # fmt: skip
        for place, notice in enumerate(made.notices):
            incidents.report(self.connection, f"amended:{made.code}:{place}:{self.plan.key}", "plan", notice, self.now)


def _of_kinds(kinds: set[UnitKind]) -> sa.ColumnElement[bool]:
    return work_item.c.unit_id.in_(sa.select(unit.c.id).where(unit.c.kind.in_(sorted(kinds))))


def _recount(connection: sa.Connection, cycle_id: int) -> None:
    """Totals and progress of every milestone from its items."""
    mine = work_item.c.milestone_id == cycle_milestone.c.id
    finished = work_item.c.state.in_(sorted(FINISHED))
    total = sa.select(sa.func.count()).where(mine).scalar_subquery()
    done = sa.select(sa.func.count()).where(mine, finished).scalar_subquery()
    connection.execute(
        sa.update(cycle_milestone).where(cycle_milestone.c.cycle_id == cycle_id).values(total=total, finished=done)
    )


def _day(due: Due) -> str | None:
    return str(due.last_day) if due.last_day else event_vi(due.waits_for) if due.waits_for else None
