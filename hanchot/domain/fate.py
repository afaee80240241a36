"""What became of an envelope, and what kinds of incidents there are, in the words of pages and lists."""

from __future__ import annotations

FATE_VI = {
    "queued": "Chờ gửi",
    "claimed": "Đang gửi",
    "accepted": "Máy chủ thư đã nhận",
    "retry": "Sẽ gửi lại",
    "failed": "Không gửi được",
    "uncertain": "Chưa rõ đã đến máy chủ thư chưa",
    "superseded": "Thôi gửi: không còn cần",
    "withheld": "Giữ lại",
    "skipped": "Bỏ qua",
    "expired": "Quá thời gian gửi",
    "bounced": "Bị trả về",
}
INCIDENT_VI = {
    "hold": "Tạm giữ thư",
    "organisation": "Tổ chức",
    "sweep": "Quét hạn",
    "prefect": "Prefect",
    "mail": "Thư",
    "template": "Mẫu thư",
    "sign_in": "Đăng nhập",
}
