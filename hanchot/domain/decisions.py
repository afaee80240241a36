"""What people decide about a draft: the head, each statement, what they add, and the reader's warnings they settle."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from hanchot.domain.deadline import Deadline
from hanchot.domain.draft import DocumentKind
from hanchot.domain.plan import Key, PeriodKind, Text
from hanchot.domain.proposal import TITLE
from hanchot.domain.stage import Stage
from hanchot.domain.unit import UnitKind

V = TypeVar("V")
Verdict = Literal["undecided", "accepted", "dropped"]
SET_BY_PERSON = "người phụ trách đặt"  # stands where the clause would, for a duty that the document does not name
Title = Annotated[str, StringConstraints(min_length=1, max_length=TITLE, strip_whitespace=True)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Answer(_Part):
    """One milestone as a person wants it. ``settled`` are the words that settle the reader's doubt."""

    title: Title
    stage: Stage
    applies_to: tuple[UnitKind, ...] = Field(min_length=1)
    deadline: Deadline
    clause: Text
    phrase: Text | None = None
    to: Text | None = None
    via: Text | None = None
    period: PeriodKind = "annual"
    optional: bool = False
    provides: Key | None = None
    until: Key | None = None
    settled: Text | None = None


class Decision(_Part):
    """About one statement: accepted with an answer, or dropped with a reason."""

    answer: Answer | None = None
    reason: Text | None = None

    @model_validator(mode="after")
    def _one_of_the_two(self) -> Decision:
        if (self.answer is None) == (self.reason is None):
            raise ValueError("một câu thì hoặc nhận thành mốc, hoặc bỏ và nói vì sao")
        return self


class Added(_Part):
    """A milestone that no statement speaks of: out of the document (clause and phrase), or set by the department.

    What the department adds by itself has no date in the plan; the date is set, visibly, in the cycle.
    """

    key: Key
    answer: Answer
    reason: Text | None = None

    @model_validator(mode="after")
    def _dated_only_by_the_document(self) -> Added:
        if self.answer.phrase is None and self.answer.deadline.kind != "unset":
            raise ValueError("hạn phải dẫn câu chữ của văn bản; không có thì chọn “không nêu hạn”, đặt ngày sau khi mở đợt")
        if self.answer.phrase is None and self.reason is None:
            raise ValueError("mốc không có câu chữ trong văn bản thì phải nói vì sao thêm")
        return self


class Head(_Part):
    """The plan's head as a person confirmed it. ``year`` None: a standing guidance for every year."""

    key: Key
    organiser: UnitKind
    kind: DocumentKind
    title: Text
    issuer: Text
    number: Text | None = None
    issued_on: date | None = None
    year: int | None = Field(default=None, ge=2000, le=2100)
    regulation: Text | None = None
    parent: Text | None = Field(default=None, description="number of the plan above that this one carries out")
    quarters: tuple[Annotated[int, Field(ge=1, le=4)], ...] = ()


class Decisions(_Part):
    """All that people decided about one draft. Keys count the draft's statements and warnings from 0."""

    head: Head | None = None
    statements: Mapping[int, Decision] = {}
    added: tuple[Added, ...] = ()
    settled: Mapping[int, Text] = Field(default={}, description="warnings of the reader that a person has settled, and how")

    def verdict(self, n: int) -> Verdict:
        """What was decided about statement ``n``."""
        decision = self.statements.get(n)
        if decision is None:
            return "undecided"
        return "accepted" if decision.answer else "dropped"

    def with_head(self, head: Head) -> Decisions:
        return self.model_copy(update={"head": head})

    def with_statement(self, n: int, decision: Decision | None) -> Decisions:
        """``decision`` None: the statement is to be looked at again."""
        return self.model_copy(update={"statements": _put(self.statements, n, decision)})

    def with_added(self, added: Added) -> Decisions:
        """Add a milestone, or put it in the place of the one with its key."""
        if added.key in {one.key for one in self.added}:
            return self.model_copy(update={"added": tuple(added if one.key == added.key else one for one in self.added)})
        return self.model_copy(update={"added": (*self.added, added)})

    def without_added(self, key: str) -> Decisions:
        return self.model_copy(update={"added": tuple(one for one in self.added if one.key != key)})

    def with_settled(self, n: int, words: str | None) -> Decisions:
        """``words`` None: warning ``n`` goes into the plan as a doubt again."""
        return self.model_copy(update={"settled": _put(self.settled, n, words)})


def _put(known: Mapping[int, V], n: int, value: V | None) -> dict[int, V]:
    rest = {place: one for place, one in known.items() if place != n}
    return dict(sorted((rest | {n: value}).items())) if value is not None else rest
