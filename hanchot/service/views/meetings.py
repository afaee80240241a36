"""Review meetings for the board: the week by who attends, and a unit's meetings with what is missing.

Views only read. ``scopes`` are the branches that the viewer may see; instants are aware, days local.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hanchot.domain.access import WHOLE
from hanchot.domain.cited import Cited, Refusal
from hanchot.domain.collate import collation_key
from hanchot.domain.instants import local_day, start_of
from hanchot.domain.session import MEETING, SessionRules
from hanchot.domain.workdays import weekday_vi
from hanchot.service.access import within
from hanchot.service.book import book, cycle_id_of
from hanchot.service.hearing import Heard, opinions
from hanchot.service.judging.rulebook import rulebook
from hanchot.service.meeting_book import Attendee, Meeting, meetings, of_unit
from hanchot.service.meetings import missing_of
from hanchot.service.reviewed import unit_in
from hanchot.service.services import Services
from hanchot.service.topics import topics
from hanchot.service.views.common import ItemRow, item_rows
from hanchot.service.views.keeping import Named, Place, superiors
from hanchot.store.meeting_tables import meeting
from hanchot.store.tables import unit, work_item

WEEK = timedelta(days=7)
MOST = 100  # meetings that a page shows


@dataclass(frozen=True, slots=True)
class Week:
    """The meetings of a week, Monday to Sunday. ``by_person``: who attends, in order of name, with where and when;
    ``unattended``: meetings to which nobody from above goes.
    """

    monday: date
    by_person: tuple[tuple[Attendee, tuple[Meeting, ...]], ...]
    unattended: tuple[Meeting, ...]

    @property
    def before(self) -> date:
        return self.monday - WEEK

    @property
    def many(self) -> bool:
        """Too many for one page: whose week it is, is chosen first."""
        return sum(len(mine) for _, mine in self.by_person) > MOST

    @property
    def after(self) -> date:
        return self.monday + WEEK


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """A unit's meeting: what ``forbids`` holding it, and what is ``missing``, each with its clause and the way out."""

    meeting: Meeting
    forbids: tuple[Refusal, ...]
    missing: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class UnitMeetings:
    """A unit's meetings of one review. ``leads``: its work that must be done before the meeting, with its days; ``topics``:
    (issued, answered); ``opinions``: requests without their words.
    """

    cycle: str
    unit: str
    unit_name: str
    lines: tuple[MeetingLine, ...]
    leads: tuple[ItemRow, ...]
    topics: tuple[int, int]
    opinions: tuple[Heard, ...]


def week(services: Services, day: date, *, scopes: tuple[str, ...] = (WHOLE,), person: str | None = None) -> Week:
    """The week of a local day over all reviews of units under ``scopes``; ``person``: the code of the one member whose week
    it is.
    """
    monday = day - timedelta(days=day.isoweekday() - 1)
    during = (meeting.c.starts >= start_of(monday)) & (meeting.c.starts < start_of(monday + WEEK))
    with services.db.read() as connection:
        found = meetings(connection, during, within(unit.c.path, scopes))
    people = {one.person_id: one for m in found for one in m.attends if person in (None, one.code)}
    ordered = sorted(people.values(), key=lambda one: collation_key(one.name))
    of: dict[int, list[Meeting]] = {}
    for m in found:
        for one in m.attends:
            of.setdefault(one.person_id, []).append(m)
    goes = tuple((who, tuple(of[who.person_id])) for who in ordered)
    return Week(monday, goes, () if person else tuple(m for m in found if not m.attends))


def unit_meetings(services: Services, code: str, unit_code: str, now: datetime) -> UnitMeetings:
    """A unit's meetings with what is missing, asked of the guards that refuse. Raises ``NotFound``."""
    with services.db.read() as connection:
        cycle_id, where = cycle_id_of(connection, code), unit_in(connection, unit_code)
        known = book(services.db, connection, cycle_id)
        lines = []
        for one in of_unit(connection, cycle_id, where.id):
            judged = missing_of(services, connection, one, now)
            lines.append(MeetingLine(one, judged.forbids, judged.missing))
        hung = [
            known.ids[m.key] for m in known.plan.of_period(known.period.kind) if getattr(m.deadline, "anchor", "") == MEETING
        ]
        leads = item_rows(services, connection, (work_item.c.unit_id == where.id) & work_item.c.milestone_id.in_(hung), now)
        sent = [one for one in topics(connection, cycle_id, where.id) if one.sent_on]
        counts = len(sent), sum(one.answered for one in sent)
        heard = opinions(connection, cycle_id, where.id)
    return UnitMeetings(code, unit_code, where.name, tuple(lines), tuple(leads), counts, heard)


@dataclass(frozen=True, slots=True)
class MeetingDesk:
    """What the forms of a unit's meetings offer. ``approve`` and ``send_to``: whom the rules name; ``rules``: in words, each
    with its clause.
    """

    people: tuple[Named, ...]
    approve: tuple[str, ...]
    send_to: tuple[str, ...]
    rules: tuple[tuple[str, Cited], ...]


def desk(services: Services, where: Place, now: datetime) -> MeetingDesk:
    """Who may attend, who must agree and be sent the papers, and the rules that the booking will be held against."""
    with services.db.read() as connection:
        rules = rulebook(services, connection, where.cycle_id).review.sessions
        people = superiors(connection, where.unit_id, where.path, local_day(now))
    return MeetingDesk(people, rules.approvals.by if rules.approvals else (), rules.lead.to if rules.lead else (), _said(rules))


def _said(rules: SessionRules) -> tuple[tuple[str, Cited], ...]:
    """The rules of booking in short sentences."""
    found: list[tuple[str, Cited]] = []
    if rules.booking:
        cut = rules.booking.cutoff
        hour = f"{cut.time:%Hh%M} " if cut.time else ""
        found.append(
            (f"Đăng ký trước {hour}{weekday_vi(date(2024, 1, cut.weekday))} của tuần trước tuần họp", rules.booking.cited)
        )
    if rules.duration:
        found.append((f"Họp ít nhất {rules.duration.half_days} buổi", rules.duration.cited))
    if rules.lead:
        kind = "ngày làm việc" if rules.lead.working_days else "ngày"
        found.append((f"{rules.lead.what} gửi trước ít nhất {rules.lead.days} {kind}", rules.lead.cited))
    if rules.must_attend:
        found.append(("Đồng chí phụ trách đơn vị dự", rules.must_attend))
    return tuple(found)
