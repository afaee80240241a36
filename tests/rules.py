"""Golden tables of ratings, quotas and votes, read for the tests: ``tests/golden/rules``, worked out by hand."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from hanchot.domain.ballot import Tally, VoteRules, faults, outcome
from hanchot.domain.quota import Allowance, Counted, QuotaBase, places
from hanchot.domain.rating import Judged, level_of
from hanchot.domain.rating_level import RatingLevel, Subject
from hanchot.domain.regulation import Regulation
from hanchot.store.regulation_files import find_regulation

FOLDER = Path(__file__).parent / "golden" / "rules"
Row = Mapping[str, str]

# Somebody of whom every question has been answered, and well; a row says only what differs.
CLEAN: dict[str, bool | Decimal] = {
    "tasks_done_percent": Decimal(100),
    "tasks_above_percent": Decimal(40),
    "tasks_late_percent": Decimal(0),
    "tasks_failed_percent": Decimal(0),
    "shortcomings_fixed_percent": Decimal(100),
    "unit_or_member_disciplined": False,
    "unit_tasks_percent": Decimal(100),
    "targets_failed": Decimal(0),
    "units_failed_percent": Decimal(0),
    "low_confidence_percent": Decimal(0),
    "disciplined": False,
    "degradation_concluded": False,
    "corruption_disciplined": False,
    "staff_work_wrongdoing": False,
    "disunity": False,
    "member_disciplined": False,
    "quarters_failed": Decimal(0),
}
_WORDS: dict[str, bool] = {"yes": True, "no": False}


def rows(table: str) -> list[dict[str, str]]:
    with (FOLDER / table).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def facts_of(text: str) -> dict[str, bool | Decimal]:
    """``unanswered`` for nothing known; otherwise what differs from ``CLEAN``."""
    if text == "unanswered":
        return {}
    said = dict(pair.split("=") for pair in text.split())
    return CLEAN | {key: _WORDS[value] if value in _WORDS else Decimal(value) for key, value in said.items()}


def judged(row: Row, find: Callable[[str], Regulation] = find_regulation) -> Judged:
    day = date.fromisoformat(row["as_of"])
    return level_of(Decimal(row["score"]), facts_of(row["facts"]), Subject(row["who"]), find(row["regulation"]), as_of=day)


def wrong_levels(find: Callable[[str], Regulation]) -> Iterator[Row]:
    """The rows of the golden table that the regulations of ``find`` do not meet."""
    for row in rows("levels.csv"):
        found = judged(row, find)
        if (found.level or "none", found.capped_by or "", found.firm) != (row["level"], row["capped_by"], row["firm"] == "yes"):
            yield row


def allowance(row: Row, find: Callable[[str], Regulation] = find_regulation) -> Allowance:
    quota = find(row["regulation"]).quota
    assert quota is not None
    counted = Counted(int(row["good"]), int(row["group"]) if row["group"] else None)
    settled = QuotaBase(row["settled"]) if row["settled"] else None
    return places(counted, quota, settled=settled, higher=row["higher"] == "yes")


def tally_of(row: Row) -> Tally:
    counts = (int(row[name]) for name in ("convened", "present", "issued", "collected", "valid", "invalid"))
    return Tally(*counts, per_level={level: int(row[level]) for level in RatingLevel})


def vote_rules(find: Callable[[str], Regulation] = find_regulation) -> VoteRules:
    votes = find("13-hd-tu").votes
    assert votes is not None
    return votes


def voted(row: Row, rules: VoteRules) -> tuple[str, str]:
    """``(carried level or none, codes of faults)`` as the table has them."""
    tally = tally_of(row)
    if wrong := faults(tally, rules, int(row["round"]) if row["round"] else None):
        return "", " ".join(one.code for one in wrong)
    return outcome(tally, rules).level or "none", ""
