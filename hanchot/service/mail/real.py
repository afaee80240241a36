"""“Gửi thật”: whether mail may reach everybody, or listed addresses only. Safe until a person has turned it on.

The switch is a fact of the database, for the relay that it was turned on for: another relay, and it is off again. The
environment (``HANCHOT_SEND_FOR_REAL``) overrules it either way; listed addresses of both count.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from hanchot.domain.errors import AlreadyDone, Refused
from hanchot.service import audit
from hanchot.service.install import fact, forget, remember
from hanchot.service.services import Services
from hanchot.settings import Settings

PHRASE = "gửi thật"  # what a person types to turn it on
MOST = 200
_REAL, _LISTED = "send_for_real", "allow_list"


@dataclass(frozen=True, slots=True)
class Sending:
    """How mail goes out now. ``forced``: the environment says so, and the switch does nothing. ``fixed`` addresses are
    listed in the environment, ``listed`` on the board; all in lower case.
    """

    real: bool
    forced: bool
    catcher: bool
    relay: str
    fixed: tuple[str, ...]
    listed: tuple[str, ...]

    def reaches(self, to: str) -> bool:
        """Whether a mail to this address leaves the house (or goes to the local catcher)."""
        return self.catcher or self.real or to.strip().lower() in {*self.fixed, *self.listed}

    @property
    def words(self) -> str:
        if self.catcher:
            return "hộp thư thử trên máy này"
        return "gửi thật" if self.real else "chế độ an toàn: chỉ gửi địa chỉ trong danh sách cho phép"


def sending(settings: Settings, connection: sa.Connection) -> Sending:
    """What holds now."""
    relay = _relay(settings)
    forced = "send_for_real" in settings.model_fields_set
    real = settings.send_for_real if forced else fact(connection, _REAL) == relay
    fixed = tuple(sorted({one.strip().lower() for one in settings.allow_list}))
    return Sending(real, forced, settings.relay_is_catcher, relay, fixed, _listed(connection))


def turn(services: Services, on: bool, now: datetime, *, actor: str, typed: str = "") -> None:
    """Turn real mail on (``typed`` must be the phrase) or off. Raises ``Refused``; ``AlreadyDone`` where it stands so."""
    with services.db.write() as connection:
        held = sending(services.settings, connection)
        if held.forced:
            raise Refused("“Gửi thật” do biến môi trường HANCHOT_SEND_FOR_REAL quyết định.",
                          way_out="Sửa biến đó rồi khởi động lại.", thing="typed")  # fmt: skip
        if held.catcher:
            raise Refused("Chưa có máy chủ thư: mọi thư vào hộp thư thử trên máy này.",
                          way_out="Đặt HANCHOT_SMTP_HOST rồi khởi động lại.", thing="typed")  # fmt: skip
        if held.real == on:
            raise AlreadyDone("Đang gửi thật rồi." if on else "Đang ở chế độ an toàn rồi.", way_out="Không cần làm gì.")
        if on and " ".join(typed.lower().split()) != PHRASE:
            raise Refused(f"Chưa gõ đúng hai chữ “{PHRASE}”.", way_out=f"Gõ {PHRASE} vào ô xác nhận.", thing="typed")
        if on:
            remember(connection, _REAL, held.relay)
        else:
            forget(connection, _REAL)
        audit.record(connection, now, actor, "mail.real_on" if on else "mail.real_off", "mail", data={"relay": held.relay})


def allow(services: Services, text: str, now: datetime, *, actor: str) -> str:
    """Put an address on the list; returns it as it is kept. Raises ``Refused``, and ``AlreadyDone`` for a listed one."""
    from hanchot.service.org.fields import Unreadable, address

    try:
        wanted = address(text).lower() if text.strip() else ""
    except Unreadable as error:
        raise Refused(f"“{text[:60]}”: {error.reason}.", way_out=f"{error.way_out}.", thing="address") from error
    if not wanted:
        raise Refused("Chưa ghi địa chỉ.", way_out="Gõ một địa chỉ thư.", thing="address")
    with services.db.write() as connection:
        known = _listed(connection)
        if wanted in known:
            raise AlreadyDone(f"{wanted} đã ở trong danh sách.", way_out="Không cần làm gì.", thing="address")
        if len(known) >= MOST:
            raise Refused(f"Danh sách đã có {MOST} địa chỉ.", way_out="Bỏ bớt, hoặc bật gửi thật.", thing="address")
        _keep(connection, (*known, wanted))
        audit.record(connection, now, actor, "mail.allowed", "mail", became=wanted)
    return wanted


def disallow(services: Services, listed: str, now: datetime, *, actor: str) -> bool:
    """Take an address off the list; False where it was not on it."""
    with services.db.write() as connection:
        known = _listed(connection)
        if listed not in known:
            return False
        _keep(connection, tuple(one for one in known if one != listed))
        audit.record(connection, now, actor, "mail.disallowed", "mail", was=listed)
        return True


def _relay(settings: Settings) -> str:
    return f"{settings.smtp_host or ''}:{settings.smtp_port}"


def _listed(connection: sa.Connection) -> tuple[str, ...]:
    said = fact(connection, _LISTED)
    return tuple(json.loads(said)) if said else ()


def _keep(connection: sa.Connection, listed: tuple[str, ...]) -> None:
    remember(connection, _LISTED, json.dumps(sorted(listed), ensure_ascii=False))
