"""Is it a duty? The words that make a date a deadline, and those that make it history, an event, or a period."""

from __future__ import annotations

import re

from hanchot.reader.grammar.spelling import fold


def _words(table: str) -> tuple[str, ...]:
    """The words of a table, as they are written: parted by bars, broken anywhere."""
    return tuple(" ".join(word.split()) for word in table.split("|"))


# a date beside one of these is somebody's duty
DUTY = _words("""
    hoàn thành | hoàn tất | hoàn thiện | gửi | nộp | báo cáo | tổ chức | tiến hành | thực hiện | triển khai | trình | đăng
    ký | thông báo | công khai | công bố | ban hành | xong | kiểm điểm | đánh giá | xếp loại | thẩm định | tổng hợp | rà
    soát | lấy ý kiến | tham mưu | xem xét | quyết định | phê duyệt | bổ sung | khắc phục | họp | cập nhật | lập | xây
    dựng | quán triệt | phổ biến | kết thúc | chuyển | mời | sơ kết | tổng kết | nhận xét | phản hồi | cho ý kiến | lưu |
    bàn giao | niêm yết | đề nghị | giải quyết | kiểm tra | giám sát | trả lời | nhập | góp ý | chấm điểm | ký | tự đánh
    giá | đề xuất | tiếp nhận | lùi | gia hạn | kéo dài | thông qua | phân công | hướng dẫn | bỏ phiếu | biểu quyết | kê
    khai | gợi ý | nhận hồ sơ
""")

# said right before a date, these make it something else: who was admitted, what is in force, figures counted to a day
HISTORY = _words("""
    kết nạp | bổ nhiệm | bổ nhiệm lại | tuyển dụng | nghỉ hưu | sinh | thành lập | hiệu lực | hiệu lực thi hành | tính đến
    | tính | số liệu | phát sinh | luân chuyển | điều động | chuyển đến | chuyển công tác | chuyển sinh hoạt | biệt phái |
    giai đoạn | nhiệm kỳ | kỷ niệm | thôi việc | áp dụng | giữ chức vụ | nhận nhiệm vụ | nhận công tác | thai sản | được
    bầu | ký hợp đồng | vào đảng | được ban hành | diễn ra | xảy ra | thay thế | sáp nhập | vi phạm | kỷ luật | khai giảng
    | chính thức | nghỉ | mới | có mặt | nghỉ thai sản | công tác từ | thời gian công tác | hợp nhất | giải thể
""")
_PAST = re.compile(r"(?<!\w)đã(?!\w)[^,;.]{0,40}$")

# the gatherings that a lead counts from: “trước 03 ngày tổ chức kiểm điểm”
GATHERINGS = _words("""
    tổ chức | họp | hội nghị | cuộc họp | phiên họp | kiểm điểm | tiến hành | diễn ra | đánh giá | xếp loại | bỏ phiếu |
    biểu quyết | khai mạc | buổi | cuộc | sinh hoạt | kỳ họp | lấy phiếu | công bố| thời hạn | cho
""")

# said just before “trong quý I”, “trong tháng 12”: the period that is looked at, not the time for a duty
PERIOD = _words("""
    kết quả | nhiệm vụ | được giao | công việc | phát sinh | số liệu | công tác | kết quả thực hiện | hoạt động | thành
    tích | khuyết điểm | vi phạm | xếp loại | đánh giá | kế hoạch | chương trình | chỉ tiêu | mức độ hoàn thành | sản phẩm
    | kỳ | tiến độ | chất lượng | tình hình | hoàn thành nhiệm vụ | tự đánh giá | việc thực hiện nhiệm vụ | đạt được | kết
    quả công tác
""")

