"""A person takes up mail that did not go out (an address was mended, real mail turned on), or keeps back what would go."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from hanchot.domain.errors import AlreadyDone, NotFound, Refused
from hanchot.domain.fate import FATE_VI
from hanchot.service import audit
from hanchot.service.mail.envelopes import KEEPS, release_at
from hanchot.service.services import Services
from hanchot.store.tables import envelope

BY_HAND = "Người giữ: "  # how the reply of an envelope begins that a person keeps back
KEPT = ("queued", "retry")
AGAIN = ("failed", "withheld", "expired", "bounced")
_COUNTED = {"preserve_rowcount": True}


def send_again(services: Services, number: int, now: datetime, *, actor: str) -> None:
    """Queue one envelope anew: it is read again, written again, and valid as long as a new one.

    Raises ``NotFound``, ``AlreadyDone`` for mail that waits already, or ``Refused`` for mail that a relay has taken or may
    have taken.
    """
    with services.db.write() as connection:
        state = connection.execute(sa.select(envelope.c.state).where(envelope.c.id == number)).scalar()
        if state is None:
            raise NotFound(f"Không có thư số {number}.", way_out="Xem số thư trên trang Thư của bảng theo dõi.")
        if state == "queued":
            raise AlreadyDone(f"Thư số {number} đã chờ gửi.", way_out="Không cần làm gì.")
        if state not in AGAIN:
            raise Refused(
                f"Thư số {number} đang ở trạng thái “{FATE_VI[state]}”, không gửi lại được.",
                way_out="Chỉ gửi lại thư hỏng, bị giữ lại hoặc quá thời hạn.",
            )
        _queue(services, connection, envelope.c.id == number, now)
        audit.record(connection, now, actor, "mail.again", f"envelope:{number}", was=state, became="queued")


def release_withheld(services: Services, now: datetime, *, actor: str) -> int:
    """Real mail has been turned on: what was withheld and still matters goes out. Returns how many."""
    with services.db.write() as connection:
        by_hand = sa.func.coalesce(envelope.c.reply, "").startswith(BY_HAND)  # waits for the person who keeps it
        mine = sa.and_(envelope.c.state == "withheld", envelope.c.expires_at > now, ~by_hand)
        count = _queue(services, connection, mine, now)
        if count:
            audit.record(connection, now, actor, "mail.unwithheld", "mail", data={"envelopes": count})
        return count


def withhold(services: Services, number: int, now: datetime, *, actor: str, reason: str) -> None:
    """Keep back an envelope that has not left, until somebody sends it again (``send_again``).

    Raises ``NotFound``, or ``Refused`` without a reason and for mail that is leaving, has left or was given up.
    """
    if not reason.strip():
        raise Refused("Giữ lại một thư phải nêu lý do.", way_out="Ghi lý do; lý do được ghi vào nhật ký.")
    said = f"{BY_HAND}{actor}; {reason}"
    with services.db.write() as connection:
        columns = (envelope.c.state, envelope.c.reply)
        state, reply = connection.execute(sa.select(*columns).where(envelope.c.id == number)).first() or (None, None)
        if state is None:
            raise NotFound(f"Không có thư số {number}.", way_out="Xem số thư trên trang Thư của bảng theo dõi.")
        if (state, reply) == ("withheld", said):
            raise AlreadyDone(f"Thư số {number} đã giữ lại.", way_out="Không cần làm gì.")
        if state not in KEPT:
            raise Refused(
                f"Thư số {number} không còn chờ gửi nên không giữ lại được.",
                way_out="Chỉ giữ lại được thư đang chờ gửi hoặc sẽ gửi lại.",
            )
        kept = {"state": "withheld", "reply": said, "retry_at": None, "settled_at": now}
        connection.execute(sa.update(envelope).where(envelope.c.id == number).values(**kept))
        audit.record(connection, now, actor, "mail.withheld", f"envelope:{number}", was=state, became="withheld", reason=reason)


def _queue(services: Services, connection: sa.Connection, which: sa.ColumnElement[bool], now: datetime) -> int:
    release = release_at(now, services.workdays, services.settings)
    fresh = {"state": "queued", "attempts": 0, "reply": None, "retry_at": None, "phase": None, "body": None,
             "settled_at": None, "release_at": release, "expires_at": release + KEEPS}  # fmt: skip
    return connection.execute(sa.update(envelope).where(which).values(**fresh), execution_options=_COUNTED).rowcount
