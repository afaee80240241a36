"""Ratings (mức xếp loại) before the decision: the subject's own, the adviser's proposal, the appraisal.

Each step keeps its own current row; a new one of the same step puts the old one aside and deletes nothing. A level that
differs from the step before needs a reason; points and cases bind every step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

import sqlalchemy as sa

from hanchot.domain.cited import Refusal
from hanchot.domain.house_rules import RECORD
from hanchot.domain.instants import local_day
from hanchot.domain.rating import Facts, Judged, level_of, score_faults
from hanchot.domain.rating_level import RatingLevel, Subject
from hanchot.domain.verdict import (
    above_rules,
    already_decided,
    explanation,
    finer_than_kept,
    hundredths,
    over_quota,
    unexplained,
)
from hanchot.service import audit
from hanchot.service.book import closed, cycle_id_of
from hanchot.service.judging.bodies import Body, find_body, outside_branch
from hanchot.service.judging.digests import rating_seal, salted
from hanchot.service.judging.quotas import pool_of
from hanchot.service.judging.refusing import demand
from hanchot.service.judging.rulebook import Rulebook, rulebook
from hanchot.service.judging.subjects import find_subjects, subjects_of
from hanchot.service.services import Services
from hanchot.store.db import Row, new_id
from hanchot.store.judging_tables import STEPS, rating, subject

Early = Literal["self", "proposed", "appraised"]
BEFORE_VI = {"self": "mức tự xếp", "proposed": "mức đề nghị", "appraised": "mức thẩm định"}
_BEFORE: Mapping[str, tuple[str, ...]] = {
    "self": (),
    "proposed": ("self",),
    "appraised": ("proposed", "self"),
    "decided": ("appraised", "proposed", "self"),
}


@dataclass(frozen=True)
class Judgement:
    """A level as a person enters it. ``facts``: answers by key, percents as ``Decimal``; ``reason``: why it differs."""

    level: RatingLevel
    score: Decimal | None = None
    facts: Facts = field(default_factory=dict)
    reason: str | None = None


@dataclass(frozen=True)
class Rated:
    """A rating that was entered. ``why``: the explanation with its citations, as it is kept."""

    id: int
    subject_id: int
    step: str
    level: RatingLevel
    why: Mapping[str, Any]

    def to_json(self) -> dict[str, object]:
        return {
            "rating": self.id, "subject": self.subject_id, "step": self.step, "level": self.level, "why": dict(self.why),
        }  # fmt: skip


@dataclass(frozen=True)
class Case:
    """What is known of a subject before a step is entered."""

    rules: Rulebook
    who: Row
    current: Mapping[str, Row]

    @property
    def name(self) -> str:
        return str(self.who.label)

    @property
    def subject(self) -> Subject:
        return Subject(self.who.kind)

    def before(self, step: str) -> tuple[RatingLevel | None, str]:
        """The level of the nearest earlier step, and how that step is called."""
        for earlier in _BEFORE[step]:
            if row := self.current.get(earlier):
                return RatingLevel(row.level), BEFORE_VI[earlier]
        return None, ""

    def filled(self, step: str, said: Judgement) -> Judgement:
        """What the person left out is taken from the earlier steps: the points, and answers not given anew."""
        score, facts = said.score, dict(said.facts)
        for earlier in _BEFORE[step]:
            if row := self.current.get(earlier):
                score = Decimal(row.score) / 100 if score is None and row.score is not None else score
                facts = {key: _answer(value) for key, value in row.why.get("facts", {}).items()} | facts
        return Judgement(said.level, score, facts, said.reason)

    def judged(self, said: Judgement, as_of: date) -> tuple[Judged | None, tuple[Refusal, ...]]:
        """What the regulation makes of points and answers; None where no points are given. ``as_of`` a local day."""
        if said.score is None:
            return None, ()
        regulation = self.rules.regulation
        if wrong := (*score_faults(said.score, regulation), *finer_than_kept(said.score)):
            return None, wrong
        return level_of(said.score, said.facts, self.subject, regulation, as_of=as_of), ()


def self_rate(services: Services, subject_id: int, said: Judgement, now: datetime, *, actor: str) -> Rated:
    """The subject's own level (tự xếp loại), in its own unit."""
    return _enter(services, "self", subject_id, None, said, now, actor)


def propose(services: Services, subject_id: int, unit_code: str, said: Judgement, now: datetime, *, actor: str) -> Rated:
    """The adviser's or the lower body's proposal (đề nghị)."""
    return _enter(services, "proposed", subject_id, unit_code, said, now, actor)


def appraise(services: Services, subject_id: int, unit_code: str, said: Judgement, now: datetime, *, actor: str) -> Rated:
    """The appraised level (thẩm định), beside the proposal; every difference with its reason."""
    return _enter(services, "appraised", subject_id, unit_code, said, now, actor)


def _enter(
    services: Services, step: Early, subject_id: int, unit_code: str | None, said: Judgement, now: datetime, actor: str
) -> Rated:
    """Exactly what stands already is given back: of two clicks only the first writes."""
    with services.db.write() as connection:
        case = gather(services, connection, subject_id)
        body = find_body(connection, unit_code or case.who.unit_code)
        said = case.filled(step, said)
        judged, wrong = case.judged(said, local_day(now))
        against = wrong or _against(case, body, step, said, judged)
        against += _quota(connection, case, said.level) if step == "appraised" else ()
        demand(against)
        if (there := case.current.get(step)) and _stands(there, body, said):
            return Rated(there.id, subject_id, step, said.level, there.why)
        why = explanation(case.rules.regulation, judged, said.facts)
        return write(connection, case, step, body, said, why, now, actor)


