"""Uploads at the board: too large, torn off in the middle, read aside; what was typed is never lost."""

from __future__ import annotations

import asyncio
import re
import threading
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from hanchot.board import being_read
from hanchot.board.frame import STATIC
from hanchot.board.incoming import MAX_FILE
from hanchot.domain.errors import BadDocument
from hanchot.reader import files, scan
from hanchot.service import readings
from hanchot.service.services import Services
from hanchot.store.desk_tables import form_draft
from tests.board.conftest import Visitor, words
from tests.board.desk import HERE
from tests.board.people import STRANGER, signed_in
from tests.board.test_my_papers import LU, NOON
from tests.board.waiting import read_to_the_end
from tests.commune import YEAR, commune
from tests.drafts import BODY
from tests.look import at, item_id

LARGE = ("phim họp.mp4", bytes(MAX_FILE + 1))


@pytest.fixture
def lu(empty_house: Services) -> Visitor:
    return signed_in(commune(empty_house), LU, NOON)


@pytest.fixture
def dossier(lu: Visitor) -> str:
    return f"/my/items/{item_id(lu.house, 'TH', 'ho-so-nam', YEAR)}"


def sent(who: Visitor, path: str, file: tuple[str, bytes], field: str = "file", **typed: str) -> Any:
    """A form with a file, as a browser sends it; nothing is followed."""
    token = re.findall(r'name="token" value="(\w+)"', who.page(path))[-1]
    form = {"token": token, "revision": "0"} | typed
    return who.client.post(path, data=form, files={field: file}, headers=HERE, follow_redirects=False)


def test_a_large_file_costs_nobody_the_note_that_was_typed(lu: Visitor, dossier: str) -> None:
    answer = sent(lu, dossier, LARGE, do="submit", note="Đã họp, đủ chữ ký", paper="/bien-ban")
    assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    said = words(answer.text)
    assert "Tệp “phim họp.mp4” lớn hơn 20 MB nên không nhận." in said and "giảm cỡ ảnh" in said
    assert 'id="file-fault"' in answer.text and ">Đã họp, đủ chữ ký</textarea>" in answer.text
    assert 'value="/bien-ban" selected' in answer.text
    assert ">Đã họp, đủ chữ ký</textarea>" in lu.page(dossier)  # saved: it is there on another day, too
    assert "đã có 0 trên" in lu.reads(dossier)


def test_elsewhere_a_large_file_is_named_and_the_words_are_shown(board: Visitor) -> None:
    answer = sent(board, "/people/import", LARGE, remark="điều đã gõ")
    assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    said = words(answer.text)
    assert "phim họp.mp4" in said and "điều đã gõ" in said and "token" not in said
    answer = sent(board, "/documents", LARGE, field="document", name="Lê Thị Dung")
    assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert "phim họp.mp4" in words(answer.text) and 'value="Lê Thị Dung"' in answer.text


def test_a_stranger_hears_no_more_with_a_large_file_than_without(lu: Visitor, dossier: str) -> None:
    other = signed_in(lu.house, "Sùng Thị Chú", NOON)
    token = re.findall(r'name="token" value="(\w+)"', other.page("/my"))[-1]
    answer = other.client.post(dossier, data={"token": token, "note": "x"}, files={"file": LARGE}, headers=HERE)
    assert answer.status_code == HTTPStatus.NOT_FOUND


