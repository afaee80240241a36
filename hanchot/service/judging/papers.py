"""Decision papers (quyết định) in the database: kept as a draft, confirmed or withdrawn; lines are never changed.

What a line says is salted before it is sealed, so that the chain of events shows a changed line and tells no level.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from hanchot.domain.errors import AlreadyDone, NotFound
from hanchot.domain.rating_level import RatingLevel
from hanchot.domain.review_order import Step
from hanchot.service import audit
from hanchot.service.judging.digests import salted, sealed
from hanchot.service.judging.guards import Known, Line
from hanchot.service.judging.ratings import Judgement, Rated
from hanchot.service.services import Services
from hanchot.store.db import Row, new_id
from hanchot.store.judging_tables import decision, decision_line, subject
from hanchot.store.tables import cycle, person, unit


@dataclass(frozen=True)
class Filed:
    """The head of a paper as the database keeps it."""

    cycle_id: int
    unit_id: int
    number: str
    decided_on: date


def keep_draft(connection: sa.Connection, filed: Filed, known: Sequence[Known], now: datetime, actor: str) -> int:
    """Write a paper as a draft and return its number. Raises ``AlreadyDone`` where another draft is in the way."""
    _demand_free(connection, filed, known)
    made = connection.execute(sa.insert(decision).values(**asdict(filed), state="draft", drafted_by=actor, drafted_at=now))
    decision_id = new_id(made)
    rows = [
        {"decision_id": decision_id, "subject_id": one.case.who.id, "position": position, "level": one.said.level.value,
         "said": salted(_as_json(one.line)), "pending": True}
        for position, one in enumerate(known)
    ]  # fmt: skip
    connection.execute(sa.insert(decision_line), rows)
    digest = sealed({str(row["subject_id"]): {"level": row["level"], "said": row["said"]} for row in rows})
    data: dict[str, object] = {"lines": len(rows), "digest": digest}
    about = f"decision:{decision_id}"
    audit.record(connection, now, actor, "decision.drafted", about, cycle_id=filed.cycle_id, data=data)
    return decision_id


def _demand_free(connection: sa.Connection, filed: Filed, known: Sequence[Known]) -> None:
    same = sa.and_(
        decision.c.cycle_id == filed.cycle_id, decision.c.unit_id == filed.unit_id, decision.c.number == filed.number,
        decision.c.state == "draft",
    )  # fmt: skip
    if (there := connection.execute(sa.select(decision.c.id).where(same)).scalar()) is not None:
        way_out = f"Xác nhận hoặc rút dự thảo {there} trước."
        raise AlreadyDone(f"Quyết định số {filed.number} đã có dự thảo (số {there}).", way_out=way_out)
    names = {one.case.who.id: one.case.name for one in known}
    on = sa.select(decision_line.c.subject_id, decision_line.c.decision_id).where(decision_line.c.pending)
    held = connection.execute(on.where(decision_line.c.subject_id.in_(names)).order_by(decision_line.c.subject_id)).first()
    if held is not None:
        words = f"{names[held.subject_id]} đang có trong dự thảo quyết định số {held.decision_id}."
        raise AlreadyDone(words, way_out="Xác nhận hoặc rút dự thảo ấy trước.")


def find(connection: sa.Connection, decision_id: int) -> Row:
    """The paper with ``unit_code``, ``unit_name``, ``unit_path`` and ``cycle_code``. Raises ``NotFound``."""
    row = connection.execute(PAPER.where(decision.c.id == decision_id)).first()
    if row is None:
        raise NotFound(
            f"Không có quyết định số {decision_id}.", way_out="Xem các quyết định của đợt.", command="hanchot decision list ĐỢT"
        )
    return row


def demand_draft(row: Row) -> None:
    """Raises ``AlreadyDone`` for a paper that is confirmed or withdrawn."""
    if row.state == "confirmed":
        words = f"Quyết định số {row.id} đã được xác nhận."
        raise AlreadyDone(words, way_out="Muốn đổi một kết quả thì mở lại kết quả ấy, có lý do và người duyệt.")
    if row.state == "withdrawn":
        raise AlreadyDone(f"Dự thảo quyết định số {row.id} đã rút.", way_out="Lập dự thảo mới.")


def lines_of(connection: sa.Connection, decision_id: int) -> tuple[Line, ...]:
    """The lines as they were drafted, in their order."""
    rows = connection.execute(
        sa.select(decision_line).where(decision_line.c.decision_id == decision_id).order_by(decision_line.c.position)
    )
    return tuple(_line(row.subject_id, row.level, row.said) for row in rows)


def claim(connection: sa.Connection, decision_id: int, by: str, now: datetime) -> None:
    """The draft becomes confirmed, once. Raises ``AlreadyDone`` when somebody was faster."""
    draft = (decision.c.id == decision_id) & (decision.c.state == "draft")
    done = {"state": "confirmed", "confirmed_by": by, "confirmed_at": now}
    if connection.execute(sa.update(decision).where(draft).values(done)).rowcount != 1:
        demand_draft(find(connection, decision_id))


def became(connection: sa.Connection, decision_id: int, rated: Sequence[Rated]) -> None:
    """Which rating each line has become."""
    mine = (decision_line.c.decision_id == decision_id) & (decision_line.c.subject_id == sa.bindparam("who"))
    line = sa.update(decision_line).where(mine).values(pending=False, rating_id=sa.bindparam("rating"))
    connection.execute(line, [{"who": one.subject_id, "rating": one.id} for one in rated])


def withdraw(connection: sa.Connection, row: Row, now: datetime, actor: str, reason: str) -> None:
    """The draft is put aside with its reason, which stays in the database: it may say whose case is doubtful."""
    said = {"state": "withdrawn", "withdrawn_by": actor, "withdrawn_at": now, "withdrawn_reason": reason}
    connection.execute(sa.update(decision).where(decision.c.id == row.id).values(said))
    connection.execute(sa.update(decision_line).where(decision_line.c.decision_id == row.id).values(pending=False))
    audit.record(connection, now, actor, "decision.withdrawn", f"decision:{row.id}", cycle_id=row.cycle_id)


def rows_of(connection: sa.Connection, decision_id: int) -> list[Row]:
    """The lines beside whom they are about: ``label``, ``unit_code``, ``unit_name``, ``path`` and the stored columns."""
    query = (
        sa.select(
            decision_line, unit.c.code.label("unit_code"), unit.c.name.label("unit_name"), unit.c.path,
            sa.func.coalesce(person.c.name, unit.c.name).label("label"), subject.c.kind,
        )
        .join(subject, subject.c.id == decision_line.c.subject_id)
        .join(unit, unit.c.id == subject.c.unit_id)
        .outerjoin(person, person.c.id == subject.c.person_id)
        .where(decision_line.c.decision_id == decision_id)
        .order_by(decision_line.c.position)
    )  # fmt: skip
    return list(connection.execute(query))


def listed(services: Services, code: str) -> list[dict[str, Any]]:
    """The papers of a cycle, newest first: heads and counts only."""
    lines = sa.select(sa.func.count()).where(decision_line.c.decision_id == decision.c.id).scalar_subquery()
    query = PAPER.add_columns(lines.label("lines")).where(cycle.c.code == code).order_by(decision.c.id.desc())
    names = ("id", "number", "decided_on", "state", "drafted_by", "confirmed_by", "lines")
    with services.db.read() as connection:
        return [{"unit": row.unit_code, **{name: getattr(row, name) for name in names}} for row in connection.execute(query)]


PAPER = (
    sa.select(
        decision, unit.c.code.label("unit_code"), unit.c.name.label("unit_name"), unit.c.path.label("unit_path"),
        cycle.c.code.label("cycle_code"),
    )
    .join(unit, unit.c.id == decision.c.unit_id)
    .join(cycle, cycle.c.id == decision.c.cycle_id)
)  # fmt: skip


def _as_json(line: Line) -> dict[str, Any]:
    said = line.said
    return {
        "score": None if said.score is None else str(said.score),
        "facts": {key: value if isinstance(value, bool) else str(value) for key, value in said.facts.items()},
        "reason": said.reason, "done": sorted(line.done), "applicable": sorted(line.applicable),
        "dossier_elsewhere": line.dossier_elsewhere,
    }  # fmt: skip


def _line(subject_id: int, level: str, said: Mapping[str, Any]) -> Line:
    facts = {key: value if isinstance(value, bool) else Decimal(value) for key, value in said["facts"].items()}
    score = None if said["score"] is None else Decimal(said["score"])
    return Line(
        subject_id, Judgement(RatingLevel(level), score, facts, said["reason"]), frozenset(map(Step, said["done"])),
        frozenset(map(Step, said["applicable"])), said["dossier_elsewhere"],
    )  # fmt: skip
