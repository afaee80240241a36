"""The check of the five delivered plans, against what a careful reader found in the documents."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from hanchot.domain.plan import Plan
from hanchot.service.check_report import PAGE, delivered
from hanchot.service.checking import check_plans, parents_known
from hanchot.store.act_files import load_acts
from hanchot.store.plan_files import find_plan, plans_in
from hanchot.store.workday_files import load_workdays

GOLDEN = Path(__file__).parents[1] / "golden" / "findings.csv"
Row = tuple[str, str, str, str]


def by_hand() -> Counter[Row]:
    with GOLDEN.open(encoding="utf-8") as lines:
        return Counter((row["plan"], row["severity"], row["code"], row["clause"]) for row in csv.DictReader(lines))


def found(*plans: Plan) -> Counter[Row]:
    said = check_plans(plans, load_workdays(), load_acts())
    return Counter((one.plan, str(one.severity), one.code, one.clause or "") for one in said if one.code != "doubt-open")


@pytest.mark.parametrize("plan", plans_in(), ids=lambda plan: plan.key)
def test_a_delivered_plan_alone(plan: Plan) -> None:
    assert found(plan) == Counter({row: n for row, n in by_hand().items() if row[0] == plan.key})


def test_the_five_together_say_the_same() -> None:
    assert found(*plans_in()) == by_hand()


def test_every_doubt_of_a_calendar_is_a_note() -> None:
    plan = find_plan("thi-xa-2022")
    notes = [one for one in check_plans([plan], load_workdays(), load_acts()) if one.code == "doubt-open"]
    assert len(notes) == len(plan.doubts) + sum(m.doubt is not None for m in plan.milestones)


def test_the_page_of_the_documentation_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == delivered(), "chạy make findings"


def test_a_broken_file_is_nobodys_parent(tmp_path: Path) -> None:
    (tmp_path / "hong.yaml").write_text("key: [\n", encoding="utf-8")
    assert parents_known([find_plan("huyen-2023")], [tmp_path]) == ()
