"""More time (xin thêm thời gian): a unit asks, whoever stands above it answers; time that is given moves the deadline.

The department answers for the units directly under the committee that organises the cycle, the committee above a unit for
all others; the department may answer any. Words that people type stand in ``time_request`` only, never in an event.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from hanchot.domain.errors import AlreadyDone, Conflict, NotFound, Refused
from hanchot.domain.instants import ZONE, local_day
from hanchot.service import audit
from hanchot.service.book import book
from hanchot.service.directory import Addressee, directory
from hanchot.service.items import extend_in, why_not
from hanchot.service.mail.tell import tell
from hanchot.service.services import Services
from hanchot.service.stand_ins import acts_for
from hanchot.store.db import Row, new_id
from hanchot.store.desk_tables import time_request
from hanchot.store.tables import letter, unit, work_item

MOST_REASON = 1_000  # characters


@dataclass(frozen=True, slots=True)
class TimeRequest:
    """One request: ``until`` is the last local day asked for, counted. ``answer``: why it was refused."""

    id: int
    item_id: int
    asked_by: str
    asked_at: datetime
    until: date
    reason: str
    state: str
    answered_by: str | None
    answered_at: datetime | None
    answer: str | None


def newest(connection: sa.Connection, item_id: int) -> TimeRequest | None:
    """The last request about an item, answered or not."""
    query = sa.select(*(time_request.c[name] for name in TimeRequest.__slots__)).where(time_request.c.item_id == item_id)
    row = connection.execute(query.order_by(time_request.c.id.desc()).limit(1)).first()
    return TimeRequest(*row) if row else None


def ask(services: Services, item_id: int, until: date, reason: str, now: datetime, *, actor: str, person_id: int) -> int:
    """Ask for time up to the end of the local day ``until``; returns the number of the request. The answerer is told.

    Raises ``Refused`` with the field (``thing``), ``AlreadyDone`` while a request waits for its answer, ``NotFound``.
    """
    with services.db.write() as connection:
        row = _item(connection, item_id)
        _check(services, connection, row, until, reason, now)
        waiting = newest(connection, item_id)
        if waiting and waiting.state == "asked":
            raise AlreadyDone(
                f"Đã xin đến {waiting.until:%d/%m/%Y}, chưa có trả lời.", way_out="Chờ trả lời, hoặc rút đề nghị rồi xin lại."
            )
        values = {"item_id": item_id, "asked_by": actor, "asked_at": now, "until": until, "reason": reason.strip()}
        made = new_id(connection.execute(sa.insert(time_request).values(**values, state="asked")))
        on_behalf = acts_for(connection, person_id, row.unit_id, local_day(now))
        _record(connection, row, "time.asked", now, actor, made, on_behalf=on_behalf, became=str(until))
        _tell_answerer(services, connection, row, made, now)
        return made


def _check(services: Services, connection: sa.Connection, row: Row, until: date, reason: str, now: datetime) -> None:
    if row.last_day is None:
        raise Refused("Việc này chưa có hạn nên không cần xin thêm thời gian.", way_out="Về trang việc này.")
    if not reason.strip():
        raise Refused("Chưa nêu lý do xin thêm thời gian.", way_out="Ghi một, hai câu.", thing="reason")
    if len(reason) > MOST_REASON:
        raise Refused(f"Lý do dài quá {MOST_REASON} ký tự.", way_out="Rút gọn lại.", thing="reason")
    if said := why_not(services, connection, row.id, "extend", reason):
        raise Refused(said[0], way_out="Về trang việc này.")
    if until <= row.last_day:
        raise Refused(
            f"Ngày {until:%d/%m/%Y} không muộn hơn hạn hiện nay ({row.last_day:%d/%m/%Y}).", way_out="Chọn ngày sau hạn.",
            thing="until",
        )  # fmt: skip
    if until <= local_day(now):
        raise Refused(f"Ngày {until:%d/%m/%Y} không còn kịp.", way_out="Chọn ngày sau hôm nay.", thing="until")
    if (until - local_day(now)).days > 366:
        raise Refused(f"Ngày {until:%d/%m/%Y} xa hơn một năm.", way_out="Xem lại năm.", thing="until")


def withdraw(services: Services, item_id: int, now: datetime, *, actor: str) -> bool:
    """Take the open request of an item back; False when there is none."""
    with services.db.write() as connection:
        return withdraw_in(connection, item_id, now, actor=actor)


def withdraw_in(connection: sa.Connection, item_id: int, now: datetime, *, actor: str) -> bool:
    """The same within the caller's transaction."""
    asked = newest(connection, item_id)
    if asked is None or asked.state != "asked":
        return False
    _settle(connection, asked.id, "withdrawn", now, actor)
    _record(connection, _item(connection, item_id), "time.withdrawn", now, actor, asked.id)
    return True


