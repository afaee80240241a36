"""Looks at a document before any parser does: is it what its ending says, of a size to read, and free of what could harm?"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import Literal

from hanchot.domain.errors import BadDocument
from hanchot.reader import office_zip

Form = Literal["txt", "docx", "pdf", "image"]

MAX_FILE = 20 * 2**20
MAX_UNPACKED = 256 * 2**20  # pictures pasted into Word are large; the texts among the members have their own limit
MAX_TEXT_PART = 24 * 2**20  # some 50 KB a page where Word is at its most talkative
_SAVE_DOCX = "Mở tệp bằng Word, chọn Lưu thành (Save As) dạng “Word Document (.docx)”, rồi nộp tệp mới."
_SAVE_PDF = "Mở tệp bằng phần mềm đã tạo ra nó, lưu thành .docx hoặc .pdf, rồi nộp tệp mới."
_ACCEPTED = "Nhận tệp .docx, .pdf, .txt và ảnh .png, .jpg, .tif."
_ENDINGS: dict[str, Form] = {
    "txt": "txt", "md": "txt", "docx": "docx", "pdf": "pdf",
    "png": "image", "jpg": "image", "jpeg": "image", "tif": "image", "tiff": "image",
}  # fmt: skip
_NAMES: dict[Form, str] = {"txt": "văn bản thuần", "docx": "Word (.docx)", "pdf": "PDF", "image": "ảnh"}
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")
_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"MZ", "chương trình chạy được"), (b"\x7fELF", "chương trình chạy được"), (b"#!", "chương trình chạy được"),
    (b"Rar!", "tệp nén .rar"), (b"7z\xbc\xaf", "tệp nén .7z"), (b"\x1f\x8b", "tệp nén .gz"),
    (b"GIF8", "ảnh .gif"), (b"BM", "ảnh .bmp"), (b"RIFF", "ảnh .webp hoặc phim"), (b"AT&TFORM", "tệp DjVu"),
    (b"{\\rtf", "văn bản RTF"), (b"<html", "trang web"), (b"<!doctype html", "trang web"), (b"<?xml", "tệp XML"),
    (b"%!PS", "tệp PostScript"),
)  # fmt: skip
_FAR = rb'Target="(?:https?:|ftp:|\\\\|file://[^/])'  # a template on the own disk is only named, as Word always does
_REMOTE = re.compile(rb'attachedTemplate"[^>]*' + _FAR + rb"|" + _FAR + rb'[^>]*attachedTemplate"', re.IGNORECASE)
_EMBEDDED = re.compile(r"word/(?:embeddings/[^/]*\.(?:bin|exe|js|vbs|docm|xlsm|pptm)|activeX/.*)$", re.IGNORECASE)


def read_document(path: Path) -> bytes:
    """The file's bytes. BadDocument: missing, a folder, empty, unreadable, or larger than ``MAX_FILE`` (then unread)."""
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise BadDocument(f"“{path}” không phải là tệp.", way_out=_ACCEPTED)
        _refuse_size(path.name, size)
        return path.read_bytes()
    except OSError as error:
        raise BadDocument(f"Không đọc được tệp “{path}”: {error.strerror}.", way_out="Kiểm tra đường dẫn.") from error


def check_document(data: bytes, name: str) -> Form:
    """What the file is, by its bytes and not by its ending alone.

    BadDocument: too large, of a kind we do not read, not what ``name`` says, locked, a bomb, or with something that runs.
    """
    _refuse_size(name, len(data))
    form, ending = _form(data, name), PurePath(name).suffix.lower().lstrip(".")
    claimed = _ENDINGS.get(ending)
    if claimed is None and ending and form == "txt":
        raise BadDocument(f"Không đọc được loại tệp .{ending} (“{name}”).", way_out=_ACCEPTED)
    if claimed and claimed != form:
        raise BadDocument(
            f"Tệp “{name}” bên trong là {_NAMES[form]}, không phải {_NAMES[claimed]} như đuôi .{ending}.",
            way_out="Xem lại có nộp nhầm tệp không; nếu đúng tệp thì đổi đuôi cho khớp.",
        )
    return form


def _refuse_size(name: str, size: int) -> None:
    if not size:
        raise BadDocument(f"Tệp “{name}” rỗng (0 byte).", way_out="Tải hoặc chép lại tệp rồi thử lại.")
    if size > MAX_FILE:
        raise BadDocument(
            f"Tệp “{name}” nặng {size / 2**20:.0f} MB, quá {MAX_FILE // 2**20} MB.",
            way_out="Quét lại ở 300 dpi đen trắng, bỏ ảnh thừa, hoặc chỉ nộp phần văn bản chính.",
        )


