"""How a reading is compared with an answer made by hand: by kind, by date or time, and by clause."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_TIMED = {
    "before": ("date", "time"), "by": ("date", "time"), "within": ("start", "end"), "weekly": ("weekday", "time", "bound"),
    "monthly": ("day", "bound"), "quarterly": ("day", "month_of_quarter", "bound"), "yearly": ("date", "bound", "next_year"),
    "lead": ("days", "working_days"), "after": ("days", "working_days"), "announced": (), "order": (), "unset": (),
}  # fmt: skip
_ABSENT = {"time": None, "working_days": False, "next_year": False, "bound": "before", "start": None, "end": None}


@dataclass(frozen=True)
class Score:
    """Counts of one document or of many: found and right, only in the answer, only in the reading."""

    right: int
    missed: tuple[str, ...]
    invented: tuple[str, ...]

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + len(self.invented))

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + len(self.missed))

    def __add__(self, other: Score) -> Score:
        return Score(self.right + other.right, self.missed + other.missed, self.invented + other.invented)


@cache
def answer_of(path: Path) -> dict[str, Any]:
    """An answer file."""
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def score(answer: dict[str, Any], read: list[dict[str, Any]]) -> Score:
    """Pairs entries off, each with one other at most. A torn entry counts for neither side."""
    left, missed = list(read), []
    right = 0
    for wanted in sorted(answer["deadlines"], key=lambda one: bool(one.get("torn"))):  # what is sure takes its pair first
        same = next((one for one in left if _same(wanted, one)), None)
        if same is not None:
            left.remove(same)
        if not wanted.get("torn"):
            right += same is not None
            missed += [shown(wanted)] if same is None else []
    return Score(right, tuple(missed), tuple(shown(one) for one in left))


def shown(one: dict[str, Any]) -> str:
    """An entry in one line, for a person who wonders."""
    said = (_text(one.get(name, _ABSENT.get(name))) for name in _TIMED[one["kind"]])
    return f"{one.get('clause')} {one['kind']} {' '.join(word for word in said if word)} “{one.get('phrase')}”"


def _same(wanted: dict[str, Any], one: dict[str, Any]) -> bool:
    if one["kind"] not in _all(wanted, "kind") or (one.get("clause") or "") not in _all(wanted, "clause"):
        return False
    if wanted.get("loose"):
        return _month(wanted) == _month(one)
    if wanted["kind"] != one["kind"]:  # another kind that a careful reader may choose as well
        return True
    return all(
        _text(wanted.get(name, _ABSENT.get(name))) == _text(one.get(name, _ABSENT.get(name))) for name in _TIMED[one["kind"]]
    )


def _all(wanted: dict[str, Any], name: str) -> list[str]:
    """Every value that counts as right: one or a list, and what ``…_also`` accepts beside it."""
    values = [wanted.get(name), *([wanted[f"{name}_also"]] if f"{name}_also" in wanted else [])]
    return [str(part or "") for value in values for part in (value if isinstance(value, list) else [value])]


def _month(one: dict[str, Any]) -> str:
    return _text(one.get("end") or one.get("start") or one.get("date"))[:7]


def _text(value: object) -> str:
    text = "" if value is None else str(value)
    return text[:5] if len(text) == 8 and text[2] == ":" else text
