"""Review meetings at work: registered, moved, called off, prepared and held. One transaction each.

A booking gives the unit its event ``review-meeting``: what must come “ít nhất 05 ngày trước khi kiểm điểm” becomes dated and
is armed on the same ladder; a move re-arms it. Of several meetings of a unit the earliest counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

import sqlalchemy as sa

from hanchot.domain.cited import Refusal
from hanchot.domain.errors import AlreadyDone, NotFound, Refused
from hanchot.domain.house_rules import RECORD
from hanchot.domain.instants import local_day, local_iso
from hanchot.domain.review_order import Step, missing_before
from hanchot.domain.session import MEETING
from hanchot.service import audit
from hanchot.service.awaiting import awaits
from hanchot.service.book import book
from hanchot.service.judging.refusing import demand
from hanchot.service.judging.rulebook import Rulebook, rulebook
from hanchot.service.meeting_book import Around, Attendee, Judged, Meeting, at_the_same_time, in_charge, judge, of_unit
from hanchot.service.moving import called_off, happened
from hanchot.service.reviewed import reviewed
from hanchot.service.services import Services
from hanchot.service.topics import suggested, unanswered
from hanchot.store.db import Row, new_id
from hanchot.store.meeting_tables import meeting, meeting_attendee, meeting_mark
from hanchot.store.tables import person, unit_event

MarkKind = Literal["approved", "papers"]


@dataclass(frozen=True, slots=True)
class Which:
    """One meeting: the review's code, the unit's, and what is reviewed there."""

    cycle: str
    unit: str
    step: Step = Step.COLLECTIVE


@dataclass(frozen=True, slots=True)
class Wish:
    """A meeting as its unit registers it. ``directs`` and ``follows``: codes of the superiors who attend.

    ``registered_at``: when the unit asked, where that was on paper and earlier than it is typed; instants are aware.
    """

    starts: datetime
    ends: datetime
    place: str = ""
    directs: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()
    registered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it: how many deadlines now have a date by it, and what is still missing before it may be held."""

    id: int
    dated: int
    missing: tuple[Refusal, ...]


def book_meeting(services: Services, which: Which, wish: Wish, now: datetime, *, actor: str) -> Outcome:
    """Register a meeting. Raises ``Forbidden`` with every rule that stands against it and what would make it right: the
    weekly cut-off, who attends elsewhere, too short a time, papers that can no longer be in time, the order of review.
    """
    with services.db.write() as connection:
        desk = _desk(services, connection, which, now, actor)
        if desk.find(which.step):
            raise AlreadyDone(
                f"{desk.title} đã đăng ký.",
                way_out="Đổi giờ hội nghị ấy.",
                command=f"hanchot meeting move {which.cycle} {which.unit} BẮT-ĐẦU KẾT-THÚC",
            )
        made = desk.insert(which, wish)
        judged = desk.judge(made)
        demand(judged.forbids)
        return desk.settled(made, "meeting.booked", judged, became=local_iso(made.starts))


def move_meeting(
    services: Services, which: Which, starts: datetime, ends: datetime, now: datetime, *, actor: str, reason: str,
    place: str | None = None,
) -> Outcome:  # fmt: skip
    """Another time for a meeting: registered anew, under the same rules, and agreed to anew. Raises as booking does."""
    with _standing(services, which, now, actor) as (desk, before):
        _demand_reason(reason, "Đổi giờ")
        moved = replace(
            before, starts=starts, ends=ends, registered_at=now, revision=before.revision + 1,
            place=before.place if place is None else place.strip(),
        )  # fmt: skip
        _demand_time(moved.starts, moved.ends)
        if (moved.starts, moved.ends, moved.place) == (before.starts, before.ends, before.place):
            raise AlreadyDone(f"{desk.title} đã ở giờ này.", way_out="Chọn giờ khác.")
        judged = desk.judge(moved)
        demand(judged.forbids)
        names = ("starts", "ends", "registered_at", "revision", "place")
        desk.set(before.id, **{name: getattr(moved, name) for name in names})
        return desk.settled(
            moved, "meeting.moved", judged, was=local_iso(before.starts), became=local_iso(starts), reason=reason
        )  # fmt: skip