def _form(data: bytes, name: str) -> Form:
    if data.startswith(_PICTURES):
        return "image"
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK"):
        return _zip_form(data, name)
    _refuse_foreign(data, name)
    return "txt"


def _refuse_foreign(data: bytes, name: str) -> None:
    """Kinds that people do send, each with the way to save it as one that we read."""
    if office_zip.has_password(data):
        raise BadDocument(f"Tệp “{name}” có mật khẩu nên không đọc được.", way_out="Bỏ mật khẩu trong Word rồi lưu lại.")
    if office_zip.is_old_office(data):
        raise BadDocument(f"Tệp “{name}” là Word hoặc Excel kiểu cũ (.doc, .xls), không đọc được.", way_out=_SAVE_DOCX)
    if data[4:8] == b"ftyp":
        raise BadDocument(f"Tệp “{name}” là ảnh .heic hoặc phim, không đọc được.", way_out="Lưu ảnh thành .jpg rồi nộp lại.")
    start = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for magic, kind in _FOREIGN:
        if (start if magic.startswith((b"<", b"{")) else data[:64]).startswith(magic) and _tells(magic, data):
            raise BadDocument(f"Tệp “{name}” bên trong là {kind}, không đọc được.", way_out=_SAVE_PDF)


def _tells(magic: bytes, data: bytes) -> bool:
    """“MZ” and “BM” may begin a sentence too; a program or a picture has zero bytes soon after."""
    return len(magic) > 2 or b"\x00" in data[:64]


def _zip_form(data: bytes, name: str) -> Form:
    """Word, or the name of what else it is. Only the directory and the first bytes of members are read."""
    with _unzipped(data, name) as archive:
        names = archive.namelist()
        if office_zip.start_of(archive, "mimetype").startswith(b"application/vnd.oasis"):
            raise BadDocument(f"Tệp “{name}” là OpenDocument (.odt), không đọc được.", way_out=_SAVE_DOCX)
        if any(part.startswith("word/") for part in names):
            _check_word(archive, name)
            return "docx"
        kind = "Excel" if "xl/workbook.xml" in names else "PowerPoint" if "ppt/presentation.xml" in names else "tệp nén .zip"
    raise BadDocument(f"Tệp “{name}” bên trong là {kind}, không phải văn bản.", way_out=_ACCEPTED)


@contextmanager
def _unzipped(data: bytes, name: str) -> Iterator[zipfile.ZipFile]:
    """The archive, found unlocked and small by its directory; a broken one is refused wherever the break shows."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if office_zip.is_locked(archive):
                raise BadDocument(f"Tệp “{name}” có mật khẩu nên không đọc được.", way_out="Bỏ mật khẩu rồi lưu lại.")
            if office_zip.is_bomb(archive, MAX_UNPACKED) or any(_is_vast_text(member) for member in archive.infolist()):
                size = office_zip.unpacked_size(archive) / 2**20
                raise BadDocument(f"Tệp “{name}” bung ra {size:.0f} MB, lớn bất thường nên không mở.", way_out=_SAVE_PDF)
            yield archive
    except office_zip.BROKEN as error:
        raise BadDocument(f"Tệp “{name}” bị hỏng, không mở được.", way_out="Tải hoặc chép lại tệp rồi thử lại.") from error


def _is_vast_text(member: zipfile.ZipInfo) -> bool:
    return member.filename.endswith((".xml", ".rels")) and member.file_size > MAX_TEXT_PART


def _check_word(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse macros, remote templates, embedded programs and declared entities."""
    names = archive.namelist()
    if office_zip.has_macros(names) or b"macroEnabled" in office_zip.start_of(archive, "[Content_Types].xml"):
        raise BadDocument(f"Tệp “{name}” có chứa macro nên không nhận.", way_out=_SAVE_DOCX)
    if _REMOTE.search(office_zip.start_of(archive, "word/_rels/settings.xml.rels")):
        raise BadDocument(f"Tệp “{name}” gọi một mẫu Word ở máy khác nên không nhận.", way_out=_SAVE_PDF)
    if part := next((part for part in names if _EMBEDDED.match(part)), None):
        raise BadDocument(f"Tệp “{name}” có nhúng đối tượng lạ ({PurePath(part).name}) nên không nhận.", way_out=_SAVE_PDF)
    own = [part for part in names if part.startswith(("word/", "_rels/", "[Content"))]
    if part := office_zip.odd_xml(archive, own):
        raise BadDocument(f"Tệp “{name}” có khai báo XML lạ ({part}) nên không mở.", way_out=_SAVE_PDF)
