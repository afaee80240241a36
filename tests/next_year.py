"""A document of next year, made from a plan of this year: sections renumbered, words altered, dates shifted.

What a real committee does to last year's plan, done by rule, so that a test knows the right answer for every sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from hanchot.domain.carry import carry_over
from hanchot.domain.deadline import Before, By, Deadline, Within
from hanchot.domain.draft import Draft, Head, Statement
from hanchot.domain.plan import Milestone, Plan
from hanchot.domain.stage import Stage

OTHER_WORDS = (
    ("Gửi", "Nộp"), ("Tổ chức kiểm điểm", "Tiến hành kiểm điểm"), ("Kiểm điểm ở", "Hoàn thành kiểm điểm tại"),
    ("Hoàn thành", "Làm xong"), ("kết quả", "các kết quả"), ("Tổng hợp", "Rà soát, tổng hợp"), ("Xây dựng", "Lập"),
    ("Thông báo", "Gửi thông báo"), ("văn bản liên quan", "tài liệu kèm theo"),
)  # fmt: skip
RENUMBERED = {"I": "II", "II": "III", "III": "IV", "IV": "V", "V": "VI", "VI": "VII", "PL": "PL"}
NEW_DUTY = "Văn phòng niêm yết công khai danh sách cán bộ dự tập huấn phần mềm chậm nhất ngày {:%d/%m/%Y}."


def document_of(plan: Plan, year: int, *, moved: dict[str, int], dropped: Iterable[str], new_duty: date) -> Draft:
    """The draft that reading such a document would give. ``moved``: days later, by key. Duties without a date have no
    sentence, as in real documents.
    """
    there = plan if plan.year == year else carry_over(plan, year)
    gone = set(dropped)
    said = [
        _statement(m, moved.get(m.key, 0)) for m in there.milestones if m.key not in gone and m.deadline.kind != "unset"
    ]  # fmt: skip
    said.append(_extra(new_duty))
    numbered = tuple(one.model_copy(update={"paragraph": n}) for n, one in enumerate(said))
    head = Head(number="77-KH/TU", issuer=plan.document.issuer, title=f"Kế hoạch kiểm điểm năm {year}", year=year)
    return Draft(document=head, deadlines=numbered)


def other_words(title: str) -> str:
    for one, other in OTHER_WORDS:
        title = title.replace(one, other)
    return title


def renumbered(clause: str) -> str:
    head, *rest = re.split(r"([. ])", clause)
    return RENUMBERED.get(head, head) + "".join(rest)


def _statement(m: Milestone, days: int) -> Statement:
    deadline = later(m.deadline, days)
    who = "; ".join(m.roles.carries_out) or "; ".join(kind.vi for kind in m.applies_to)
    to = "; ".join(one.name for one in m.to)
    phrase = _phrase(deadline, m.source.phrase or "theo thứ tự đã nêu")
    quote = f"{who} {other_words(m.title)}{', gửi ' + to if to else ''}, {phrase}."
    return Statement(
        deadline=deadline, stage=m.stage, actor=who, recipient=to or None, clause=renumbered(m.source.clause),
        phrase=phrase, quote=quote, paragraph=0,
    )  # fmt: skip


def _extra(day: date) -> Statement:
    said = NEW_DUTY.format(day)
    return Statement(
        deadline=By(kind="by", date=day), stage=Stage.PREPARE, actor="Văn phòng", clause="IX.9",
        phrase=f"chậm nhất ngày {day:%d/%m/%Y}", quote=said, paragraph=0,
    )  # fmt: skip


def later(deadline: Deadline, days: int) -> Deadline:
    """The same words with the day moved."""
    if isinstance(deadline, Before | By):
        return deadline.model_copy(update={"date": deadline.date + timedelta(days)})
    if isinstance(deadline, Within) and deadline.end:
        return deadline.model_copy(update={"end": deadline.end + timedelta(days)})
    return deadline


def _phrase(deadline: Deadline, phrase: str) -> str:
    match deadline:
        case Before():
            return f"trước ngày {deadline.date:%d/%m/%Y}"
        case By():
            return f"chậm nhất ngày {deadline.date:%d/%m/%Y}"
        case Within() if deadline.end:
            return f"đến hết ngày {deadline.end:%d/%m/%Y}"
    return phrase
