"""From rows to what a letter's template may see: one line per letter, one summary per cycle."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from urllib.parse import quote

import sqlalchemy as sa

from hanchot.domain.errors import UncheckedYear
from hanchot.domain.instants import local_day
from hanchot.domain.plan import Plan
from hanchot.domain.stage import Stage
from hanchot.domain.work_item import UNFINISHED, State, standing
from hanchot.letters.view import LateUnit, Line, Summary
from hanchot.letters.words import lower_first
from hanchot.service.book import Book, book
from hanchot.service.directory import directory
from hanchot.service.ordering import unfinished_before
from hanchot.service.services import Services
from hanchot.store.db import Row
from hanchot.store.tables import cycle, cycle_milestone, cycle_stage, envelope, incident, person, post, unit, work_item

RENEWAL = "renewal"
RESULT = "result"
_SOON = timedelta(days=7)
_KINDS = {"plan": "Kế hoạch", "guidance": "Hướng dẫn", "letter": "Công văn", "regulation": "Quy định"}


class Lines:
    """Makes lines at one instant; what many lines share (plan, working days, people) is read once."""

    def __init__(self, services: Services, connection: sa.Connection, now: datetime) -> None:
        self._services = services
        self._connection = connection
        self._now = now
        self._today = local_day(now)
        self._advised: dict[date, date | None] = {}
        self._contacts: dict[tuple[int, int], tuple[str | None, str | None]] = {}
        self._clauses: dict[int, tuple[str, str, bool]] = {}
        self._summaries: dict[int, Summary] = {}
        self._waits: dict[int, str] = {}

    def look_ahead(self, rows: Sequence[Row]) -> None:
        """Read what the waiting items among these letters wait for: one statement per order clause, not per item."""
        waiting: dict[tuple[int, int], set[int]] = {}
        for row in rows:
            if row.item_state == State.WAITING and row.tone != "escalation":
                waiting.setdefault((row.cycle_id, row.milestone_id), set()).add(row.item_id)
        names: dict[int, list[str]] = {}
        for (cycle_id, milestone_id), items in waiting.items():
            known = book(self._services.db, self._connection, cycle_id)
            for clause in known.graph.before.get(known.keys[milestone_id], ()):
                held = sa.select(work_item.c.id).where(
                    work_item.c.id.in_(items), unfinished_before(known.ids[clause.milestone], clause.scope)
                )
                said = f"{lower_first(known.plan.milestone(clause.milestone).title)} (mục {clause.clause})"
                for item_id in self._connection.execute(held).scalars():
                    names.setdefault(item_id, []).append(said)
        self._waits = {item_id: "; ".join(said) for item_id, said in names.items()}

    def of(self, row: Row) -> Line:
        """The line of one letter about an item, or about next year's plan (a row of ``outbox``)."""
        if row.tone == RENEWAL:
            return self._of_renewal(row)
        if row.tone == RESULT:
            return self._of_result(row)
        known = book(self._services.db, self._connection, row.cycle_id)
        clause, plan, provisional = self._source(known, row.milestone_id)
        days, words = self._days(row)
        # of a simulation only the subject is ever read: whom to ring up need not be looked up
        escalated = row.tone == "escalation" and self._services.live
        name, phone = self._contact(known, row.unit_id) if escalated else (None, None)
        return Line(
            tone=row.tone,
            unit=row.unit_name,
            milestone=row.title,
            rung=row.rung,
            stage_vi=Stage(row.stage).vi,
            days=days,
            last_day=row.last_day,
            last_moment=row.last_moment,
            standing=words,
            clause=clause,
            plan=plan if not row.set_by else f"{plan}; ngày do Ban Tổ chức ấn định",
            provisional=provisional and not row.set_by,
            advised_day=self._advise(row.last_day),
            waits_for=self._waits.get(row.item_id),
            was_day=_day(row.note) if row.tone == "extended" else None,
            reason=row.note if row.tone in ("returned", "time_refused") else None,
            url=self._url(known, row),
            holder_name=name,
            holder_phone=phone,
            item_id=row.item_id,
            revision=row.item_revision,
        )

    def _of_renewal(self, row: Row) -> Line:
        """Next year's plan was drafted: the rung names plan and year, the note what to look at."""
        known = book(self._services.db, self._connection, row.cycle_id)
        committee = self._connection.execute(sa.select(unit.c.name).where(unit.c.id == known.root_id)).scalar_one()
        key, year = renewal_of(row.rung)
        return Line(
            tone=RENEWAL, unit=committee, milestone=f"Xem kế hoạch năm {year}", rung=row.rung, reason=row.note,
            url=f"{self._services.settings.board}/plans/{key}/renew?year={year}",
        )  # fmt: skip

    def _of_result(self, row: Row) -> Line:
        """There is a result, or an answer, to read about the unit of the post: never which, or about whom."""
        known = book(self._services.db, self._connection, row.cycle_id)
        where = sa.select(unit.c.code, unit.c.name).join(post, post.c.unit_id == unit.c.id)
        code, name = self._connection.execute(where.where(post.c.id == row.post_id)).one()
        return Line(
            tone=RESULT, unit=name, milestone=f"Kết quả kiểm điểm {known.period.vi}", rung=row.rung,
            plan=plan_words(known.plan), url=f"{cycle_url(self._services, known.code)}/judging?unit={quote(code)}",
        )  # fmt: skip

    def of_summary(self, summary: Summary) -> Line:
        """The line that gives a summary its subject."""
        said = f"đã xong {summary.done}/{summary.total}, {summary.late} quá hạn"
        period = summary.period[:1].upper() + summary.period[1:]
        return Line(tone="summary", unit=period, milestone=said, days=0, last_day=self._today, url=summary.url)

    def summary(self, cycle_id: int) -> Summary:
        """The department's morning summary of one cycle."""
        if cycle_id not in self._summaries:
            self._summaries[cycle_id] = self._summary(cycle_id)
        return self._summaries[cycle_id]

    def _days(self, row: Row) -> tuple[int | None, str]:
        now = standing(State(row.item_state), row.last_day, row.last_moment, row.finished_at, self._now)
        if row.last_day is None:
            return None, now.vi
        return (-now.days if now.is_late else (row.last_day - self._today).days), now.vi

    def _source(self, known: Book, milestone_id: int) -> tuple[str, str, bool]:
        if milestone_id not in self._clauses:
            milestone = known.milestone(milestone_id)
            self._clauses[milestone_id] = milestone.source.clause, plan_words(known.plan), known.plan.provisional
        return self._clauses[milestone_id]

    def _advise(self, last_day: date | None) -> date | None:
        """The last working day before a deadline that falls on a day off; None when it does not, or is behind."""
        if last_day is None or last_day < self._today:
            return None
        if last_day not in self._advised:
            self._advised[last_day] = self._working_day(last_day)
        return self._advised[last_day]

    def _working_day(self, last_day: date) -> date | None:
        workdays = self._services.workdays
        try:
            return None if workdays.is_workday(last_day) else workdays.at_or_before(last_day)
        except UncheckedYear:
            return None

    def _contact(self, known: Book, unit_id: int) -> tuple[str | None, str | None]:
        key = known.root_id, unit_id
        if key not in self._contacts:
            people = directory(self._services.db, self._connection, known.root_id, self._today).told(unit_id, "holder")
            ids = [one.person_id for one in people[:1] if one.person_id is not None]
            found = self._connection.execute(sa.select(person.c.name, person.c.phone).where(person.c.id.in_(ids))).first()
            self._contacts[key] = (found.name, found.phone) if found else (None, None)
        return self._contacts[key]

    def _url(self, known: Book, row: Row) -> str:
        if row.tone == "chase":  # a date is given on the cycle's page, once for all units
            return cycle_url(self._services, known.code)
        return f"{self._services.settings.board}/items/{row.item_id}"

    def _summary(self, cycle_id: int) -> Summary:
        known = book(self._services.db, self._connection, cycle_id)
        title, stage = self._head(cycle_id)
        counts = self._connection.execute(
            sa.select(sa.func.sum(cycle_milestone.c.finished), sa.func.sum(cycle_milestone.c.total)).where(
                cycle_milestone.c.cycle_id == cycle_id
            )
        ).one()
        late, soon, undated = self._connection.execute(self._unfinished(cycle_id)).one()
        return Summary(
            cycle=title,
            period=known.period.vi,
            stage_vi=stage,
            done=int(counts[0] or 0),
            total=int(counts[1] or 0),
            late=late,
            due_soon=soon,
            undated=undated,
            incidents=self._trouble[0],
            withheld=self._trouble[1],
            late_units=self._latest(cycle_id),
            url=cycle_url(self._services, known.code),
        )

    def _head(self, cycle_id: int) -> tuple[str, str]:
        title = self._connection.execute(sa.select(cycle.c.title).where(cycle.c.id == cycle_id)).scalar_one()
        stage = self._connection.execute(
            sa.select(cycle_stage.c.stage)
            .where(cycle_stage.c.cycle_id == cycle_id, cycle_stage.c.state == "open")
            .order_by(cycle_stage.c.position)
            .limit(1)
        ).scalar()
        return title, Stage(stage).vi if stage else ""

    def _unfinished(self, cycle_id: int) -> sa.Select[tuple[int, int, int]]:
        item = work_item.c
        soon = sa.and_(item.last_moment >= self._now, item.last_day <= self._today + _SOON)
        return sa.select(
            sa.func.count().filter(item.last_moment < self._now),
            sa.func.count().filter(soon),
            sa.func.count().filter(item.last_day.is_(None)),
        ).where(self._open_items(cycle_id))

    def _open_items(self, cycle_id: int) -> sa.ColumnElement[bool]:
        unfinished = sa.select(cycle_milestone.c.id).where(
            cycle_milestone.c.cycle_id == cycle_id, cycle_milestone.c.finished < cycle_milestone.c.total
        )
        return sa.and_(work_item.c.milestone_id.in_(unfinished), work_item.c.state.in_(sorted(UNFINISHED)))

    def _latest(self, cycle_id: int) -> tuple[LateUnit, ...]:
        rows = self._connection.execute(
            sa.select(unit.c.name, work_item.c.last_day, cycle_milestone.c.title)
            .join(unit, unit.c.id == work_item.c.unit_id)
            .join(cycle_milestone, cycle_milestone.c.id == work_item.c.milestone_id)
            .where(self._open_items(cycle_id), work_item.c.last_moment < self._now)
            .order_by(work_item.c.last_day, unit.c.path, cycle_milestone.c.position)
            .limit(10)
        )
        return tuple(
            LateUnit(name, max(1, (self._today - last_day).days), lower_first(title)) for name, last_day, title in rows
        )

    @cached_property
    def _trouble(self) -> tuple[int, int]:
        """Open incidents and withheld mails of the whole house."""
        count = sa.select(sa.func.count())
        open_ones = count.select_from(incident).where(incident.c.resolved_at.is_(None))
        withheld = count.select_from(envelope).where(envelope.c.state == "withheld", envelope.c.expires_at > self._now)
        return self._connection.execute(open_ones).scalar_one(), self._connection.execute(withheld).scalar_one()


def renewal_rung(key: str, year: int) -> str:
    """The rung of the letter that tells of a drafted plan: once for each plan and year."""
    return f"{RENEWAL}-{key}-{year}"


def renewal_of(rung: str) -> tuple[str, int]:
    """Key of the plan it was drafted from, and the year it is for."""
    key, _, year = rung.removeprefix(f"{RENEWAL}-").rpartition("-")
    return key, int(year)


def plan_words(plan: Plan) -> str:
    """The document that is the reason: ``Kế hoạch số 211-KH/ĐUK``, or that it is a draft without a number."""
    kind = _KINDS[plan.document.kind]
    return f"{kind} số {plan.document.number}" if plan.document.number else f"{kind} (dự thảo, chưa có số)"


def cycle_url(services: Services, code: str) -> str:
    """The cycle's page on the board. A plain link: whoever opens it signs in."""
    return f"{services.settings.board}/cycles/{code}"


def _day(text: str | None) -> date | None:
    """``dd/mm/yyyy`` as ``extend`` notes it, or None."""
    try:
        return datetime.strptime(text or "", "%d/%m/%Y").date()  # noqa: DTZ007  # a local day, no instant
    except ValueError:
        return None
