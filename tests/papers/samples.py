"""One realistic view of each paper: the commune of plan 002 in the year 2025, with people who do not exist."""

from __future__ import annotations

from datetime import date

from hanchot.papers import words
from hanchot.papers.views import (
    DecidedResults,
    DossierContents,
    DossierItem,
    DossierSet,
    Duty,
    Head,
    ItemPage,
    LevelTotal,
    Paper,
    ProgressReport,
    ProposedResults,
    RemediationItem,
    RemediationPlan,
    ReminderLetter,
    ResultGroup,
    ResultNotice,
    ResultRow,
    Signature,
    StageProgress,
    TallyLine,
    TallyMinutes,
    TallyRound,
    WantedPaper,
)

EXCELLENT, GOOD, DONE = "Hoàn thành xuất sắc nhiệm vụ", "Hoàn thành tốt nhiệm vụ", "Hoàn thành nhiệm vụ"
FAILED = "Không hoàn thành nhiệm vụ"
LEVELS = (EXCELLENT, GOOD, DONE, FAILED)
COMMITTEE = Signature(authority="T/M BAN THƯỜNG VỤ", title="BÍ THƯ", name="Nguyễn Văn An")


def head(number: int | None, symbol: str, day: date | None) -> Head:
    return Head(
        superior="ĐẢNG BỘ TỈNH MẪU",
        issuer="ĐẢNG ỦY XÃ TÂN LẬP",
        number=words.number_and_symbol(number, symbol),
        place_and_date=words.place_and_date("Tân Lập", day),
    )


def groups(decided: bool) -> tuple[ResultGroup, ...]:
    last = {"decided": GOOD} if decided else {}
    collectives = (
        ResultRow(number="1", name="Chi bộ thôn Hòa Bình", score="91,50", self_rated=EXCELLENT, proposed=EXCELLENT, **last),
        ResultRow(number="2", name="Chi bộ Trường PTDT bán trú THCS", score="89,99", self_rated=EXCELLENT, proposed=GOOD,
                  note="89,99 điểm: chưa đủ 90", **last),
    )  # fmt: skip
    people = tuple(
        ResultRow(number=str(n), name=name, post=post, score=score, self_rated=GOOD, proposed=GOOD, **last)
        for n, (name, post, score) in enumerate(
            (("Vàng Thị Bình", "Phó bí thư, Chủ tịch Ủy ban nhân dân xã", "85,00"),
             ("Giàng A Cường", "Ủy viên ban thường vụ, Trưởng Ban Xây dựng Đảng", "82,25"),
             ("Lù Thị Dung", "Ủy viên ban chấp hành, Chánh Văn phòng Đảng ủy", "78,00")), 1)
    )  # fmt: skip
    return (ResultGroup(title="I. Tập thể", rows=collectives), ResultGroup(title="II. Cá nhân", rows=people))


def results_proposed() -> ProposedResults:
    return ProposedResults(
        head=head(12, "DS/ĐU", date(2025, 12, 19)),
        signature=COMMITTEE,
        recipients=words.recipients(["Ban Thường vụ Tỉnh ủy (báo cáo)", "Ban Tổ chức Tỉnh ủy", "Lưu Văn phòng Đảng ủy"]),
        form="Phụ lục 13",
        summary="kết quả đề xuất đánh giá, xếp loại chất lượng năm 2025",
        opening="Kèm theo Tờ trình số 08-TTr/ĐU ngày 19 tháng 12 năm 2025",
        groups=groups(decided=False),
        totals=(LevelTotal(level=EXCELLENT, count="1", share="20 %"), LevelTotal(level=GOOD, count="4", share="80 %")),
        notes=("Cột theo mẫu của phần mềm; mẫu Phụ lục 13 của tỉnh chưa được đối chiếu.",),
    )


def results_decided() -> DecidedResults:
    return DecidedResults(
        head=head(14, "DS/ĐU", date(2025, 12, 24)),
        signature=COMMITTEE,
        recipients=words.recipients(["Ban Thường vụ Tỉnh ủy (báo cáo)", "Các chi bộ trực thuộc", "Lưu Văn phòng Đảng ủy"]),
        form="Phụ lục 14",
        summary="kết quả đánh giá, xếp loại chất lượng năm 2025",
        opening="Kèm theo Quyết định số 31-QĐ/ĐU ngày 24 tháng 12 năm 2025",
        groups=groups(decided=True),
        totals=(LevelTotal(level=GOOD, count="5", share="100 %"),),
        quota="Hoàn thành xuất sắc nhiệm vụ: 0 trong tối đa 1 (20 % của 5, làm tròn xuống; Điều 11 Quy định 366-QĐ/TW).",
    )


