"""A regulation (quy định): what one legal basis says about levels, points, caps, quota, votes and forms. Data, never code.

Every value carries the document and clause that says it. What a text leaves open is a ``doubt`` that the department settles.
The parts are models beside the functions that apply them (``standards``, ``quota``, ``ballot``, ``criteria``); who is reviewed,
where, in what order and by whom is in ``eligibility``, ``places``, ``review_order``, ``session``, ``authority``, ``dossier``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from hanchot.domain.acts import number_key
from hanchot.domain.ballot import VoteRules
from hanchot.domain.cited import Cited, Refusal
from hanchot.domain.criteria import CriterionGrade, Form
from hanchot.domain.errors import NotFound, Refused
from hanchot.domain.plan import Key, Plan, Text
from hanchot.domain.quota import Quota
from hanchot.domain.rating_level import RatingLevel
from hanchot.domain.standards import Band, Cap, LevelWords, Points, Requirement


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Doubt(_Part):
    """What the text leaves open; shown to the department, never settled silently."""

    key: Key
    words: Text
    cited: Cited


class Regulation(_Part):
    """One legal basis as data. ``lineage``: the keys of the bases it stands on, nearest first, filled when it is loaded."""

    version: Literal[1] = Field(alias="schema", default=1)
    key: Key
    number: Text
    title: Text
    issuer: Text
    guidance: Text | None = Field(default=None, description="the guidance that goes with it")
    in_force_from: date | None = Field(default=None, description="null where the document has no date")
    replaced_by: Text | None = None
    extends: Key | None = None
    lineage: tuple[Key, ...] = ()
    seen: Text = Field(description="in which source its rules were read; what was not seen is marked unverified")
    top: Points = Decimal(100)
    levels: tuple[LevelWords, ...] = ()
    bands: tuple[Band, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    caps: tuple[Cap, ...] = ()
    quota: Quota | None = None
    votes: VoteRules | None = None
    grades: tuple[CriterionGrade, ...] = ()
    forms: tuple[Form, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True, populate_by_name=True)

    @model_validator(mode="after")
    def _hangs_together(self) -> Regulation:
        if self.levels and [level.key for level in self.levels] != list(RatingLevel):
            raise ValueError("levels: nêu đủ bốn mức, từ excellent đến fail")
        if self.bands:
            _check_bands(self.bands, self.top)
        for name in ("requirements", "caps", "forms", "doubts"):
            keys = [part.key for part in getattr(self, name)]
            if twice := {key for key in keys if keys.count(key) > 1}:
                raise ValueError(f"{name}: khóa trùng nhau {', '.join(sorted(twice))}; mỗi mục một key riêng")
        for form in self.forms:
            if form.groups and sum(group.points for group in form.groups) != self.top:
                raise ValueError(f"forms “{form.key}”: điểm các nhóm cộng lại phải bằng {self.top}")
        return self

    def words_of(self, level: RatingLevel) -> str:
        """The level in the words of this basis."""
        return next((known.words for known in self.levels if known.key is level), level.vi)


def _check_bands(bands: tuple[Band, ...], top: Decimal) -> None:
    if [band.level for band in bands] != list(RatingLevel):
        raise ValueError("bands: nêu đủ bốn mức, từ excellent đến fail")
    floors = [band.at_least for band in bands]
    if floors[-1] != 0 or floors[0] > top or any(high <= low for high, low in pairwise(floors)):
        raise ValueError(f"bands: mức điểm phải giảm dần từ không quá {top} xuống 0")


def silent(rules: Regulation, part: Literal["votes", "quota", "bands"]) -> tuple[Refusal, ...]:
    """Why a part that the basis does not have cannot be applied; empty when it has it. Nothing is assumed in its place."""
    if getattr(rules, part):
        return ()
    words = f"{rules.number} và các căn cứ của nó không nêu {_PART_VI[part]}, hoặc văn bản ấy chưa được nhập."
    way_out = f"Nhập {_PART_VI[part]} của cấp mình kèm số văn bản vào calendars/regulations/{rules.key}.yaml."
    return (Refusal(f"no-{part}", words, way_out, Cited(document=rules.number, clause="—", unverified=True)),)


_PART_VI = {"votes": "quy tắc biểu quyết", "quota": "tỷ lệ xuất sắc", "bands": "thang điểm"}


def regulation_of(plan: Plan, known: Iterable[Regulation]) -> Regulation:
    """The basis whose rules apply to a plan: the most particular one among those that the plan is, names or rests on.

    A file with the plan's own key comes first. Raises ``NotFound`` when none is known, ``Refused`` when two are equal.
    """
    known = tuple(known)
    if own := next((one for one in known if one.key == plan.key), None):
        return own
    named = (plan.document.number, plan.parent, plan.regulation, *(basis.number for basis in plan.document.legal_bases))
    numbers = {number_key(number) for number in named if number}
    fitting = [one for one in known if number_key(one.number) in numbers]
    if not fitting:
        way_out = "Thêm tệp quy định vào calendars/regulations hoặc sửa “regulation” của kế hoạch."
        raise NotFound(f"Chưa có bộ quy tắc nào cho kế hoạch {plan.key} ({plan.regulation or 'không nêu'}).", way_out=way_out)
    depth = max(len(one.lineage) for one in fitting)
    best = [one for one in fitting if len(one.lineage) == depth]
    if len(best) > 1:
        names = ", ".join(one.number for one in best)
        raise Refused(f"Kế hoạch {plan.key} dựa vào nhiều bộ quy tắc ngang nhau: {names}.", way_out="Chỉ giữ một căn cứ.")
    return best[0]


def cites(part: BaseModel) -> tuple[Cited, ...]:
    """Every citation inside a part of a regulation, in its order."""
    found: list[Cited] = []
    for name in type(part).model_fields:
        value = getattr(part, name)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Cited):
                found.append(one)
            elif isinstance(one, BaseModel):
                found += cites(one)
    return tuple(found)
