"""What a tracking sheet looks like: its columns, its heads, and the page that says which sheet it is. Pure.

The last page names template, version, cycle, branch and the last event that the sheet knew, and lists the columns; a
checksum over all of it shows whether somebody has edited it. It keeps nobody out: who imports is asked for rights anyway.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hanchot.domain.errors import BadImport
from hanchot.domain.instants import local_iso
from hanchot.domain.tracking import Column

TEMPLATE, VERSION = "hanchot-theo-doi", "1"
PAGE, ABOUT = "Theo dõi", "Thông tin tệp"
UNIT, NAME, ABOVE, STANDS, DAY, NOTE = "Mã đơn vị", "Đơn vị", "Thuộc", "Tình trạng", "Ngày nộp", "Ghi chú (lý do)"
LEFT = (UNIT, NAME, ABOVE)
EXPORT_AGAIN = "Xuất lại bảng theo dõi, rồi điền vào tệp mới."
_COLUMN = "Cột"


@dataclass(frozen=True, slots=True)
class About:
    """Which sheet this is. ``house``: the installation; ``seq``: the number of the last event that it knew; ``columns``: key
    and title of each pair.
    """

    house: str
    cycle: str
    branch: str
    seq: int
    at: datetime
    columns: tuple[tuple[str, str], ...]

    def rows(self) -> tuple[tuple[str, str], ...]:
        """What the last page says, with the checksum in the last row."""
        said = (
            ("Mẫu", TEMPLATE), ("Phiên bản", VERSION), ("Hệ thống", self.house), ("Đợt", self.cycle), ("Nhánh", self.branch),
            ("Sự kiện cuối", str(self.seq)), ("Xuất lúc", local_iso(self.at)),
            *((f"{_COLUMN} {place}", f"{key} | {title}") for place, (key, title) in enumerate(self.columns, 1)),
        )  # fmt: skip
        return (*said, ("Mã kiểm tra", _checksum(said)))


def _checksum(rows: Sequence[tuple[str, str]]) -> str:
    return hashlib.sha256("\n".join(f"{name}\t{value}" for name, value in rows).encode()).hexdigest()[:32]


def read_about(name: str, rows: Sequence[tuple[str, str]]) -> About:
    """What the last page of the file ``name`` says. BadImport: another template or version, or a page that was edited."""
    said = dict(rows)
    if said.get("Mẫu") != TEMPLATE:
        held = f" (mẫu “{said['Mẫu']}”)" if said.get("Mẫu") else ""
        raise BadImport(f"Tệp “{name}” không phải bảng theo dõi của Hạn Chót{held}.", way_out=EXPORT_AGAIN)
    if said.get("Phiên bản") != VERSION:
        found = said.get("Phiên bản", "không rõ")
        raise BadImport(f"Tệp “{name}” theo mẫu phiên bản {found}, cần phiên bản {VERSION}.", way_out=EXPORT_AGAIN)
    if not rows or rows[-1] != ("Mã kiểm tra", _checksum(rows[:-1])):
        raise BadImport(f"Trang “{ABOUT}” của tệp “{name}” đã bị sửa (mã kiểm tra không khớp).", way_out=EXPORT_AGAIN)
    pairs = (value.partition(" | ") for label, value in rows if label.startswith(f"{_COLUMN} "))
    columns = tuple((key, title) for key, _, title in pairs)
    at = datetime.fromisoformat(said["Xuất lúc"])
    return About(said["Hệ thống"], said["Đợt"], said["Nhánh"], int(said["Sự kiện cuối"]), at, columns)


def plain(text: str) -> str:
    """A heading as it is compared: line breaks and runs of spaces do not matter."""
    return " ".join(text.split())


def placed(columns: Sequence[tuple[str, str]], starts: Sequence[int]) -> tuple[Column, ...]:
    """The pairs of cells, given where (from 0) each pair begins."""
    return tuple(
        Column(key, title, _letter(start), _letter(start + 1)) for (key, title), start in zip(columns, starts, strict=True)
    )


def _letter(column: int) -> str:
    """``A`` for 0, ``AA`` for 26; the library that knows is slow to import."""
    name = chr(ord("A") + column % 26)
    return name if column < 26 else _letter(column // 26 - 1) + name
