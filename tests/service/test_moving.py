"""Deadlines that move, and deadlines that hang on something that happens."""

from __future__ import annotations

from datetime import date

import pytest

from hanchot.domain.errors import NotFound, Refused
from hanchot.service.items import act, extend
from hanchot.service.moving import set_date, set_event
from hanchot.service.opening import Opened
from hanchot.service.services import Services
from hanchot.service.sweep import sweep
from tests import look
from tests.look import at, item, item_id

NOW = at("2024-12-02 09:00")


def test_the_department_dates_what_the_plan_leaves_open(house: Services, opened: Opened) -> None:
    assert set_date(house, "mau-2024", "tham-dinh", date(2024, 12, 27), NOW, actor="Bình", reason="TB 12") == 1
    row = look.milestone(house, "tham-dinh")
    assert (row.last_day, row.set_by) == (date(2024, 12, 27), "Bình")
    [event] = look.events(house, "milestone.dated")
    assert (event.was, event.became, event.reason) == (None, "2024-12-27", "TB 12")


def test_a_moved_milestone_re_arms_its_unfinished_items_and_nothing_else(house: Services, opened: Opened) -> None:
    sweep(house, at("2024-12-09 08:00"))
    act(house, item_id(house, "KHO", "chi-bo"), "submit", at("2024-12-09 09:00"), actor="Nga")
    moved = set_date(house, "mau-2024", "chi-bo", date(2024, 12, 19), at("2024-12-09 10:00"), actor="Bình", reason="bão")
    assert moved == 4  # five cells, one of them done
    assert item(house, "BAO", "chi-bo").revision == 1
    assert item(house, "KHO", "chi-bo").revision == 0  # done: its deadline is what it was
    assert item(house, "BAO", "ho-so").revision == 0
    sweep(house, at("2024-12-16 08:00"))  # T-3 of Thursday 19/12
    rungs = [(row.rung, row.state) for row in look.ledger(house, to="BAO", milestone="chi-bo")]
    assert rungs.count(("T-3", "planned")) == 2  # once for each deadline; the ledger survives the amendment


def test_a_rung_of_this_very_moment_belongs_to_the_deadline_that_was(house: Services, opened: Opened) -> None:
    now = at("2024-12-16 08:00")  # T-3 of Thursday 19/12
    extend(house, item_id(house, "BAO", "chi-bo"), date(2024, 12, 19), now, actor="Bình", reason="bão")
    assert item(house, "BAO", "chi-bo").next_action_at == at("2024-12-18 08:00")  # the letter of the extension says it


def test_a_date_that_has_passed_or_has_no_reason_is_refused(house: Services, opened: Opened) -> None:
    with pytest.raises(Refused, match="Ngày 01/12/2024 đã qua"):
        set_date(house, "mau-2024", "tham-dinh", date(2024, 12, 1), NOW, actor="Bình", reason="x")
    with pytest.raises(Refused, match="phải nêu lý do"):
        set_date(house, "mau-2024", "tham-dinh", date(2024, 12, 30), NOW, actor="Bình", reason=" ")
    with pytest.raises(NotFound, match=r"không có mốc “la”.*Các mốc: .*phan-cong"):
        set_date(house, "mau-2024", "la", date(2024, 12, 30), NOW, actor="Bình", reason="x")


def test_the_day_of_today_may_still_be_set(house: Services, opened: Opened) -> None:
    assert set_date(house, "mau-2024", "tham-dinh", date(2024, 12, 2), NOW, actor="Bình", reason="x") == 1


def test_a_review_meeting_dates_what_must_come_before_it(house: Services, opened: Opened) -> None:
    assert item(house, "BAO", "giay-moi").last_day is None
    assert set_event(house, "mau-2024", "BAO", "review-meeting", date(2024, 12, 16), NOW, actor="Lâm") == 1
    assert item(house, "BAO", "giay-moi").last_day == date(2024, 12, 11)  # five days before, the day itself not counted
    assert item(house, "KHO", "giay-moi").last_day is None  # another unit's meeting


def test_a_meeting_that_moves_moves_its_deadlines(house: Services, opened: Opened) -> None:
    for day in (date(2024, 12, 16), date(2024, 12, 18)):
        set_event(house, "mau-2024", "BAO", "review-meeting", day, NOW, actor="Lâm")
    row = item(house, "BAO", "giay-moi")
    assert (row.last_day, row.revision) == (date(2024, 12, 13), 2)


def test_an_event_of_the_root_holds_for_the_whole_tree(house: Services, opened: Opened) -> None:
    assert set_event(house, "mau-2024", "DUK", "review-meeting", date(2024, 12, 16), NOW, actor="Bình") == 3
    assert look.milestone(house, "giay-moi").last_day == date(2024, 12, 11)


def test_events_of_unknown_units(house: Services, opened: Opened) -> None:
    with pytest.raises(NotFound, match="mã “XX”"):
        set_event(house, "mau-2024", "XX", "review-meeting", date(2024, 12, 16), NOW, actor="x")


def test_an_anchor_that_no_duty_hangs_on_is_refused_with_those_that_exist(house: Services, opened: Opened) -> None:
    with pytest.raises(NotFound, match=r"sự kiện “hop”.*result, review-meeting"):
        set_event(house, "mau-2024", "BAO", "hop", date(2024, 12, 16), NOW, actor="x")


def test_the_standing_committees_result_dates_the_remediation_of_every_unit(house: Services, opened: Opened) -> None:
    """The standing committee decides for the committee it stands for, not only for itself."""
    everything_up_to_the_decision(house)
    now = at("2025-01-08 15:00")
    act(house, item_id(house, "DUK-BTV", "quyet-dinh"), "submit", now, actor="Cường")
    for body in ("YT", "BAO", "KHO"):
        row = item(house, body, "khac-phuc")
        # five working days after Wednesday 08/01/2025: 9, 10, 13, 14, 15
        assert (row.state, row.last_day) == ("open", date(2025, 1, 15))
    assert look.who(house, tone="remediation") == ["BAO", "KHO", "YT"]


def everything_up_to_the_decision(house: Services) -> None:
    for body, key in (
        ("DUK-BTC", "phan-cong"), ("YT-1", "chi-bo"), ("YT-2", "chi-bo"), ("YT-BP1", "chi-bo"), ("BAO", "chi-bo"),
        ("KHO", "chi-bo"), ("YT", "co-so"), ("YT", "ho-so"), ("BAO", "ho-so"), ("KHO", "ho-so"), ("DUK-BTV", "lich"),
        ("DUK-BTC", "tham-dinh"),
    ):  # fmt: skip
        act(house, item_id(house, body, key), "submit", NOW, actor="cán bộ")


def test_moving_an_extended_item_by_milestone_keeps_no_earlier_day(house: Services, opened: Opened) -> None:
    extend(house, item_id(house, "BAO", "chi-bo"), date(2024, 12, 27), NOW, actor="Bình", reason="bão")
    set_date(house, "mau-2024", "chi-bo", date(2024, 12, 16), NOW, actor="Bình", reason="bão")
    assert item(house, "BAO", "chi-bo").last_day == date(2024, 12, 27)
    assert item(house, "KHO", "chi-bo").last_day == date(2024, 12, 16)