def test_a_line_that_breaks_in_mid_form_writes_nothing_and_leaves_no_trace(
    lu: Visitor, dossier: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The server sees fewer bytes than were announced, then nobody at the other end."""
    token = re.findall(r'name="token" value="(\w+)"', lu.page(dossier))[-1]
    field = '--x\r\nContent-Disposition: form-data; name="{}"'.format
    start = f"{field('token')}\r\n\r\n{token}\r\n{field('note')}"
    cookies = "; ".join(f"{name}={value}" for name, value in lu.client.cookies.items())
    headers = {"host": "127.0.0.1:8642", "content-type": "multipart/form-data; boundary=x", "content-length": "999999",
               "cookie": cookies, **HERE}  # fmt: skip
    scope = {"type": "http", "method": "POST", "path": dossier, "raw_path": dossier.encode(), "query_string": b"",
             "root_path": "", "scheme": "http", "http_version": "1.1", "server": ("127.0.0.1", 8642),
             "client": ("127.0.0.1", 1), "headers": [(k.encode(), v.encode()) for k, v in headers.items()]}  # fmt: skip
    comes = iter([{"type": "http.request", "body": start.encode(), "more_body": True}, {"type": "http.disconnect"}])

    async def receive() -> Any:
        return next(comes)

    async def send(_message: object) -> None: ...

    asyncio.run(lu.client.app(scope, receive, send))  # type: ignore[arg-type]
    assert caplog.records == []
    with lu.house.db.read() as connection:
        assert connection.execute(sa.select(form_draft)).all() == []


def test_the_script_knows_the_same_limit() -> None:
    most = re.search(r"var most = (\d+);", (STATIC / "board.js").read_text(encoding="utf-8"))
    assert most and int(most[1]) * 2**20 == MAX_FILE


class Slow:
    """A reader that stands still after two of five pages until it is let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.there, self.go, self.read = threading.Event(), threading.Event(), 0
        self.fault: BadDocument | None = None
        monkeypatch.setattr(files, "read_bytes", self)
        monkeypatch.setattr(being_read, "SOON", 0.0)

    def __call__(self, data: bytes, name: str, tell: Any) -> files.Text:
        self.read += 1
        tell(2, 5)
        self.there.set()
        assert self.go.wait(60)
        if self.fault:
            raise self.fault
        return files.Text(("Số 15-KH/ĐUK", "KẾ HOẠCH kiểm điểm năm 2024"), "scan", (), "")


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Any:
    one = Slow(monkeypatch)
    yield one
    one.go.set()
    read_to_the_end()


def test_a_scan_is_answered_at_once_and_shows_how_far_it_is(board: Visitor, slow: Slow) -> None:
    first = sent(board, "/documents", ("quet.txt", BODY), "document", name="Bình")
    assert (first.status_code, first.headers["location"]) == (303, "/documents/1")
    assert slow.there.wait(60)
    answer = board.client.get("/documents/1")
    assert "Đang đọc trang 3 trên 5" in words(answer.text) and 'value="2"' in answer.text
    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in answer.text and 'data-pace="2"' in answer.text
    same = board.client.get("/documents/1", headers={"if-none-match": answer.headers["etag"]})
    assert same.status_code == HTTPStatus.NOT_MODIFIED
    assert "Đang đọc · 2/5 trang" in board.reads("/documents")
    assert board.client.get("/documents/1/original").content == BODY
    again = sent(board, "/documents", ("quet.txt", BODY), "document", name="Bình")  # a second click reads nothing twice
    assert again.headers["location"] == "/documents/1"
    slow.go.set()
    read_to_the_end()
    page = board.client.get("/documents/1", headers={"if-none-match": answer.headers["etag"]})
    assert "data-stamp" not in page.text and "15-KH/ĐUK" in words(page.text) and slow.read == 1


def test_what_cannot_be_read_says_so_and_is_read_again_or_thrown_away(board: Visitor, slow: Slow) -> None:
    slow.fault = BadDocument("Tệp “quet.txt” có mật khẩu nên không đọc được.", way_out="Lưu bản không có mật khẩu.")
    slow.go.set()
    sent(board, "/documents", ("quet.txt", BODY), "document", name="Bình")
    read_to_the_end()
    said = board.reads("/documents/1")
    assert "có mật khẩu nên không đọc được. Lưu bản không có mật khẩu." in said and "Đọc lại" in said
    assert "Chưa đọc được · Tệp “quet.txt” có mật khẩu" in board.reads("/documents")
    slow.fault = None
    assert pressed(board, "read") == "/documents/1"
    read_to_the_end()
    assert "15-KH/ĐUK" in board.reads("/documents/1")


def test_a_reading_that_the_board_did_not_survive_is_taken_up_again(board: Visitor) -> None:
    readings.receive(board.house, BODY, "quet.txt", at(board.time), "Bình")  # and the process that was to read it is gone
    assert "Đang mở văn bản" in board.reads("/documents/1")
    board.time = "2024-11-18 09:02"
    said = board.reads("/documents/1")
    assert "Việc đọc đã dừng giữa chừng" in said and "Tệp còn nguyên" in said
    assert pressed(board, "read") == "/documents/1"
    read_to_the_end()
    assert "Đã xem 0/" in board.reads("/documents/1")


def test_a_document_nobody_can_read_is_thrown_away(board: Visitor) -> None:
    readings.receive(board.house, BODY, "quet.txt", at("2024-11-17 09:00"), "Bình")
    assert pressed(board, "discard") == "/documents"
    assert "quet.txt" not in board.reads("/documents")
    board.page("/documents/1", status=404)


def pressed(board: Visitor, do: str) -> str:
    """A button of the page of a document that was not read; returns where it leads."""
    token = re.findall(r'name="token" value="(\w+)"', board.page("/documents/1"))[0]
    form = {"token": token, "place": "reading", "revision": "0", "do": do}
    answer = board.client.post("/documents/1", data=form, headers=HERE, follow_redirects=False)
    assert answer.status_code == 303, words(answer.text)
    return str(answer.headers["location"])


def test_a_stranger_sees_neither_the_reading_nor_its_buttons(board: Visitor) -> None:
    readings.receive(board.house, BODY, "quet.txt", at(board.time), "Bình")
    stranger = signed_in(board.house, STRANGER, board.time)
    assert "quet.txt" not in words(stranger.client.get("/documents/1").text)


@pytest.mark.skipif(not scan.can_recognise(), reason="Tesseract with Vietnamese is not installed")
def test_a_real_scan_is_read_to_its_draft(board: Visitor, tmp_path: Path) -> None:
    from tests.reader.papers import PLAN, pdf_of, picture_of, saved

    page = picture_of(pdf_of(PLAN), dpi=150)
    answer = sent(board, "/documents", ("bản quét.pdf", saved(page, "PDF")), "document", name="Bình")
    assert answer.headers["location"] == "/documents/1"
    read_to_the_end()
    assert "12-KH/ĐU" in board.reads("/documents/1") and "chậm nhất ngày 10/12/2024" in board.reads("/documents/1")
