"""Opinions that must be heard (ý kiến nhận xét): from the place of residence, another cell, an agency, who attended.

Sources: the plan of the district 2023 IV.5 and IV.6, 13-HD/TU PL.3, 211-KH/ĐUK III.1.3, the plan of Lùng Phình VI.1.a. None
of them names a day: the body that asks sets it, and it stands in the request.

A request is one milestone of a small ``Plan``: the same ladder, sweep and letters. Its title never says about whom.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from hanchot.domain.cited import Cited, Refusal
from hanchot.domain.deadline import Unset
from hanchot.domain.house_rules import NO_TEXT, RECORD
from hanchot.domain.plan import Milestone, Period, Plan, Source
from hanchot.domain.review_order import Step
from hanchot.domain.review_rules import ReviewRules
from hanchot.domain.stage import Stage
from hanchot.domain.unit import UnitKind

HEARING = "-yk"  # ends the code of the cycle that carries the requests for opinions (ý kiến) of a review


class Kind(StrEnum):
    """Whose opinion it is, seen from the one it is about."""

    RESIDENCE = "residence"
    TEMPORARY = "temporary"
    AGENCY = "agency"
    ATTENDING = "attending"

    @property
    def vi(self) -> str:
        return _VI[self]


_VI = {
    Kind.RESIDENCE: "nhận xét của cấp ủy nơi cư trú",
    Kind.TEMPORARY: "nhận xét của chi bộ nơi sinh hoạt tạm thời",
    Kind.AGENCY: "ý kiến của cơ quan phối hợp",
    Kind.ATTENDING: "ý kiến của cấp trên dự kiểm điểm",
}
STEPS: Mapping[Kind, Step] = {Kind.RESIDENCE: Step.RESIDENCE_COMMENT, Kind.TEMPORARY: Step.TEMPORARY_COMMENT}


def basis_of(kind: Kind, rules: ReviewRules) -> Cited:
    """The clause that wants such an opinion, or our own rule that what was asked for is waited for."""
    if kind is Kind.TEMPORARY and rules.eligibility.temporary:
        return rules.eligibility.temporary
    if kind is Kind.ATTENDING and rules.sessions.opinions:
        return rules.sessions.opinions
    edges = (edge.cited for edge in rules.order.edges if edge.first == STEPS.get(kind))
    return next(edges, RECORD)


def milestone_key(no: int) -> str:
    """The milestone of the n-th request to one unit."""
    return f"y-kien-{no}"


def hearing_plan(
    key: str, review: Plan, period: Period, asked: Iterable[tuple[int, UnitKind]], before: Plan | None = None
) -> Plan:
    """The plan of all requests of the review of ``period``; ``asked``: the number of each new request, and who is asked.

    One milestone for the n-th request to every unit; the days are the items' own. Letters cite the review's document.
    """
    known = {m.key: m for m in before.milestones} if before else {}
    for no, kind in asked:
        there = known.get(milestone_key(no))
        known[milestone_key(no)] = _milestone(no, (*(there.applies_to if there else ()), kind))
    document = review.document.model_copy(update={"title": f"Lấy ý kiến nhận xét phục vụ kiểm điểm {period.vi}"})
    return Plan(
        key=key, organiser=review.organiser, document=document, year=period.year, regulation=review.regulation,
        ladder=review.ladder, milestones=tuple(known.values()),
    )  # fmt: skip


def _milestone(no: int, kinds: tuple[UnitKind, ...]) -> Milestone:
    return Milestone(
        key=milestone_key(no), stage=Stage.SELF_ASSESS, title=f"Gửi ý kiến nhận xét theo đề nghị thứ {no}",
        applies_to=tuple(dict.fromkeys(kinds)), deadline=Unset(kind="unset"), source=Source(clause=NO_TEXT.clause),
    )  # fmt: skip


def may_ask(until: date, today: date, kind: Kind, about_person: bool) -> tuple[Refusal, ...]:
    """Why such a request may not be made; empty when it may. Days are local, ``until`` is counted."""
    found = []
    if until <= today:
        words = f"Hạn gửi ý kiến {until:%d/%m/%Y} không sau hôm nay {today:%d/%m/%Y}."
        found.append(Refusal("until-passed", words, "Chọn ngày sau hôm nay để nơi được hỏi kịp trả lời.", RECORD))
    if kind in STEPS and not about_person:
        words = f"{_up(kind.vi)} là nhận xét về một người, nhưng chưa nêu người nào."
        found.append(Refusal("about-nobody", words, "Nêu mã người được nhận xét.", RECORD))
    return tuple(found)


def unheard(kind: Kind, source: str, last_day: date | None, whom: str, basis: Cited) -> Refusal:
    """That an opinion was asked for and has not come. ``whom``: about whom."""
    until = f", hạn {last_day:%d/%m/%Y}" if last_day else ""
    return Refusal(
        code="opinion-awaited",
        message=f"Chưa nhận được {kind.vi} ({source}) về {whom}{until}.",
        way_out="Đôn đốc nơi được hỏi, ghi ý kiến khi nhận được, hoặc miễn có lý do.",
        basis=basis,
    )


def _up(words: str) -> str:
    return words[0].upper() + words[1:]
