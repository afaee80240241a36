"""Draining the outbox: claim, read again what is true, freeze, hand over, settle. Safe to run twice at once."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from hanchot.domain.instants import local_iso
from hanchot.letters.smtp import Message, Patience, Relay, hand_over, is_loopback
from hanchot.service import incidents
from hanchot.service.install import fact, forget, remember
from hanchot.service.mail import claims
from hanchot.service.mail.dispatch import Dispatch
from hanchot.service.mail.envelopes import release_at
from hanchot.service.mail.hold import held, hold
from hanchot.service.mail.journal import Journal
from hanchot.service.mail.preparing import Prepared, prepare
from hanchot.service.mail.tally import Tally
from hanchot.service.points import point
from hanchot.service.services import Services
from hanchot.settings import Settings

BATCH = 200
SHORTEST_REST, LONGEST_REST = timedelta(minutes=1), timedelta(minutes=30)
_REST = "relay_rest"
_RELAY = "relay"
_WORDS = {
    "accepted": "máy chủ thư đã nhận",
    "retry": "gửi lại sau",
    "failed": "hỏng",
    "uncertain": "chưa rõ",
    "superseded": "không còn cần",
    "withheld": "giữ lại",
    "expired": "quá thời hạn",
    "deferred": "để hôm sau",
}


@dataclass
class DeliveryReport(Tally):
    """What one drain did, in envelopes. ``held`` is why nothing (more) was sent, in Vietnamese, or None."""

    held: str | None = None

    @property
    def nothing(self) -> bool:
        return self.held is None and self.empty

    def to_json(self) -> dict[str, object]:
        return {**asdict(self), "nothing": self.nothing}

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        """The report in one Vietnamese sentence."""
        if self.nothing:
            return "không có thư nào đến giờ gửi"
        said = [f"{getattr(self, name)} {vi}" for name, vi in _WORDS.items() if getattr(self, name)]
        return "; ".join(said + ([f"tạm dừng: {self.held}"] if self.held else []))


async def deliver(
    services: Services, now: datetime, *, relay: Relay | None = None, lease: timedelta = claims.LEASE
) -> DeliveryReport:
    """Send what is due at ``now`` (an aware instant) until the outbox is empty or the relay says no.

    ``relay`` replaces the one of the settings, for tests. Two drains at once share the work and never an envelope.
    """
    report = DeliveryReport()
    relay = relay or relay_of(services.settings)
    clock = _clock_from(now)
    journal = await asyncio.to_thread(_open, services, now, report)
    while journal is not None and report.held is None:
        batch = await asyncio.to_thread(_take, services, journal, clock(), lease)
        if batch is None:
            break
        report.add(batch.tally)
        if batch.messages:
            await _send(services, journal, relay, batch, clock, lease, report)
    return report


def relay_of(settings: Settings) -> Relay:
    """The relay that the settings name, or the local catcher where they name none."""
    if settings.smtp_host is None:
        return Relay(
            host="127.0.0.1", port=settings.catcher_port, mail_from=settings.mail_from, security="none", local=True,
            connections=settings.smtp_connections,
        )  # fmt: skip
    return Relay(
        host=settings.smtp_host, port=settings.smtp_port, mail_from=settings.mail_from, security=settings.smtp_security,
        user=settings.smtp_user, password=settings.smtp_password.get_secret_value() if settings.smtp_password else None,
        connections=settings.smtp_connections, pace=settings.pace_per_minute, patience=Patience(),
        local=is_loopback(settings.smtp_host),
    )  # fmt: skip


def _open(services: Services, now: datetime, report: DeliveryReport) -> Journal | None:
    """May anything be sent now? Also notices a restored backup, and takes back what dead senders had claimed."""
    if not services.settings.relay_is_catcher and release_at(now, services.workdays, services.settings) > now:
        report.held = "ngoài giờ gửi thư"
        return None
    with services.db.write() as connection:
        journal = Journal(services.settings.home, fact(connection, "epoch") or "")
        ahead = journal.mark()
        if ahead > int(fact(connection, "send_seq") or 0):
            remember(connection, "send_seq", str(ahead))
            remember(connection, "journal_checked", "1")
            hold(connection, "cơ sở dữ liệu cũ hơn nhật ký gửi thư (vừa phục hồi từ bản sao lưu)", now)
        report.held = held(connection) or _resting(fact(connection, _REST), now)
        if report.held is None:
            report.uncertain += claims.reap(connection, now)
    return journal


def _take(services: Services, journal: Journal, now: datetime, lease: timedelta) -> Prepared | None:
    """Claim a batch and write it. The batch's number is committed first, then in the journal, and only then sent."""
    token = secrets.token_hex(8)
    pace = services.settings.pace_per_minute
    most = BATCH if services.settings.relay_is_catcher else max(1, min(BATCH, pace * 5))
    with services.db.write() as connection:
        rows = claims.claim(connection, token, now, most, lease)
        if not rows:
            return None
        batch = int(fact(connection, "send_seq") or 0) + 1
        remember(connection, "send_seq", str(batch))
    journal.begin(batch)
    point("after_claim")
    with services.db.write() as connection:
        before = journal.all_sent() if fact(connection, "journal_checked") else frozenset()
        return prepare(services, connection, token, rows, now, before)


async def _send(
    services: Services, journal: Journal, relay: Relay, batch: Prepared, clock: Callable[[], datetime],
    lease: timedelta, report: DeliveryReport,
) -> None:  # fmt: skip
    messages = [Message(frozen.number, frozen.address, frozen.raw) for frozen in batch.messages]
    record = Dispatch(services.db, journal, batch.token, batch.hands, clock, lease)
    trouble = await hand_over(relay, messages, record)
    await record.flush()
    report.add(record.tally)
    await asyncio.to_thread(_close_batch, services, batch.token, trouble, record.tally.accepted > 0, clock())
    report.held = trouble


def _close_batch(services: Services, token: str, trouble: str | None, accepted: bool, now: datetime) -> None:
    """The breaker: a relay in trouble rests, longer each time, and costs no envelope an attempt."""
    with services.db.write() as connection:
        claims.give_back(connection, token, now)
        if accepted and fact(connection, _REST):
            forget(connection, _REST)
            incidents.resolve(connection, _RELAY, now)
        if trouble is None:
            return
        times = int((fact(connection, _REST) or "0|0").split("|")[1]) + 1
        until = now + min(SHORTEST_REST * 2 ** (times - 1), LONGEST_REST)
        remember(connection, _REST, f"{int(until.timestamp())}|{times}|{trouble}")
        waiting = claims.waiting(connection)
        message = f"Thư chưa gửi được: {waiting}. {trouble}. Thử lại sau {local_iso(until)}."
        incidents.report(connection, _RELAY, "mail", message, now)


def _resting(rest: str | None, now: datetime) -> str | None:
    """Why the relay rests, while it does. A rest that ends further off than any can is left over from another clock."""
    if rest is None:
        return None
    until, _, trouble = rest.split("|", 2)
    left = int(until) - now.timestamp()
    return trouble if 0 < left <= LONGEST_REST.total_seconds() else None


def _clock_from(now: datetime) -> Callable[[], datetime]:
    """``now`` and the time that a long drain takes, on a clock that nobody can set."""
    start = time.monotonic()
    return lambda: now + timedelta(seconds=int(time.monotonic() - start))