def cancel(services: Services, which: Which, now: datetime, *, actor: str, reason: str) -> int:
    """Call a meeting off; returns how many deadlines lost or changed their date. Raises ``Refused`` without a reason."""
    with _standing(services, which, now, actor) as (desk, one):
        _demand_reason(reason, "Hủy")
        desk.set(one.id, cancelled_at=now, cancelled_by=actor, cancelled_reason=reason.strip())
        changed = desk.redate()
        desk.record("meeting.cancelled", one, was=local_iso(one.starts), reason=reason)
        return changed


def attend(
    services: Services, which: Which, directs: Sequence[str], follows: Sequence[str], now: datetime, *, actor: str
) -> Outcome:
    """Say anew who of the superiors attends (codes of people). Raises ``Forbidden`` when one of them is elsewhere then."""
    with _standing(services, which, now, actor) as (desk, one):
        changed = replace(one, attends=desk.attendees(directs, follows))
        if set(changed.attends) == set(one.attends):
            raise AlreadyDone(f"{desk.title}: đã ghi đúng những người dự ấy.", way_out="Chọn người khác.")
        judged = desk.judge(changed)
        demand(judged.forbids)
        desk.seat(changed)
        return desk.settled(changed, "meeting.attended", judged)


def mark(services: Services, which: Which, kind: MarkKind, who: str, day: date, now: datetime, *, actor: str) -> Outcome:
    """Record on which local day somebody agreed to the time (``approved``) or got invitation and papers (``papers``).

    ``who``: as the rule names them. What happened late is recorded all the same, and stays among what is missing.
    """
    with _standing(services, which, now, actor) as (desk, one):
        if not who.strip() or day > local_day(now):
            raise Refused(f"Chưa ghi được: “{who}”, ngày {day:%d/%m/%Y}.", way_out="Nêu nơi nhận và ngày đã qua.")
        if not desk.mark(one, kind, who.strip(), day):
            raise AlreadyDone(f"“{who}”, ngày {day:%d/%m/%Y} đã ghi.", way_out="Ghi ngày khác nếu ghi sai.")
        again = next(m for m in desk.mine() if m.id == one.id)
        return desk.settled(again, f"meeting.{kind}", desk.judge(again), became=day.isoformat())


def hold(services: Services, which: Which, minutes: str, now: datetime, *, actor: str, reason: str = "") -> Outcome:
    """Record that a meeting was held, with the number of its signed minutes: the order of review rests on it.

    Raises ``Forbidden``: before it has begun, out of order, or while something is missing and no ``reason`` is given.
    """
    with _standing(services, which, now, actor) as (desk, one):
        if not minutes.strip():
            raise Refused(f"{desk.title}: chưa ghi số biên bản.", way_out="Ghi số biên bản đã ký.")
        if one.starts > now:
            raise Refused(f"{desk.title} đến {local_iso(one.starts)[:16]} mới họp.", way_out="Ghi sau khi họp, hoặc đổi giờ.")
        demand(desk.too_early(one))
        missing = desk.lacking(one)
        if not reason.strip():
            demand(missing)
        desk.set(one.id, held_at=now, held_by=actor, minutes=minutes.strip(), despite=reason.strip() or None)
        data: dict[str, object] = {"missing": [r.code for r in missing]}
        desk.record("meeting.held", one, became=minutes.strip(), reason=reason.strip() or None, data=data)
        return Outcome(one.id, 0, missing)


def missing_of(services: Services, connection: sa.Connection, one: Meeting, now: datetime) -> Judged:
    """What the rules say of a standing meeting now: the guard of ``hold``, for pages to ask."""
    desk = _Desk(services, connection, rulebook(services, connection, one.cycle_id), one.unit_id, one.unit_name, now, "")
    if one.held_at:
        return Judged((), awaits(services, connection, one.cycle_id, one.unit_id).missing)
    return Judged(desk.too_early(one), desk.lacking(one))


