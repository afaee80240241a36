"""Looks at a paper of a dossier before it is kept: one of five kinds, by its bytes and its ending alike, and harmless.

A paper is kept as it is and never opened here; whoever downloads it opens it on their own machine.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from pathlib import PurePath, PureWindowsPath
from typing import Literal

from hanchot.domain.errors import BadDocument, BadImport
from hanchot.reader import office_zip
from hanchot.reader.document_guard import MAX_FILE, check_document
from hanchot.reader.workbook_guard import check_workbook, refuse_old_office

PaperKind = Literal["pdf", "docx", "xlsx", "jpg", "png"]

MAX_NAME = 200
_ENDINGS: dict[str, PaperKind] = {"pdf": "pdf", "docx": "docx", "xlsx": "xlsx", "jpg": "jpg", "jpeg": "jpg", "png": "png"}
_PICTURES: dict[PaperKind, bytes] = {"jpg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n"}
_ACCEPTED = "Hồ sơ nhận tệp .pdf, .docx, .xlsx và ảnh .jpg, .png, không quá 20 MB."
_RUNS = re.compile(r"xl/(?:macrosheets|activeX|dialogsheets)/|xl/embeddings/[^/]*\.(?:bin|exe|js|vbs|docm|xlsm|pptm)$", re.I)


def check_paper(data: bytes, name: str) -> PaperKind:
    """What the paper is. ``name`` is what the person called it; its ending must say what the bytes are.

    BadDocument: another kind, over ``MAX_FILE`` bytes, empty, locked, broken, a bomb, or with macros or programs in it.
    """
    ending = PurePath(name).suffix.lower().lstrip(".")
    kind = _ENDINGS.get(ending)
    if kind is None:
        raise BadDocument(f"Hồ sơ không nhận loại tệp của “{name}”.", way_out=_ACCEPTED, thing="tệp", value=name)
    if kind == "xlsx":
        _check_sheet(data, name)
        return kind
    check_document(data, name)
    if kind in _PICTURES and not data.startswith(_PICTURES[kind]):
        raise BadDocument(
            f"Tệp “{name}” bên trong không phải ảnh .{ending}.", way_out="Đổi đuôi cho khớp, hoặc lưu lại ảnh rồi nộp."
        )
    return kind


def plain_name(name: str) -> str:
    """The file's name as a person would read it: without folders or control signs, NFC, at most ``MAX_NAME`` signs."""
    last = PureWindowsPath(PurePath(name).name).name
    kept = "".join(sign for sign in unicodedata.normalize("NFC", last) if unicodedata.category(sign)[0] != "C").strip()
    stem, dot, ending = kept.rpartition(".")
    return f"{stem[: MAX_NAME - len(ending) - 1]}{dot}{ending}" if dot else kept[:MAX_NAME]


def _check_sheet(data: bytes, name: str) -> None:
    """A workbook's own questions, asked by the guard that imports ask; its words become a document's."""
    if not data:
        raise BadDocument(f"Tệp “{name}” rỗng (0 byte).", way_out="Tải hoặc chép lại tệp rồi thử lại.")
    if len(data) > MAX_FILE:
        raise BadDocument(
            f"Tệp “{name}” nặng {len(data) / 2**20:.0f} MB, quá 20 MB.", way_out="Chia nhỏ hoặc nén ảnh trong tệp."
        )
    try:
        refuse_old_office(name, data)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            check_workbook(name, archive)
            runs = any(_RUNS.match(part) for part in archive.namelist())
            if runs or b"macroEnabled" in office_zip.start_of(archive, "[Content_Types].xml"):
                raise BadDocument(f"Tệp “{name}” có chứa macro nên không nhận.", way_out="Lưu lại dạng .xlsx rồi nộp tệp mới.")
    except BadImport as wrong:
        raise BadDocument(wrong.message, way_out=_ACCEPTED, thing="tệp", value=name) from None
    except office_zip.BROKEN as error:
        raise BadDocument(f"Tệp “{name}” bị hỏng, không mở được.", way_out="Tải hoặc chép lại tệp rồi thử lại.") from error
