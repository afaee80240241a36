"""Confirming: a draft and what people decided about it become a plan, or the list of what is still missing. Pure.

Nothing is taken over by itself. Every statement is accepted (as it stands or corrected) or dropped with a reason;
what the document does not date is added without a date; a doubt stays in the plan until somebody settles it in words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import ValidationError

from hanchot.domain.actor import organiser_of
from hanchot.domain.decisions import Added, Answer, Decision, Decisions, Head
from hanchot.domain.draft import Draft, Statement
from hanchot.domain.plan import Document, Milestone, PeriodKind, Plan, Provenance, Recipient, Roles, Source
from hanchot.domain.proposal import Proposal, key_of, propose, year_kind
from hanchot.domain.stage import STAGES

__all__ = ["Added", "Answer", "Confirmed", "Decision", "Decisions", "Head", "Missing", "confirm", "propose", "proposed_head"]


@dataclass(frozen=True, slots=True)
class Missing:
    """Why the draft is no plan yet. ``place`` is ``head``, ``s<n>`` (statement), ``a<n>`` (added) or ``plan``."""

    place: str
    message: str


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The plan when nothing is missing; ``notices`` are what a person should know and need not mend."""

    plan: Plan | None
    missing: tuple[Missing, ...] = ()
    notices: tuple[Missing, ...] = ()


def confirm(draft: Draft, decisions: Decisions, provenance: Provenance | None = None) -> Confirmed:
    """The plan that the decisions make out of the draft, or what is missing."""
    missing = tuple(_missing(draft, decisions))
    if missing or decisions.head is None:
        return Confirmed(None, missing)
    milestones = tuple(_milestones(draft, decisions, decisions.head))
    try:
        plan = _plan(draft, decisions, decisions.head, milestones, provenance)
    except ValidationError as wrong:
        said = tuple(Missing("plan", str(error.get("ctx", {}).get("error", error["msg"]))) for error in wrong.errors())
        return Confirmed(None, said)
    return Confirmed(plan, (), tuple(_notices(plan)))


def proposed_head(draft: Draft) -> dict[str, object]:
    """What stands in the form of the head before anybody has touched it; None where the document does not say."""
    said = draft.document
    organiser = organiser_of(said.issuer)
    year = None if year_kind(draft) == "standing" else said.year
    bases = [base.number for base in said.legal_bases]
    rules = [number for number in bases if "QĐ/TW" in number]
    above = [number for number in bases if "-KH/" in number] or [number for number in bases if "-HD/TU" in number]
    return {
        "key": key_of(" ".join(filter(None, (said.number or said.issuer or said.title, str(year or ""))))),
        "organiser": organiser, "kind": said.kind, "title": _sentence_case(said.title), "issuer": said.issuer,
        "number": said.number,
        "issued_on": said.issued_on, "year": year, "regulation": rules[0] if rules else None,
        "parent": above[0] if above else None, "quarters": (),
    }  # fmt: skip


def _sentence_case(title: str | None) -> str | None:
    """“KẾ HOẠCH kiểm điểm” as it is written in running text. A number (07-QĐ/TW) keeps its capitals."""
    words = [word.lower() if len(word) > 1 and word.isupper() and word.isalpha() else word for word in (title or "").split()]
    text = " ".join(words)
    return text[:1].upper() + text[1:] or None


def _missing(draft: Draft, decisions: Decisions) -> Iterator[Missing]:
    if decisions.head is None:
        yield Missing("head", "Phần đầu văn bản chưa được xác nhận.")
    for n in range(len(draft.deadlines)):
        if n not in decisions.statements:
            yield Missing(f"s{n}", f"Câu {n + 1} chưa được nhận hay bỏ.")
    kept = [d.answer for d in decisions.statements.values() if d.answer] + [a.answer for a in decisions.added]
    if not kept:
        yield Missing("plan", "Chưa có mốc nào được nhận; kế hoạch cần ít nhất một mốc.")
    if decisions.head and not decisions.head.quarters and any(answer.period == "quarterly" for answer in kept):
        yield Missing("head", "Có mốc hằng quý mà chưa chọn các quý phải đánh giá.")
    keys = {key for key, _ in keyed(draft, decisions)}
    for place, answer in _placed(decisions):
        if answer.until and answer.until not in keys:
            yield Missing(place, f"Mốc “{answer.title}” phục vụ một mốc đã bị bỏ; chọn mốc khác.")


