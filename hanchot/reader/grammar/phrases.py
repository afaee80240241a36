"""How documents say a deadline: the table of phrases, each with an example. To teach the reader a new wording, add a row.

A row's ``kind`` is a kind of deadline; its slots name what the words must stand beside (``times.py``). ``firm`` rows are
deadlines wherever they stand; the others only where the words around them speak of a duty (``duties.py``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Phrase:
    """One wording. A test reads every ``example`` and expects exactly one statement of ``kind`` from this row or a like one."""

    kind: str
    template: str
    example: str
    firm: bool = True
    days: int | None = None  # where the words themselves say how many: “trong ngày làm việc kế tiếp”
    working: bool = False

    @property
    def words(self) -> str:
        """The template with its groups written out."""
        return _GROUP.sub(lambda found: GROUPS[found[1]], self.template)


_GROUP = re.compile(r"\{([A-Z]+)\}")

# fmt: off
# One row a line, however long: a table is read down its columns.
# Names in capitals stand for groups of words that many rows share.
GROUPS = {
    "LATEST": "(chậm nhất|deadline|hạn nộp cuối cùng|muộn nhất|trễ nhất|hạn cuối|hạn chót|thời hạn cuối|hạn cuối cùng)",
    "HOUR": "[hết giờ làm việc|hết giờ hành chính|giờ hành chính|cuối giờ chiều|cuối giờ|cuối buổi chiều|cuối buổi|trong giờ hành chính|hết]",
    "IS": "[là|vào|trong|đến|tới|là đến|là vào|là trong|vào lúc|lúc|là trước|cho đến]",
    "KEEP": "[thời điểm|thời gian|lúc|mốc]",
    "LEAST": "(ít nhất|tối thiểu|chậm nhất|muộn nhất|không ít hơn|không dưới)",
    "MOST": "(không quá|tối đa|chậm nhất|muộn nhất|không vượt quá|không chậm quá|tối đa không quá|chậm nhất là|muộn nhất là|chậm nhất không quá)",
    "OVER": "(không quá|không chậm hơn|không trễ hơn|không được chậm hơn|không muộn quá|không được muộn hơn|không chậm quá|không muộn hơn|không trễ quá|không để quá|không được quá|không được chậm quá|không sau)",
    "SINCE": "(kể từ|tính từ|từ|kể từ sau|sau|tính từ sau)",
    "WHEN": "(ngày|khi|thời điểm|lúc|ngày có|khi có)",
}

# recurring first: their words hold a day or a time that a simpler row would take for itself
RECURRING = (
    Phrase("weekly", "trước [{time}] [ngày] {weekday} {weekly}", "đăng ký lịch trước 15h thứ năm hằng tuần"),
    Phrase("weekly", "{LATEST} {IS} [{time}] [ngày] {weekday} {weekly}", "gửi báo cáo chậm nhất 16h00 thứ Sáu hằng tuần"),
    Phrase("weekly", "[vào] [{time}] {weekday} {weekly}", "báo cáo tiến độ vào thứ sáu hằng tuần", firm=False),
    Phrase("weekly", "[vào] {weekday} {weekly} [,] (trước|chậm nhất) [là|lúc] {time}", "báo cáo vào thứ sáu hằng tuần trước 16 giờ"),
    Phrase("weekly", "{weekly} [,] (trước|chậm nhất) [là|vào] [{time}] [ngày] {weekday}", "hằng tuần, trước 15h thứ năm, gửi báo cáo"),
    Phrase("quarterly", "trước {KEEP} {HOUR} [{time}] {dom} {moq}", "gửi báo cáo trước ngày 20 của tháng cuối quý"),
    Phrase("quarterly", "{LATEST} {IS} {HOUR} [{time}] {dom} {moq}", "chậm nhất ngày 20 tháng cuối quý"),
    Phrase("quarterly", "{OVER} {dom} {moq}", "gửi báo cáo không quá ngày 25 tháng cuối quý"),
    Phrase("quarterly", "[vào|đến|hết|đến hết|từ] {dom} {moq}", "nộp phiếu vào ngày 15 tháng cuối quý", firm=False),
    Phrase("quarterly", "trước {dom} {quarterly}", "báo cáo trước ngày 25 hằng quý"),
    Phrase("monthly", "trước {KEEP} [{time}] {dom} {monthly}", "gửi báo cáo trước ngày 20 hằng tháng"),
    Phrase("monthly", "{LATEST} {IS} [hết] [{time}] {dom} {monthly}", "báo cáo chậm nhất ngày 05 tháng sau"),
    Phrase("monthly", "{OVER} {dom} {monthly}", "gửi báo cáo không quá ngày 25 hằng tháng"),
    Phrase("monthly", "[vào|đến|hết|đến hết] {dom} {monthly}", "nộp phiếu tự đánh giá vào ngày 25 hằng tháng", firm=False),
    Phrase("monthly", "{monthly} [một lần|01 lần|1 lần] [,] vào {dom}", "mỗi tháng một lần, vào ngày 15, gửi danh sách", firm=False),
    Phrase("monthly", "trước {eom}", "gửi phiếu trước ngày cuối cùng của tháng"),
    Phrase("monthly", "{LATEST} {IS} {eom}", "gửi phiếu chậm nhất ngày cuối cùng của tháng"),
    Phrase("monthly", "{monthly} [,] (trước|chậm nhất|chậm nhất là) {dom}", "hằng tháng, trước ngày 20, gửi báo cáo"),
    Phrase("quarterly", "{quarterly} [,] (trước|chậm nhất|chậm nhất là) {dom} {moq}", "hằng quý, trước ngày 20 tháng cuối quý, gửi báo cáo"),
)

RELATIVE = (
    Phrase("lead", "{LEAST} [là] [trước] {span} [,] trước [{WHEN}] {event}", "gửi tài liệu ít nhất 05 ngày trước khi tổ chức kiểm điểm"),
    Phrase("lead", "trước [{WHEN}] {event} {LEAST} [là] {span}", "gửi dự thảo trước khi tổ chức kiểm điểm ít nhất 2 ngày"),
    Phrase("lead", "{LEAST} [là] trước {span} [{SINCE}] [{WHEN}] {event}", "gửi giấy mời ít nhất trước 05 ngày tổ chức kiểm điểm"),
    Phrase("lead", "trước [{WHEN}] {event} {span}", "gửi giấy mời trước ngày tổ chức hội nghị 03 ngày", firm=False),
    Phrase("lead", "{span} trước [{WHEN}] {event}", "gửi bản kiểm điểm đến bí thư 02 ngày trước khi họp chi bộ", firm=False),
    Phrase("lead", "trước [{LEAST}] [là] {span} [so với|tính đến] [{WHEN}] {event}", "gửi giấy mời trước 03 ngày tổ chức kiểm điểm", firm=False),
    Phrase("lead", "trước {LEAST} [là] {span} [so với|tính đến|kể từ] [{WHEN}] {event}", "gửi tài liệu trước ít nhất 02 ngày so với ngày họp"),
    Phrase("lead", "trước {span}", "tài liệu gửi đến người dự trước 3 ngày.", firm=False),
    Phrase("lead", "trước {LEAST} [là] {span}", "gửi tài liệu cho đại biểu trước ít nhất 02 ngày"),
    Phrase("after", "{SINCE} [{WHEN}] {event} [,] {MOST} [là] [trong] [sau] {span}", "sau khi có kết quả, chậm nhất 05 ngày phải thông báo"),
    Phrase("after", "[trong] [(thời hạn|vòng|thời gian|khoảng)] [{MOST}] [trong] {span} [,] {SINCE} [{WHEN}] {event}", "báo cáo trong thời hạn 10 ngày kể từ ngày nhận được kết luận"),
    Phrase("after", "[trong] [(thời hạn|vòng)] [{MOST}] {span} {SINCE} [{WHEN}] (trên|này|đó)", "trong vòng 03 ngày sau đó phải báo cáo"),
    Phrase("after", "{SINCE} [{WHEN}] {event} [,] trong (thời gian|thời hạn|vòng) [{MOST}] {span}", "sau khi có thông báo, trong thời gian 15 ngày, gửi kế hoạch"),
    Phrase("after", "sau [{MOST}] {span} [{WHEN}] {event}", "báo cáo sau 05 ngày nhận được kết luận", firm=False),
    Phrase("after", "sau [{MOST}] {span} {SINCE} [{WHEN}] {event}", "gửi hồ sơ sau 05 ngày làm việc kể từ ngày công khai"),
    Phrase("after", "trong [{MOST}] {span} (tiếp theo|kế tiếp|sau đó|liền kề|tiếp sau)", "công khai trong 5 ngày làm việc tiếp theo"),
    Phrase("after", "trong {span} (đầu tiên|đầu) [của] {event}", "phê duyệt trong 05 ngày làm việc đầu tiên của quý sau"),
    Phrase("after", "[ngay] trong ngày làm việc (kế tiếp|tiếp theo|liền kề|liền sau|hôm sau)", "thông báo ngay trong ngày làm việc kế tiếp", days=1, working=True),
    Phrase("after", "ngay sau [khi|ngày] {event}", "xây dựng kế hoạch khắc phục ngay sau khi có kết quả kiểm điểm"),
    Phrase("after", "ngay khi {event}", "báo cáo ngay khi có kết quả", firm=False),
    Phrase("after", "trong (thời hạn|vòng) [{MOST}] {span}", "trả lời bằng văn bản trong thời hạn 03 ngày", firm=False),
)

DATED = (
    Phrase("before", "trước {KEEP} {HOUR} [{time}] [của] [{weekday}] {day} [lúc|hồi] [{time}]", "hoàn thành trước 17h00 ngày 20/12/2024"),
    Phrase("before", "{LATEST} [là] trước [{time}] [{weekday}] {day}", "gửi hồ sơ chậm nhất trước ngày 20/12/2024"),
    Phrase("by", "{LATEST} {IS} {HOUR} [{time}] [của] [{weekday}] {day} [lúc|hồi] [{time}]", "chậm nhất là 17h00 ngày 10/12/2024"),
    Phrase("by", "{LATEST} [nộp|gửi|nhận] [hồ sơ|báo cáo] [:] [là] [hết] [{time}] [{weekday}] {day}", "Hạn cuối nộp hồ sơ: ngày 10/12/2024"),
    Phrase("by", "{OVER} [{time}] [{weekday}] {day}", "hoàn thành không quá ngày 15/12/2024"),
    Phrase("by", "(đến hết|hết|cho đến hết|tới hết|đến trước hết) [{time}] [{weekday}] {day}", "nhận hồ sơ đến hết ngày 15/12/2024", firm=False),
    Phrase("by", "(gửi|nộp|báo cáo|hoàn thành|trình) … vào {HOUR} [{time}] {day}", "gửi báo cáo về Sở Nội vụ vào ngày 15/12/2024", firm=False),
    Phrase("by", "đến {day} (phải|cơ bản|tất cả|các|100%|toàn bộ)", "đến ngày 15/12/2024 phải hoàn thành việc đánh giá", firm=False),
    Phrase("by", "(xong|hoàn thành|hoàn tất|kết thúc) [vào|đến|đúng] [{time}] {day}", "hoàn thành vào ngày 15/12/2024", firm=False),
    Phrase("by", "(thời hạn|hạn|hạn nộp|hạn gửi|hạn nộp hồ sơ|thời hạn nộp|thời hạn gửi|thời hạn hoàn thành) [là|đến|:] [hết] [{time}] {day}", "thời hạn gửi: ngày 10/12/2024", firm=False),
    Phrase("by", "(thời hạn|hạn) … là {HOUR} [{time}] {day}", "gửi theo đúng hạn của Công văn nêu trên là ngày 30/6/2025", firm=False),
    Phrase("by", "{LATEST} {IS} [hết] {month}", "hoàn thành chậm nhất hết tháng 12/2024"),
    Phrase("by", "(đến hết|hết|trước hết|xong hết) {month}", "hoàn thành đến hết tháng 12/2024", firm=False),
    Phrase("by", "{LATEST} {IS} [hết] {quarter}", "hoàn thành chậm nhất hết quý I/2025"),
    Phrase("by", "(đến hết|hết) {quarter}", "hoàn thành đến hết quý I/2025", firm=False),
    Phrase("before", "trước {month}", "hoàn thành trước tháng 12/2024", firm=False),
    Phrase("within", "trong ({month}|{quarter})", "tổ chức hội nghị tổng kết trong tháng 01/2025", firm=False),
    Phrase("within", "(xong|hoàn thành|hoàn tất|hoàn thành vào|thực hiện vào|tiến hành vào|tổ chức vào|vào) ({month}|{quarter})", "hoàn thành vào tháng 12/2024", firm=False),
    Phrase("within", "(hoàn thành|xong|hoàn tất|giải quyết xong|khắc phục xong) trong {year}", "khắc phục xong trong năm 2025", firm=False),
    Phrase("within", "(kỳ|cuộc|buổi|phiên|hội nghị) [họp|sinh hoạt] [chi bộ|cấp ủy|thường kỳ|định kỳ] {month}", "thông qua tại kỳ sinh hoạt đầu tháng 01/2025", firm=False),
    Phrase("within", "{quarter} [phải] (hoàn thành|hoàn thiện|hoàn tất|tiến hành|tổ chức)", "quý I/2025 hoàn thành đánh giá, xếp loại", firm=False),
    Phrase("within", "{month} [phải] (hoàn thành|hoàn thiện|hoàn tất|tiến hành|tổ chức|thực hiện|triển khai|báo cáo|gửi|nộp|họp)", "tháng 12/2024 hoàn thành đánh giá, xếp loại", firm=False),
    Phrase("within", "trong [{weekday}] {day}", "hoàn thành trong ngày 15/12/2024", firm=False),
)

RANGES = (
    Phrase("within", "[từ] [{time}] ({day}|{dom}) (đến|-|tới) [hết] [{time}] {day}", "tổ chức kiểm điểm từ ngày 01/12/2024 đến hết ngày 15/12/2024", firm=False),
    Phrase("within", "(từ|trong các|các|trong|trong khoảng|khoảng|vào các|vào) [ngày] {pair}", "tổ chức kiểm điểm từ 01-15/12/2024", firm=False),
    Phrase("within", "từ {month} (đến|-) [hết] {month}", "tiến hành kiểm điểm từ tháng 11 đến tháng 12/2024", firm=False),
    Phrase("within", "(tiến hành|triển khai|tổ chức) (kiểm điểm|đánh giá|xếp loại) … từ {day}", "tiến hành kiểm điểm từ ngày 01/12/2024", firm=False),
)

ANNOUNCED = (
    Phrase("announced", "(lịch|thời gian|ngày|kế hoạch|chương trình) … (gửi sau|thông báo sau|báo sau|có thông báo sau|có thông báo riêng|thông báo riêng)", "Ban Thường vụ sẽ có thông báo lịch thẩm định gửi sau"),
    Phrase("announced", "sẽ (có|gửi|ban hành) [lịch|văn bản] (thông báo riêng|lịch riêng|thông báo cụ thể|lịch cụ thể|thông báo lịch|thông báo thời gian|thông báo sau)", "Về gợi ý kiểm điểm: Ban Thường vụ sẽ có thông báo riêng"),
    Phrase("announced", "(hướng dẫn|thông báo|lịch|văn bản|kế hoạch) [riêng|cụ thể] gửi sau", "Phòng Tổ chức có hướng dẫn riêng gửi sau"),
    Phrase("announced", "(có lịch riêng|có lịch cụ thể|có thông báo riêng|có thông báo sau|theo lịch riêng|thông báo sau|lịch gửi sau|gửi lịch sau|có lịch gửi sau)", "Thời gian thẩm định: thông báo sau"),
    Phrase("announced", "(thời gian|lịch|địa điểm) … (có|theo) (giấy mời riêng|thông báo riêng|lịch riêng|văn bản riêng|giấy mời sau|giấy mời)", "Thời gian, địa điểm họp có giấy mời riêng"),
    Phrase("announced", "(thời gian|lịch|lịch cụ thể) … theo (thông báo|lịch|giấy mời|quyết định|kế hoạch) (của|riêng)", "Lịch thẩm định theo thông báo của Ban Tổ chức"),
    Phrase("announced", "(thời gian|lịch) [cụ thể] (sẽ|do) … (thông báo|thông báo sau|thông báo cụ thể|quyết định và thông báo)", "Thời gian cụ thể sẽ do Ban Tổ chức thông báo"),
)

ORDERS = (
    Phrase("order", "trước khi {event}", "hoàn thành kiểm điểm trước khi tổng kết năm của đơn vị", firm=False),
    Phrase("order", "(xong|hoàn thành) … [thì|rồi] mới (được|tiến hành|tổ chức|thực hiện|kiểm điểm|đánh giá|xếp loại|họp|bỏ phiếu)", "phải kiểm điểm xong ở chi bộ mới tiến hành kiểm điểm tại ban thường vụ"),
    Phrase("order", "(rồi|sau đó|xong) mới [đến|tiến hành|được|tổ chức] (kiểm điểm|đánh giá|xếp loại|họp|bỏ phiếu|biểu quyết|cá nhân|tập thể|bình xét)", "Kiểm điểm tập thể rồi mới đến cá nhân"),
    Phrase("order", "(hoàn thành|xong|kết thúc) … trước (hội nghị|kỳ họp|đại hội|cuộc họp|phiên họp|thời điểm|ngày tổ chức|ngày họp) {event}", "kiểm điểm hoàn thành trước hội nghị tổng kết năm", firm=False),
    Phrase("order", "(kiểm điểm|đánh giá|xếp loại|họp|thực hiện) xong trước {event}", "Chính quyền, đoàn thể kiểm điểm xong trước cấp ủy"),
    Phrase("order", "trước ngày {event}", "trả lời xong trước ngày tổng kết năm học", firm=False),
    Phrase("order", "chỉ … sau khi {event}", "chi bộ chỉ họp xếp loại đảng viên sau khi có kết quả này"),
    Phrase("order", "sau khi … (đã hoàn thành|đã họp xong|hoàn thành kiểm điểm|kiểm điểm xong|đã kiểm điểm|họp xong|đánh giá xong|xếp loại xong)", "Trưởng khoa kiểm điểm sau khi khoa mình đã họp xong"),
    Phrase("order", "sau khi (có kết quả|có thông báo|có kết luận|có quyết định|được phê duyệt|kết thúc|hoàn thành|có ý kiến|được thông báo) {event}", "Sau khi có kết quả xếp loại, chi bộ cập nhật hồ sơ đảng viên", firm=False),
    Phrase("order", "trước (hội nghị|kỳ|thời điểm) tổng kết {event}", "hoàn thành, báo cáo trước hội nghị tổng kết năm của đơn vị", firm=False),
    Phrase("order", "sau khi (hoàn thành|kết thúc|làm xong|xong|tiến hành) … (thì|mới|rồi mới) [được] (tiến hành|tổ chức|thực hiện|xem xét|kiểm điểm|đánh giá|xếp loại|họp|bỏ phiếu|biểu quyết)", "Sau khi hoàn thành kiểm điểm tập thể thì tiến hành biểu quyết"),
    Phrase("order", "trước , sau đó [mới] (biểu quyết|bỏ phiếu|kiểm điểm|đánh giá|xếp loại|tiến hành|đến)", "Biểu quyết mức hoàn thành tốt trước, sau đó mới biểu quyết mức xuất sắc"),
    Phrase("order", "trước , … sau", "Tập thể trước, cá nhân sau", firm=False),
)

TABLE: tuple[Phrase, ...] = (*RECURRING, *RELATIVE, *RANGES, *DATED, *ANNOUNCED, *ORDERS)

# fmt: on

# labels after which a bare day, month or range is a deadline; also the heads of such a column in a table
LABELS = (
    "thời gian hoàn thành",
    "thời gian thực hiện",
    "thời gian thực hiện và hoàn thành",
    "thời hạn hoàn thành",
    "thời hạn thực hiện",
    "thời hạn",
    "hạn hoàn thành",
    "hạn cuối",
    "hạn nộp",
    "hạn gửi",
    "thời gian gửi",
    "thời gian nộp",
    "thời gian báo cáo",
    "thời hạn báo cáo",
    "thời hạn gửi",
    "thời hạn nộp",
    "tiến độ",
    "tiến độ hoàn thành",
    "tiến độ thực hiện",
    "thời điểm hoàn thành",
    "ngày hoàn thành",
    "thời gian kiểm điểm",
    "hạn chót",
    "thời gian tổ chức kiểm điểm",
    "thời gian tiến hành",
    "mốc thời gian",
    "thời gian xong",
)
WEAK_LABELS = ("thời gian", "thời điểm")  # a lone day after one of these is when people meet; a month or a range is a deadline
TABLE_HEADS = (*LABELS, *WEAK_LABELS, "hạn", "hoàn thành")
