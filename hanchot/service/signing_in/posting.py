"""A code's mail on its way: at once, at any hour, past the outbox. What goes wrong is an incident, never a word of the page."""

from __future__ import annotations

import logging
from contextlib import suppress

from hanchot.letters.code_mail import CodeLetter, hand_over_code, write_code_mail
from hanchot.letters.compose import TemplateTrouble
from hanchot.letters.mime import Sender
from hanchot.service import incidents
from hanchot.service.mail.real import sending
from hanchot.service.services import Services

LOG = logging.getLogger("hanchot.sign_in")
_RELAY, _SAFE = "sign-in:relay", "sign-in:safe"
_WITHHELD = "chưa bật gửi thật, địa chỉ không nằm trong danh sách được phép"


def post_code(services: Services, letter: CodeLetter) -> None:
    """Hand one code's mail over. Never raises: it runs after the answer, where nobody listens."""
    try:
        with services.db.read() as connection:
            safe = not sending(services.settings, connection).reaches(letter.address)
        trouble = _WITHHELD if safe else _post(services, letter)
        with services.db.write() as connection:
            if trouble is None:
                incidents.resolve(connection, _RELAY, letter.asked_at)
            else:
                words = f"Không gửi được mã đăng nhập cho {letter.name}: {trouble.rstrip('.')}. Người đó có thể dùng mã in."
                incidents.report(connection, _SAFE if safe else _RELAY, "sign_in", words, letter.asked_at)
    except Exception as error:  # the trace could hold the code: only the kind of trouble is logged
        with suppress(Exception):
            LOG.error("sign-in mail %s: %s", letter.number, type(error).__name__)


def _post(services: Services, letter: CodeLetter) -> str | None:
    from hanchot.service.mail.deliver import relay_of

    settings = services.settings
    sender = Sender(settings.mail_from, settings.mail_from_name, settings.mail_reply_to)
    try:
        built = write_code_mail(letter, sender, settings.board, settings.templates_dir / "letters")
        return hand_over_code(built, letter.address, relay_of(settings))
    except (TemplateTrouble, ValueError) as error:
        return str(error)
