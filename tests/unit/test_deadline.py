"""Deadlines: what the words mean, to the second, whatever the server's own zone is."""

from __future__ import annotations

import os
import time as clock
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from hanchot.domain.deadline import (
    After,
    Announced,
    Before,
    By,
    Context,
    Deadline,
    Lead,
    Monthly,
    Order,
    Quarterly,
    Unset,
    Weekly,
    Within,
    Yearly,
    occurrences,
    resolve,
)
from hanchot.domain.instants import at_local, end_of, local_day, local_iso, parse_instant, start_of
from hanchot.store.workday_files import load_workdays

DEADLINE: TypeAdapter[Deadline] = TypeAdapter(Deadline)
WORKDAYS = load_workdays()
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
days = st.dates(date(2000, 1, 2), date(2100, 12, 30))


def moment(deadline: Deadline, year: int = 2024, **context: object) -> str | None:
    due = resolve(deadline, Context(year, **context))  # type: ignore[arg-type]
    return local_iso(due.last_moment) if due.last_moment else None


# Words and the last moment they leave, worked out by hand.
WORDS: dict[str, tuple[Deadline, str]] = {
    "trước ngày 20/12/2023": (Before(kind="before", date=date(2023, 12, 20)), "2023-12-19T23:59:59+07:00"),
    "chậm nhất ngày 15/12/2024": (By(kind="by", date=date(2024, 12, 15)), "2024-12-15T23:59:59+07:00"),
    "trước ngày 01/01/2024, sang năm trước": (
        Before(kind="before", date=date(2024, 1, 1)),
        "2023-12-31T23:59:59+07:00",
    ),
    "trước ngày 01/3/2024, năm nhuận": (Before(kind="before", date=date(2024, 3, 1)), "2024-02-29T23:59:59+07:00"),
    "trước ngày 01/3/2023": (Before(kind="before", date=date(2023, 3, 1)), "2023-02-28T23:59:59+07:00"),
    "trước 15h ngày 20/12": (
        Before(kind="before", date=date(2024, 12, 20), time=time(15)),
        "2024-12-20T14:59:59+07:00",
    ),
    "trước 0h ngày 20/12 là hết ngày 19": (
        Before(kind="before", date=date(2024, 12, 20), time=time(0)),
        "2024-12-19T23:59:59+07:00",
    ),
    "chậm nhất 15h ngày 20/12": (By(kind="by", date=date(2024, 12, 20), time=time(15)), "2024-12-20T15:00:00+07:00"),
    "trước ngày 20/12, đọc là tính cả ngày": (
        Before(kind="before", date=date(2024, 12, 20), reading="inclusive"),
        "2024-12-20T23:59:59+07:00",
    ),
    "trong tháng 02 năm nhuận": (
        Within(kind="within", start=date(2024, 2, 1), end=date(2024, 2, 29)),
        "2024-02-29T23:59:59+07:00",
    ),
    "trước ngày 30/11 hằng năm": (Yearly(kind="yearly", date="--11-30"), "2024-11-29T23:59:59+07:00"),
    "chậm nhất ngày 30/11 hằng năm": (Yearly(kind="yearly", date="--11-30", bound="by"), "2024-11-30T23:59:59+07:00"),
    "trước ngày 15/01 năm sau": (Yearly(kind="yearly", date="--01-15", next_year=True), "2025-01-14T23:59:59+07:00"),
    "trước ngày 01/01 năm sau": (Yearly(kind="yearly", date="--01-01", next_year=True), "2024-12-31T23:59:59+07:00"),
    "trước ngày 20 hằng tháng, lần cuối năm": (Monthly(kind="monthly", day=20), "2024-12-19T23:59:59+07:00"),
    "chậm nhất ngày 31 hằng tháng": (Monthly(kind="monthly", day=31, bound="by"), "2024-12-31T23:59:59+07:00"),
}


@pytest.mark.parametrize(("deadline", "expected"), WORDS.values(), ids=WORDS.keys())
def test_the_last_moment_of_the_words(deadline: Deadline, expected: str) -> None:
    assert moment(deadline) == expected


def test_a_yearless_leap_day_is_the_last_of_february_elsewhere() -> None:
    leap = Yearly(kind="yearly", date="--02-29", bound="by")
    assert moment(leap, 2024) == "2024-02-29T23:59:59+07:00"
    assert moment(leap, 2023) == "2023-02-28T23:59:59+07:00"


def test_every_thursday_of_december_2023_before_three() -> None:
    weekly = Weekly(kind="weekly", weekday=4, time=time(15))
    found = [
        local_iso(due.last_moment) for due in occurrences(weekly, date(2023, 12, 1), date(2023, 12, 19)) if due.last_moment
    ]
    assert found == ["2023-12-07T14:59:59+07:00", "2023-12-14T14:59:59+07:00"]


