"""How alike two duties of two documents are: by their words, who does them, to whom, the stage, the date, the clause.

Words are compared without diacritics and stop words, singly and in pairs (a Vietnamese word is often two syllables);
a rare one counts more than one that every duty of these documents has (kiểm điểm, đánh giá, xếp loại).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import log

from hanchot.domain.collate import folded
from hanchot.domain.deadline import DATED
from hanchot.domain.duty import Duty

_EMPTY_WORDS = """
    va cua cac cho ve voi theo den tai tu la duoc phai se da tren o de khi hoac nhung mot so dong chi viec
    ngay thang nam truoc sau trong cham nhat hoan thanh doi thuc hien
"""
_STOP = frozenset(_EMPTY_WORDS.split())
_STEP = re.compile(r"\w+")
_WORD = re.compile(r"[^\W\d_]+")
BY_WORDS = "câu chữ"
_WEIGHTS = {BY_WORDS: 5.0, "đối tượng": 3.0, "nơi nhận": 1.5, "bước": 1.5, "ngày tháng": 3.0, "cách nêu hạn": 1.0, "mục": 1.0}
_TELLING = 5  # words and pairs in a phrase from which on it says more than “trước khi kiểm điểm”
_WEEK = 7  # days apart at which a date speaks half as much for a pair as the very same day and month
_SAYS_SO = 0.6  # from this likeness on, a trait is named among the reasons


@dataclass(frozen=True, slots=True)
class Likeness:
    """``score`` 0 … 1 over the traits that both duties have; ``reasons`` are the traits that spoke for it."""

    score: float
    reasons: tuple[str, ...]


class Scale:
    """Weighs words by how rare they are among all the duties compared."""

    def __init__(self, duties: Iterable[Duty]) -> None:
        seen: Counter[str] = Counter()
        count = 1
        for duty in duties:
            count += 1
            seen.update(features(_words(duty)) | features(" ".join(duty.who)) | features(duty.recipient))
        self._weights = {word: log(1 + count / times) for word, times in seen.items()}
        self._rarest = log(1 + count)

    def likeness(self, old: Duty, new: Duty) -> Likeness:
        """Compare two duties. What one of them does not say counts neither for nor against."""
        traits = {
            BY_WORDS: self._said(old, new),
            "đối tượng": self._who(old, new),
            "nơi nhận": self._overlap(old.recipient, new.recipient) if old.recipient and new.recipient else None,
            "bước": _stage(old, new),
            "ngày tháng": _dates(old, new),
            "cách nêu hạn": _kind(old, new),
            "mục": _clause(old.clause, new.clause),
        }
        known = {name: value for name, value in traits.items() if value is not None}
        total = sum(_WEIGHTS[name] for name in known)
        score = sum(_WEIGHTS[name] * value for name, value in known.items()) / total if total else 0.0
        return Likeness(round(score, 4), tuple(name for name, value in known.items() if value >= _SAYS_SO))

    def _said(self, old: Duty, new: Duty) -> float | None:
        """Title against sentence, or the words of the date against it where they are more than a date."""
        ways = [self._overlap(_words(old), _words(new))]
        if len(features(old.phrase)) >= _TELLING:
            ways.append(self._overlap(old.phrase, _words(new)))
        return max((way for way in ways if way is not None), default=None)

    def _who(self, old: Duty, new: Duty) -> float | None:
        """The best of the ways in which the old plan names its actors, against the whole of the new one's words."""
        if not old.who or not new.who:
            return None
        return max(self._jaccard(features(one), features(other)) for one in old.who for other in new.who)

    def _overlap(self, one: str, other: str) -> float | None:
        """Mostly: how much of the shorter text is in the longer (a title is short, a sentence long)."""
        a, b = features(one), features(other)
        least = min(self._weight(a), self._weight(b))
        if not least:
            return None
        return 0.75 * self._weight(a & b) / least + 0.25 * self._jaccard(a, b)

    def _jaccard(self, a: frozenset[str], b: frozenset[str]) -> float:
        both = self._weight(a | b)
        return self._weight(a & b) / both if both else 0.0

    def _weight(self, words: Iterable[str]) -> float:
        return sum(self._weights.get(word, self._rarest) for word in sorted(words))


@lru_cache(maxsize=4096)
def features(text: str) -> frozenset[str]:
    """Words and pairs of neighbours, without marks, numbers and stop words."""
    words = [word for word in _WORD.findall(folded(text)) if word not in _STOP]
    return frozenset(words) | frozenset(f"{a} {b}" for a, b in pairwise(words))


def _words(duty: Duty) -> str:
    return duty.quote or f"{duty.title}. {duty.phrase}"


def _stage(old: Duty, new: Duty) -> float | None:
    if old.stage is None or new.stage is None:
        return None
    return {0: 1.0, 1: 0.4}.get(abs(old.stage.position - new.stage.position), 0.0)


def _dates(old: Duty, new: Duty) -> float | None:
    if old.expected is None or new.expected is None:
        return None
    return 1 / (1 + abs((new.expected - old.expected).days) / _WEEK)


def _kind(old: Duty, new: Duty) -> float:
    a, b = old.deadline.kind, new.deadline.kind
    if a == b:
        return 1.0
    return 0.7 if a in DATED and b in DATED else 0.2


def _clause(old: str | None, new: str | None) -> float | None:
    if not old or not new:
        return None
    a, b = _STEP.findall(old), _STEP.findall(new)
    shared = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return shared / max(len(a), len(b), 1)
