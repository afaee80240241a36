"""Holding the mail back when something about time or the database is not right, until a person says it is."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from hanchot.domain.errors import AlreadyDone, Refused
from hanchot.domain.instants import local_iso
from hanchot.service import audit, incidents
from hanchot.service.install import fact, forget, remember
from hanchot.store.db import Database

JUMP = timedelta(hours=6)
HOLD = "hold_reason"


def notice_jump(connection: sa.Connection, now: datetime, steady: tuple[str, float]) -> None:
    """Hold the mail when the wall clock moved more than 6 hours against a clock that nobody can set.

    A machine that was off has another boot identity: that is an outage, and outages are caught up with, not held.
    """
    boot, seconds = steady
    before = fact(connection, "steady")
    remember(connection, "steady", f"{boot}|{seconds:.0f}|{int(now.timestamp())}")
    if not before or not boot:
        return
    old_boot, old_seconds, old_wall = before.split("|")
    if old_boot != boot:
        return
    passed = timedelta(seconds=seconds - float(old_seconds))
    drift = (now - datetime.fromtimestamp(int(old_wall), now.tzinfo)) - passed
    if abs(drift) > JUMP:
        hold(connection, f"đồng hồ máy nhảy {drift.total_seconds() / 3600:+.0f} giờ so với lần quét trước", now)


def hold(connection: sa.Connection, reason: str, now: datetime) -> None:
    """Send nothing from now on; said on the board as an incident."""
    remember(connection, HOLD, reason)
    message = f"Tạm giữ mọi thư: {reason}. Kiểm tra rồi cho gửi tiếp ở trang Cài đặt."
    incidents.report(connection, "hold", "hold", message, now)


def hold_mail(db: Database, reason: str, now: datetime, *, actor: str) -> None:
    """A person holds the mail back. Raises ``Refused`` without a reason, ``AlreadyDone`` where it is held."""
    if not reason:
        raise Refused("Chưa nêu lý do giữ thư.", way_out="Gõ lý do; lý do được ghi vào nhật ký.", thing="reason")
    with db.write() as connection:
        if before := held(connection):
            raise AlreadyDone(f"Thư đang được giữ: {before}.", way_out="Không cần làm gì.")
        hold(connection, reason.rstrip("."), now)
        audit.record(connection, now, actor, "mail.held", "mail", reason=reason)


def held(connection: sa.Connection) -> str | None:
    """Why the mail is held, or None."""
    return fact(connection, HOLD)


def release_hold(db: Database, actor: str, now: datetime) -> str | None:
    """A person confirms: the mail goes out again. Returns the reason that was, or None when nothing was held."""
    with db.write() as connection:
        reason = held(connection)
        if reason is None:
            return None
        forget(connection, HOLD)
        incidents.resolve(connection, "hold", now)
        audit.record(connection, now, actor, "mail.released", "mail", reason=f"{reason} ({local_iso(now)})")
        return reason
