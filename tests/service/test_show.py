"""``plan show`` against the golden tables, which were worked out by hand from the five documents."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hanchot.domain.carry import carry_over
from hanchot.domain.errors import BadPlan
from hanchot.domain.plan import Period, Plan
from hanchot.service.show import periods_of, plan_show
from hanchot.store.plan_files import find_plan, plans_in
from hanchot.store.workday_files import load_workdays

GOLDEN = Path(__file__).parents[1] / "golden"
WORKDAYS = load_workdays()
CYCLE_YEAR = {"quang-ngai-13-hd-tu": 2023}  # the guidance bears no year

by_key = pytest.mark.parametrize("plan", plans_in(), ids=lambda plan: plan.key)


def shown(plan: Plan) -> list[dict[str, Any]]:
    year = CYCLE_YEAR.get(plan.key)
    rows: list[dict[str, Any]] = plan_show(plan, Period(year=year) if year else None, WORKDAYS)["milestones"]
    return rows


@by_key
def test_every_milestone_equals_its_golden_row(plan: Plan) -> None:
    with (GOLDEN / f"{plan.key}.csv").open(encoding="utf-8", newline="") as file:
        golden = list(csv.DictReader(file))
    columns = list(golden[0])
    rows = [{c: _cell(row[c]) for c in columns} for row in shown(plan)]
    assert sorted(rows, key=lambda r: (r["period"], r["key"])) == sorted(golden, key=lambda r: (r["period"], r["key"]))


def _cell(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value or "")


@by_key
def test_the_answer_is_json_as_it_is(plan: Plan) -> None:
    rows = shown(plan)
    assert json.loads(json.dumps(rows)) == rows


@by_key
def test_the_advised_day_is_the_last_working_day_and_only_given_for_a_day_off(plan: Plan) -> None:
    for row in shown(plan):
        if row["day_off"] is None:
            assert row["advised_day"] is None
            continue
        advised, last = date.fromisoformat(row["advised_day"]), date.fromisoformat(row["last_day"])
        assert WORKDAYS.is_workday(advised) and advised < last
        assert WORKDAYS.between(advised, last) == 0


def test_the_summary_meeting_of_january_2025_ends_inside_tet() -> None:
    row = next(row for row in shown(find_plan("khoi-binh-thuan-2024")) if row["key"] == "hoi-nghi-tong-ket")
    assert (row["opens_on"], row["last_day"], row["day_off"]) == ("2025-01-01", "2025-01-31", "Tết Nguyên đán")
    assert row["advised_day"] == "2025-01-24"  # the Friday before the nine days


def test_a_quarterly_plan_shows_the_year_and_then_its_quarters() -> None:
    plan = find_plan("lung-phinh-2025")
    assert plan_show(plan, None, WORKDAYS)["periods"] == ["2025", "2025-Q1", "2025-Q2", "2025-Q3"]
    quarter = plan_show(plan, Period(year=2025, quarter=3), WORKDAYS)["milestones"]
    assert [row["stage"] for row in quarter] == ["self_assess", "appraise", "decide"]


def test_a_plan_without_a_year_asks_for_one() -> None:
    with pytest.raises(BadPlan, match="Nêu năm, ví dụ 2025"):
        plan_show(find_plan("quang-ngai-13-hd-tu"), None, WORKDAYS)


def test_where_the_plan_is_silent_the_roles_stay_empty() -> None:
    rows = {row["clause"]: row for row in shown(find_plan("thi-xa-2022"))}
    silent: dict[str, list[str]] = {role: [] for role in ("directs", "advises", "carries_out", "coordinates", "proposes")}
    assert rows["II.9.2"]["roles"] == rows["III.3"]["roles"] == silent
    assert rows["II.9.2"]["to"] == [{"name": "Ban Thường vụ Tỉnh ủy", "via": "Ban Tổ chức Tỉnh ủy"}]


def test_the_month_that_lies_before_the_plan_is_shown_as_written_with_its_doubt() -> None:
    row = next(row for row in shown(find_plan("thi-xa-2022")) if row["clause"] == "III.3")
    assert (row["opens_on"], row["last_day"]) == ("2022-02-01", "2022-02-28")
    assert "02/2023" in row["doubt"]


def test_a_year_nobody_has_checked_gives_dates_but_no_advice() -> None:
    far = carry_over(find_plan("khoi-binh-thuan-2024"), 2031)
    row = next(row for row in shown(far) if row["key"] == "ho-so-de-nghi")
    assert (row["last_day"], row["day_off"], row["advised_day"], row["provisional"]) == ("2031-12-20", None, None, True)


def test_a_day_of_2027_is_provisional_because_its_notice_is_not_out() -> None:
    plan = carry_over(find_plan("khoi-binh-thuan-2024"), 2026).model_copy(update={"provisional": False})
    rows = {row["key"]: row["provisional"] for row in shown(plan)}
    assert rows["hoi-nghi-tong-ket"] and not rows["ho-so-de-nghi"]  # 31/01/2027 and 20/12/2026


def test_periods_of_a_given_year() -> None:
    assert [p.code for p in periods_of(find_plan("quang-ngai-13-hd-tu"), 2026)] == ["2026"]
