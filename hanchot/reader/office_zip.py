"""What Excel and Word files have in common as containers: questions to ask before any parser opens one."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_MEMBERS = 1_000
MAX_RATIO = 250  # a real sheet or document packs up to about 60 times
BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError, NotImplementedError)
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_PEEK = 2**20


def is_old_office(head: bytes) -> bool:
    """.xls, .doc and every Office file with a password share one container."""
    return head.startswith(OLE)


def has_password(head: bytes) -> bool:
    """Whether an old container holds a new file behind a password."""
    return is_old_office(head) and _ENCRYPTED in head


def unpacked_size(archive: zipfile.ZipFile) -> int:
    """Bytes, as the directory declares them; nothing is unpacked."""
    return sum(member.file_size for member in archive.infolist())


def is_bomb(archive: zipfile.ZipFile, max_unpacked: int) -> bool:
    """Too many members, too much in all, or one that swells beyond what real files do."""
    members = archive.infolist()
    return len(members) > MAX_MEMBERS or unpacked_size(archive) > max_unpacked or any(_swells(member) for member in members)


def is_locked(archive: zipfile.ZipFile) -> bool:
    """Whether a member carries the zip format's own password flag."""
    return any(member.flag_bits & 1 for member in archive.infolist())


def has_macros(names: Iterable[str]) -> bool:
    """Whether a Visual Basic project is among the members."""
    return any(part.lower().endswith("vbaproject.bin") for part in names)


def start_of(archive: zipfile.ZipFile, part: str) -> bytes:
    """The first 64 KB of a member; empty where there is none of that name."""
    try:
        with archive.open(part) as source:
            return source.read(64 * 2**10)
    except KeyError:
        return b""


def odd_xml(archive: zipfile.ZipFile, parts: Iterable[str]) -> str | None:
    """The first XML part that declares a document type, if any: Office writes none, an entity bomb needs one."""
    return next(
        (part for part in parts if part.endswith((".xml", ".rels")) and _declares_entities(start_of(archive, part))), None
    )


def _swells(member: zipfile.ZipInfo) -> bool:
    return member.file_size > _PEEK and member.file_size > MAX_RATIO * max(member.compress_size, 1)


def _declares_entities(start: bytes) -> bool:
    """A document type can only stand before the first element; in UTF-16 it could hide from this search."""
    return b"<!DOCTYPE" in start or b"<!ENTITY" in start or start[:2] in (b"\xff\xfe", b"\xfe\xff")