@dataclass(frozen=True)
class _Desk:
    """One unit's meetings of a review, in a transaction."""

    services: Services
    connection: sa.Connection
    rules: Rulebook
    unit_id: int
    unit_name: str
    now: datetime
    actor: str

    @property
    def title(self) -> str:
        return f"Hội nghị kiểm điểm của {self.unit_name}"

    def mine(self) -> tuple[Meeting, ...]:
        return of_unit(self.connection, self.rules.cycle_id, self.unit_id)

    def find(self, step: Step) -> Meeting | None:
        return next((one for one in self.mine() if one.step == step), None)

    def judge(self, one: Meeting) -> Judged:
        around = Around(
            tuple(other for other in self.mine() if other.id != one.id), at_the_same_time(self.connection, one),
            in_charge(self.connection, self.unit_id, local_day(one.starts)),
            suggested(self.connection, self.rules.cycle_id, self.unit_id),
        )  # fmt: skip
        review = self.rules.review
        return judge(one, around, review.sessions, review.order, self.services.workdays, self.now)

    def too_early(self, one: Meeting) -> tuple[Refusal, ...]:
        """What must be finished before this meeting may be held at all."""
        waits = awaits(self.services, self.connection, self.rules.cycle_id, self.unit_id, everybody=True)
        return missing_before(one.step, waits.done, self.rules.review.order, waits.applicable | {one.step})

    def lacking(self, one: Meeting) -> tuple[Refusal, ...]:
        """Everything that is not as the rules want it, but for the opinions that are only given at the meeting."""
        judged = self.judge(one)
        return (*judged.forbids, *judged.missing, *unanswered(self.connection, self.rules.cycle_id, self.unit_id))

    def insert(self, which: Which, wish: Wish) -> Meeting:
        registered = wish.registered_at or self.now
        _demand_time(wish.starts, wish.ends)
        if registered > self.now:
            raise Refused(f"Thời điểm đăng ký {local_iso(registered)} chưa đến.", way_out="Ghi thời điểm đã đăng ký.")
        values = {
            "cycle_id": self.rules.cycle_id, "unit_id": self.unit_id, "step": which.step, "starts": wish.starts,
            "ends": wish.ends, "place": wish.place.strip(), "revision": 0, "registered_at": registered,
            "registered_by": self.actor,
        }  # fmt: skip
        new_id(self.connection.execute(sa.insert(meeting).values(values)))
        made = self.find(which.step)
        assert made is not None
        made = replace(made, attends=self.attendees(wish.directs, wish.follows))
        self.seat(made)
        return made

    def attendees(self, directs: Sequence[str], follows: Sequence[str]) -> tuple[Attendee, ...]:
        roles = {code: False for code in follows} | {code: True for code in directs}
        query = sa.select(person.c.id, person.c.code, person.c.name).where(person.c.code.in_(list(roles)))
        found = tuple(
            Attendee(row.id, row.code, row.name, roles[row.code])
            for row in self.connection.execute(query.order_by(person.c.code))
        )
        if strange := sorted(set(roles) - {one.code for one in found}):
            raise NotFound(f"Không có người mã “{strange[0]}”.", way_out="Xem mã trong danh sách người.", value=strange[0])
        return found

    def seat(self, one: Meeting) -> None:
        self.connection.execute(sa.delete(meeting_attendee).where(meeting_attendee.c.meeting_id == one.id))
        rows = [
            {"meeting_id": one.id, "person_id": a.person_id, "role": "directs" if a.directs else "follows"}
            for a in one.attends
        ]  # fmt: skip
        if rows:
            self.connection.execute(sa.insert(meeting_attendee), rows)

    def mark(self, one: Meeting, kind: str, who: str, day: date) -> bool:
        """False where exactly this is recorded already."""
        key = {"meeting_id": one.id, "kind": kind, "who": who, "revision": one.revision}
        same = sa.and_(*(meeting_mark.c[name] == value for name, value in key.items()))
        said = {"day": day, "by": self.actor, "at": self.now}
        if self.connection.execute(sa.select(meeting_mark.c.day).where(same)).scalar() == day:
            return False
        if self.connection.execute(sa.update(meeting_mark).where(same).values(said)).rowcount == 0:
            self.connection.execute(sa.insert(meeting_mark).values(**key, **said))
        return True

    def set(self, meeting_id: int, **values: object) -> None:
        self.connection.execute(sa.update(meeting).where(meeting.c.id == meeting_id).values(values))

    def redate(self) -> int:
        """Let what counts from the review meeting count from the unit's earliest one; returns how many deadlines moved."""
        known = book(self.services.db, self.connection, self.rules.cycle_id)
        first = next((local_day(one.starts) for one in self.mine()), None)
        mine = (unit_event.c.cycle_id == self.rules.cycle_id) & (unit_event.c.unit_id == self.unit_id)
        was = self.connection.execute(sa.select(unit_event.c.day).where(mine, unit_event.c.anchor == MEETING)).scalar()
        if first == was:
            return 0
        if first is None:
            return called_off(self.services, self.connection, known, self.unit_id, MEETING, self.now)
        return happened(self.services, self.connection, known, self.unit_id, MEETING, self.now, first, alone=True)

    def settled(self, one: Meeting, action: str, judged: Judged, **said: str | None) -> Outcome:
        dated = self.redate()
        self.record(action, one, data={"items": dated}, **said)
        return Outcome(one.id, dated, judged.missing)

    def record(
        self, action: str, one: Meeting, *, was: str | None = None, became: str | None = None, reason: str | None = None,
        data: dict[str, object] | None = None,
    ) -> None:  # fmt: skip
        about: dict[str, object] = {"unit": one.unit, "step": one.step, "revision": one.revision, "attend": len(one.attends)}
        audit.record(
            self.connection, self.now, self.actor, action, f"meeting:{one.id}", cycle_id=one.cycle_id, was=was, became=became,
            reason=reason, data=about | (data or {}),
        )  # fmt: skip


