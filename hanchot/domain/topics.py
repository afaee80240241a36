"""Suggested topics (gợi ý kiểm điểm): proposed, decided by the standing committee, sent; and what follows from them.

Sources: the plan of the district 2023 II.3 and IV.6, of Lùng Phình IV.1, of the town 2022 II.3, 13-HD/TU III.1 and IV.1.4,
43-HD/BTCTW. Optional everywhere (“nếu cần”): no topic, no hindrance; one that
is issued must be clear, and lengthens the review.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from hanchot.domain.cited import Cited, Refusal
from hanchot.domain.house_rules import NO_TEXT, RECORD


class Ground(StrEnum):
    """Why a topic is suggested (the plan of the district 2023 II.3)."""

    TASKS = "tasks"
    DISUNITY = "disunity"
    BREACH = "breach"
    NEGATIVE = "negative"
    DEGRADATION = "degradation"

    @property
    def vi(self) -> str:
        return _GROUND_VI[self]


_GROUND_VI = {
    Ground.TASKS: "kết quả thực hiện nhiệm vụ chính trị",
    Ground.DISUNITY: "biểu hiện mất đoàn kết",
    Ground.BREACH: "vi phạm nguyên tắc, quy định của Đảng",
    Ground.NEGATIVE: "biểu hiện tiêu cực",
    Ground.DEGRADATION: "biểu hiện suy thoái",
}


class TopicRules(BaseModel):
    """Clauses on topics; None: the basis is silent. ``decides`` names the body in words."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    decides: str | None = None
    decided: Cited | None = None
    clear: Cited | None = Field(default=None, description="a topic is clear and concrete")


@dataclass(frozen=True, slots=True)
class Topic:
    """One suggested topic. ``managed_here``: the addressee is managed by the body that decides. Days are local."""

    addressee: str
    words: str
    ground: Ground | None
    proposed_by: str
    managed_here: bool = True
    decided_by: str = ""
    decided_on: date | None = None
    sent_on: date | None = None
    number: str = ""


def may_send(topic: Topic, rules: TopicRules) -> tuple[Refusal, ...]:
    """Why a topic may not go out yet; empty when it may."""
    return (*_unclear(topic, rules), *_undecided(topic, rules))


def answered(topics: Iterable[Topic], report_says: Iterable[str]) -> tuple[Refusal, ...]:
    """Topics that were sent and that the review's report does not speak of; ``report_says``: numbers of those it does."""
    said = frozenset(report_says)
    return tuple(
        Refusal(
            code="topic-unanswered",
            message=f"Báo cáo kiểm điểm của {topic.addressee} chưa nói đến gợi ý theo văn bản {topic.number}.",
            way_out="Bổ sung phần kiểm điểm theo nội dung gợi ý.",
            basis=RECORD,
        )
        for topic in issued(topics)
        if topic.number not in said
    )


def issued(topics: Iterable[Topic], addressee: str | None = None) -> tuple[Topic, ...]:
    """The topics that were sent, to one addressee or to all: they lengthen the meeting and add a paper to the dossier."""
    return tuple(t for t in topics if t.sent_on is not None and addressee in (None, t.addressee))


def _unclear(topic: Topic, rules: TopicRules) -> Iterator[Refusal]:
    basis = rules.clear or RECORD
    if not topic.words.strip():
        said = f"Gợi ý kiểm điểm cho {topic.addressee} chưa có nội dung."
        yield Refusal("topic-empty", said, "Viết rõ, cụ thể điều cần kiểm điểm.", basis)
    if topic.ground is None:
        said = f"Gợi ý kiểm điểm cho {topic.addressee} chưa nêu thuộc loại nào."
        yield Refusal("topic-groundless", said, f"Chọn một trong: {'; '.join(g.vi for g in Ground)}.", basis)


def _undecided(topic: Topic, rules: TopicRules) -> Iterator[Refusal]:
    basis = rules.decided or NO_TEXT
    body = rules.decides or "ban thường vụ cấp có thẩm quyền"
    if not topic.managed_here:
        said = f"{topic.addressee} không thuộc diện {body} quản lý."
        yield Refusal("topic-not-ours", said, "Chuyển đề xuất cho cấp quản lý.", basis)
    if topic.decided_on is None or not topic.decided_by.strip() or not topic.number.strip():
        said = f"Gợi ý kiểm điểm cho {topic.addressee} chưa được {body} quyết định bằng văn bản."
        yield Refusal("topic-undecided", said, f"Trình {body}, rồi ghi số, ngày văn bản.", basis)
    elif topic.sent_on is not None and topic.sent_on < topic.decided_on:
        said = f"Gợi ý kiểm điểm cho {topic.addressee} ghi gửi trước ngày quyết định {topic.decided_on:%d/%m/%Y}."
        yield Refusal("topic-sent-early", said, "Sửa ngày gửi theo sổ công văn.", RECORD)
