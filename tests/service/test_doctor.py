"""The doctor looks at everything, and one thing that fails does not keep the others from being looked at."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from hanchot.service.doctor import Finding, examine
from hanchot.service.mail import hold
from hanchot.service.opening import Opened
from hanchot.service.services import Services
from hanchot.service.sweep import sweep
from hanchot.settings import Settings
from tests.look import at

NOW = at("2024-12-09 08:10")


@pytest.fixture
def listening() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def nobody() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def found(settings: Settings, now: str = "2024-12-09 08:10") -> dict[str, Finding]:
    return {one.name: one for one in examine(settings, at(now))}


def test_a_healthy_house(house: Services, opened: Opened, listening: int) -> None:
    sweep(house, at("2024-12-09 08:00"))
    well = house.settings.model_copy(update={"catcher_port": listening, "prefect_port": listening})
    findings = found(well)
    assert all(one.ok for one in findings.values()), findings
    assert findings["cơ sở dữ liệu"].said == "sqlite, 2 sự kiện"  # opened, and one stage overruns
    assert findings["gửi thư"].said == "hộp thư thử trên máy này"
    assert findings["lịch ngày làm việc"].said.startswith("đã kiểm tra 2022–")


def test_what_does_not_answer_is_named_with_its_address(house: Services, nobody: int) -> None:
    ill = house.settings.model_copy(update={"smtp_host": "127.0.0.1", "smtp_port": nobody, "prefect_port": nobody})
    findings = found(ill)
    for name in ("máy chủ thư", "Prefect"):
        assert not findings[name].ok and f"127.0.0.1:{nobody} không trả lời" in findings[name].said
    assert findings["cơ sở dữ liệu"].ok


@pytest.mark.parametrize(("now", "ok"), [("2024-12-09 08:30", True), ("2024-12-09 08:31", False)])
def test_half_an_hour_without_a_sweep_is_too_long(house: Services, opened: Opened, now: str, ok: bool) -> None:
    assert not found(house.settings)["lần quét gần nhất"].ok
    sweep(house, at("2024-12-09 08:00"))
    assert found(house.settings, now)["lần quét gần nhất"].ok is ok


def test_held_mail_and_a_broken_chain(house: Services, opened: Opened) -> None:
    with house.db.write() as connection:
        hold.hold(connection, "vừa phục hồi", NOW)
        connection.exec_driver_sql("UPDATE event SET actor = 'x'")
    findings = found(house.settings)
    assert findings["gửi thư"] == Finding("gửi thư", False, "đang giữ: vừa phục hồi")
    assert not findings["nhật ký"].ok


@pytest.mark.parametrize(("real", "said"), [(True, "gửi thật"), (False, "chế độ an toàn")])
def test_it_says_whether_real_mail_is_sent(house: Services, nobody: int, real: bool, said: str) -> None:
    relay = {"smtp_host": "127.0.0.1", "smtp_port": nobody, "send_for_real": real}
    assert found(house.settings.model_copy(update=relay))["gửi thư"].said.startswith(said)


def test_a_year_that_nobody_has_checked(house: Services) -> None:
    finding = found(house.settings, "2027-12-09 08:00")["lịch ngày làm việc"]  # 2028 is not there yet
    assert not finding.ok and "chưa công bố đủ" in finding.said


def test_no_calendar_of_working_days_at_all(house: Services, tmp_path: Path) -> None:
    finding = found(house.settings.model_copy(update={"calendars_dir": tmp_path}))["lịch ngày làm việc"]
    assert (finding.ok, finding.said) == (False, "đã kiểm tra chưa có năm nào")


def test_a_database_that_is_none(house: Services, tmp_path: Path) -> None:
    file = tmp_path / "hong.db"
    file.write_text("không phải cơ sở dữ liệu" * 100)
    findings = found(house.settings.model_copy(update={"database_url": f"sqlite:///{file}"}))
    assert not findings["cơ sở dữ liệu"].ok and "hong.db không dùng được" in findings["cơ sở dữ liệu"].said
    assert findings["lịch ngày làm việc"].ok  # the others are looked at all the same


def test_a_database_without_our_tables(house: Services, tmp_path: Path) -> None:
    empty = house.settings.model_copy(update={"database_url": f"sqlite:///{tmp_path / 'rong.db'}"})
    assert not found(empty)["cơ sở dữ liệu"].ok
