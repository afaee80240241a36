"""Letters as bytes: what was put in comes out again, in every mail program that knows the standards."""

from __future__ import annotations

import random
import re
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, time
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import unquote

import icalendar
import pytest

from hanchot.domain.instants import at_local, end_of
from hanchot.letters.compose import Composed, compose
from hanchot.letters.invitation import Entry, attachment
from hanchot.letters.mime import Letter, Sender, build, message_id
from tests.letters.cases import DIGEST, TOLD_TO

SENDER = Sender("hanchot@khoi.example", "Hạn Chót – Ban Tổ chức", "btc@khoi.example")
PLANNED = datetime(2025, 12, 16, 1, 0, tzinfo=UTC)
LETTER = Letter(key="7:abc", to_name=TOLD_TO, to_address="tuyet@khoi.example", planned_at=PLANNED,
                composed=compose(DIGEST), thread="item-10234", list_id="dot-1")  # fmt: skip
TEXT = "lượng tổ chức đánh giá xếp loại Đảng ủy Khối ngữ nghĩa nghiêng những khuỷu Ấp Ồ hồ sơ – , 19/12 (+2) & <A>"
SYLLABLES = TEXT.split()


def _read(raw: bytes) -> EmailMessage:
    parsed = message_from_bytes(raw, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def _name(raw: bytes) -> str:
    """The addressee as RFC 2047 reads it. Python's newer parser puts spaces between the parts of a very long name."""
    said = str(message_from_bytes(raw, policy=policy.compat32)["To"]).rpartition("<")[0].strip()
    return unquote(str(make_header(decode_header(said))))


def _with(**changes: object) -> Letter:
    return replace(LETTER, **changes)  # type: ignore[arg-type]


def test_three_hundred_vietnamese_subjects_and_names_come_back_whole() -> None:
    """EmailMessage on Python 3.11 loses a space in about 84 of 300 such subjects."""
    dice = random.Random(300)
    for _ in range(300):
        title = " ".join(dice.choices(SYLLABLES, k=dice.randint(1, 30)))
        name = " ".join(dice.choices(SYLLABLES[:19], k=dice.randint(1, 12)))
        composed = Composed(title, "thân thư\n", "<p>thân thư</p>")
        raw = build(_with(composed=composed, to_name=name), SENDER).raw
        parsed = _read(raw)
        assert parsed["Subject"] == title
        assert _name(raw) == name
        head = raw.partition(b"\r\n\r\n")[0]
        assert max(map(len, head.split(b"\r\n"))) <= 78
        assert all(len(word) <= 75 for word in re.findall(rb"=\?.*?\?=", head))


def test_the_same_letter_is_the_same_bytes() -> None:
    first, second = build(LETTER, SENDER), build(LETTER, SENDER)
    assert first == second
    assert first.message_id == message_id("7:abc", "khoi.example")
    assert build(_with(key="7:abd"), SENDER).message_id != first.message_id


def test_headers() -> None:
    parsed = _read(build(LETTER, SENDER).raw)
    assert parsed["From"] == "Hạn Chót – Ban Tổ chức <hanchot@khoi.example>"
    assert parsed["Reply-To"] == "btc@khoi.example"
    assert [one.addr_spec for one in parsed["To"].addresses] == ["tuyet@khoi.example"]
    assert parsed["Date"].datetime == PLANNED
    assert parsed["Date"].endswith("+0700")
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert parsed["X-Auto-Response-Suppress"] == "All"
    assert parsed["References"] == message_id("thread/item-10234", "khoi.example")
    assert parsed["List-Id"] == "<dot-1.khoi.example>"
    assert re.fullmatch(r"<[a-z2-7]{32}@khoi\.example>", str(parsed["Message-ID"]))


def test_bodies_are_whole_and_lines_end_in_cr_lf() -> None:
    raw = build(LETTER, SENDER).raw
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    parsed = _read(raw)
    text, page = parsed.get_body(("plain",)), parsed.get_body(("html",))
    assert text is not None and page is not None
    assert text.get_content() == LETTER.composed.text
    assert page.get_content() == LETTER.composed.html


@pytest.mark.parametrize(
    "name",
    [
        unicodedata.normalize("NFD", "Nguyễn Thị Ấm"),
        "Chi bộ A & B <thôn 2>",
        'Ông "Ba" \\ Bà',
        "=1+1",
        "Nguyễn " * 28 + "An",
        "Tran Van A, B",
    ],
)
def test_odd_names_come_back_whole(name: str) -> None:
    raw = build(_with(to_name=name), SENDER).raw
    to = _read(raw)["To"].addresses
    assert [one.addr_spec for one in to] == ["tuyet@khoi.example"]
    assert _name(raw) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize("address", ["a@b.example\r\nBcc: c@d.example", "a@b.example\n", "а@khoi.example", "a\0@b.example"])
def test_an_address_that_cannot_stand_in_a_header_is_refused(address: str) -> None:
    with pytest.raises(ValueError):
        build(_with(to_address=address), SENDER)


def test_a_line_end_in_a_name_or_subject_is_no_new_header() -> None:
    composed = replace(LETTER.composed, subject="Hạn\r\nBcc: x@y.example")
    parsed = _read(build(_with(composed=composed, to_name="An\r\nBcc: x@y.example"), SENDER).raw)
    assert parsed["Bcc"] is None
    assert parsed["Subject"] == "Hạn Bcc: x@y.example"


FRIDAY = date(2025, 12, 19)
DAY_ENTRY = Entry("item-1", 2, "Hạn: gửi hồ sơ – Chi bộ A & B; C", FRIDAY, end_of(FRIDAY), "https://x.example/items/1")


def test_the_calendar_file_is_read_back() -> None:
    raw = build(_with(entries=(DAY_ENTRY,)), SENDER).raw
    part = next(part for part in _read(raw).walk() if part.get_content_type() == "text/calendar")
    assert part.get_filename() == "han-chot.ics"
    assert part.get_param("method") == "PUBLISH"
    read = icalendar.Calendar.from_ical(part.get_content())
    assert read["METHOD"] == "PUBLISH"
    (event,) = read.walk("VEVENT")
    assert event["UID"] == "item-1@khoi.example" and event["SEQUENCE"] == 2
    assert event["DTSTART"].dt == FRIDAY and event["DTEND"].dt == date(2025, 12, 20)
    assert str(event["SUMMARY"]) == DAY_ENTRY.title


def test_a_deadline_with_an_hour_is_an_instant_in_utc_and_there_are_five_at_most() -> None:
    at_three = replace(DAY_ENTRY, last_moment=at_local(FRIDAY, time(15)))
    made = attachment((at_three,) * 9, "khoi.example", PLANNED)
    events = icalendar.Calendar.from_ical(made.decode()).walk("VEVENT")
    assert len(events) == 5
    assert b"DTSTART:20251219T080000Z" in made
    assert b"VTIMEZONE" not in made
