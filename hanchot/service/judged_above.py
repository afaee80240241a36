"""What a committee does with its branch's work: receive it, send it back with a reason, report it to the department."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from hanchot.domain.access import Role
from hanchot.domain.errors import AlreadyDone, NotFound, Refused
from hanchot.domain.instants import local_day
from hanchot.domain.work_item import STATE_VI, UNFINISHED, State
from hanchot.service import audit
from hanchot.service.book import book
from hanchot.service.directory import directory
from hanchot.service.items import Moved, act_in
from hanchot.service.more_time import write_to
from hanchot.service.services import Services
from hanchot.store.tables import event, work_item

ESCALATED = "item.escalated"


def is_not_own(path: str, own: tuple[str, ...], roles: frozenset[Role]) -> str | None:
    """Why somebody may not judge the work of the unit at ``path``; None where they may. Nobody receives their own work,
    but for the department, which keeps the books of all.
    """
    if path in own and Role.DEPARTMENT not in roles:
        return "Việc của chính đơn vị đồng chí phụ trách thì do cấp trên xem."
    return None


def accept(services: Services, item_id: int, now: datetime, *, actor: str) -> Moved:
    """Receive what was handed in. Raises ``Refused``, ``AlreadyDone`` (a second click)."""
    with services.db.write() as connection:
        _not_yet(connection, item_id, State.ACCEPTED)
        return act_in(services, connection, item_id, "accept", now, actor=actor)


def send_back(services: Services, item_id: int, now: datetime, *, actor: str, reason: str) -> Moved:
    """Return what was handed in, for a reason that its holder is told. Raises ``Refused``, ``AlreadyDone``."""
    if not reason.strip():
        raise Refused("Trả lại thì phải nêu lý do.", way_out="Ghi rõ cần bổ sung gì.", thing="reason")
    with services.db.write() as connection:
        _not_yet(connection, item_id, State.RETURNED)
        return act_in(services, connection, item_id, "return", now, actor=actor, reason=reason.strip())


def _not_yet(connection: sa.Connection, item_id: int, became: State) -> None:
    state = connection.execute(sa.select(work_item.c.state).where(work_item.c.id == item_id)).scalar()
    if state == became:
        raise AlreadyDone(f"Việc {item_id} đã ở trạng thái “{STATE_VI[became]}”.", way_out="Tải lại trang.")


def escalate(services: Services, item_id: int, now: datetime, *, actor: str) -> None:
    """Report late work to the department, by an event and a letter; once a day at most.

    Raises ``Refused`` for work that is not late, ``AlreadyDone`` on the same local day.
    """
    columns = [work_item.c[name] for name in ("id", "cycle_id", "unit_id", "state", "last_moment", "revision")]
    with services.db.write() as connection:
        row = connection.execute(sa.select(*columns).where(work_item.c.id == item_id)).first()
        if row is None:
            raise NotFound(f"Không có việc số {item_id}.", way_out="Về danh sách cấp dưới.")
        if row.state not in UNFINISHED or row.last_moment is None or row.last_moment >= now:
            raise Refused("Việc này không quá hạn nên chưa cần báo Ban Tổ chức.", way_out="Nhắc đơn vị, hoặc chờ đến hạn.")
        before = sa.select(sa.func.max(event.c.at)).where(event.c.item_id == item_id, event.c.action == ESCALATED)
        last = connection.execute(before).scalar()
        if last is not None and local_day(last) == local_day(now):
            raise AlreadyDone("Hôm nay đã báo Ban Tổ chức việc này.", way_out="Chờ Ban Tổ chức trả lời.")
        seq = audit.record(
            connection, now, actor, ESCALATED, f"item:{item_id}", cycle_id=row.cycle_id, item_id=item_id
        )  # fmt: skip
        known = book(services.db, connection, row.cycle_id)
        told = directory(services.db, connection, known.root_id, local_day(now)).told(row.unit_id, "department")
        write_to(connection, row, [one.post_id for one in told], "escalation", f"escalated-{seq}", now)
