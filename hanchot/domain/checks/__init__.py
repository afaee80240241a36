"""The check of a plan: a table of small questions, each a pure function of one ``Subject``.

A finding names the thing, the place and the way out. Nothing here changes a plan: what a document says, it says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from hanchot.domain.checks import above, bases, dates, duties, head, order
from hanchot.domain.checks.subject import Subject
from hanchot.domain.finding import Finding, Said, Severity

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


@dataclass(frozen=True, slots=True)
class Check:
    """``severity`` is what its findings are unless one says otherwise; ``looks_for`` is shown to people."""

    code: str
    severity: Severity
    look: Callable[[Subject], Iterable[Said]]
    looks_for: str


# fmt: off
CHECKS: tuple[Check, ...] = (
    # The head of the document
    Check("missing-number", WARNING, head.missing_number, "văn bản không có số"),
    Check("missing-issue-date", WARNING, head.missing_issue_date, "văn bản không có ngày ban hành"),
    Check("missing-issuer", NOTE, head.missing_issuer, "cơ quan ban hành thiếu tên riêng"),
    Check("missing-year", NOTE, head.missing_year, "văn bản dùng cho mọi năm, phải chọn năm"),
    Check("unconfirmed", NOTE, head.unconfirmed, "lịch chưa có người xác nhận"),
    Check("provisional-dates", NOTE, head.provisional_dates, "ngày hoặc lịch nghỉ còn tạm tính"),
    # What it rests on
    Check("issued-before-basis", ERROR, bases.issued_before_basis, "ban hành trước văn bản làm căn cứ"),
    Check("basis-cited-with-two-dates", WARNING, bases.two_dates, "một căn cứ ghi hai ngày"),
    Check("basis-cited-with-two-issuers", NOTE, bases.two_issuers, "một căn cứ ghi hai cơ quan ban hành"),
    Check("basis-number-incomplete", NOTE, bases.number_incomplete, "số căn cứ thiếu ký hiệu"),
    Check("wrong-legal-basis", WARNING, bases.not_in_force, "căn cứ đã bị thay hoặc chưa ban hành"),
    Check("regulation-not-cited", NOTE, bases.regulation_not_cited, "quy định áp dụng không có trong căn cứ"),
    # Its dates
    Check("date-before-plan-year", ERROR, dates.before_the_plan, "hạn đứng trước cả kế hoạch"),
    Check("date-far-after-year", WARNING, dates.far_after, "hạn quá xa năm kiểm điểm"),
    Check("two-dates-same-duty", WARNING, dates.two_dates, "một việc hai hạn"),
    Check("lead-impossible", WARNING, dates.lead_impossible, "không kịp gửi trước theo số ngày yêu cầu"),
    Check("last-moment-on-day-off", WARNING, dates.on_day_off, "ngày cuối cùng rơi vào ngày nghỉ"),
    Check("unchecked-year", WARNING, dates.unchecked_year, "năm chưa có lịch nghỉ được kiểm tra"),
    # Order and room between duties
    Check("order-contradiction", ERROR, order.contradiction, "việc cần trước lại có hạn sau"),
    Check("predecessor-without-date", NOTE, order.predecessor_without_date, "việc phải xong trước mà không có hạn"),
    Check("no-slack", WARNING, order.no_slack, "không đủ ngày làm việc từ lúc nhận đến lúc phải xong"),
    # Its duties
    Check("no-agency", WARNING, duties.no_agency, "mốc không nêu cơ quan nào"),
    Check("stage-without-date", WARNING, duties.stage_without_date, "bước không có hạn nào"),
    Check("quarter-without-milestones", WARNING, duties.quarters, "kỳ quý thiếu mốc"),
    Check("missing-stage", NOTE, duties.missing_stage, "thiếu bước"),
    # The plan above
    Check("later-than-parent", ERROR, above.later, "muộn hơn kế hoạch cấp trên"),
    Check("no-slack", WARNING, above.no_slack, "không đủ ngày làm việc ở cấp trên"),
    Check("missing-stage", WARNING, above.missing_stage, "thiếu bước mà cấp trên có"),
    Check("wrong-legal-basis", WARNING, above.other_basis, "quy định áp dụng khác cấp trên"),
    Check("parent-of-another-year", WARNING, above.another_year, "kế hoạch cấp trên của năm khác"),
    Check("parent-not-above", WARNING, above.not_above, "kế hoạch so sánh không phải của cấp trên"),
    Check("parent-differs", NOTE, above.another_parent, "so với kế hoạch khác kế hoạch mà văn bản nêu"),
    Check("parent-not-at-hand", NOTE, above.not_at_hand, "chưa có lịch của kế hoạch cấp trên"),
    # What people have noted
    Check("doubt-open", NOTE, duties.doubts, "điều cần người xác nhận"),
)
# fmt: on


def check(subject: Subject) -> tuple[Finding, ...]:
    """Every finding about one plan, errors first, then in the order of the table. Said once is enough."""
    found = dict.fromkeys(_findings(subject))
    return tuple(sorted(found, key=lambda finding: finding.severity.rank))


def _findings(subject: Subject) -> Iterator[Finding]:
    for one in CHECKS:
        for said in one.look(subject):
            yield Finding(said.severity or one.severity, one.code, subject.plan.key, said)


__all__ = ["CHECKS", "Check", "Subject", "check"]
