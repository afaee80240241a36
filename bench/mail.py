"""W6: digests of five duties, rendered as text and HTML, built as MIME and handed to an SMTP server on loopback.

The floor sends the same bytes, made beforehand, with the bare client: what is left is the wire.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import aiosmtplib

from bench import work
from hanchot.domain.instants import end_of
from hanchot.letters.compose import compose
from hanchot.letters.mime import Letter, Sender, build
from hanchot.letters.smtp import Message, Relay, Result, hand_over
from hanchot.letters.view import Envelope, Line

CONNECTIONS = 8
SENDER = Sender("hanchot@sender.invalid", "Ban Tổ chức")
TODAY = work.OPENS


class OurMail:
    """Render, build and hand over, as a delivery does once it has decided what to send."""

    def __init__(self, folder: Path) -> None:
        self.accepted = 0

    def send(self, digests: int, port: int) -> int:
        """Returns how many the server took."""
        self.accepted = 0
        relay = Relay(
            host="127.0.0.1", port=port, mail_from=SENDER.address, security="none", local=True, connections=CONNECTIONS
        )
        trouble = asyncio.run(hand_over(relay, _messages(digests), self))
        assert trouble is None, trouble
        return self.accepted

    async def begin(self, number: int) -> bool:
        return True

    def body_sent(self, number: int) -> None:
        pass

    def done(self, number: int, result: Result) -> None:
        self.accepted += result.kind == "accepted"


class StoredMail:
    """The same bytes, made before the clock starts, through ``aiosmtplib`` with nothing around it."""

    def __init__(self, folder: Path) -> None:
        self._stored: list[Message] = []

    def store(self, digests: int) -> None:
        self._stored = list(_messages(digests))

    def send(self, digests: int, port: int) -> int:
        return asyncio.run(self._send_all(self._stored[:digests], port))

    async def _send_all(self, messages: list[Message], port: int) -> int:
        waiting = iter(messages)

        async def connection() -> int:
            taken = 0
            async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False) as client:
                for message in waiting:
                    refused, _ = await client.sendmail(SENDER.address, [message.address], message.raw)
                    taken += not refused
            return taken

        return sum(await asyncio.gather(*(connection() for _ in range(CONNECTIONS))))


def _messages(digests: int) -> Iterator[Message]:
    for number in range(digests):
        address = f"owner{number}@example.invalid"
        yield Message(number, address, build(_letter(number, address), SENDER).raw)


def _letter(number: int, address: str) -> Letter:
    to_name = f"Nguyễn Văn {number}"
    digest = Envelope(
        to_name=to_name, lines=tuple(_line(5 * number + n) for n in range(5)), today=TODAY,
        board_url="https://board.invalid/",
    )  # fmt: skip
    at = datetime.combine(TODAY, datetime.min.time(), tzinfo=end_of(TODAY).tzinfo)
    return Letter(key=f"bench/{number}", to_name=to_name, to_address=address, planned_at=at, composed=compose(digest))


def _line(number: int) -> Line:
    """Five different duties of a digest, so that none can be said together with another."""
    late = number % 3
    day: date = work.calendar_day(-late if late else 1 + number % 5)
    return Line(
        tone="overdue" if late else "reminder",
        rung=f"T+{late}" if late else "T-3",
        unit=f"Chi bộ {number} & <Hành chính>",
        milestone=f"Nộp hồ sơ kiểm điểm, phần {number % 5 + 1}",
        stage_vi="tự đánh giá",
        days=(day - TODAY).days,
        last_day=day,
        last_moment=end_of(day),
        standing=f"Quá hạn {late} ngày" if late else "",
        clause="II.4",
        plan="211-KH/ĐUK",
        url=f"https://board.invalid/items/{number}",
        item_id=number,
    )
