"""Handing stored bytes to one relay: several connections, each command with its own patience, the phase always known.

A reply decides one message; what no reply can decide is ``uncertain``. Trouble that is the relay's own (it is down, it
refuses our name, it has no TLS) decides no message at all: the run stops, and no message has an attempt less.
"""

from __future__ import annotations

import asyncio
import re
import ssl
import time
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Literal, Protocol

from aiosmtplib import SMTP
from aiosmtplib.errors import (
    SMTPAuthenticationError,
    SMTPException,
    SMTPResponseException,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)

Security = Literal["starttls", "tls", "none"]
Kind = Literal["accepted", "retry", "failed", "uncertain", "lost"]
_LINE_END = re.compile(rb"\r\n|\r|\n")
_LEADING_DOT = re.compile(rb"(?m)^\.")
_BUSY = (421, 432)  # “not now, not so many”: said of the connection, not of the message


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait for each reply (RFC 5321 4.5.3.2). ``connect`` covers connection, greeting, EHLO, TLS, login."""

    connect: float = 30
    mail: float = 300
    rcpt: float = 300
    data: float = 120
    body: float = 600
    quit: float = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """Where mail is handed over. ``pace`` is messages a minute, None for as fast as it takes them."""

    host: str
    port: int
    mail_from: str
    security: Security = "starttls"
    user: str | None = None
    password: str | None = None
    connections: int = 2
    per_connection: int = 100
    pace: int | None = None
    patience: Patience = Patience()
    tls: ssl.SSLContext | None = None
    local: bool = False


def is_loopback(host: str) -> bool:
    """True for a relay on this machine: nobody listens between, so it needs no TLS (``Relay.local``)."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Message:
    """Frozen bytes for one address. ``number`` is the caller's own."""

    number: int
    address: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Result:
    """``retry``: 4xx, or no reply before the body began · ``uncertain``: none after · ``lost``: no longer ours."""

    kind: Kind
    code: int
    reply: str
    phase: str


class Record(Protocol):
    """The caller's book-keeping around each message."""

    async def begin(self, number: int) -> bool:
        """The body is about to leave: note it durably; False when the message is no longer ours to send."""

    def body_sent(self, number: int) -> None:
        """The last byte is written, no reply yet."""

    def done(self, number: int, result: Result) -> None:
        """The message is decided."""


class RelayTrouble(Exception):
    """Trouble of the relay itself. The message names host, port and what it said."""


async def hand_over(relay: Relay, messages: Iterable[Message], record: Record) -> str | None:
    """Send all; returns None, or the trouble that stopped the run. Messages without a result were not begun."""
    run = _Run(relay, deque(messages), record)
    run.alive = min(relay.connections, max(1, len(run.waiting)))
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(run.alive):
                group.create_task(run.work())
    except ExceptionGroup as together:  # the record failed: one reason is enough
        raise together.exceptions[0] from None
    return run.trouble


@dataclass
class _Run:
    relay: Relay
    waiting: deque[Message]
    record: Record
    trouble: str | None = None
    alive: int = 0
    again: set[int] = field(default_factory=set)
    next_slot: float = 0.0

    async def work(self) -> None:
        """One connection after another until nothing waits. A connection too many gives way to those that work."""
        try:
            while self.waiting and self.trouble is None:
                client = await _connected(self.relay)
                try:
                    await self._converse(client)
                finally:
                    client.close()
        except _TooMany as busy:
            if self.alive == 1:
                self.trouble = self.trouble or str(busy)
        except RelayTrouble as trouble:
            self.trouble = self.trouble or str(trouble)
        finally:
            self.alive -= 1

    async def _converse(self, client: SMTP) -> None:
        for _ in range(self.relay.per_connection):
            if not self.waiting or self.trouble is not None:
                break
            message = self.waiting.popleft()
            await self._slot()
            result = await self._send(client, message)
            if result is None:  # a connection that was cut between messages says nothing about this one
                return
            self.record.done(message.number, result)
            if result.code == 0:  # no reply: what comes next on this connection could belong to this message
                return
            if result.kind != "accepted" and not await _reset(client, self.relay):
                return
        await _quit(client, self.relay)

    async def _slot(self) -> None:
        """Wait for this message's turn: messages leave evenly, ``pace`` a minute."""
        if not self.relay.pace:
            return
        moment = max(time.monotonic(), self.next_slot)
        self.next_slot = moment + 60 / self.relay.pace
        await asyncio.sleep(max(0.0, moment - time.monotonic()))

    async def _send(self, client: SMTP, message: Message) -> Result | None:
        phase = _Phase()
        try:
            return await self._dialogue(client, message, phase)
        except SMTPResponseException as said:
            return self._refused(message, said, phase)
        except (SMTPServerDisconnected, SMTPTimeoutError, ConnectionError, TimeoutError) as gone:
            if phase.name == "body":
                return Result("uncertain", 0, f"không có trả lời sau khi gửi nội dung ({_said(gone)})", "body")
            if message.number not in self.again and not isinstance(gone, SMTPTimeoutError | TimeoutError):
                self.again.add(message.number)
                self.waiting.appendleft(message)
                return None
            return Result("retry", 0, f"mất kết nối ở bước {phase.name} ({_said(gone)})", phase.name)
        except (SMTPException, ValueError) as error:  # an address that cannot be said in SMTP
            return Result("failed", 0, f"địa chỉ “{message.address}” không gửi được ({_said(error)})", phase.name)

    async def _dialogue(self, client: SMTP, message: Message, phase: _Phase) -> Result:
        patience = self.relay.patience
        phase.name = "mail"
        await client.mail(self.relay.mail_from, timeout=patience.mail, encoding="ascii")
        phase.name = "rcpt"
        await client.rcpt(message.address, timeout=patience.rcpt, encoding="ascii")
        if not await self.record.begin(message.number):
            return Result("lost", 0, "thư đã do tiến trình khác nhận gửi", "rcpt")
        phase.name = "data"
        wire = client.protocol
        if wire is None:
            raise SMTPServerDisconnected("mất kết nối")
        # client.data() would be one step; apart, “the relay hung up before 354” is known to be no delivery
        reply = await wire.execute_command(b"DATA", timeout=patience.data)
        if reply.code != 354:
            raise SMTPResponseException(reply.code, reply.message)
        phase.name = "body"
        wire.write(_stuffed(message.raw))
        self.record.body_sent(message.number)
        reply = await wire.read_response(timeout=patience.body)
        if reply.code != 250:
            raise SMTPResponseException(reply.code, reply.message)
        return Result("accepted", 250, reply.message, "body")

    def _refused(self, message: Message, said: SMTPResponseException, phase: _Phase) -> Result:
        """A reply decides the message, unless it is about the connection or about us as sender."""
        words = f"{said.code} {said.message}".strip()
        if said.code in _BUSY:
            self.waiting.appendleft(message)
            raise _TooMany(_about(self.relay, words))
        if said.code in (530, 535, 538) or (phase.name == "mail" and said.code >= 500):
            self.waiting.appendleft(message)
            raise RelayTrouble(_about(self.relay, f"không nhận người gửi: {words}"))
        if said.code < 0 and phase.name == "body":  # words that are not SMTP, after the body
            return Result("uncertain", 0, words, phase.name)
        kind: Kind = "failed" if 500 <= said.code < 600 else "retry"
        return Result(kind, said.code, words, phase.name)


