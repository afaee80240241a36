"""Who does it and to whom it goes, as the sentence words it."""

from __future__ import annotations

import re

from hanchot.reader.grammar.spelling import fold

_LEAD = re.compile(r"^(?:[-+*•]\s*|\(?[\w.]{1,6}[.)]\s+|\d+\s+)")
_FOR = re.compile(
    r"^(?:đối với|riêng đối với|riêng|với)\s+(?P<who>[^:,;.]{3,160}?)(?:\s*:|,|\s+(?:thì|phải|hoàn thành|gửi|nộp|thực hiện|tổ chức)\b)"
)
# the verbs that end a subject; “tổ chức đảng”, “Ban Tổ chức” and “kiểm điểm tập thể” are names and objects
ACTS = (
    "phải", "có trách nhiệm", "chịu trách nhiệm", "chủ động", "sẽ", "cần", "chủ trì", "hoàn thành", "hoàn tất", "gửi", "nộp", "báo cáo",
    "tiến hành", "thực hiện", "triển khai", "trình", "đăng ký", "thông báo", "xây dựng", "ban hành", "tham mưu", "tổng hợp", "xem xét",
    "rà soát", "lập", "căn cứ", "hướng dẫn", "thẩm định", "công khai", "công bố", "họp", "tự đánh giá", "tự kiểm điểm", "trước khi",
    "kiểm điểm", "đánh giá", "xếp loại", "quán triệt", "phối hợp", "quyết định", "phê duyệt", "chỉ đạo", "lấy ý kiến", "giao", "trực tiếp",
    "tự", "đề nghị", "tiếp nhận", "nhận xét", "bổ sung", "phân công", "rút kinh nghiệm", "khắc phục", "có văn bản", "được",
)  # fmt: skip
_VERB = re.compile(
    rf"(?<!\w)(?:{'|'.join(sorted((fold(word) for word in ACTS), key=len, reverse=True))}"
    r"|(?<!ban )(?<!cơ quan )(?<!các )(?<!, )tổ chức(?!\s+(?:đảng|cơ sở|chính|đoàn|bộ máy|cán bộ|thuộc|trực)))(?!\w)"
)
_BODY = (
    r"(?:các |đồng chí |tập thể )*(?:ban|đảng|ủy|thường|văn|sở|phòng|cấp|chi|hội|tỉnh|huyện|thị|thành|trung|cơ quan|bộ|chủ|tổ|trường|"
    r"người|đoàn|ubnd|hđnd|xã|phường|công an|thành viên|đại biểu|đồng chí|từng|cá nhân|tập thể|bí thư|kho bạc|khoa|hiệu|giám)"
)
_SENDING = r"(?<!\w)(?:gửi|nộp|báo cáo|trình|chuyển|đăng ký|bàn giao|cung cấp|thông báo|phổ biến|triển khai)(?!\w)"
_UNTIL = (
    r"(?=\s*(?:(?:trước|chậm nhất|muộn nhất|ít nhất|tối thiểu|ngay|sau khi|trong|để|nhằm|theo|không quá|hạn|vào|từ ngày|và đồng|xem xét|ký|đúng|"
    r"định kỳ|phê duyệt)(?!\w)|[,;.:()]|$))"
)
_TO = re.compile(rf"{_SENDING}[^;.]{{0,160}}?\s(?:về|cho|đến|tới|lên|qua|với)\s+(?P<who>{_BODY}[^;.()]{{0,140}}?){_UNTIL}")
_TO_DIRECT = re.compile(
    rf"(?<!\w)(?:gửi|nộp|trình|báo cáo)\s+(?P<who>{_BODY}(?!\w*\s*(?:báo cáo|hồ sơ))[^;.()]{{0,90}}?){_UNTIL}"
)
_CARRIES = re.compile(r"^[-+*•\s]*(?:cơ quan|đơn vị|bộ phận)\s+(?:thực hiện|chủ trì)[^:]{0,40}:\s*(?P<who>.{3,300}?)[.;]?\s*$")


def actor_of(text: str, folded: str) -> str | None:
    """The words before the first duty verb, or after “Đối với”; None where the sentence names nobody."""
    skip = _LEAD.match(folded)
    start = skip.end() if skip else 0
    if folded.startswith("về ", start) and ":" in folded:  # “2. Về gợi ý kiểm điểm: Ban Thường vụ sẽ …”
        start = folded.index(":", start) + 2
    if found := _FOR.match(folded[start:]):
        return text[start + found.start("who") : start + found.end("who")].strip()
    verb = _VERB.search(folded, start)
    if not verb or verb.start() <= start + 2:
        return None
    who = text[start : verb.start()].strip(" ,:-")
    if (
        not who
        or len(who) > 160
        or fold(who).startswith(("việc", "trước", "sau", "thời gian", "căn cứ", "hồ sơ", "trên cơ sở", "trong", "hằng", "báo"))
    ):
        return None
    return who


def carrier_of(folded: str, text: str) -> str | None:
    """Who is named by a line “Cơ quan thực hiện: …”."""
    found = _CARRIES.match(folded)
    return text[found.start("who") : found.end("who")].strip() if found else None


def recipient_of(text: str, folded: str) -> str | None:
    """To whom it is sent, with the “(qua …)” that belongs to it."""
    found = _TO_DIRECT.search(folded) or _TO.search(folded)
    if not found:
        return None
    end = found.end("who")
    if through := re.match(r"\s*\((?:qua|thông qua)[^)]{2,80}\)", folded[end:]):
        end += through.end()
    return text[found.start("who") : end].strip(" ,")
