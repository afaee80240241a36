"""A document of the tests, invented: the plan of the cast's bloc committee for 2024, and the draft read from it by hand."""

from __future__ import annotations

from datetime import date

from hanchot.domain.deadline import After, Announced, By, Lead, Quarterly, Within
from hanchot.domain.draft import Draft, Head, Paragraph, Remark, Statement
from hanchot.domain.plan import LegalBasis
from hanchot.domain.stage import Stage

PARAGRAPHS: tuple[tuple[str | None, str], ...] = (
    (None, "Số 15-KH/ĐUK"),
    (None, "KẾ HOẠCH kiểm điểm, đánh giá, xếp loại chất lượng tổ chức đảng, đảng viên năm 2024"),
    (None, "Thực hiện Kế hoạch số 99-KH/TU ngày 30/10/2024 của Ban Thường vụ Tỉnh ủy, Ban Thường vụ Đảng ủy Khối ban hành "
           "kế hoạch như sau:"),
    ("I", "I. MỤC ĐÍCH, YÊU CẦU"),
    ("I.1", "1. Việc kiểm điểm phải nghiêm túc, thực chất, đúng người, đúng việc."),
    ("II", "II. TIẾN ĐỘ KIỂM ĐIỂM, XẾP LOẠI"),
    ("II.1", "1. Đối với chi bộ trực thuộc đảng bộ bộ phận: Hoàn thành chậm nhất ngày 10/12/2024."),
    ("II.2", "2. Chi, đảng bộ cơ sở gửi hồ sơ đề nghị xếp loại về Ban Thường vụ Đảng ủy Khối (qua Ban Tổ chức) chậm nhất "
             "ngày 15/12/2024, đồng thời gửi giấy mời ít nhất trước 05 ngày tổ chức kiểm điểm."),
    ("II.3", "3. Ban Thường vụ Đảng ủy Khối xem xét, quyết định xếp loại trong tháng 01/2025."),
    ("III", "III. TỔ CHỨC THỰC HIỆN"),
    ("III.1", "1. Lịch thẩm định gửi sau."),
    ("III.2", "2. Các đồng chí được phân công theo dõi báo cáo chậm nhất ngày 20 tháng cuối quý."),
    ("III.3", "3. Xây dựng kế hoạch khắc phục ngay sau khi có kết quả xếp loại."),
    ("III.4", "4. Nhắc lại: chi, đảng bộ cơ sở gửi hồ sơ đề nghị xếp loại chậm nhất ngày 15/12/2024."),
)  # fmt: skip
BODY = "\n\n".join(text for _, text in PARAGRAPHS).encode()
_BOTH = "Chi, đảng bộ cơ sở"


def draft() -> Draft:
    """Eight statements: two sure ones in one sentence, one whose actor is unclear, one said twice, one in doubt."""
    return Draft(
        document=Head(
            number="15-KH/ĐUK", issuer="Ban Thường vụ Đảng ủy Khối", year=2024, kind="plan",
            title="Kế hoạch kiểm điểm, đánh giá, xếp loại chất lượng tổ chức đảng, đảng viên năm 2024",
            legal_bases=(LegalBasis(number="99-KH/TU", issued_on=date(2024, 10, 30), issuer="Ban Thường vụ Tỉnh ủy"),),
        ),
        deadlines=(
            Statement(
                deadline=By(kind="by", date=date(2024, 12, 10)), stage=Stage.SELF_ASSESS,
                why_stage="vì đứng dưới mục “Tiến độ kiểm điểm”",
                actor="chi bộ trực thuộc đảng bộ bộ phận", clause="II.1", phrase="chậm nhất ngày 10/12/2024",
                quote=PARAGRAPHS[6][1][3:], paragraph=6,
            ),
            Statement(
                deadline=By(kind="by", date=date(2024, 12, 15)), stage=Stage.SELF_ASSESS, why_stage="vì nói đến hồ sơ đề nghị",
                actor=_BOTH, recipient="Ban Thường vụ Đảng ủy Khối (qua Ban Tổ chức)", clause="II.2",
                phrase="chậm nhất ngày 15/12/2024", quote=PARAGRAPHS[7][1][3:], paragraph=7,
            ),
            Statement(
                deadline=Lead(kind="lead", days=5, anchor="tổ chức kiểm điểm"), stage=Stage.PREPARE, actor=_BOTH,
                why_stage="vì nói đến giấy mời", clause="II.2", phrase="ít nhất trước 05 ngày tổ chức kiểm điểm",
                quote="Gửi giấy mời ít nhất trước 05 ngày tổ chức kiểm điểm.", paragraph=7,
            ),
            Statement(
                deadline=Within(kind="within", start=date(2025, 1, 1), end=date(2025, 1, 31)), stage=Stage.DECIDE,
                why_stage="vì nói “quyết định xếp loại”", actor="Ban Thường vụ Đảng ủy Khối", clause="II.3",
                phrase="trong tháng 01/2025", quote=PARAGRAPHS[8][1][3:], paragraph=8,
            ),
            Statement(
                deadline=Announced(kind="announced"), stage=Stage.APPRAISE, why_stage="vì nói đến thẩm định", clause="III.1",
                phrase="gửi sau", quote=PARAGRAPHS[10][1][3:], paragraph=10, doubt="Không nói ai thông báo lịch.",
            ),
            Statement(
                deadline=Quarterly(kind="quarterly", day=20, month_of_quarter=3, bound="by"),
                actor="Các đồng chí được phân công", clause="III.2", phrase="chậm nhất ngày 20 tháng cuối quý",
                quote=PARAGRAPHS[11][1][3:], paragraph=11,
            ),
            Statement(
                deadline=After(kind="after", days=0, anchor="có kết quả xếp loại"), stage=Stage.REMEDIATE, actor=None,
                why_stage="vì nói đến khắc phục", clause="III.3", phrase="ngay sau khi có kết quả xếp loại",
                quote=PARAGRAPHS[12][1][3:], paragraph=12,
            ),
            Statement(
                deadline=By(kind="by", date=date(2024, 12, 15)), stage=Stage.SELF_ASSESS, actor=_BOTH, clause="III.4",
                phrase="chậm nhất ngày 15/12/2024", paragraph=13,
                quote="Chi, đảng bộ cơ sở gửi hồ sơ đề nghị xếp loại chậm nhất ngày 15/12/2024.",
            ),
        ),
        warnings=(Remark(code="missing-issue-date", message="Văn bản không ghi ngày ban hành."),),
        paragraphs=tuple(Paragraph(clause=clause, text=text) for clause, text in PARAGRAPHS),
    )  # fmt: skip
