"""Carrying a plan over to another year: whole years, provisional, and nothing invented."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanchot.domain.carry import carry_over
from hanchot.domain.deadline import Before, By, Within
from hanchot.domain.errors import BadPlan
from hanchot.domain.plan import Period, Plan, resolve_milestone
from hanchot.store.plan_files import find_plan, plans_in
from hanchot.store.workday_files import load_workdays

WORKDAYS = load_workdays()
KHOI = find_plan("khoi-binh-thuan-2024")


def with_deadline(deadline: Before | By | Within) -> Plan:
    first = KHOI.milestones[0].model_copy(update={"deadline": deadline, "after": ()})
    return KHOI.model_copy(update={"milestones": (first,)})


def test_the_dates_move_by_whole_years_and_the_plan_says_what_it_is() -> None:
    carried = carry_over(KHOI, 2025)
    assert carried.key == "khoi-binh-thuan-2025"
    assert (carried.year, carried.provisional, carried.carried_from) == (2025, True, "211-KH/ĐUK")
    assert (carried.document.number, carried.document.issued_on, carried.document.year) == (None, None, 2025)
    assert carried.document.title.endswith("năm 2025")
    due = resolve_milestone(carried, carried.milestone("hoi-nghi-tong-ket"), Period(year=2025), WORKDAYS)
    assert (due.opens_on, due.last_day) == (date(2026, 1, 1), date(2026, 1, 31))


@pytest.mark.parametrize(
    ("deadline", "year", "end"),
    [
        (By(kind="by", date=date(2024, 2, 29)), 2025, date(2025, 2, 28)),
        (By(kind="by", date=date(2024, 2, 29)), 2028, date(2028, 2, 29)),
        (Before(kind="before", date=date(2025, 1, 1)), 2026, date(2027, 1, 1)),
    ],
)
def test_a_leap_day_becomes_the_last_of_february(deadline: Before | By, year: int, end: date) -> None:
    moved = carry_over(with_deadline(deadline), year).milestones[0].deadline
    assert isinstance(moved, Before | By) and moved.date == end


def test_the_end_of_a_month_stays_the_end_of_that_month() -> None:
    february = Within(kind="within", start=date(2025, 2, 1), end=date(2025, 2, 28))
    moved = carry_over(with_deadline(february), 2027).milestones[0].deadline  # 2024 + 3, so February 2028
    assert moved == Within(kind="within", start=date(2028, 2, 1), end=date(2028, 2, 29))


def test_a_guidance_without_a_year_gets_one_and_keeps_its_words() -> None:
    guidance = find_plan("quang-ngai-13-hd-tu")
    carried = carry_over(guidance, 2026)
    assert (carried.key, carried.year) == ("quang-ngai-13-hd-tu-2026", 2026)
    assert carried.milestones == guidance.milestones


def test_lists_of_papers_stay_with_the_document_of_their_year() -> None:
    """The new year's rules of review have other lists, or none yet: a link to last year's would hold up every dossier.
    Guidance that stands for every year keeps its own.
    """
    for plan in plans_in():
        mine = [m.key for m in plan.milestones if m.dossier]
        assert mine, f"{plan.key} says which papers are handed in"
        carried = [m.key for m in carry_over(plan, 2030).milestones if m.dossier]
        assert carried == ([] if plan.year else mine)


def test_a_plan_cannot_be_carried_to_its_own_year() -> None:
    with pytest.raises(BadPlan, match="đã là của năm 2024"):
        carry_over(KHOI, 2024)


@pytest.mark.parametrize("plan", plans_in(), ids=lambda plan: plan.key)
def test_a_carried_plan_is_a_plan_again(plan: Plan) -> None:
    carried = carry_over(plan, 2026)
    assert Plan.model_validate(carried.model_dump(mode="json", by_alias=True)) == carried


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(2000, 2090))
def test_a_moved_day_keeps_its_month_and_its_distance_in_years(day: date, year: int) -> None:
    plan = with_deadline(By(kind="by", date=day))
    if year == 2024:
        return
    moved = carry_over(plan, year).milestones[0].deadline
    assert isinstance(moved, By)
    assert (moved.date.year - day.year, moved.date.month) == (year - 2024, day.month)
    assert moved.date.day == day.day or (day.day, moved.date.day) == (29, 28)


def test_what_belonged_to_last_years_document_stays_with_it() -> None:
    """The plan above (276-KH/TU of 2024) and the document it was read from are not those of the new year."""
    carried = carry_over(KHOI.model_copy(update={"parent": "276-KH/TU"}), 2025)
    assert (carried.parent, carried.provenance, carried.document.number) == (None, None, None)
