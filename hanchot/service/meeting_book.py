"""Review meetings as they stand in the schedule: read whole, and put before the rules of ``domain.session``.

People are told apart by who they are, not by their name: where two of one name meet, the code stands beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

import sqlalchemy as sa

from hanchot.domain.cited import Refusal
from hanchot.domain.instants import local_day
from hanchot.domain.review_order import ReviewOrder, Step, missing_before
from hanchot.domain.session import Booked, Request, SessionRules, book, split
from hanchot.domain.unit import PostRole
from hanchot.domain.workdays import WorkCalendar
from hanchot.service.org.lookup import on_day
from hanchot.service.topics import Suggested
from hanchot.store.db import Row
from hanchot.store.meeting_tables import meeting, meeting_attendee, meeting_mark
from hanchot.store.tables import cycle, person, post, tenure, unit

_MEETINGS = (
    sa.select(meeting, unit.c.code.label("unit"), unit.c.name.label("unit_name"), cycle.c.code.label("cycle"))
    .join(unit, unit.c.id == meeting.c.unit_id)
    .join(cycle, cycle.c.id == meeting.c.cycle_id)
    .where(meeting.c.cancelled_at.is_(None))
    .order_by(meeting.c.starts, meeting.c.id)
)


@dataclass(frozen=True, slots=True)
class Attendee:
    """A superior who attends. ``directs``: attends and directs, else follows (the plan of the town 2022 III.2)."""

    person_id: int
    code: str
    name: str
    directs: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """That the time was approved by, or the papers were sent to somebody, as the rule names them; a local day."""

    kind: str
    who: str
    day: date
    revision: int


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting that stands: booked, or held. Instants are aware."""

    id: int
    cycle_id: int
    cycle: str
    unit_id: int
    unit: str
    unit_name: str
    step: Step
    starts: datetime
    ends: datetime
    place: str
    revision: int
    registered_at: datetime
    held_at: datetime | None
    minutes: str | None
    attends: tuple[Attendee, ...] = ()
    marks: tuple[Mark, ...] = ()

    @property
    def approved_by(self) -> frozenset[str]:
        """Who has agreed to this time: an agreement to the time before it moved says nothing of it."""
        return frozenset(m.who for m in self.marks if m.kind == "approved" and m.revision == self.revision)

    @property
    def papers(self) -> Mapping[str, date]:
        """To whom papers were sent, and on which local day first."""
        sent: dict[str, date] = {}
        for mark in (m for m in self.marks if m.kind == "papers"):
            sent[mark.who] = min(mark.day, sent.get(mark.who, mark.day))
        return sent


@dataclass(frozen=True)
class Judged:
    """What the rules say of a meeting: what ``forbids`` it, and what is still ``missing`` and can be made good."""

    forbids: tuple[Refusal, ...]
    missing: tuple[Refusal, ...]


@dataclass(frozen=True)
class Around:
    """What a meeting is judged beside: others of the same unit, others at the same time, who is in charge, topics."""

    mine: tuple[Meeting, ...]
    same_time: tuple[Meeting, ...]
    in_charge: Attendee | None
    suggested: Suggested


def meetings(connection: sa.Connection, *where: sa.ColumnElement[bool]) -> tuple[Meeting, ...]:
    """The standing meetings in order of time, with who attends and what was recorded: three statements in all."""
    rows = connection.execute(_MEETINGS.where(*where)).all()
    ids = [row.id for row in rows]
    attends = sa.select(meeting_attendee, person.c.code, person.c.name).join(person).where(_of(meeting_attendee, ids))
    who = _by_meeting(connection.execute(attends.order_by(meeting_attendee.c.role, person.c.code)))
    marks = _by_meeting(connection.execute(sa.select(meeting_mark).where(_of(meeting_mark, ids)).order_by(meeting_mark.c.at)))
    return tuple(_meeting(row, who.get(row.id, []), marks.get(row.id, [])) for row in rows)


def _by_meeting(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row.meeting_id, []).append(row)
    return found


def _of(table: sa.Table, ids: list[int]) -> sa.ColumnElement[bool]:
    return table.c.meeting_id.in_(ids)


