"""Working days of Việt Nam: which days are worked, and counting them.

The days themselves are data (``calendars/workdays/*.yaml`` over the ``holidays`` library); this file only counts.
A calendar answers for the years that somebody has checked and refuses every other year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from hanchot.domain.errors import UncheckedYear

DAY = timedelta(days=1)
WEEKDAYS_VI = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


def weekday_vi(day: date) -> str:
    """The Vietnamese name of the weekday: ``thứ Hai`` … ``Chủ nhật``."""
    return WEEKDAYS_VI[day.weekday()]


@dataclass(frozen=True)
class WorkCalendar:
    """Local calendar days that are worked or not, for checked years.

    ``off`` are weekdays that are not worked with the reason (a holiday, a swapped day); ``made_up`` are Saturdays or
    Sundays that are worked in exchange; ``tet`` are the days of Tết, on which no letter is sent.
    """

    years: frozenset[int]
    off: Mapping[date, str] = field(default_factory=dict)
    made_up: Mapping[date, str] = field(default_factory=dict)
    tet: frozenset[date] = frozenset()
    provisional: frozenset[int] = frozenset()
    _cache: dict[date, bool] = field(default_factory=dict, compare=False, repr=False)

    def is_workday(self, day: date) -> bool:
        """Raises ``UncheckedYear`` outside ``years``."""
        known = self._cache.get(day)
        if known is None:
            self._demand(day.year)
            known = day in self.made_up or (day.weekday() < 5 and day not in self.off)
            self._cache[day] = known
        return known

    def why_off(self, day: date) -> str | None:
        """The reason in Vietnamese why ``day`` is not worked, or None when it is."""
        if self.is_workday(day):
            return None
        return self.off.get(day) or weekday_vi(day)

    def add(self, day: date, days: int) -> date:
        """The working day ``days`` working days after ``day`` (before, when negative); ``day`` itself is not counted.

        Five days before and five days after count alike: ``add(add(d, n), -n) == d`` for every working day d.
        """
        step = DAY if days > 0 else -DAY
        for _ in range(abs(days)):
            day += step
            while not self.is_workday(day):
                day += step
        return day

    def at_or_before(self, day: date) -> date:
        """The last working day that is not after ``day``."""
        while not self.is_workday(day):
            day -= DAY
        return day

    def at_or_after(self, day: date) -> date:
        """The first working day that is not before ``day``."""
        while not self.is_workday(day):
            day += DAY
        return day

    def between(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and with ``end``; 0 when ``end`` is not after ``start``."""
        days = (start + DAY * n for n in range(1, (end - start).days + 1))
        return sum(map(self.is_workday, days))

    def _demand(self, year: int) -> None:
        if year not in self.years:
            known = f"{min(self.years)}–{max(self.years)}" if self.years else "chưa có năm nào"
            raise UncheckedYear(
                f"Lịch ngày làm việc năm {year} chưa được kiểm tra (đã có: {known}).",
                way_out=f"Thêm calendars/workdays/{year}.yaml theo thông báo nghỉ lễ của năm đó rồi chạy lại.",
                thing="năm",
                value=year,
            )