# what an order of work can stand before; “trước khi ra về” is none
ORDER_EVENTS = _words("""
    kiểm điểm | đánh giá | xếp loại | tổng kết | họp | hội nghị | bỏ phiếu | biểu quyết | thẩm định | quyết định | trình |
    công bố | ban hành | gửi | báo cáo | thông báo | tổ chức | tiến hành | lấy phiếu | bình xét | xem xét | nộp | phê
    duyệt | kết thúc | bế giảng | nghỉ hè | nghỉ tết | đại hội
""")
# “số liệu đến hết ngày 30/11”, “trễ hạn 10/4”: figures counted to a day, and deadlines that are past
_FIGURES = re.compile(r"(?:số liệu|chỉ tiêu|tỷ lệ|thu ngân sách|tổng số|lũy kế|thống kê|tình hình)[^;.]{0,70}$")
_LATE = re.compile(r"(?:trễ|quá|chậm|muộn|trước)\s*$")
_LONG_PAST = re.compile(r"(?<!\w)đã được(?!\w)[^,;.]*$")
_NOT_BEFORE = re.compile(
    r"(?<!\w)(?:(?:không|chưa)\s+(?:họp|tổ chức|tiến hành|nộp|gửi|được|kiểm điểm|thực hiện)\s+|từ\s+)$"
)  # “không họp trước ngày 10/11”, “từ trước ngày …”
# verbs of somebody's doing; “kiểm điểm”, “đánh giá” and “kết quả” are also the names of what is looked at
_DOING = re.compile(
    r"(?<!\w)(?:hoàn thành|hoàn tất|tổ chức|xong|tiến hành|quyết định|họp|báo cáo|gửi|nộp|trình|công bố|thông báo|ban hành|"
    r"xem xét|rà soát|thẩm định|triển khai|khắc phục|lập|xây dựng)(?!\w)"
)
_GOES_ON = re.compile(r"\s*(?:xong\s*)?(?:trước|chậm|muộn|xong|đến hết)(?!\w)")  # the true deadline follows
_COLON = re.compile(r":\s*(?=(?:từ|trong|đến hết|hết|các|vào)?\s*(?:ngày|tuần|các)?\s*[\ue000-\uf8fe])")
_COUNTED = re.compile(
    r"(?:số liệu|kỳ|mốc|thời kỳ|giai đoạn|hiệu lực|nhiệm kỳ|khai mạc|bế mạc|hội nghị|căn cứ|ví dụ|số điện thoại|điện thoại)[^:;.]{0,40}$"
)
_OPENS = re.compile(
    r"\s*[-+*•]?\s*(?:\w{1,4}[.)-]\s+)?(?:từ\s|trong\s|ngày\s)?\s*[\ue000-\uf8ff]+(?:\s*(?:đến|tới|-)\s*(?:hết\s)?[\ue000-\uf8ff]+)?\s*:"
)
_ELSEWHERE = re.compile(r"theo (?:kế hoạch|quyết định|thông báo|nghị quyết|công văn|quy định) số|thử nghiệm|học sinh|kỳ thi|đã")
_STEP = re.compile(r"(?:bước|giai đoạn|đợt|vòng)\s+\w{1,3}\s*$")
_RECEIPTS = _words("""
    nhận | có  | kết thúc | tổ chức | họp | ban hành | ký | công bố | công khai | hội nghị | khi | thông báo | hoàn thành
    | được | bế mạc | cuộc họp | niêm yết
""")
_NOT_A_TURN = re.compile(r"(?:năm|kỳ|lần|đợt|ngày|quý|tháng|tuần|nhiệm kỳ|phía|đi|như|cũ|giai đoạn|học kỳ|bước)\s*$")
_HELD_EVENT = re.compile(r"\bđịa điểm\b|\btại hội trường\b|\bkhai mạc\b")


def _any(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(sorted((fold(word) for word in words), key=len, reverse=True))})(?!\w)")


_HELD_WORDS = tuple(fold(word) for word in GATHERINGS)
_DUTY, _HISTORY, _PERIOD, _ORDER = _any(DUTY), _any(HISTORY), _any(PERIOD), _any(ORDER_EVENTS)


def is_duty(kind: str, sentence: str, start: int, end: int, *, firm: bool, labelled: bool) -> bool:
    """Whether the folded ``sentence`` makes the phrase at ``start``…``end`` somebody's duty."""
    near = sentence[max(0, start - 45) : start]
    if kind == "order":
        return _is_order(sentence, start, end)
    if kind not in ("before", "by", "within"):
        return firm or (bool(_DUTY.search(sentence)) and _speaks_alone(sentence, start, end))
    if _PAST.search(near) or _NOT_BEFORE.search(near):
        return False
    if labelled:
        return not _HELD_EVENT.search(sentence[end:])
    if _history(near) or (sentence.startswith("trong", start) and _period(near)):
        return False
    if firm:
        return _speaks_alone(sentence, start, end)
    if kind == "by" and (_FIGURES.search(sentence[:start]) or _LATE.search(sentence[:start])):
        return False
    if re.match(r"\s*(?:đến|tới|-)\s", sentence[end:]) or _LONG_PAST.search(sentence[max(0, start - 110) : start]):
        return False
    if kind == "within" and (_GOES_ON.match(sentence, end) or not _opens_or_is_led(sentence, start)):
        return False
    said = _DUTY.search(_segment(sentence, start)) or _DUTY.search(sentence[start:end]) or _DUTY.search(_rest(sentence, end))
    return bool(said) and not _HELD_EVENT.search(sentence) and _speaks_alone(sentence, start, end)