def _meeting(row: Row, who: Iterable[Row], marks: Iterable[Row]) -> Meeting:
    return Meeting(
        row.id, row.cycle_id, row.cycle, row.unit_id, row.unit, row.unit_name, Step(row.step), row.starts, row.ends, row.place,
        row.revision, row.registered_at, row.held_at, row.minutes,
        tuple(Attendee(w.person_id, w.code, w.name, w.role == "directs") for w in who),
        tuple(Mark(m.kind, m.who, m.day, m.revision) for m in marks),
    )  # fmt: skip


def of_unit(connection: sa.Connection, cycle_id: int, unit_id: int) -> tuple[Meeting, ...]:
    """A unit's meetings in one review."""
    return meetings(connection, meeting.c.cycle_id == cycle_id, meeting.c.unit_id == unit_id)


def at_the_same_time(connection: sa.Connection, one: Meeting) -> tuple[Meeting, ...]:
    """Other units' meetings, of whatever review, that touch this one's time and that somebody of this one attends, too:
    nobody is in two places.
    """
    overlap = (meeting.c.starts < one.ends) & (meeting.c.ends > one.starts)
    same = meeting_attendee.c.person_id.in_([a.person_id for a in one.attends])
    theirs = meeting.c.id.in_(sa.select(meeting_attendee.c.meeting_id).where(same))
    return meetings(connection, overlap, meeting.c.unit_id != one.unit_id, theirs) if one.attends else ()


def in_charge(connection: sa.Connection, unit_id: int, day: date) -> Attendee | None:
    """The superior committee's member in charge of a unit on a local day."""
    query = (
        sa.select(person.c.id, person.c.code, person.c.name)
        .join(tenure, tenure.c.person_id == person.c.id)
        .join(post, post.c.id == tenure.c.post_id)
        .where(post.c.unit_id == unit_id, post.c.role == PostRole.MEMBER_IN_CHARGE, on_day(tenure, day))
        .order_by(tenure.c.id.desc())
    )
    row = connection.execute(query.limit(1)).first()
    return Attendee(row.id, row.code, row.name, True) if row else None


def judge(
    one: Meeting, around: Around, rules: SessionRules, order: ReviewOrder, workdays: WorkCalendar, now: datetime
) -> Judged:
    """Pure: what the rules of meetings and the order of review say of ``one``."""
    request, booked = _request(one, around, rules)
    made = book(request, booked, rules, workdays)
    forbids, missing = split(() if isinstance(made, Booked) else made, request, rules, workdays, local_day(now))
    return Judged((*forbids, *out_of_order((*around.mine, one), order)), missing)


def out_of_order(mine: Iterable[Meeting], order: ReviewOrder) -> tuple[Refusal, ...]:
    """Meetings of one unit that would begin before one that must come first has ended."""
    every = {one.step: one for one in mine}
    found: list[Refusal] = []
    for one in every.values():
        before = frozenset(other.step for other in every.values() if other.ends <= one.starts)
        found += missing_before(one.step, before, order, frozenset(every))
    return tuple(replace(refusal, way_out="Xếp hội nghị ấy trước.") for refusal in found)


def _request(one: Meeting, around: Around, rules: SessionRules) -> tuple[Request, tuple[Booked, ...]]:
    people = {a.person_id: a for m in (one, *around.same_time) for a in m.attends}
    if around.in_charge:
        people.setdefault(around.in_charge.person_id, around.in_charge)
    label = _labels({key: (a.name, a.code) for key, a in people.items()})
    units = _labels({m.unit_id: (m.unit_name, m.unit) for m in (one, *around.same_time)})
    papers = one.papers
    wanted = rules.lead.to if rules.lead and rules.lead.to else tuple(papers)
    sent = max((papers[who] for who in wanted), default=None) if all(who in papers for who in wanted) else None
    request = Request(
        units[one.unit_id], one.starts, one.ends, one.registered_at, sent, frozenset(papers),
        tuple(label[a.person_id] for a in one.attends), label[around.in_charge.person_id] if around.in_charge else None,
        one.approved_by, bool(one.attends), around.suggested.any, around.suggested.half_days,
    )  # fmt: skip
    return request, tuple(
        Booked(units[m.unit_id], m.starts, m.ends, tuple(label[a.person_id] for a in m.attends)) for m in around.same_time
    )


def _labels(named: Mapping[int, tuple[str, str]]) -> dict[int, str]:
    """The name, with the code where another one has the same."""
    names = Counter(name for name, _ in named.values())
    return {key: f"{name} ({code})" if names[name] > 1 else name for key, (name, code) in named.items()}