def keyed(draft: Draft, decisions: Decisions) -> Iterator[tuple[str, Answer]]:
    """The accepted milestones with their keys, statements first. A key follows the proposal, so that it stays."""
    organiser = decisions.head.organiser if decisions.head else None
    proposals = propose(draft, organiser)
    for place, decision in sorted(decisions.statements.items()):
        if decision.answer and place < len(proposals):
            yield proposals[place].key, decision.answer
    for one in decisions.added:
        yield one.key, one.answer


def _placed(decisions: Decisions) -> Iterator[tuple[str, Answer]]:
    for place, decision in sorted(decisions.statements.items()):
        if decision.answer:
            yield f"s{place}", decision.answer
    for place, one in enumerate(decisions.added):
        yield f"a{place}", one.answer


def _milestones(draft: Draft, decisions: Decisions, head: Head) -> Iterator[Milestone]:
    """In order of the stages, and of the document within a stage."""
    proposals = propose(draft, head.organiser)
    made = [
        _milestone(proposals[place].key, decision.answer, draft.deadlines[place], None)
        for place, decision in sorted(decisions.statements.items())
        if decision.answer
    ]
    made += [_milestone(one.key, one.answer, None, one.reason) for one in decisions.added]
    return iter(sorted(made, key=lambda m: (m.period == "quarterly", STAGES.index(m.stage))))


def _milestone(key: str, answer: Answer, statement: Statement | None, reason: str | None) -> Milestone:
    doubt = statement.doubt if statement else None
    note = f"Thêm khi xác nhận: {reason}" if reason else None
    if doubt and answer.settled:
        note = f"Đã xem điều còn ngờ ({_short(doubt, 160)}): {answer.settled}"
    return Milestone(
        key=key, stage=answer.stage, title=answer.title, period=answer.period, applies_to=answer.applies_to,
        deadline=answer.deadline, source=Source(clause=answer.clause, phrase=answer.phrase),
        roles=Roles(carries_out=(_short(statement.actor),)) if statement and statement.actor else Roles(),
        to=(Recipient(name=answer.to, via=answer.via),) if answer.to else (),
        provides=answer.provides, until=answer.until, optional=answer.optional,
        doubt=_short(doubt) if doubt and not answer.settled else None, note=_short(note) if note else None,
    )  # fmt: skip


def _plan(
    draft: Draft, decisions: Decisions, head: Head, milestones: tuple[Milestone, ...], provenance: Provenance | None
) -> Plan:
    kinds = {m.period for m in milestones}
    periods: tuple[PeriodKind, ...] = ("annual", "quarterly") if kinds == {"annual", "quarterly"} else tuple(kinds)
    return Plan(
        key=head.key, organiser=head.organiser,
        document=Document(
            kind=head.kind, number=head.number, issuer=head.issuer, title=head.title, issued_on=head.issued_on,
            year=head.year, legal_bases=draft.document.legal_bases,
        ),
        year=head.year, periods=periods, quarters=head.quarters if "quarterly" in periods else (),
        regulation=head.regulation, parent=head.parent, provenance=provenance, milestones=milestones,
        doubts=tuple(_short(one.message) for n, one in enumerate(draft.warnings) if n not in decisions.settled),
    )  # fmt: skip


def _notices(plan: Plan) -> Iterator[Missing]:
    provided = {m.provides for m in plan.milestones if m.provides}
    for m in plan.milestones:
        anchor = getattr(m.deadline, "anchor", None)
        if anchor == "result" and "result" not in provided:
            yield Missing("plan", f"Mốc “{m.title}” chờ kết quả xếp loại, mà chưa mốc nào nói xong thì có kết quả.")
    if plan.document.number is None:
        yield Missing("head", "Văn bản không ghi số; kế hoạch vẫn dùng được, và trang kế hoạch nói rõ là không có số.")


def _short(text: str, most: int = 400) -> str:
    """Fits a text of the plan (400 characters)."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def proposed_answer(one: Proposal) -> Answer | None:
    """The proposal as an answer that can be accepted with one look; None when something must be chosen first."""
    if not one.kinds or one.stage is None:
        return None
    return Answer(
        title=one.title, stage=one.stage, applies_to=one.kinds, deadline=one.deadline, clause=one.clause, phrase=one.phrase,
        to=one.to, via=one.via, period=one.period, optional=one.optional, provides=one.provides,
    )  # fmt: skip
