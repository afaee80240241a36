"""Working days by the yearly notices, compared day by day with the ``holidays`` library."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest

from hanchot.domain.errors import BadPlan
from hanchot.store.workday_files import WORKDAYS, load_workdays, load_year

YEARS = range(2022, 2028)
CALENDAR = load_workdays()

# (day, does the notice say it is worked?): why the notices and the library differ
DIFFERENCES = {
    (date(2026, 1, 2), False): "hoán đổi với thứ Bảy 10/01/2026 (12729/VPCP-KGVX): the library lacks this swap",
    (date(2026, 1, 10), True): "làm bù cho 02/01/2026: the library lacks this swap",
}


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


def test_every_difference_from_the_library_is_known() -> None:
    library = holidays.country_holidays("VN", years=YEARS)
    found = {
        (day, CALENDAR.is_workday(day))
        for year in YEARS
        for day in days_of(year)
        if CALENDAR.is_workday(day) != library.is_working_day(day)
    }
    assert found == set(DIFFERENCES)


@pytest.mark.parametrize(
    ("year", "off", "made_up"),
    [  # counted by hand from the notices
        (2022, 11, 0),
        (2023, 11, 0),
        (2024, 12, 1),
        (2025, 12, 1),
        (2026, 14, 2),
        (2027, 12, 0),
    ],
)
def test_how_many_days_each_notice_gives(year: int, off: int, made_up: int) -> None:
    assert sum(day.year == year for day in CALENDAR.off) == off
    assert sum(day.year == year for day in CALENDAR.made_up) == made_up


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2024, 4, 29), False),  # hoán đổi
        (date(2024, 5, 4), True),  # thứ Bảy làm bù
        (date(2025, 4, 26), True),
        (date(2025, 5, 2), False),
        (date(2026, 1, 10), True),
        (date(2026, 8, 22), True),
        (date(2026, 8, 31), False),
        (date(2026, 11, 24), False),  # Ngày Văn hóa Việt Nam, từ năm 2026
        (date(2025, 11, 24), True),
        (date(2026, 11, 21), False),  # thứ Bảy thường
    ],
)
def test_swapped_days(day: date, worked: bool) -> None:
    assert CALENDAR.is_workday(day) is worked


def test_tet_is_a_whole_stretch_with_its_weekends_and_2027_is_only_provisional() -> None:
    assert {date(2026, 2, 14), date(2026, 2, 22)} <= CALENDAR.tet
    assert not {date(2026, 2, 13), date(2026, 2, 23)} & CALENDAR.tet
    assert CALENDAR.provisional == {2027}


def test_every_file_names_its_notice() -> None:
    years = [load_year(path) for path in sorted(WORKDAYS.glob("*.yaml"))]
    assert [year.year for year in years] == list(YEARS)
    assert all(any(letter.isdigit() for letter in year.notice) for year in years)


def test_a_folder_is_read_once() -> None:
    assert load_workdays() is load_workdays(WORKDAYS)


def test_a_holiday_without_a_reason_gets_the_library_s_name(tmp_path: Path) -> None:
    (tmp_path / "2026.yaml").write_text(
        "year: 2026\nnotice: Thông báo 1\nchecked: true\noff: [{date: 2026-04-30}]\ntet: {from: 2026-02-14, to: 2026-02-22}\n",
        encoding="utf-8",
    )
    assert load_workdays(tmp_path).why_off(date(2026, 4, 30)) == "Ngày Chiến thắng"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("off: [{date: 2026-04-25}]", "2026-04-25 là cuối tuần"),
        ("off: [{date: 2025-04-30}]", "2025-04-30 không thuộc năm 2026"),
        ("off: []\nmade_up: [{date: 2026-04-24}]", "2026-04-24 là ngày trong tuần"),
        ("off: [{date: 30/4}]", r"dòng 4, off\[0\].date: “30/4” không phải ngày"),
    ],
)
def test_a_wrong_day_is_refused(line: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "2026.yaml"
    head = "year: 2026\nnotice: Thông báo 1\nchecked: true\n"
    path.write_text(f"{head}{line}\ntet: {{from: 2026-02-14, to: 2026-02-22}}\n", encoding="utf-8")
    with pytest.raises(BadPlan, match=said):
        load_year(path)
