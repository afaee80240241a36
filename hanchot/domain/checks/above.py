"""The plan above: a child is not later, lacks no stage, rests on the same rules, and leaves the parent time to read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from hanchot.domain.acts import number_key
from hanchot.domain.checks.order import tight
from hanchot.domain.checks.subject import Subject, duty, duty_en, inner, inner_en, named, vi, words
from hanchot.domain.finding import Said, Severity
from hanchot.domain.handover import Handover, handovers_up, overruns
from hanchot.domain.level import level_of
from hanchot.domain.plan import stages_of
from hanchot.domain.stage import Stage

_FILLING = words("hoàn thành việc tổ chức thực hiện tiến hành ở và của các cho đối với")


def later(s: Subject) -> Iterator[Said]:
    """What goes up against the day it is wanted or first used; other work against the same stage of the same units."""
    if s.parent is None:
        return
    told = set()
    for hand in handovers_up(s.dated, s.parent, s.workdays):
        key = hand.giver.milestone.key
        if hand.late and key not in told:
            told.add(key)
            yield _later(s, hand, Severity.ERROR)
    for hand in overruns(s.dated, s.parent):
        sure = _same_work(hand.taker.milestone.title, hand.giver.milestone.title)
        yield _later(s, hand, Severity.ERROR if sure else Severity.WARNING)


def no_slack(s: Subject) -> Iterator[Said]:
    if s.parent is None:
        return
    above = f"kế hoạch cấp trên {named(s.parent.plan)} "
    above_en = f"the plan above, {named(s.parent.plan)}, "
    for hand in handovers_up(s.dated, s.parent, s.workdays):
        if hand.tight:
            yield tight(hand, above, above_en)


def missing_stage(s: Subject) -> Iterator[Said]:
    if s.parent is None:
        return
    asked = {m.stage: m for m in reversed(s.parent.plan.milestones) if s.plan.organiser in m.applies_to}
    for stage in sorted(set(asked) - set(stages_of(s.plan, "annual")), key=_position):
        m, above = asked[stage], named(s.parent.plan)
        yield Said(
            f"Kế hoạch cấp trên {above} (mục {m.source.clause}) giao việc ở bước {stage.vi}, kế hoạch này không có bước ấy.",
            f"The plan above, {above} (clause {m.source.clause}), sets work in the stage {stage}, which this plan lacks.",
            f"Thêm mốc cho “{m.title}”.",
            f"Add a milestone for “{m.title}”.",
        )


def other_basis(s: Subject) -> Iterator[Said]:
    if s.parent is None:
        return
    own, above = s.plan.regulation, s.parent.plan.regulation
    if own and above and number_key(own) != number_key(above):
        yield Said(
            f"Kế hoạch theo {own}, kế hoạch cấp trên {named(s.parent.plan)} theo {above}.",
            f"The plan follows {own}, the plan above, {named(s.parent.plan)}, follows {above}.",
            "Thống nhất một quy định; cấp dưới theo cấp trên nếu quy định ấy còn hiệu lực.",
            "Settle on one; the lower level follows the upper while that one is in force.",
        )


def another_year(s: Subject) -> Iterator[Said]:
    if s.parent and s.parent.plan.year and s.year and s.parent.plan.year != s.year:
        yield Said(
            f"Kế hoạch năm {s.year}, kế hoạch cấp trên {named(s.parent.plan)} là của năm {s.parent.plan.year}.",
            f"The plan is for {s.year}, the plan above, {named(s.parent.plan)}, for {s.parent.plan.year}.",
            f"Chọn kế hoạch cấp trên của năm {s.year}.",
            f"Choose the plan above of {s.year}.",
        )


def not_above(s: Subject) -> Iterator[Said]:
    if s.parent and level_of(s.parent.plan) >= level_of(s.plan):
        yield Said(
            f"{named(s.parent.plan)} là của {s.parent.plan.organiser.vi}, không ở trên {s.plan.organiser.vi}.",
            f"{named(s.parent.plan)} is by a {s.parent.plan.organiser}, which does not stand above a {s.plan.organiser}.",
            "Chọn đúng kế hoạch cấp trên.",
            "Choose the right plan above.",
        )


def another_parent(s: Subject) -> Iterator[Said]:
    if s.parent is None or s.plan.parent is None:
        return
    if number_key(s.plan.parent) not in (s.parent.plan.key, number_key(s.parent.plan.document.number or "")):
        yield Said(
            f"So với {named(s.parent.plan)}, nhưng văn bản nêu cấp trên là {s.plan.parent}.",
            f"Compared with {named(s.parent.plan)}, while the document names {s.plan.parent} as the one above.",
            "Kết quả so sánh chỉ để tham khảo cho đến khi có lịch của văn bản ấy.",
            "Read the comparison as a hint until that document's calendar is there.",
        )


def not_at_hand(s: Subject) -> Iterator[Said]:
    if s.parent is None and s.plan.parent and not s.acts.find(s.plan.parent):
        yield Said(
            f"Văn bản cấp trên là {s.plan.parent}, chưa có lịch để so hạn.",
            f"The document above is {s.plan.parent}; its calendar is not at hand to compare with.",
            "Đọc văn bản ấy thành lịch, rồi kiểm tra hai lịch cùng nhau.",
            "Read it into a calendar, then check the two together.",
        )


def _later(s: Subject, hand: Handover, severity: Severity) -> Said:
    assert s.parent is not None
    a, b = hand.giver.milestone, hand.taker.milestone
    one, other = _day(hand.giver.day), _day(hand.taker.day)
    days, above = (one - other).days, named(s.parent.plan)
    verb = "có hạn" if hand.bound else "đã cần đến vào"
    verb_en = "due on" if hand.bound else "using it on"
    return Said(
        f"{duty(a)} có hạn {vi(one)}, muộn hơn {days} ngày so với kế hoạch cấp trên {above}, {inner(b)} {verb} {vi(other)}.",
        f"{duty_en(a)} is due on {one}, {days} days later than the plan above, {above}, {inner_en(b)} {verb_en} {other}.",
        f"Đưa hạn lên không quá {vi(other)}, hoặc xin cấp trên cho lùi bằng văn bản.",
        f"Bring it forward to {other} at the latest, or ask the level above in writing for more time.",
        a.source.clause,
        a.key,
        severity,
    )


def _same_work(above: str, below: str) -> bool:
    """Whether most of what the plan above calls a duty stands in the title below; otherwise it is only the same stage."""
    wanted = words(above) - _FILLING
    return 2 * len(wanted & words(below)) > len(wanted)


def _position(stage: Stage) -> int:
    return stage.position


def _day(day: date | None) -> date:
    assert day is not None
    return day