def tally_minutes() -> TallyMinutes:
    first = TallyLine(number="1", name="Vàng Thị Bình", excellent="–", good="13", done="1", failed="0",
                      outcome="Đủ điều kiện vòng 2")  # fmt: skip
    second = TallyLine(number="2", name="Giàng A Cường", excellent="–", good="7", done="7", failed="0", outcome="Không quá nửa")
    best = TallyLine(number="1", name="Vàng Thị Bình", excellent="9", good="5", done="–", failed="–", outcome=EXCELLENT)
    return TallyMinutes(
        head=head(3, "BB/ĐU", date(2025, 12, 15)),
        signature=Signature(authority="CHỦ TRÌ HỘI NGHỊ", title="BÍ THƯ", name="Nguyễn Văn An"),
        teller_signature=Signature(authority="T/M TỔ KIỂM PHIẾU", title="TỔ TRƯỞNG", name="Lù Thị Dung"),
        recipients=words.recipients(["Lưu hồ sơ hội nghị"]),
        summary="kiểm phiếu biểu quyết mức xếp loại chất lượng năm 2025",
        opened="Hôm nay, 14 giờ 00 ngày 15 tháng 12 năm 2025",
        place="Phòng họp Đảng ủy xã",
        purpose="Hội nghị Ban Chấp hành Đảng bộ xã tiến hành kiểm phiếu biểu quyết mức xếp loại chất lượng",
        chair="đồng chí Nguyễn Văn An, Bí thư Đảng ủy",
        secretary="đồng chí Sùng Seo Giang, Văn phòng Đảng ủy",
        tellers=("Đồng chí Lù Thị Dung, tổ trưởng", "Đồng chí Thào Văn Hà, thành viên"),
        convened="15",
        present="14",
        absent="01 (có lý do)",
        rounds=(
            TallyRound(title="Vòng 1: hoàn thành tốt nhiệm vụ", issued="14", collected="14", valid="14", invalid="0",
                       lines=(first, second)),
            TallyRound(title="Vòng 2: hoàn thành xuất sắc nhiệm vụ", issued="14", collected="14", valid="14", invalid="0",
                       lines=(best,)),
        ),
        rule="phải quá nửa trong tổng số 15 người được triệu tập, tức ít nhất 8 phiếu (13-HD/TU, mục V và Phụ lục)",
        conclusion=("Hội nghị thông qua kết quả kiểm phiếu nêu trên; 14/14 người có mặt tán thành biên bản.",),
        closed="Biên bản lập xong lúc 15 giờ 20 cùng ngày, được lập thành 02 bản",
    )  # fmt: skip


def result_notice() -> ResultNotice:
    return ResultNotice(
        head=head(21, "TB/ĐU", date(2026, 1, 5)),
        signature=COMMITTEE,
        recipients=words.recipients(["Đồng chí Lù Thị Dung", "Chi bộ Cơ quan Đảng ủy", "Lưu hồ sơ cán bộ"]),
        bases=("Căn cứ Điều 15 Quy định số 366-QĐ/TW ngày 30/8/2025 của Bộ Chính trị;",),
        summary="kết quả đánh giá, xếp loại chất lượng năm 2025",
        subject="Đồng chí Lù Thị Dung",
        post="Chánh Văn phòng Đảng ủy xã",
        opening="Ban Thường vụ Đảng ủy xã thông báo kết quả đánh giá, xếp loại chất lượng năm 2025 như sau:",
        level=GOOD,
        decision="Quyết định số 31-QĐ/ĐU ngày 24 tháng 12 năm 2025 của Ban Thường vụ Đảng ủy xã",
        strengths=("Tham mưu kịp thời, hoàn thành 100 % nhiệm vụ trong chương trình công tác năm.",),
        shortcomings=("Hai báo cáo định kỳ gửi chậm so với quy định.",),
        requests=("Xây dựng kế hoạch khắc phục và gửi Ban Xây dựng Đảng trước ngày 20 tháng 01 năm 2026.",),
        complaint="Nếu có ý kiến khác, đồng chí gửi văn bản đến Ban Xây dựng Đảng để báo cáo Ban Thường vụ xem xét.",
        notes=("Thời hạn kiến nghị chưa thấy quy định trong văn bản đã đối chiếu; cơ quan ra thông báo tự ấn định.",),
    )


