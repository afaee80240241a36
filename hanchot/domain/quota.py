"""The quota (tỷ lệ) of those rated excellent: how many places a body or comparison group has, and on which base.

Sources: 13-HD/TU PL.3 and PL.4.2, 366-QĐ/TW Điều 11, the plan of the town 2022 II.2. Whole numbers only: a part of a place
is no place.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from hanchot.domain.cited import Cited, Refusal
from hanchot.domain.plan import Text
from hanchot.domain.rating_level import Subjects


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class QuotaBase(StrEnum):
    """Of which number the ratio is taken."""

    GOOD_INCLUDING_PICKED = "good_including_picked"
    GOOD_REMAINING = "good_remaining"
    GROUP = "group"
    UNSTATED = "unstated"

    @property
    def vi(self) -> str:
        return _BASE_VI[self]


_BASE_VI = {
    QuotaBase.GOOD_INCLUDING_PICKED: "số hoàn thành tốt, kể cả số được chọn lên xuất sắc",
    QuotaBase.GOOD_REMAINING: "số còn lại ở mức hoàn thành tốt sau khi chọn",
    QuotaBase.GROUP: "tổng số của nhóm so sánh",
    QuotaBase.UNSTATED: "văn bản không nêu",
}


class HigherRatio(_Part):
    """A higher ratio that the competent level may grant."""

    percent: int = Field(ge=1, le=100)
    words: Text
    cited: Cited


class Rounding(_Part):
    """A part of a place is no place. Cited apart: the texts do not say how to round."""

    how: Literal["floor"] = "floor"
    cited: Cited


class Quota(_Part):
    """How many may be excellent. ``readings``: the bases a text can mean; more than one is a doubt until it is settled."""

    percent: int = Field(ge=1, le=100)
    base: QuotaBase
    readings: tuple[QuotaBase, ...] = Field(min_length=1)
    who: Subjects
    scope: Text = Field(description="within which body or comparison group the ratio is taken")
    per_group: bool = False
    rounding: Rounding
    zero_words: Text = Field(description="what is said where the ratio gives no place at all")
    higher: HigherRatio | None = None
    cited: Cited
    doubt: Text | None = None

    @model_validator(mode="after")
    def _readings_fit(self) -> Quota:
        if QuotaBase.UNSTATED in self.readings:
            raise ValueError("quota.readings: nêu các cách tính có thể hiểu, không ghi “unstated”")
        if self.base is not QuotaBase.UNSTATED and self.base not in self.readings:
            raise ValueError(f"quota.readings: thiếu “{self.base}” đã nêu ở base")
        if len(self.readings) > 1 and not self.doubt:
            raise ValueError("quota.doubt: nhiều cách tính thì phải nêu điều cần Ban Tổ chức chốt")
        return self


@dataclass(frozen=True, slots=True)
class Counted:
    """The numbers of one body or comparison group. ``good``: all who are good, those picked as excellent among them.

    ``group``: all who are rated in the group; None while nobody has counted them.
    """

    good: int
    group: int | None = None

    def __post_init__(self) -> None:
        if self.good < 0 or (self.group is not None and self.group < self.good):
            raise ValueError(f"{self.good} good of {self.group} in the group cannot be; count again")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read the base, and the places that it gives; None where the group has not been counted."""

    base: QuotaBase
    places: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Allowance:
    """Places for excellent. ``open``: the text can be read in ways that differ here, and nobody has settled which;
    ``places`` is then the smallest of them. ``notice``: said where no reading gives a place.
    """

    places: int
    percent: int
    base: QuotaBase
    readings: tuple[Reading, ...]
    open: bool
    notice: str | None
    basis: Cited
    counted: Counted

    def left(self, picked: int) -> int:
        """Places that are still free; never below 0."""
        return max(0, self.places - picked)

    def words(self, picked: int = 0, *, cited: bool = True) -> str:
        """``còn 2 suất trong 4: 20 % của 24 hoàn thành tốt, 13-HD/TU PL.3``; the last where no basis stands beside it."""
        left, of = self.left(picked), _base_words(self)
        said = f"còn {left} suất trong {self.places}: {self.percent} % của {of}, {self.basis.vi}"
        if not cited:
            said = f"còn {left} suất trong {self.places}: {self.percent} % của {of}"
        if not self.open:
            return said
        ways = "; ".join(reading.words for reading in self.readings)
        return f"{said}; chưa chốt cách tính ({ways})"


