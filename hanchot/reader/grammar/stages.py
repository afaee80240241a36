"""Which of the six stages a sentence speaks of: a table of words with weights, and the reason in words."""

from __future__ import annotations

import re

from hanchot.domain.stage import Stage
from hanchot.reader.grammar.spelling import fold

# (stage, weight, words); the heavier word wins, of equal ones the one nearest to the date
# fmt: off
WORDS: tuple[tuple[Stage, int, str], ...] = (
    (Stage.REMEDIATE, 7, "kế hoạch khắc phục|khắc phục hạn chế|khắc phục, sửa chữa|sửa chữa khuyết điểm|khắc phục khuyết điểm|khắc phục những|sau kiểm điểm"),
    (Stage.REMEDIATE, 4, "khắc phục|sơ kết rút kinh nghiệm|rút kinh nghiệm"),
    (Stage.NOTIFY, 7, "thông báo kết quả|công khai kết quả|công bố kết quả|niêm yết|thông báo kết luận|gửi thông báo|được thông báo|thông báo đến|lưu hồ sơ|kiến nghị|khiếu nại"),
    (Stage.NOTIFY, 6, "báo cáo kết quả|báo cáo bộ|báo cáo sở|báo cáo ban tổ chức trung ương|báo cáo tỉnh ủy|báo cáo ban thường vụ tỉnh ủy|về tỉnh ủy|về thành ủy|"
                      "về ban tổ chức tỉnh ủy|về ban tổ chức thành ủy|ban tổ chức thành ủy|về sở|gửi sở|về bộ nội vụ|kết quả gửi|thông báo bằng văn bản"),
    (Stage.NOTIFY, 4, "báo cáo về|tổng hợp báo cáo|công khai|thông báo|trả lời"),
    (Stage.DECIDE, 7, "quyết định xếp loại|quyết định đánh giá|xem xét, quyết định|quyết định mức|phê duyệt kết quả|công nhận kết quả|ra quyết định|họp xét|họp xếp loại|"
                      "họp hội đồng|quyết định kết quả"),
    (Stage.DECIDE, 4, "quyết định|kết luận|phê duyệt|hội đồng"),
    (Stage.APPRAISE, 6, "thẩm định|thẩm tra|kiểm tra hồ sơ|rà soát, tổng hợp|tổng hợp, thẩm định|đề xuất mức xếp loại|cho ý kiến|phiếu lấy ý kiến|trả lời trong"),
    (Stage.APPRAISE, 4, "tổng hợp|rà soát|lấy ý kiến|tham mưu|tham gia ý kiến|đề xuất|nhận xét, đánh giá|nhận xét"),
    (Stage.PREPARE, 6, "(?<!được )(?<!có )gợi ý kiểm điểm|(?<!được )(?<!có )gọi ý kiểm điểm|đăng ký lịch|đăng ký thời gian|đăng ký ngày|giấy mời|gửi dự thảo|quán triệt|"
                       "xây dựng kế hoạch|ban hành kế hoạch|triển khai kế hoạch|phổ biến|tập huấn|chia nhóm|thành lập tổ|ban hành hướng dẫn|kiện toàn|nâng cấp|ban hành quy chế"),
    (Stage.PREPARE, 4, "dự thảo báo cáo|phân công|chuẩn bị|tài liệu|đăng ký|dự thảo|hướng dẫn|triển khai"),
    (Stage.SELF_ASSESS, 6, "tự đánh giá|tự kiểm điểm|tự xếp loại|tự nhận xét|tự chấm điểm|bản kiểm điểm"),
    (Stage.SELF_ASSESS, 5, "kiểm điểm|hồ sơ đề nghị|hồ sơ|phiếu đánh giá|chấm điểm"),
    (Stage.SELF_ASSESS, 3, "đánh giá, xếp loại|xếp loại|đánh giá|nộp|gửi|họp|bỏ phiếu"),
)
# fmt: on
_TABLE = tuple(
    (stage, weight, re.compile(rf"(?<!\w)(?:{'|'.join(fold(word) for word in words.split('|'))})(?!\w)"))
    for stage, weight, words in WORDS
)


def stage_of(sentence: str, at: int, above: tuple[str, ...] = ()) -> tuple[Stage | None, str | None]:
    """The stage that the words before place ``at`` speak of, and why.

    ``above`` is what stands over the sentence, nearest first; each further one counts for less.
    """
    best: tuple[float, Stage, str] | None = None
    shares = [(sentence[:at], 1.0), (sentence[at:], 0.5)]
    shares += [(fold(text), 0.6 * 0.7**depth) for depth, text in enumerate(above)]
    for text, share in shares:
        for stage, weight, pattern in _TABLE:
            for match in pattern.finditer(text):
                nearness = 1 / (1 + (len(text) - match.end()) / 200) if share == 1.0 else 0.5
                score = weight * share + nearness
                if best is None or score > best[0]:
                    best = (score, stage, match[0])
    return (best[1], f"vì có chữ “{best[2]}”") if best else (None, None)
