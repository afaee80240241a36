"""Suggested topics (gợi ý kiểm điểm) at work: drafted, decided by the body with authority, sent, answered in the report.

One transaction each. The words are confidential: events and lists carry only the number of the topic in its unit.
Sources: the plan of the district 2023 II.3 and IV.6, of Lùng Phình IV.1, of the town 2022 II.3, 13-HD/TU III.1 and IV.1.4.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from hanchot.domain.cited import Refusal
from hanchot.domain.errors import AlreadyDone, NotFound, Refused
from hanchot.domain.house_rules import NO_TEXT, RECORD
from hanchot.domain.instants import local_day
from hanchot.domain.topics import Ground, Topic, TopicRules, answered, may_send
from hanchot.domain.unit import ORGANISERS, UnitKind
from hanchot.service import audit
from hanchot.service.book import closed, cycle_id_of
from hanchot.service.judging.bodies import Body, find_body
from hanchot.service.judging.refusing import demand
from hanchot.service.judging.rulebook import Rulebook, rulebook
from hanchot.service.reviewed import reviewed
from hanchot.service.services import Services
from hanchot.store.db import Row, new_id
from hanchot.store.meeting_tables import topic
from hanchot.store.tables import person, unit

_DECIDE = ORGANISERS | {UnitKind.STANDING_COMMITTEE}
_TOPICS = (
    sa.select(topic, unit.c.code.label("unit"), unit.c.name.label("unit_name"), unit.c.path, person.c.code.label("person"),
              person.c.name.label("person_name"))
    .join(unit, unit.c.id == topic.c.unit_id)
    .outerjoin(person, person.c.id == topic.c.person_id)
    .order_by(unit.c.path, topic.c.no)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Which:
    """One topic: the review's code, the unit's, and its number there."""

    cycle: str
    unit: str
    no: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A topic as somebody proposes it. ``person``: code, None for the unit's collective; a draft may be unfinished."""

    cycle: str
    unit: str
    words: str
    ground: Ground | None
    proposed_by: str
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """The signed paper in which a body decides. ``body``: unit code; ``half_days``: how long the review must last."""

    body: str
    number: str
    decided_on: date
    half_days: int | None = None


