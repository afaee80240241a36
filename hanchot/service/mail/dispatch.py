"""Book-keeping while mail leaves: phases and outcomes of several connections, committed together in small groups."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from hanchot.letters.smtp import Result
from hanchot.service import incidents
from hanchot.service.mail import claims
from hanchot.service.mail.claims import Settled
from hanchot.service.mail.journal import Journal
from hanchot.service.mail.tally import Tally
from hanchot.service.points import point
from hanchot.store.db import Database


@dataclass(frozen=True, slots=True)
class InHand:
    """What the book-keeper knows of an envelope that is being sent. ``again`` when it was uncertain before."""

    number: int
    person_id: int
    person: str
    address: str
    attempts: int
    again: bool
    attached: bool
    keys: tuple[str, ...]


def outcome(hand: InHand, result: Result, at: datetime) -> Settled:
    """From what the relay said to what becomes of the envelope. Pure."""
    if result.kind == "accepted":
        return Settled(hand.number, "accepted", f"{result.code} {result.reply}".strip())
    if result.kind == "uncertain":
        retry_at = None if hand.again else at + claims.AGAIN_AFTER
        return Settled(hand.number, "uncertain", result.reply, retry_at)
    if result.code == 552 and hand.attached:  # too large: once more without the calendar file
        return Settled(hand.number, "retry", result.reply, at + claims.FIRST_PAUSE)
    if result.kind == "retry" and hand.attempts < claims.MOST_ATTEMPTS:
        return Settled(hand.number, "retry", result.reply, at + claims.pause(hand.attempts))
    return Settled(hand.number, "failed", result.reply)


@dataclass
class Dispatch:
    """Implements ``smtp.Record`` for one batch. Whatever is pending is committed in one transaction by one writer."""

    db: Database
    journal: Journal
    token: str
    hands: Mapping[int, InHand]
    clock: Callable[[], datetime]
    lease: timedelta = claims.LEASE
    tally: Tally = field(default_factory=Tally)
    _begins: list[tuple[int, asyncio.Future[bool]]] = field(default_factory=list)
    _results: list[tuple[int, Result]] = field(default_factory=list)
    _writing: asyncio.Task[None] | None = None
    _failure: Exception | None = None

    async def begin(self, number: int) -> bool:
        """True when the envelope is still ours; its phase is on disk then. Raises what the database raised."""
        mine: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._begins.append((number, mine))
        self._wake()
        return await mine

    def body_sent(self, number: int) -> None:
        point("during_data")

    def done(self, number: int, result: Result) -> None:
        if result.kind == "accepted":
            point("after_250")
        if result.kind != "lost":
            self._results.append((number, result))
            self._wake()

    async def flush(self) -> None:
        """Wait until everything that was said is written; raises what the database raised."""
        while self._writing is not None:
            await self._writing
        if self._failure is not None:
            raise self._failure

    def _wake(self) -> None:
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_all())

    async def _write_all(self) -> None:
        while self._begins or self._results:
            begins, self._begins = self._begins, []
            results, self._results = self._results, []
            try:
                mine = await asyncio.to_thread(self._write, [number for number, _ in begins], results)
            except Exception as error:  # what was claimed lapses with its lease, and nothing is lost
                self._failure = error
                for _, waiting in begins:
                    waiting.set_exception(error)
                break
            for number, waiting in begins:
                if not waiting.done():
                    waiting.set_result(number in mine)
        self._writing = None

    def _write(self, begins: list[int], results: list[tuple[int, Result]]) -> set[int]:
        at = self.clock()
        accepted: list[InHand] = []
        with self.db.write() as connection:
            for number, result in results:
                hand = self.hands[number]
                settled = outcome(hand, result, at)
                if claims.settle(connection, self.token, settled, at):
                    self.tally.count(settled.state)
                    accepted += [hand] if settled.state == "accepted" else []
                    _say(connection, hand, settled, at)
            mine = claims.begin(connection, self.token, begins, at, self.lease) if begins else set()
        if accepted:
            self.journal.sent(key for hand in accepted for key in hand.keys)
        return mine


def _say(connection: sa.Connection, hand: InHand, settled: Settled, at: datetime) -> None:
    """What a person must look at. An address that works again settles its own incident."""
    if settled.state == "accepted":
        incidents.resolve(connection, f"address:{hand.person_id}", at)
    elif settled.state == "failed":
        words = f"Địa chỉ bị từ chối: {hand.person} <{hand.address}>: {settled.reply}. Sửa địa chỉ rồi gửi lại."
        incidents.report(connection, f"address:{hand.person_id}", "mail", words, at)
    elif settled.state == "uncertain" and settled.retry_at is None:
        words = f"Chưa rõ máy chủ thư đã nhận thư cho {hand.person} chưa ({settled.reply}); hỏi lại người nhận."
        incidents.report(connection, f"uncertain:{hand.number}", "mail", words, at)
