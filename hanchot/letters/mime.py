"""A letter as bytes. The recipe is proven by a round trip of 300 subjects: ``EmailMessage`` loses spaces in long
Vietnamese headers on Python 3.11 and 3.12, the older classes with an explicit ``Header`` do not.

Everything is a function of its arguments: the same letter built twice gives the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.generator import BytesGenerator
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import Compat32
from email.utils import format_datetime, quote
from functools import lru_cache
from io import BytesIO

from hanchot.domain.instants import ZONE
from hanchot.letters.compose import Composed
from hanchot.letters.invitation import Entry, attachment
from hanchot.letters.words import nfc

_BROKEN = ("\r", "\n", "\0")
_CRLF = "\r\n"


class _Encoded(Compat32):
    """Writes headers as they are: ours are encoded and folded before, and to fold them again is half of the work."""

    def fold_binary(self, name: str, value: str) -> bytes:
        return f"{name}: {value}{_CRLF}".encode("ascii")


_POLICY = _Encoded(linesep=_CRLF)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes. ``reply_to`` is the officer in charge; Message-IDs are of the sender's own domain."""

    address: str
    name: str
    reply_to: str | None = None

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message to be. ``key`` names what is said to whom, ``thread`` the work item; ``planned_at`` is aware."""

    key: str
    to_name: str
    to_address: str
    planned_at: datetime
    composed: Composed
    thread: str | None = None
    list_id: str | None = None
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Built:
    """Frozen: what is sent now and, should it be sent again, then too."""

    message_id: str
    raw: bytes
    sha256: str


def message_id(key: str, domain: str) -> str:
    """``<…@domain>``, the same for the same key, so that a copy is known as a copy."""
    digest = hashlib.sha256(key.encode()).digest()
    return f"<{base64.b32encode(digest)[:32].decode().lower()}@{domain}>"


def build(letter: Letter, sender: Sender) -> Built:
    """The bytes of a letter to one recipient. Raises ``ValueError`` where a header would hold a line end."""
    outer = MIMEMultipart("mixed", boundary=_boundary(letter.key, "outer"))
    inner = MIMEMultipart("alternative", boundary=_boundary(letter.key, "inner"))
    inner.attach(_part(letter.composed.text, "plain"))
    inner.attach(_part(letter.composed.html, "html"))
    outer.attach(inner)
    if letter.entries:
        outer.attach(_calendar(letter.entries, sender.domain, letter.planned_at))
    identity = message_id(letter.key, sender.domain)
    for name, value in _headers(letter, sender, identity):
        outer[name] = value
    out = BytesIO()
    BytesGenerator(out, mangle_from_=False, policy=_POLICY).flatten(outer)
    raw = out.getvalue()
    return Built(identity, raw, hashlib.sha256(raw).hexdigest())


def _headers(letter: Letter, sender: Sender, identity: str) -> list[tuple[str, str]]:
    headers = [
        ("Subject", _words(letter.composed.subject, "Subject")),
        ("From", _address(sender.name, sender.address)),
        ("To", _address(letter.to_name, letter.to_address)),
        ("Date", format_datetime(letter.planned_at.astimezone(ZONE))),
        ("Message-ID", identity),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
    ]
    if sender.reply_to:
        headers.append(("Reply-To", _address("", sender.reply_to)))
    if letter.thread:  # the root need not exist; mail programs thread by it all the same
        headers.append(("References", message_id(f"thread/{letter.thread}", sender.domain)))
    if letter.list_id:
        headers.append(("List-Id", f"<{_clean(letter.list_id, 'List-Id')}.{sender.domain}>"))
    return headers


def _words(text: str, name: str) -> str:
    return Header(_clean(nfc(text), name), "utf-8", maxlinelen=76, header_name=name).encode(linesep=_CRLF)


@lru_cache(maxsize=4096)
def _address(name: str, address: str) -> str:
    """``name <address>``. A long name takes several encoded words, which ``formataddr`` would not split."""
    _clean(address, "address").encode("ascii")
    name = _clean(nfc(name), "name")
    if not name:
        return address
    said = f'"{quote(name)}"' if name.isascii() else _words(name, "From")
    gap = f"{_CRLF} " if len(said) > 40 else " "
    return f"{said}{gap}<{address}>"


def _clean(text: str, where: str) -> str:
    for bad in _BROKEN:
        if bad in text:
            raise ValueError(f"{where}: “{text!r}” có ký tự xuống dòng; sửa lại trong danh sách rồi gửi lại")
    return text


def _part(text: str, kind: str) -> MIMENonMultipart:
    return _encoded(MIMENonMultipart("text", kind, charset="utf-8"), text.encode())


def _calendar(entries: Sequence[Entry], domain: str, at: datetime) -> MIMENonMultipart:
    part = MIMENonMultipart("text", "calendar", charset="utf-8", method="PUBLISH")
    part["Content-Disposition"] = 'attachment; filename="han-chot.ics"'
    return _encoded(part, attachment(tuple(entries), domain, at))


def _encoded(part: MIMENonMultipart, content: bytes) -> MIMENonMultipart:
    part["Content-Transfer-Encoding"] = "base64"
    part.set_payload(base64.encodebytes(content).decode("ascii"))
    return part


def _boundary(key: str, which: str) -> str:
    return f"=_{hashlib.sha256(f'{which}/{key}'.encode()).hexdigest()[:24]}"
