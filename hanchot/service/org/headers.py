"""Headers of an organisation file: what each column is called, and by which other names people call it."""

from __future__ import annotations

from typing import NamedTuple

from hanchot.domain.unit import PostRole
from hanchot.service.org.fields import fold


class Column(NamedTuple):
    """``title`` is what our own files write above it."""

    key: str
    title: str


def _schema(*columns: tuple[str, str, str]) -> dict[str, Column]:
    """(key, title, other names apart by ‘|’) as a lookup by folded header."""
    return {fold(called): Column(key, title) for key, title, others in columns for called in (title, *others.split("|"))}


_UNIT = ("unit", "Mã đơn vị", "Mã tổ chức|Mã tổ chức đảng|Mã chi bộ|Mã")
_TREE = (
    _UNIT,
    ("name", "Tên đơn vị", "Tên tổ chức|Tên tổ chức đảng|Đơn vị|Tổ chức|Tên"),
    ("kind", "Loại", "Loại đơn vị|Loại tổ chức|Loại hình|Loại hình tổ chức"),
    ("parent", "Mã cấp trên", "Cấp trên|Mã đơn vị cấp trên|Mã tổ chức cấp trên|Mã cấp trên trực tiếp|Trực thuộc"),
    ("valid_from", "Hiệu lực từ", "Hiệu lực từ ngày|Ngày thành lập|Thành lập"),
    ("valid_to", "Hiệu lực đến", "Hiệu lực đến ngày|Hết hiệu lực|Ngày giải thể|Ngày kết thúc"),
)
_MAIL = ("Email", "E-mail", "Mail", "Thư điện tử", "Địa chỉ thư", "Hộp thư", "Địa chỉ email", "Địa chỉ thư điện tử")
_PHONE = ("Điện thoại", "Số điện thoại", "SĐT", "ĐT", "Di động", "Điện thoại di động")
ROLE_COLUMNS: dict[str, PostRole | None] = {
    "leader": None,
    "head": PostRole.HEAD,
    "deputy": PostRole.DEPUTY,
    "officer": PostRole.OFFICER,
    "in_charge": PostRole.MEMBER_IN_CHARGE,
}
"""Name columns of a wide sheet and the post that each fills; None: the post that answers for the unit."""

_ROLE_NAMES = {
    "leader": ("Bí thư", "Người đứng đầu", "Bí thư/Thủ trưởng", "Họ và tên bí thư", "Tên bí thư", "Người phụ trách"),
    "head": ("Thủ trưởng", "Thủ trưởng cơ quan", "Thủ trưởng đơn vị"),
    "deputy": ("Phó bí thư",),
    "officer": ("Cán bộ theo dõi", "Chuyên viên theo dõi"),
    "in_charge": ("Cấp ủy viên phụ trách", "Ủy viên phụ trách", "Ủy viên Ban Thường vụ phụ trách", "Cấp ủy phụ trách"),
}
_ROLE_OWN = {
    "leader": ("", "bí thư", "người đứng đầu"),
    "head": ("thủ trưởng",),
    "deputy": ("phó bí thư", "phó"),
    "officer": ("cán bộ theo dõi", "theo dõi"),
    "in_charge": ("phụ trách", "cấp ủy viên phụ trách", "ủy viên phụ trách"),
}


def _wide() -> tuple[tuple[str, str, str], ...]:
    columns = []
    for key, called in _ROLE_NAMES.items():
        columns.append((key, called[0], "|".join(called)))
        for part, words in (("email", _MAIL), ("phone", _PHONE), ("person", ("Mã người", "Mã cán bộ", "Mã"))):
            names = [
                f"{word} {own}".strip() for own in _ROLE_OWN[key] for word in words if own or part != "person" or word != "Mã"
            ]
            columns.append((f"{key}:{part}", names[0], "|".join(names)))
    return tuple(columns)


UNITS = _schema(*_wide()) | _schema(*_TREE)
PEOPLE = _schema(
    _UNIT,
    ("person", "Mã người", "Mã cán bộ|Mã nhân sự|Mã đảng viên|Số thẻ đảng"),
    ("full_name", "Họ và tên", "Họ tên|Họ tên cán bộ|Họ và tên cán bộ|Tên người|Người giữ chức vụ"),
    ("email", _MAIL[0], "|".join(_MAIL)),
    ("phone", _PHONE[0], "|".join(_PHONE)),
    ("role", "Chức vụ", "Vai trò|Nhiệm vụ"),
    ("title", "Chức danh", "Chức danh đầy đủ|Tên chức vụ"),
    ("starts", "Từ ngày", "Giữ chức từ|Ngày bắt đầu|Bắt đầu"),
    ("ends", "Đến ngày", "Giữ chức đến|Ngày kết thúc|Kết thúc|Thôi giữ chức"),
)
IGNORED = frozenset({"stt", "tt", "so tt", "so thu tu", "ghi chu", "ten don vi", "don vi", "ten to chuc", "loai"})
