"""Draining the outbox over real SMTP: what is sent, what is not sent any more, what waits, who is told of trouble."""

from __future__ import annotations

import asyncio
import shutil
import threading
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from hanchot.domain.errors import NotFound, Refused
from hanchot.letters import inbox
from hanchot.letters.catcher import catching
from hanchot.letters.compose import FOLDER, composer
from hanchot.service import items
from hanchot.service.cycles import close_cycle
from hanchot.service.install import fact
from hanchot.service.mail import hold
from hanchot.service.mail.deliver import DeliveryReport, deliver, relay_of
from hanchot.service.mail.journal import Journal
from hanchot.service.mail.send_again import release_withheld, send_again
from hanchot.service.services import Services
from hanchot.service.sweep import sweep
from hanchot.settings import Settings
from hanchot.store.db import Database
from hanchot.store.tables import envelope, letter, person
from tests import look
from tests.cast import appoint, vacate
from tests.conftest import NewHouse
from tests.look import CODE, at
from tests.post import MAILS, MORNING, carry, filled, mail_to, mails, read, text_of
from tests.relay import FakeRelay


@pytest.fixture
def post(empty_house: Services) -> Services:
    return filled(empty_house)


async def test_everybody_gets_one_mail_and_nobody_a_second(new_house: NewHouse, database_url: str) -> None:
    house = filled(new_house(database_url))
    async with FakeRelay().listening() as relay:
        first = await carry(house, relay, connections=3)
        second = await carry(house, relay)
    assert first == DeliveryReport(accepted=MAILS)
    assert second.nothing and str(second) == "không có thư nào đến giờ gửi"
    assert sorted(relay.message_ids) == sorted(row.message_id for row in mails(house, "accepted"))
    for row in mails(house):
        assert row.body in relay.kept and row.reply == "250 OK queued" and row.attempts == 1
        assert read(row.body)["Subject"] == row.subject and len(row.subject) <= 60


async def test_one_digest_for_a_person_with_several_duties(post: Services) -> None:
    async with FakeRelay().listening() as relay:
        await carry(post, relay)
    said = text_of(mail_to(post, "BAO").body)
    assert said.count("Việc mới – Chi bộ Báo tỉnh") == 4
    assert "Căn cứ: mục II.1, Kế hoạch số 01-KH/ĐUK." in said
    assert "hết ngày thứ Năm 12/12/2024" in said
    assert f"{post.settings.board}/items/{look.item_id(post, 'BAO', 'chi-bo')}" in said
    assert "Còn chờ: mốc chi-bo (mục II.2)" in text_of(mail_to(post, "YT").body)


async def test_the_department_reads_its_summary_and_nothing_about_results(post: Services) -> None:
    async with FakeRelay().listening() as relay:
        await carry(post, relay)
    said = text_of(mail_to(post, "DUK-BTC").body)
    assert "Đã xong 0/20 việc." in said
    assert "Quá hạn: 0." in said and "Chưa có ngày: 9." in said


async def test_the_catcher_stands_in_where_no_relay_is_named(post: Services, tmp_path: Path) -> None:
    async with catching(tmp_path / "mail") as port:
        settings = post.settings.model_copy(update={"catcher_port": port})
        report = await deliver(Services(post.db, settings, post.workdays), MORNING)
    assert report.accepted == MAILS
    page = inbox.messages(tmp_path / "mail", query="chi bo bao tinh")
    assert page.total == 1


# Safe by default


async def test_nothing_leaves_until_real_mail_is_turned_on_but_to_listed_addresses(new_house: NewHouse) -> None:
    async with FakeRelay().listening() as relay:
        house = filled(new_house("", smtp_host="127.0.0.1", smtp_port=relay.port, allow_list=("CB004@khoi.example",)))
        report = await carry(house, relay)
    assert (report.accepted, report.withheld) == (1, MAILS - 1)
    assert relay.recipients == ["cb004@khoi.example"]
    kept = mails(house, "withheld")[0]
    assert kept.subject and kept.body  # shown on the board as it would have been sent


async def test_with_real_mail_on_everybody_gets_it(new_house: NewHouse) -> None:
    async with FakeRelay().listening() as relay:
        house = filled(new_house("", smtp_host="127.0.0.1", smtp_port=relay.port, send_for_real=True))
        assert (await deliver(house, MORNING)).accepted == MAILS
    assert relay.heard["STARTTLS"] == 0  # nobody listens on the way to this machine itself


