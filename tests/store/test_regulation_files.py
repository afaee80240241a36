"""Regulation files: what was not seen is marked, a broken file says where, and a changed threshold does not go unnoticed."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

import pytest

from hanchot.domain.cited import Cited
from hanchot.domain.errors import BadPlan, NotFound, Refused
from hanchot.domain.regulation import cites, regulation_of, silent
from hanchot.store.act_files import load_acts
from hanchot.store.plan_files import find_plan, plans_in
from hanchot.store.regulation_files import REGULATIONS, SCHEMA, find_regulation, load_regulations, schema_text
from tests.rules import allowance, rows, vote_rules, voted, wrong_levels


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A calendars folder with a copy of the regulations, to be changed."""
    shutil.copytree(REGULATIONS, tmp_path / "regulations")
    return tmp_path


def edit(calendars: Path, key: str, old: str, new: str) -> None:
    path = calendars / "regulations" / f"{key}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_schema_beside_the_files_is_the_models() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == schema_text()


def test_every_plan_has_the_rules_of_its_own_basis() -> None:
    found = {plan.key: regulation_of(plan, load_regulations()).key for plan in plans_in()}
    assert found == {
        "huyen-2023": "124-qd-tw",
        "khoi-binh-thuan-2024": "08-hd-tu",
        "lung-phinh-2025": "09-qd-tu",
        "quang-ngai-13-hd-tu": "13-hd-tu",
        "thi-xa-2022": "thi-xa-2022",
    }


def test_a_plan_without_a_known_basis_or_with_two_equal_ones_is_refused() -> None:
    plan = find_plan("huyen-2023")
    with pytest.raises(NotFound, match="Chưa có bộ quy tắc"):
        regulation_of(plan, ())
    known = load_regulations()
    twin = find_regulation("124-qd-tw").model_copy(update={"key": "ban-sao"})
    with pytest.raises(Refused, match="nhiều bộ quy tắc ngang nhau"):
        regulation_of(plan, (*known, twin))


def test_the_heads_agree_with_the_register_of_acts() -> None:
    acts = load_acts()
    for rules in load_regulations():
        if act := acts.find(rules.number):
            successor = acts.successor(act)
            assert rules.in_force_from == act.begins
            assert rules.replaced_by == (successor.number if successor else None)


def test_what_stands_on_another_text_still_cites_that_text() -> None:
    rules = find_regulation("09-QĐ/TU")
    assert {band.cited.document for band in rules.bands} == {"Kế hoạch Lùng Phình 2025"}
    assert {cap.cited.document for cap in rules.caps} == {"366-QĐ/TW", "02-HD/BTCTW"}
    assert rules.lineage == ("366-qd-tw",)


def test_texts_that_nobody_has_read_are_marked() -> None:
    assert all(one.unverified for one in cites(find_regulation("124-qd-tw")) if one.document == "124-QĐ/TW")
    assert Cited.model_validate("132-QĐ/TW, Điều 3?").vi == "132-QĐ/TW Điều 3 (chưa kiểm chứng)"


def test_a_part_that_the_basis_does_not_have_is_not_made_up() -> None:
    (refusal,) = silent(find_regulation("09-qd-tu"), "votes")
    assert "quy tắc biểu quyết" in refusal.message
    assert silent(find_regulation("13-hd-tu"), "votes") == ()


@pytest.mark.parametrize(
    ("key", "old", "new"),
    [
        ("366-qd-tw", "{level: excellent, at_least: 90", "{level: excellent, at_least: 89"),
        ("366-qd-tw", "{level: good, at_least: 70", "{level: good, at_least: 71"),
        ("366-qd-tw", "{level: fair, at_least: 50", "{level: fair, at_least: 49"),
        ("366-qd-tw", "at_least: 30}", "at_least: 31}"),
        ("366-qd-tw", "at_most: 20}", "at_most: 21}"),
        ("366-qd-tw", "more_than: 50}", "at_least: 50}"),
        ("366-qd-tw", "at_least: 5}", "more_than: 5}"),
        ("366-qd-tw", "less_than: 70}", "at_most: 70}"),
        ("366-qd-tw", "since: 2026-05-22", "since: 2025-05-22"),
        ("09-qd-tu", "{level: excellent, at_least: 90", "{level: excellent, at_least: 89.5"),
    ],
)
def test_a_changed_threshold_breaks_the_golden_levels(copied: Path, key: str, old: str, new: str) -> None:
    assert not [*wrong_levels(partial(find_regulation, calendars=copied))]
    edit(copied, key, old, new)
    assert [*wrong_levels(partial(find_regulation, calendars=copied))]


