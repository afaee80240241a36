"""The calendar file that goes with a reminder: a convenience, for a moved deadline is told in words.

All-day events where the deadline is a day, an instant in UTC where it has an hour; no time zone table is needed.
A cycle has thousands of units and a handful of deadlines, so the library makes each event once, with place holders.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from icalendar import Alarm, Calendar, Event, Parameters, vText, vUri
from icalendar.parser import Contentline

from hanchot.domain.instants import ZONE
from hanchot.letters.words import nfc

MOST = 5
_END_OF_DAY = time(23, 59, 59)
_END = "END:VCALENDAR"
_UID, _TITLE, _URL = "-uid-", "-title-", "-url-"


@dataclass(frozen=True, slots=True)
class Entry:
    """One deadline. ``uid`` is the work item's, ``revision`` grows with every move of its deadline."""

    uid: str
    revision: int
    title: str
    last_day: date
    last_moment: datetime | None = None
    url: str = ""


def attachment(entries: tuple[Entry, ...], domain: str, at: datetime) -> bytes:
    """An iCalendar file (METHOD:PUBLISH) of at most five entries; ``at`` is when the letter was planned."""
    head, _, tail = _frame().partition(_END)
    return (head + "".join(_filled(entry, domain, at) for entry in entries[:MOST]) + _END + tail).encode()


def subscription(entries: tuple[Entry, ...], domain: str, at: datetime, name: str) -> bytes:
    """The calendar that a person subscribes to: every deadline as a whole day, asked for again every few hours."""
    head = Calendar()
    head.add("prodid", "-//Han Chot//vi")
    head.add("version", "2.0")
    head.add("x-wr-calname", nfc(name))
    head.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    head.add("x-published-ttl", "PT6H")
    start, _, tail = str(head.to_ical(), "utf-8").partition(_END)
    return (start + "".join(_filled(replace(one, last_moment=None), domain, at) for one in entries) + _END + tail).encode()


def _filled(entry: Entry, domain: str, at: datetime) -> str:
    title = vText(nfc(entry.title))
    event = _event(entry.revision, entry.last_day, entry.last_moment, at)
    for name, holder, value in (
        ("UID", _UID, vText(f"{entry.uid}@{domain}")),
        ("SUMMARY", _TITLE, title),
        ("DESCRIPTION", _TITLE, title),
        ("URL", _URL, vUri(entry.url)),
    ):
        said = Contentline.from_parts(name, Parameters(), value).to_ical()
        event = event.replace(f"{name}:{holder}", said.decode())
    return event


@lru_cache(maxsize=1)
def _frame() -> str:
    made = Calendar()
    made.add("prodid", "-//Han Chot//vi")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    return str(made.to_ical(), "utf-8")


@lru_cache(maxsize=1024)
def _event(revision: int, last_day: date, last_moment: datetime | None, at: datetime) -> str:
    event = Event()
    event.add("uid", _UID)
    event.add("sequence", revision)
    event.add("dtstamp", at.astimezone(UTC))
    if last_moment is None or last_moment.astimezone(ZONE).time() == _END_OF_DAY:
        event.add("dtstart", last_day)
        event.add("dtend", last_day + timedelta(days=1))
    else:
        event.add("dtstart", last_moment.astimezone(UTC))
    event.add("summary", _TITLE)
    event.add("transp", "TRANSPARENT")
    event.add("url", _URL)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", timedelta(days=-1))
    alarm.add("description", _TITLE)
    event.add_component(alarm)
    return str(event.to_ical(), "utf-8")