def test_before_thursday_without_an_hour_ends_on_wednesday() -> None:
    weekly = Weekly(kind="weekly", weekday=4)
    found = [due.last_day for due in occurrences(weekly, date(2023, 12, 1), date(2023, 12, 20))]
    assert found == [date(2023, 12, 6), date(2023, 12, 13), date(2023, 12, 20)]  # the last one is “before the 21st”


def test_the_last_day_of_every_month() -> None:
    found = [
        due.last_day for due in occurrences(Monthly(kind="monthly", day=31, bound="by"), date(2023, 1, 1), date(2023, 6, 30))
    ]
    assert found == [
        date(2023, 1, 31),
        date(2023, 2, 28),
        date(2023, 3, 31),
        date(2023, 4, 30),
        date(2023, 5, 31),
        date(2023, 6, 30),
    ]


def test_a_quarterly_deadline_belongs_to_its_own_quarter() -> None:
    quarterly = Quarterly(kind="quarterly", day=20, month_of_quarter=3, bound="by")
    assert [moment(quarterly, 2025, quarter=q) for q in (1, 2, 3, 4)] == [
        "2025-03-20T23:59:59+07:00",
        "2025-06-20T23:59:59+07:00",
        "2025-09-20T23:59:59+07:00",
        "2025-12-20T23:59:59+07:00",
    ]


def test_before_the_first_of_a_quarter_s_first_month_still_belongs_to_the_quarter_before_it_ends() -> None:
    due = resolve(Quarterly(kind="quarterly", day=1, month_of_quarter=3), Context(2024, 1))
    assert due.last_day == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("deadline", "last_day"),
    [  # the review meeting is on Tuesday 03/12/2024
        (Lead(kind="lead", days=2, anchor="review-meeting"), date(2024, 12, 1)),
        (Lead(kind="lead", days=5, anchor="review-meeting"), date(2024, 11, 28)),
        (Lead(kind="lead", days=3, working_days=True, anchor="review-meeting"), date(2024, 11, 28)),
        (After(kind="after", days=0, anchor="review-meeting"), date(2024, 12, 3)),
        (After(kind="after", days=5, working_days=True, anchor="review-meeting"), date(2024, 12, 10)),
    ],
)
def test_counting_from_an_event_does_not_count_the_event_s_day(deadline: Deadline, last_day: date) -> None:
    context = Context(2024, events={"review-meeting": date(2024, 12, 3)}, workdays=WORKDAYS)
    due = resolve(deadline, context)
    assert (due.last_day, due.last_moment) == (last_day, end_of(last_day))


def test_until_the_event_has_a_day_the_deadline_says_what_it_waits_for() -> None:
    due = resolve(Lead(kind="lead", days=5, anchor="review-meeting"), Context(2024))
    assert (due.last_moment, due.waits_for) == (None, "review-meeting")
    assert due.why == "5 ngày trước hội nghị kiểm điểm, chưa có ngày"
    assert resolve(Announced(kind="announced"), Context(2024)).waits_for == "announcement"
    assert resolve(Order(kind="order", anchor="result"), Context(2024)).waits_for == "result"


@pytest.mark.parametrize("deadline", [Unset(kind="unset"), Order(kind="order"), Within(kind="within", start=date(2025, 1, 1))])
def test_there_is_no_silent_default_date(deadline: Deadline) -> None:
    due = resolve(deadline, Context(2024))
    assert due.last_day is None and due.last_moment is None and due.why


def test_working_days_need_a_calendar() -> None:
    lead = Lead(kind="lead", days=3, working_days=True, anchor="x")
    with pytest.raises(ValueError, match="WorkCalendar"):
        resolve(lead, Context(2024, events={"x": date(2024, 12, 3)}))


# Each kind with the fields it may carry; every other field is refused.
FIELDS: dict[str, dict[str, object]] = {
    "before": {"date": "2024-12-20", "time": "15:00", "reading": "exclusive"},
    "by": {"date": "2024-12-20", "time": "15:00"},
    "within": {"start": "2025-01-01", "end": "2025-01-31"},
    "weekly": {"weekday": 4, "time": "15:00", "bound": "before"},
    "monthly": {"day": 20, "time": "15:00", "bound": "before"},
    "quarterly": {"day": 20, "month_of_quarter": 3, "time": "15:00", "bound": "by"},
    "yearly": {"date": "--11-30", "bound": "before", "next_year": True},
    "lead": {"days": 5, "working_days": False, "anchor": "review-meeting"},
    "after": {"days": 0, "working_days": True, "anchor": "result"},
    "announced": {"anchor": "lich"},
    "order": {"anchor": "result"},
    "unset": {},
}
EVERY_FIELD = {name: value for fields in FIELDS.values() for name, value in fields.items()}


@pytest.mark.parametrize("kind", FIELDS)
def test_each_kind_takes_its_own_fields(kind: str) -> None:
    assert DEADLINE.validate_python({"kind": kind, **FIELDS[kind]}).kind == kind


