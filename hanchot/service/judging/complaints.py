"""Complaints (khiếu nại, kiến nghị) about a decided result: registered, then answered by the body that decided.

The answer keeps the result or reopens it, with an approver other than who answers. Who complains, why, and what is answered
stand in the database and nowhere else; the complainant's unit is told through the ordinary outbox that there is an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from hanchot.domain.cited import Refusal
from hanchot.domain.errors import AlreadyDone, NotFound, Refused
from hanchot.domain.house_rules import RECORD
from hanchot.domain.instants import local_day
from hanchot.service import audit
from hanchot.service.judging.bodies import find_body
from hanchot.service.judging.deciding import reopen_in
from hanchot.service.judging.refusing import demand
from hanchot.service.judging.subjects import find_subject
from hanchot.service.judging.telling import tell_unit
from hanchot.service.services import Services
from hanchot.store.db import Row, new_id
from hanchot.store.judging_tables import complaint, rating, subject
from hanchot.store.tables import unit


@dataclass(frozen=True)
class Complaint:
    """As it came in. ``received_on``: a local day; ``unit``: the complainant's, by code (None: where the subject is)."""

    complainant: str
    received_on: date
    reason: str
    unit: str | None = None


@dataclass(frozen=True)
class Answer:
    """What the deciding body ``unit`` (a code) answers; ``number``: of the paper that says it, may be empty."""

    unit: str
    words: str
    number: str = ""


def register(services: Services, subject_id: int, said: Complaint, now: datetime, *, actor: str) -> int:
    """Write down a complaint about the subject's decided result; returns its number.

    Raises ``Forbidden`` for one without its parts, ``Refused`` where nothing is decided, ``AlreadyDone`` where one is open.
    """
    with services.db.write() as connection:
        who = find_subject(connection, subject_id)
        demand(_incomplete(said, local_day(now)))
        current = sa.select(rating.c.id).where(rating.c.subject_id == subject_id, rating.c.step == "decided", rating.c.current)
        rating_id = connection.execute(current).scalar()
        if rating_id is None:
            raise Refused(f"{who.label} chưa có kết quả được quyết định.", way_out="Góp ý ở bước thẩm định.")
        mine = (complaint.c.rating_id == rating_id) & (complaint.c.state == "open")
        if (there := connection.execute(sa.select(complaint.c.id).where(mine)).scalar()) is not None:
            way_out = "Trả lời kiến nghị ấy trước, hoặc ghi thêm vào hồ sơ của nó."
            raise AlreadyDone(f"Kết quả của {who.label} đang có kiến nghị số {there} chưa trả lời.", way_out=way_out)
        unit_id = find_body(connection, said.unit or who.unit_code).id
        row = {
            "rating_id": rating_id, "unit_id": unit_id, "complainant": said.complainant.strip(), "state": "open",
            "received_on": said.received_on, "reason": said.reason.strip(), "registered_by": actor, "registered_at": now,
        }  # fmt: skip
        made = new_id(connection.execute(sa.insert(complaint).values(row)))
        _record(connection, made, rating_id, "registered", who.cycle_id, now, actor)
        return made


def keep(services: Services, complaint_id: int, answer: Answer, now: datetime, *, actor: str) -> None:
    """The deciding body answers and keeps the result. Raises ``Forbidden`` for another body or an empty answer."""
    with services.db.write() as connection:
        row = _open(connection, complaint_id)
        _demand_body(connection, row, answer)
        _answered(services, connection, row, answer, "kept", now, actor)


def grant(services: Services, complaint_id: int, answer: Answer, now: datetime, *, actor: str, approver: str) -> int:
    """The deciding body reopens the result, approved by somebody else; returns the rating that was put aside.

    Raises ``Forbidden`` for another body, an empty answer, or an approver who is the one who answers.
    """
    with services.db.write() as connection:
        row = _open(connection, complaint_id)
        _demand_body(connection, row, answer)
        reopened = reopen_in(
            services, connection, row.subject_id, now, actor=actor, approver=approver, reason=answer.words.strip()
        )
        _answered(services, connection, row, answer, "reopened", now, actor)
        return reopened


