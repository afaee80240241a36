"""What a check looks at: one plan read for its year, what it is compared with, and how places are named."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from hanchot.domain.acts import Acts
from hanchot.domain.collate import folded
from hanchot.domain.dated_plan import DatedPlan
from hanchot.domain.plan import Document, Milestone, Plan
from hanchot.domain.workdays import WorkCalendar


@dataclass(frozen=True)
class Subject:
    """``parent`` is the plan above, if it is at hand; ``others`` are plans checked together with this one."""

    dated: DatedPlan
    workdays: WorkCalendar
    acts: Acts = field(default_factory=Acts)
    parent: DatedPlan | None = None
    others: tuple[Plan, ...] = ()

    @property
    def plan(self) -> Plan:
        return self.dated.plan

    @property
    def document(self) -> Document:
        return self.dated.plan.document

    @property
    def year(self) -> int | None:
        return self.dated.year

    @property
    def issued_at_earliest(self) -> tuple[date, str, str] | None:
        """The first local day on which the document can have been issued, and why, in both languages."""
        if self.dated.not_before is None:
            return None
        day, number = self.dated.not_before
        if number is None:
            return day, f"ngày ban hành kế hoạch {vi(day)}", f"the plan's own issue date {day}"
        return day, f"căn cứ muộn nhất của kế hoạch ({number} ngày {vi(day)})", f"the plan's latest basis ({number} of {day})"


def vi(day: date) -> str:
    """``05/12/2022``."""
    return f"{day:%d/%m/%Y}"


def at(clause: str | None) -> str:
    """``Mục II.4`` at the beginning of a sentence."""
    return f"Mục {clause}" if clause else "Phần đầu văn bản"


def at_en(clause: str | None) -> str:
    return f"Clause {clause}" if clause else "The head of the document"


def duty(m: Milestone) -> str:
    """``Mục II.4 “Gửi hồ sơ”`` at the beginning of a sentence."""
    return f"{at(m.source.clause)} “{m.title}”"


def duty_en(m: Milestone) -> str:
    return f"{at_en(m.source.clause)} “{m.title}”"


def inner(m: Milestone) -> str:
    """The same in the middle of a sentence."""
    return f"{within(m.source.clause)} “{m.title}”"


def inner_en(m: Milestone) -> str:
    return f"{within_en(m.source.clause)} “{m.title}”"


def words(text: str) -> set[str]:
    """The words of a title, without diacritics and punctuation."""
    return set(re.findall(r"\w+", folded(text)))


def within(clause: str | None) -> str:
    """The same in the middle of a sentence."""
    return f"mục {clause}" if clause else "phần đầu văn bản"


def within_en(clause: str | None) -> str:
    return f"clause {clause}" if clause else "the head of the document"


def named(plan: Plan) -> str:
    """How a message names another plan: its number, or else its key."""
    return plan.document.number or plan.key
