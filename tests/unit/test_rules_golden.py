"""Levels, quotas and votes against tables worked out by hand from the documents, each row with its document and clause."""

from __future__ import annotations

import pytest

from hanchot.domain.ballot import votes_needed
from hanchot.domain.regulation import cites
from hanchot.store.regulation_files import find_regulation
from tests.rules import Row, allowance, judged, rows, tally_of, vote_rules, voted


def _named(row: Row) -> str:
    return f"{row['clause']}: {row['by_hand']}"


@pytest.mark.parametrize("row", rows("levels.csv"), ids=_named)
def test_level(row: Row) -> None:
    found = judged(row)
    assert (found.level or "none") == row["level"]
    assert (found.capped_by or "") == row["capped_by"]
    assert found.firm == (row["firm"] == "yes")


@pytest.mark.parametrize("row", rows("quota.csv"), ids=_named)
def test_quota(row: Row) -> None:
    found = allowance(row)
    assert found.places == int(row["places"])
    assert found.open == (row["open"] == "yes")
    assert bool(found.notice) == (row["notice"] == "yes")


@pytest.mark.parametrize("row", rows("votes.csv"), ids=_named)
def test_vote(row: Row) -> None:
    rules = vote_rules()
    assert voted(row, rules) == (row["carried"], row["faults"])
    if row["needed"]:
        assert votes_needed(tally_of(row).convened, rules) == int(row["needed"])


@pytest.mark.parametrize("table", ["levels.csv", "quota.csv"])
def test_every_row_cites_a_clause_that_the_regulation_cites(table: str) -> None:
    for row in rows(table):
        cited = {(one.document, one.clause) for one in cites(find_regulation(row["regulation"]))}
        assert (row["document"], row["clause"]) in cited, row
