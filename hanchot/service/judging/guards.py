"""What stands against a decision: gathered once for all lines of its paper, judged line by line.

The same guards run when a paper is drafted and when another person confirms it; the quota is that of the pool as it would
be after the whole paper. The dossier and what was fixed of last year's shortcomings are looked up, never believed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa

from hanchot.domain.authority import Decided, Draft, Matrix, Ratee
from hanchot.domain.authority import decide as authorised
from hanchot.domain.cited import Cited, Refusal
from hanchot.domain.dossier import Checklist, Fact, Incomplete, Whose, completeness
from hanchot.domain.house_rules import NO_TEXT, RECORD
from hanchot.domain.instants import local_day
from hanchot.domain.quarters import bars_excellent, missing_for_year
from hanchot.domain.quota import Allowance
from hanchot.domain.rating import Judged, questions
from hanchot.domain.rating_level import RatingLevel, Subject
from hanchot.domain.regulation import silent
from hanchot.domain.review_order import Step, missing_before
from hanchot.domain.stage import Stage
from hanchot.domain.verdict import Carried, above_rules, deciding_votes, not_voted, over_quota, unexplained
from hanchot.service.awaiting import Awaits, awaits
from hanchot.service.folders import Folder, folders
from hanchot.service.judging.ballots import carried
from hanchot.service.judging.bodies import Body, body_key, find_body, outside_branch
from hanchot.service.judging.quotas import Pool, group_of, pool_of
from hanchot.service.judging.ratings import Case, Judgement, gather
from hanchot.service.judging.register import quarter_levels
from hanchot.service.judging.rulebook import Rulebook
from hanchot.service.services import Services
from hanchot.service.shortcomings import shortcomings_fixed_percent
from hanchot.store.db import Row
from hanchot.store.judging_tables import complaint, rating, subject
from hanchot.store.tables import unit

FIXED, FAILED = "shortcomings_fixed_percent", "quarters_failed"  # the facts by which the regulations ask for what we know
_KNOWN = frozenset({Step.SELF_VOTE, Step.APPRAISAL, Step.DECISION})
_ABOVE = frozenset({Ratee.CADRE_OF_ABOVE, Ratee.CADRE_DELEGATED_HERE})
_PERSONS = (Subject.LEADER, Subject.MEMBER)


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
    """All that is known of one line. ``wrong``: points that are none; ``pool``: as it would be after the whole paper."""

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
    earlier: Row | None
    waits: Awaits

    @property
    def said(self) -> Judgement:
        return self.line.said


@dataclass
class _Pools:
    """The pools of a paper, each read once, with all its lines in it."""

    connection: sa.Connection
    levels: dict[int, RatingLevel]
    read: dict[tuple[int, str], Pool | None] = field(default_factory=dict)

    def of(self, case: Case) -> tuple[Pool | None, Allowance | None]:
        quota = case.rules.regulation.quota
        if quota is None:
            return None, None
        key = (case.who.scope_id, group_of(case.who, quota))
        if key not in self.read:
            pool = pool_of(self.connection, case.rules, case.who)
            self.read[key] = pool.after(self.levels) if pool else None
        found = self.read[key]
        return found, found.allowance(quota, case.rules) if found else None


def gather_lines(
    services: Services, connection: sa.Connection, lines: Sequence[Line], body: Body, decided_on: date
) -> tuple[Known, ...]:
    """Everything that judging the lines of one paper needs. Raises ``Refused`` in a closed cycle and for who is exempt."""
    pools = _Pools(connection, {one.subject_id: one.said.level for one in lines})
    return tuple(_known(services, connection, line, body, decided_on, pools) for line in lines)


def _known(services: Services, connection: sa.Connection, line: Line, body: Body, decided_on: date, pools: _Pools) -> Known:
    case = gather(services, connection, line.subject_id)
    said = _looked_up(connection, case, case.filled("decided", line.said))
    line = replace(line, said=said)
    judged, wrong = case.judged(said, decided_on)
    pool, allowance = pools.of(case)
    kinds = deciding_votes(case.rules.regulation.votes, case.subject)
    proposal = case.current.get("proposed")
    last = sa.select(rating).where(rating.c.subject_id == case.who.id, rating.c.step == "decided", ~rating.c.current)
    return Known(
        case, line, body, judged, wrong, pool, allowance,
        votes=carried(connection, case.rules, kinds, body.id, case.who.id),
        below_left=_below_left(connection, case),
        proposed_by=find_body(connection, _code_of(connection, proposal.unit_id)) if proposal else None,
        quarters=_quarters(connection, case, said),
        papers=_papers(connection, case, line.dossier_elsewhere),
        earlier=connection.execute(last.order_by(rating.c.id.desc()).limit(1)).first(),
        waits=awaits(services, connection, case.rules.cycle_id, case.who.unit_id, case.who.person_id),
    )  # fmt: skip


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


def _looked_up(connection: sa.Connection, case: Case, said: Judgement) -> Judgement:
    """What the record says of last year's shortcomings and of this year's quarters, where the regulation asks for it,
    counts more than what is typed.
    """
    asked = {one.fact for one in questions(case.subject, case.rules.regulation)}
    found: dict[str, Decimal | None] = {}
    if FIXED in asked:
        found[FIXED] = shortcomings_fixed_percent(connection, case.rules.cycle_id, case.who.unit_id, case.who.person_id)
    if FAILED in asked:
        found[FAILED] = _quarters_failed(connection, case)
    return replace(said, facts={**said.facts, **{key: value for key, value in found.items() if value is not None}})


def _quarters_failed(connection: sa.Connection, case: Case) -> Decimal | None:
    """How many quarters of the year have failed; None while one that is rated has no result."""
    levels = quarter_levels(connection, case.who, case.rules.year)
    if case.rules.quarter or not levels or missing_for_year(levels, case.rules.review.quarters):
        return None
    return Decimal(sum(level is RatingLevel.FAIL for level in levels.values()))


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


def checklist_of_rules(rules: Rulebook) -> Checklist | None:
    """The list of papers of the cycle's period; None where the rules have none."""
    period = "quarterly" if rules.quarter else "annual"
    return next((one for one in rules.review.dossiers if one.period == period), None)


