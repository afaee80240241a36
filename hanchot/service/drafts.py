"""Documents given to us, and the drafts read from them until a person has confirmed a plan out of each.

Nothing starts from a draft: what confirming writes is a calendar file, and a cycle is opened from that, by a person.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, TypeAdapter

from hanchot.domain.confirm import confirm as decide_plan
from hanchot.domain.decisions import Decisions
from hanchot.domain.draft import Draft
from hanchot.domain.errors import AlreadyDone, Conflict, NotFound, Refused
from hanchot.domain.instants import ZONE
from hanchot.domain.plan import Plan, Provenance
from hanchot.service import audit
from hanchot.service.plan_desk import Replace, put_plan
from hanchot.service.services import Services
from hanchot.store.db import Row, new_id
from hanchot.store.tables import document, draft, reading

Change = Callable[[Decisions], Decisions]


class Mark(BaseModel):
    """Who changed one part of a draft last, and which revision that made."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    revision: int
    by: str
    at: datetime


_MARKS = TypeAdapter(dict[str, Mark])


@dataclass(frozen=True, slots=True)
class Record:
    """One document with its draft, as the database has them; instants in UTC."""

    id: int
    name: str
    kind: str
    size: int
    sha256: str
    read_at: datetime
    draft: Draft
    decisions: Decisions
    marks: Mapping[str, Mark]
    state: str
    revision: int
    changed_at: datetime
    changed_by: str
    confirmed_at: datetime | None
    confirmed_by: str | None
    plan_key: str | None

    def provenance(self, now: datetime, by: str) -> Provenance:
        return Provenance(sha256=self.sha256, file=self.name, read_at=self.read_at, confirmed_at=now, confirmed_by=by)


def keep(
    services: Services, data: bytes, name: str, kind: str, said: Draft, now: datetime, actor: str
) -> tuple[int, bool]:  # fmt: skip
    """Keep a document of ``kind`` (txt, docx, pdf, scan) with what was read in it. Returns the draft's id, and whether it
    is new: a file that is known already is opened where it was left. ``readings`` keeps one that nobody has read yet.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    with services.db.write() as connection:
        if (there := known(connection, sha256)) is not None:
            return there, False
        kept = {"sha256": sha256, "name": name, "kind": kind, "size": len(data), "body": data, "read_at": now}
        made = insert(connection, kept, said, now, actor)
        facts: dict[str, object] = {"sha256": sha256, "statements": len(said.deadlines)}
        audit.record(connection, now, actor, "document.received", name, became="open", data=facts)
        return made, True


def insert(connection: sa.Connection, kept: Mapping[str, Any], said: Draft, now: datetime, actor: str) -> int:
    """The rows of a document and its draft; returns the draft's id."""
    first = {
        "document_id": new_id(connection.execute(sa.insert(document).values(kept))), "said": said.model_dump(mode="json"),
        "decisions": _as_json(Decisions(), {}), "state": "open", "revision": 0, "changed_at": now, "changed_by": actor,
    }  # fmt: skip
    return new_id(connection.execute(sa.insert(draft).values(first)))


def known(connection: sa.Connection, sha256: str) -> int | None:
    """The draft of these very bytes, read or not."""
    query = sa.select(draft.c.id).join(document, document.c.id == draft.c.document_id)
    return connection.execute(query.where(document.c.sha256 == sha256)).scalar()


def find(services: Services, draft_id: int) -> Record:
    """Raises ``NotFound``."""
    with services.db.read() as connection:
        return _find(connection, draft_id)


def original(services: Services, draft_id: int) -> tuple[str, bytes]:
    """The document's name and its bytes, as they were given to us."""
    query = sa.select(document.c.name, document.c.body).join(draft, draft.c.document_id == document.c.id)
    with services.db.read() as connection:
        row = connection.execute(query.where(draft.c.id == draft_id)).first()
    if row is None:
        raise _unknown(draft_id)
    return row.name, row.body


