"""The little language in which the tables of the grammar are written, and its compiler.

``chậm nhất [là|vào] [hết] {day}`` reads: these words, one of those or none, then an expression of time already found in
the sentence. ``(a|b)`` is a choice, ``[a|b]`` an optional one, ``…`` up to twelve words of the same clause, ``{event}`` the
words that name an event. ``{d} {m} {y}`` and their like are digits, for the table of dates. Words are matched as ``spelling.loose`` forgives them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from hanchot.reader.grammar.spelling import bare, loose

SLOTS = (
    "day", "month", "quarter", "year", "time", "weekday", "weekly", "monthly", "quarterly", "yearly", "dom", "moq", "eom", "span", "pair",
    "cited",
)  # fmt: skip
FILLER = "\uf8ff"
_BASE, _WIDTH = 0xE000, 256
_DIGITS = {
    "d": r"(?<!\d[/.])(?:0?[1-9]|[12]\d|3[01])", "m": r"(?:0?[1-9]|1[0-2])", "y": r"(?:19|20)\d\d", "h": r"(?:[01]?\d|2[0-4])",
    "min": r"[0-5]\d", "n": r"\d{1,3}", "q": r"(?:iv|i{1,3}|[1-4])", "said": r"(?:\([^)\d]{1,14}\))?",
}  # fmt: skip
_PIECE = re.compile(r"\{(?P<slot>\w+)\}|(?P<mark>[\[\]()|…])|(?P<space>\s+)|(?P<word>[^\s\[\](){}|…]+)")
_SPACE = re.compile(r"\s")
_GAP = r"(?:\s*+[^\s.;:\ue000-\uf8fe]++){0,12}?"  # whole words only: a word that can be cut anywhere costs a second a sentence
_EVENT = r"[^\s,;.:()\ue000-\uf8ff][^,;.:()\ue000-\uf8ff]{1,140}?"
_EVENT_ENDS = (
    r"(?=\s*(?:[,;.:()\ue000-\uf8ff]|$|(?:để|thì|nhằm|phải|gửi|báo cáo|không quá|không muộn|chậm nhất|muộn nhất|trước|mới|"
    r"và (?:gửi|nộp|báo|không|chậm|muộn|trước|hoàn))(?!\w)))"
)


def mark(slot: str, index: int, length: int) -> str:
    """What stands in an annotated sentence for the ``index``-th expression, as long as the expression itself."""
    return chr(_BASE + _WIDTH * SLOTS.index(slot) + index % _WIDTH) + FILLER * (length - 1)


def index_of(letter: str) -> int:
    return (ord(letter) - _BASE) % _WIDTH


@cache
def compiled(template: str, *, split: bool = False) -> re.Pattern[str]:
    """The expression of ``template``; its groups are named by the slots, the second of a kind with a 2 behind."""
    seen: dict[str, int] = {}
    pieces = [_written(piece, seen, split) for piece in _PIECE.finditer(template)]
    if template.endswith("{event}"):
        pieces.append(_EVENT_ENDS)
    return re.compile(rf"(?<!\w){''.join(pieces)}(?!\w)")


@dataclass(frozen=True)
class Needs:
    """What a text must hold for a template to match at all.

    ``slots``: one letter of each must stand in the text; ``words``: of each group one word, without marks or spaces.
    """

    slots: frozenset[str]
    words: tuple[frozenset[str], ...]


class Sieve:
    """Which of many templates are worth trying on a text: the words that they cannot do without are looked for once."""

    def __init__(self, templates: Sequence[str]) -> None:
        self._needs = [needs(template) for template in templates]
        self._vocabulary = {word for one in self._needs for group in one.words for word in group}

    def passing(self, text: str, slots: frozenset[str] = frozenset()) -> list[int]:
        """The places of the templates that may match ``text`` (folded, or annotated with ``slots``)."""
        letters = _SPACE.sub("", bare(text))
        held = {word for word in self._vocabulary if word in letters}
        return [
            place
            for place, one in enumerate(self._needs)
            if one.slots <= slots and not any(group.isdisjoint(held) for group in one.words)
        ]


@cache
def needs(template: str) -> Needs:
    """The slots and words of ``template`` that are not optional."""
    slots: set[str] = set()
    words: list[frozenset[str]] = []
    depth, optional, firsts, fresh = 0, 0, set[str](), False
    for piece in _PIECE.finditer(template):
        sign = piece["mark"]
        if sign in ("(", "["):
            depth += 1
            optional = optional or (depth if sign == "[" else 0)
            if depth == 1:
                firsts, fresh = set(), True
        elif sign in (")", "]"):
            if depth == 1 and not optional:
                words.append(frozenset(firsts))
            optional = 0 if optional == depth else optional
            depth -= 1
        elif sign == "|":
            fresh = fresh or depth == 1
        elif not depth and piece["slot"] in SLOTS:
            slots.add(piece["slot"])
        elif not depth and piece["word"] and piece["word"] != ",":
            words.append(frozenset({bare(piece["word"])}))
        elif depth and fresh and (piece["word"] or piece["slot"]):
            firsts.add(bare(piece["word"]) if piece["word"] else "")
            fresh = False
    return Needs(frozenset(slots), tuple(words))


def slots_in(text: str) -> frozenset[str]:
    """The sorts of expressions that an annotated text holds."""
    return frozenset(SLOTS[(ord(letter) - _BASE) // _WIDTH] for letter in text if "\ue000" <= letter < FILLER)


def _written(piece: re.Match[str], seen: dict[str, int], split: bool) -> str:
    if slot := piece["slot"]:
        seen[slot] = seen.get(slot, 0) + 1
        name = slot if seen[slot] == 1 else f"{slot}{seen[slot]}"
        if slot == "event":
            return rf"\s*(?P<{name}>{_EVENT})"
        if slot in _DIGITS:
            return rf"\s*(?P<{name}>(?<!\d){_DIGITS[slot]}(?!\d))"
        first = _BASE + _WIDTH * SLOTS.index(slot)
        return rf"[\s,(]*(?P<{name}>[{chr(first)}-{chr(first + _WIDTH - 1)}]){FILLER}*"
    if piece["space"]:
        return ""
    if word := piece["word"]:
        if word[0].isalpha():
            return rf"[\s,]*(?<![^\W\d]){loose(word, split=split)}(?![^\W\d])"
        return rf"\s*{re.escape(word)}"
    return {"[": "(?:", "]": ")?", "(": "(?:", ")": ")", "|": "|", "…": _GAP}[piece["mark"]]
