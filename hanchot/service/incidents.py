"""Incidents (sự cố): what needs a person, said once and counted, until somebody resolves it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from hanchot.domain.errors import AlreadyDone, NotFound, Refused
from hanchot.domain.instants import local_iso, parse_instant
from hanchot.service import audit
from hanchot.service.install import fact, remember
from hanchot.store.db import Database
from hanchot.store.tables import incident, meta

Answer = Literal["seen", "settled"]
_FACT = "incident:"


@dataclass(frozen=True, slots=True)
class Taken:
    """What a person last said about an incident: that they look after it, or that it is settled; with their note."""

    answer: Answer
    by: str
    at: datetime
    note: str


def report(connection: sa.Connection, key: str, kind: str, message: str, now: datetime) -> None:
    """Say that something needs a person. The same ``key`` again raises the count and opens it anew."""
    changed = connection.execute(
        sa.update(incident)
        .where(incident.c.key == key)
        .values(message=message, last_at=now, times=incident.c.times + 1, resolved_at=None)
    )
    if changed.rowcount == 0:
        connection.execute(sa.insert(incident).values(key=key, kind=kind, message=message, first_at=now, last_at=now, times=1))


def resolve(connection: sa.Connection, key: str, now: datetime) -> bool:
    """Mark as settled; False when there was nothing open under ``key``."""
    open_one = (incident.c.key == key) & incident.c.resolved_at.is_(None)
    return connection.execute(sa.update(incident).where(open_one).values(resolved_at=now)).rowcount == 1


def answer(db: Database, number: int, said: Answer, now: datetime, *, actor: str, note: str) -> None:
    """A person looks after an incident (``seen``) or settles it; the note says how. It opens anew if it happens again.

    Raises ``NotFound``; ``Refused`` without a note to settle it, or for mail that is still held; ``AlreadyDone``.
    """
    with db.write() as connection:
        row = connection.execute(sa.select(incident).where(incident.c.id == number)).first()
        if row is None:
            raise NotFound(f"Không có sự cố số {number}.", way_out="Xem danh sách sự cố.")
        if row.resolved_at is not None:
            raise AlreadyDone("Sự cố này đã được xử lý.")
        last = taken(connection, [number]).get(number)
        if last and (last.answer, last.by, last.note) == (said, actor, note) and last.at >= row.last_at:
            raise AlreadyDone("Đã ghi đúng như vậy.")
        if said == "settled" and not note.strip():
            raise Refused("Chưa ghi đã xử lý thế nào.", way_out="Ghi một câu để người sau biết.")
        if said == "settled" and row.kind == "hold" and fact(connection, "hold_reason"):
            raise Refused("Thư vẫn đang tạm giữ.", way_out="Cho gửi tiếp trước, sự cố sẽ tự đóng.")
        if said == "settled":
            resolve(connection, row.key, now)
        kept = {"answer": said, "by": actor, "at": local_iso(now), "note": note}
        remember(connection, f"{_FACT}{number}", json.dumps(kept, ensure_ascii=False))
        audit.record(connection, now, actor, f"incident.{said}", f"incident:{number}", reason=note or None)


def taken(connection: sa.Connection, numbers: list[int]) -> dict[int, Taken]:
    """What was last said about each of these incidents, where anything was."""
    keys = [f"{_FACT}{number}" for number in numbers]
    found = {}
    for key, value in connection.execute(sa.select(meta.c.key, meta.c.value).where(meta.c.key.in_(keys))):
        kept = json.loads(value)
        found[int(key.removeprefix(_FACT))] = Taken(kept["answer"], kept["by"], parse_instant(kept["at"]), kept["note"])
    return found
