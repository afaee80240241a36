"""Vietnamese words of papers, and which characters a paper can hold. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

# What XML 1.0 cannot carry, whatever the escape: control characters, halves of surrogate pairs; and what Unicode keeps out
# of texts (“non-characters”), so that a program may use one as its own mark.
_IMPOSSIBLE = re.compile("[\x00-\x08\x0c\x0e-\x1f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def printable(text: str) -> str:
    """The text as Word and Excel can store it: unchanged, but impossible characters become “�”, and the line break
    that Word copies (U+000B) becomes a line feed. Nothing is normalised or trimmed.
    """
    return _IMPOSSIBLE.sub("\ufffd", text.replace("\x0b", "\n"))


def date_vi(day: date | None) -> str:
    """``ngày 05 tháng 02 năm 2026``: days below 10 and months 1 and 2 carry a zero (HD 05-HD/VPTW). None leaves room
    for the pen.
    """
    if day is None:
        return "ngày       tháng       năm"
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def place_and_date(place: str, day: date | None) -> str:
    """``Lùng Phình, ngày 05 tháng 02 năm 2026``."""
    return f"{place}, {date_vi(day)}"


def number_and_symbol(number: int | None, symbol: str) -> str:
    """``Số 05-KH/ĐU``, without a colon; no number yet leaves room: ``Số       -KH/ĐU``."""
    return f"Số {number:02}-{symbol}" if number is not None else f"Số       -{symbol}"


def recipients(names: Sequence[str]) -> tuple[str, ...]:
    """Lines of “Nơi nhận”: a comma after each, a full stop after the last."""
    return tuple(name.rstrip(" ,.;/") + ("." if place == len(names) - 1 else ",") for place, name in enumerate(names))