def decide(
    services: Services, draft_id: int, place: str, change: Change, now: datetime, *, revision: int, actor: str
) -> None:  # fmt: skip
    """Change what is decided about one part (``head``, ``s<n>``, ``a<key>``, ``r<n>``) of an open draft.

    ``revision`` is the one that the person saw: two people may work on different parts; on the same part the second
    one is refused (``Conflict``). What is decided already changes nothing, so that a second click does no harm.
    """
    with services.db.write() as connection:
        record = _open(connection, draft_id)
        _demand(record, place)
        decisions = change(record.decisions)
        if decisions == record.decisions:
            return
        mark = record.marks.get(place)
        if mark and mark.revision > revision:
            raise _overtaken(mark.by, mark.at)
        new = record.revision + 1
        marks = {**record.marks, place: Mark(revision=new, by=actor, at=now)}
        _update(connection, record, now, actor, decisions=_as_json(decisions, marks))
        data: dict[str, object] = {"draft": draft_id, "place": place, "decided": _decided(decisions, place)}
        audit.record(connection, now, actor, "draft.decided", record.name, data=data)


def confirm(
    services: Services, draft_id: int, now: datetime, *, revision: int, by: str, replace: Replace | None = None
) -> Plan:
    """Make the plan and write its calendar; the file appears whole or not at all, and only with the database's row.

    Raises ``Refused`` with the first thing that is missing, ``Conflict`` when anything was changed since ``revision``.
    A second click gives the same plan. ``replace``: see ``plan_desk``.
    """
    if not by.strip():
        raise Refused("Chưa ghi người xác nhận.", way_out="Gõ họ tên người chịu trách nhiệm xác nhận.")
    with services.db.write() as connection:
        record = _find(connection, draft_id)
        if record.state == "confirmed":
            return _confirmed_plan(record)
        if record.state != "open":
            raise _closed(record)
        if record.revision != revision:
            raise _overtaken(record.changed_by, record.changed_at)
        found = decide_plan(record.draft, record.decisions, record.provenance(now, by))
        if found.plan is None:
            more = f"Còn {len(found.missing) - 1} điều khác." if len(found.missing) > 1 else "Bổ sung rồi xác nhận lại."
            raise Refused(found.missing[0].message, way_out=more)
        key = found.plan.key
        values = {"state": "confirmed", "confirmed_at": now, "confirmed_by": by, "plan_key": key}
        _update(connection, record, now, by, **values)
        data: dict[str, object] = {"draft": draft_id, "sha256": record.sha256, "milestones": len(found.plan.milestones)}
        audit.record(connection, now, by, "draft.confirmed", record.name, was="open", became=key, data=data)
        put_plan(connection, services.settings, found.plan, replace)  # last: a file that cannot be written undoes the rest
        return found.plan


def drop(services: Services, draft_id: int, now: datetime, *, actor: str, reason: str) -> None:
    """Put an open draft aside; the document is kept, and the draft can be opened again."""
    if not reason.strip():
        raise Refused("Bỏ một bản dự thảo phải nêu lý do.", way_out="Ghi một câu, ví dụ “văn bản đã bị thay thế”.")
    with services.db.write() as connection:
        record = _find(connection, draft_id)
        if record.state == "dropped":
            return
        record = _open(connection, draft_id)
        _update(connection, record, now, actor, state="dropped")
        audit.record(connection, now, actor, "draft.dropped", record.name, was="open", became="dropped", reason=reason)


def reopen(services: Services, draft_id: int, now: datetime, *, actor: str) -> None:
    """Take a dropped or confirmed draft up again. A calendar that it made stays until it is confirmed anew."""
    with services.db.write() as connection:
        record = _find(connection, draft_id)
        if record.state == "open":
            return
        _update(connection, record, now, actor, state="open", confirmed_at=None, confirmed_by=None, plan_key=None)
        audit.record(connection, now, actor, "draft.reopened", record.name, was=record.state, became="open")


_COLUMNS = (
    draft.c.id, document.c.name, document.c.kind, document.c.size, document.c.sha256, document.c.read_at, draft.c.said,
    draft.c.decisions, draft.c.state, draft.c.revision, draft.c.changed_at, draft.c.changed_by, draft.c.confirmed_at,
    draft.c.confirmed_by, draft.c.plan_key,
)  # fmt: skip
_RECORDS = (  # what is not read yet is no draft yet
    sa.select(*_COLUMNS)
    .join(document, document.c.id == draft.c.document_id)
    .outerjoin(reading, reading.c.draft_id == draft.c.id)
    .where(reading.c.draft_id.is_(None))
)


