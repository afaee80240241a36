"""Word's automatic numbers as text: “II.”, “1.2.”, “a)” stand in numbering.xml only, and a clause path needs them.

The rules are ECMA-376 part 1, §17.9: counters belong to the abstract list, a level restarts when a higher one moves on, and a
list may start anew (startOverride) or take its levels from another (numStyleLink).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from hanchot.reader.word_xml import number, switch, value

_LEVELS = 9
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"),
    (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True)
class _Level:
    form: str = "decimal"
    text: str = ""
    start: int = 1
    legal: bool = False
    restarts: bool = True
    style: str | None = None


@dataclass
class _List:
    """One ``w:num``: an abstract list, and what this use of it changes."""

    abstract: str
    starts: dict[int, int] = field(default_factory=dict)
    levels: dict[int, _Level] = field(default_factory=dict)


class Numbers:
    """Counts the numbered paragraphs of a document in reading order."""

    def __init__(self, root: Element | None) -> None:
        self._abstract: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, _List] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._used: set[str] = set()
        if root is not None:
            self._read(root)

    def level_of_style(self, list_id: str, style: str | None) -> int:
        """The level that names ``style`` as its own; 0 where none does."""
        one = self._lists.get(list_id)
        levels = self._abstract.get(one.abstract, {}) if one else {}
        return next((depth for depth, level in levels.items() if style and level.style == style), 0)

    def next(self, list_id: str, depth: int) -> str:
        """The number of the next paragraph of a list on a level (0 to 8), as it is printed; empty where it prints none."""
        one, depth = self._lists.get(list_id), min(depth, _LEVELS - 1)
        if one is None:
            return ""
        level = self._level(one, depth)
        counts = self._counts.setdefault(one.abstract, [None] * _LEVELS)
        self._begin(list_id, one, counts)
        self._count(one, counts, depth)
        if level.form == "bullet":
            return level.text.strip() if level.text.strip() in ("+", "*") else "-"
        return _PLACE.sub(lambda place: self._printed(one, counts, int(place[1]) - 1, level.legal), level.text).strip()

    def _begin(self, list_id: str, one: _List, counts: list[int | None]) -> None:
        """A list that starts anew forgets, at its first use, what other uses of the same abstract list have counted."""
        if list_id not in self._used:
            self._used.add(list_id)
            if one.starts:
                counts[min(one.starts) :] = [None] * (_LEVELS - min(one.starts))

    def _count(self, one: _List, counts: list[int | None], depth: int) -> None:
        for higher in range(depth):
            counts[higher] = self._start(one, higher) if counts[higher] is None else counts[higher]
        before = counts[depth]
        counts[depth] = self._start(one, depth) if before is None else before + 1
        for lower in range(depth + 1, _LEVELS):
            if self._level(one, lower).restarts:
                counts[lower] = None

    def _printed(self, one: _List, counts: list[int | None], depth: int, legal: bool) -> str:
        count = counts[depth]
        shown = self._start(one, depth) if count is None else count
        return _shape(shown, "decimal" if legal else self._level(one, depth).form)

    def _level(self, one: _List, depth: int) -> _Level:
        return one.levels.get(depth) or self._abstract.get(one.abstract, {}).get(depth) or _Level()

    def _start(self, one: _List, depth: int) -> int:
        return one.starts.get(depth, self._level(one, depth).start)

    def _read(self, root: Element) -> None:
        links: dict[str, str] = {}
        homes: dict[str, str] = {}
        for abstract in root.iter("abstractNum"):
            name = abstract.get("abstractNumId", "")
            self._abstract[name] = {number(level.get("ilvl")): _level(level) for level in abstract.findall("lvl")}
            if link := value(abstract, "numStyleLink"):
                links[name] = link
            if home := value(abstract, "styleLink"):
                homes[home] = name
        for name, link in links.items():
            self._abstract[name] = self._abstract.get(homes.get(link, ""), {}) or self._abstract[name]
        for one in root.iter("num"):
            self._lists[one.get("numId", "")] = _list(one)


def _list(one: Element) -> _List:
    made = _List(value(one, "abstractNumId") or "")
    for override in one.findall("lvlOverride"):
        depth = number(override.get("ilvl"))
        if start := value(override, "startOverride"):
            made.starts[depth] = number(start, 1)
        level = override.find("lvl")
        if level is not None:
            made.levels[depth] = _level(level)
    return made


def _level(level: Element) -> _Level:
    return _Level(
        form=value(level, "numFmt") or "decimal",
        text=value(level, "lvlText") or "",
        start=number(value(level, "start"), 0 if level.find("start") is None else 1),
        legal=bool(switch(level, "isLgl")),
        restarts=value(level, "lvlRestart") != "0",
        style=value(level, "pStyle"),
    )


def _shape(count: int, form: str) -> str:
    """A count as printed. Vietnamese lists go a, b, c, d, e …: “đ)” is typed by hand, no Word list has it."""
    if form in ("upperRoman", "lowerRoman") and 0 < count < 4000:
        return _roman(count) if form == "upperRoman" else _roman(count).lower()
    if form in ("upperLetter", "lowerLetter") and 0 < count <= 26 * 9:
        letter = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letter.upper() if form == "upperLetter" else letter
    if form == "decimalZero":
        return f"{count:02d}"
    return "" if form in ("none", "bullet") else str(count)


def _roman(count: int) -> str:
    text = ""
    for size, letters in _ROMAN:
        times, count = divmod(count, size)
        text += letters * times
    return text
