"""Working days from ``calendars/workdays/<year>.yaml``: what the yearly notice says, one file per year.

The notice is the truth; the ``holidays`` library names a day that the file leaves unnamed, and a test lists every
difference between the two with its reason.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from hanchot.domain.errors import BadPlan
from hanchot.domain.workdays import DAY, WorkCalendar
from hanchot.settings import ROOT
from hanchot.store.plan_faults import problems_of
from hanchot.store.yaml_text import file_name, read_yaml

WORKDAYS = ROOT / "calendars" / "workdays"
Day = date


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _NamedDay(_Part):
    date: Day
    why: str = Field(default="", max_length=120)


class _Span(_Part):
    first: Day = Field(alias="from")
    last: Day = Field(alias="to")


class WorkYear(_Part):
    """One year's file. ``off``: weekdays not worked; ``made_up``: weekend days worked in exchange."""

    year: int = Field(ge=2000, le=2100)
    notice: str = Field(min_length=1)
    checked: Literal[True]
    provisional: bool = False
    off: tuple[_NamedDay, ...]
    made_up: tuple[_NamedDay, ...] = ()
    tet: _Span

    @model_validator(mode="after")
    def _days_are_where_they_belong(self) -> WorkYear:
        for day in (*self.off, *self.made_up):
            if day.date.year != self.year:
                raise ValueError(f"ngày {day.date} không thuộc năm {self.year}; chuyển sang tệp của năm đó")
        for day in self.off:
            if day.date.isoweekday() > 5:
                raise ValueError(f"off: {day.date} là cuối tuần, vốn đã nghỉ; chỉ ghi ngày trong tuần")
        for day in self.made_up:
            if day.date.isoweekday() <= 5:
                raise ValueError(f"made_up: {day.date} là ngày trong tuần; chỉ ghi thứ Bảy, Chủ nhật làm bù")
        if self.tet.first > self.tet.last:
            raise ValueError(f"tet: from {self.tet.first} đứng sau to {self.tet.last}; đổi chỗ hai ngày")
        return self


def load_workdays(folder: Path | None = None) -> WorkCalendar:
    """The calendar of every year that has a file in ``folder`` (read once). Raises ``BadPlan`` for a broken file."""
    return _load((folder or WORKDAYS).resolve())


@lru_cache(maxsize=8)
def _load(folder: Path) -> WorkCalendar:
    years = [load_year(path) for path in sorted(folder.glob("*.yaml"))]
    return WorkCalendar(
        years=frozenset(year.year for year in years),
        off={day.date: day.why or _name(day.date) for year in years for day in year.off},
        made_up={day.date: day.why or "làm bù" for year in years for day in year.made_up},
        tet=frozenset(day for year in years for day in _days(year.tet.first, year.tet.last)),
        provisional=frozenset(year.year for year in years if year.provisional),
    )


def load_year(path: Path) -> WorkYear:
    """One year's file. Raises ``BadPlan`` with file, line and way out."""
    text = read_yaml(path)
    try:
        return WorkYear.model_validate(text.data)
    except ValidationError as wrong:
        problems = problems_of(wrong, text)
        first = problems[0]
        message = f"{file_name(path)}, dòng {first['line']}, {first['path'] or 'cả tệp'}: {first['message']}."
        raise BadPlan(message, problems=tuple(problems)) from None


def _name(day: date) -> str:
    import holidays  # ten megabytes with its countries, for the few days that a file does not name

    return str(holidays.country_holidays("VN", years=day.year, language="vi").get(day) or "ngày nghỉ")


def _days(first: date, last: date) -> list[date]:
    return [first + DAY * n for n in range((last - first).days + 1)]
