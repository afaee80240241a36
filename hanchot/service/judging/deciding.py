"""The decision: by the body that may, on an appraised and complete case, within the quota, carried by a vote, by two people.

What is decided is a snapshot; to change it, it is reopened, with a reason and another approver, and decided anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa

from hanchot.domain.authority import Decided, Draft, Matrix, Ratee, Reopening, may_reopen
from hanchot.domain.authority import decide as authorised
from hanchot.domain.cited import Cited, Refusal
from hanchot.domain.dossier import Checklist, Fact, Incomplete, Waiver, Whose, completeness
from hanchot.domain.errors import Refused
from hanchot.domain.house_rules import NO_TEXT, RECORD
from hanchot.domain.instants import local_day
from hanchot.domain.quarters import bars_excellent, missing_for_year
from hanchot.domain.quota import Allowance
from hanchot.domain.rating import Judged
from hanchot.domain.rating_level import RatingLevel, Subject
from hanchot.domain.regulation import silent
from hanchot.domain.review_order import Step, missing_before
from hanchot.domain.stage import Stage
from hanchot.domain.verdict import Carried, above_rules, deciding_votes, explanation, not_voted, over_quota, unexplained
from hanchot.service import audit
from hanchot.service.judging.ballots import carried
from hanchot.service.judging.bodies import Body, body_key, find_body, outside_branch
from hanchot.service.judging.digests import rating_seal
from hanchot.service.judging.quotas import Pool, pool_of
from hanchot.service.judging.ratings import Case, Judgement, Rated, gather, write
from hanchot.service.judging.refusing import demand
from hanchot.service.judging.register import quarter_levels
from hanchot.service.services import Services
from hanchot.store.db import Row
from hanchot.store.judging_tables import rating, subject
from hanchot.store.tables import unit

_KNOWN = frozenset({Step.SELF_VOTE, Step.APPRAISAL, Step.DECISION})
_ABOVE = frozenset({Ratee.CADRE_OF_ABOVE, Ratee.CADRE_DELEGATED_HERE})


@dataclass(frozen=True)
class Handed:
    """What the dossier holds: keys of papers, the facts that make “(nếu có)” papers exist, and waivers."""

    papers: frozenset[str] = frozenset()
    facts: frozenset[Fact] = frozenset()
    waivers: tuple[Waiver, ...] = ()


@dataclass(frozen=True)
class Decision:
    """A decision as it is typed from the signed paper. ``decided_on``: its local day; ``confirmed_by``: the second person.

    ``done`` and ``applicable``: steps of review that the database does not know (meetings, comments); the self-rating, the
    appraisal and the ratings below are looked up.
    """

    said: Judgement
    unit: str
    number: str
    decided_on: date
    confirmed_by: str
    dossier: Handed | None = None
    done: frozenset[Step] = frozenset()
    applicable: frozenset[Step] = frozenset()


@dataclass(frozen=True)
class _Gathered:
    case: Case
    body: Body
    pool: Pool | None
    votes: tuple[Carried, ...]
    below_left: int | None
    proposed_by: Body | None
    quarters: tuple[Refusal, ...]
    earlier: Row | None
    allowance: Allowance | None = field(default=None)


def decide(services: Services, subject_id: int, decision: Decision, now: datetime, *, actor: str) -> Rated:
    """Decide the level of one subject. Raises ``Forbidden`` with everything that stands against it; nothing is kept then."""
    with services.db.write() as connection:
        case = gather(services, connection, subject_id)
        said = case.filled("decided", decision.said)
        known = _gather(connection, case, decision, said)
        judged, wrong = case.judged(said, decision.decided_on)
        demand(wrong or _against(known, decision, said, judged, now, actor))
        why = explanation(case.rules.regulation, judged, said.facts, notes=_notes(known)) | _snapshot(known)
        replaced = {"replaces_id": known.earlier.id} if known.earlier else {}
        return write(
            connection, case, "decided", known.body, said, why, now, actor, confirmed_by=decision.confirmed_by.strip(),
            number=decision.number.strip(), decided_on=decision.decided_on, **replaced,
        )  # fmt: skip


def _gather(connection: sa.Connection, case: Case, decision: Decision, said: Judgement) -> _Gathered:
    body = find_body(connection, decision.unit)
    rules, who = case.rules, case.who
    pool = pool_of(connection, rules, who)
    after = pool.with_level(who.id, said.level, decided=True) if pool else None
    quota = rules.regulation.quota
    allowance = after.allowance(quota, rules) if after and quota else None
    kinds = deciding_votes(rules.regulation.votes, case.subject)
    votes = carried(connection, rules, kinds, body.id, who.id)
    proposal = case.current.get("proposed")
    proposed_by = find_body(connection, _code_of(connection, proposal.unit_id)) if proposal else None
    last = sa.select(rating).where(rating.c.subject_id == who.id, rating.c.step == "decided", ~rating.c.current)
    earlier = connection.execute(last.order_by(rating.c.id.desc()).limit(1)).first()
    return _Gathered(
        case, body, after, votes, _below_left(connection, case), proposed_by, _quarters(connection, case, said), earlier,
        allowance,
    )  # fmt: skip


def _against(
    known: _Gathered, decision: Decision, said: Judgement, judged: Judged | None, now: datetime, actor: str
) -> tuple[Refusal, ...]:
    """Pure: who, in what order, on which papers, with which vote, points and quota."""
    case = known.case
    level, words = case.before("decided")
    return (
        *_authority(known, decision, said.level, actor),
        *_when(decision, now),
        *_order(known, decision),
        *_papers(case, decision.dossier),
        *unexplained(said.level, level, words, said.reason),
        *(above_rules(said.level, judged, said.reason, final=True) if judged else _no_points(case)),
        *known.quarters,
        *not_voted(said.level, case.name, deciding_votes(case.rules.regulation.votes, case.subject), known.votes),
        *_quota(known, said.level),
    )


def _authority(known: _Gathered, decision: Decision, level: RatingLevel, actor: str) -> tuple[Refusal, ...]:
    who, matrix = known.case.who, known.case.rules.matrix
    if matrix is None or who.ratee is None:
        words = f"Chưa có quy định ai quyết định xếp loại {known.case.name}."
        way_out = "Nhập bảng thẩm quyền của kế hoạch, hoặc ghi đối tượng này thuộc dòng nào."
        return (Refusal("authority-unknown", words, way_out, NO_TEXT),)
    ratee = Ratee(who.ratee)
    row = matrix.row(ratee)
    key = body_key(known.body, ratee, matrix)
    proposer = _proposer(known, ratee, matrix)
    draft = Draft(
        ratee, known.case.name, level, key, decision.number, decision.decided_on, proposer, actor,
        decision.confirmed_by.strip(),
    )  # fmt: skip
    made = authorised(draft, matrix, _decided(known.case.current.get("decided"), known, ratee))
    refused = () if isinstance(made, Decided) else made
    if any(one.code.startswith(("no-authority", "authority")) for one in refused):
        return refused
    return (*refused, *outside_branch(known.body, who.path, known.case.name, row.cited if row else None))


def _proposer(known: _Gathered, ratee: Ratee, matrix: Matrix) -> str:
    """Who has proposed, where the matrix knows a proposer at all: a cell that decides on its own members has none."""
    row = matrix.row(ratee)
    return body_key(known.proposed_by, ratee, matrix) if known.proposed_by and row and row.proposes else ""


def _decided(row: Row | None, known: _Gathered, ratee: Ratee) -> Decided | None:
    if row is None:
        return None
    return Decided(
        ratee, known.case.name, RatingLevel(row.level), str(row.unit_id), row.number, row.decided_on, row.entered_by,
        row.confirmed_by, RECORD,
    )  # fmt: skip


def _when(decision: Decision, now: datetime) -> Iterable[Refusal]:
    if decision.decided_on > local_day(now):
        words = f"Ngày quyết định {decision.decided_on:%d/%m/%Y} chưa đến."
        yield Refusal("decided-in-future", words, "Ghi ngày trên văn bản đã ký.", RECORD)


def _order(known: _Gathered, decision: Decision) -> tuple[Refusal, ...]:
    """What must be finished before the deciding meeting, as far as the database knows it or the caller has said."""
    case = known.case
    done, applicable = set(decision.done), _KNOWN | decision.applicable | decision.done
    found: tuple[Refusal, ...] = ()
    if "self" in case.current:
        done.add(Step.SELF_VOTE)
    if "appraised" in case.current:
        done.add(Step.APPRAISAL)
    if known.below_left is not None:
        applicable |= {Step.LOWER_RATING}
        if known.below_left == 0:
            done.add(Step.LOWER_RATING)
    if case.who.awaits:
        found = (Refusal("awaited", case.who.awaits, "Bổ sung rồi lập lại danh sách.", RECORD),)
    return (*found, *missing_before(Step.DECISION, frozenset(done), case.rules.review.order, frozenset(applicable)))


def _papers(case: Case, handed: Handed | None) -> tuple[Refusal, ...]:
    """The dossier as it must be when the body decides; the papers of the decision itself come after it."""
    checklist = _checklist(case)
    if checklist is None:
        return ()
    if handed is None:
        words = f"Hồ sơ của {case.name} chưa được kiểm."
        return (Refusal("dossier-unchecked", words, f"Kiểm theo danh mục “{checklist.title}”.", checklist.cited),)
    person = case.subject in (Subject.LEADER, Subject.MEMBER)
    ratee = case.who.ratee
    managed = "above" if ratee in _ABOVE else "here" if case.subject is Subject.LEADER else "none"
    whose = Whose(
        case.name, "individual" if person else "collective", cadre=case.subject is Subject.LEADER,
        managed=managed,  # type: ignore[arg-type]  # one of two words of a Literal
    )  # fmt: skip
    found = completeness(
        checklist, whose, handed.papers, handed.facts, stage=Stage.APPRAISE, waivers=handed.waivers
    )  # fmt: skip
    return found.missing if isinstance(found, Incomplete) else ()


def _checklist(case: Case) -> Checklist | None:
    period = "quarterly" if case.rules.quarter else "annual"
    return next((one for one in case.rules.review.dossiers if one.period == period), None)


def _no_points(case: Case) -> tuple[Refusal, ...]:
    if not case.rules.regulation.bands:
        return ()
    words = f"{case.name} chưa có điểm, mà {case.rules.regulation.number} xếp mức theo điểm."
    way_out = "Nhập điểm theo tiêu chí ở bước tự đánh giá hoặc thẩm định."
    return (Refusal("score-missing", words, way_out, case.rules.regulation.bands[0].cited),)


def _quota(known: _Gathered, level: RatingLevel) -> tuple[Refusal, ...]:
    regulation = known.case.rules.regulation
    if level is RatingLevel.EXCELLENT and (missing := silent(regulation, "quota")):
        return missing
    return over_quota(known.allowance, len(known.pool.picked) if known.pool else 0, level)


def _quarters(connection: sa.Connection, case: Case, said: Judgement) -> tuple[Refusal, ...]:
    """The year rests on its rated quarters: one without a result needs a reason, a failed one may bar “excellent”."""
    rules = case.rules.review.quarters
    if case.rules.quarter:
        return ()
    levels = quarter_levels(connection, case.who, case.rules.year)
    lacking = () if said.reason and said.reason.strip() else missing_for_year(levels, rules)
    return (*lacking, *(bars_excellent(levels, rules) if said.level is RatingLevel.EXCELLENT else ()))


def _below_left(connection: sa.Connection, case: Case) -> int | None:
    """How many below an organisation are not decided yet; None for who has nobody below."""
    if case.subject is not Subject.ORGANISATION:
        return None
    decided = sa.exists().where(rating.c.subject_id == subject.c.id, rating.c.step == "decided", rating.c.current)
    below = (
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(sa.case((decided, 0), else_=1)), 0))
        .select_from(subject.join(unit, unit.c.id == subject.c.unit_id))
        .where(subject.c.cycle_id == case.rules.cycle_id, subject.c.exempt.is_(None), unit.c.id != case.who.unit_id)
        .where(unit.c.path.startswith(case.who.path))
    )
    total, left = connection.execute(below).one()
    return int(left) if total else None


def _notes(known: _Gathered) -> list[tuple[str, Cited]]:
    """What the explanation keeps of vote and quota."""
    notes = [(f"Biên bản {one.minutes}: {one.outcome.words}", one.outcome.basis) for one in known.votes]
    if known.allowance and known.pool:
        notes.append((known.allowance.words(len(known.pool.picked)), known.allowance.basis))
    matrix, ratee = known.case.rules.matrix, known.case.who.ratee
    row = matrix.row(Ratee(ratee)) if matrix and ratee else None
    return [*notes, (f"{known.body.name} quyết định", row.cited)] if row else notes


def _snapshot(known: _Gathered) -> dict[str, object]:
    """The names as they are now, and who is to be told: units are renamed, people leave."""
    who, matrix = known.case.who, known.case.rules.matrix
    row = matrix.row(Ratee(who.ratee)) if matrix else None
    told = [matrix.bodies[key] for key in row.told] if matrix and row else []
    return {"subject": known.case.name, "unit": who.unit_name, "body": known.body.name, "told": told}


def _code_of(connection: sa.Connection, unit_id: int) -> str:
    return str(connection.execute(sa.select(unit.c.code).where(unit.c.id == unit_id)).scalar_one())


def reopen(services: Services, subject_id: int, now: datetime, *, actor: str, approver: str, reason: str) -> int:
    """Open a decided rating again: it stays as it was, but is no longer current. Returns its id.

    Raises ``Forbidden`` without a reason or another approver, ``Refused`` when nothing is decided.
    """
    with services.db.write() as connection:
        case = gather(services, connection, subject_id)
        row = case.current.get("decided")
        if row is None:
            raise Refused(f"{case.name} chưa có kết quả được quyết định.", way_out="Không cần mở lại.")
        ratee = Ratee(case.who.ratee)
        decided = Decided(ratee, case.name, RatingLevel(row.level), "", row.number, row.decided_on, "", "", RECORD)
        demand(may_reopen(decided, Reopening(reason, actor, approver.strip())))
        said = {"reopened_at": now, "reopened_by": actor, "approved_by": approver.strip(), "reopened_reason": reason}
        connection.execute(sa.update(rating).where(rating.c.id == row.id).values(current=False, **said))
        about: dict[str, object] = {"rating": row.id, "digest": rating_seal(row._asdict())}
        audit.record(
            connection, now, actor, "rating.reopened", f"subject:{subject_id}", on_behalf=approver,
            cycle_id=case.rules.cycle_id, data=about,
        )  # fmt: skip
        return int(row.id)
