"""A file into lines of text: txt, Word (.docx), PDF, scanned PDF and pictures.

What a file may hold is checked first (``document_guard``); then a child process with a ceiling on time and memory opens it
(``workshop``). No file, however made, can bring the house down, hang it, or be read as silent garbage.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from hanchot.domain.draft import Remark
from hanchot.reader.document_guard import check_document, read_document
from hanchot.reader.legacy import looks_garbled
from hanchot.reader.pages import Kind, Pages, Progress
from hanchot.reader.plain_text import read_plain
from hanchot.reader.workshop import open_in_workshop


@dataclass(frozen=True)
class Text:
    """A file's text. ``lines`` are NFC; ``"\\f"`` is a page break; a table's row is one line, its cells joined by ``"\\t"``.

    ``kind`` says how it was read: ``scan`` where every page went through character recognition. ``remarks`` name
    whatever a person should compare with the original. ``sha256`` is of the file's bytes.
    """

    lines: tuple[str, ...]
    kind: Kind
    remarks: tuple[Remark, ...]
    sha256: str


def read_file(path: Path, tell: Progress | None = None) -> Text:
    """The text of a file on disk. A file over the limit is refused by its size, before a byte of it is read.

    BadDocument: missing, too large, not what its ending says, encrypted, macros, not readable within time and memory.
    """
    return read_bytes(read_document(path), path.name, tell)


def read_bytes(data: bytes, name: str, tell: Progress | None = None) -> Text:
    """The text of an uploaded file; ``name`` is what the person called it. ``tell(page, pages)`` follows slow pages.

    BadDocument: as for ``read_file``.
    """
    form = check_document(data, name)
    pages = read_plain(data, name) if form == "txt" else open_in_workshop(data, name, form, tell)
    return Text(tuple(pages.lines), pages.kind, _remarks(pages), hashlib.sha256(data).hexdigest())


def _remarks(pages: Pages) -> tuple[Remark, ...]:
    notes = list(pages.notes)
    if looks_garbled("\n".join(pages.lines)):
        notes.append(
            ("not-vietnamese", "Hầu như không thấy chữ tiếng Việt có dấu: tệp sai bảng mã, hoặc viết bằng tiếng khác.")
        )
    return tuple(Remark(code=code, message=message) for code, message in notes)
