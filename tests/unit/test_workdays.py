"""Counting working days: five before and five after count alike, and an unchecked year is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanchot.domain.errors import UncheckedYear
from hanchot.domain.workdays import WorkCalendar, weekday_vi
from hanchot.store.workday_files import load_workdays

CALENDAR = load_workdays()
DAY = timedelta(days=1)
days = st.dates(date(2022, 3, 1), date(2027, 10, 31))
workdays = days.filter(CALENDAR.is_workday)


def test_five_working_days_after_a_friday_is_the_next_friday() -> None:
    assert CALENDAR.add(date(2024, 11, 22), 5) == date(2024, 11, 29)


def test_tet_is_not_counted() -> None:
    # Fri 24/01/2025, nine days of Tết, Mon 03/02 is the next working day
    assert CALENDAR.add(date(2025, 1, 24), 1) == date(2025, 2, 3)
    assert CALENDAR.between(date(2025, 1, 24), date(2025, 2, 2)) == 0


def test_a_saturday_worked_in_exchange_is_counted() -> None:
    # Fri 25/4/2025, Sat 26/4 worked, Mon 28, Tue 29, then 30/4 and 01, 02/5 off
    assert CALENDAR.add(date(2025, 4, 25), 1) == date(2025, 4, 26)
    assert CALENDAR.add(date(2025, 4, 25), 4) == date(2025, 5, 5)


def test_the_day_itself_is_not_counted_even_when_it_is_off() -> None:
    sunday = date(2024, 12, 15)
    assert CALENDAR.add(sunday, 1) == date(2024, 12, 16)
    assert CALENDAR.add(sunday, -1) == date(2024, 12, 13)
    assert CALENDAR.add(sunday, 0) == sunday


def test_why_off_says_the_reason() -> None:
    assert CALENDAR.why_off(date(2024, 12, 15)) == "Chủ nhật"
    assert CALENDAR.why_off(date(2025, 5, 2)) == "hoán đổi với thứ Bảy 26/4/2025"
    assert CALENDAR.why_off(date(2024, 12, 16)) is None


@pytest.mark.parametrize("day", [date(2021, 12, 31), date(2028, 1, 1)])
def test_a_year_nobody_has_checked_is_refused_with_the_way_out(day: date) -> None:
    with pytest.raises(UncheckedYear, match=rf"{day.year}.*2022–2027.*calendars/workdays/{day.year}\.yaml"):
        CALENDAR.is_workday(day)


def test_counting_out_of_the_checked_years_is_refused_too() -> None:
    with pytest.raises(UncheckedYear):
        CALENDAR.add(date(2027, 12, 31), 1)
    with pytest.raises(UncheckedYear):
        CALENDAR.at_or_before(date(2022, 1, 2))
    with pytest.raises(UncheckedYear, match="chưa có năm nào"):
        WorkCalendar(frozenset()).is_workday(date(2026, 1, 5))


def test_weekdays_are_named_from_monday() -> None:
    monday = date(2026, 11, 23)
    names = [weekday_vi(monday + DAY * n) for n in range(7)]
    assert names == ["thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"]


@given(workdays, st.integers(-30, 30))
def test_going_and_coming_back(day: date, n: int) -> None:
    assert CALENDAR.add(CALENDAR.add(day, n), -n) == day


@given(days, st.integers(1, 30))
def test_add_and_between_are_inverse(day: date, n: int) -> None:
    there = CALENDAR.add(day, n)
    assert CALENDAR.is_workday(there)
    assert CALENDAR.between(day, there) == n
    assert CALENDAR.between(day, there - DAY) == n - 1


@given(days)
def test_the_nearest_working_days_enclose_a_day(day: date) -> None:
    before, after = CALENDAR.at_or_before(day), CALENDAR.at_or_after(day)
    assert before <= day <= after
    assert (before == day == after) is CALENDAR.is_workday(day)
    if before != after:
        assert CALENDAR.add(before, 1) == after


@given(days, days)
def test_between_never_counts_backwards(first: date, second: date) -> None:
    assert CALENDAR.between(first, second) >= 0
    assert min(CALENDAR.between(first, second), CALENDAR.between(second, first)) == 0