@pytest.mark.parametrize("now", ["2024-11-18 06:59", "2024-11-18 20:31", "2024-11-17 10:00", "2025-01-29 10:00"])
async def test_no_mail_at_night_on_days_off_or_at_tet(new_house: NewHouse, now: str) -> None:
    house = filled(new_house("", smtp_host="relay.khoi.example", send_for_real=True))
    assert (await deliver(house, at(now))).held == "ngoài giờ gửi thư"


def test_the_relay_of_the_settings() -> None:
    real = relay_of(Settings(_env_file=None, smtp_host="relay.khoi.example", smtp_user="u", smtp_password="p"))  # type: ignore[call-arg, arg-type]
    assert (real.security, real.local, real.password, real.pace) == ("starttls", False, "p", 600)
    local = relay_of(Settings(_env_file=None))  # type: ignore[call-arg]
    assert (local.host, local.port, local.security, local.pace) == ("127.0.0.1", 2525, "none", None)


# What is no longer true is not sent


async def test_work_handed_in_after_the_sweep_is_not_asked_for(post: Services) -> None:
    for code in ("YT-1", "BAO"):
        items.act(post, look.item_id(post, code, "chi-bo"), "submit", MORNING, actor="bí thư")
    async with FakeRelay().listening() as relay:
        report = await carry(post, relay)
    assert (report.accepted, report.superseded) == (MAILS - 1, 1)
    assert mail_to(post, "YT-1").state == "superseded" and mail_to(post, "YT-1").reply == "việc đã xong"
    said = text_of(mail_to(post, "BAO").body)
    assert "mốc chi-bo" not in said and "mốc ho-so" in said  # the line falls out of the digest, the others stay
    with post.db.read() as connection:
        dropped = connection.execute(sa.select(letter.c.note).where(letter.c.state == "superseded")).scalars().all()
    assert list(dropped) == ["việc đã xong", "việc đã xong"]


async def test_a_closed_cycle_says_nothing_more(post: Services) -> None:
    close_cycle(post, CODE, MORNING, actor="trưởng ban", reason="gộp đợt")
    async with FakeRelay().listening() as relay:
        report = await carry(post, relay)
    assert report == DeliveryReport(superseded=MAILS)
    assert relay.kept == []


async def test_a_reminder_of_a_deadline_that_moved_is_not_sent_and_the_new_one_is_told(post: Services) -> None:
    async with FakeRelay().listening() as relay:
        await carry(post, relay)
        sweep(post, at("2024-12-09 08:00"))  # T-3 of 12/12
        items.extend(post, look.item_id(post, "YT-1", "chi-bo"), date(2024, 12, 16), at("2024-12-09 08:01"),
                     actor="trưởng ban", reason="lũ lụt")  # fmt: skip
        sweep(post, at("2024-12-09 08:15"))
        await carry(post, relay, at("2024-12-09 08:15"))
    states = [(row.state, row.subject) for row in mails(post) if row.name == "Bùi Văn Hải"]
    assert states[-2][0] == "superseded"
    assert states[-1] == ("accepted", "[Hạn mới 16/12] Chi bộ Văn phòng Sở – mốc chi-bo")
    said = text_of(mail_to(post, "YT-1").body)
    assert "hạn cũ là thứ Năm 12/12/2024" in said and "hết ngày thứ Hai 16/12/2024" in said


async def test_a_new_secretary_gets_what_the_old_one_was_to_get(post: Services) -> None:
    with post.db.write() as connection:
        appoint(connection, "KHO", "Lý Thị Mới", since=MORNING.date())
    async with FakeRelay().listening() as relay:
        first = await carry(post, relay)
        assert (first.accepted, first.superseded) == (MAILS - 1, 1)
        sweep(post, MORNING + timedelta(minutes=15))
        second = await carry(post, relay, MORNING + timedelta(minutes=15))
    assert second == DeliveryReport(accepted=1)
    assert [row.state for row in mails(post) if row.name == "Đặng Thị Nga"] == ["superseded"]
    assert [row.state for row in mails(post) if row.name == "Lý Thị Mới"] == ["accepted"]
    assert sum("Đặng Thị Nga" in str(read(raw)["To"]) for raw in relay.kept) == 0


async def test_letters_to_a_post_that_fell_vacant_are_kept_in_the_ledger(post: Services) -> None:
    with post.db.write() as connection:
        vacate(connection, "KHO", since=MORNING.date())
    async with FakeRelay().listening() as relay:
        report = await carry(post, relay)
    assert report.superseded == 1
    assert {told.state for told in look.ledger(post) if told.to == "KHO"} == {"vacant"}