def _papers(connection: sa.Connection, case: Case, elsewhere: str | None) -> tuple[Refusal, ...]:
    """The dossier as it must lie here when the body decides; the papers of the decision itself come after it."""
    checklist = checklist_of_rules(case.rules)
    if checklist is None or (elsewhere and elsewhere.strip()):
        return ()
    if elsewhere is not None:
        words = f"Chưa nêu hồ sơ của {case.name} được kiểm ở đâu, vì sao không lưu ở đây."
        return (Refusal("dossier-elsewhere", words, "Ghi nơi lưu và lý do, hoặc nộp hồ sơ vào phần mềm.", checklist.cited),)
    return papers_missing(connection, case, checklist)


def papers_missing(connection: sa.Connection, case: Case, checklist: Checklist) -> tuple[Refusal, ...]:
    """The papers that the subject's own folder still wants before the decision, each with its clause."""
    code = case.who.person_code
    mine = folders(connection, case.rules.cycle_id, checklist.key, units=[case.who.unit_id])
    found = next((one for one in mine if one.person == code), None)
    return lacking(checklist, whose(case.who, found), found, complained=has_complained(connection, case.who.id))


def lacking(checklist: Checklist, who: Whose, folder: Folder | None, *, complained: bool) -> tuple[Refusal, ...]:
    """Pure: what the folder lacks as of the decision. A complaint makes its papers exist."""
    facts = (folder.facts if folder else frozenset()) | ({Fact.COMPLAINT} if complained else frozenset())
    papers, waivers = ([one.key for one in folder.papers], folder.waivers) if folder else ([], ())
    judged = completeness(checklist, who, papers, facts, stage=Stage.APPRAISE, waivers=waivers)
    return judged.missing if isinstance(judged, Incomplete) else ()


def whose(who: Row, folder: Folder | None) -> Whose:
    """Whose dossier it is, from what the subject is rated as; only membership is told by the folder itself."""
    kind = Subject(who.kind)
    managed = "above" if who.ratee in _ABOVE else "here" if kind is Subject.LEADER else "none"
    return Whose(
        who.label, "individual" if kind in _PERSONS else "collective", member=folder.whose.member if folder else True,
        cadre=kind is Subject.LEADER, managed=managed,  # type: ignore[arg-type]  # one of two words of a Literal
    )  # fmt: skip


def has_complained(connection: sa.Connection, subject_id: int) -> bool:
    """Whether a complaint about a result of this subject was ever registered."""
    about = sa.select(complaint.c.id).join(rating, rating.c.id == complaint.c.rating_id)
    return connection.execute(about.where(rating.c.subject_id == subject_id).limit(1)).first() is not None


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


def notes(known: Known) -> list[tuple[str, Cited]]:
    """What the explanation keeps of vote, quota, dossier and authority."""
    found = [(f"Biên bản {one.minutes}: {one.outcome.words}", one.outcome.basis) for one in known.votes]
    if known.allowance and known.pool:
        found.append((known.allowance.words(len(known.pool.picked)), known.allowance.basis))
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


def _code_of(connection: sa.Connection, unit_id: int) -> str:
    return str(connection.execute(sa.select(unit.c.code).where(unit.c.id == unit_id)).scalar_one())
