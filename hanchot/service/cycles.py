"""Closing a cycle and opening it again; and the Prefect run that shows it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from hanchot.domain.errors import AlreadyDone, Refused
from hanchot.domain.work_item import UNFINISHED
from hanchot.service import audit
from hanchot.service.arming import arm, disarm
from hanchot.service.book import cycle_id_of
from hanchot.service.services import Services
from hanchot.store.tables import cycle, work_item


def close_cycle(services: Services, code: str, now: datetime, *, actor: str, reason: str | None = None) -> int:
    """Close a cycle: nothing in it is reminded any more. Unfinished work needs a reason. Returns how much was unfinished."""
    with services.db.write() as connection:
        cycle_id = cycle_id_of(connection, code)
        left = work_item.c.state.in_(sorted(UNFINISHED)) & (work_item.c.cycle_id == cycle_id)
        unfinished = connection.execute(sa.select(sa.func.count()).where(left)).scalar_one()
        if unfinished and not (reason and reason.strip()):
            raise Refused(
                f"Đợt “{code}” còn {unfinished} việc chưa xong.",
                way_out="Xử lý hết, hoặc đóng kèm lý do.",
                command=f"hanchot cycle close {code} --reason LÝ-DO",
            )
        changed = connection.execute(
            sa.update(cycle).where(cycle.c.id == cycle_id, cycle.c.state == "open").values(state="closed", closed_at=now)
        )
        if changed.rowcount == 0:
            raise AlreadyDone(f"Đợt “{code}” đã đóng từ trước.", way_out="Không cần đóng lần nữa.")
        disarm(connection, cycle_id)
        audit.record(
            connection, now, actor, "cycle.closed", code, cycle_id=cycle_id, was="open", became="closed", reason=reason,
            data={"unfinished": unfinished},
        )  # fmt: skip
        return unfinished


def reopen_cycle(services: Services, code: str, now: datetime, *, actor: str, reason: str, approver: str) -> None:
    """Open a closed cycle again. Both the reason and the approver are kept; the ladder goes on where it stood."""
    if not reason.strip() or not approver.strip():
        raise Refused("Mở lại đợt phải có lý do và người duyệt.", way_out="Nêu cả hai.")
    with services.db.write() as connection:
        cycle_id = cycle_id_of(connection, code)
        changed = connection.execute(
            sa.update(cycle).where(cycle.c.id == cycle_id, cycle.c.state == "closed").values(state="open", closed_at=None)
        )
        if changed.rowcount == 0:
            raise AlreadyDone(f"Đợt “{code}” đang mở.", way_out="Không cần mở lại.")
        arm(services, connection, cycle_id)
        audit.record(
            connection, now, actor, "cycle.reopened", code, cycle_id=cycle_id, on_behalf=approver, was="closed",
            became="open", reason=reason,
        )  # fmt: skip


def remember_run(services: Services, code: str, run_id: str | None) -> None:
    """Note the Prefect flow run that shows this cycle; a convenience, never the truth."""
    with services.db.write() as connection:
        connection.execute(sa.update(cycle).where(cycle.c.code == code).values(run_id=run_id))
