"""What the log says of events that stand in no item's history: people, rights, mail, templates; and the kinds of events."""

from __future__ import annotations

from hanchot.board.language import gettext as _

EVENTS_VI = {
    "post.appointed": "ghi người giữ chức vụ", "post.vacated": "ghi chức vụ khuyết", "person.corrected": "sửa thông tin người",
    "org.founded": "ghi cấp ủy", "org.imported": "nhập danh sách tổ chức", "org.sample": "nạp danh sách mẫu",
    "org.sample_left": "bỏ danh sách mẫu",
    "access.granted": "cấp quyền", "access.ended": "thu lại quyền", "sign_in": "đăng nhập", "sign_out": "kết thúc phiên",
    "step_up": "xác nhận lại bằng mã", "sign_in.printed": "in mã đăng nhập", "mail.real_on": "bật gửi thật",
    "mail.real_off": "tắt gửi thật", "mail.allowed": "thêm địa chỉ cho phép", "mail.disallowed": "bỏ địa chỉ cho phép",
    "mail.held": "giữ mọi thư", "mail.released": "cho gửi tiếp", "mail.tried": "gửi thư thử",
    "template.replaced": "thay mẫu văn bản", "template.restored": "về mẫu văn bản gốc", "stage.opened": "mở bước",
    "stage.closed": "đóng bước", "stage.overrun": "bước quá hạn", "document.received": "đưa văn bản vào",
    "document.read": "đọc xong văn bản", "document.not_read": "không đọc được văn bản",
    "document.read_again": "đọc lại văn bản", "document.discarded": "bỏ văn bản chưa đọc được",
    "cycle.closed": "đóng đợt", "cycle.amended": "sửa đợt", "cycle.reopened": "mở lại đợt",
    "list.exported": "tải danh sách", "paper.exported": "xuất văn bản", "tracking.imported": "nhập bảng theo dõi",
    "paper.handed_in": "nộp giấy", "paper.waived": "miễn giấy", "paper.withdrawn": "rút giấy",
    "dossier.described": "ghi người của hồ sơ", "dossier.fact": "ghi điều kiện của hồ sơ", "set.received": "nhận hồ sơ",
    "meeting.booked": "đăng ký hội nghị", "meeting.moved": "đổi giờ họp", "meeting.attended": "ghi người dự",
    "meeting.approved": "thống nhất thời gian họp", "meeting.papers": "ghi ngày gửi dự thảo",
    "meeting.cancelled": "hủy hội nghị", "meeting.held": "ghi đã họp", "opinion.asked": "hỏi ý kiến",
    "opinion.received": "nhận ý kiến", "opinion.waived": "thôi hỏi ý kiến", "topic.drafted": "dự thảo gợi ý",
    "topic.rewritten": "sửa gợi ý", "topic.decided": "duyệt gợi ý", "topic.issued": "gửi gợi ý",
    "topic.answered": "giải trình gợi ý", "topic.dropped": "bỏ gợi ý", "subjects.named": "lập danh sách đối tượng",
    "subjects.committees": "ghi chi bộ có chi ủy hay không", "subjects.imported": "nhập danh sách đảng viên",
    "subjects.member_added": "thêm đảng viên", "subjects.taken_out": "đưa ra khỏi danh sách",
    "subjects.facts": "sửa thông tin đảng viên",
    "ballot.entered": "nhập biên bản kiểm phiếu", "ballot.confirmed": "hai biên bản khớp",
    "ballot.disputed": "hai biên bản lệch",
    "rating.self": "ghi tự xếp loại", "rating.proposed": "đề nghị mức", "rating.appraised": "thẩm định mức",
    "complaint.registered": "ghi nhận kiến nghị", "complaint.kept": "trả lời kiến nghị: giữ nguyên",
    "complaint.reopened": "trả lời kiến nghị: mở lại",
    "incident.seen": "nhận xử lý sự cố", "incident.settled": "xong sự cố", "decision.drafted": "lập dự thảo quyết định",
    "decision.confirmed": "xác nhận quyết định", "decision.withdrawn": "rút dự thảo quyết định",
    "rating.reopened": "mở lại kết quả", "rules.settled": "chọn cách hiểu quy định",
    "remediation.opened": "mở kế hoạch khắc phục", "remediation.concluded": "kết luận khắc phục",
    "plan.drafted": "dự thảo kế hoạch", "plan.confirmed": "xác nhận kế hoạch", "plan.renewed": "lập lại kế hoạch",
    "draft.decided": "xem một câu của văn bản", "draft.reopened": "xem lại một câu", "draft.confirmed": "xác nhận văn bản",
    "draft.dropped": "bỏ bản dự thảo", "mail.again": "gửi lại thư", "mail.withheld": "giữ lại thư",
    "mail.unwithheld": "gửi thư đã giữ", "database.restored": "khôi phục từ bản sao lưu",
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
    "list": "xuất danh sách", "set": "nhận hồ sơ", "subjects": "đối tượng", "rules": "quy định", "tracking": "bảng theo dõi",
    "database": "cơ sở dữ liệu",
}  # fmt: skip


def group_vi(group: str) -> str:
    """``thư``, ``chức vụ``, ``đăng nhập`` …: the kind of an event."""
    return _(_GROUPS_VI.get(group, group))