def grant(services: Services, request_id: int, now: datetime, *, actor: str, until: date | None = None) -> None:
    """Give the time that was asked for, or up to ``until``: the item's deadline moves and its holder is told.

    Raises ``Conflict`` with who has answered before, ``AlreadyDone`` where it was the same person, alike, ``Refused`` for a
    day that has passed.
    """
    with services.db.write() as connection:
        asked = _asked(connection, request_id)
        given = until or asked.until
        if (asked.state, asked.answered_by) == ("granted", actor) and _item(connection, asked.item_id).last_day == given:
            raise AlreadyDone(f"Đã cho thêm thời gian đến {given:%d/%m/%Y}.", way_out="Không cần trả lời lại.")
        _demand_open(asked)
        _settle(connection, request_id, "granted", now, actor)
        reason = f"theo đề nghị gia hạn số {request_id}"
        extend_in(services, connection, asked.item_id, given, now, actor=actor, reason=reason)
        _record(connection, _item(connection, asked.item_id), "time.granted", now, actor, request_id)


def refuse(services: Services, request_id: int, now: datetime, *, actor: str, reason: str) -> None:
    """Answer no, for a reason; the holder is told. Raises as ``grant`` does."""
    if not reason.strip():
        raise Refused("Không cho thêm thời gian thì phải nêu lý do.", way_out="Ghi một câu.", thing="answer")
    with services.db.write() as connection:
        asked = _asked(connection, request_id)
        if (asked.state, asked.answered_by, asked.answer) == ("refused", actor, reason.strip()):
            raise AlreadyDone("Đã trả lời đúng như vậy.", way_out="Không cần trả lời lại.")
        _demand_open(asked)
        _settle(connection, request_id, "refused", now, actor, reason.strip())
        _record(connection, _item(connection, asked.item_id), "time.refused", now, actor, request_id)
        tell(connection, asked.item_id, "time_refused", f"refused-{request_id}", now, note=reason.strip())


def _asked(connection: sa.Connection, request_id: int) -> Row:
    row = connection.execute(sa.select(time_request).where(time_request.c.id == request_id)).first()
    if row is None:
        raise NotFound(f"Không có đề nghị số {request_id}.", way_out="Xem danh sách đề nghị.")
    return row


def _demand_open(row: Row) -> None:
    if row.state != "asked":
        words = {"granted": "cho thêm thời gian", "refused": "không cho thêm thời gian", "withdrawn": "rút đề nghị"}
        raise Conflict(
            f"{row.answered_by} đã {words[row.state]} lúc {row.answered_at.astimezone(ZONE):%H:%M %d/%m/%Y}.",
            way_out="Tải lại trang để xem.",
        )


def _settle(
    connection: sa.Connection, request_id: int, state: str, now: datetime, actor: str, answer: str | None = None
) -> None:
    values = {"state": state, "answered_by": actor, "answered_at": now, "answer": answer}
    mine = sa.and_(time_request.c.id == request_id, time_request.c.state == "asked")
    assert connection.execute(sa.update(time_request).where(mine).values(values)).rowcount == 1


def _record(
    connection: sa.Connection, row: Row, action: str, now: datetime, actor: str, request_id: int, *,
    on_behalf: str | None = None, became: str | None = None,
) -> None:  # fmt: skip
    audit.record(
        connection, now, actor, action, f"item:{row.id}", on_behalf=on_behalf, cycle_id=row.cycle_id, item_id=row.id,
        became=became, data={"request": request_id},
    )  # fmt: skip


def answerers(
    services: Services, connection: sa.Connection, cycle_id: int, unit_id: int, now: datetime
) -> tuple[Addressee, ...]:
    """Who is told of a request of a unit: the department for units directly under the organiser, the unit above else."""
    known = book(services.db, connection, cycle_id)
    people = directory(services.db, connection, known.root_id, local_day(now))
    parent = people.parents.get(unit_id)
    return people.told(unit_id, "department" if parent in (None, known.root_id) else "above")


def _tell_answerer(services: Services, connection: sa.Connection, row: Row, request_id: int, now: datetime) -> None:
    told = answerers(services, connection, row.cycle_id, row.unit_id, now)
    write_to(connection, row, [one.post_id for one in told], "time_asked", f"asked-{request_id}", now)


def write_to(connection: sa.Connection, row: Row, posts: list[int], tone: str, rung: str, now: datetime) -> None:
    """Plan a letter about an item (a row with id, cycle and revision) to posts that need not be its holder's."""
    head = {"cycle_id": row.cycle_id, "item_id": row.id, "rung": rung, "tone": tone, "revision": row.revision}
    if posts:
        connection.execute(
            sa.insert(letter), [{**head, "post_id": one, "planned_at": now, "state": "planned"} for one in dict.fromkeys(posts)]
        )


def _item(connection: sa.Connection, item_id: int) -> Row:
    columns = [work_item.c[name] for name in ("id", "cycle_id", "unit_id", "state", "last_day", "revision")]
    query = sa.select(*columns, unit.c.path).join(unit, unit.c.id == work_item.c.unit_id).where(work_item.c.id == item_id)
    row = connection.execute(query).first()
    if row is None:
        raise NotFound(f"Không có việc số {item_id}.", way_out="Về “Việc của tôi”.")
    return row
