"""Zip archives whose bytes depend on their content only, so that a recorded hash can be checked years later."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable

MOMENT = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say; the true date stands in the paper itself


def entry(name: str) -> zipfile.ZipInfo:
    """A member's head without clock, owner or machine: UTF-8 name, plain file, readable by all."""
    info = zipfile.ZipInfo(name, MOMENT)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3
    info.external_attr = 0o100644 << 16
    return info


def packed(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """An archive of ``(name, content)`` in the given order."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts:
            archive.writestr(entry(name), content)
    return target.getvalue()


def repacked(data: bytes, mended: Callable[[str, bytes], bytes] = lambda _, content: content) -> bytes:
    """The same archive with fixed moments and members in one order; Office wants its list of contents first.

    ``mended`` gets every member's name and content and gives what is to stand there.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = sorted(archive.namelist(), key=lambda name: (name != "[Content_Types].xml", name != "_rels/.rels", name))
        return packed((name, mended(name, archive.read(name))) for name in names)
