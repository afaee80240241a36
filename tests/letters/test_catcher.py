"""The local catcher and its inbox, over real SMTP."""

from __future__ import annotations

import asyncio
import shutil
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hanchot.letters import inbox
from hanchot.letters.catcher import Maildir, catching, main
from hanchot.letters.mime import build
from hanchot.letters.smtp import Message, Relay, Result, hand_over
from tests.letters.test_mime import DAY_ENTRY, LETTER, SENDER, _with


class Everything:
    """A record that lets all go and remembers what became of it."""

    def __init__(self) -> None:
        self.results: dict[int, Result] = {}

    async def begin(self, number: int) -> bool:
        return True

    def body_sent(self, number: int) -> None:
        pass

    def done(self, number: int, result: Result) -> None:
        self.results[number] = result


def _relay(port: int) -> Relay:
    known = {"host": "127.0.0.1", "mail_from": "hanchot@khoi.example", "security": "none", "local": True}
    return Relay(port=port, connections=3, **known)  # type: ignore[arg-type]


async def test_what_is_sent_stands_in_the_inbox(tmp_path: Path) -> None:
    letters = [_with(key=f"k{n}", to_address=f"cb{n}@khoi.example", entries=(DAY_ENTRY,)) for n in range(250)]
    sent = [Message(n, letter.to_address, build(letter, SENDER).raw) for n, letter in enumerate(letters)]
    record = Everything()
    async with catching(tmp_path) as port:
        assert await hand_over(_relay(port), sent, record) is None
    assert {result.kind for result in record.results.values()} == {"accepted"}
    page = inbox.messages(tmp_path, limit=20, offset=240)
    assert (page.total, len(page.lines)) == (250, 10)
    whole = inbox.message(tmp_path, page.lines[0].key)
    assert whole is not None
    assert whole.subject == LETTER.composed.subject
    assert whole.text == LETTER.composed.text and whole.html == LETTER.composed.html
    assert whole.at == LETTER.planned_at
    assert [name for name, _ in whole.attachments] == ["han-chot.ics"]
    assert dict(whole.headers)["Auto-Submitted"] == "auto-generated"


def _fill(folder: Path, count: int) -> Maildir:
    maildir = Maildir(folder)
    for n in range(count):
        composed = LETTER.composed.__class__(f"Thư số {n}", "thân\n", "<p>thân</p>")
        maildir.keep(build(_with(key=str(n), composed=composed, to_name=f"Nguyễn Văn Ấn {n}"), SENDER).raw)
    return maildir


def test_newest_first_found_without_marks_and_only_new_files_are_read(tmp_path: Path) -> None:
    maildir = _fill(tmp_path, 30)
    assert [line.subject for line in inbox.messages(tmp_path, limit=2).lines] == ["Thư số 29", "Thư số 28"]
    assert inbox.messages(tmp_path, query="thu so 7").total == 1
    assert inbox.messages(tmp_path, query="van an 12").lines[0].to.startswith("Nguyễn Văn Ấn 12")
    maildir.keep(b"Subject: =?utf-8?b?xxx?=\r\nDate: never\r\n\r\n.")
    newest = inbox.messages(tmp_path, limit=1).lines[0]
    assert newest.at == datetime.fromtimestamp(0, UTC)
    assert inbox.messages(tmp_path).total == 31
    Maildir(tmp_path).keep(b"Subject: sau\r\n\r\n")  # another process goes on counting
    assert inbox.messages(tmp_path, limit=1).lines[0].subject == "sau"
    shutil.rmtree(tmp_path / "new")
    assert inbox.messages(tmp_path).total == 0


def test_twenty_thousand_messages_are_listed_without_reading_them(tmp_path: Path) -> None:
    new = Maildir(tmp_path)._new
    raw = b"Subject: x\r\nTo: a@b.example\r\n\r\n."
    first = new / "000000000001.00000000.eml"
    first.write_bytes(raw)
    for n in range(2, 20_001):
        (new / f"{n:012}.00000000.eml").hardlink_to(first)
    inbox.messages(tmp_path, limit=50)
    started = time.process_time()
    page = inbox.messages(tmp_path, limit=50, offset=100)
    assert page.total == 20_000 and len(page.lines) == 50
    assert time.process_time() - started < 1


@pytest.mark.parametrize("key", ["../../etc/passwd", "000000000001.00000000.eml/..", "", "000000000099.00000000.eml"])
def test_a_key_is_a_file_name_of_ours(tmp_path: Path, key: str) -> None:
    Maildir(tmp_path)
    assert inbox.message(tmp_path, key) is None


async def test_it_listens_on_this_machine_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="chỉ nghe trên máy này"):
        async with catching(tmp_path, host="0.0.0.0"):
            pass


def test_a_taken_port_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["--port", str(port), "--dir", str(tmp_path)]) == 2
    assert f"127.0.0.1:{port}" in capsys.readouterr().err


async def test_as_a_program_it_says_ready_and_ends_when_asked(tmp_path: Path) -> None:
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hanchot.letters.catcher", "--port", "0", "--dir", str(tmp_path),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert program.stdout is not None
    ready = (await asyncio.wait_for(program.stdout.readline(), 20)).split()
    assert ready[:2] == [b"ready", b"127.0.0.1"]
    record = Everything()
    await hand_over(_relay(int(ready[2])), [Message(1, "a@khoi.example", build(LETTER, SENDER).raw)], record)
    program.terminate()
    assert await asyncio.wait_for(program.wait(), 20) == 0
    assert record.results[1].kind == "accepted"
    assert inbox.messages(tmp_path).total == 1