@pytest.mark.parametrize(("kind", "field"), [(k, f) for k in FIELDS for f in EVERY_FIELD if f not in FIELDS[k]])
def test_no_kind_takes_a_field_of_another(kind: str, field: str) -> None:
    with pytest.raises(ValidationError, match="extra_forbidden"):
        DEADLINE.validate_python({"kind": kind, **FIELDS[kind], field: EVERY_FIELD[field]})


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "within"},
        {"kind": "within", "start": "2025-02-01", "end": "2025-01-31"},
        {"kind": "before", "date": "2024-12-20", "time": "15:00", "reading": "inclusive"},
        {"kind": "weekly", "weekday": 0},
        {"kind": "weekly", "weekday": 8},
        {"kind": "monthly", "day": 32},
        {"kind": "quarterly", "day": 20, "month_of_quarter": 4},
        {"kind": "yearly", "date": "--02-30"},
        {"kind": "yearly", "date": "--13-01"},
        {"kind": "yearly", "date": "2024-11-30"},
        {"kind": "lead", "days": -1, "anchor": "x"},
        {"kind": "lead", "days": 1},
        {"kind": "someday"},
        {"date": "2024-12-20"},
    ],
    ids=str,
)
def test_what_no_document_can_mean_cannot_be_built(data: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        DEADLINE.validate_python(data)


@given(days)
def test_before_a_day_is_by_the_day_before(day: date) -> None:
    before, by = (
        resolve(Before(kind="before", date=day), Context(day.year)),
        resolve(By(kind="by", date=day - DAY), Context(1)),
    )
    assert (before.last_day, before.last_moment) == (by.last_day, by.last_moment)


@given(days)
def test_the_last_moment_lies_on_the_last_day_and_one_second_later_does_not(day: date) -> None:
    due = resolve(By(kind="by", date=day), Context(day.year))
    assert due.last_moment is not None
    assert local_day(due.last_moment) == day
    assert due.last_moment + SECOND == start_of(day + DAY)


@given(days, st.times())
def test_the_local_day_holds_at_the_edge_where_utc_is_still_yesterday(day: date, at: time) -> None:
    instant = at_local(day, at)
    assert local_day(instant) == day
    assert instant.date() == (day - DAY if at < time(7) else day)


@given(days, st.integers(0, 400))
def test_lead_and_after_are_mirror_images(day: date, n: int) -> None:
    events = {"x": day}
    lead = resolve(Lead(kind="lead", days=n, anchor="x"), Context(day.year, events=events)).last_day
    after = resolve(After(kind="after", days=n, anchor="x"), Context(day.year, events=events)).last_day
    assert lead and after and day - lead == after - day == DAY * n


@given(
    st.integers(1, 7),
    st.dates(date(2022, 1, 1), date(2027, 12, 31)),
    st.integers(0, 120),
    st.sampled_from(["before", "by"]),
)
def test_weekly_occurrences_are_seven_days_apart_and_none_is_missing(weekday: int, start: date, span: int, bound: str) -> None:
    weekly = Weekly.model_validate({"kind": "weekly", "weekday": weekday, "bound": bound})
    found = [due.last_day for due in occurrences(weekly, start, start + DAY * span) if due.last_day]
    shift = DAY if bound == "before" else timedelta()
    assert found == [d for d in (start + DAY * n for n in range(span + 1)) if (d + shift).isoweekday() == weekday]


@given(st.integers(1, 31), st.integers(2001, 2099))
def test_there_are_twelve_monthly_and_four_quarterly_ends_a_year(day: int, year: int) -> None:
    assume(day > 1)  # before the 1st of January ends in the year before
    for bound in ("before", "by"):
        monthly = Monthly.model_validate({"kind": "monthly", "day": day, "bound": bound})
        assert len(list(occurrences(monthly, date(year, 1, 1), date(year, 12, 31)))) == 12
        quarterly = Quarterly.model_validate({"kind": "quarterly", "day": day, "month_of_quarter": 3, "bound": bound})
        assert len(list(occurrences(quarterly, date(year, 1, 1), date(year, 12, 31)))) == 4


@pytest.fixture(params=["UTC", "Asia/Ho_Chi_Minh", "America/Los_Angeles", "Pacific/Kiritimati", "Europe/Berlin"])
def server_zone(request: pytest.FixtureRequest) -> Iterator[str]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    clock.tzset()
    yield request.param
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    clock.tzset()


def test_the_server_s_own_zone_changes_nothing(server_zone: str) -> None:
    assert [moment(deadline) for deadline, _ in WORDS.values()] == [expected for _, expected in WORDS.values()]
    assert parse_instant("2024-12-10T00:30:00") == datetime(2024, 12, 9, 17, 30, tzinfo=UTC)
    assert local_day(datetime(2024, 12, 9, 17, 30, tzinfo=UTC)) == date(2024, 12, 10)
