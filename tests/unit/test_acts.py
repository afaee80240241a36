"""Which act is in force when: numbers and days only."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from hanchot.domain.acts import number_key
from hanchot.domain.errors import BadPlan
from hanchot.store.act_files import load_acts

ACTS = load_acts()


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (date(2018, 3, 7), None),
        (date(2022, 12, 31), "132-QĐ/TW"),
        (date(2023, 10, 3), "132-QĐ/TW"),
        (date(2023, 10, 4), "124-QĐ/TW"),
        (date(2025, 8, 29), "124-QĐ/TW"),
        (date(2025, 8, 30), "366-QĐ/TW"),
    ],
)
def test_a_regulation_holds_from_its_signature_to_that_of_the_next(day: date, number: str | None) -> None:
    held = ACTS.in_force("kiem-diem", day)
    assert (held.number if held else None) == number


def test_the_guidances_follow_one_another() -> None:
    act, chain = ACTS.find("16-hd/btctw"), []
    while act:
        chain.append(act.number)
        act = ACTS.successor(act)
    assert chain == ["16-HD/BTCTW", "21-HD/BTCTW", "25-HD/BTCTW", "43-HD/BTCTW"]


def test_every_act_says_where_it_was_seen() -> None:
    assert all(act.source for act in ACTS.acts)


@pytest.mark.parametrize("written", ["124-QĐ/TW", "số 124-QĐ/TW", "124 - qđ/tw", "124–QĐ/TW"])
def test_spellings_of_one_number(written: str) -> None:
    assert number_key(written) == "124-qđ/tw"


def test_a_register_that_replaces_what_it_does_not_hold_is_refused(tmp_path: Path) -> None:
    (tmp_path / "regulations").mkdir()
    one = "{number: 2-QĐ/TW, kind: regulation, issuer: A, issued_on: 2020-01-01, replaces: 1-QĐ/TW, source: đây}"
    (tmp_path / "regulations" / "in-force.yaml").write_text(f"acts: [{one}]\n", encoding="utf-8")
    with pytest.raises(BadPlan, match=r"1-QĐ/TW.*không có trong tệp"):
        load_acts(tmp_path)


def test_a_folder_without_a_register_uses_the_delivered_one(tmp_path: Path) -> None:
    assert load_acts(tmp_path) == ACTS
