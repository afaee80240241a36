"""Remediation (khắc phục): a decided result opens a small Plan, and the next review looks at what became of it.

Sources: the plan of the district 2023 IV.1 (a plan for every shortcoming), of Lùng Phình VI.2 (approved by the committee above,
at once after the result), 211-KH/ĐUK I.2 (not quite fixed or recurring: somebody is responsible), 366-QĐ/TW Điều 11.

The milestones are ordinary ones: the same ladder, sweep and letters. Their titles never say the shortcoming, because a
title stands in letters and on lists; the words are read on the board by who may read them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from hanchot.domain.cited import Cited, Refusal
from hanchot.domain.deadline import By, Unset
from hanchot.domain.house_rules import NO_TEXT, RECORD
from hanchot.domain.ladder import DEFAULT_LADDER, Ladder
from hanchot.domain.plan import Document, Milestone, Period, Plan, Roles, Source
from hanchot.domain.stage import Stage
from hanchot.domain.unit import UnitKind

REMEDY = "-kp"  # ends the code of the cycle that carries the remediation (khắc phục) after a review


class RemediationRules(BaseModel):
    """Clauses on remediation; None: the basis is silent."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    plan: Cited | None = None
    approved: Cited | None = None
    approver: str | None = None
    responsible: Cited | None = None
    all_fixed: Cited | None = None
    note: str | None = None


class Result(Protocol):
    """What remediation must know of a decision: whose it is, and its local day. ``authority.Decided`` is one."""

    @property
    def name(self) -> str: ...

    @property
    def decided_on(self) -> date: ...


@dataclass(frozen=True, slots=True)
class Shortcoming:
    """One line of a remediation plan. ``until``: local day, counted; ``evidence``: what will show that it is done.

    ``event``: what it is due at while no day is known (“trước đại hội”); the department then sets the day.
    """

    words: str
    measure: str
    who: str
    until: date | None
    evidence: str = ""
    event: str = ""


@dataclass(frozen=True, slots=True)
class Where:
    """The unit that remedies and the committee whose cycle it is; ``key`` becomes the key of the plan.

    ``first``: the number of its first line, because the unit may have had some before.
    """

    key: str
    unit: str
    unit_kind: UnitKind
    organiser: UnitKind
    approved_on: date | None = None
    approved_by: str = ""
    number: str | None = None
    ladder: Ladder = DEFAULT_LADDER
    first: int = 1


def open_plan(
    decided: Result, where: Where, lines: Sequence[Shortcoming], rules: RemediationRules
) -> Plan | tuple[Refusal, ...]:
    """The remediation plan as a ``Plan`` of one stage, one milestone a shortcoming, or what stands against it."""
    against = (*_lines(decided, lines, rules), *_approval(where, rules))
    if against:
        return against
    clause = rules.plan.clause if rules.plan else "1"
    document = Document(
        kind="plan", number=where.number, issuer=where.unit, issued_on=where.approved_on, year=decided.decided_on.year,
        title=f"Kế hoạch khắc phục sau kiểm điểm của {where.unit}",
    )  # fmt: skip
    return Plan(
        key=where.key, organiser=where.organiser, document=document, year=decided.decided_on.year, ladder=where.ladder,
        milestones=tuple(_milestone(n, line, where, clause) for n, line in enumerate(lines, where.first)),
    )  # fmt: skip


def joined(key: str, review: Plan, period: Period, small: Plan, rules: RemediationRules, before: Plan | None = None) -> Plan:
    """The plan of all remediation after the review of ``period``, with the lines of ``small`` in it.

    One milestone for the n-th shortcoming of every unit; the days are the items' own. So one cycle, one run and one morning
    summary carry the remediation of hundreds of units. Letters cite the review's document; clause “—” where it is silent.
    """
    known = {m.key: m for m in before.milestones} if before else {}
    clause = rules.plan.clause if rules.plan else NO_TEXT.clause
    for new in small.milestones:
        kinds = (*(known[new.key].applies_to if new.key in known else ()), *new.applies_to)
        common = {
            "deadline": Unset(kind="unset"), "roles": Roles(), "source": Source(clause=clause),
            "applies_to": tuple(dict.fromkeys(kinds)),
        }  # fmt: skip
        known[new.key] = new.model_copy(update=common)
    title = f"Khắc phục hạn chế, khuyết điểm sau kiểm điểm {period.vi}"
    return Plan(
        key=key, organiser=review.organiser, document=review.document.model_copy(update={"title": title}), year=period.year,
        regulation=review.regulation, ladder=review.ladder, milestones=tuple(known.values()),
    )  # fmt: skip


class Outcome(StrEnum):
    """What became of an earlier shortcoming by the next review."""

    FIXED = "fixed"
    PARTLY = "partly"
    RECURRING = "recurring"
    UNKNOWN = "unknown"

    @property
    def vi(self) -> str:
        return _OUTCOME_VI[self]


_OUTCOME_VI = {
    Outcome.FIXED: "đã khắc phục",
    Outcome.PARTLY: "khắc phục chưa triệt để",
    Outcome.RECURRING: "tái xảy ra",
    Outcome.UNKNOWN: "chưa kết luận",
}


