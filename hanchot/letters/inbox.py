"""Reading what the local catcher kept. Headers are parsed once per file, so 20,000 messages list in milliseconds."""

from __future__ import annotations

import os
import re
import threading
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path

_KEY = re.compile(r"\d{12}\.[0-9a-f]{8}\.eml")
_HEAD = 16_384


@dataclass(frozen=True, slots=True)
class InboxLine:
    """One message in the list. ``at`` is the letter's own date, in UTC."""

    key: str
    subject: str
    to: str
    from_: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """A slice of the list, newest first; ``total`` counts all that match."""

    lines: tuple[InboxLine, ...]
    total: int
    limit: int
    offset: int


@dataclass(frozen=True, slots=True)
class InboxMessage:
    """A whole message. ``attachments`` are names and sizes in bytes; ``html`` is untrusted: show it sandboxed."""

    key: str
    subject: str
    to: str
    from_: str
    at: datetime
    text: str
    html: str
    attachments: tuple[tuple[str, int], ...]
    headers: tuple[tuple[str, str], ...]


def messages(folder: Path, limit: int = 50, offset: int = 0, query: str = "") -> Page:
    """Newest first, those whose subject or addressee holds ``query`` (case and marks do not matter)."""
    return _shelf(folder).page(limit, offset, query)


def message(folder: Path, key: str) -> InboxMessage | None:
    """One message, or None when there is no such key. A key is a file name of ours and nothing else."""
    if not _KEY.fullmatch(key):
        return None
    try:
        raw = (folder / "new" / key).read_bytes()
    except FileNotFoundError:
        return None
    parsed = message_from_bytes(raw, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    line = _line(key, raw)
    return InboxMessage(
        key, line.subject, line.to, line.from_, line.at, _body(parsed, "plain"), _body(parsed, "html"),
        tuple(_attachments(parsed)), tuple((name, str(value)) for name, value in parsed.items()),
    )  # fmt: skip


class _Shelf:
    """The list of one folder, kept between requests; only files that are new are opened."""

    def __init__(self, folder: Path) -> None:
        self._new = folder / "new"
        self._known: dict[str, tuple[InboxLine, str]] = {}
        self._lock = threading.Lock()

    def page(self, limit: int, offset: int, query: str) -> Page:
        with self._lock:
            names = self._names()
            if query.strip():
                wanted = _plain(query.strip())
                names = [name for name in names if wanted in self._read(name)[1]]
            shown = tuple(self._read(name)[0] for name in names[offset : offset + limit])
        return Page(shown, len(names), limit, offset)

    def _names(self) -> list[str]:
        try:
            names = [name for name in os.listdir(self._new) if _KEY.fullmatch(name)]
        except FileNotFoundError:
            names = []
        if len(self._known) > len(names):
            here = set(names)
            self._known = {name: kept for name, kept in self._known.items() if name in here}
        names.sort(reverse=True)
        return names

    def _read(self, name: str) -> tuple[InboxLine, str]:
        known = self._known.get(name)
        if known is None:
            with (self._new / name).open("rb") as file:
                line = _line(name, file.read(_HEAD))
            known = self._known[name] = line, _plain(f"{line.subject} {line.to}")
        return known


@cache
def _shelf(folder: Path) -> _Shelf:
    return _Shelf(folder)


def _line(key: str, raw: bytes) -> InboxLine:
    headers = BytesHeaderParser(policy=policy.compat32).parsebytes(raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")
    return InboxLine(key, _text(headers, "Subject"), _text(headers, "To"), _text(headers, "From"), _date(headers))


def _text(headers: Message, name: str) -> str:
    value = headers.get(name, "")
    try:
        return " ".join(str(make_header(decode_header(value))).split())
    except (UnicodeDecodeError, LookupError, ValueError):
        return str(value)


def _date(headers: Message) -> datetime:
    try:
        return parsedate_to_datetime(str(headers.get("Date", ""))).astimezone(UTC)
    except (ValueError, TypeError):
        return datetime.fromtimestamp(0, UTC)


def _body(parsed: EmailMessage, kind: str) -> str:
    part = parsed.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part is not None else ""


def _attachments(parsed: EmailMessage) -> list[tuple[str, int]]:
    found = []
    for part in parsed.walk():
        if part.get_filename():
            content = part.get_payload(decode=True)
            found.append((str(part.get_filename()), len(content) if isinstance(content, bytes) else 0))
    return found


def _plain(text: str) -> str:
    """Lower case without marks: “Kiểm điểm” is found by “kiem diem”."""
    split = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in split if not unicodedata.combining(letter))