def _stands(there: Row, body: Body, said: Judgement) -> bool:
    """Whether the current rating of a step is this very judgement of this body."""
    facts = {key: _answer(value) for key, value in there.why.get("facts", {}).items()}
    score = None if said.score is None else hundredths(said.score)
    kept = (there.unit_id, there.level, there.score, facts, there.reason or "")
    return kept == (body.id, said.level.value, score, dict(said.facts), said.reason or "")


def _against(case: Case, body: Body, step: Early, said: Judgement, judged: Judged | None) -> tuple[Refusal, ...]:
    """Pure: what stands against an early step."""
    found: tuple[Refusal, ...] = outside_branch(body, case.who.path, case.name)
    if done := case.current.get("decided"):
        found += already_decided(case.name, done.number, f"{done.decided_on:%d/%m/%Y}")
    level, words = case.before(step)
    found += unexplained(said.level, level, words, said.reason)
    return found + (above_rules(said.level, judged, said.reason, final=False) if judged else ())


def _quota(connection: sa.Connection, case: Case, level: RatingLevel) -> tuple[Refusal, ...]:
    """An appraisal decides nothing, but it may take away the base of places that are already given.

    After a reopening the last decision still counts, so that the appraisal moves no base.
    """
    pool, quota = pool_of(connection, case.rules, case.who), case.rules.regulation.quota
    if pool is None or quota is None or was_decided(connection, case.who.id):
        return ()
    after = pool.with_level(case.who.id, level)
    if level.rank <= RatingLevel.GOOD.rank or not after.picked:
        return ()
    return over_quota(after.allowance(quota, case.rules), len(after.picked), level)


def was_decided(connection: sa.Connection, subject_id: int) -> bool:
    """Whether the subject has ever been decided, reopened or not."""
    found = sa.select(rating.c.id).where(rating.c.subject_id == subject_id, rating.c.step == "decided").limit(1)
    return connection.execute(found).first() is not None


def gather(services: Services, connection: sa.Connection, subject_id: int) -> Case:
    """The subject, its rules and its current ratings. Raises ``Refused`` in a closed cycle and for who is exempt."""
    return gather_many(services, connection, [subject_id])[0]


def gather_many(services: Services, connection: sa.Connection, ids: Sequence[int]) -> tuple[Case, ...]:
    """Many of them, in the order of ``ids``. Raises likewise, for the first that may not be rated."""
    whos = find_subjects(connection, ids)
    rules = {cycle_id: rulebook(services, connection, cycle_id) for cycle_id in sorted({w.cycle_id for w in whos.values()})}
    current: dict[int, dict[str, Row]] = {one: {} for one in whos}
    for row in connection.execute(sa.select(rating).where(rating.c.subject_id.in_(whos), rating.c.current)):
        current[row.subject_id][row.step] = row
    for who in whos.values():
        _demand_rated(rules[who.cycle_id], who)
    return tuple(Case(rules[whos[one].cycle_id], whos[one], current[one]) for one in ids)


def _demand_rated(rules: Rulebook, who: Row) -> None:
    if not rules.is_open:
        raise closed(rules.code)
    if who.exempt:
        words = f"{who.label} không thuộc diện xếp loại: {who.exempt}."
        demand((Refusal("exempt", words, "Sửa căn cứ miễn nếu ghi sai, rồi lập lại danh sách.", RECORD),))


def write(
    connection: sa.Connection, case: Case, step: str, body: Body, said: Judgement, why: Mapping[str, Any], now: datetime,
    actor: str, **more: Any,
) -> Rated:  # fmt: skip
    """Keep a rating as the current one of its step, and its event: a seal of the row, no level, score or name."""
    if step in case.current and step != "decided":  # what is decided is put aside by a reopening alone
        same = (rating.c.subject_id == case.who.id) & (rating.c.step == step) & rating.c.current
        connection.execute(sa.update(rating).where(same).values(current=False))
    row: dict[str, Any] = {
        "subject_id": case.who.id, "step": step, "level": said.level.value,
        "score": None if said.score is None else hundredths(said.score), "reason": said.reason, "unit_id": body.id,
        "entered_by": actor, "regulation": case.rules.regulation.key, "why": salted(why), "at": now, **more,
    }  # fmt: skip
    rating_id = new_id(connection.execute(sa.insert(rating).values(**row, current=True)))
    about: dict[str, object] = {"rating": rating_id, "digest": rating_seal({"id": rating_id, **row})}
    audit.record(
        connection, now, actor, f"rating.{step}", f"subject:{case.who.id}", on_behalf=more.get("confirmed_by"),
        cycle_id=case.rules.cycle_id, data=about,
    )  # fmt: skip
    return Rated(rating_id, case.who.id, step, said.level, why)


def listed(services: Services, code: str, *, unit_code: str | None = None) -> list[dict[str, Any]]:
    """Every subject of a cycle (of one branch when named) with its current level at each step."""
    with services.db.read() as connection:
        rows = subjects_of(connection, cycle_id_of(connection, code))
        if unit_code:
            reach = find_body(connection, unit_code).reach
            rows = [row for row in rows if row.path.startswith(reach)]
        current = sa.select(rating.c.subject_id, rating.c.step, rating.c.level).where(rating.c.current)
        mine = current.join(subject, subject.c.id == rating.c.subject_id)
        levels = connection.execute(mine.where(subject.c.cycle_id == cycle_id_of(connection, code))).all()
    known = {(row.subject_id, row.step): row.level for row in levels}
    return [
        {
            "subject": row.id, "unit": row.unit_code, "name": row.label, "kind": row.kind, "exempt": row.exempt,
            "awaits": row.awaits, **{step: known.get((row.id, step)) for step in STEPS},
        }
        for row in rows
    ]  # fmt: skip


def _answer(value: object) -> bool | Decimal:
    return value if isinstance(value, bool) else Decimal(str(value))
