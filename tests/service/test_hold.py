"""The mail is held when time or the database is not right, until a person says that it is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hanchot import clock
from hanchot.service.mail import hold
from hanchot.service.opening import Opened
from hanchot.service.services import Services
from hanchot.service.sweep import sweep
from tests import look
from tests.look import at

NOON = at("2024-12-09 12:00")


def notice(house: Services, hours: float, steady: tuple[str, float]) -> str | None:
    with house.db.write() as connection:
        hold.notice_jump(connection, NOON + timedelta(hours=hours), steady)
        return hold.held(connection)


@pytest.mark.parametrize("wall", [7, -7, 24, 8760])
def test_a_clock_that_jumps_against_the_steady_one_holds_the_mail(house: Services, wall: float) -> None:
    assert notice(house, 0, ("boot-1", 1000.0)) is None
    assert notice(house, wall, ("boot-1", 1900.0)) is not None  # a quarter of an hour has passed
    message, _, settled = look.incidents(house)["hold"]
    assert "đồng hồ máy nhảy" in message and "trang Cài đặt" in message and not settled


@pytest.mark.parametrize(
    ("wall", "boot", "seconds"),
    [
        (0.25, "boot-1", 1900.0),  # an ordinary quarter of an hour
        (5.9, "boot-1", 1900.0),  # summer time elsewhere, a corrected clock
        (72, "boot-1", 1000.0 + 72 * 3600),  # the machine slept for three days: the steady clock went on
        (72, "boot-2", 20.0),  # the machine was off for three days: an outage, to be caught up with
        (72, "", 20.0),  # a machine on which nobody can tell
    ],
)
def test_what_is_no_jump(house: Services, wall: float, boot: str, seconds: float) -> None:
    notice(house, 0, ("boot-1", 1000.0))
    assert notice(house, wall, (boot, seconds)) is None


def test_a_jump_is_noticed_by_the_sweep(house: Services, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HANCHOT_NOW")
    monkeypatch.setattr(clock, "steady", lambda: ("boot-1", 1000.0))
    sweep(house, at("2024-12-08 08:00"))
    sweep(house, at("2024-12-09 08:00"))
    with house.db.read() as connection:
        assert "+24 giờ" in (hold.held(connection) or "")


def test_a_time_that_somebody_has_chosen_is_no_jump(house: Services, opened: Opened) -> None:
    for day in ("2024-12-09 08:00", "2025-01-09 08:00"):
        sweep(house, at(day))
    with house.db.read() as connection:
        assert hold.held(connection) is None


def test_a_person_lets_the_mail_go(house: Services) -> None:
    with house.db.write() as connection:
        hold.hold(connection, "vừa phục hồi", NOON)
    assert hold.release_hold(house.db, "Trần Thị Bình", NOON) == "vừa phục hồi"
    assert look.incidents(house)["hold"][2]
    [event] = look.events(house, "mail.released")
    assert event.actor == "Trần Thị Bình"
    assert hold.release_hold(house.db, "Trần Thị Bình", NOON) is None  # nothing was held


def test_the_steady_clock_knows_its_boot() -> None:
    boot, seconds = clock.steady()
    assert seconds > 0 and clock.steady()[0] == boot
