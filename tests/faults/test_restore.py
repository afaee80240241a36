"""Yesterday's backup is brought back today: what went out in between is not sent again."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from hanchot.letters.catcher import catching
from hanchot.letters.inbox import messages
from hanchot.service import audit
from hanchot.service.backup import back_up, bring_back
from hanchot.service.mail import hold
from hanchot.service.mail.deliver import DeliveryReport, deliver
from hanchot.service.opening import open_cycle
from hanchot.service.services import Services
from hanchot.service.sweep import sweep
from tests import look, plans
from tests.cast import settle
from tests.conftest import NewHouse
from tests.look import at

YESTERDAY, TODAY = at("2024-12-08 20:00"), at("2024-12-09 08:00")  # today is T-3 of chi-bo


def send(house: Services, folder: Path, now: str) -> DeliveryReport:
    """One drain of the outbox into the catcher's Maildir."""

    async def drain() -> DeliveryReport:
        async with catching(folder) as port:
            settings = house.settings.model_copy(update={"catcher_port": port})
            return await deliver(Services(house.db, settings, house.workdays), at(now))

    return asyncio.run(drain())


def subjects(folder: Path) -> list[str]:
    return sorted(f"{one.to} {one.subject}" for one in messages(folder, 500).lines)


@pytest.fixture
def restored(new_house: NewHouse, tmp_path: Path) -> Services:
    """Backed up in the evening, swept and sent in the morning, then the disk was replaced by the backup."""
    house = new_house("")
    settle(house.db)
    open_cycle(house, plans.plan(), at("2024-11-18 07:00"))
    sweep(house, YESTERDAY)
    send(house, tmp_path / "mail", "2024-12-08 20:05")
    back_up(house, tmp_path / "hom-qua.db")
    sweep(house, TODAY)
    assert send(house, tmp_path / "mail", "2024-12-09 08:05").accepted > 0
    house.db.close()
    bring_back(house.settings, tmp_path / "hom-qua.db", at("2024-12-09 10:00"))
    return new_house("")


def test_the_mail_is_held_until_a_person_confirms(restored: Services, tmp_path: Path) -> None:
    before = subjects(tmp_path / "mail")
    assert sweep(restored, at("2024-12-09 10:15")).letters > 0  # this database does not know of the morning
    report = send(restored, tmp_path / "mail", "2024-12-09 10:20")
    assert report.held is not None and report.accepted == 0
    assert subjects(tmp_path / "mail") == before
    assert "cho gửi tiếp ở trang Cài đặt" in look.incidents(restored)["hold"][0]


def test_after_the_confirmation_nothing_is_sent_that_the_journal_knows(restored: Services, tmp_path: Path) -> None:
    before = subjects(tmp_path / "mail")
    sweep(restored, at("2024-12-09 10:15"))
    send(restored, tmp_path / "mail", "2024-12-09 10:20")
    hold.release_hold(restored.db, "Trần Thị Bình", at("2024-12-09 10:30"))
    report = send(restored, tmp_path / "mail", "2024-12-09 10:35")
    assert report.held is None
    assert subjects(tmp_path / "mail") == before
    assert audit.check(restored.db).broken_at is None


def test_a_copy_put_back_by_hand_is_noticed_too(restored: Services, tmp_path: Path) -> None:
    """Nobody used hanchot restore: the journal beside the database is ahead of it."""
    hold.release_hold(restored.db, "x", at("2024-12-09 10:30"))
    with restored.db.write() as connection:  # as if the file had simply been copied
        connection.exec_driver_sql("DELETE FROM meta WHERE key = 'journal_checked'")
    sweep(restored, at("2024-12-09 10:35"))
    report = send(restored, tmp_path / "mail", "2024-12-09 10:40")
    assert report.held is not None and "nhật ký gửi" in report.held


def test_the_next_rung_goes_out_as_ever(restored: Services, tmp_path: Path) -> None:
    hold.release_hold(restored.db, "Trần Thị Bình", at("2024-12-09 10:30"))
    send(restored, tmp_path / "mail", "2024-12-09 10:35")
    hold.release_hold(restored.db, "Trần Thị Bình", at("2024-12-09 10:36"))
    sweep(restored, at("2024-12-11 08:00"))  # T-1
    assert send(restored, tmp_path / "mail", "2024-12-11 08:05").accepted > 0