@dataclass(frozen=True, slots=True)
class Suggested:
    """Whether topics were issued to a unit or one of its people, and the longest time that was wanted for them."""

    any: bool = False
    half_days: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A topic as lists show it. ``words`` and ``answer`` only for who may read them. Days are local."""

    unit: str
    unit_name: str
    person: str | None
    no: int
    ground: Ground | None
    proposed_by: str
    number: str | None
    decided_on: date | None
    half_days: int | None
    sent_on: date | None
    answered: bool
    dropped: bool
    words: str
    answer: str | None

    @property
    def vi(self) -> str:
        """How far it has come."""
        if self.dropped:
            return "đã bỏ"
        if self.answered:
            return "báo cáo đã tiếp thu"
        if self.sent_on:
            return f"đã gửi {self.sent_on:%d/%m/%Y}"
        return f"đã quyết định {self.decided_on:%d/%m/%Y}" if self.decided_on else "dự thảo"


def draft(services: Services, said: Suggestion, now: datetime, *, actor: str) -> int:
    """Write a proposed topic down; returns its number in the unit. Raises ``NotFound``, ``Refused`` in a closed cycle,
    ``AlreadyDone`` where the same words stand there about the same one.
    """
    if not said.proposed_by.strip():
        raise Refused("Gợi ý kiểm điểm chưa ghi nơi đề xuất.", way_out="Ghi tên cơ quan hoặc người đề xuất.")
    with services.db.write() as connection:
        who = reviewed(connection, said.cycle, said.unit, said.person)
        last = sa.select(sa.func.coalesce(sa.func.max(topic.c.no), 0))
        mine = sa.and_(topic.c.cycle_id == who.cycle_id, topic.c.unit_id == who.id)
        same = sa.and_(topic.c.person_id.is_not_distinct_from(who.person_id), topic.c.words == said.words.strip())
        if there := connection.execute(sa.select(topic.c.no).where(mine, same, topic.c.dropped_at.is_(None)).limit(1)).scalar():
            name = _name(Which(said.cycle, said.unit, there))
            raise AlreadyDone(f"Nội dung này đã có ở {name}.", way_out="Xem gợi ý ấy.", value=there)
        no = connection.execute(last.where(mine)).scalar_one() + 1
        values = {
            "cycle_id": who.cycle_id, "unit_id": who.id, "person_id": who.person_id, "no": no, "words": said.words.strip(),
            "ground": said.ground, "proposed_by": said.proposed_by.strip(), "drafted_at": now, "drafted_by": actor,
        }  # fmt: skip
        new_id(connection.execute(sa.insert(topic).values(**values)))
        _record(connection, now, actor, "topic.drafted", Which(said.cycle, said.unit, no), who.cycle_id)
        return int(no)


def rewrite(
    services: Services, which: Which, now: datetime, *, actor: str, words: str | None = None, ground: Ground | None = None
) -> None:
    """Change a topic that nobody has decided yet. Raises ``Refused`` afterwards: what is decided is a signed paper."""
    with _opened(services, which) as (connection, row, _rules):
        if row.body_id is not None:
            raise Refused(f"{_name(which)} đã được quyết định theo {row.number}.", way_out="Bỏ gợi ý này rồi lập gợi ý khác.")
        values = {"words": row.words if words is None else words.strip(), "ground": ground or row.ground}
        _set(connection, row, **values)
        _record(connection, now, actor, "topic.rewritten", which, row.cycle_id)


def decide(services: Services, which: Which, paper: Paper, now: datetime, *, actor: str) -> None:
    """The body with authority has decided on a topic. Raises ``Forbidden`` with the clause: another body, a topic that is
    not clear, a day to come.
    """
    with _opened(services, which) as (connection, row, rules):
        body = find_body(connection, paper.body)
        if (row.body_id, row.number, row.decided_on) == (body.id, paper.number.strip(), paper.decided_on):
            raise AlreadyDone(f"{_name(which)} đã được quyết định theo {row.number}.", way_out="Không cần ghi lại.")
        if row.body_id is not None:
            raise Refused(f"{_name(which)} đã được quyết định theo {row.number}.", way_out="Không cần ghi lại.")
        demand(tuple(_against_deciding(row, body, paper, rules.review.topics, local_day(now))))
        _set(
            connection, row, body_id=body.id, number=paper.number.strip(), decided_on=paper.decided_on, decided_by=actor,
            half_days=paper.half_days,
        )  # fmt: skip
        _record(connection, now, actor, "topic.decided", which, row.cycle_id, number=paper.number.strip(), body=body.code)


def issue(services: Services, which: Which, sent_on: date, now: datetime, *, actor: str) -> None:
    """The decided topic went out to its addressee on a local day: from now on it lengthens the meeting, wants a superior
    there, and its paper in the dossier. Sending twice is refused, on the same day as ``AlreadyDone``.
    """
    with _opened(services, which) as (connection, row, rules):
        if row.sent_on == sent_on:
            raise AlreadyDone(f"{_name(which)} đã gửi ngày {row.sent_on:%d/%m/%Y}.", way_out="Không cần gửi lại.")
        if row.sent_on is not None:
            raise Refused(f"{_name(which)} đã gửi ngày {row.sent_on:%d/%m/%Y}.", way_out="Không cần gửi lại.")
        ahead = sent_on > local_day(now)
        words = f"Ngày gửi {sent_on:%d/%m/%Y} chưa đến."
        later = (Refusal("sent-in-future", words, "Ghi ngày theo sổ công văn.", RECORD),) if ahead else ()
        demand((*may_send(_topic(row, sent_on=sent_on), rules.review.topics), *later))
        _set(connection, row, sent_on=sent_on, sent_by=actor)
        _record(connection, now, actor, "topic.issued", which, row.cycle_id, day=sent_on.isoformat())


def answer(services: Services, which: Which, where: str, now: datetime, *, actor: str) -> None:
    """The review's report speaks of the topic: ``where`` says in which part. Raises ``Refused`` for one that was not sent."""
    with _opened(services, which) as (connection, row, _rules):
        if row.sent_on is None:
            raise Refused(f"{_name(which)} chưa gửi, nên chưa có gì để tiếp thu.", way_out="Ghi ngày gửi trước.")
        if not where.strip():
            raise Refused(f"{_name(which)}: chưa nêu báo cáo nói ở phần nào.", way_out="Ghi mục, trang của báo cáo.")
        if row.answer == where.strip():
            raise AlreadyDone(f"{_name(which)}: đã ghi báo cáo nói ở phần ấy.", way_out="Không cần ghi lại.")
        _set(connection, row, answer=where.strip(), answered_at=now, answered_by=actor)
        _record(connection, now, actor, "topic.answered", which, row.cycle_id)


def drop(services: Services, which: Which, now: datetime, *, actor: str, reason: str) -> None:
    """A topic is not suggested after all. Raises ``Refused`` without a reason and for one that was sent."""
    with _opened(services, which, dropped_too=True) as (connection, row, _rules):
        if not reason.strip():
            raise Refused("Bỏ một gợi ý phải nêu lý do.", way_out="Ghi một câu nói rõ vì sao.")
        if row.dropped_at is not None:
            raise AlreadyDone(f"{_name(which)} đã bỏ.", way_out="Không cần bỏ lại.")
        if row.sent_on is not None:
            raise Refused(f"{_name(which)} đã gửi, không bỏ được.", way_out="Gửi văn bản đính chính cho nơi nhận.")
        _set(connection, row, dropped_at=now, dropped_by=actor, dropped_reason=reason.strip())
        _record(connection, now, actor, "topic.dropped", which, row.cycle_id)


def topics(connection: sa.Connection, cycle_id: int, unit_id: int | None = None) -> tuple[Standing, ...]:
    """The topics of a review, or of one unit and its people."""
    query = _TOPICS.where(topic.c.cycle_id == cycle_id)
    rows = connection.execute(query if unit_id is None else query.where(topic.c.unit_id == unit_id))
    return tuple(_standing(row) for row in rows)


