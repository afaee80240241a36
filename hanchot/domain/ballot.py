"""Ballots (phiếu): tallies only, from the signed minutes; never who voted what.

Sources: 13-HD/TU V and its annex: secret, strictly more than half of those CONVENED; for members, good is voted first, then
excellent among the good. Votes are whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from hanchot.domain.cited import Cited, Refusal
from hanchot.domain.errors import NotFound
from hanchot.domain.plan import Key, Text
from hanchot.domain.rating_level import RatingLevel, Subjects


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Convened(_Part):
    """Who is convened to a vote in one kind of body."""

    where: Text
    who: Text
    cited: Cited


class VoteKind(_Part):
    """One kind of vote. ``effect``: the body rates itself, proposes to a higher one, decides, or both for different posts."""

    number: int = Field(ge=1)
    key: Key
    title: Text
    effect: Literal["self", "proposes", "decides", "decides_or_proposes"]
    rates: Subjects
    convened: tuple[Convened, ...] = ()
    two_rounds: bool = False
    after: Text | None = Field(default=None, description="what must be finished before this vote")
    cited: Cited
    doubt: Text | None = None


class Round(_Part):
    """One round of a vote in rounds: only ``level`` is picked, among those whom the earlier round carried."""

    level: RatingLevel
    among: RatingLevel | None = None
    cited: Cited


class VoteRules(_Part):
    """How a vote is counted. The majority is strictly more than ``more_than_percent`` of ``base``."""

    secret: bool
    base: Literal["convened"]
    more_than_percent: Decimal = Field(ge=0, lt=100)
    rounds: tuple[Round, ...] = ()
    kinds: tuple[VoteKind, ...] = ()
    minutes: Cited | None = Field(default=None, description="opinions and reserved opinions are in the minutes")
    cited: Cited
    doubt: Text | None = None

    def kind(self, key: str) -> VoteKind:
        for kind in self.kinds:
            if kind.key == key:
                return kind
        raise NotFound(f"Không có loại biểu quyết “{key}”.", way_out=f"Có: {', '.join(k.key for k in self.kinds)}.")


TWICE = Cited(document="Hạn Chót", clause="nhập phiếu hai lần", note="quy tắc của phần mềm, không phải của văn bản")
MAJORITY_NOTE = "người vắng, phiếu không hợp lệ vẫn ở trong mẫu số"


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts of one vote on one subject, as the minutes have them."""

    convened: int
    present: int
    issued: int
    collected: int
    valid: int
    invalid: int
    per_level: Mapping[RatingLevel, int] = field(default_factory=dict)


def faults(tally: Tally, rules: VoteRules, round_number: int | None = None) -> tuple[Refusal, ...]:
    """What cannot be in a true count; empty when the numbers fit. ``round_number`` (1, 2): only for a vote in rounds."""
    found = [*_negative(tally), *_sums(tally)]
    if round_number is not None:
        found += _outside_round(tally, rules, round_number)
    return tuple(Refusal(code, words, way_out, rules.cited) for code, words, way_out in found)


_Fault = tuple[str, str, str]
_AGAIN = "Đối chiếu biên bản kiểm phiếu đã ký rồi sửa."
_FIELD_VI = {
    "convened": "số triệu tập",
    "present": "số có mặt",
    "issued": "phiếu phát ra",
    "collected": "phiếu thu về",
    "valid": "phiếu hợp lệ",
    "invalid": "phiếu không hợp lệ",
}


def _counts(tally: Tally) -> dict[str, int]:
    """Every count under the words for it."""
    counted = {words: int(getattr(tally, name)) for name, words in _FIELD_VI.items()}
    return counted | {f"phiếu “{level.vi}”": tally.per_level.get(level, 0) for level in RatingLevel}


def _negative(tally: Tally) -> Iterable[_Fault]:
    for words, number in _counts(tally).items():
        if number < 0:
            yield "votes-negative", f"{words.capitalize()} là {number}, nhỏ hơn 0.", _AGAIN
    if tally.convened == 0:
        yield "nobody-convened", "Số triệu tập là 0: không có mẫu số để tính đa số.", "Nhập số thành viên được triệu tập."


def _sums(tally: Tally) -> Iterable[_Fault]:
    for less, more in (("present", "convened"), ("issued", "present"), ("collected", "issued")):
        few, many = getattr(tally, less), getattr(tally, more)
        if few > many:
            words = f"{_FIELD_VI[less].capitalize()} ({few}) nhiều hơn {_FIELD_VI[more]} ({many})."
            yield f"{less}-over-{more}", words, _AGAIN
    if tally.valid + tally.invalid != tally.collected:
        words = f"Hợp lệ {tally.valid} + không hợp lệ {tally.invalid} không bằng phiếu thu về ({tally.collected})."
        yield "valid-sum", words, _AGAIN
    if (voted := sum(tally.per_level.values())) != tally.valid:
        words = f"Phiếu của các mức cộng lại {voted}, không bằng phiếu hợp lệ ({tally.valid})."
        yield "level-sum", words, _AGAIN


