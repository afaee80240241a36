"""What the log says of events that stand in no item's history: people, rights, mail, templates; and the kinds of events."""

from __future__ import annotations

from hanchot.board.language import gettext as _

EVENTS_VI = {
    "post.appointed": "ghi người giữ chức vụ", "post.vacated": "ghi chức vụ khuyết", "person.corrected": "sửa thông tin người",
    "org.founded": "ghi cấp ủy", "org.imported": "nhập danh sách tổ chức", "org.sample": "nạp danh sách mẫu",
    "access.granted": "cấp quyền", "access.ended": "thu lại quyền", "sign_in": "đăng nhập", "sign_out": "kết thúc phiên",
    "step_up": "xác nhận lại bằng mã", "sign_in.printed": "in mã đăng nhập", "mail.real_on": "bật gửi thật",
    "mail.real_off": "tắt gửi thật", "mail.allowed": "thêm địa chỉ cho phép", "mail.disallowed": "bỏ địa chỉ cho phép",
    "mail.held": "giữ mọi thư", "mail.released": "cho gửi tiếp", "mail.tried": "gửi thư thử",
    "template.replaced": "thay mẫu văn bản", "template.restored": "về mẫu văn bản gốc", "stage.opened": "mở bước",
    "stage.closed": "đóng bước", "stage.overrun": "bước quá hạn", "document.received": "đưa văn bản vào",
    "document.read": "đọc xong văn bản", "document.not_read": "không đọc được văn bản",
    "document.read_again": "đọc lại văn bản", "document.discarded": "bỏ văn bản chưa đọc được",
    "cycle.closed": "đóng đợt", "cycle.amended": "sửa đợt", "cycle.reopened": "mở lại đợt",
}  # fmt: skip
# The word before the dot of an event's action; what is not here stands as it is.
_GROUPS_VI = {
    "item": "việc", "cycle": "đợt", "mail": "thư", "post": "chức vụ", "person": "người", "org": "tổ chức",
    "access": "quyền", "sign_in": "đăng nhập", "sign_out": "kết thúc phiên", "step_up": "xác nhận lại",
    "template": "mẫu văn bản", "unit": "ngày của tổ chức", "milestone": "hạn", "time": "thêm thời gian",
    "rating": "xếp loại", "ballot": "phiếu", "decision": "quyết định", "plan": "kế hoạch", "document": "văn bản",
    "incident": "sự cố", "dossier": "hồ sơ", "paper": "giấy tờ", "export": "xuất danh sách", "letter": "tin",
    "envelope": "thư gửi lại", "stage": "bước", "meeting": "họp", "opinion": "ý kiến", "topic": "chuyên đề",
    "shortcoming": "hạn chế", "remediation": "khắc phục", "bulk": "làm nhiều việc", "feed": "lịch riêng", "draft": "bản đọc",
}  # fmt: skip


def group_vi(group: str) -> str:
    """``thư``, ``chức vụ``, ``đăng nhập`` …: the kind of an event."""
    return _(_GROUPS_VI.get(group, group))
