"""The mail with a sign-in code. It goes straight to the relay: a code is stored nowhere, and is wanted at once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from hanchot.domain.instants import ZONE
from hanchot.letters.compose import FOLDER, Composed, composer, located
from hanchot.letters.mime import Built, Letter, Sender, build

if TYPE_CHECKING:  # the board starts without an SMTP client, and loads it with the first code
    from hanchot.letters.smtp import Relay, Result

SHORT = {"connect": 10, "mail": 20, "rcpt": 20, "data": 20, "body": 60, "quit": 2}  # seconds: a code is worth ten minutes


@dataclass(frozen=True, slots=True)
class CodeLetter:
    """``number`` names the code in our database; ``until`` is when it ends. Its repr never shows the code."""

    number: int
    name: str
    address: str
    code: str = field(repr=False)
    asked_at: datetime
    until: datetime


def write_code_mail(letter: CodeLetter, sender: Sender, board_url: str, folder: Path = FOLDER) -> Built:
    """Plain words, the code in the body alone. Raises ``TemplateTrouble``, and ``ValueError`` for a broken address."""
    until = letter.until.astimezone(ZONE)
    half = len(letter.code) // 2
    minutes = int((letter.until - letter.asked_at).total_seconds() // 60)
    facts = {"name": letter.name, "code": f"{letter.code[:half]} {letter.code[half:]}", "until": f"{until:%H:%M}",
             "board": board_url, "sender": sender.name, "minutes": minutes}  # fmt: skip
    subject = f"[Mã đăng nhập] Bảng Hạn Chót, dùng trước {until:%H:%M} ngày {until:%d/%m}"
    with located(folder):
        text = composer(folder).get_template("sign_in_code/text").render(**facts)
        html = composer(folder, html=True).get_template("sign_in_code/html").render(subject=subject, **facts)
    composed = Composed(subject, text, html)
    key = f"sign-in/{letter.number}/{int(letter.asked_at.timestamp())}"
    return build(
        Letter(key=key, to_name=letter.name, to_address=letter.address, planned_at=letter.asked_at, composed=composed), sender
    )


def hand_over_code(built: Built, address: str, relay: Relay) -> str | None:
    """Give the mail to the relay, with little patience. None when it took it, else what went wrong.

    What is uncertain is not sent again: a second copy of a code only confuses, and a new one is one click away.
    """
    from hanchot.letters.smtp import Message, Patience, hand_over

    noted, quick = _Noted(), replace(relay, patience=Patience(**SHORT), pace=None)
    trouble = asyncio.run(hand_over(quick, [Message(0, address, built.raw)], noted))
    if noted.result is None:
        return trouble or "máy chủ thư không nhận"
    return None if noted.result.kind == "accepted" else noted.result.reply


class _Noted:
    """Implements ``smtp.Record`` for one message that no database knows."""

    result: Result | None = None

    async def begin(self, _number: int) -> bool:
        return True

    def body_sent(self, _number: int) -> None:
        return None

    def done(self, _number: int, result: Result) -> None:
        self.result = result
