"""The tracking sheet (bảng theo dõi): one row per unit, one pair of cells per milestone — how it stands, and since when.

A sheet is filled in for days while the work goes on, so three things are compared: what stood in the cell when the sheet
was made (``was``), what a person has made of it (``Said``), and what is true now. Only what a person changed is asked
for; what has changed on both sides is nobody's to guess and is refused with who and when. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from hanchot.domain.collate import folded
from hanchot.domain.instants import ZONE
from hanchot.domain.work_item import State


class Word(StrEnum):
    """What may stand in a cell. Whether work can begin yet is not the sheet's business."""

    NOT_YET = "Chưa nộp"
    HANDED_IN = "Đã nộp"
    TAKEN = "Đã nhận"
    SENT_BACK = "Trả lại"
    EXCUSED = "Không áp dụng"


WORDS: tuple[str, ...] = tuple(Word)
NO_ITEM = "–"  # the unit has no such duty
DATED = frozenset({Word.HANDED_IN, Word.TAKEN})
_OF_STATE = {
    State.WAITING: Word.NOT_YET,
    State.OPEN: Word.NOT_YET,
    State.SUBMITTED: Word.HANDED_IN,
    State.ACCEPTED: Word.TAKEN,
    State.RETURNED: Word.SENT_BACK,
    State.EXCUSED: Word.EXCUSED,
}
_FOLDED = {folded(word): word for word in Word} | {"bi tra lai": Word.SENT_BACK, "chua": Word.NOT_YET, "mien": Word.EXCUSED}
# From a word to a word: the transitions of a work item, in order. What is not here cannot be.
ROADS: dict[tuple[Word, Word], tuple[str, ...]] = {
    (Word.NOT_YET, Word.HANDED_IN): ("submit",),
    (Word.NOT_YET, Word.TAKEN): ("submit", "accept"),
    (Word.NOT_YET, Word.EXCUSED): ("excuse",),
    (Word.HANDED_IN, Word.TAKEN): ("accept",),
    (Word.HANDED_IN, Word.SENT_BACK): ("return",),
    (Word.HANDED_IN, Word.NOT_YET): ("reopen",),
    (Word.HANDED_IN, Word.EXCUSED): ("reopen", "excuse"),
    (Word.TAKEN, Word.NOT_YET): ("reopen",),
    (Word.TAKEN, Word.EXCUSED): ("reopen", "excuse"),
    (Word.SENT_BACK, Word.HANDED_IN): ("submit",),
    (Word.SENT_BACK, Word.TAKEN): ("submit", "accept"),
    (Word.SENT_BACK, Word.EXCUSED): ("excuse",),
    (Word.EXCUSED, Word.NOT_YET): ("reopen",),
    (Word.EXCUSED, Word.HANDED_IN): ("reopen", "submit"),
    (Word.EXCUSED, Word.TAKEN): ("reopen", "submit", "accept"),
    # another day for the same word: taken back and recorded anew, so that both stay in the history
    (Word.HANDED_IN, Word.HANDED_IN): ("reopen", "submit"),
    (Word.TAKEN, Word.TAKEN): ("reopen", "submit", "accept"),
}
_NEEDS_REASON = frozenset({"return", "excuse", "reopen"})


def word_of(state: State) -> Word:
    """How a state of a work item is called on the sheet."""
    return _OF_STATE[state]


def read_word(text: str) -> Word | None:
    """The word that a person typed, marks and case ignored; None for any other."""
    return _FOLDED.get(folded(text))


@dataclass(frozen=True, slots=True)
class Mark:
    """How an item stands: a word, and the local day on which it was handed in where the word says that it was."""

    word: Word
    day: date | None = None

    def __str__(self) -> str:
        return f"{self.word} {self.day:%d/%m/%Y}" if self.day else str(self.word)


@dataclass(frozen=True, slots=True)
class Said:
    """What a person left in a pair of cells. An empty word says nothing; an empty day leaves the day as it is.

    ``none``: the cell says that the unit has no such duty (``NO_ITEM``).
    """

    word: Word | None
    day: date | None = None
    none: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One milestone of the sheet: in which column (``D``) its word stands, and in which its day."""

    key: str
    title: str
    word_at: str
    day_at: str


@dataclass(frozen=True, slots=True)
class Line:
    """One unit's row as it was read. ``said`` by milestone key; ``note`` is the reason for what needs one."""

    number: int
    unit: str
    note: str
    said: Mapping[str, Said]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one item: ``was`` when the sheet was made, ``now``, and who changed it last in between, when."""

    was: Mark
    now: Mark
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that a person changed: the transitions that lead from ``was`` to ``becomes``."""

    cell: str
    unit: str
    milestone: str
    title: str
    was: Mark
    becomes: Mark
    actions: tuple[str, ...]
    note: str

    @property
    def vi(self) -> str:
        """``DUK-1, Nộp hồ sơ: Chưa nộp → Đã nộp 12/12/2024``."""
        why = f" ({self.note})" if self.note and needs_reason(self.actions) else ""
        return f"{self.unit}, {self.title}: {self.was} → {self.becomes}{why}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One cell that cannot be taken: where, what stands there, why not, and what to do."""

    cell: str
    value: str
    reason: str
    way_out: str
    unit: str = ""
    milestone: str = ""

    @property
    def vi(self) -> str:
        held = f" (“{self.value}”)" if self.value else ""
        return f"Ô {self.cell}{held}: {self.reason}; {self.way_out}."

    def to_json(self) -> dict[str, object]:
        return {"cell": self.cell, "value": self.value, "unit": self.unit or None, "milestone": self.milestone or None,
                "message": self.vi}  # fmt: skip