def _opens_or_is_led(sentence: str, start: int) -> bool:
    """“cuối tháng 12 hoàn thiện sổ”: a month with no word before it is a duty's only where it opens its part of the sentence."""
    bare = re.match(
        r"(?:đầu |giữa |cuối |tuần |nửa |hạ tuần |thượng tuần |trung tuần |\d+ ngày )?[^;,.]{0,20}?(?:tháng|quý)",
        sentence[start:],
    )
    led = re.match(
        r"(?:từ|trong|vào|đến|hết|xong|hoàn|thực hiện|tiến|tổ chức|triển|các|kỳ|cuộc|buổi|phiên|hội|khắc|giải)",
        sentence[start:],
    )
    return led is not None or bare is None or not sentence[:start].strip(" -+*") or sentence[:start].rstrip()[-1:] in ",;:.)"


def leads_to_a_time(text: str) -> int | None:
    """Where a time begins that follows a colon (“Chi bộ trực thuộc: từ ngày …”) or opens the sentence before one; else None.

    ``text`` is annotated. What counts figures or names a period before its colon is left alone.
    """
    if found := _COLON.search(text):
        return None if _COUNTED.search(text[: found.start()]) else found.end()
    opened = _OPENS.match(text)
    return 0 if opened and _DUTY.search(text[opened.end() :]) else None


def _aside(sentence: str, start: int) -> str | None:
    """What stands in the brackets around ``start``, before it; None outside brackets."""
    before = sentence[:start]
    return before.rsplit("(", 1)[1] if before.rfind("(") > before.rfind(")") else None


def _speaks_alone(sentence: str, start: int, end: int) -> bool:
    """A time in brackets is a duty's only where the brackets hold the duty, or close to it stands one: “Bước 2 (từ …)”."""
    aside = _aside(sentence, start)
    if aside is None:
        return True
    inside = aside + sentence[start:].split(")", 1)[0]
    outside = " ".join(sentence[:start].rsplit("(", 1)[0].split()[-5:])
    only_time = not aside.strip() and not sentence[end:].split(")", 1)[0].strip(" ,.")
    if _DUTY.search(inside) and not _ELSEWHERE.search(inside):
        return True
    return only_time and bool(_DOING.search(outside) or _STEP.search(outside))


def is_receipt(event: str) -> bool:
    """Whether ``event`` (folded) is something that arrives or ends, so that days can be counted from it."""
    return event.lstrip().startswith(_RECEIPTS)


def is_held(event: str) -> bool:
    """Whether ``event`` (folded) is a gathering that can be counted back from."""
    return event.lstrip().startswith(_HELD_WORDS)


def _history(near: str) -> bool:
    """A word of history stands right before the phrase (two words between at most), or the past tense does."""
    for last in _HISTORY.finditer(near):
        if len(near[last.end() :].split()) <= 2 and not _DUTY.search(near[last.end() :]):
            return True
    return bool(_PAST.search(near))


def _period(near: str) -> bool:
    """“kết quả công tác trong quý III”: a name of what is looked at stands right before, and nobody does anything."""
    last = next(reversed(list(_PERIOD.finditer(near))), None)
    return last is not None and not near[last.end() :].strip(" ,") and not _DOING.search(near)


def _is_order(sentence: str, start: int, end: int) -> bool:
    said = sentence[start:end]
    if re.match(r"sau khi (?:có|được|kết thúc|hoàn thành)", said) and not re.search(r"\b(?:thì|mới|xong|đã)\b", said):
        return start <= 8 and bool(_DUTY.search(sentence[end:]))
    if said.startswith("trước ngày"):
        return bool(_ORDER.match(said[len("trước ngày") :].strip())) and bool(_DUTY.search(sentence[:start]))
    if said.startswith("trước") and "tổng kết" in said:
        return bool(_DUTY.search(sentence[:start]))
    if "trước khi" in said:
        return bool(_ORDER.search(said)) and bool(_DUTY.search(sentence[:start]) or _DUTY.search(sentence[end:]))
    if said.lstrip().startswith("trước"):
        return not _NOT_A_TURN.search(sentence[:start])
    return True


def _segment(sentence: str, start: int) -> str:
    return re.split(r"[;]", sentence[:start])[-1]


def _rest(sentence: str, end: int) -> str:
    return re.split(r"[;.]", sentence[end:])[0]
