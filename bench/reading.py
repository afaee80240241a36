"""Reading documents: how long twenty pages take, and how much of what a careful person sees the reader sees."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from bench.works import Row, Size
from hanchot.reader.reading import read_draft
from tests.reader.scoring import Score, answer_of, score

DOCUMENTS = Path(__file__).parents[1] / "tests" / "reader" / "documents"
ANSWERS = Path(__file__).parents[1] / "tests" / "reader" / "answers"
PLANS = Path(__file__).parents[2] / "shared" / "plans"
PAGE = 430  # words on a page of a Party document, 14 pt
PAGES = 20
GOAL_SECONDS = 0.5
GOAL_FIVE = 0.02  # may be missed, and may be invented, of a hundred in the five real documents
GOAL_UNSEEN = 0.10


def reading(size: Size) -> list[Row]:
    """Twenty pages against half a second; then, by set of documents, the share missed and the share invented."""
    lines = _pages(PAGES)
    read_draft(lines)  # the expressions are compiled once in a process
    seconds = [_timed(lines) for _ in size.turns()]
    note = f"{min(seconds) / PAGES * 1000:.0f} ms a page at best"
    rows = [Row("read 20 pages", "0.5 s", tuple(one / GOAL_SECONDS for one in seconds), goal=1.0, note=note)]
    for name, total, goal in _sets():
        missed, invented = 1 - total.recall, 1 - total.precision
        said = f"precision {total.precision:.3f}, recall {total.recall:.3f} of {total.right + len(total.missed)}"
        rows.append(Row(f"missed, {name}", f"{goal:.0%}", (missed / goal,), goal=1.0, note=said))
        rows.append(Row(f"invented, {name}", f"{goal:.0%}", (invented / goal,), goal=1.0))
    return rows


def _timed(lines: list[str]) -> float:
    start = time.perf_counter()
    read_draft(lines)
    return time.perf_counter() - start


def _pages(count: int) -> list[str]:
    """Our own documents one after the other until they fill ``count`` pages."""
    lines: list[str] = []
    words = 0
    for path in sorted(DOCUMENTS.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        lines += text.split("\n")
        words += len(text.split())
        if words >= count * PAGE:
            return lines
    raise AssertionError("too few documents")


def _sets() -> Iterator[tuple[str, Score, float]]:
    for letter in sorted({path.name[0] for path in DOCUMENTS.glob("*.txt")}):
        paths = sorted(DOCUMENTS.glob(f"{letter}*.txt"))
        yield f"set {letter.upper()}", _scored([(path, path.with_suffix(".yaml")) for path in paths]), GOAL_UNSEEN
    if PLANS.is_dir():
        pairs = [(path, ANSWERS / f"{path.name[:3]}.yaml") for path in sorted(PLANS.glob("*.txt"))]
        yield "five real", _scored(pairs), GOAL_FIVE


def _scored(pairs: list[tuple[Path, Path]]) -> Score:
    total = Score(0, (), ())
    for text, answer in pairs:
        draft = read_draft(text.read_text(encoding="utf-8").split("\n"))
        total += score(answer_of(answer), [one.to_json() for one in draft.deadlines])
    return total
