"""The head of the document: number, date, issuer, year."""

from __future__ import annotations

from collections.abc import Iterator

from hanchot.domain.checks.subject import Subject, words
from hanchot.domain.finding import Said

# Words that every issuer shares; what is left of its name is its own.
_COMMON = words("ban thường vụ chấp hành đảng bộ ủy tỉnh thành huyện thị xã phường quận khối trực thuộc cơ sở của đặc khu")


def missing_number(s: Subject) -> Iterator[Said]:
    if s.document.number is None:
        yield Said(
            "Văn bản không có số.",
            "The document has no number.",
            "Lấy số ở văn thư của nơi ban hành rồi ghi vào lịch (document.number); chưa có số thì còn là dự thảo.",
            "Ask the issuer's registry and write it into document.number; without a number it is still a draft.",
        )


def missing_issue_date(s: Subject) -> Iterator[Said]:
    if s.document.issued_on is not None:
        return
    earliest = s.issued_at_earliest
    since = f" Không thể ban hành trước {earliest[1]}." if earliest else ""
    since_en = f" It cannot have been issued before {earliest[2]}." if earliest else ""
    yield Said(
        f"Văn bản không có ngày ban hành.{since}",
        f"The document has no date of issue.{since_en}",
        "Ghi ngày ký vào lịch (document.issued_on) khi có bản chính thức.",
        "Write the day of signing into document.issued_on once the signed copy is there.",
    )


def missing_issuer(s: Subject) -> Iterator[Said]:
    issuer = s.document.issuer
    if words(issuer) <= _COMMON:
        yield Said(
            f"Cơ quan ban hành chỉ ghi “{issuer}”, không có tên riêng.",
            f"The issuer is only “{issuer}”, without a proper name.",
            "Ghi thêm tên địa phương, đơn vị (document.issuer) để thư nhắc nói rõ của nơi nào.",
            "Add the place or body to document.issuer, so that letters say whose plan it is.",
        )


def missing_year(s: Subject) -> Iterator[Said]:
    if s.plan.year or s.document.year:
        return
    read = f"các hạn dưới đây tính cho năm {s.year}" if s.year else "chưa tính ra ngày nào"
    read_en = f"the dates below are those of {s.year}" if s.year else "no date has been worked out"
    yield Said(
        f"Văn bản dùng cho mọi năm, không nêu năm kiểm điểm; {read}.",
        f"The document serves every year and names none; {read_en}.",
        "Chọn năm cần xem.",
        "Choose the year to look at.",
    )


def unconfirmed(s: Subject) -> Iterator[Said]:
    if s.plan.unconfirmed:
        yield Said(
            "Lịch lập từ văn bản, chưa có người xác nhận; chưa mở được đợt.",
            "The calendar was drafted from a document and nobody has confirmed it; no cycle opens.",
            "Xem từng mốc với câu gốc rồi xác nhận.",
            "Look at each duty beside its sentence, then confirm.",
        )


def provisional_dates(s: Subject) -> Iterator[Said]:
    if s.plan.provisional:
        origin = f" ({s.plan.carried_from})" if s.plan.carried_from else ""
        yield Said(
            f"Ngày và căn cứ còn tạm tính theo kế hoạch năm trước{origin}.",
            f"Dates and bases are provisional, carried over from last year's plan{origin}.",
            "Thay bằng kế hoạch chính thức khi được ban hành, rồi kiểm tra lại.",
            "Replace it with the real plan once that is issued, and check again.",
        )
    for year in sorted({line.day.year for line in s.dated.lines if line.day} & s.workdays.provisional):
        yield Said(
            f"Lịch nghỉ năm {year} còn tạm tính: chưa có thông báo chính thức.",
            f"The days off of {year} are provisional: the official notice is not out.",
            f"Sửa calendars/workdays/{year}.yaml khi có thông báo rồi kiểm tra lại.",
            f"Mend calendars/workdays/{year}.yaml when the notice is out, and check again.",
        )
