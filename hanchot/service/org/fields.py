"""One cell at a time: what a person typed, as a code, name, kind, role, day, address or telephone number.

Each reader takes a cell's value and gives what it means, or raises ``Unreadable`` with the reason and the way out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from datetime import date, datetime, timedelta
from difflib import get_close_matches

from hanchot.domain.unit import PostRole, UnitKind
from hanchot.reader.sheets import Broken, Formula, Value

MAX_NAME = 300
MAX_CODE = 64
_EXCEL_DAY_ZERO = date(1899, 12, 30)  # Excel counts days from here (its 1900 was a leap year)
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]")


class Unreadable(ValueError):
    """A cell that cannot be meant; ``way_out`` says what to type instead."""

    def __init__(self, reason: str, way_out: str) -> None:
        self.reason, self.way_out = reason, way_out
        super().__init__(f"{reason}; {way_out}")


def fold(text: str) -> str:
    """For comparing: no marks, lower case, words apart by one space. ``Mã đơn vị (*)`` gives ``ma don vi``."""
    bare = unicodedata.normalize("NFD", re.sub(r"\([^)]*\)", " ", text.replace("Đ", "D").replace("đ", "d")))
    plain = "".join(c for c in bare if not unicodedata.combining(c)).lower()
    return " ".join(re.findall(r"[^\W_]+", plain))


def text_of(value: Value) -> str:
    """As the person saw it, in NFC with single spaces. Unreadable: a formula, an Excel error, a control character."""
    if isinstance(value, Formula):
        raise Unreadable("ô chứa công thức", "chép rồi dán dạng giá trị (Paste Values)")
    if isinstance(value, Broken):
        raise Unreadable("ô chứa lỗi của Excel", "gõ lại giá trị")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    text = unicodedata.normalize("NFC", str(value)).strip()
    if bad := next((c for c in text if unicodedata.category(c) == "Cc" and c not in "\t\n\r"), None):
        raise Unreadable(f"có ký tự điều khiển U+{ord(bad):04X}", "gõ lại, không dán")
    return text


def code(value: Value) -> str:
    """A code: no blanks inside."""
    text = text_of(value)
    if len(text) > MAX_CODE or re.search(r"\s", text):
        raise Unreadable("mã có khoảng trắng hoặc quá dài", f"viết liền, không quá {MAX_CODE} ký tự, ví dụ KHOI-01")
    return text


def name(value: Value) -> str:
    text = " ".join(text_of(value).split())
    if len(text) > MAX_NAME:
        raise Unreadable(f"tên dài {len(text)} ký tự", f"rút còn không quá {MAX_NAME} ký tự")
    if not any(c.isalpha() for c in text):
        raise Unreadable("tên không có chữ nào", "gõ tên đầy đủ")
    return text


def day(value: Value) -> date:
    """dd/mm/yyyy, ISO, an Excel date cell or its serial number; a local day between 1930 and 2100."""
    found = _serial(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None
    if isinstance(value, date):
        found = value.date() if isinstance(value, datetime) else value
    if found is None:
        found = _written_day(text_of(value))
    if not 1930 <= found.year <= 2100:
        raise Unreadable(f"năm {found.year} ngoài khoảng 1930-2100", "viết đủ bốn chữ số của năm, ví dụ 01/07/2025")
    return found


def _serial(value: float) -> date:
    if 10_000 <= value <= 80_000:
        return _EXCEL_DAY_ZERO + timedelta(days=int(value))
    raise Unreadable("không phải ngày", "viết ngày/tháng/năm, ví dụ 01/07/2025")


def _written_day(text: str) -> date:
    local = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text)
    iso = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?)?", text)
    if not local and not iso:
        raise Unreadable("không đọc được thành ngày", "viết ngày/tháng/năm với đủ bốn chữ số của năm, ví dụ 01/07/2025")
    d, m, y = map(int, local.groups() if local else reversed(iso.groups()))  # type: ignore[union-attr]
    try:
        return date(y, m, d)
    except ValueError:
        hint = "hình như tháng và ngày bị đổi chỗ: " if m > 12 >= d else ""
        raise Unreadable("không phải ngày có thật", f"{hint}viết ngày/tháng/năm, ví dụ 01/07/2025") from None


def address(value: Value) -> str:
    """One e-mail address that every relay takes: ASCII, no blanks, no line breaks. The domain in lower case."""
    if isinstance(value, str) and re.search(r"[\r\n]", value):
        raise Unreadable("địa chỉ có dấu xuống dòng", "để đúng một địa chỉ trên một dòng")
    text = text_of(value)
    if text.count("@") > 1 or re.search(r"[,;]", text):
        raise Unreadable("một ô có nhiều địa chỉ", "mỗi người một địa chỉ; người khác ghi ở dòng khác")
    if re.search(r"\s", text):
        raise Unreadable("địa chỉ có khoảng trắng", "xóa khoảng trắng")
    if odd := next((c for c in text if not c.isascii()), None):
        called = unicodedata.name(odd, "không tên").lower()
        raise Unreadable(f"địa chỉ có ký tự “{odd}” ngoài bảng ASCII ({called})", "gõ lại bằng bàn phím không dấu")
    local, at, domain = text.partition("@")
    if not at or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain) or len(local) > 64 or len(text) > 254:
        raise Unreadable("địa chỉ thư không đúng dạng", "viết như ten@donvi.vn; chưa có thì để trống")
    return f"{local}@{domain.lower()}"


def phone(value: Value) -> str:
    """7 to 15 digits, with the marks that people put between them; a leading 0 that Excel has eaten is put back."""
    text = " ".join(text_of(value).split())
    if isinstance(value, (int, float)) and len(text) == 9:
        text = f"0{text}"
    if not re.fullmatch(r"\+?[\d .()/-]+", text) or not 7 <= sum(c.isdigit() for c in text) <= 15:
        raise Unreadable("không phải số điện thoại", "viết 7 đến 15 chữ số, ví dụ 0912 345 678; chưa có thì để trống")
    return text


_KINDS = {fold(kind.vi): kind for kind in UnitKind} | {fold(kind): kind for kind in UnitKind}
_KINDS |= {
    "ban thuong vu": UnitKind.STANDING_COMMITTEE,
    "ban xay dung dang": UnitKind.ORGANISATION_DEPARTMENT,
    "van phong": UnitKind.OFFICE,
    "co quan tham muu giup viec": UnitKind.ADVISORY_BODY,
    "tham muu": UnitKind.ADVISORY_BODY,
    "uy ban nhan dan": UnitKind.GOVERNMENT,
    "hoi dong nhan dan": UnitKind.GOVERNMENT,
    "ubnd": UnitKind.GOVERNMENT,
    "hdnd": UnitKind.GOVERNMENT,
    "chinh quyen": UnitKind.GOVERNMENT,
    "mat tran": UnitKind.FRONT,
    "mat tran to quoc": UnitKind.FRONT,
    "doan the": UnitKind.FRONT,
    "to chuc chinh tri xa hoi": UnitKind.FRONT,
    "co quan": UnitKind.AGENCY,
    "don vi": UnitKind.AGENCY,
    "don vi su nghiep": UnitKind.AGENCY,
    "tap the lanh dao": UnitKind.LEADERSHIP,
    "dang uy co so": UnitKind.GRASSROOTS_COMMITTEE,
    "chi bo truc thuoc dang uy co so": UnitKind.CELL,
    "dang uy bo phan": UnitKind.SECTION_COMMITTEE,
    "chi bo truc thuoc dang uy bo phan": UnitKind.CELL_OF_SECTION,
    "dang uy xa": UnitKind.COMMUNE_COMMITTEE,
    "dang uy phuong": UnitKind.COMMUNE_COMMITTEE,
}
_ROLES = {fold(role.vi): role for role in PostRole} | {fold(role): role for role in PostRole}
_ROLES |= {
    "nguoi dung dau": PostRole.HEAD,
    "uy vien phu trach": PostRole.MEMBER_IN_CHARGE,
    "phu trach": PostRole.MEMBER_IN_CHARGE,
}
_ROLE_BEGINS = (
    ("pho bi thu", PostRole.DEPUTY),
    ("bi thu", PostRole.SECRETARY),
    *(
        (word, PostRole.HEAD)
        for word in ("truong", "chanh", "chu tich", "giam doc", "hieu truong", "cuc truong", "vien truong")
    ),
    ("chuyen vien", PostRole.OFFICER),
    ("can bo", PostRole.OFFICER),
    ("cap uy vien", PostRole.MEMBER_IN_CHARGE),
    ("uy vien", PostRole.MEMBER_IN_CHARGE),
)


def kind(value: Value) -> UnitKind:
    """A kind by its code or Vietnamese name. A bare ‘chi bộ’ or ‘đảng bộ’ means several kinds and is asked back."""
    text = text_of(value)
    if found := _KINDS.get(fold(text)):
        return found
    if fold(text) in ("chi bo", "dang bo"):
        same = [one.vi for one in UnitKind if fold(one.vi).startswith(fold(text))]
        raise Unreadable("chưa rõ loại nào", f"chọn một trong: {', '.join(same)}")
    close = get_close_matches(fold(text), _KINDS, n=1, cutoff=0.5)
    hint = f"có phải “{_KINDS[close[0]].vi}”? " if close else ""
    raise Unreadable("không có loại này", f"{hint}Xem các loại trong sheet “Danh mục” của tệp mẫu")


def role(value: Value) -> tuple[PostRole, str | None]:
    """(role, title). A full title such as ‘Trưởng ban’ says the role by how it begins and is kept as the title."""
    text = " ".join(text_of(value).split())
    if found := _ROLES.get(fold(text)):
        return found, None
    for begins, meant in _ROLE_BEGINS:
        if fold(text).startswith(begins):
            return meant, text
    raise Unreadable("không rõ chức vụ nào", f"chọn một trong: {', '.join(one.vi for one in PostRole)}")


def closest(text: str, known: Collection[str]) -> str:
    """‘có phải “…”? ’ or nothing; not looked for among thousands, where each search would take a second."""
    close = get_close_matches(text, known, n=1, cutoff=0.6) if len(known) <= 3_000 else []
    return f"có phải “{close[0]}”? " if close else ""
