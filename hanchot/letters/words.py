"""Vietnamese words for days, deadlines and names in letters. Pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from hanchot.domain.instants import ZONE
from hanchot.domain.workdays import weekday_vi

LEAST = 10  # characters of a milestone that still say something: “gửi hồ sơ…”
_END_OF_DAY = time(23, 59, 59)
_SHORT = (
    ("Ủy ban nhân dân", "UBND"),
    ("Hội đồng nhân dân", "HĐND"),
    ("Ủy ban Mặt trận Tổ quốc", "UBMTTQ"),
    ("Mặt trận Tổ quốc", "MTTQ"),
    ("Trung học phổ thông", "THPT"),
    ("Trung học cơ sở", "THCS"),
)
# Words that name a result, a vote or a fault. A reason typed by a person may hold them; a letter may not.
_PRIVATE = re.compile(
    r"xuất sắc|hoàn thành (?:tốt|nhiệm vụ)|xếp loại|mức (?:xếp|chất)|phiếu|khuyết điểm|vi phạm|kỷ luật|suy thoái",
    re.IGNORECASE,
)


def nfc(text: str) -> str:
    """One line of composed Unicode; runs of white space, line ends among them, become one space."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def day_vi(day: date) -> str:
    """``thứ Sáu 19/12/2025``."""
    return f"{weekday_vi(day)} {day:%d/%m/%Y}"


@lru_cache(maxsize=4096)
def deadline_vi(last_day: date, last_moment: datetime | None) -> str:
    """The last moment in words: ``hết ngày thứ Sáu 19/12/2025``, ``trước 15 giờ thứ Năm 18/12/2025``."""
    clock = last_moment.astimezone(ZONE).time() if last_moment else _END_OF_DAY
    if clock == _END_OF_DAY:
        return f"hết ngày {day_vi(last_day)}"
    if clock.second == 59:  # “trước 15 giờ” ends one second before 15:00
        clock = (datetime.combine(last_day, clock) + timedelta(seconds=1)).time()
        return f"trước {_clock_vi(clock)} {day_vi(last_day)}"
    return f"{_clock_vi(clock)} {day_vi(last_day)}"


def _clock_vi(clock: time) -> str:
    return f"{clock.hour} giờ {clock.minute:02}" if clock.minute else f"{clock.hour} giờ"


def when_vi(days: int | None) -> str:
    """``Còn 3 ngày``, ``Hôm nay``, ``Quá hạn 2 ngày``; days below zero are days late, None is no date."""
    if days is None:
        return "Chưa có hạn"
    if days == 0:
        return "Hôm nay"
    return f"Còn {days} ngày" if days > 0 else f"Quá hạn {-days} ngày"


def lower_first(text: str) -> str:
    """A title in the middle of a sentence. Abbreviations and names of bodies (``Ban Thường vụ``) stay as they are."""
    words = text.split(" ", 2)
    if not words[0] or words[0][1:] != words[0][1:].lower():
        return text
    if len(words) > 1 and words[1][:1].isupper():
        return text
    return text[0].lower() + text[1:]


def may_be_mailed(text: str | None) -> bool:
    """False when a person's own words speak of results, votes or faults: the letter then points to the board."""
    return bool(text) and not _PRIVATE.search(text or "")


@lru_cache(maxsize=65536)
def fit(unit: str, milestone: str, room: int) -> tuple[str, str]:
    """Unit and milestone shortened to ``room`` characters in all. The unit is kept whole where the milestone can give
    way; its last words stay, because they tell one cell from another.
    """
    if len(unit) + len(milestone) <= room:
        return unit, milestone
    unit, milestone = _abbreviated(unit), _abbreviated(milestone)
    if len(unit) + len(milestone) <= room:
        return unit, milestone
    unit = _without_middle(unit, max(room - min(len(milestone), LEAST), room // 2))
    return unit, _without_end(milestone, room - len(unit))


def _abbreviated(text: str) -> str:
    for long, short in _SHORT:
        text = text.replace(long, short)
    return text


def _without_middle(text: str, limit: int) -> str:
    """``Chi bộ … Nguyễn Văn Trỗi``: two words of the kind and as many of the name's last words as fit."""
    if len(text) <= limit:
        return text
    words = text.split(" ")
    head = " ".join(words[:2])
    if len(words) < 3 or words[1] != words[1].lower():  # “Ban Tổ” is half a name, “Chi bộ” is a kind
        return _without_end(text, limit)
    for kept in range(3, len(words)):
        short = f"{head} … {' '.join(words[kept:])}"
        if len(short) <= limit:
            return short
    return _without_end(text, limit)


def _without_end(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    cut = text[: max(limit - 1, 0)]
    space = cut.rfind(" ")
    if space >= limit // 2:
        cut = cut[:space]
    return cut.rstrip(" ,;–-") + "…" if limit > 0 else ""
