"""A document that was handed in is read aside, page by page, while people see how far it is.

Its draft is there from the first moment, so that it has one address for good; as long as a row of ``reading`` stands beside
it, it says nothing yet (``drafts`` passes it over). Whoever reads holds a claim with a lease: a reader that dies is seen as
such when the lease has run out, and another may begin.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from hanchot.domain.draft import Draft, Head
from hanchot.domain.errors import AlreadyDone, HanChotError, Refused
from hanchot.service import audit, drafts
from hanchot.service.services import Services
from hanchot.store.tables import document, draft, reading

LEASE = timedelta(seconds=90)  # the reader itself gives up a page after 60 s (reader/workshop.py), and says so
LOG = logging.getLogger("hanchot.readings")
_BROKEN_VI = ("Có lỗi ở phía máy chủ khi đọc văn bản này.", "Bấm “Đọc lại”; nếu còn lỗi, báo người quản trị.")


@dataclass(frozen=True, slots=True)
class Reading:
    """A document that is not read yet. ``page`` of ``pages`` are recognised; ``fault``: why it could not be read."""

    draft_id: int
    name: str
    size: int
    asked_at: datetime
    asked_by: str
    lease_until: datetime | None
    page: int
    pages: int
    fault: str | None
    way_out: str | None

    def state(self, now: datetime) -> Literal["reading", "stopped", "failed"]:
        """``stopped``: whoever read it is gone without a word."""
        if self.fault is not None:
            return "failed"
        return "reading" if self.lease_until is not None and now < self.lease_until else "stopped"


def receive(services: Services, data: bytes, name: str, now: datetime, actor: str) -> tuple[int, str | None]:
    """Keep a document. Returns its draft's id, and the claim with which to ``read`` it; no claim where nothing is to be
    read: the same file is known already and read, or being read. Raises ``BadDocument`` for what is no document.
    """
    from hanchot.reader.document_guard import check_document

    form = check_document(data, name)
    sha256 = hashlib.sha256(data).hexdigest()
    with services.db.write() as connection:
        known = drafts.known(connection, sha256)
        if known is not None:
            return known, _again(connection, known, now, actor)
        kind = "scan" if form == "image" else form
        facts = {"sha256": sha256, "name": name, "kind": kind, "size": len(data), "body": data, "read_at": now}
        made = drafts.insert(connection, facts, Draft(document=Head()), now, actor)
        connection.execute(sa.insert(reading).values(draft_id=made, asked_at=now, asked_by=actor, page=0, pages=0))
        audit.record(connection, now, actor, "document.received", name, became="reading", data={"sha256": sha256})
        return made, _claim(connection, made, now)


def again(services: Services, draft_id: int, now: datetime, actor: str) -> str | None:
    """The claim to read once more what could not be read, or whose reader has died; None where another click has it."""
    with services.db.write() as connection:
        return _again(connection, draft_id, now, actor)


def _again(connection: sa.Connection, draft_id: int, now: datetime, actor: str) -> str | None:
    claim = _claim(connection, draft_id, now)
    if claim is not None:
        name = connection.execute(_ROWS.where(reading.c.draft_id == draft_id)).one().name
        audit.record(connection, now, actor, "document.read_again", name)
    return claim


def _claim(connection: sa.Connection, draft_id: int, now: datetime) -> str | None:
    """Claim by conditional UPDATE: of several who come, one changes a row."""
    claim = secrets.token_hex(8)
    values = {"claim": claim, "lease_until": now + LEASE, "page": 0, "pages": 0, "fault": None, "way_out": None}
    taken = connection.execute(sa.update(reading).where(reading.c.draft_id == draft_id, _free(now)).values(values))
    return claim if taken.rowcount == 1 else None


def _free(now: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(reading.c.claim.is_(None), reading.c.lease_until <= now)


def hold(services: Services, draft_id: int, claim: str, now: datetime, **progress: int) -> None:
    """A word of whoever reads or waits for a turn: the lease runs anew. Raises ``AlreadyDone`` where another took over."""
    with services.db.write() as connection:
        _update(connection, draft_id, claim, lease_until=now + LEASE, **progress)


def read(services: Services, draft_id: int, claim: str, clock: Callable[[], datetime]) -> None:
    """Read a claimed document to its end: its draft, or why it could not be read. Takes up to ``workshop.LONGEST``.

    Nothing is written once another reader has taken over. ``clock`` is asked at every page.
    """
    try:
        name, data = drafts.original(services, draft_id)
        kind, said = _said(data, name, lambda page, pages: hold(services, draft_id, claim, clock(), page=page, pages=pages))
        _finish(services, draft_id, claim, kind, said, clock())
    except AlreadyDone:
        return
    except HanChotError as error:
        _give_up(services, draft_id, claim, error.message, error.way_out, clock())
    except Exception:
        LOG.exception("document %s", draft_id)
        _give_up(services, draft_id, claim, *_BROKEN_VI, clock())


def _said(data: bytes, name: str, tell: Callable[[int, int], None]) -> tuple[str, Draft]:
    from hanchot.reader.files import read_bytes  # slow to import
    from hanchot.reader.reading import read_draft

    text = read_bytes(data, name, tell)
    return text.kind, read_draft(text.lines, text.remarks)


def _finish(services: Services, draft_id: int, claim: str, kind: str, said: Draft, now: datetime) -> None:
    with services.db.write() as connection:
        _update(connection, draft_id, claim)
        row = connection.execute(_ROWS.where(reading.c.draft_id == draft_id)).one()
        connection.execute(sa.delete(reading).where(reading.c.draft_id == draft_id))
        connection.execute(sa.update(document).where(document.c.id == row.document_id).values(kind=kind, read_at=now))
        values = {"said": said.model_dump(mode="json"), "changed_at": now, "changed_by": row.asked_by}
        connection.execute(sa.update(draft).where(draft.c.id == draft_id).values(values))
        facts: dict[str, object] = {"sha256": row.sha256, "statements": len(said.deadlines)}
        audit.record(connection, now, row.asked_by, "document.read", row.name, was="reading", became="open", data=facts)


def _give_up(services: Services, draft_id: int, claim: str, fault: str, way_out: str, now: datetime) -> None:
    with services.db.write() as connection:
        try:
            _update(connection, draft_id, claim, claim=None, lease_until=None, fault=fault, way_out=way_out)
        except AlreadyDone:
            return
        row = connection.execute(_ROWS.where(reading.c.draft_id == draft_id)).one()
        audit.record(connection, now, row.asked_by, "document.not_read", row.name, was="reading", reason=fault)


def _update(connection: sa.Connection, draft_id: int, held: str, **values: Any) -> None:
    mine = sa.and_(reading.c.draft_id == draft_id, reading.c.claim == held)
    if connection.execute(sa.update(reading).where(mine).values(values or {"claim": held})).rowcount != 1:
        raise AlreadyDone("Người khác đã đọc tiếp văn bản này.", way_out="Tải lại trang.")


def discard(services: Services, draft_id: int, now: datetime, actor: str) -> None:
    """Throw a document away that nobody could read. A second click changes nothing. Raises ``Refused`` while it is read."""
    with services.db.write() as connection:
        row = connection.execute(_ROWS.where(reading.c.draft_id == draft_id)).first()
        if row is None:
            return
        gone = connection.execute(sa.delete(reading).where(reading.c.draft_id == draft_id, _free(now)))
        if gone.rowcount != 1:
            raise Refused(f"Văn bản {row.name} đang được đọc.", way_out="Chờ đọc xong rồi bỏ bản dự thảo.")
        connection.execute(sa.delete(draft).where(draft.c.id == draft_id))
        connection.execute(sa.delete(document).where(document.c.id == row.document_id))
        audit.record(connection, now, actor, "document.discarded", row.name, data={"sha256": row.sha256})


_ROWS = (
    sa.select(document.c.id.label("document_id"), document.c.name, document.c.sha256, reading.c.asked_by)
    .join(draft, draft.c.document_id == document.c.id)
    .join(reading, reading.c.draft_id == draft.c.id)
)
_READINGS = (
    sa.select(
        reading.c.draft_id, document.c.name, document.c.size, reading.c.asked_at, reading.c.asked_by, reading.c.lease_until,
        reading.c.page, reading.c.pages, reading.c.fault, reading.c.way_out,
    )
    .join(draft, draft.c.id == reading.c.draft_id)
    .join(document, document.c.id == draft.c.document_id)
)  # fmt: skip


def reading_of(services: Services, draft_id: int) -> Reading | None:
    """What is known of a document that is not read yet; None once it is read, or where there is none."""
    with services.db.read() as connection:
        row = connection.execute(_READINGS.where(reading.c.draft_id == draft_id)).first()
    return Reading(**row._asdict()) if row else None


def unread(services: Services) -> list[Reading]:
    """Every document that is not read yet, the one asked for last first."""
    with services.db.read() as connection:
        rows = connection.execute(_READINGS.order_by(reading.c.asked_at.desc(), reading.c.draft_id.desc()))
        return [Reading(**row._asdict()) for row in rows]
