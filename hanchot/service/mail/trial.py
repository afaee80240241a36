"""Trying the relay out with one mail to oneself. The address must be one that may be written to."""

from __future__ import annotations

from datetime import datetime

from hanchot.domain.errors import Outside, Refused
from hanchot.domain.instants import local_iso
from hanchot.letters.compose import TemplateTrouble
from hanchot.letters.mime import Sender
from hanchot.letters.trial_mail import Trial, write_trial
from hanchot.service import audit
from hanchot.service.install import fact, remember
from hanchot.service.mail.real import sending
from hanchot.service.services import Services

_TRIED = "mail_tried"


def send_trial(services: Services, to: str, name: str, now: datetime) -> None:
    """Hand one mail over. Raises ``Refused`` for an address out of reach, ``Outside`` where the relay does not take it."""
    from hanchot.letters.code_mail import hand_over_code
    from hanchot.service.mail.deliver import relay_of

    address = _checked(to)
    settings = services.settings
    with services.db.read() as connection:
        how = sending(settings, connection)
    if not how.reaches(address):
        raise Refused(f"Đang ở chế độ an toàn và {address} không ở trong danh sách cho phép.",
                      way_out="Thêm địa chỉ vào danh sách rồi gửi lại.", thing="to")  # fmt: skip
    sender = Sender(settings.mail_from, settings.mail_from_name, settings.mail_reply_to)
    try:
        built = write_trial(Trial(name, address, how.words, now), sender, settings.board, settings.templates_dir / "letters")
    except (TemplateTrouble, ValueError) as error:
        raise Refused(f"Không viết được thư thử: {error}.", way_out="Sửa địa chỉ hoặc mẫu thư.", thing="to") from error
    if trouble := hand_over_code(built, address, relay_of(settings)):
        raise Outside(f"Máy chủ thư không nhận thư thử: {trouble.rstrip('.')}.",
                      way_out="Xem lại máy chủ thư, tài khoản và tường lửa rồi gửi lại.", thing="to")  # fmt: skip
    with services.db.write() as connection:
        remember(connection, _TRIED, f"{local_iso(now)}|{address}")
        audit.record(connection, now, name, "mail.tried", "mail", became=address)


def last_trial(services: Services) -> tuple[datetime, str] | None:
    """When a trial was last taken by the relay, and for which address."""
    with services.db.read() as connection:
        said = fact(connection, _TRIED)
    if said is None:
        return None
    at, _, to = said.partition("|")
    return datetime.fromisoformat(at), to


def _checked(to: str) -> str:
    from hanchot.service.org.fields import Unreadable, address

    if not to.strip():
        raise Refused("Chưa ghi địa chỉ nhận thư thử.", way_out="Gõ địa chỉ thư của đồng chí.", thing="to")
    try:
        return address(to)
    except Unreadable as error:
        raise Refused(f"“{to[:60]}”: {error.reason}.", way_out=f"{error.way_out[:1].upper()}{error.way_out[1:]}.",
                      thing="to") from error  # fmt: skip
