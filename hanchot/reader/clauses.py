"""Clause paths: which marks open a clause, how they nest, and what a person calls the place (``II.4``, ``VI.1.b``)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

# (level, pattern, example). Levels nest in this order; a bullet opens no clause of its own.
MARKERS: tuple[tuple[str, str, str], ...] = (
    ("annex", r"(?i:phụ\s+lục)\b(?:\s+(?:số\s+)?(?P<label>\d{1,2}|[IVX]{1,5}))?\s*[.:]?\s*$", "PHỤ LỤC 1"),
    ("part", r"(?i:phần)\s+(?i:thứ\s+)?(?P<label>[IVX]{1,4}|[A-E]|(?i:nhất|hai|ba|tư|năm)|\d)\b\s*[.:/-]?\s*", "Phần thứ nhất"),
    ("chapter", r"(?:Chương|CHƯƠNG)\s+(?P<label>[IVX]{1,5}|\d{1,2})\b\s*[.:/-]?\s*", "Chương II"),
    ("letter", r"(?P<label>[A-H])\s?[./)-]\s+(?=\w)", "A. MỤC ĐÍCH"),
    ("roman", r"(?P<label>[IVX]{1,5})\s?(?:[.)-]+\s*|/\s+)(?=[^\W\d])", "IV. TỔ CHỨC THỰC HIỆN"),
    ("roman", r"(?P<label>[IVX]{1,5})[ ]+(?=[^\W\d]{2})", "IV TỔ CHỨC THỰC HIỆN"),
    ("article", r"(?:Điều|ĐIỀU)\s+(?P<label>\d{1,3})\s*[.:]\s*", "Điều 5. Tổ chức thực hiện"),
    ("number", r"(?P<label>\d{1,2}(?:\.\d{1,2}){1,3})\s?(?:[.):/]?\s+|[-–]\s*)(?=\S)", "1.2. Đối với đảng viên"),
    ("number", r"(?P<label>\d{1,2})\s?(?:[.)/:](?!\d)|-(?=\s?[^\W\d]{2}))\s*(?=\S)", "4. Tiến độ thực hiện"),
    ("point", r"(?P<label>[a-zđ])\s?[).](?!\w)\s*|(?P<label2>[a-eđ])\s?[-/]\s+", "b) Các cấp ủy"),
    ("bullet", r"[-+*•–—○o▪➢✓·]\s+(?=\S)|[-+•–](?=[^\W\d])", "- Hồ sơ"),
)  # fmt: skip
_COMPILED = tuple((level, re.compile(pattern)) for level, pattern, _ in MARKERS)
_ORDER = ("annex", "part", "chapter", "letter", "roman", "article", "number", "point")
_SHOWN = {"annex": "PL{}", "article": "Điều {}"}
_ORDINALS = {"nhất": 1, "hai": 2, "ba": 3, "tư": 4, "năm": 5}
_ROMAN = {"I": 1, "V": 5, "X": 10}
_POINTS = "abcdđeghiklmnopqrstuvxy"


@dataclass(frozen=True)
class Marker:
    """The mark that opens a paragraph: its level, its label, and how many letters it takes."""

    level: str
    label: str
    length: int

    @property
    def bullet(self) -> bool:
        return self.level == "bullet"


@dataclass(frozen=True)
class Path:
    """Where one stands in the document: a label per level, in order."""

    labels: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str | None:
        """``II.4``; numbers printed with their parents (``1.2``) are not doubled; null before the first clause."""
        shown = [_SHOWN.get(level, "{}").format(label) for level, label in self.labels if level not in ("part", "chapter")]
        return ".".join(shown) or None

    def at(self, level: str) -> str | None:
        return dict(self.labels).get(level)

    def after(self, marker: Marker) -> Path:
        if marker.bullet:
            return self
        above = tuple(pair for pair in self.labels if _ORDER.index(pair[0]) < _ORDER.index(marker.level))
        if marker.level == "roman" and self.at("letter") is None:
            above = tuple(pair for pair in above if pair[0] != "letter")
        return replace(self, labels=(*above, (marker.level, marker.label)))

    def expects(self, marker: Marker, *, fresh: bool) -> bool:
        """Whether the mark can open a clause here: a first or a next one, or any where a paragraph has just ended.

        A line broken before “12. …” or “I. …” in mid-sentence must not open a clause.
        """
        if marker.bullet:
            return True
        here, wanted = _value(marker.level, self.at(marker.level)), _value(marker.level, marker.label)
        if wanted == 1 or (here is not None and wanted in (here + 1, here + 2)) or "." in marker.label:
            return True
        return fresh


def marker_of(line: str) -> Marker | None:
    """The mark at the start of ``line``, or None."""
    for level, pattern in _COMPILED:
        if found := pattern.match(line):
            groups = found.groupdict()
            label = groups.get("label") or groups.get("label2") or ""
            bare = level == "roman" and found[0][-1] == " " and found[0].strip().isalpha()
            if level == "roman" and (not _is_roman(label) or (bare and not line[found.end() :].split()[0].isupper())):
                continue  # without a point only capitals make “IV TỔ CHỨC …” a heading
            return Marker(level, label.upper() if level == "part" else label, found.end())
    return None


def _is_roman(label: str) -> bool:
    return bool(re.fullmatch(r"X{0,2}(?:IX|IV|V?I{0,3})", label)) and bool(label)


def _value(level: str, label: str | None) -> int | None:
    """The label as a number, to see whether it is the next one."""
    if not label:
        return None
    if level == "point":
        return _POINTS.find(label) + 1
    if level == "letter":
        return ord(label) - ord("A") + 1
    last = label.rsplit(".", 1)[-1]
    if last.isdecimal():
        return int(last)
    if last.lower() in _ORDINALS:
        return _ORDINALS[last.lower()]
    total = 0
    for letter, following in zip(last, [*last[1:], ""], strict=True):
        one = _ROMAN.get(letter, 0)
        total += -one if _ROMAN.get(following, 0) > one else one
    return total