@dataclass(frozen=True, slots=True)
class Carried:
    """A shortcoming of the last review as the next one finds it. ``responsible``: who answers for what is not fixed."""

    words: str
    outcome: Outcome = Outcome.UNKNOWN
    responsible: str = ""
    evidence: str = ""


def carried_over(lines: Iterable[Shortcoming]) -> tuple[Carried, ...]:
    """Last year's lines at the opening of the next review: nothing is taken for fixed because a date has passed."""
    return tuple(Carried(line.words) for line in lines)


def unanswered(carried: Iterable[Carried], rules: RemediationRules) -> tuple[Refusal, ...]:
    """What the next review must still say of last year's shortcomings: how each ended, and who answers for what is left."""
    found = []
    basis = rules.responsible or RECORD
    for n, line in enumerate(carried, 1):
        if line.outcome == Outcome.UNKNOWN:
            words = f"Hạn chế thứ {n} của kỳ trước chưa có kết luận đã khắc phục hay chưa."
            found.append(Refusal("outcome-unknown", words, "Chọn đã khắc phục, chưa triệt để hoặc tái xảy ra.", basis))
        elif line.outcome == Outcome.FIXED and not line.evidence.strip():
            words = f"Hạn chế thứ {n} của kỳ trước ghi là đã khắc phục nhưng chưa có minh chứng."
            found.append(Refusal("no-evidence", words, "Ghi văn bản hoặc kết quả chứng minh.", RECORD))
        elif line.outcome != Outcome.FIXED and not line.responsible.strip():
            words = f"Hạn chế thứ {n} của kỳ trước {line.outcome.vi} nhưng chưa rõ trách nhiệm cá nhân."
            found.append(Refusal("nobody-responsible", words, "Ghi người chịu trách nhiệm.", basis))
    return tuple(found)


def bars_excellent(carried: Sequence[Carried], rules: RemediationRules) -> tuple[Refusal, ...]:
    """366-QĐ/TW Điều 11: “hoàn thành xuất sắc nhiệm vụ” wants every earlier shortcoming fixed; none earlier bars nothing."""
    left = [n for n, line in enumerate(carried, 1) if line.outcome != Outcome.FIXED]
    if rules.all_fixed is None or not left:
        return ()
    fixed = len(carried) - len(left)
    return (
        Refusal(
            code="not-all-fixed",
            message=f"Không xếp loại hoàn thành xuất sắc nhiệm vụ: mới khắc phục {fixed}/{len(carried)} hạn chế của kỳ trước.",
            way_out=f"Khắc phục và ghi minh chứng cho hạn chế thứ {', '.join(map(str, left))}, hoặc chọn mức thấp hơn.",
            basis=rules.all_fixed,
        ),
    )


def _milestone(n: int, line: Shortcoming, where: Where, clause: str) -> Milestone:
    return Milestone(
        key=f"khac-phuc-{n}",
        stage=Stage.REMEDIATE,
        title=f"Khắc phục hạn chế thứ {n} theo kế hoạch khắc phục",
        applies_to=(where.unit_kind,),
        deadline=By(kind="by", date=line.until) if line.until else Unset(kind="unset"),
        source=Source(clause=clause),
        roles=Roles(carries_out=(line.who.strip(),)),
    )


def _lines(decided: Result, lines: Sequence[Shortcoming], rules: RemediationRules) -> Iterable[Refusal]:
    basis = rules.plan or RECORD
    if not lines:
        words = f"Kế hoạch khắc phục của {decided.name} chưa nêu hạn chế, khuyết điểm nào."
        yield Refusal("no-shortcoming", words, "Ghi từng hạn chế theo kết luận; nếu không có thì không lập kế hoạch.", basis)
    for n, line in enumerate(lines, 1):
        lacks = [
            name
            for name, value in (("nội dung", line.words), ("giải pháp", line.measure), ("người thực hiện", line.who))
            if not value.strip()
        ] + ["thời hạn"] * (line.until is None and not line.event.strip())
        if lacks:
            words = f"Hạn chế thứ {n} chưa có {', '.join(lacks)}."
            yield Refusal("line-incomplete", words, f"Ghi {', '.join(lacks)}.", basis)
        if line.until and line.until <= decided.decided_on:
            words = f"Hạn khắc phục thứ {n} ({line.until:%d/%m/%Y}) không sau ngày có kết quả ({decided.decided_on:%d/%m/%Y})."
            yield Refusal("until-before-result", words, "Chọn ngày sau ngày có kết quả.", basis)


def _approval(where: Where, rules: RemediationRules) -> Iterable[Refusal]:
    if rules.approved is None or (where.approved_on and where.approved_by.strip()):
        return
    by = rules.approver or "cấp ủy cấp trên trực tiếp"
    words = f"Kế hoạch khắc phục của {where.unit} chưa được {by} phê duyệt."
    yield Refusal("not-approved", words, f"Trình {by}, rồi ghi ngày phê duyệt và người duyệt.", rules.approved)
