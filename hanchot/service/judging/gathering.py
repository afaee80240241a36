"""Everything that judging the lines of a decision paper needs: each question is put once, for the whole paper.

A paper has hundreds of lines, so that no statement may stand in a loop over them; ``tests/service/test_judging_lines.py``
counts. What the record knows (shortcomings, quarters, the dossier) is looked up, never believed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from hanchot.domain.cited import Refusal
from hanchot.domain.quarters import bars_excellent, missing_for_year
from hanchot.domain.quota import Allowance
from hanchot.domain.rating import questions
from hanchot.domain.rating_level import RatingLevel, Subject
from hanchot.domain.verdict import deciding_votes
from hanchot.service.awaiting import Pending
from hanchot.service.judging.bodies import Body, bodies
from hanchot.service.judging.guards import Known, Line
from hanchot.service.judging.quotas import Pool, PoolKey, pool_key, pools_of
from hanchot.service.judging.ratings import Case, Judgement, gather_many
from hanchot.service.judging.register import quarter_levels_of
from hanchot.service.judging.rulebook import Rulebook
from hanchot.service.judging.sheets import checklist_of_rules, papers_missing
from hanchot.service.judging.votes import ConfirmedVotes
from hanchot.service.ordering import units_below_each
from hanchot.service.services import Services
from hanchot.service.shortcomings import Whom, fixed_percents
from hanchot.store.db import pairs
from hanchot.store.judging_tables import rating, subject

FIXED, FAILED = "shortcomings_fixed_percent", "quarters_failed"  # the facts by which the regulations ask for what we know


@dataclass(frozen=True)
class _Found:
    """What the database says of the lines of a paper, by the number of the subject unless another key is named."""

    pools: Mapping[PoolKey, tuple[Pool, Allowance]]
    votes: ConfirmedVotes
    below_left: Mapping[int, int]  # by unit
    proposers: Mapping[int, Body]  # by unit
    quarters: Mapping[int, Mapping[int, RatingLevel]]
    fixed: Mapping[Whom, Decimal | None]
    papers: Mapping[int, tuple[Refusal, ...]]
    earlier: Mapping[int, int]
    pending: Pending


def gather_lines(
    services: Services, connection: sa.Connection, lines: Sequence[Line], body: Body, decided_on: date
) -> tuple[Known, ...]:
    """Everything that judging the lines of one paper needs, in their order. Raises ``Refused`` in a closed cycle and for who
    is exempt.
    """
    cases = gather_many(services, connection, [one.subject_id for one in lines])
    levels = {one.subject_id: one.said.level for one in lines}
    by_cycle: dict[int, list[Case]] = {}  # one, or the paper will be refused
    for case in cases:
        by_cycle.setdefault(case.rules.cycle_id, []).append(case)
    found = {cycle_id: _find(connection, mine, body, levels) for cycle_id, mine in by_cycle.items()}
    return tuple(
        _known(case, line, body, decided_on, found[case.rules.cycle_id]) for case, line in zip(cases, lines, strict=True)
    )


def _find(connection: sa.Connection, cases: Sequence[Case], body: Body, levels: Mapping[int, RatingLevel]) -> _Found:
    """``cases`` of one cycle."""
    rules = cases[0].rules
    whos = [case.who for case in cases]
    ids = [who.id for who in whos]
    asked = {kind: {one.fact for one in questions(kind, rules.regulation)} for kind in {case.subject for case in cases}}
    return _Found(
        pools=_pools(connection, rules, cases, levels),
        votes=ConfirmedVotes(connection, rules, body.id, ids),
        below_left=_below_left(connection, rules, {c.who.unit_id for c in cases if c.subject is Subject.ORGANISATION}),
        proposers=bodies(connection, {case.current["proposed"].unit_id for case in cases if "proposed" in case.current}),
        quarters={} if rules.quarter else quarter_levels_of(connection, whos, rules.year),
        fixed=fixed_percents(connection, rules.cycle_id, {_whom(c) for c in cases if FIXED in asked[c.subject]}),
        papers=papers_missing(connection, rules, whos),
        earlier=_reopened(connection, ids),
        pending=Pending(connection, rules, {who.unit_id for who in whos}),
    )


def _known(case: Case, line: Line, body: Body, decided_on: date, found: _Found) -> Known:
    """Pure: one line with what was found of it."""
    who, rules = case.who, case.rules
    said = _looked_up(case, case.filled("decided", line.said), found)
    judged, wrong = case.judged(said, decided_on)
    quota, proposal = rules.regulation.quota, case.current.get("proposed")
    shares = quota is not None and case.subject in quota.who  # others may be in a group of the same name
    pool, allowance = (found.pools.get(pool_key(who, quota)) if quota and shares else None) or (None, None)
    return Known(
        case, replace(line, said=said), body, judged, wrong, pool, allowance,
        votes=found.votes.carried(who.id, deciding_votes(rules.regulation.votes, case.subject)),
        below_left=found.below_left.get(who.unit_id) if case.subject is Subject.ORGANISATION else None,
        proposed_by=found.proposers[proposal.unit_id] if proposal else None,
        quarters=_quarters(case, said, found.quarters.get(who.id, {})),
        papers=_papers(case, line.dossier_elsewhere, found.papers.get(who.id, ())),
        earlier_id=found.earlier.get(who.id),
        waits=found.pending.of(who.unit_id, who.person_code),
    )  # fmt: skip


def _whom(case: Case) -> Whom:
    return case.who.unit_id, case.who.person_id


def _pools(
    connection: sa.Connection, rules: Rulebook, cases: Sequence[Case], levels: Mapping[int, RatingLevel]
) -> dict[PoolKey, tuple[Pool, Allowance]]:
    """The pools of a paper as they would be after all its lines."""
    quota = rules.regulation.quota
    found = {key: pool.after(levels) for key, pool in pools_of(connection, rules, [case.who for case in cases]).items()}
    return {key: (pool, pool.allowance(quota, rules)) for key, pool in found.items()} if quota else {}


def _looked_up(case: Case, said: Judgement, found: _Found) -> Judgement:
    """What the record says of last year's shortcomings and of this year's quarters, where the regulation asks for it,
    counts more than what is typed.
    """
    asked = {one.fact for one in questions(case.subject, case.rules.regulation)}
    told = {
        FIXED: found.fixed.get(_whom(case)) if FIXED in asked else None,
        FAILED: _quarters_failed(case, found.quarters.get(case.who.id, {})) if FAILED in asked else None,
    }
    return replace(said, facts={**said.facts, **{key: value for key, value in told.items() if value is not None}})


def _quarters_failed(case: Case, levels: Mapping[int, RatingLevel]) -> Decimal | None:
    """How many quarters of the year have failed; None while one that is rated has no result."""
    if case.rules.quarter or not levels or missing_for_year(levels, case.rules.review.quarters):
        return None
    return Decimal(sum(level is RatingLevel.FAIL for level in levels.values()))


def _quarters(case: Case, said: Judgement, levels: Mapping[int, RatingLevel]) -> tuple[Refusal, ...]:
    """The year rests on its rated quarters: one without a result needs a reason, a failed one may bar “excellent”."""
    rules = case.rules.review.quarters
    if case.rules.quarter:
        return ()
    without = () if said.reason and said.reason.strip() else missing_for_year(levels, rules)
    return (*without, *(bars_excellent(levels, rules) if said.level is RatingLevel.EXCELLENT else ()))


def _papers(case: Case, elsewhere: str | None, missing: tuple[Refusal, ...]) -> tuple[Refusal, ...]:
    """The dossier as it must lie here when the body decides; the papers of the decision itself come after it."""
    checklist = checklist_of_rules(case.rules)
    if checklist is None or (elsewhere and elsewhere.strip()):
        return ()
    if elsewhere is not None:
        words = f"Chưa nêu hồ sơ của {case.name} được kiểm ở đâu, vì sao không lưu ở đây."
        return (Refusal("dossier-elsewhere", words, "Ghi nơi lưu và lý do, hoặc nộp hồ sơ vào phần mềm.", checklist.cited),)
    return missing


def _reopened(connection: sa.Connection, ids: Sequence[int]) -> dict[int, int]:
    """The last decision of each that was opened again: the new one replaces it."""
    last = sa.select(rating.c.subject_id, sa.func.max(rating.c.id)).where(rating.c.step == "decided", ~rating.c.current)
    return pairs(connection.execute(last.where(rating.c.subject_id.in_(ids)).group_by(rating.c.subject_id)))


def _below_left(connection: sa.Connection, rules: Rulebook, units: Collection[int]) -> dict[int, int]:
    """How many below each of these units are not decided yet; who has nobody below is not there.

    Outer joins keep the small branch outside: a planner that starts with the subjects reads those of a whole province.
    """
    if not units:
        return {}
    below = units_below_each(units)
    rated = (subject.c.unit_id == below.c.id) & (subject.c.cycle_id == rules.cycle_id) & subject.c.exempt.is_(None)
    one = sa.select(below.c.top, subject.c.id)
    people = one.outerjoin_from(below, subject, rated & subject.c.person_id.is_not(None))
    theirs = sa.union_all(one.outerjoin_from(below, subject, rated & subject.c.person_id.is_(None)), people).subquery()
    decided = (rating.c.subject_id == theirs.c.id) & (rating.c.step == "decided") & rating.c.current
    total = sa.func.count(theirs.c.id)
    query = sa.select(theirs.c.top, total - sa.func.count(rating.c.id)).outerjoin_from(theirs, rating, decided)
    return pairs(connection.execute(query.group_by(theirs.c.top).having(total > 0)))