def _outside_round(tally: Tally, rules: VoteRules, number: int) -> Iterable[_Fault]:
    """In the first round nobody can be voted better than good; the second asks only for excellent or not."""
    picked = _round(rules, number)
    for level, votes in tally.per_level.items():
        if votes and level.rank < picked.level.rank:
            words = f"Vòng {number} chỉ biểu quyết “{picked.level.vi}” trở xuống, lại có {votes} phiếu “{level.vi}”."
            yield "level-outside-round", words, "Chuyển các phiếu ấy sang vòng sau hoặc sửa theo biên bản."
        if votes and picked.among and level.rank > picked.among.rank:
            words = f"Vòng {number} chỉ chọn trong số “{picked.among.vi}”, lại có {votes} phiếu “{level.vi}”."
            yield "level-outside-round", words, _AGAIN


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a vote has carried: ``level`` None when nothing has the majority. ``needed`` votes, ``votes`` that the best has."""

    level: RatingLevel | None
    votes: int
    needed: int
    convened: int
    words: str
    basis: Cited

    @property
    def carried(self) -> bool:
        return self.level is not None


def votes_needed(convened: int, rules: VoteRules) -> int:
    """The fewest votes that are strictly more than the part of those convened: 8 of 15, 9 of 16."""
    return int(Decimal(convened) * rules.more_than_percent // 100) + 1


def outcome(tally: Tally, rules: VoteRules) -> Outcome:
    """The level that has the majority of those convened, if any. Raises ``ValueError`` for a tally with ``faults``."""
    if wrong := faults(tally, rules):
        raise ValueError(wrong[0].message)
    needed = votes_needed(tally.convened, rules)
    best = max(RatingLevel, key=lambda level: (tally.per_level.get(level, 0), -level.rank))
    votes = tally.per_level.get(best, 0)
    carried = votes >= needed
    share = f"{votes} trên {tally.convened} người được triệu tập"
    over = f"trên {rules.more_than_percent.normalize():f} %"
    if carried:
        words = f"“{best.vi}” được {share}, {over} (cần {needed}): thông qua."
    else:
        words = f"Cao nhất là “{best.vi}”, {share}; cần {needed} ({over}; {MAJORITY_NOTE}): không thông qua."
    return Outcome(best if carried else None, votes, needed, tally.convened, words, rules.cited)


@dataclass(frozen=True, slots=True)
class ClosedRound:
    """A round whose minutes are signed: what it carried for each subject."""

    number: int
    outcomes: Mapping[str, Outcome]


def candidates(earlier: ClosedRound | None, rules: VoteRules, number: int) -> tuple[str, ...]:
    """The subjects on whom round ``number`` may vote: those whom the closed round before it carried at its level."""
    wanted = _round(rules, number).among
    if earlier is None or wanted is None:
        return ()
    return tuple(sorted(subject for subject, carried in earlier.outcomes.items() if carried.level is wanted))


def may_vote(subject: str, number: int, earlier: ClosedRound | None, rules: VoteRules) -> tuple[Refusal, ...]:
    """Why round ``number`` may not vote on a subject: it is locked until the round before is closed and carried it."""
    this = _round(rules, number)
    if this.among is None:
        return ()
    if earlier is None or earlier.number != number - 1:
        words = f"Chưa mở được vòng {number} (“{this.level.vi}”): vòng {number - 1} chưa khóa."
        return (Refusal("round-locked", words, f"Nhập và khóa biên bản vòng {number - 1} trước.", this.cited),)
    if subject not in candidates(earlier, rules, number):
        words = f"{subject} không được chọn “{this.level.vi}”: vòng {number - 1} chưa thông qua “{this.among.vi}”."
        return (Refusal("not-a-candidate", words, "Chỉ chọn trong những người vòng trước đã thông qua.", this.cited),)
    return ()


def _round(rules: VoteRules, number: int) -> Round:
    if not 1 <= number <= len(rules.rounds):
        raise NotFound(f"Không có vòng {number}: {rules.cited.vi} có {len(rules.rounds)} vòng.", way_out="Xem lại số vòng.")
    return rules.rounds[number - 1]


@dataclass(frozen=True, slots=True)
class Entry:
    """A tally as one person has typed it from the minutes."""

    tally: Tally
    entered_by: str


def reconcile(first: Entry, second: Entry) -> tuple[Refusal, ...]:
    """Why two entries do not confirm each other: the same hand, or the fields in which they differ, each named."""
    found: list[Refusal] = []
    if first.entered_by == second.entered_by:
        words = f"Cả hai lần đều do {first.entered_by} nhập."
        found.append(Refusal("same-hand", words, "Nhờ người thứ hai nhập lại từ biên bản, không xem số đã nhập.", TWICE))
    other = _counts(second.tally)
    for words, number in _counts(first.tally).items():
        if number != other[words]:
            said = f"{words.capitalize()} khác nhau: lần một {number}, lần hai {other[words]}."
            found.append(Refusal("entries-differ", said, "Xem biên bản kiểm phiếu đã ký rồi sửa lần nhập sai.", TWICE))
    return tuple(found)
