"""Days as people type them."""

from __future__ import annotations

import re
from datetime import date

_DAY = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


def read_day(text: str) -> date:
    """``20/12/2024``, ``20.12.2024`` or ``2024-12-20``. Raises ``ValueError`` with the rest of a sentence about it."""
    numbers = numbers_of(text)
    if numbers is None:
        raise ValueError("viết ngày/tháng/năm, ví dụ 20/12/2024.")
    try:
        return date(*numbers)
    except ValueError:
        raise ValueError("không có ngày này trong lịch; xem lại theo văn bản.") from None


def numbers_of(text: str) -> tuple[int, int, int] | None:
    """Year, month and day as they were typed, of the calendar or not; None for words of another form."""
    if found := _DAY.fullmatch(text):
        return int(found[3]), int(found[2]), int(found[1])
    found = _ISO.fullmatch(text)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None
