"""Next year's plan out of last year's and the new document: what was matched keeps its place in the work, and takes its
dates, clause and words from the new document. Nothing starts from it until a person has confirmed it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from hanchot.domain.carry import carry_over
from hanchot.domain.compare import Change, compare
from hanchot.domain.deadline import Before, Deadline
from hanchot.domain.draft import Draft, Head, Statement
from hanchot.domain.duty import duties_of_draft, duties_of_plan
from hanchot.domain.errors import BadPlan
from hanchot.domain.plan import Document, Milestone, Plan, Recipient, Roles, Source
from hanchot.domain.proposal import OPENING, Proposal, anchored, propose
from hanchot.domain.stage import Stage
from hanchot.domain.unit import UnitKind

AMENDED = "dieu-chinh"
_KEPT = "Thứ tự trước sau, vai trò và nơi nhận giữ theo kế hoạch trước; số mục dẫn ở đó là của văn bản trước."


class Renewed(NamedTuple):
    """The plan, still to be confirmed, and the difference that it was made by."""

    plan: Plan
    changes: tuple[Change, ...]


def renewed_from(plan: Plan, draft: Draft, year: int) -> Renewed:
    """``plan`` renewed for ``year`` by the document that ``draft`` was read from.

    A matched milestone keeps its key, units, roles, ladder and order clauses; a duty that the document does not name any
    more is left out. Raises ``BadPlan`` when the document is of another year or names no duty of the plan.
    """
    head = draft.document
    if head.year is not None and head.year != year:
        raise BadPlan(
            f"Văn bản là của năm {head.year}, không phải {year}.", way_out=f"Lập cho năm {head.year}, hoặc chọn tệp khác."
        )
    changes = compare(duties_of_plan(plan, year), duties_of_draft(draft, year))
    if not any(change.old and change.new for change in changes):
        raise BadPlan(
            f"Không câu nào của văn bản giống một mốc của kế hoạch {plan.key}.",
            way_out="Xem lại tệp; nếu là loại kế hoạch khác thì đọc nó như một văn bản mới.",
            command="hanchot plan read TỆP",
        )
    base = _amended(plan) if (plan.year or plan.document.year) == year else carry_over(plan, year)
    milestones = _milestones(base, draft, changes)
    update = {
        "document": _document(base, head), "provisional": False, "unconfirmed": True, "parent": _above(head),
        "carried_from": plan.document.number or plan.key, "milestones": _held_together(milestones),
        "doubts": _doubts(draft, milestones),
    }  # fmt: skip
    return Renewed(Plan.model_validate(base.model_copy(update=update).model_dump(by_alias=True)), changes)


def _amended(plan: Plan) -> Plan:
    """The document of the same year again: another plan, which does not take the first one's file."""
    return plan.model_copy(update={"key": f"{plan.key}-{AMENDED}", "provenance": None})


def _above(head: Head) -> str | None:
    """The plan above is the first plan that the document cites."""
    return next((basis.number for basis in head.legal_bases if "-KH/" in basis.number), None)


def _milestones(base: Plan, draft: Draft, changes: Sequence[Change]) -> list[Milestone]:
    made: list[Milestone] = []
    proposals = propose(draft, base.organiser)
    taken = {m.key for m in base.milestones}
    for change in changes:
        statement = draft.deadlines[change.new.place] if change.new else None
        if change.old and statement:
            made.append(_matched(base.milestones[change.old.place], statement, change))
        elif change.old and change.what != "dropped":
            made.append(base.milestones[change.old.place].model_copy(update={"doubt": _sentence(change.why)}))
        elif statement and change.new:
            made.append(_proposed(proposals[change.new.place], statement, taken))
            taken.add(made[-1].key)
    return made


def _proposed(one: Proposal, statement: Statement, taken: set[str]) -> Milestone:
    """A duty that last year's plan does not have, as the reader understands it; what it could not tell is a doubt."""
    key = next(k for n in range(1, len(taken) + 2) if (k := one.key if n == 1 else f"{one.key}-{n}") not in taken)
    unknown = [] if one.kinds and one.sure else ["đối tượng"]
    unknown += [] if one.stage else ["bước"]
    asked = [f"Mốc mới; chưa rõ {', '.join(unknown)}, cần người chọn." if unknown else "Mốc mới; cần người xem."]
    return Milestone(
        key=key,
        stage=one.stage or Stage.PREPARE,
        title=one.title,
        period=one.period,
        applies_to=one.kinds or (UnitKind.ORGANISATION_DEPARTMENT,),
        deadline=one.deadline,
        source=Source(clause=one.clause, phrase=_short(one.phrase)),
        roles=Roles(carries_out=(_short(statement.actor),)) if statement.actor else Roles(),
        to=(Recipient(name=_short(one.to), via=one.via),) if one.to else (),
        optional=one.optional,
        doubt=_short(" ".join(filter(None, [*asked, one.doubt]))),
    )


def _matched(old: Milestone, statement: Statement, change: Change) -> Milestone:
    doubt = statement.doubt
    if change.unsure and not doubt:
        doubt = (
            f"Chưa chắc cùng một việc với mốc của kế hoạch trước (giống {change.confidence:.0%}); so hai câu rồi giữ hoặc sửa."
        )
    source = Source(clause=statement.clause or OPENING, phrase=_short(statement.phrase))
    return old.model_copy(
        update={"deadline": _deadline(statement, old.deadline), "source": source, "doubt": doubt and _short(doubt)}
    )


def _deadline(statement: Statement, old: Deadline) -> Deadline:
    """A draft's anchor is in the document's words; the event that the old plan counted from is the same event. How the
    department reads “trước ngày” is its own choice, and stays.
    """
    new = statement.deadline
    if isinstance(new, Before) and isinstance(old, Before) and new.time is None:
        return new.model_copy(update={"reading": old.reading})
    known = getattr(old, "anchor", None)
    return new.model_copy(update={"anchor": known}) if known and hasattr(new, "anchor") else anchored(statement)


def _document(base: Plan, head: Head) -> Document:
    return base.document.model_copy(
        update={
            "kind": head.kind,
            "number": head.number,
            "issuer": head.issuer or base.document.issuer,
            "title": _short(head.title or base.document.title),
            "issued_on": head.issued_on,
            "year": base.year,
            "legal_bases": head.legal_bases,
        }
    )


def _held_together(milestones: Sequence[Milestone]) -> tuple[Milestone, ...]:
    """Order clauses that lead to a milestone which is gone are left out."""
    keys = {m.key for m in milestones}
    return tuple(
        m.model_copy(
            update={
                "after": tuple(p for p in m.after if p.milestone in keys),
                "needs": tuple(key for key in m.needs if key in keys),
                "until": m.until if m.until in keys else None,
            }
        )
        for m in milestones
    )


def _doubts(draft: Draft, milestones: Sequence[Milestone]) -> tuple[str, ...]:
    kept = (_KEPT,) if any(m.after or m.roles.carries_out or m.to for m in milestones) else ()
    return (*kept, *(_short(remark.message) for remark in draft.warnings))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."


def _short(text: str) -> str:
    return text if len(text) <= 400 else text[:399] + "…"