def needs_reason(actions: Iterable[str]) -> bool:
    """Whether one of the transitions wants to know why."""
    return not _NEEDS_REASON.isdisjoint(actions)


def differences(
    lines: Iterable[Line], columns: Iterable[Column], known: Mapping[tuple[str, str], Known], note_at: str,
    first: date, today: date,
) -> Iterator[Change | Problem]:  # fmt: skip
    """What the sheet asks for, row by row. ``known`` by (unit, milestone); a handed-in day lies in ``first`` … ``today``.

    Importing what has been imported gives nothing.
    """
    columns = tuple(columns)
    for line in lines:
        for column in columns:
            said, item = line.said.get(column.key), known.get((line.unit, column.key))
            if said is None:
                continue
            try:
                change = _one(line, column, said, item, note_at, first, today)
            except _Refusal as refusal:
                yield refusal.problem
                continue
            if change:
                yield change


class _Refusal(Exception):
    def __init__(self, line: Line, column: Column, at: str, value: object, reason: str, way_out: str) -> None:
        self.problem = Problem(f"{at}{line.number}", str(value or ""), reason, way_out, line.unit, column.key)


def _one(line: Line, column: Column, said: Said, item: Known | None, note_at: str, first: date, today: date) -> Change | None:
    if said.none and item:
        raise _Refusal(line, column, column.word_at, NO_ITEM, f"đơn vị {line.unit} có việc này (“{item.now}”)",
                       f"chọn “{Word.EXCUSED}” và ghi lý do, hoặc trả lại “{item.was}”")  # fmt: skip
    if item is None and said.none:
        return None
    if item is None:
        raise _Refusal(line, column, column.word_at, said.word or _day(said.day),
                       f"đơn vị {line.unit} không có việc “{column.title}”", f"để “{NO_ITEM}” hoặc xóa ô")  # fmt: skip
    if (wanted := _wanted(line, column, said, item)) is None:
        return None
    if item.now != item.was:
        raise _Refusal(line, column, column.word_at, wanted, f"trong khi đó {item.by or 'người khác'} đã ghi “{item.now}” "
                       f"lúc {_moment(item.at)}", "xuất lại bảng rồi điền lại ô này")  # fmt: skip
    if wanted.day and not first <= wanted.day <= today:
        raise _Refusal(line, column, column.day_at, _day(wanted.day), f"ngày nộp phải từ {_day(first)} đến hôm nay "
                       f"{_day(today)}", "sửa ngày hoặc xóa để lấy ngày nhập bảng")  # fmt: skip
    actions = ROADS.get((item.now.word, wanted.word))
    if actions is None:
        raise _Refusal(line, column, column.word_at, wanted.word, f"không đổi được từ “{item.now.word}” thành "
                       f"“{wanted.word}”", _way_round(item.now.word))  # fmt: skip
    if needs_reason(actions) and not line.note:
        raise _Refusal(line, column, note_at, "", f"“{item.now}” thành “{wanted}” phải có lý do",
                       "ghi lý do vào cột Ghi chú của dòng này")  # fmt: skip
    if line.hidden:
        raise _Refusal(line, column, column.word_at, wanted, "dòng đang bị ẩn hoặc lọc mà có thay đổi",
                       "bỏ ẩn, bỏ lọc, xem lại rồi lưu")  # fmt: skip
    return Change(f"{column.word_at}{line.number}", line.unit, column.key, column.title, item.now, wanted, actions, line.note)


def _wanted(line: Line, column: Column, said: Said, item: Known) -> Mark | None:
    """What the pair of cells asks for; None when it asks for nothing new."""
    if said.day and said.word not in DATED and said.day != item.was.day and said.day != item.now.day:
        held = f"tình trạng là “{said.word}”" if said.word else "ô tình trạng trống"
        raise _Refusal(line, column, column.day_at, _day(said.day), f"có ngày nộp nhưng {held}",
                       f"chọn “{Word.HANDED_IN}” ở ô {column.word_at}{line.number} hoặc xóa ngày")  # fmt: skip
    if said.word is None:
        return None
    wanted = Mark(said.word, said.day if said.word in DATED else None)
    return None if _same(wanted, item.was) or _same(wanted, item.now) else wanted


def _same(wanted: Mark, known: Mark) -> bool:
    return wanted.word == known.word and wanted.day in (None, known.day)


def _way_round(now: Word) -> str:
    if now == Word.TAKEN:
        return f"chọn “{Word.NOT_YET}” để mở lại việc đã nhận, rồi xuất bảng mới"
    return f"chọn một trong: {', '.join(f'“{to}”' for came, to in ROADS if came == now and to != now)}"


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(ZONE):%H:%M %d/%m/%Y}" if at else "không rõ"
