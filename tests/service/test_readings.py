"""A document is read aside, on both databases: once, by one reader at a time; a reader that dies is seen, and followed."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from hanchot.domain.errors import AlreadyDone, BadDocument, NotFound, Refused
from hanchot.reader import files
from hanchot.reader.workshop import QUIET
from hanchot.service import drafts, readings
from hanchot.service.services import Services
from hanchot.service.views.drafts import draft_list
from tests.drafts import BODY
from tests.look import at

NOON = at("2024-11-18 12:00")
LATER = NOON + readings.LEASE
BINH, AN = "Trần Thị Bình", "Nguyễn Văn An"


def handed_in(house: Services, data: bytes = BODY, name: str = "ke-hoach.txt") -> tuple[int, str]:
    made, claim = readings.receive(house, data, name, NOON, BINH)
    assert claim
    return made, claim


def state(house: Services, draft_id: int, now: object = NOON) -> str:
    found = readings.reading_of(house, draft_id)
    return found.state(now) if found else "read"  # type: ignore[arg-type]


def actions(house: Services) -> list[str]:
    with house.db.read() as connection:
        rows = connection.execute(sa.text("SELECT action FROM event WHERE action LIKE 'document.%' ORDER BY seq"))
        return [row.action for row in rows]


def test_a_document_waits_is_read_and_its_draft_is_there(any_house: Services) -> None:
    made, claim = handed_in(any_house)
    assert state(any_house, made) == "reading" and draft_list(any_house) == []
    with pytest.raises(Refused, match="chưa đọc xong"):
        drafts.find(any_house, made)
    readings.read(any_house, made, claim, lambda: NOON)
    record = drafts.find(any_house, made)
    assert (state(any_house, made), record.kind, record.changed_by, record.read_at) == ("read", "txt", BINH, NOON)
    dates = {str(getattr(one.deadline, "date", "")) for one in record.draft.deadlines}
    assert {"2024-12-10", "2024-12-15"} <= dates and "15-KH/ĐUK" in (record.draft.document.number or "")
    assert actions(any_house) == ["document.received", "document.read"]


def test_a_file_that_is_no_document_leaves_nothing(any_house: Services) -> None:
    with pytest.raises(BadDocument):
        readings.receive(any_house, b"MZ\x90\x00 not a plan", "ke-hoach.docx", NOON, BINH)
    with pytest.raises(NotFound, match="Không có văn bản số 1"):
        drafts.find(any_house, 1)
    assert actions(any_house) == [] and readings.unread(any_house) == []


def test_the_same_file_from_several_hands_at_once_is_read_by_one(any_house: Services) -> None:
    answers: list[tuple[int, str | None]] = []
    start = threading.Barrier(4)

    def hand_in() -> None:
        start.wait()
        answers.append(readings.receive(any_house, BODY, "ke-hoach.txt", NOON, BINH))

    hands = [threading.Thread(target=hand_in) for _ in range(4)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert len({draft_id for draft_id, _ in answers}) == 1
    assert sum(claim is not None for _, claim in answers) == 1
    assert actions(any_house) == ["document.received"]


def test_how_far_it_is_stands_in_the_database(any_house: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[int, int]] = []

    def slow(data: bytes, name: str, tell: object) -> files.Text:
        for page in range(3):
            tell(page, 3)  # type: ignore[operator]
            found = readings.reading_of(any_house, made)
            assert found
            seen.append((found.page, found.pages))
        return files.Text(("Số 15-KH/ĐUK",), "scan", (), "")

    made, claim = handed_in(any_house)
    monkeypatch.setattr(files, "read_bytes", slow)
    readings.read(any_house, made, claim, lambda: NOON)
    assert seen == [(0, 3), (1, 3), (2, 3)]
    assert drafts.find(any_house, made).kind == "scan"


def test_a_reader_that_died_is_seen_when_its_lease_has_run_out_and_another_follows(any_house: Services) -> None:
    made, dead = handed_in(any_house)
    just = LATER - timedelta(seconds=1)
    assert state(any_house, made, just) == "reading" and readings.again(any_house, made, just, AN) is None
    assert state(any_house, made, LATER) == "stopped"
    claims = [readings.again(any_house, made, LATER, AN) for _ in range(2)]
    assert claims[0] and claims[1] is None  # the second click finds it being read
    with pytest.raises(AlreadyDone):
        readings.hold(any_house, made, dead, LATER, page=1, pages=2)
    readings.read(any_house, made, dead, lambda: LATER)  # the one thought dead comes back, and writes nothing
    assert state(any_house, made, LATER) == "reading"
    readings.read(any_house, made, claims[0], lambda: LATER)
    assert drafts.find(any_house, made).changed_by == BINH  # who handed it in; the log says who had it read again
    assert actions(any_house) == ["document.received", "document.read_again", "document.read"]


def test_a_lease_outlasts_the_longest_silence_of_a_reader() -> None:
    assert readings.LEASE.total_seconds() > QUIET


def test_what_cannot_be_read_says_why_and_is_kept_until_it_is_read_or_thrown_away(any_house: Services) -> None:
    made, claim = handed_in(any_house, b"%PDF-1.4 torn", "rach.pdf")
    readings.read(any_house, made, claim, lambda: NOON)
    (found,) = readings.unread(any_house)
    assert found.state(NOON) == "failed" and "rach.pdf" in (found.fault or "") and found.way_out
    assert drafts.original(any_house, made) == ("rach.pdf", b"%PDF-1.4 torn")
    retried = readings.receive(any_house, b"%PDF-1.4 torn", "rach.pdf", NOON, AN)  # handed in once more: tried once more
    assert retried[0] == made and retried[1]
    with pytest.raises(Refused, match="đang được đọc"):
        readings.discard(any_house, made, NOON, AN)
    readings.read(any_house, made, retried[1], lambda: NOON)
    for _ in range(2):
        readings.discard(any_house, made, NOON, AN)
    assert readings.unread(any_house) == []
    assert handed_in(any_house, b"%PDF-1.4 torn", "rach.pdf")[1]


def test_a_fault_of_ours_is_one_sentence_and_no_trace(
    any_house: Services, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("somewhere within")

    made, claim = handed_in(any_house)
    monkeypatch.setattr(files, "read_bytes", broken)
    readings.read(any_house, made, claim, lambda: NOON)
    found = readings.reading_of(any_house, made)
    assert found and found.state(NOON) == "failed" and "within" not in f"{found.fault} {found.way_out}"
    assert "somewhere within" in caplog.text  # whoever keeps the machine reads it in the log