# Trouble with one mail


async def test_a_person_without_address_is_said_once_and_the_others_are_served(post: Services) -> None:
    with post.db.write() as connection:
        for name, address in (("Phan Văn Lâm", None), ("Bùi Văn Hải", "a@b.example\r\nBcc: c@d.example")):
            connection.execute(sa.update(person).where(person.c.name == name).values(email=address))
    async with FakeRelay().listening() as relay:
        report = await carry(post, relay)
    assert (report.accepted, report.failed) == (MAILS - 2, 2)
    said = " ".join(message for message, times, _ in look.incidents(post).values() if times == 1)
    assert "Phan Văn Lâm chưa có địa chỉ thư" in said
    assert "Không viết được thư cho Bùi Văn Hải" in said


async def test_a_bad_template_stops_its_own_mails_only(new_house: NewHouse, tmp_path: Path) -> None:
    templates = tmp_path / "templates"
    shutil.copytree(FOLDER.parent, templates)
    house = filled(new_house("", templates_dir=templates))
    good = (templates / "letters/morning_summary/text").read_text("utf-8")
    (templates / "letters/morning_summary/text").write_text("x\n{{ summary.rating }}\n", "utf-8")
    async with FakeRelay().listening() as relay:
        report = await carry(house, relay)
        assert (report.accepted, report.retry) == (MAILS - 1, 1)
        (message, _, settled) = look.incidents(house)["template:morning_summary/text:2"]
        assert "morning_summary/text, dòng 2" in message and "rating" in message and not settled
        (templates / "letters/morning_summary/text").write_text(good, "utf-8")
        composer.cache_clear()  # as in the next process
        later = await carry(house, relay, MORNING + timedelta(minutes=5))
    assert later.accepted == 1 and mail_to(house, "DUK-BTC").state == "accepted"


async def test_mail_too_late_to_matter_is_said_and_not_sent(post: Services) -> None:
    async with FakeRelay().listening() as relay:
        report = await carry(post, relay, MORNING + timedelta(days=3))
    assert report.expired == MAILS - report.superseded and relay.kept == []
    assert "quá thời hạn" in look.incidents(post)["expired:2024-11-21"][0]


async def test_mended_mail_is_sent_again_by_a_person(post: Services) -> None:
    async with FakeRelay({"cb004@khoi.example": ["550 không có"]}).listening() as relay:
        await carry(post, relay)
        failed = mail_to(post, "YT")
        with post.db.write() as connection:
            mended = sa.update(person).where(person.c.id == failed.person_id).values(email="dung@khoi.example")
            connection.execute(mended)
        send_again(post, failed.id, MORNING, actor="trưởng ban")
        assert (await carry(post, relay)).accepted == 1
    assert relay.recipients[-1] == "dung@khoi.example" and "dung@" in str(read(relay.kept[-1])["To"])
    assert look.incidents(post)[f"address:{failed.person_id}"][2]  # it works again: settled
    with pytest.raises(Refused, match="Máy chủ thư đã nhận"):
        send_again(post, failed.id, MORNING, actor="trưởng ban")
    with pytest.raises(NotFound, match="99"):
        send_again(post, 99, MORNING, actor="trưởng ban")


async def test_what_was_withheld_goes_out_once_real_mail_is_on(new_house: NewHouse) -> None:
    async with FakeRelay().listening() as relay:
        careful = filled(new_house("", smtp_host="127.0.0.1", smtp_port=relay.port))
        assert (await deliver(careful, MORNING)).withheld == MAILS
        items.act(careful, look.item_id(careful, "YT-1", "chi-bo"), "submit", MORNING, actor="bí thư")
        assert release_withheld(careful, MORNING, actor="trưởng ban") == MAILS
        settings = careful.settings.model_copy(update={"send_for_real": True})
        report = await deliver(Services(careful.db, settings, careful.workdays), MORNING)
    assert (report.accepted, report.superseded) == (MAILS - 1, 1)
    assert release_withheld(careful, MORNING, actor="trưởng ban") == 0


# The daily cap


