"""What stands against a decision, line by line of its paper. Pure: ``gathering`` has looked up what is known of each.

The same guards run when a paper is drafted and when another person confirms it; the quota is that of the pool as it would
be after the whole paper.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from hanchot.domain.authority import Decided, Draft, Matrix, Ratee
from hanchot.domain.authority import decide as authorised
from hanchot.domain.cited import Cited, Refusal
from hanchot.domain.house_rules import NO_TEXT, RECORD
from hanchot.domain.instants import local_day
from hanchot.domain.quota import Allowance
from hanchot.domain.rating import Judged
from hanchot.domain.rating_level import RatingLevel
from hanchot.domain.regulation import silent
from hanchot.domain.review_order import Step, missing_before
from hanchot.domain.verdict import Carried, above_rules, deciding_votes, not_voted, over_quota, unexplained
from hanchot.service.awaiting import Awaits
from hanchot.service.judging.bodies import Body, body_key, outside_branch
from hanchot.service.judging.quotas import Pool
from hanchot.service.judging.ratings import Case, Judgement
from hanchot.store.db import Row

_KNOWN = frozenset({Step.SELF_VOTE, Step.APPRAISAL, Step.DECISION})


@dataclass(frozen=True)
class Line:
    """One subject on a decision paper. ``done`` and ``applicable``: steps of review that the database does not know.

    ``dossier_elsewhere``: the exception, with its reason: the dossier was checked, but is not kept here.
    """

    subject_id: int
    said: Judgement
    done: frozenset[Step] = frozenset()
    applicable: frozenset[Step] = frozenset()
    dossier_elsewhere: str | None = None


@dataclass(frozen=True)
class Hands:
    """Who acts, and by which paper. ``confirmed_by`` None: it is only drafted, somebody else will confirm it."""

    number: str
    decided_on: date
    drafted_by: str
    confirmed_by: str | None = None


@dataclass(frozen=True)
class Known:
    """All that is known of one line. ``wrong``: points that are none; ``pool``: as it would be after the whole paper;
    ``below_left``: how many below an organisation are not decided, None where nobody is below; ``earlier_id``: the decision
    that was opened again.
    """

    case: Case
    line: Line
    body: Body
    judged: Judged | None
    wrong: tuple[Refusal, ...]
    pool: Pool | None
    allowance: Allowance | None
    votes: tuple[Carried, ...]
    below_left: int | None
    proposed_by: Body | None
    quarters: tuple[Refusal, ...]
    papers: tuple[Refusal, ...]
    earlier_id: int | None
    waits: Awaits

    @property
    def said(self) -> Judgement:
        return self.line.said


def against(known: Known, hands: Hands, now: datetime) -> tuple[Refusal, ...]:
    """Pure: who, in what order, on which papers, with which vote, points and quota; empty when nothing stands against it."""
    if known.wrong:
        return known.wrong
    level, words = known.case.before("decided")
    return (
        *_authority(known, hands),
        *_when(hands.decided_on, now),
        *unready(known),
        *unexplained(known.said.level, level, words, known.said.reason),
    )


def unready(known: Known) -> tuple[Refusal, ...]:
    """Pure: what the case itself still lacks for this level, whoever decides it and by whatever paper."""
    case, level = known.case, known.said.level
    above = above_rules(level, known.judged, known.said.reason, final=True) if known.judged else _no_points(case)
    votes = deciding_votes(case.rules.regulation.votes, case.subject)
    return (
        *_order(known),
        *known.papers,
        *above,
        *known.quarters,
        *not_voted(level, case.name, votes, known.votes),
        *_quota(known, level),
    )


def _authority(known: Known, hands: Hands) -> tuple[Refusal, ...]:
    who, matrix = known.case.who, known.case.rules.matrix
    if matrix is None or who.ratee is None:
        words = f"Chưa có quy định ai quyết định xếp loại {known.case.name}."
        way_out = "Nhập bảng thẩm quyền của kế hoạch, hoặc ghi đối tượng này thuộc dòng nào."
        return (Refusal("authority-unknown", words, way_out, NO_TEXT),)
    ratee = Ratee(who.ratee)
    row = matrix.row(ratee)
    draft = Draft(
        ratee, known.case.name, known.said.level, body_key(known.body, ratee, matrix), hands.number, hands.decided_on,
        _proposer(known, ratee, matrix), hands.drafted_by, (hands.confirmed_by or "").strip(),
    )  # fmt: skip
    made = authorised(draft, matrix, _decided(known.case.current.get("decided"), known, ratee))
    refused = () if isinstance(made, Decided) else made
    if hands.confirmed_by is None:  # a draft waits for its second person; that is no fault of it
        refused = tuple(one for one in refused if one.code != "not-confirmed")
    if any(one.code.startswith(("no-authority", "authority")) for one in refused):
        return refused
    return (*refused, *outside_branch(known.body, who.path, known.case.name, row.cited if row else None))


def _proposer(known: Known, ratee: Ratee, matrix: Matrix) -> str:
    """Who has proposed, where the matrix knows a proposer at all: a cell that decides on its own members has none."""
    row = matrix.row(ratee)
    return body_key(known.proposed_by, ratee, matrix) if known.proposed_by and row and row.proposes else ""


def _decided(row: Row | None, known: Known, ratee: Ratee) -> Decided | None:
    if row is None:
        return None
    return Decided(
        ratee, known.case.name, RatingLevel(row.level), str(row.unit_id), row.number, row.decided_on, row.entered_by,
        row.confirmed_by, RECORD,
    )  # fmt: skip


def _when(decided_on: date, now: datetime) -> Iterable[Refusal]:
    if decided_on > local_day(now):
        words = f"Ngày quyết định {decided_on:%d/%m/%Y} chưa đến."
        yield Refusal("decided-in-future", words, "Ghi ngày trên văn bản đã ký.", RECORD)


def _order(known: Known) -> tuple[Refusal, ...]:
    """What must be finished before the deciding meeting, as far as the database knows it or the paper has said."""
    case = known.case
    done = set(known.line.done | known.waits.done)
    applicable = _KNOWN | known.line.applicable | known.line.done | known.waits.applicable
    found = known.waits.missing
    if "self" in case.current:
        done.add(Step.SELF_VOTE)
    if "appraised" in case.current:
        done.add(Step.APPRAISAL)
    if known.below_left is not None:
        applicable |= {Step.LOWER_RATING}
        if known.below_left == 0:
            done.add(Step.LOWER_RATING)
    if case.who.awaits:
        found = (*found, Refusal("awaited", case.who.awaits, "Bổ sung rồi lập lại danh sách.", RECORD))
    return (*found, *missing_before(Step.DECISION, frozenset(done), case.rules.review.order, frozenset(applicable)))


def _no_points(case: Case) -> tuple[Refusal, ...]:
    if not case.rules.regulation.bands:
        return ()
    words = f"{case.name} chưa có điểm, mà {case.rules.regulation.number} xếp mức theo điểm."
    way_out = "Nhập điểm theo tiêu chí ở bước tự đánh giá hoặc thẩm định."
    return (Refusal("score-missing", words, way_out, case.rules.regulation.bands[0].cited),)


def _quota(known: Known, level: RatingLevel) -> tuple[Refusal, ...]:
    """“Good” takes no place and is in every base, so that on a paper of many it is never what breaks the ratio."""
    regulation = known.case.rules.regulation
    if level is RatingLevel.EXCELLENT and (missing := silent(regulation, "quota")):
        return missing
    if level is RatingLevel.GOOD:
        return ()
    return over_quota(known.allowance, len(known.pool.picked) if known.pool else 0, level)


def notes(known: Known) -> list[tuple[str, Cited]]:
    """What the explanation keeps of vote, quota, dossier and authority."""
    found = [(f"Biên bản {one.minutes}: {one.outcome.words}", one.outcome.basis) for one in known.votes]
    if known.allowance and known.pool:
        found.append((known.allowance.words(len(known.pool.picked), cited=False), known.allowance.basis))
    if known.line.dossier_elsewhere:
        found.append((f"Hồ sơ kiểm ở nơi khác: {known.line.dossier_elsewhere.strip()}", RECORD))
    matrix, ratee = known.case.rules.matrix, known.case.who.ratee
    row = matrix.row(Ratee(ratee)) if matrix and ratee else None
    return [*found, (f"{known.body.name} quyết định", row.cited)] if row else found


def snapshot(known: Known) -> dict[str, object]:
    """The names as they are now, and who is to be told: units are renamed, people leave."""
    who, matrix = known.case.who, known.case.rules.matrix
    row = matrix.row(Ratee(who.ratee)) if matrix else None
    told = [matrix.bodies[key] for key in row.told] if matrix and row else []
    return {"subject": known.case.name, "unit": who.unit_name, "body": known.body.name, "told": told}
