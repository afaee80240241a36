"""Verdict (kết luận mức): everything that stands against a level at one step, gathered in one pure function.

The rules themselves are in ``rating`` (points, cases), ``authority`` (who, four eyes, paper), ``ballot``, ``quota``,
``review_order`` and ``dossier``; here they meet, and what they said becomes the explanation that is kept with the result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hanchot.domain.ballot import Outcome, VoteKind, VoteRules
from hanchot.domain.cited import Cited, Refusal
from hanchot.domain.house_rules import RECORD, SNAPSHOT
from hanchot.domain.quota import Allowance, refuse_over
from hanchot.domain.rating import Facts, Judged
from hanchot.domain.rating_level import RatingLevel, Subject
from hanchot.domain.regulation import Regulation

HUNDREDTHS = Decimal(100)


@dataclass(frozen=True, slots=True)
class Carried:
    """What a confirmed vote carried for the subject, and by which minutes."""

    ballot_id: int
    minutes: str
    outcome: Outcome


def hundredths(score: Decimal) -> int | None:
    """The score as a whole number of hundredths; None when it has more decimals than that: nothing is rounded."""
    scaled = score * HUNDREDTHS
    return int(scaled) if scaled == scaled.to_integral_value() else None


def finer_than_kept(score: Decimal) -> tuple[Refusal, ...]:
    """A score is kept to two decimals; a finer one is refused rather than rounded."""
    if not score.is_finite() or hundredths(score) is not None:
        return ()
    words = f"Điểm {score} có quá hai chữ số thập phân."
    return (Refusal("score-too-fine", words, "Nhập điểm theo phiếu, tối đa hai chữ số thập phân.", RECORD),)


def above_rules(level: RatingLevel, judged: Judged, reason: str | None, *, final: bool) -> tuple[Refusal, ...]:
    """Why ``level`` may not be given: the points, a case or a condition allow less, or a question is still open.

    ``final``: the step is a decision; what nobody has answered is then a refusal and no longer a remark.
    """
    last = judged.why[-1]
    if judged.level is not None and level.rank < judged.level.rank:
        words = f"Không xếp “{level.vi}” được: {last.words}."
        way_out = f"Chọn “{judged.level.vi}” hoặc thấp hơn; nếu điểm, dữ kiện ghi sai thì sửa rồi xếp lại."
        return (Refusal("above-rules", words, way_out, last.basis),)
    if not final:
        return ()
    if judged.unanswered and level is judged.level:
        asked = " ".join(one.ask for one in judged.unanswered[:3])
        words = f"Chưa quyết định “{level.vi}” được: còn {len(judged.unanswered)} câu hỏi chưa trả lời. {asked}"
        return (Refusal("unanswered", words, "Trả lời từng câu theo hồ sơ.", judged.unanswered[0].basis),)
    if (judged.doubts or judged.level is None) and not _said(reason):
        words = f"Văn bản còn để ngỏ: {'; '.join(judged.doubts)}."
        return (Refusal("doubt-unsettled", words, "Cấp có thẩm quyền chốt và ghi lý do vào kết quả.", last.basis),)
    return ()


def unexplained(level: RatingLevel, before: RatingLevel | None, words: str, reason: str | None) -> tuple[Refusal, ...]:
    """A level that differs from the step before needs a reason. ``words``: how that step is called."""
    if before is None or before is level or _said(reason):
        return ()
    said = f"“{level.vi}” khác {words} (“{before.vi}”) mà chưa nêu lý do."
    return (Refusal("no-reason-for-difference", said, "Nêu lý do của sự khác nhau.", RECORD),)


def deciding_votes(votes: VoteRules | None, who: Subject) -> tuple[VoteKind, ...]:
    """The kinds of votes by which such a subject is decided; none where the basis does not know a vote."""
    kinds = votes.kinds if votes else ()
    return tuple(kind for kind in kinds if kind.effect in ("decides", "decides_or_proposes") and who in kind.rates)


def not_voted(level: RatingLevel, name: str, kinds: Sequence[VoteKind], carried: Sequence[Carried]) -> tuple[Refusal, ...]:
    """Where the basis has the body vote, only a level that a confirmed vote of it has carried can be decided."""
    if not kinds or any(one.outcome.level is level for one in carried):
        return ()
    basis = kinds[0].cited
    if not carried:
        words = f"Chưa có phiếu đã xác nhận của cấp quyết định về {name}."
        return (Refusal("no-ballot", words, "Nhập biên bản kiểm phiếu, để người thứ hai xác nhận, rồi quyết định.", basis),)
    last = carried[-1].outcome
    if last.level is None:
        way_out = "Biểu quyết lại theo biên bản mới, hoặc trình cấp có thẩm quyền."
        return (Refusal("not-carried", f"Chưa quyết định mức của {name} được. {last.words}", way_out, last.basis),)
    words = f"Phiếu của {name} không thông qua “{level.vi}”. {last.words}"
    return (Refusal("ballot-differs", words, f"Quyết định “{last.level.vi}”, hoặc biểu quyết lại.", last.basis),)


def over_quota(allowance: Allowance | None, picked: int, level: RatingLevel) -> tuple[Refusal, ...]:
    """Why the pool would hold too many excellent ones; also when a lower level takes away the base of those picked."""
    if allowance is None or picked == 0:
        return ()
    over = refuse_over(allowance, picked)
    if over and level is not RatingLevel.EXCELLENT:
        words = (
            f"Mức này làm số hoàn thành tốt giảm, {picked} kết quả xuất sắc đã quyết định thành quá tỷ lệ. {over[0].message}"
        )
        way_out = "Mở lại, xếp lại một kết quả xuất sắc trước."
        return (Refusal("quota-base-shrinks", words, way_out, over[0].basis),)
    return over


def already_decided(name: str, number: str, day: str) -> tuple[Refusal, ...]:
    """Steps before the decision are closed once it is made."""
    words = f"{name} đã có kết quả theo {number} ngày {day}."
    return (Refusal("already-decided", words, "Muốn đổi phải mở lại: nêu lý do và có người khác duyệt.", SNAPSHOT),)


def cited(basis: Cited) -> dict[str, Any]:
    return basis.model_dump(mode="json", exclude_none=True)


def explanation(
    rules: Regulation, judged: Judged | None, facts: Facts, *, notes: Sequence[tuple[str, Cited]] = ()
) -> dict[str, Any]:
    """What is kept with a level: the basis, the answers, each step with its citation. Plain data, fit for JSON."""
    steps = [{"words": one.words, "level": one.level, "basis": cited(one.basis)} for one in judged.why] if judged else []
    return {
        "regulation": {"key": rules.key, "number": rules.number},
        "facts": {key: value if isinstance(value, bool) else str(value) for key, value in sorted(facts.items())},
        "steps": steps,
        "unanswered": [one.ask for one in judged.unanswered] if judged else [],
        "doubts": list(judged.doubts) if judged else [],
        "notes": [{"words": words, "basis": cited(basis)} for words, basis in notes],
    }


def _said(reason: str | None) -> bool:
    return bool(reason and reason.strip())
