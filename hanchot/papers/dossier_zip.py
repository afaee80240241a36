"""A complete dossier as one zip: the table of contents first, then the papers in the order of the checklist.

The names inside are ours, made of the checklist's number and title; of the uploaded file only the ending is kept. So no name
can lead out of the folder it is unpacked to, hide its ending, or be refused by Windows.
"""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from hanchot.domain.errors import BadDocument
from hanchot.papers.packing import entry

CONTENTS = "00 - Mục lục hồ sơ.docx"
SUMS = "SHA256.txt"
MAX_FILES = 500
MAX_FILE = 100 * 2**20
MAX_ALL = 2**30
_NAME_BYTES = 150  # of 255: the folder that people unpack to needs its share of Windows' path too
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,6}$")
_CHUNK = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierFile:
    """A paper of the dossier: its place in the checklist, the checklist's title, the name it came with, its bytes."""

    number: int
    title: str
    came_as: str
    content: bytes | Path


def names_inside(files: Sequence[DossierFile]) -> tuple[str, ...]:
    """The name that each file gets in the zip, all different; the table of contents is written with these."""
    taken, made = {CONTENTS.casefold(), SUMS.casefold()}, list[str]()
    for file in files:
        ending, again = _ending(file.came_as), 1
        stem = _stem(f"{file.number:02} - {_clean(file.title)}")
        name = f"{stem}{ending}"
        while name.casefold() in taken:
            again += 1
            name = f"{stem} ({again}){ending}"
        taken.add(name.casefold())
        made.append(name)
    return tuple(made)


def write_dossier(target: BinaryIO, contents: bytes, files: Sequence[DossierFile]) -> tuple[tuple[str, str], ...]:
    """Write the zip; returns ``(name, SHA-256)`` of every member, which also stand in ``SHA256.txt``.

    The same papers give the same bytes. BadDocument: too many files, one too large, or too much in all (then ``target``
    holds half a zip and must be thrown away).
    """
    if len(files) > MAX_FILES:
        raise BadDocument(
            f"Hồ sơ có {len(files)} tệp, quá {MAX_FILES}.", way_out="Gộp các bản quét cùng loại thành một tệp PDF."
        )
    sums, room = list[tuple[str, str]](), MAX_ALL
    with zipfile.ZipFile(target, "w") as archive:
        members = [(CONTENTS, contents), *zip(names_inside(files), (file.content for file in files), strict=True)]
        for name, content in members:
            size, sum_ = _added(archive, name, content, min(room, MAX_FILE))
            room -= size
            sums.append((name, sum_))
        archive.writestr(entry(SUMS), "".join(f"{sum_}  {name}\n" for name, sum_ in sums).encode())
    return tuple(sums)


def _added(archive: zipfile.ZipFile, name: str, content: bytes | Path, limit: int) -> tuple[int, str]:
    """Copy in pieces, so that a scan of 100 MB never stands in memory whole."""
    size, digest = 0, hashlib.sha256()
    try:
        source: BinaryIO = io.BytesIO(content) if isinstance(content, bytes) else content.open("rb")
    except OSError as error:
        raise BadDocument(
            f"Tệp “{name}” của hồ sơ không đọc được.", way_out="Tải lại tệp này lên hồ sơ rồi xuất lại."
        ) from error
    with source, archive.open(entry(name), "w") as inside:
        while piece := source.read(_CHUNK):
            size += len(piece)
            if size > limit:
                raise BadDocument(
                    f"Hồ sơ quá lớn ở tệp “{name}” (một tệp tối đa {MAX_FILE // 2**20} MB, cả hồ sơ {MAX_ALL // 2**20} MB).",
                    way_out="Quét lại ở 300 dpi đen trắng hoặc tách hồ sơ.",
                )
            digest.update(piece)
            inside.write(piece)
    return size, digest.hexdigest()


def _clean(title: str) -> str:
    """One line of composed letters without what Windows forbids and without characters that cannot be seen: a
    right-to-left mark could show “fdp.exe” as “exe.pdf”.
    """
    plain = _FORBIDDEN.sub("-", unicodedata.normalize("NFC", title))
    seen = "".join(" " if char.isspace() else char for char in plain if char.isspace() or unicodedata.category(char)[0] != "C")
    return " ".join(seen.split()) or "Văn bản"


def _stem(text: str) -> str:
    """At most ``_NAME_BYTES`` of UTF-8, cut between characters; Windows drops dots and spaces at the end."""
    return text.encode()[:_NAME_BYTES].decode("utf-8", "ignore").rstrip(" .")


def _ending(name: str) -> str:
    found = _ENDING.search(name)
    return found.group().lower() if found else ".bin"