def places(counted: Counted, rules: Quota, *, settled: QuotaBase | None = None, higher: bool = False) -> Allowance:
    """How many may be excellent among ``counted``.

    ``settled``: the reading that the department has settled on; it must be one of ``rules.readings``. ``higher``: the
    competent level has granted the higher ratio. Raises ``ValueError`` for a reading or ratio that the rules do not have.
    """
    if settled is not None and settled not in rules.readings:
        raise ValueError(f"{settled} is no reading of {rules.cited.vi}; choose one of {', '.join(rules.readings)}")
    if higher and rules.higher is None:
        raise ValueError(f"{rules.cited.vi} grants no higher ratio")
    chosen = rules.higher if higher and rules.higher else rules
    readings = tuple(_reading(base, counted, chosen.percent) for base in ((settled,) if settled else rules.readings))
    known = [reading for reading in readings if reading.places is not None]
    if not known:
        raise ValueError("the base is the whole comparison group; count its members first")
    least = min(known, key=lambda reading: reading.places or 0)
    number = least.places or 0
    return Allowance(
        places=number,
        percent=chosen.percent,
        base=least.base,
        readings=readings,
        open=len({reading.places for reading in readings}) > 1,
        notice=None if any(reading.places for reading in known) else rules.zero_words,
        basis=chosen.cited,
        counted=counted,
    )


def refuse_over(allowance: Allowance, picked: int) -> tuple[Refusal, ...]:
    """Why ``picked`` may not all be excellent; empty when they fit."""
    if picked <= allowance.places:
        return ()
    most = max(reading.places or 0 for reading in allowance.readings)
    if allowance.open and picked <= most:
        words = f"{picked} người xuất sắc chỉ vừa theo một cách tính; {allowance.words(picked)}."
        way_out = "Ban Tổ chức chốt cách tính tỷ lệ của đợt rồi chọn lại."
        return (Refusal("quota-unsettled", words, way_out, allowance.basis),)
    words = f"Chọn {picked} xuất sắc là quá {allowance.places} suất: {allowance.percent} % của {_base_words(allowance)}."
    if allowance.notice:
        words = f"{words} {allowance.notice}"
    over = picked - allowance.places
    way_out = f"Chuyển {over} trường hợp về hoàn thành tốt nhiệm vụ; phần lẻ không được làm tròn lên."
    return (Refusal("quota-exceeded", words, way_out, allowance.basis),)


def _reading(base: QuotaBase, counted: Counted, percent: int) -> Reading:
    match base:
        case QuotaBase.GOOD_REMAINING:
            # x <= percent of (good - x), so x <= percent * good / (100 + percent)
            number: int | None = percent * counted.good // (100 + percent)
        case QuotaBase.GROUP:
            number = None if counted.group is None else min(percent * counted.group // 100, counted.good)
        case _:
            number = percent * counted.good // 100
    shown = "chưa rõ số người của nhóm" if number is None else f"{number} suất"
    return Reading(base, number, f"{base.vi}: {shown}")


def _base_words(allowance: Allowance) -> str:
    counted = allowance.counted
    match allowance.base:
        case QuotaBase.GROUP:
            return f"{counted.group} trong nhóm so sánh"
        case QuotaBase.GOOD_REMAINING:
            return f"{counted.good - allowance.places} hoàn thành tốt còn lại sau khi chọn"
        case _:
            return f"{counted.good} hoàn thành tốt"
