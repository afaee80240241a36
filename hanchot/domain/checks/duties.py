"""The duties: who does them, which stages are there and dated, which quarters, what people have doubted."""

from __future__ import annotations

from collections.abc import Iterator

from hanchot.domain.checks.subject import Subject, duty, duty_en
from hanchot.domain.deadline import DATED
from hanchot.domain.finding import Said, Severity
from hanchot.domain.plan import Milestone, PeriodKind, stages_of
from hanchot.domain.stage import STAGES, Stage

_GIVES_A_DAY = (*DATED, "lead", "after")  # the last two once the unit's own event has a day
_ROMAN = ("I", "II", "III", "IV")


def no_agency(s: Subject) -> Iterator[Said]:
    for m in s.plan.milestones:
        if not any(m.roles.model_dump().values()):
            yield Said(
                f"{duty(m)} không nêu cơ quan nào chỉ đạo, tham mưu hay thực hiện.",
                f"{duty_en(m)} names nobody who directs, advises or carries it out.",
                "Hỏi nơi ban hành rồi ghi vào lịch (roles); trong khi chờ, Ban Tổ chức theo dõi mốc này.",
                "Ask the issuer and write it into roles; until then the department watches this one.",
                m.source.clause,
                m.key,
            )


def stage_without_date(s: Subject) -> Iterator[Said]:
    """Per kind of period; the last stage of what must be done counts, optional duties do not make it dated."""
    for kind in s.plan.periods:
        for stage in stages_of(s.plan, kind):
            own = [m for m in s.plan.of_period(kind) if m.stage is stage]
            if not any(m.deadline.kind in _GIVES_A_DAY for m in own):
                yield _undated(stage, kind, own)


def _undated(stage: Stage, kind: PeriodKind, own: list[Milestone]) -> Said:
    announced = any(m.deadline.kind == "announced" for m in own)
    period = " kỳ quý" if kind == "quarterly" else ""
    period_en = " of the quarterly period" if kind == "quarterly" else ""
    return Said(
        f"Bước {stage.vi}{period} không có hạn nào{'; văn bản hẹn lịch gửi sau' if announced else ''}.",
        f"The stage {stage}{period_en} has no date{'; the document promises one later' if announced else ''}.",
        "Giục nơi ban hành gửi lịch; có lịch thì đặt hạn cho mốc."
        if announced
        else "Ban Tổ chức ấn định hạn khi mở đợt; trang của đợt ghi rõ hạn do ai đặt.",
        "Chase the issuer for it, then set the date."
        if announced
        else "The department sets one when it opens the cycle; the page says who did.",
        own[0].source.clause,
        own[0].key,
    )


def missing_stage(s: Subject) -> Iterator[Said]:
    """Among the six of a year. A quarter has three by 366-QĐ/TW: self-assessment, appraisal, decision."""
    if "annual" not in s.plan.periods:
        return
    for stage in STAGES:
        if stage not in stages_of(s.plan, "annual"):
            yield Said(
                f"Kế hoạch không có mốc nào cho bước {stage.vi}.",
                f"The plan has no milestone for the stage {stage}.",
                "Xem văn bản cấp trên có đòi bước này không; nếu có thì thêm mốc.",
                "See whether the document above asks for it; if so, add a milestone.",
            )


def quarters(s: Subject) -> Iterator[Said]:
    if "quarterly" not in s.plan.periods:
        return
    if not s.plan.of_period("quarterly"):
        yield Said(
            "Kế hoạch có kỳ quý nhưng không có mốc nào của quý.",
            "The plan has quarterly periods, but no quarterly milestone.",
            "Thêm mốc với period: quarterly, hoặc bỏ kỳ quý khỏi periods.",
            "Add milestones with period: quarterly, or take quarterly out of periods.",
        )
    left = [q for q in range(1, 5) if q not in s.plan.quarters]
    if left and s.plan.of_period("quarterly"):
        names = ", ".join(_ROMAN[q - 1] for q in left)
        yield Said(
            f"Quý {names} không có đợt đánh giá riêng.",
            f"Quarter {', '.join(map(str, left))} has no cycle of its own.",
            "Đúng nếu văn bản gộp quý ấy vào cuối năm; không thì thêm vào quarters.",
            "Right if the document merges it into the year; otherwise add it to quarters.",
            severity=Severity.NOTE,
        )


def doubts(s: Subject) -> Iterator[Said]:
    for m in s.plan.milestones:
        if m.doubt:
            yield _doubt(m.doubt, m.source.clause, m.key)
    for doubt in s.plan.doubts:
        yield _doubt(doubt, None, None)


def _doubt(words: str, clause: str | None, key: str | None) -> Said:
    place, place_en = (f"Mục {clause}: ", f"Clause {clause}: ") if clause else ("", "")
    full = words if words.endswith((".", "?", "!")) else f"{words}."
    return Said(
        f"{place}{full}",
        f"{place_en}open doubt: “{words}”",
        "Người phụ trách xác nhận, rồi bỏ điều này khỏi tệp lịch.",
        "Somebody in charge settles it and takes it out of the calendar.",
        clause,
        key,
    )