async def test_the_rest_waits_for_tomorrow_and_escalations_go_first(new_house: NewHouse) -> None:
    house = filled(new_house("", daily_cap=1))
    both = at("2024-12-13 08:00")  # a Friday, T+1 of 12/12
    async with FakeRelay().listening() as relay:
        await carry(house, relay)
        sweep(house, at("2024-12-12 20:00"))  # T of 12/12, told in the evening
        with house.db.write() as connection:  # that evening nobody delivered
            connection.execute(sa.update(envelope).where(envelope.c.state == "queued").values(release_at=both))
        sweep(house, both)
        second = mail_to(house, "YT")
        report = await carry(house, relay, both)
        waiting = mails(house, "queued")
        next_day = await carry(house, relay, at("2024-12-16 07:00"))  # Monday, the window opens
    assert report.deferred == len(waiting) > 0
    assert {look.local_iso(row.release_at)[:16] for row in waiting} == {"2024-12-16T07:00"}
    assert all(row.attempts == 0 for row in waiting)
    said = text_of(next(row for row in mails(house) if row.id == second.id).body)
    assert "Quá hạn 1 ngày" in said and "việc khác trên bảng theo dõi" in said
    assert next_day.accepted + next_day.superseded == len(waiting)


# Holding


async def test_a_hold_stops_everything_until_a_person_confirms(post: Services) -> None:
    with post.db.write() as connection:
        hold.hold(connection, "đồng hồ máy nhảy", MORNING)
    async with FakeRelay().listening() as relay:
        assert (await carry(post, relay)).held == "đồng hồ máy nhảy"
        assert relay.heard["BANNER"] == 0
        assert hold.release_hold(post.db, "trưởng ban", MORNING) == "đồng hồ máy nhảy"
        assert (await carry(post, relay)).accepted == MAILS


async def test_a_restored_backup_is_noticed_and_sends_nothing_twice(post: Services, tmp_path: Path) -> None:
    file, backup = tmp_path / "home" / "hanchot.db", tmp_path / "backup.db"
    post.db.close()
    _copy(file, backup)
    async with FakeRelay().listening() as relay:
        assert (await carry(post, relay)).accepted == MAILS
        post.db.close()
        _copy(backup, file)  # yesterday's backup comes back
        report = await carry(post, relay)
        assert report.held is not None and "phục hồi" in report.held
        assert (await carry(post, relay)).held == report.held
        hold.release_hold(post.db, "trưởng ban", MORNING)
        after = await carry(post, relay)
        assert after == DeliveryReport(superseded=MAILS)
        sweep(post, at("2024-12-09 08:00"))  # what is new is sent as ever
        assert (await carry(post, relay, at("2024-12-09 08:00"))).accepted > 0
    assert len(set(relay.message_ids)) == len(relay.kept)


def _copy(source: Path, target: Path) -> None:
    for extra in ("-wal", "-shm"):
        Path(f"{target}{extra}").unlink(missing_ok=True)
    shutil.copyfile(source, target)


def test_the_journal_says_no_more_than_the_database_committed(post: Services, tmp_path: Path) -> None:
    """A new database has another epoch, so its journal is another file."""
    with post.db.read() as connection:
        journal = Journal(tmp_path, fact(connection, "epoch") or "")
    assert (journal.mark(), journal.all_sent()) == (0, frozenset())
    journal.begin(7)
    journal.sent(["1/T-3/0/5", "2/T/0/5"])
    journal.begin(6)
    assert journal.mark() == 7
    assert journal.all_sent() == {"1/T-3/0/5", "2/T/0/5"}
    assert Journal(tmp_path, "another").mark() == 0


# Two at once


async def test_two_senders_share_the_work_and_never_a_mail(new_house: NewHouse, database_url: str) -> None:
    house = filled(new_house(database_url))
    together = threading.Barrier(3)
    reports: list[DeliveryReport] = []

    def send(port: int) -> None:
        own = Services(Database(house.settings.url), house.settings, house.workdays)
        relay = FakeRelay(port=port).relay()
        together.wait()
        reports.append(asyncio.run(deliver(own, MORNING, relay=relay)))
        own.db.close()

    async with FakeRelay(slow=0.01).listening() as relay:
        senders = [asyncio.to_thread(send, relay.port) for _ in range(3)]
        await asyncio.gather(*senders)
    assert sum(report.accepted for report in reports) == MAILS
    assert len(relay.kept) == len(set(relay.message_ids)) == MAILS
    assert {row.attempts for row in mails(house)} == {1}


def test_a_report_in_words_and_as_json() -> None:
    report = DeliveryReport(accepted=3, retry=1, held="máy chủ thư nghỉ")
    assert str(report) == "3 máy chủ thư đã nhận; 1 gửi lại sau; tạm dừng: máy chủ thư nghỉ"
    facts: dict[str, Any] = report.to_json()
    assert facts["accepted"] == 3 and facts["nothing"] is False