@dataclass
class _Phase:
    name: str = "connect"


class _TooMany(Exception):
    """The relay wants no further connection now."""


async def _connected(relay: Relay) -> SMTP:
    """A new client, greeted and under TLS. A client object is never used for a second connection."""
    if relay.security == "none" and not relay.local:
        raise RelayTrouble(
            f"Máy chủ thư {relay.host} không nằm trên máy này nên phải mã hóa; đặt HANCHOT_SMTP_SECURITY=starttls hoặc tls."
        )
    client = SMTP(
        hostname=relay.host, port=relay.port, use_tls=relay.security == "tls", start_tls=False,
        tls_context=_context(relay) if relay.security == "tls" else None, timeout=relay.patience.connect,
        local_hostname="localhost" if relay.local else None,
    )  # fmt: skip
    try:
        async with asyncio.timeout(relay.patience.connect):  # in all: a banner sent byte by byte is no greeting
            await _greet(client, relay)
    except SMTPResponseException as said:
        client.close()
        words = f"{said.code} {said.message}".strip()
        if said.code in _BUSY and not isinstance(said, SMTPAuthenticationError):
            raise _TooMany(_about(relay, words)) from said
        raise RelayTrouble(_about(relay, words)) from said
    except (SMTPException, OSError, TimeoutError, ValueError) as error:
        client.close()
        raise RelayTrouble(_about(relay, _said(error))) from error
    return client


async def _greet(client: SMTP, relay: Relay) -> None:
    await client.connect()
    await client.ehlo()
    if relay.security == "starttls" and not relay.local:
        if not client.supports_extension("starttls"):
            raise RelayTrouble(_about(relay, "không có STARTTLS; không gửi thư không mã hóa"))
        await client.starttls(tls_context=_context(relay))
        await client.ehlo()
    if relay.user is not None:
        await client.login(relay.user, relay.password or "")


def _context(relay: Relay) -> ssl.SSLContext:
    return relay.tls or ssl.create_default_context()


async def _reset(client: SMTP, relay: Relay) -> bool:
    try:
        await client.rset(timeout=relay.patience.mail)
    except (SMTPException, OSError, TimeoutError):
        return False
    return True


async def _quit(client: SMTP, relay: Relay) -> None:
    """A relay that hangs up at QUIT has taken every message all the same."""
    with suppress(SMTPException, OSError, TimeoutError):
        await client.quit(timeout=relay.patience.quit)


def _stuffed(raw: bytes) -> bytes:
    """Line ends as CR LF, leading dots doubled, closed by a dot (RFC 5321 4.5.2)."""
    body = _LINE_END.sub(b"\r\n", raw)
    if not body.endswith(b"\r\n"):
        body += b"\r\n"
    return _LEADING_DOT.sub(b"..", body) + b".\r\n"


def _about(relay: Relay, words: str) -> str:
    return f"Máy chủ thư {relay.host}:{relay.port}: {words}"


def _said(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return "không trả lời kịp"
    return str(error).strip() or type(error).__name__