def reminder_letter() -> ReminderLetter:
    return ReminderLetter(
        head=head(45, "CV/BXDĐ", date(2025, 12, 22)),
        signature=Signature(authority="TRƯỞNG BAN", title="", name="Giàng A Cường"),
        recipients=words.recipients(["Như trên", "Thường trực Đảng ủy (báo cáo)", "Lưu Văn phòng"]),
        reference="V/v đôn đốc gửi hồ sơ kiểm điểm, đánh giá, xếp loại năm 2025",
        to=("Chi bộ thôn Hòa Bình", "Chi bộ Trạm Y tế"),
        opening="Theo Kế hoạch của Đảng ủy xã, các chi bộ gửi hồ sơ về Ban Xây dựng Đảng trước ngày 20 tháng 12 năm 2025 "
        "(mục VI.1.b). Đến hôm nay, các việc sau chưa xong:",
        duties=tuple(
            Duty(number=str(n), unit=unit, duty="Gửi toàn bộ hồ sơ, báo cáo", deadline="hết ngày thứ Sáu 19/12/2025",
                 standing="quá hạn 3 ngày")
            for n, unit in enumerate(("Chi bộ thôn Hòa Bình", "Chi bộ Trạm Y tế"), 1)
        ),
        requests=("Đề nghị các chi bộ hoàn thành và gửi hồ sơ chậm nhất ngày 24 tháng 12 năm 2025; nếu vướng mắc, trao đổi "
                  "ngay với Ban Xây dựng Đảng.",),
        closing="Ban Xây dựng Đảng mong nhận được sự phối hợp của các đồng chí.",
    )  # fmt: skip


def remediation_plan() -> RemediationPlan:
    return RemediationPlan(
        head=head(None, "KH/ĐU", None),
        signature=COMMITTEE,
        recipients=words.recipients(["Tỉnh ủy (báo cáo)", "Các chi bộ trực thuộc", "Lưu Văn phòng Đảng ủy"]),
        summary="khắc phục hạn chế, khuyết điểm sau kiểm điểm, đánh giá, xếp loại năm 2025",
        purpose=("Khắc phục dứt điểm các hạn chế, khuyết điểm đã được chỉ ra; xác định rõ trách nhiệm và thời hạn.",),
        items=(
            RemediationItem(number="1", shortcoming="Hai báo cáo định kỳ gửi chậm so với quy định",
                            measure="Lập lịch báo cáo quý, phân công người soạn và người duyệt; rà soát vào ngày 15 hằng tháng",
                            responsible="Chánh Văn phòng Đảng ủy", deadline="31/3/2026", evidence="Sổ theo dõi báo cáo quý I"),
            RemediationItem(number="2", shortcoming="Chất lượng sinh hoạt chi bộ ở một số thôn chưa đều",
                            measure="Phân công cấp ủy viên dự sinh hoạt ít nhất 01 kỳ mỗi quý tại từng chi bộ",
                            responsible="Ban Thường vụ Đảng ủy", deadline="30/6/2026", evidence="Biên bản sinh hoạt, phiếu dự"),
        ),
        execution=("Ban Xây dựng Đảng theo dõi, đôn đốc và báo cáo Ban Thường vụ hằng quý.",),
        approval="Kế hoạch này do Đảng ủy xã phê duyệt (mục VI.2 của Kế hoạch kiểm điểm năm 2025).",
    )  # fmt: skip


