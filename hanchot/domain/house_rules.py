"""Bases that are not in any document: what the product itself demands, shown as such and never as a law."""

from __future__ import annotations

from hanchot.domain.cited import Cited

_OWN = "Hạn Chót"
NO_TEXT = Cited(document="chưa có văn bản", clause="—", unverified=True, note="kế hoạch và quy định được nêu đều không nói")
ONE_PLACE = Cited(document=_OWN, clause="lịch dự", note="quy tắc của phần mềm: một người không dự hai nơi cùng lúc")
FOUR_EYES = Cited(
    document=_OWN, clause="hai người", note="quy tắc của phần mềm: người ghi không tự xác nhận, người duyệt là người khác"
)
SNAPSHOT = Cited(
    document=_OWN, clause="quyết định", note="quy tắc của phần mềm: kết quả đã quyết định có số, ngày; muốn sửa phải mở lại"
)
RECORD = Cited(document=_OWN, clause="ghi nhận", note="quy tắc của phần mềm: việc gì cũng có người, có ngày, có chứng từ")