def _desk(services: Services, connection: sa.Connection, which: Which, now: datetime, actor: str) -> _Desk:
    who: Row = reviewed(connection, which.cycle, which.unit)
    return _Desk(services, connection, rulebook(services, connection, who.cycle_id), who.id, who.unit_name, now, actor)


@contextmanager
def _standing(services: Services, which: Which, now: datetime, actor: str) -> Iterator[tuple[_Desk, Meeting]]:
    """A meeting that is booked and not yet held, in a write transaction. Raises ``NotFound``, ``Refused``."""
    with services.db.write() as connection:
        desk = _desk(services, connection, which, now, actor)
        one = desk.find(which.step)
        if one is None:
            raise NotFound(
                f"{desk.title} chưa đăng ký.",
                way_out="Đăng ký trước.",
                command=f"hanchot meeting book {which.cycle} {which.unit} BẮT-ĐẦU KẾT-THÚC",
                value=which.unit,
            )
        if one.held_at is not None:
            raise Refused(f"{desk.title} đã họp, biên bản {one.minutes}.", way_out="Việc đã qua không sửa được.")
        yield desk, one


def _demand_time(starts: datetime, ends: datetime) -> None:
    if ends <= starts:
        words = f"Hội nghị kết thúc ({local_iso(ends)[:16]}) không sau khi bắt đầu ({local_iso(starts)[:16]})."
        demand([Refusal("ends-before-start", words, "Sửa giờ bắt đầu hoặc giờ kết thúc.", RECORD)])


def _demand_reason(reason: str, what: str) -> None:
    if not reason.strip():
        raise Refused(f"{what} hội nghị phải nêu lý do.", way_out="Ghi một câu nói rõ vì sao.")