def test_a_changed_ratio_or_majority_breaks_the_golden_tables(copied: Path) -> None:
    edit(copied, "13-hd-tu", "percent: 20", "percent: 21")
    edit(copied, "13-hd-tu", "more_than_percent: 50", "more_than_percent: 46")
    find = partial(find_regulation, calendars=copied)
    assert [row for row in rows("quota.csv") if allowance(row, find).places != int(row["places"])]
    changed = vote_rules(find)
    assert [row for row in rows("votes.csv") if voted(row, changed) != (row["carried"], row["faults"])]


@pytest.mark.parametrize(
    ("key", "old", "new", "says"),
    [
        ("366-qd-tw", "{level: good, at_least: 70", "{level: good, at_least: 95", "mức điểm phải giảm dần"),
        ("366-qd-tw", "{level: good, at_least: 70", "{level: tot, at_least: 70", "366-qd-tw.yaml, dòng 17, bands[1].level"),
        ("13-hd-tu", "extends: 124-qd-tw", "extends: 999-qd-tw", "không có tệp “999-qd-tw”"),
        ("124-qd-tw", "replaced_by: 366-QĐ/TW", "extends: 13-hd-tu", "đi vòng"),
        ("13-hd-tu", "key: 13-hd-tu", "key: khac", "khác tên tệp; viết key: 13-hd-tu"),
        ("09-qd-tu", '"Kế hoạch Lùng Phình 2025, I.2"', '"Kế hoạch Lùng Phình 2025"', "thiếu điều, mục"),
    ],
)
def test_a_broken_file_says_where_and_what_to_do(copied: Path, key: str, old: str, new: str, says: str) -> None:
    edit(copied, key, old, new)
    with pytest.raises(BadPlan) as caught:
        load_regulations(copied)
    assert says in str(caught.value)


def test_a_fault_in_a_joined_list_keeps_the_line_of_its_own_file(copied: Path) -> None:
    path = copied / "regulations" / "08-hd-tu.yaml"
    cap = """caps:
  - key: moi
    caps_at: kem
    who: [member]
    test: {fact: x, ask: "Có không?", equals: true}
    words: một trường hợp mới
    cited: "08-HD/TU, II.1"
"""
    before = path.read_text(encoding="utf-8")
    path.write_text(before + cap, encoding="utf-8")
    # A base with caps of its own: the joined list is longer than the file's.
    edit(copied, "08-hd-tu", "extends: 124-qd-tw", "extends: 366-qd-tw")
    with pytest.raises(BadPlan) as caught:
        load_regulations(copied)
    assert f"08-hd-tu.yaml, dòng {len(before.splitlines()) + 3}, " in str(caught.value)


def test_a_province_adds_one_file_that_stands_on_a_delivered_one(tmp_path: Path) -> None:
    folder = tmp_path / "regulations"
    folder.mkdir()
    (folder / "21-qd-tu.yaml").write_text(
        """key: 21-qd-tu
number: 21-QĐ/TU
title: Quy định của tỉnh
issuer: Ban Thường vụ Tỉnh ủy
in_force_from: 2026-01-15
extends: 366-qd-tw
seen: Đọc bản gốc
""",
        encoding="utf-8",
    )
    found = find_regulation("21-QĐ/TU", tmp_path)
    assert found.bands == find_regulation("366-qd-tw").bands


def test_an_unknown_name_offers_the_known_ones() -> None:
    with pytest.raises(NotFound, match="366-qd-tw"):
        find_regulation("366-qd")
