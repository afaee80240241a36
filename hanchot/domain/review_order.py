"""The order of review (trình tự kiểm điểm): what must be finished before a step, for one unit and one person.

The edges are data (``calendars/reviews``): “A before B” with the clause that says so. Bases are read together: the plan's
edges and the central rule's (13-HD/TU VI.4: where the guidance is silent the central rule applies).
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter

from pydantic import BaseModel, ConfigDict, model_validator

from hanchot.domain.cited import Cited, Refusal


class Step(StrEnum):
    """One step of a review. ``HEAD`` and ``OTHERS``: persons in a leadership collective; ``CELL``: the person's own."""

    STATE_RATING = "state_rating"
    COLLECTIVE = "collective_review"
    CELL = "cell_review"
    HEAD = "head_review"
    OTHERS = "others_review"
    STANDING = "standing_review"
    TEMPORARY_COMMENT = "temporary_comment"
    RESIDENCE_COMMENT = "residence_comment"
    SELF_VOTE = "self_rating_vote"
    LOWER_RATING = "lower_rating"
    APPRAISAL = "appraisal_report"
    DECISION = "deciding_meeting"
    NOTICE = "notice"
    YEAR_END = "year_end_meeting"

    @property
    def vi(self) -> str:
        return _VI[self]


_VI = {
    Step.STATE_RATING: "chính quyền, đoàn thể đánh giá, xếp loại xong",
    Step.COLLECTIVE: "kiểm điểm tập thể",
    Step.CELL: "kiểm điểm ở chi bộ",
    Step.HEAD: "kiểm điểm người đứng đầu ở tập thể lãnh đạo",
    Step.OTHERS: "kiểm điểm cấp phó, thành viên ở tập thể lãnh đạo",
    Step.STANDING: "kiểm điểm ở ban thường vụ, ban chấp hành",
    Step.TEMPORARY_COMMENT: "nhận xét của chi bộ nơi sinh hoạt tạm thời",
    Step.RESIDENCE_COMMENT: "nhận xét của cấp ủy nơi cư trú",
    Step.SELF_VOTE: "biểu quyết tự xếp loại",
    Step.LOWER_RATING: "xếp loại tổ chức đảng trực thuộc và đảng viên",
    Step.APPRAISAL: "báo cáo thẩm định",
    Step.DECISION: "hội nghị quyết định xếp loại",
    Step.NOTICE: "thông báo kết quả",
    Step.YEAR_END: "tổng kết năm của đơn vị",
}


# The steps that are meetings (hội nghị kiểm điểm) with a day of their own; a meeting that does several is the first of them.
SITTINGS = (Step.COLLECTIVE, Step.CELL, Step.HEAD, Step.OTHERS, Step.STANDING)


class Precedence(BaseModel):
    """``first`` is finished before ``then`` begins."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    first: Step
    then: Step
    cited: Cited


class ReviewOrder(BaseModel):
    """All edges of one basis, or of several read together. Refused at birth when they run in a circle."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    edges: tuple[Precedence, ...] = ()

    @model_validator(mode="after")
    def _no_circle(self) -> ReviewOrder:
        try:
            TopologicalSorter(_before(self.edges)).prepare()
        except CycleError as wrong:
            circle = " → ".join(f"“{step.vi}”" for step in wrong.args[1])
            raise ValueError(f"trình tự kiểm điểm đi vòng: {circle}; bỏ một trong các quy định ấy") from None
        return self

    def joined(self, other: ReviewOrder) -> ReviewOrder:
        """Both read together, own edges first. Raises ``ValueError`` when together they run in a circle."""
        own = {(edge.first, edge.then) for edge in self.edges}
        return ReviewOrder(edges=self.edges + tuple(e for e in other.edges if (e.first, e.then) not in own))

    def within(self, steps: frozenset[Step]) -> tuple[Precedence, ...]:
        """The edges among ``steps`` alone: a step that this person has not is bridged, and the order through it stays."""
        found = [edge for edge in self.edges if edge.then in steps]
        bridged: dict[tuple[Step, Step], Precedence] = {}
        while found:
            edge = found.pop(0)
            if edge.first in steps:
                bridged.setdefault((edge.first, edge.then), edge)
                continue
            found += [Precedence(first=e.first, then=edge.then, cited=e.cited) for e in self.edges if e.then == edge.first]
        return tuple(bridged.values())


def steps_in_order(order: ReviewOrder, steps: Iterable[Step]) -> tuple[Step, ...]:
    """``steps`` in an order that breaks no rule; where the rules leave it open, as the members of ``Step`` stand."""
    wanted = frozenset(steps)
    sorter = TopologicalSorter({step: set[Step]() for step in wanted} | _before(order.within(wanted)))
    sorter.prepare()
    out: list[Step] = []
    ready: set[Step] = set(sorter.get_ready())
    while ready:
        nearest = min(ready, key=list(Step).index)
        ready.remove(nearest)
        out.append(nearest)
        sorter.done(nearest)
        ready |= set(sorter.get_ready())
    return tuple(out)


def missing_before(
    step: Step, done: frozenset[Step], order: ReviewOrder, applicable: frozenset[Step] = frozenset(Step)
) -> tuple[Refusal, ...]:
    """What must still be finished before ``step`` may begin, each with its clause; empty exactly when it may begin.

    ``applicable``: the steps that this unit and this person have at all, e.g. no ``STANDING`` for who is in no committee.
    """
    unmet = _unmet(step, done, order, applicable)
    return tuple(
        Refusal(
            code="out-of-order",
            message=f"Chưa thể bắt đầu “{step.vi}”: còn thiếu “{first.vi}”.",
            way_out=f"Làm xong “{first.vi}” rồi ghi nhận trước.",
            basis=unmet[first],
        )
        for first in Step
        if first in unmet
    )


def _unmet(step: Step, done: frozenset[Step], order: ReviewOrder, applicable: frozenset[Step]) -> dict[Step, Cited]:
    """The nearest unfinished steps before ``step``, looking behind what is done or does not apply: nothing hides there."""
    found: dict[Step, Cited] = {}
    behind, seen = [step], {step}
    while behind:
        then = behind.pop()
        for edge in order.edges:
            if edge.then != then:
                continue
            if edge.first in applicable and edge.first not in done:
                found.setdefault(edge.first, edge.cited)
            elif edge.first not in seen:
                seen.add(edge.first)
                behind.append(edge.first)
    return found


def _before(edges: Iterable[Precedence]) -> dict[Step, set[Step]]:
    graph: dict[Step, set[Step]] = {}
    for edge in edges:
        graph.setdefault(edge.then, set()).add(edge.first)
        graph.setdefault(edge.first, set())
    return graph