def records(connection: sa.Connection) -> list[Record]:
    """Every draft, the one touched last first."""
    newest = _RECORDS.order_by(draft.c.changed_at.desc(), draft.c.id.desc())
    return [_record(row) for row in connection.execute(newest)]


def _find(connection: sa.Connection, draft_id: int) -> Record:
    row = connection.execute(_RECORDS.where(draft.c.id == draft_id)).first()
    if row is not None:
        return _record(row)
    if connection.execute(sa.select(draft.c.id).where(draft.c.id == draft_id)).first():
        raise Refused(f"Văn bản số {draft_id} chưa đọc xong.", way_out="Chờ đọc xong rồi làm tiếp.")
    raise _unknown(draft_id)


def _record(row: Row) -> Record:
    kept = row._asdict()
    decided, said = kept.pop("decisions"), kept.pop("said")
    return Record(
        **kept, draft=Draft.model_validate(said), decisions=Decisions.model_validate(decided["decisions"]),
        marks=_MARKS.validate_python(decided["marks"]),
    )  # fmt: skip


def _open(connection: sa.Connection, draft_id: int) -> Record:
    record = _find(connection, draft_id)
    if record.state != "open":
        raise _closed(record)
    return record


def _update(connection: sa.Connection, record: Record, now: datetime, actor: str, **values: Any) -> None:
    """Claim by condition: whoever reads the same revision and comes second changes no row."""
    here = (draft.c.id == record.id) & (draft.c.revision == record.revision)
    new = {"revision": record.revision + 1, "changed_at": now, "changed_by": actor, **values}
    if connection.execute(sa.update(draft).where(here).values(new)).rowcount != 1:
        raise _overtaken(record.changed_by, record.changed_at)


def _as_json(decisions: Decisions, marks: Mapping[str, Mark]) -> dict[str, Any]:
    return {"decisions": decisions.model_dump(mode="json"), "marks": _MARKS.dump_python(dict(marks), mode="json")}


def _decided(decisions: Decisions, place: str) -> object:
    """What the audit trail keeps: the part as it now stands."""
    if place == "head":
        return decisions.head.model_dump(mode="json") if decisions.head else None
    if place[0] == "s":
        decision = decisions.statements.get(int(place[1:]))
        return decision.model_dump(mode="json", exclude_none=True) if decision else None
    if place[0] == "r":
        return decisions.settled.get(int(place[1:]))
    return next((one.model_dump(mode="json", exclude_none=True) for one in decisions.added if one.key == place[1:]), None)


def _confirmed_plan(record: Record) -> Plan:
    assert record.confirmed_at and record.confirmed_by
    plan = decide_plan(record.draft, record.decisions, record.provenance(record.confirmed_at, record.confirmed_by)).plan
    if plan is None:
        raise AlreadyDone("Bản dự thảo này đã được xác nhận.", way_out="Xem kế hoạch ở trang Kế hoạch.")
    return plan


def _demand(record: Record, place: str) -> None:
    """The draft has the statement or the warning that ``place`` names."""
    counted = {"s": len(record.draft.deadlines), "r": len(record.draft.warnings)}.get(place[0])
    if counted is not None and int(place[1:]) >= counted:
        raise NotFound(f"Văn bản {record.name} không có câu “{place}”.", way_out="Tải lại trang để xem các câu của nó.")


def _unknown(draft_id: int) -> NotFound:
    return NotFound(f"Không có văn bản số {draft_id}.", way_out="Xem danh sách văn bản.", thing="văn bản", value=draft_id)


def _closed(record: Record) -> Refused:
    word = "đã được xác nhận" if record.state == "confirmed" else "đã được bỏ"
    return Refused(f"Bản dự thảo của {record.name} {word}.", way_out="Muốn sửa, chọn “Mở lại để sửa”.")


def _overtaken(by: str, at: datetime) -> Conflict:
    when = f"{at.astimezone(ZONE):%H:%M %d/%m/%Y}"
    return Conflict(f"{by} đã sửa chỗ này lúc {when}.", way_out="Tải lại trang để xem, rồi sửa tiếp nếu còn cần.")
