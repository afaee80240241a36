"""Standards (tiêu chuẩn) for a level: points, requirements beside them, and cases that cap a level whatever the points.

Sources: 366-QĐ/TW Điều 11, the plan of Lùng Phình 2025 IV.2.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from hanchot.domain.cited import Cited
from hanchot.domain.errors import Refused
from hanchot.domain.plan import Key, Text
from hanchot.domain.rating_level import RatingLevel, Subjects

FactKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Points = Annotated[Decimal, Field(ge=0, le=1000, max_digits=8, decimal_places=4)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class LevelWords(_Part):
    """How the basis words one level."""

    key: RatingLevel
    words: Text
    cited: Cited


class Band(_Part):
    """Points from ``at_least``, inclusive, up to the next better band, exclusive. Nothing is rounded: 89.99 is below 90."""

    level: RatingLevel
    at_least: Points
    cited: Cited


class Question(_Part):
    """A question put to the facts of one subject: yes or no, or a number within bounds (a percent unless ``ask`` differs)."""

    fact: FactKey
    ask: Text = Field(description="the question as a person answers it, in Vietnamese")
    equals: bool | None = None
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    more_than: Decimal | None = None
    less_than: Decimal | None = None

    @model_validator(mode="after")
    def _asks_one_thing(self) -> Question:
        bounds = (self.at_least, self.at_most, self.more_than, self.less_than)
        if (self.equals is None) == all(bound is None for bound in bounds):
            raise ValueError(f"“{self.fact}”: nêu hoặc equals, hoặc một trong at_least, at_most, more_than, less_than")
        return self

    @property
    def is_number(self) -> bool:
        return self.equals is None

    def holds(self, value: bool | Decimal) -> bool:
        """Whether the answer meets the test.

        Raises ``Refused`` for a number where yes or no is asked, the reverse, and a number below 0 or without end.
        """
        if isinstance(value, bool) == self.is_number:
            wanted = "một số" if self.is_number else "có hoặc không"
            raise Refused(f"“{self.fact}” = “{value}” sai kiểu.", way_out=f"Câu hỏi “{self.ask}” cần {wanted}.")
        if isinstance(value, bool):
            return value is self.equals
        if not value.is_finite() or value < 0:
            raise Refused(f"“{self.fact}” = “{value}” không phải số đo.", way_out=f"“{self.ask}” Nhập số từ 0 trở lên.")
        return (
            (self.at_least is None or value >= self.at_least)
            and (self.at_most is None or value <= self.at_most)
            and (self.more_than is None or value > self.more_than)
            and (self.less_than is None or value < self.less_than)
        )


class Requirement(_Part):
    """Points alone are not enough for ``level``: this must hold, too."""

    key: Key
    level: RatingLevel
    who: Subjects
    test: Question
    words: Text
    cited: Cited
    doubt: Text | None = None


class Cap(_Part):
    """A case that holds a subject at ``caps_at`` or below whatever the points. ``unless``: an answer that lifts it."""

    key: Key
    caps_at: RatingLevel
    who: Subjects
    test: Question
    words: Text
    unless: Question | None = None
    since: date | None = Field(default=None, description="first local day on which it holds, when later than the regulation's")
    cited: Cited
    doubt: Text | None = None

    @property
    def effect(self) -> str:
        """What the case does, in words."""
        return f"xếp {self.caps_at.vi}" if self.caps_at is RatingLevel.FAIL else f"cao nhất là {self.caps_at.vi}"
