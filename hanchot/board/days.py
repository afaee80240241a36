"""Days as people type them."""

from __future__ import annotations

import re
from datetime import date

_DAY = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


def read_day(text: str) -> date:
    """``20/12/2024``, ``20.12.2024`` or ``2024-12-20``. Raises ``ValueError`` with the rest of a sentence about it."""
    found, iso = _DAY.fullmatch(text), _ISO.fullmatch(text)
    try:
        if found:
            return date(int(found[3]), int(found[2]), int(found[1]))
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
    except ValueError:
        raise ValueError("không có ngày này trong lịch; xem lại theo văn bản.") from None
    raise ValueError("viết ngày/tháng/năm, ví dụ 20/12/2024.")
