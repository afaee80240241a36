"""One complaint with the result that it is about. Confidential as a whole; for the body that decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from hanchot.domain.errors import NotFound
from hanchot.domain.rating_level import RatingLevel
from hanchot.service.services import Services
from hanchot.store.judging_tables import complaint, rating, subject
from hanchot.store.tables import cycle, person, unit


@dataclass(frozen=True, slots=True)
class ComplaintPage:
    """``body_code``: the unit that decided and answers; ``level`` of the result, decided by ``decision`` on ``decided_on``."""

    id: int
    subject_id: int
    name: str
    unit_name: str
    cycle: str
    level: RatingLevel
    decision: str
    decided_on: date
    body_code: str
    body_name: str
    body_path: str
    complainant: str
    received_on: date
    reason: str
    state: str
    registered_by: str
    answer: str | None
    number: str | None
    answered_by: str | None
    answered_at: datetime | None


def complaint_page(services: Services, complaint_id: int) -> ComplaintPage:
    """Raises ``NotFound``."""
    body, home = unit.alias("body"), unit.alias("home")
    query = (
        sa.select(
            complaint.c.id, subject.c.id, sa.func.coalesce(person.c.name, home.c.name), home.c.name, cycle.c.code,
            rating.c.level, rating.c.number, rating.c.decided_on, body.c.code, body.c.name, body.c.path,
            *(complaint.c[n] for n in ("complainant", "received_on", "reason", "state", "registered_by", "answer", "number",
                                       "answered_by", "answered_at")),
        )
        .join(rating, rating.c.id == complaint.c.rating_id)
        .join(subject, subject.c.id == rating.c.subject_id)
        .join(cycle, cycle.c.id == subject.c.cycle_id)
        .join(home, home.c.id == subject.c.unit_id)
        .join(body, body.c.id == rating.c.unit_id)
        .outerjoin(person, person.c.id == subject.c.person_id)
        .where(complaint.c.id == complaint_id)
    )  # fmt: skip
    with services.db.read() as connection:
        row = connection.execute(query).first()
    if row is None:
        raise NotFound(f"Không có kiến nghị số {complaint_id}.", way_out="Về trang của đối tượng.")
    number, name, home_name, *rest = row[1], row[2], row[3], *row[4:]
    return ComplaintPage(row[0], number, name, home_name, rest[0], RatingLevel(rest[1]), *rest[2:])
