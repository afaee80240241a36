"""Opinions at work: asked for, received, waived. One transaction each.

Every request is a work item of the cycle ``<code>-yk`` (see ``side_cycle``) of the unit that gives the opinion, or, where the
body stands outside the tree (“cấp ủy nơi cư trú”), of the unit that must obtain it. What comes in is confidential.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from hanchot.domain.errors import AlreadyDone, NotFound, Refused
from hanchot.domain.instants import local_day
from hanchot.domain.opinion import HEARING, Kind, hearing_plan, may_ask, milestone_key
from hanchot.domain.rating_level import RatingLevel
from hanchot.domain.review_order import Step
from hanchot.domain.unit import PostRole, UnitKind
from hanchot.domain.work_item import State
from hanchot.service import audit
from hanchot.service.book import book
from hanchot.service.hearing import Heard, opinion_of, opinions
from hanchot.service.items import act_in
from hanchot.service.judging.digests import salted, sealed
from hanchot.service.judging.refusing import demand
from hanchot.service.meeting_book import of_unit
from hanchot.service.org.lookup import on_day
from hanchot.service.reviewed import reviewed
from hanchot.service.services import Services
from hanchot.service.side_cycle import SideCycle
from hanchot.store.db import Row, new_id, pairs
from hanchot.store.meeting_tables import opinion
from hanchot.store.tables import cycle, person, post, tenure, unit, work_item


@dataclass(frozen=True, slots=True)
class Request:
    """One opinion to ask for. ``unit`` and ``person``: about whom (codes; no person: about the unit).

    ``heard``: the unit that gives it; None: the unit of the one it is about obtains it from ``source``, a body outside the
    tree in words. ``attender``: the person who attended the review, with ``Kind.ATTENDING``. ``until``: local day, counted.
    """

    unit: str
    kind: Kind
    until: date
    person: str | None = None
    heard: str | None = None
    source: str = ""
    attender: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """The cycle of the requests, the new opinions and their items, in the order of the requests."""

    code: str
    ids: tuple[int, ...]
    items: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Opinion:
    """An opinion as it came. ``words`` are confidential; ``level``: the rating that it proposes, where it does."""

    words: str
    received_on: date
    level: RatingLevel | None = None
    number: str = ""


def ask(services: Services, code: str, requests: Sequence[Request], now: datetime, *, actor: str) -> Asked:
    """Ask for opinions, all or none; whoever is asked is told at once that an opinion is wanted, not about whom.

    Raises ``Forbidden`` for a day that has come or a comment about nobody, ``AlreadyDone`` for what was asked before.
    """
    if not requests:
        raise Refused("Chưa nêu nơi nào cần lấy ý kiến.", way_out="Nêu ít nhất một nơi.")
    with services.db.write() as connection:
        return _ask(services, connection, code, requests, now, actor)


def ask_attenders(
    services: Services, code: str, unit_code: str, until: date, now: datetime, *, actor: str, step: Step = Step.COLLECTIVE
) -> Asked:
    """Ask every superior who attends a unit's meeting and was not asked yet (the plan of Lùng Phình VI.1.a): a request to
    the uppermost unit in which each holds a post on that day.
    """
    with services.db.write() as connection:
        who = reviewed(connection, code, unit_code)
        one = next((m for m in of_unit(connection, who.cycle_id, who.id) if m.step == step), None)
        if one is None:
            words = f"Hội nghị kiểm điểm của {who.unit_name} chưa đăng ký."
            raise NotFound(
                words,
                way_out="Đăng ký hội nghị trước.",
                command=f"hanchot meeting book {code} {unit_code} BẮT-ĐẦU KẾT-THÚC",
                value=unit_code,
            )
        asked = {o.attender_id for o in opinions(connection, who.cycle_id, who.id) if o.kind is Kind.ATTENDING}
        root, day = book(services.db, connection, who.cycle_id).root_id, local_day(one.starts)
        left = [
            Request(unit_code, Kind.ATTENDING, until, heard=_unit_of(connection, root, a.person_id, day), attender=a.code)
            for a in one.attends
            if a.person_id not in asked
        ]
        if not left:
            words = f"Không còn ai dự hội nghị của {who.unit_name} chưa được đề nghị cho ý kiến."
            raise AlreadyDone(
                words, way_out="Xem các ý kiến về đơn vị này.", command=f"hanchot opinion show {code} {unit_code}"
            )
        return _ask(services, connection, code, left, now, actor)


def receive(
    services: Services, opinion_id: int, said: Opinion, now: datetime, *, actor: str, on_behalf: str | None = None
) -> int:
    """Record an opinion that has come and hand its item in; returns the item. One that was sent back is recorded anew.

    Raises ``Refused`` without words, for a day to come, ``AlreadyDone`` when it is in.
    """
    with services.db.write() as connection:
        one = opinion_of(connection, opinion_id)
        _demand_sound(one, said, local_day(now))
        kept: dict[str, Any] = salted({"words": said.words.strip(), "level": said.level})
        values = {
            "said": kept, "number": said.number.strip() or None, "received_on": said.received_on, "received_at": now,
            "received_by": actor,
        }  # fmt: skip
        connection.execute(sa.update(opinion).where(opinion.c.id == one.id).values(values))
        act_in(services, connection, one.item_id, "submit", now, actor=actor, on_behalf=on_behalf)
        _record(connection, now, actor, "opinion.received", one, {"digest": sealed({"id": one.id, **kept})}, on_behalf)
        return one.item_id


def waive(services: Services, opinion_id: int, now: datetime, *, actor: str, reason: str) -> int:
    """Do without an opinion, for a reason (“trừ trường hợp đặc biệt”); returns the item, which is excused.

    Raises ``AlreadyDone`` for one that is excused.
    """
    with services.db.write() as connection:
        one = opinion_of(connection, opinion_id)
        state = connection.execute(sa.select(work_item.c.state).where(work_item.c.id == one.item_id)).scalar()
        if state == State.EXCUSED:
            raise AlreadyDone("Ý kiến này đã được miễn.", way_out="Không cần miễn lại.", value=opinion_id)
        act_in(services, connection, one.item_id, "excuse", now, actor=actor, reason=reason)
        _record(connection, now, actor, "opinion.waived", one, {})
        return one.item_id


@dataclass(frozen=True, slots=True)
class _Known:
    """A request with the rows that it names: about whom, who is asked, who attended."""

    said: Request
    who: Row
    heard: Row
    attender_id: int | None


def _ask(
    services: Services, connection: sa.Connection, code: str, requests: Sequence[Request], now: datetime, actor: str
) -> Asked:
    if len(set(requests)) < len(requests):
        raise Refused("Một ý kiến được nêu hai lần.", way_out="Bỏ dòng trùng.")
    gathered = [_gather(connection, code, one) for one in requests]
    demand([r for one in requests for r in may_ask(one.until, local_day(now), one.kind, one.person is not None)])
    known = book(services.db, connection, gathered[0].who.cycle_id)
    side = SideCycle(services, connection, known, HEARING, now)
    numbers = _numbers(connection, side.code, gathered)
    kinds = [(no, UnitKind(one.heard.kind)) for no, one in zip(numbers, gathered, strict=True)]
    side.prepare(lambda before: hearing_plan(side.code.lower(), known.plan, known.period, kinds, before))
    made = [_write(side, one, no, actor) for one, no in zip(gathered, numbers, strict=True)]
    ids, items = tuple(one for one, _ in made), tuple(item for _, item in made)
    data: dict[str, object] = {"opinions": list(ids), "kinds": sorted({one.kind for one in requests})}
    audit.record(connection, now, actor, "opinion.asked", side.code, cycle_id=side.cycle_id, data=data)
    return Asked(side.code, ids, items)


def _gather(connection: sa.Connection, code: str, said: Request) -> _Known:
    """Raises ``NotFound`` for unknown codes, ``Refused`` for who is not of the review, ``AlreadyDone`` for a second time."""
    who = reviewed(connection, code, said.unit, said.person)
    heard = reviewed(connection, code, said.heard) if said.heard else who
    if said.heard is None and not said.source.strip() and said.attender is None:
        raise Refused(
            f"Chưa nêu lấy {said.kind.vi} từ đâu.", way_out="Nêu đơn vị, hoặc tên nơi ngoài đảng bộ.",
            command=f"hanchot opinion ask {code} {said.unit} {said.kind} --until NGÀY --from ĐƠN-VỊ",
        )  # fmt: skip
    attender = connection.execute(sa.select(person.c.id).where(person.c.code == said.attender)).scalar()
    if (said.kind is Kind.ATTENDING) != (attender is not None):
        raise Refused(
            f"{said.kind.vi}: chưa rõ ai đã dự.", way_out="Nêu mã người dự, chỉ với ý kiến của cấp trên dự kiểm điểm."
        )
    key = {
        "cycle_id": who.cycle_id, "unit_id": who.id, "person_id": who.person_id, "kind": said.kind, "heard_id": heard.id,
        "attender_id": attender, "source": said.source.strip(),
    }  # fmt: skip
    same = sa.and_(*(opinion.c[name].is_not_distinct_from(value) for name, value in key.items()))
    live = sa.select(opinion.c.id).join(work_item, work_item.c.id == opinion.c.item_id).where(work_item.c.state != "excused")
    if (before := connection.execute(live.where(same)).scalar()) is not None:
        raise AlreadyDone(
            f"Ý kiến này đã được đề nghị: ý kiến số {before}.",
            way_out="Xem các ý kiến của đợt.",
            command=f"hanchot opinion show {code}",
        )
    return _Known(said, who, heard, attender)


def _numbers(connection: sa.Connection, code: str, gathered: Sequence[_Known]) -> list[int]:
    """The number of each request in the unit that is asked: one more than it has had."""
    had = (
        sa.select(work_item.c.unit_id, sa.func.count())
        .join(cycle, cycle.c.id == work_item.c.cycle_id)
        .where(cycle.c.code == code)
        .group_by(work_item.c.unit_id)
    )
    counts = Counter(pairs(connection.execute(had)))
    numbers = []
    for one in gathered:
        counts[one.heard.id] += 1
        numbers.append(counts[one.heard.id])
    return numbers


def _write(side: SideCycle, one: _Known, no: int, actor: str) -> tuple[int, int]:
    item_id = side.add(milestone_key(no), one.heard, one.said.until, "opened")
    values = {
        "cycle_id": one.who.cycle_id, "unit_id": one.who.id, "person_id": one.who.person_id, "kind": one.said.kind,
        "heard_id": one.heard.id, "attender_id": one.attender_id, "source": one.said.source.strip(), "item_id": item_id,
        "asked_at": side.now, "asked_by": actor,
    }  # fmt: skip
    return new_id(side.connection.execute(sa.insert(opinion).values(values))), item_id


def _unit_of(connection: sa.Connection, root_id: int, person_id: int, day: date) -> str | None:
    """The uppermost unit of the review's tree in which a person holds a post, as an own one: not as in charge of another."""
    root = sa.select(unit.c.path).where(unit.c.id == root_id).scalar_subquery()
    query = (
        sa.select(unit.c.code)
        .join(post, post.c.unit_id == unit.c.id)
        .join(tenure, tenure.c.post_id == post.c.id)
        .where(tenure.c.person_id == person_id, on_day(tenure, day), unit.c.path.startswith(root))
        .order_by(post.c.role == PostRole.MEMBER_IN_CHARGE, sa.func.length(unit.c.path), unit.c.id)
    )
    found: str | None = connection.execute(query.limit(1)).scalar()
    return found


def _demand_sound(one: Heard, said: Opinion, today: date) -> None:
    if one.is_in:
        raise AlreadyDone(f"Ý kiến số {one.id} đã nhận.", way_out="Muốn sửa: trả lại việc ấy, có lý do, rồi ghi lại.")
    if one.is_waived:
        raise Refused(f"Ý kiến số {one.id} đã được miễn.", way_out="Mở lại việc ấy trước.")
    if not said.words.strip():
        raise Refused(f"Ý kiến số {one.id} chưa có nội dung.", way_out="Ghi nội dung ý kiến đã nhận.")
    if said.received_on > today:
        raise Refused(f"Ngày nhận {said.received_on:%d/%m/%Y} chưa đến.", way_out="Ghi ngày theo sổ công văn đến.")


def _record(
    connection: sa.Connection, now: datetime, actor: str, action: str, one: Heard, data: dict[str, object],
    on_behalf: str | None = None,
) -> None:  # fmt: skip
    """An event says which opinion, and seals what it says; never about whom or what."""
    audit.record(connection, now, actor, action, f"opinion:{one.id}", on_behalf=on_behalf, item_id=one.item_id, data=data)
