"""A mail relay that does as it is told: a raw SMTP server on loopback, one misbehaviour at a time."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes

from hanchot.letters.smtp import Patience, Relay

DROP = "DROP"  # hang up without a word
HANG = "HANG"  # keep the line open and say nothing
SHORT = Patience(connect=1.0, mail=0.4, rcpt=0.4, data=0.4, body=0.4, quit=0.4)


@dataclass
class FakeRelay:
    """``faults``: what to answer to a verb instead (BANNER, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, BODY, RSET, QUIT,
    or an address): one text for always, a list for the first times (None in it: the usual answer). ``kept`` are the
    messages whose final dot has come in.
    """

    faults: dict[str, str | list[str | None]] = field(default_factory=dict)
    extensions: tuple[str, ...] = ("8BITMIME",)
    port: int = 0
    kept: list[bytes] = field(default_factory=list)
    accepted: int = 0
    heard: Counter[str] = field(default_factory=Counter)
    recipients: list[str] = field(default_factory=list)
    tls: ssl.SSLContext | None = None
    slow: float = 0.0
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def relay(self, **changes: object) -> Relay:
        """The way to this relay, impatient and plain unless told otherwise."""
        known = {"host": "127.0.0.1", "port": self.port, "mail_from": "hanchot@khoi.example", "security": "none",
                 "local": True, "patience": SHORT, "connections": 1}  # fmt: skip
        return Relay(**(known | changes))  # type: ignore[arg-type]

    @property
    def message_ids(self) -> list[str]:
        return [str(message_from_bytes(raw)["Message-ID"]) for raw in self.kept]

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[FakeRelay]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for task in list(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        with suppress(_Gone, ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await self._say(writer, "BANNER", "220 relay.khoi.example")
            while True:
                await self._command(reader, writer)
        writer.close()
        self._tasks.discard(task)

    async def _command(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = await reader.readline()
        if not line:
            raise _Gone
        verb = line.split()[0].decode().upper()
        if verb == "EHLO":
            names = "".join(f"250-{name}\r\n" for name in self.extensions)
            await self._say(writer, "EHLO", f"250-relay.khoi.example\r\n{names}250 HELP")
        elif verb == "STARTTLS":
            await self._say(writer, verb, "220 go on")
            assert self.tls is not None
            await writer.start_tls(self.tls)
        elif verb == "RCPT":
            address = re.findall(rb"<(.*?)>", line)[0].decode()
            self.recipients.append(address)
            await self._say(writer, address if address in self.faults else verb, "250 OK")
        elif verb == "DATA":
            if await self._say(writer, "DATA", "354 go on"):
                await self._body(reader, writer)
        elif verb == "AUTH":
            await self._say(writer, verb, "235 welcome")
        elif verb == "QUIT":
            await self._say(writer, verb, "221 bye")
            raise _Gone
        else:
            await self._say(writer, verb, "250 OK")

    async def _body(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        raw = await reader.readuntil(b"\r\n.\r\n")
        self.kept.append(re.sub(rb"(?m)^\.\.", b".", raw[:-3]))
        if self.slow:
            await asyncio.sleep(self.slow)
        self.accepted += await self._say(writer, "BODY", "250 OK queued")

    async def _say(self, writer: asyncio.StreamWriter, verb: str, usual: str) -> bool:
        """Answer; True when it was the usual answer."""
        self.heard[verb] += 1
        fault = self.faults.get(verb)
        if isinstance(fault, list):
            fault = fault.pop(0) if fault else None
        if fault == DROP:
            raise _Gone
        if fault == HANG:
            await asyncio.Event().wait()
        writer.write(f"{fault or usual}\r\n".encode())
        await writer.drain()
        return fault is None


class _Gone(Exception):
    """The line is cut."""
