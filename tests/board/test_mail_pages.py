"""Letters and their fate, and the inbox of the local catcher."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from hanchot.letters.catcher import Maildir, catching
from hanchot.service.mail.deliver import deliver
from hanchot.service.services import Services
from hanchot.service.sweep import sweep
from hanchot.service.views import letters as views
from hanchot.store.tables import letter
from tests.board.conftest import Visitor
from tests.look import at
from tests.post import mails

MORNING = at("2024-11-18 08:00")


async def send(board: Visitor) -> None:
    """The first morning's mail, carried to a real catcher."""
    sweep(board.house, MORNING)
    async with catching(board.house.settings.mail_dir) as port:
        settings = board.house.settings.model_copy(update={"catcher_port": port})
        await deliver(Services(board.house.db, settings, board.house.workdays), MORNING)


def test_before_it_is_sent_a_letter_waits_without_words(board: Visitor) -> None:
    sweep(board.house, MORNING)
    said = board.reads("/letters")
    assert "Chờ gửi (8)" in said
    assert "chưa dựng, gửi từ 08:00 18/11/2024" in said
    first = mails(board.house)[0]
    assert "Lời thư được dựng và giữ nguyên khi đến lượt gửi." in board.reads(f"/letters/{first.id}")


async def test_the_most_that_is_claimed_is_that_the_relay_took_it(board: Visitor) -> None:
    await send(board)
    sent = next(row for row in mails(board.house, "accepted") if row.name == "Phan Văn Lâm")
    said = board.reads(f"/letters/{sent.id}")
    assert sent.subject in said
    assert "Máy chủ thư đã nhận" in said
    assert "Kính gửi: Đồng chí Phan Văn Lâm" in said
    assert "Chi bộ Báo tỉnh" in said
    assert "đã đọc" not in said


async def test_letters_are_found_by_fate_and_by_person(board: Visitor) -> None:
    await send(board)
    assert "Máy chủ thư đã nhận (8)" in board.reads("/letters")
    assert len(board.matrix("/letters?state=accepted")) == 8
    assert [row[2].split(" cb")[0] for row in board.matrix("/letters?q=phan van")] == ["Phan Văn Lâm"]
    assert "Không có thư nào khớp." in board.reads("/letters?state=accepted&q=không ai")
    board.page("/letters?state=mất", status=404)


def test_a_letter_about_thousands_is_read_page_by_page(board: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    sweep(board.house, MORNING)
    with board.house.db.read() as connection:
        many = sa.select(letter.c.envelope_id).group_by(letter.c.envelope_id).having(sa.func.count() > 1)
        number = connection.execute(many.order_by(letter.c.envelope_id)).scalars().first()
    whole = board.matrix(f"/letters/{number}")
    monkeypatch.setattr(views, "INSIDE", 1)
    assert f"Trang 1/{len(whole)}" in board.reads(f"/letters/{number}")
    assert board.matrix(f"/letters/{number}?page=2") == whole[1:2]


async def test_what_was_sent_stands_in_the_inbox(board: Visitor) -> None:
    assert "Chưa có thư nào." in board.reads("/inbox")
    await send(board)
    assert "8 thư, mới nhất đứng trước." in board.reads("/inbox")
    (row,) = board.matrix("/inbox?q=phan van lam")
    assert "Phan Văn Lâm" in row[2]
    key = board.page("/inbox?q=phan van lam").partition('href="/inbox/')[2].partition('"')[0]
    said = board.reads(f"/inbox/{key}")
    assert "Kính gửi: Đồng chí Phan Văn Lâm" in said
    assert "Message-ID:" in said


def test_a_letter_from_outside_cannot_run_or_fetch_anything(board: Visitor) -> None:
    evil = (
        b"From: a@b.example\r\nTo: c@d.example\r\nSubject: <script>1</script>\r\n"
        b"Content-Type: text/html; charset=utf-8\r\n\r\n<html><head></head><body><script>alert(1)</script><img src=http://x.example/i></body></html>\r\n"
    )
    key = Maildir(board.house.settings.mail_dir).keep(evil)
    assert "<script>1" not in board.page("/inbox")
    frame = board.page(f"/inbox/{key}")
    assert "alert(1)" not in frame
    assert 'sandbox="allow-popups' in frame
    answer = board.client.get(f"/inbox/{key}/html")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "sandbox" in policy and "allow-scripts" not in policy and "script-src" not in policy
    assert "<head><base target" in answer.text


def test_only_keys_of_the_inbox_are_opened(board: Visitor) -> None:
    for key in ("x", "..%2f..%2fhanchot.db", "000000000001.deadbeef.eml"):
        board.page(f"/inbox/{key}", status=404)


def test_a_page_past_the_end_is_the_last_one(board: Visitor) -> None:
    folder = Maildir(board.house.settings.mail_dir)
    for n in range(60):
        folder.keep(f"From: a@b.example\r\nTo: c{n}@d.example\r\nSubject: Thu {n}\r\n\r\nx\r\n".encode())
    assert len(board.matrix("/inbox?page=1")) == 50
    assert len(board.matrix("/inbox?page=2")) == 10
    assert len(board.matrix("/inbox?page=99")) == 10
    assert "Trang 2/2" in board.reads("/inbox?page=99")