def complaints_of(services: Services, subject_id: int) -> list[dict[str, Any]]:
    """All complaints about the results of a subject, oldest first. Confidential."""
    names = ("id", "complainant", "received_on", "reason", "state", "answer", "number", "registered_by", "answered_by")
    query = (
        sa.select(*(complaint.c[name] for name in names), rating.c.number.label("decision"), unit.c.code.label("unit"))
        .join(rating, rating.c.id == complaint.c.rating_id)
        .join(unit, unit.c.id == complaint.c.unit_id)
        .where(rating.c.subject_id == subject_id)
        .order_by(complaint.c.id)
    )
    with services.db.read() as connection:
        find_subject(connection, subject_id)
        return [dict(row) for row in connection.execute(query).mappings()]


def _incomplete(said: Complaint, today: date) -> tuple[Refusal, ...]:
    """Pure: which part of a complaint is missing or cannot be."""
    lacks = [name for name, text in (("người kiến nghị", said.complainant), ("nội dung", said.reason)) if not text.strip()]
    found = []
    if lacks:
        words = f"Kiến nghị chưa có {' và '.join(lacks)}."
        found.append(Refusal("complaint-incomplete", words, "Ghi theo đơn hoặc biên bản tiếp nhận.", RECORD))
    if said.received_on > today:
        words = f"Ngày nhận kiến nghị {said.received_on:%d/%m/%Y} chưa đến."
        found.append(Refusal("received-in-future", words, "Ghi ngày nhận đơn.", RECORD))
    return tuple(found)


def _open(connection: sa.Connection, complaint_id: int) -> Row:
    query = (
        sa.select(
            complaint, rating.c.subject_id, rating.c.unit_id.label("body_id"), rating.c.current, subject.c.cycle_id,
            unit.c.name.label("body_name"), unit.c.code.label("body_code"),
        )
        .join(rating, rating.c.id == complaint.c.rating_id)
        .join(subject, subject.c.id == rating.c.subject_id)
        .join(unit, unit.c.id == rating.c.unit_id)
        .where(complaint.c.id == complaint_id)
    )  # fmt: skip
    row = connection.execute(query).first()
    if row is None:
        raise NotFound(
            f"Không có kiến nghị số {complaint_id}.",
            way_out="Xem các kiến nghị đã nhận.",
            command="hanchot complaint list SỐ-ĐỐI-TƯỢNG",
        )
    if row.state != "open":
        raise AlreadyDone(f"Kiến nghị số {complaint_id} đã được trả lời.", way_out="Có tình tiết mới thì ghi kiến nghị mới.")
    return row


def _demand_body(connection: sa.Connection, row: Row, answer: Answer) -> None:
    found = []
    if find_body(connection, answer.unit).id != row.body_id:
        words = f"Kiến nghị số {row.id} do cấp đã quyết định trả lời: {row.body_name}."
        found.append(Refusal("another-body", words, f"Trình {row.body_name} (mã {row.body_code}) trả lời.", RECORD))
    if not answer.words.strip():
        found.append(Refusal("no-answer", "Trả lời kiến nghị chưa có nội dung.", "Ghi kết luận của cấp quyết định.", RECORD))
    demand(found)


def _answered(
    services: Services, connection: sa.Connection, row: Row, answer: Answer, state: str, now: datetime, actor: str
) -> None:
    said: Mapping[str, Any] = {
        "state": state, "answer": answer.words.strip(), "number": answer.number.strip() or None, "answered_by": actor,
        "answered_at": now,
    }  # fmt: skip
    connection.execute(sa.update(complaint).where(complaint.c.id == row.id).values(**said))
    _record(connection, row.id, row.rating_id, state, row.cycle_id, now, actor)
    tell_unit(services, connection, row.cycle_id, row.unit_id, f"answer-{row.id}", now)


def _record(
    connection: sa.Connection, complaint_id: int, rating_id: int, what: str, cycle_id: int, now: datetime, actor: str
) -> None:
    data: dict[str, object] = {"rating": rating_id}
    audit.record(connection, now, actor, f"complaint.{what}", f"complaint:{complaint_id}", cycle_id=cycle_id, data=data)
