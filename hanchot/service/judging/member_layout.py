"""What the sheet of members looks like: its columns, and the page that says which sheet it is. Pure.

The checksum over that page shows whether somebody has edited it. It keeps nobody out: rights are asked on the way in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hanchot.domain.errors import BadImport
from hanchot.domain.instants import local_iso

TEMPLATE, VERSION = "hanchot-dang-vien", "1"
PAGE, ABOUT = "Đảng viên", "Thông tin tệp"
UNIT, PERSON, NAME = "unit", "person", "name"
TITLES: Mapping[str, str] = {
    UNIT: "Mã đơn vị", "unit_name": "Đơn vị", PERSON: "Mã người", NAME: "Họ và tên", "admitted_on": "Ngày vào Đảng",
    "excused_from": "Miễn từ", "excused_to": "Miễn đến", "suspended_from": "Đình chỉ từ", "suspended_to": "Đình chỉ đến",
    "temporary_cell": "Sinh hoạt tạm thời ở", "comment_on": "Có nhận xét ngày",
}  # fmt: skip
CLEAR = "-"
EXPORT_AGAIN = "Tải lại mẫu danh sách đảng viên, rồi điền vào tệp mới."
HELP = (
    "Mỗi dòng một người. Người mới: ghi mã đơn vị (của chi bộ), họ và tên, ngày vào Đảng; chưa có mã người thì để trống.",
    "Ô trống: giữ nguyên điều đã có. Dấu - : xóa điều đã có. Xóa bớt dòng không đưa ai ra khỏi danh sách.",
    "Ngày viết ngày/tháng/năm, ví dụ 01/07/2025. Không dùng công thức, không gộp ô, không đổi tên cột.",
    "Hai người cùng họ tên trong một chi bộ: mỗi người một Mã người.",
    "Khi nhập, xem những gì sẽ đổi trước rồi mới cho ghi; có một ô sai thì không ghi dòng nào.",
)


@dataclass(frozen=True, slots=True)
class About:
    """Which sheet this is. ``house``: the installation; ``seq``: the number of the last event that it knew."""

    house: str
    cycle: str
    branch: str
    seq: int
    at: datetime

    def rows(self) -> tuple[tuple[str, str], ...]:
        """What the last page says, with the checksum in the last row."""
        said = (
            ("Mẫu", TEMPLATE), ("Phiên bản", VERSION), ("Hệ thống", self.house), ("Đợt", self.cycle), ("Nhánh", self.branch),
            ("Sự kiện cuối", str(self.seq)), ("Xuất lúc", local_iso(self.at)),
        )  # fmt: skip
        return (*said, ("Mã kiểm tra", _checksum(said)))


def _checksum(rows: Sequence[tuple[str, str]]) -> str:
    return hashlib.sha256("\n".join(f"{name}\t{value}" for name, value in rows).encode()).hexdigest()[:32]


def read_about(name: str, rows: Sequence[tuple[str, str]]) -> About:
    """What the last page of the file ``name`` says. BadImport: another template or version, or a page that was edited."""
    said = dict(rows)
    if said.get("Mẫu") != TEMPLATE:
        held = f" (mẫu “{said['Mẫu']}”)" if said.get("Mẫu") else ""
        raise BadImport(f"Tệp “{name}” không phải mẫu danh sách đảng viên của Hạn Chót{held}.", way_out=EXPORT_AGAIN)
    if said.get("Phiên bản") != VERSION:
        found = said.get("Phiên bản", "không rõ")
        raise BadImport(f"Tệp “{name}” theo mẫu phiên bản {found}, cần phiên bản {VERSION}.", way_out=EXPORT_AGAIN)
    if rows[-1] != ("Mã kiểm tra", _checksum(rows[:-1])):
        raise BadImport(f"Trang “{ABOUT}” của tệp “{name}” đã bị sửa (mã kiểm tra không khớp).", way_out=EXPORT_AGAIN)
    at = datetime.fromisoformat(said["Xuất lúc"])
    return About(said["Hệ thống"], said["Đợt"], said["Nhánh"], int(said["Sự kiện cuối"]), at)
