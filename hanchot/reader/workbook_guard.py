"""Looks at a workbook before any parser does: is it what its ending says, and does it stay small when unpacked?"""

from __future__ import annotations

import zipfile
from pathlib import Path

from hanchot.domain.errors import BadImport
from hanchot.reader import office_zip

MAX_FILE = 20 * 2**20
MAX_UNPACKED = 64 * 2**20
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
        raise BadImport(f"Tệp “{path.name}” rỗng (0 byte).", way_out="Chọn tệp đã điền, hoặc tải tệp mẫu rồi điền.")
    raise BadImport(
        f"Tệp “{path.name}” nặng {size / 2**20:.0f} MB, quá {MAX_FILE // 2**20} MB.",
        way_out="Bỏ ảnh và định dạng thừa, hoặc chia tệp theo từng cây tổ chức.",
    )


def refuse_old_office(name: str, head: bytes) -> None:
    """.xls and password-protected workbooks share one container; each gets its own sentence."""
    if not office_zip.is_old_office(head):
        return
    if office_zip.has_password(head):
        raise BadImport(f"Tệp “{name}” có mật khẩu nên không đọc được.", way_out="Bỏ mật khẩu trong Excel rồi lưu lại.")
    raise BadImport(f"Tệp “{name}” là Excel kiểu cũ (.xls), không đọc được.", way_out=SAVE_AS)


def check_workbook(name: str, archive: zipfile.ZipFile) -> None:
    """Refuse what is no plain workbook, or unpacks to more than it should. Reads the directory, unpacks nothing big."""
    if office_zip.is_bomb(archive, MAX_UNPACKED):
        size, parts = office_zip.unpacked_size(archive), len(archive.infolist())
        raise BadImport(
            f"Tệp “{name}” bung ra {size / 2**20:.0f} MB trong {parts} phần, lớn bất thường nên không mở.",
            way_out="Chép riêng vùng dữ liệu sang một tệp Excel mới rồi nhập tệp đó.",
        )
    if office_zip.is_locked(archive):
        raise BadImport(f"Tệp “{name}” có mật khẩu nên không đọc được.", way_out="Bỏ mật khẩu rồi lưu lại.")
    names = set(archive.namelist())
    if office_zip.has_macros(names):
        raise BadImport(f"Tệp “{name}” có chứa macro nên không nhận.", way_out=SAVE_AS)
    if "xl/workbook.xml" not in names or b"spreadsheetml" not in office_zip.start_of(archive, "[Content_Types].xml"):
        kind = "Word" if "word/document.xml" in names else "tệp nén khác"
        raise BadImport(f"Tệp “{name}” bên trong là {kind}, không phải bảng tính Excel.", way_out=SAVE_AS)
    if part := office_zip.odd_xml(archive, names):
        raise BadImport(f"Tệp “{name}” có khai báo XML lạ ({part}) nên không mở.", way_out=SAVE_AS)
