"""What stands against an officer's act, in words; and the branches that lie under two rights at once."""

from __future__ import annotations

from datetime import date

import pytest

from hanchot.domain.access import common
from hanchot.domain.officer_act import Do, Subject, Wish, against, tone_of
from hanchot.domain.work_item import Item, State
from tests.look import at

NOW = at("2024-12-13 09:00")
DUE = Subject(Item(State.OPEN, at("2024-12-12 23:59")), date(2024, 12, 12), name="Lâm", address="lam@khoi.example")
DONE = Subject(Item(State.SUBMITTED), date(2024, 12, 12))


@pytest.mark.parametrize(
    ("wish", "subject", "said"),
    [
        (Wish(Do.REMIND), DUE, None),
        (Wish(Do.REMIND), Subject(DUE.item, DUE.last_day, name="Lâm"), "Lâm chưa có địa chỉ thư"),
        (Wish(Do.EXTEND, "lũ", date(2024, 12, 12)), DUE, "hạn mới 12/12/2024 đã qua"),
        (Wish(Do.EXTEND, "", date(2024, 12, 20)), DUE, "phải nêu lý do"),
        (Wish(Do.EXTEND, "lũ", date(2024, 12, 20)), DUE, None),
        (Wish(Do.RECEIVE, "", date(2024, 12, 14)), DUE, "ngày nhận 14/12/2024 chưa tới"),
        (Wish(Do.RECEIVE, "", date(2024, 12, 13)), Subject(DUE.item, missing=("Thiếu biên bản.",)), "Thiếu biên bản."),
        (Wish(Do.ACCEPT), DONE, None),
        (Wish(Do.ACCEPT), Subject(Item(State.SUBMITTED, cycle_open=False)), "đợt đã đóng; muốn sửa phải mở lại đợt, có lý do "
         "và người duyệt"),
    ],
)  # fmt: skip
def test_a_guard_says_why(wish: Wish, subject: Subject, said: str | None) -> None:
    assert against(wish, subject, NOW) == said


@pytest.mark.parametrize(
    ("when", "tone"), [("2024-12-11 09:00", "reminder"), ("2024-12-12 09:00", "due"), ("2024-12-13 09:00", "overdue")]
)
def test_a_reminder_has_the_tone_of_its_day(when: str, tone: str) -> None:
    assert tone_of(DUE, at(when)) == tone


@pytest.mark.parametrize(
    ("some", "others", "both"),
    [
        (("/",), ("/1/4/",), ("/1/4/",)),
        (("/1/4/", "/1/5/"), ("/1/5/7/", "/1/6/"), ("/1/5/7/",)),
        (("/1/4/",), ("/1/40/",), ()),
        ((), ("/",), ()),
    ],
)
def test_the_narrower_of_two_rights_counts(some: tuple[str, ...], others: tuple[str, ...], both: tuple[str, ...]) -> None:
    assert common(some, others) == both
