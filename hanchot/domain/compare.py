"""Last year's duties against a new document's: which are the same, moved, added, dropped. Pure and deterministic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from hanchot.domain.assignment import best_pairs
from hanchot.domain.deadline import Deadline
from hanchot.domain.duty import Duty
from hanchot.domain.likeness import BY_WORDS, Likeness, Scale

What = Literal["same", "moved", "added", "dropped"]
WHAT_VI: dict[What, str] = {"same": "giữ nguyên", "moved": "đổi hạn", "added": "thêm mới", "dropped": "không còn"}
LEAST = 0.43  # below this two duties are not taken for one: a person sees “dropped” and “added” side by side
_CLEARLY = 0.03  # by this much the sibling's sentence must fit better than the sentence that was given
_SHARED = 0.6  # a shared sentence needs the duty's words in it, or this likeness
_UNSURE = 0.6  # below this the page asks a person to look
_IGNORED = {"anchor", "reading", "date", "start", "end"}  # anchors are the document's own words; days are compared as days


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the difference. ``old`` is null for an added duty, ``new`` for a dropped one (or one kept unseen).

    ``shift``: days from the expected day (the old day and month in the new year) to the new one, later positive; null
    where a side has no day. ``confidence`` 0 … 1 that the two are one duty. ``why`` in Vietnamese.
    """

    what: What
    old: Duty | None
    new: Duty | None
    shift: int | None
    confidence: float
    why: str

    @property
    def key(self) -> str | None:
        return self.old.key if self.old else self.new.key if self.new else None

    @property
    def unsure(self) -> bool:
        """A person should look at the pair."""
        return bool(self.old and self.new) and self.confidence < _UNSURE

    def to_json(self) -> dict[str, Any]:
        return {
            "what": self.what, "key": self.key, "shift_days": self.shift, "confidence": self.confidence,
            "why": self.why, "old": self.old.to_json() if self.old else None,
            "new": self.new.to_json() if self.new else None,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Pair:
    old: Duty
    new: Duty
    like: Likeness
    again: tuple[str, ...] = ()


def compare(old: Sequence[Duty], new: Sequence[Duty]) -> tuple[Change, ...]:
    """The difference, in the order of ``old``; what is added stands at the end, in the order of ``new``.

    A duty without any date in the old plan is never dropped for not being found: documents name such duties without a
    date, and what has no date is not among the sentences that are read.
    """
    scale = Scale([*old, *new])
    likes = [[scale.likeness(one, other) for other in new] for one in old]
    pairs = _pairs(old, new, likes)
    rest = _without_repeats(pairs, new, likes)
    lines = [_matched(pairs[n]) if n in pairs else _missing(one) for n, one in enumerate(old)]
    return (*lines, *map(_added, rest))


def _pairs(old: Sequence[Duty], new: Sequence[Duty], likes: Sequence[Sequence[Likeness]]) -> dict[int, _Pair]:
    """By row of ``old``. Two old duties out of one sentence may share a new one: whichever of them fits its sibling's
    sentence better than the one it was given joins it, and the others are paired anew.
    """
    alone, joined = list(range(len(old))), dict[int, int]()
    while True:
        table = [[likes[row][col].score for col in range(len(new))] for row in alone]
        seats = {alone[place]: col for place, col in best_pairs(table, LEAST)} | joined
        better = _better_with_sibling(old, likes, {row: col for row, col in seats.items() if row not in joined}, alone)
        if better is None:
            return {row: _Pair(old[row], new[col], likes[row][col]) for row, col in seats.items()}
        alone.remove(better[0])
        joined[better[0]] = better[1]


def _better_with_sibling(
    old: Sequence[Duty], likes: Sequence[Sequence[Likeness]], seats: dict[int, int], alone: Sequence[int]
) -> tuple[int, int] | None:
    """The first duty that belongs to its sibling's sentence by its words, with that sentence's column."""
    for row in alone:
        given = likes[row][seats[row]].score if row in seats else 0.0
        for sibling, col in seats.items():
            twins = sibling != row and old[row].phrase and _sentence(old[row]) == _sentence(old[sibling])
            like = likes[row][col]
            if twins and like.score > given + _CLEARLY and (BY_WORDS in like.reasons or like.score >= _SHARED):
                return row, col
    return None


def _sentence(one: Duty) -> tuple[object, ...]:
    return one.clause, one.phrase, one.expected


def _without_repeats(pairs: dict[int, _Pair], new: Sequence[Duty], likes: Sequence[Sequence[Likeness]]) -> list[Duty]:
    """What is left of the new document; a sentence that says a matched one again, with the same date, is only noted."""
    taken = {pair.new.place for pair in pairs.values()}
    left = []
    for col, other in enumerate(new):
        if other.place in taken:
            continue
        row = max(pairs, key=lambda n, col=col: (likes[n][col].score, -n), default=None)  # type: ignore[misc]  # mypy cannot tell the type of col
        if row is not None and likes[row][col].score >= LEAST and _same_date(pairs[row].new, other):
            pairs[row] = replace(pairs[row], again=(*pairs[row].again, other.clause or "?"))
        else:
            left.append(other)
    return left


def _same_date(one: Duty, other: Duty) -> bool:
    return one.last_day is not None and one.last_day == other.last_day


def _matched(pair: _Pair) -> Change:
    old, new = pair.old, pair.new
    shift = (new.expected - old.expected).days if old.expected and new.expected else None
    alike = shift == 0 or (shift is None and _words_of(old.deadline) == _words_of(new.deadline))
    why = f"{_shift_vi(old, new, shift, alike)}; khớp theo {', '.join(pair.like.reasons) or 'vị trí'}"
    if pair.again:
        why += f"; nhắc lại ở mục {', '.join(pair.again)}"
    return Change("same" if alike else "moved", old, new, shift, round(pair.like.score, 2), why)


def _shift_vi(old: Duty, new: Duty, shift: int | None, alike: bool) -> str:
    if alike:
        same_kind = old.deadline.kind == new.deadline.kind
        return "cùng hạn" if same_kind else "cùng ngày cuối, cách nói khác"
    if shift is not None:
        return f"{'muộn hơn' if shift > 0 else 'sớm hơn'} {abs(shift)} ngày"
    if old.expected is None and new.expected is not None:
        return "trước chưa có ngày, nay có ngày"
    if old.expected is not None:
        return "trước có ngày, nay không nêu ngày"
    return "hạn nói khác trước"


def _words_of(deadline: Deadline) -> dict[str, Any]:
    return deadline.model_dump(exclude=_IGNORED)


def _missing(old: Duty) -> Change:
    if old.deadline.kind == "unset":
        why = "kế hoạch trước không nêu hạn, văn bản mới không có câu nêu hạn cho việc này; giữ lại, cần người xem"
        return Change("same", old, None, None, 0.0, why)
    return Change("dropped", old, None, None, 0.0, "không thấy câu nào của văn bản mới nói việc này")


def _added(new: Duty) -> Change:
    return Change("added", None, new, None, 0.0, "không thấy trong kế hoạch trước")
