"""The log is read by people: whatever is recorded has Vietnamese words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from hanchot.board.log_words import group_vi
from hanchot.board.words import event_vi

SOURCE = Path(__file__).parents[2] / "hanchot"
RECORDS = ("record", "settled")  # how functions that put an event into the log are called


def recorded() -> Iterator[str]:
    """``meeting.booked``, ``list.exported`` …: the events that the source names where it records them."""
    for file in SOURCE.rglob("*.py"):
        for call in (one for one in ast.walk(ast.parse(file.read_text())) if isinstance(one, ast.Call)):
            called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            if called.endswith(RECORDS):
                for given in call.args:
                    if isinstance(given, ast.Constant) and re.fullmatch(r"[a-z_]+\.[a-z_]+", str(given.value)):
                        yield str(given.value)


def test_every_event_has_words() -> None:
    found = set(recorded())
    assert len(found) > 60
    assert [one for one in sorted(found) if event_vi(one) == one] == []


def test_every_kind_of_event_has_words() -> None:
    assert {one for one in (name.partition(".")[0] for name in recorded()) if group_vi(one) == one} == set()
