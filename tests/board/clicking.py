"""One click, and two at once: the machine behind ``test_two_clicks``.

A board is served for real, and its house is put back as it was before every try. Two clicks are two requests with the same
form out of the same browser. Where either of them writes, it waits a moment for the other, so that both have looked before
one has written: the worst that two fingers can do.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from typing import Any, NamedTuple

import httpx
import sqlalchemy as sa

from hanchot.service.services import Services
from hanchot.store.tables import event, metadata
from tests.board.conftest import words
from tests.board.desk import HERE
from tests.board.sheets import Sheet, sheets_of
from tests.board.waiting import read_to_the_end

PATIENCE = 0.25  # seconds that one click waits for the other before it writes


@dataclass(frozen=True)
class Click:
    """``who`` presses the button ``do`` of a form on ``page``, or on what the click ``on`` shows, with ``typed`` in it.

    ``to``: where the form leads, when not back to its page; ``place``: the field of that name that tells forms of one
    address apart. ``files``: field → a name in ``Ground.files``. ``first``: what was clicked, once, before.
    ``sent``: where the page's script sends the form by itself.
    Whatever stands in braces is filled in from ``Ground.names``.
    """

    who: str
    page: str
    do: str = ""
    typed: Mapping[str, str | list[str]] = field(default_factory=dict)
    to: str = ""
    place: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    first: tuple[Click, ...] = ()
    on: Click | None = None
    sent: str = ""


class Answer(NamedTuple):
    """What came back: ``leads`` is where the browser is sent on, or empty; ``page`` the HTML."""

    status: int
    leads: str
    page: str

    def __str__(self) -> str:
        return f"{self.status} {self.leads or words(self.page)[:400]}"


class Meeting:
    """``Database.write`` as the clicks see it: each waits a moment for the other before it writes."""

    def __init__(self, services: Services) -> None:
        self._write, self._barrier = services.db.write, Barrier(1)

    def of(self, clicks: int) -> None:
        self._barrier = Barrier(clicks)

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        with suppress(BrokenBarrierError):  # the other has nothing (more) to write
            self._barrier.wait(PATIENCE)
        with self._write() as connection:
            yield connection


class Snapshot:
    """A house's database and files as they were when this was made."""

    def __init__(self, services: Services, folder: Path) -> None:
        self._services, self._kept = services, folder / "kept.db"
        self._live = str(services.db.engine.url.database)
        _copy(self._live, str(self._kept))
        self._files = set(services.settings.home.rglob("*"))

    def restore(self) -> None:
        _copy(str(self._kept), self._live)
        self._services.db.remembered.clear()
        for file in set(self._services.settings.home.rglob("*")) - self._files:
            if file.is_file() and not file.name.startswith(Path(self._live).name):
                file.unlink()


def _copy(source: str, target: str) -> None:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


@dataclass
class Ground:
    """The house that is clicked at. ``sessions``: who → cookies; ``names``: what stands in braces."""

    services: Services
    origin: str
    meeting: Meeting
    sessions: Mapping[str, Mapping[str, str]]
    names: Mapping[str, object]
    files: Mapping[str, tuple[str, bytes]]

    def rows(self) -> Counter[str]:
        """How many rows every table has; of events, how many of each kind."""
        count = sa.func.count()
        with self.services.db.read() as connection:
            tables = {
                table.name: connection.execute(sa.select(count).select_from(table)).scalar_one()
                for table in metadata.sorted_tables
            }
            kinds = connection.execute(sa.select(event.c.action, count).group_by(event.c.action))
            return Counter(tables) + Counter({f"event {action}": number for action, number in kinds})

    def added(self, one: Click, times: int) -> tuple[list[Answer], dict[str, int]]:
        """The answers of so many clicks at once, and the rows that they have added by table."""
        self._prepare(one)
        start = self.rows()
        answers = self.press(one, times)
        after = self.rows()
        after.subtract(start)
        return answers, {name: number for name, number in after.items() if number}

    def _prepare(self, one: Click) -> None:
        for before in one.first:
            self._prepare(before)
            _demand_done(before, self.press(before, 1))

    def press(self, one: Click, times: int) -> list[Answer]:
        """Fill the form in as the page gives it and send it so many times at once, out of one browser."""
        page = one.page.format(**self.names)
        cookies = dict(self.sessions[one.who])
        with httpx.Client(base_url=self.origin, cookies=cookies, headers=HERE, timeout=30) as browser:
            shown = self._shown(browser, one, page)
            sheet = _chosen(one, sheets_of(shown, page), one.to.format(**self.names) or page)
            sent, files = self._filled(one, sheet), {name: self.files[key] for name, key in one.files.items()}
            start = Barrier(times)

            def finger(_number: int) -> Answer:
                start.wait()
                return late()

            def late() -> Answer:
                answer = browser.post(one.sent.format(**self.names) or sheet.action, data=sent, files=files or None)
                return Answer(answer.status_code, answer.headers.get("location", ""), answer.text)

            self.meeting.of(times)
            with ThreadPoolExecutor(times) as hand:
                answers = list(hand.map(finger, range(times)))
            self.meeting.of(1)
            read_to_the_end()
            if times > 1:
                answers.append(late())
        return answers

    def _shown(self, browser: httpx.Client, one: Click, page: str) -> str:
        if one.on is not None:
            [answer] = self.press(one.on, 1)
            _demand_done(one.on, [answer])
            return answer.page
        answer = browser.get(page)
        assert answer.status_code == 200, (page, answer.status_code, words(answer.text)[:400])
        return answer.text

    def _filled(self, one: Click, sheet: Sheet) -> dict[str, Any]:
        """The form as the page gives it, with what is typed. The table may not name what the form does not ask."""
        typed = {name.format(**self.names): value for name, value in one.typed.items()}
        lacking = (typed.keys() - sheet.fields.keys()) | (one.files.keys() - set(sheet.files))
        assert not lacking, (one.page, lacking, sheet)
        said = {name: value if isinstance(value, list) else [value.format(**self.names)] for name, value in typed.items()}
        return sheet.fields | said | ({"do": [one.do]} if one.do else {})


def _demand_done(one: Click, answers: list[Answer]) -> None:
    assert all(answer.status in (200, 303) for answer in answers), (one.page, one.do, [str(answer) for answer in answers])


def _chosen(one: Click, sheets: list[Sheet], action: str) -> Sheet:
    """The form that the click is about."""
    found = [sheet for sheet in sheets if sheet.action.partition("#")[0] == action and _has(sheet, one)]
    assert found, (one.page, action, one.do, [(sheet.action, sheet.buttons) for sheet in sheets])
    return found[-1]


def _has(sheet: Sheet, one: Click) -> bool:
    button = not one.do or ("do", one.do) in sheet.buttons or sheet.fields.get("do") == [one.do]
    return button and (not one.place or sheet.fields.get("place") == [one.place])
