"""The local mail catcher: an SMTP server on loopback that keeps every message in a Maildir and sends nothing on.

``python -m hanchot.letters.catcher --host 127.0.0.1 --port 2525 --dir DIR`` prints ``ready <host> <port>`` when it
listens, and ends at SIGTERM or SIGINT.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_address
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session


class Maildir:
    """Messages as files of ``new/``. The name begins with a number that grows, so names sort by arrival."""

    def __init__(self, folder: Path) -> None:
        self._tmp, self._new = folder / "tmp", folder / "new"
        for one in (self._tmp, self._new, folder / "cur"):
            one.mkdir(parents=True, exist_ok=True)
        self._count = max((int(name[:12]) for name in os.listdir(self._new) if name[:12].isdigit()), default=0)

    def keep(self, content: bytes) -> str:
        """Write and rename: whoever reads the folder sees whole messages only."""
        self._count += 1
        name = f"{self._count:012}.{uuid.uuid4().hex[:8]}.eml"
        waiting = self._tmp / name
        waiting.write_bytes(content)
        waiting.rename(self._new / name)
        return name


class _Handler:
    def __init__(self, maildir: Maildir) -> None:
        self._maildir = maildir

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        head = f"X-Envelope-From: {envelope.mail_from}\r\nX-Envelope-To: {', '.join(envelope.rcpt_tos)}\r\n"
        content = envelope.original_content or b""
        return f"250 OK {self._maildir.keep(head.encode('utf-8', 'replace') + content)}"


@asynccontextmanager
async def catching(folder: Path, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[int]:
    """Listen as long as the block lasts; gives the port (a free one for 0). Refuses an address that is not loopback."""
    if not ip_address(host).is_loopback:
        raise ValueError(f"Hộp thư cục bộ chỉ nghe trên máy này, không nghe trên {host}; dùng 127.0.0.1.")
    handler = _Handler(Maildir(folder))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, hostname="localhost", ident="Han Chot"), host, port)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


async def _serve(folder: Path, host: str, port: int) -> None:
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    async with catching(folder, host, port) as bound:
        print(f"ready {host} {bound}", flush=True)
        await ended.wait()


def main(arguments: list[str] | None = None) -> int:
    """0 when it was ended, 2 when it cannot listen."""
    parser = argparse.ArgumentParser(prog="hanchot.letters.catcher", description="Hộp thư cục bộ của Hạn Chót")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=2525)
    parser.add_argument("--dir", type=Path, required=True)
    chosen = parser.parse_args(arguments)
    try:
        asyncio.run(_serve(chosen.dir, chosen.host, chosen.port))
    except (OSError, ValueError) as error:
        print(f"Không mở được hộp thư cục bộ {chosen.host}:{chosen.port}: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
