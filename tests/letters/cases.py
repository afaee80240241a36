"""Letters as they are in the middle of December 2025: one line of each tone, and a digest of three. Pure views."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hanchot.domain.instants import end_of
from hanchot.letters.view import TEMPLATES, Envelope, LateUnit, Line, Summary

TODAY = date(2025, 12, 16)  # a Tuesday
SCHOOL = "Chi bộ Trường THCS Nguyễn Trãi"
FILES = "Gửi hồ sơ đề nghị đánh giá, xếp loại chất lượng và đề nghị khen thưởng"
TOLD_TO = "Nguyễn Thị Ánh Tuyết"


def line(tone: str, unit: str = SCHOOL, days: int | None = 3, milestone: str = FILES, **more: Any) -> Line:
    """A line whose deadline lies ``days`` from the middle of December."""
    last_day = None if days is None else TODAY + timedelta(days)
    facts = {
        "rung": "T", "stage_vi": "tự đánh giá", "clause": "II.4", "plan": "Kế hoạch số 211-KH/ĐUK", "item_id": 10234,
        "url": "https://hanchot.khoi.example/items/10234", "last_day": last_day,
        "last_moment": end_of(last_day) if last_day else None,
    }  # fmt: skip
    return Line(tone=tone, unit=unit, days=days, milestone=milestone, **(facts | more))


def envelope(*lines: Line, **more: Any) -> Envelope:
    return Envelope(
        to_name=TOLD_TO, to_title=f"Bí thư {SCHOOL}", lines=lines, today=TODAY, sender="Ban Tổ chức Đảng ủy Khối",
        board_url="https://hanchot.khoi.example", ask="btc@khoi.example", **more,
    )  # fmt: skip


SUMMARY = Summary(
    cycle="Kiểm điểm, đánh giá, xếp loại chất lượng ở cơ sở", period="năm 2025", stage_vi="tự đánh giá", done=142,
    total=230, late=12, due_soon=40, undated=3, incidents=1, withheld=7, url="https://hanchot.khoi.example/cycles/k25",
    late_units=(LateUnit("Chi bộ Trạm Y tế", 9, "gửi hồ sơ"), LateUnit("Chi bộ Kho bạc", 2)),
)  # fmt: skip
ONE_OF_EACH = {
    "escalation": line("escalation", days=-3, holder_name="Trần Văn Bình", holder_phone="0900 000 001"),
    "overdue": line("overdue", days=-2),
    "due": line("due", days=0),
    "reminder": line("reminder", advised_day=date(2025, 12, 18), provisional=True, waits_for="kiểm điểm ở chi bộ"),
    "returned": line("returned", reason="thiếu biên bản họp"),
    "time_refused": line("time_refused", reason="lịch thẩm định đã chốt"),
    "time_asked": line("time_asked"),
    "extended": line("extended", was_day=date(2025, 12, 15)),
    "result": line("result", milestone="Thông báo kết quả"),
    "remediation": line("remediation", milestone="Khắc phục khuyết điểm về quản lý tài chính"),
    "stage_opened": line("stage_opened"),
    "opened": line("opened"),
    "chase": line("chase", days=None, milestone="Thông báo lịch thẩm định"),
    "renewal": line(
        "renewal",
        "Đảng ủy Khối",
        None,
        "Xem kế hoạch năm 2026",
        clause="",
        plan="",
        reason="10 mốc chuyển sang năm 2026, 2 mốc rơi vào ngày nghỉ; 124-QĐ/TW đã thay bằng 366-QĐ/TW",
        url="https://hanchot.khoi.example/plans/khoi-2025/renew?year=2026",
    ),
    "summary": line("summary", "Năm 2025", 0, "đã xong 142/230, 12 quá hạn"),
}
assert set(ONE_OF_EACH) == set(TEMPLATES)
DIGEST = envelope(ONE_OF_EACH["reminder"], line("overdue", "Chi bộ Trạm Y tế", -2), line("due", "Chi bộ Kho bạc", 0), more=4)


def of_tone(tone: str) -> Envelope:
    """An envelope with one line of a tone."""
    return envelope(ONE_OF_EACH[tone], summaries=(SUMMARY,) if tone == "summary" else ())