def progress_report() -> ProgressReport:
    def stage(name: str, deadline: str, *counts: str) -> StageProgress:
        total, on_time, late, waiting, overdue = counts
        return StageProgress(stage=name, deadline=deadline, total=total, on_time=on_time, done_late=late, waiting=waiting,
                             overdue=overdue)  # fmt: skip

    return ProgressReport(
        head=head(52, "BC/BXDĐ", date(2025, 12, 22)),
        signature=Signature(authority="TRƯỞNG BAN", title="", name="Giàng A Cường"),
        recipients=words.recipients(["Thường trực Đảng ủy", "Lưu Văn phòng"]),
        summary="tiến độ kiểm điểm, đánh giá, xếp loại chất lượng năm 2025",
        as_of="17 giờ ngày thứ Hai 22/12/2025",
        opening="Thực hiện Kế hoạch kiểm điểm năm 2025 của Đảng ủy xã, Ban Xây dựng Đảng báo cáo tiến độ như sau:",
        stages=(
            stage("Tự đánh giá", "hết ngày thứ Sáu 19/12/2025", "24", "20", "2", "0", "2"),
            stage("Thẩm định", "hết ngày thứ Ba 23/12/2025", "24", "12", "0", "12", "0"),
            stage("Quyết định", "hết ngày thứ Tư 24/12/2025", "24", "0", "0", "24", "0"),
        ),
        late=reminder_letter().duties,
        remarks=("22/24 chi bộ đã gửi hồ sơ, trong đó 02 chi bộ gửi muộn.",),
        proposals=("Thường trực Đảng ủy đôn đốc 02 chi bộ còn lại hoàn thành trước ngày 24 tháng 12 năm 2025.",),
    )


def dossier_contents() -> DossierContents:
    def item(n: int, title: str, standing: str, file: str = "") -> DossierItem:
        return DossierItem(number=str(n), title=title, basis=f"mục V.2.2 ({n})", standing=standing, copies="01" if file else "",
                           file=file, fingerprint="3f9ac2e8…" if file else "")  # fmt: skip

    return DossierContents(
        head=head(None, "HS/ĐU", date(2025, 12, 19)),
        signature=Signature(authority="NGƯỜI LẬP", title="", name="Sùng Seo Giang"),
        summary="đánh giá, xếp loại chất lượng hằng năm 2025",
        subject="đồng chí Lù Thị Dung, Chánh Văn phòng Đảng ủy xã",
        period="năm 2025",
        completeness="3/4 văn bản bắt buộc; còn thiếu văn bản số 4",
        items=(
            item(1, "Bản kiểm điểm cá nhân", "Có", "01 - Bản kiểm điểm cá nhân.pdf"),
            item(2, "Bản nhận xét của cấp ủy nơi cư trú", "Có", "02 - Bản nhận xét của cấp ủy nơi cư trú.pdf"),
            item(3, "Biên bản hội nghị kiểm điểm", "Có", "03 - Biên bản hội nghị kiểm điểm.docx"),
            item(4, "Tổng hợp kết quả thẩm định", "Thiếu"),
            item(6, "Văn bản gợi ý kiểm điểm (nếu có)", "Không có"),
        ),
        sets=(
            DossierSet(number="1", kept_at="lưu tại nơi công tác", receipt="nhận ngày 19/12/2025"),
            DossierSet(number="2", kept_at="gửi cấp ủy cấp trên trực tiếp"),
            DossierSet(number="3", kept_at="gửi cơ quan tham mưu về công tác cán bộ cấp trên"),
        ),
    )


def item_page() -> ItemPage:
    return ItemPage(
        head=head(None, "PV/BXDĐ", date(2025, 12, 8)),
        signature=Signature(authority="NGƯỜI NHẬN", title="(ký, ghi ngày nhận)", name=""),
        summary="kiểm điểm, đánh giá, xếp loại chất lượng năm 2025",
        unit="Chi bộ thôn Hòa Bình",
        duty="Gửi toàn bộ hồ sơ, báo cáo",
        clause="Kế hoạch của Đảng ủy xã, mục VI.1.b",
        deadline="hết ngày thứ Sáu 19/12/2025",
        standing="Còn 11 ngày",
        hand_to="Ban Xây dựng Đảng (đồng chí Giàng A Cường, điện thoại 0900 000 000)",
        address="https://hanchot.example/items/12",
        waits=("Đảng viên kiểm điểm ở chi bộ (mục IV.1)",),
        papers=(
            WantedPaper(number="1", title="Báo cáo kiểm điểm tập thể", standing="bắt buộc"),
            WantedPaper(number="3", title="Biên bản hội nghị kiểm điểm", standing="đã nộp"),
            WantedPaper(number="6", title="Văn bản gợi ý kiểm điểm", standing="nếu có"),
        ),
    )


def every() -> tuple[Paper, ...]:
    """All papers, in the order of ``PAPERS``."""
    return (
        results_proposed(),
        results_decided(),
        tally_minutes(),
        result_notice(),
        reminder_letter(),
        remediation_plan(),
        progress_report(),
        dossier_contents(),
        item_page(),
    )