def suggested(connection: sa.Connection, cycle_id: int, unit_id: int) -> Suggested:
    """What was issued to a unit and its people: that a meeting is attended and lasts longer depends on it."""
    sent = (topic.c.cycle_id == cycle_id) & (topic.c.unit_id == unit_id) & topic.c.sent_on.is_not(None)
    count, longest = connection.execute(sa.select(sa.func.count(), sa.func.max(topic.c.half_days)).where(sent)).one()
    return Suggested(bool(count), longest)


def issued_to(connection: sa.Connection, cycle_id: int) -> frozenset[tuple[int, int | None]]:
    """(unit, person or None) of everybody to whom topics were issued: their dossiers want the paper."""
    sent = (topic.c.cycle_id == cycle_id) & topic.c.sent_on.is_not(None)
    return frozenset((row[0], row[1]) for row in connection.execute(sa.select(topic.c.unit_id, topic.c.person_id).where(sent)))


def unanswered(connection: sa.Connection, cycle_id: int, unit_id: int) -> tuple[Refusal, ...]:
    """Guard: topics that were sent and that the report of the unit, or of one of its people, does not speak of yet."""
    rows = connection.execute(_TOPICS.where(topic.c.cycle_id == cycle_id, topic.c.unit_id == unit_id)).all()
    said = [_topic(row).number for row in rows if row.answered_at is not None]
    return answered([_topic(row) for row in rows if row.sent_on is not None], said)


def _against_deciding(row: Row, body: Body, paper: Paper, rules: TopicRules, today: date) -> Iterator[Refusal]:
    """The body is a superior committee or its standing committee, and it manages the addressee."""
    if body.kind not in _DECIDE or body.id == row.unit_id:
        name = rules.decides or "ban thường vụ cấp ủy có thẩm quyền"
        words = f"{body.name} không có thẩm quyền quyết định gợi ý kiểm điểm; thẩm quyền thuộc {name}."
        yield Refusal("topic-no-authority", words, f"Trình {name} xem xét, quyết định.", rules.decided or NO_TEXT)
    if paper.decided_on > today:
        words = f"Ngày quyết định {paper.decided_on:%d/%m/%Y} chưa đến."
        yield Refusal("decided-in-future", words, "Ghi ngày trên văn bản đã ký.", RECORD)
    decided = {"decided_by": body.name, "decided_on": paper.decided_on, "number": paper.number}
    yield from may_send(_topic(row, managed_here=row.path.startswith(body.reach), **decided), rules)


def _topic(row: Row, **more: object) -> Topic:
    """The row as the rules know it; papers that hold several topics number each."""
    number = f"{row.number} (nội dung thứ {row.no})" if row.number else ""
    said: dict[str, object] = {
        "decided_by": row.decided_by or "", "decided_on": row.decided_on, "sent_on": row.sent_on, "number": number, **more,
    }  # fmt: skip
    name, ground = row.person_name or row.unit_name, Ground(row.ground) if row.ground else None
    return Topic(name, row.words, ground, row.proposed_by, **said)  # type: ignore[arg-type]  # values by name of the field


def _standing(row: Row) -> Standing:
    return Standing(
        row.unit, row.unit_name, row.person, row.no, Ground(row.ground) if row.ground else None, row.proposed_by, row.number,
        row.decided_on, row.half_days, row.sent_on, row.answered_at is not None, row.dropped_at is not None, row.words,
        row.answer,
    )  # fmt: skip


@contextmanager
def _opened(services: Services, which: Which, *, dropped_too: bool = False) -> Iterator[tuple[sa.Connection, Row, Rulebook]]:
    """The topic in a write transaction, with the rules of its open review. Raises ``NotFound``, ``Refused``."""
    with services.db.write() as connection:
        rules = rulebook(services, connection, cycle_id_of(connection, which.cycle))
        if not rules.is_open:
            raise closed(which.cycle)
        here = (topic.c.cycle_id == rules.cycle_id) & (unit.c.code == which.unit) & (topic.c.no == which.no)
        row = connection.execute(_TOPICS.where(here)).first()
        if row is None:
            raise NotFound(
                f"Không có {_name(which)}.",
                way_out="Xem các gợi ý của đợt.",
                command=f"hanchot topic show {which.cycle}",
                value=which.no,
            )
        if row.dropped_at is not None and not dropped_too:
            raise Refused(f"{_name(which)} đã bỏ.", way_out="Lập gợi ý khác.")
        yield connection, row, rules


def _name(which: Which) -> str:
    return f"gợi ý kiểm điểm thứ {which.no} của đơn vị “{which.unit}”"


def _set(connection: sa.Connection, row: Row, **values: object) -> None:
    connection.execute(sa.update(topic).where(topic.c.id == row.id).values(values))


def _record(
    connection: sa.Connection, now: datetime, actor: str, action: str, which: Which, cycle_id: int, **more: object
) -> None:
    """An event says which topic and never what it is about."""
    data: dict[str, object] = {"no": which.no, **more}
    audit.record(connection, now, actor, action, f"topic:{which.cycle}:{which.unit}", cycle_id=cycle_id, data=data)
