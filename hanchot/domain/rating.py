"""Rating (mức xếp loại): which level the points and the facts give, step by step, each step with its clause.

Points name a band; a cap holds it down whatever the points; requirements may lower it, one level at a time. A question that
nobody has answered leaves the level open: it is then the best one still possible, and says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from hanchot.domain.cited import Cited, Refusal
from hanchot.domain.rating_level import RatingLevel, Subject
from hanchot.domain.regulation import Regulation
from hanchot.domain.standards import Band, Cap, Question, Requirement

Facts = Mapping[str, bool | Decimal]
NO_LEVEL = (
    "Không đủ điều kiện của mức nào, cũng chưa thuộc trường hợp không hoàn thành nhiệm vụ: "
    "văn bản không nêu mức, cấp có thẩm quyền chốt"
)


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of the judgement. ``level`` is what it leaves."""

    words: str
    level: RatingLevel | None
    basis: Cited


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question on which the level still hangs."""

    fact: str
    ask: str
    basis: Cited


@dataclass(frozen=True, slots=True)
class Judged:
    """``level`` None: the text gives no level to these facts, and a person must settle it (``doubts``)."""

    level: RatingLevel | None
    why: tuple[Reason, ...]
    capped_by: str | None = None
    unanswered: tuple[Unanswered, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def firm(self) -> bool:
        """Whether nothing is open any more."""
        return self.level is not None and not self.unanswered and not self.doubts


def score_faults(score: Decimal, rules: Regulation) -> tuple[Refusal, ...]:
    """Why ``score`` is no score under these rules; empty when it is one. It is never rounded."""
    basis = _points_basis(rules)
    if not rules.bands:
        words = f"{rules.number} không có thang điểm đã được nhập; không xếp mức theo điểm được."
        return (Refusal("no-points", words, "Đánh giá từng tiêu chí rồi biểu quyết mức, hoặc bổ sung thang điểm.", basis),)
    if not score.is_finite() or not 0 <= score <= rules.top:
        words = f"Điểm {score} ngoài thang 0 đến {rules.top}."
        return (Refusal("score-out-of-range", words, f"Nhập điểm từ 0 đến {rules.top}.", basis),)
    return ()


def level_of(score: Decimal, facts: Facts, who: Subject, rules: Regulation, *, as_of: date) -> Judged:
    """The level that ``rules`` give to a subject. ``facts``: answers by fact key, percents as ``Decimal``; ``as_of`` the local
    day whose rules hold (a cap may begin later than its regulation).

    Raises ``ValueError`` for a score with ``score_faults``, ``Refused`` for an answer of the wrong kind.
    """
    if wrong := score_faults(score, rules):
        raise ValueError(wrong[0].message)
    band = next(band for band in rules.bands if score >= band.at_least)
    judged = Judged(band.level, (Reason(_band_words(score, band, rules), band.level, band.cited),))
    caps = [cap for cap in rules.caps if who in cap.who and (cap.since is None or cap.since <= as_of)]
    judged = _cap(judged, facts, caps)
    judged = _require(judged, facts, [one for one in rules.requirements if who in one.who])
    return _with_open_caps(judged, facts, caps)


def questions(who: Subject, rules: Regulation) -> tuple[Question, ...]:
    """All that is asked about a subject, each fact once, requirements first."""
    asked = [one.test for one in rules.requirements if who in one.who]
    for cap in rules.caps:
        if who in cap.who:
            asked += [cap.test, *([cap.unless] if cap.unless else [])]
    first: dict[str, Question] = {}
    for question in asked:
        first.setdefault(question.fact, question)
    return tuple(first.values())


def _cap(judged: Judged, facts: Facts, caps: Iterable[Cap]) -> Judged:
    """Hold the level down for every case that is true; the hardest one names itself in ``capped_by``."""
    for cap in caps:
        if not _true(cap.test, facts):
            continue
        if cap.unless and _true(cap.unless, facts):
            doubt = cap.doubt or f"{cap.words}, nhưng: {cap.unless.ask}"
            judged = replace(judged, doubts=(*judged.doubts, doubt))
            continue
        unless = f" (trừ khi: {cap.unless.ask})" if cap.unless and cap.unless.fact not in facts else ""
        words = f"{cap.words}{unless}: {cap.effect}, dù điểm bao nhiêu"
        judged = replace(judged, why=(*judged.why, Reason(words, cap.caps_at, cap.cited)))
        if judged.level and cap.caps_at.rank > judged.level.rank:
            judged = replace(judged, level=cap.caps_at, capped_by=cap.key)
    return judged


def _require(judged: Judged, facts: Facts, requirements: list[Requirement]) -> Judged:
    """Lower the level until its requirements hold. To fail is a matter of points or of a listed case only."""
    level = judged.level
    while level is not None and level is not RatingLevel.FAIL:
        asked = [one for one in requirements if one.level is level]
        failed = [one for one in asked if one.test.fact in facts and not one.test.holds(facts[one.test.fact])]
        if not failed:
            doubts = (*judged.doubts, *(one.doubt for one in asked if one.doubt))
            return replace(judged, level=level, unanswered=tuple(_unanswered(asked, facts)), doubts=doubts)
        level = {RatingLevel.EXCELLENT: RatingLevel.GOOD, RatingLevel.GOOD: RatingLevel.FAIR}.get(level)
        why = tuple(Reason(f"Không đạt điều kiện: {one.words}", level, one.cited) for one in failed)
        judged = replace(judged, why=judged.why + why)
    if level is RatingLevel.FAIL:
        return judged
    return replace(judged, level=None, doubts=(*judged.doubts, NO_LEVEL))


def _with_open_caps(judged: Judged, facts: Facts, caps: Iterable[Cap]) -> Judged:
    """The cases that nobody has answered and that could still lower the level. Nothing is below “fail”."""
    if judged.level is RatingLevel.FAIL:
        return replace(judged, unanswered=(), doubts=())
    worse = [cap for cap in caps if judged.level is None or cap.caps_at.rank > judged.level.rank]
    first = {one.fact: one for one in (*_unanswered(worse, facts), *judged.unanswered)}
    return replace(judged, unanswered=tuple(first.values()))


def _true(question: Question, facts: Facts) -> bool:
    return question.fact in facts and question.holds(facts[question.fact])


def _unanswered(asked: Iterable[Requirement | Cap], facts: Facts) -> Iterable[Unanswered]:
    return (Unanswered(one.test.fact, one.test.ask, one.cited) for one in asked if one.test.fact not in facts)


def _points_basis(rules: Regulation) -> Cited:
    return rules.bands[0].cited if rules.bands else Cited(document=rules.number, clause="—", unverified=True)


def _band_words(score: Decimal, band: Band, rules: Regulation) -> str:
    above = next((other for other in reversed(rules.bands) if other.at_least > band.at_least), None)
    upper = f" đến dưới {above.at_least}" if above else " trở lên"
    return f"{score} điểm, trong khoảng từ {band.at_least}{upper}: “{rules.words_of(band.level)}”"
