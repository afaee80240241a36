"""Looks at a workbook before any parser does: is it what its ending says, and does it stay small when unpacked?"""

from __future__ import annotations

import zipfile
from pathlib import Path

from hanchot.domain.errors import BadImport

MAX_FILE = 20 * 2**20
MAX_MEMBERS = 1_000
MAX_UNPACKED = 64 * 2**20
MAX_RATIO = 250  # a real sheet packs up to about 60 times
_PEEK = 2**20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
SAVE_AS = "Mở tệp bằng Excel, chọn Lưu thành (Save As) dạng “Excel Workbook (.xlsx)”, rồi nhập tệp mới."


def read_small(path: Path) -> bytes:
    """The file's bytes. BadImport: missing, a folder, empty, unreadable, or larger than ``MAX_FILE``."""
    try:
        size = path.stat().st_size
        if path.is_file() and 0 < size <= MAX_FILE:
            return path.read_bytes()
    except OSError as error:
        raise BadImport(f"Không đọc được tệp “{path}”: {error.strerror}.", way_out="Kiểm tra đường dẫn.") from error
    if not path.is_file():
        raise BadImport(f"“{path}” không phải là tệp.", way_out="Chỉ đúng một tệp .xlsx hoặc .csv.")
    if not size:
        raise BadImport(f"Tệp “{path.name}” rỗng (0 byte).", way_out="Lấy mẫu bằng hanchot org template TỆP.")
    raise BadImport(
        f"Tệp “{path.name}” nặng {size / 2**20:.0f} MB, quá {MAX_FILE // 2**20} MB.",
        way_out="Bỏ ảnh và định dạng thừa, hoặc chia tệp theo từng cây tổ chức.",
    )


def refuse_old_office(name: str, head: bytes) -> None:
    """.xls and password-protected workbooks share one container; each gets its own sentence."""
    if not head.startswith(_OLE):
        return
    if _ENCRYPTED in head:
        raise BadImport(f"Tệp “{name}” có mật khẩu nên không đọc được.", way_out="Bỏ mật khẩu trong Excel rồi lưu lại.")
    raise BadImport(f"Tệp “{name}” là Excel kiểu cũ (.xls), không đọc được.", way_out=SAVE_AS)


def check_workbook(name: str, archive: zipfile.ZipFile) -> None:
    """Refuse what is no plain workbook, or unpacks to more than it should. Reads the directory, unpacks nothing big."""
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED or any(_swells(member) for member in members):
        raise BadImport(
            f"Tệp “{name}” bung ra {unpacked / 2**20:.0f} MB trong {len(members)} phần, lớn bất thường nên không mở.",
            way_out="Chép riêng vùng dữ liệu sang một tệp Excel mới rồi nhập tệp đó.",
        )
    if any(member.flag_bits & 1 for member in members):
        raise BadImport(f"Tệp “{name}” có mật khẩu nên không đọc được.", way_out="Bỏ mật khẩu rồi lưu lại.")
    names = {member.filename for member in members}
    if any(part.lower().endswith("vbaproject.bin") for part in names):
        raise BadImport(f"Tệp “{name}” có chứa macro nên không nhận.", way_out=SAVE_AS)
    if "xl/workbook.xml" not in names or b"spreadsheetml" not in _start(archive, "[Content_Types].xml", names):
        kind = "Word" if "word/document.xml" in names else "tệp nén khác"
        raise BadImport(f"Tệp “{name}” bên trong là {kind}, không phải bảng tính Excel.", way_out=SAVE_AS)
    for part in names:
        if part.endswith((".xml", ".rels")) and _declares_entities(_start(archive, part, names)):
            raise BadImport(f"Tệp “{name}” có khai báo XML lạ ({part}) nên không mở.", way_out=SAVE_AS)


def _swells(member: zipfile.ZipInfo) -> bool:
    return member.file_size > _PEEK and member.file_size > MAX_RATIO * max(member.compress_size, 1)


def _start(archive: zipfile.ZipFile, part: str, names: set[str]) -> bytes:
    if part not in names:
        return b""
    with archive.open(part) as source:
        return source.read(64 * 2**10)


def _declares_entities(start: bytes) -> bool:
    """A document type can only stand before the first element; Excel writes none, an entity bomb needs one."""
    return b"<!DOCTYPE" in start or b"<!ENTITY" in start or start[:2] in (b"\xff\xfe", b"\xfe\xff")
