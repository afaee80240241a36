"""Criteria (khung tiêu chí): the form of a subject, its groups and points, and the self-assessed score.

The groups are data of the form; where the text of a form was not seen it has none, and no score can be added up.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict

from hanchot.domain.cited import Cited, Refusal
from hanchot.domain.plan import Key, Text
from hanchot.domain.rating_level import RatingLevel, Subject, Subjects
from hanchot.domain.standards import Points


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class CriteriaGroup(_Part):
    """A group of criteria with the most points it can bring."""

    key: Key
    words: Text
    points: Points
    cited: Cited


class Form(_Part):
    """The form (mẫu, phụ lục) for one kind of subject. No groups: the text of the form was not seen."""

    key: Key
    number: Text
    title: Text
    who: Subjects
    period: Literal["annual", "quarterly", "any"] = "annual"
    groups: tuple[CriteriaGroup, ...] = ()
    cited: Cited
    doubt: Text | None = None


class CriterionGrade(_Part):
    """One grade of a single criterion, in words that are not those of the overall levels."""

    key: RatingLevel
    words: Text
    cited: Cited


def form_for(forms: tuple[Form, ...], who: Subject, period: Literal["annual", "quarterly"]) -> tuple[Form, ...]:
    """The forms that fit a subject and a period; more than one means that the text leaves the choice to a person."""
    return tuple(form for form in forms if who in form.who and form.period in (period, "any"))


def faults_of(form: Form, points: Mapping[str, Decimal]) -> tuple[Refusal, ...]:
    """What keeps the points of the groups from being a score: a group missing, unknown, below 0 or above its most."""
    if not form.groups:
        words = f"Biểu mẫu {form.number} chưa có nhóm tiêu chí, chưa cộng điểm được."
        return (Refusal("no-groups", words, "Nhập các nhóm tiêu chí và điểm tối đa theo phụ lục của quy định.", form.cited),)
    known = {group.key: group for group in form.groups}
    missing = [
        Refusal("group-missing", f"Chưa chấm nhóm “{group.words}”.", f"Chấm từ 0 đến {group.points} điểm.", group.cited)
        for key, group in known.items()
        if key not in points
    ]
    strange = [
        Refusal("group-unknown", f"“{key}” không phải nhóm tiêu chí của {form.number}.", "Xóa dòng ấy.", form.cited)
        for key in points
        if key not in known
    ]
    wrong = [
        Refusal(
            "points-out-of-range",
            f"Nhóm “{known[key].words}” chấm {given} điểm, ngoài khoảng 0 đến {known[key].points}.",
            f"Sửa lại, không quá {known[key].points} điểm.",
            known[key].cited,
        )
        for key, given in points.items()
        if key in known and not 0 <= given <= known[key].points
    ]
    return (*missing, *strange, *wrong)


def score_of(form: Form, points: Mapping[str, Decimal]) -> Decimal:
    """The sum, exact. Raises ``ValueError`` where ``faults_of`` finds any."""
    if faults := faults_of(form, points):
        raise ValueError(faults[0].message)
    return sum(points.values(), Decimal(0))
