"""A board in the world: its address, clock and mail server, and people at browsers of their own. Needs Playwright."""

from __future__ import annotations

import asyncio
import email.policy
import re
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa
import uvicorn
from playwright.sync_api import expect

from hanchot.board.app import create_board
from hanchot.board.who import COOKIE
from hanchot.service.mail.deliver import deliver
from hanchot.service.services import Services
from hanchot.service.signing_in import enter_printed, print_codes
from hanchot.service.sweep import sweep
from hanchot.store.tables import person
from tests.look import at, mails_kept
from tests.mailroom import catcher

PATIENCE = 15_000  # milliseconds that an expectation may take on a busy machine
HEIGHT = 800
# What reaches beyond the window, where the page as a whole does.
_TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
  .filter(one => one.getBoundingClientRect().right > innerWidth).map(one => one.outerHTML.slice(0, 80))"""


class Way(NamedTuple):
    """How somebody looks: a window so many pixels wide; ``script``: whether the browser runs JavaScript."""

    width: int
    script: bool


@dataclass(repr=False)
class Person:
    """Somebody at a browser of their own. What a page complains about, a policy broken or a script that failed, is kept."""

    town: Town
    page: Any
    complaints: list[str] = field(default_factory=list)

    def goes(self, path: str) -> Person:
        """Opens an address, of this board or as a letter gives it."""
        self.page.goto(path if path.startswith("http") else self.town.origin + path)
        return self

    @property
    def main(self) -> Any:
        return self.page.locator("main")

    def reads(self, *words: str) -> Person:
        """The words stand on the page; it fits the window and has one headline."""
        for one in words:
            expect(self.main).to_contain_text(one)
        assert self.page.evaluate(_TOO_WIDE) == [], self.page.url
        assert self.page.locator("h1").count() == 1, self.page.url
        return self

    def does_not_read(self, *words: str) -> Person:
        for one in words:
            expect(self.main).not_to_contain_text(one)
        return self

    def types(self, label: str, text: str) -> Person:
        self.main.get_by_label(label, exact=True).fill(text)
        return self

    def chooses(self, label: str, value: str) -> Person:
        self.main.get_by_label(label, exact=True).select_option(value)
        return self

    def finds_typed(self, label: str, text: str) -> Person:
        """What was typed still stands in its field."""
        expect(self.main.get_by_label(label, exact=True)).to_have_value(text)
        return self

    def ticks(self, label: str) -> Person:
        self.main.get_by_label(label, exact=True).check()
        return self

    def hands_over(self, label: str, name: str, data: bytes) -> Person:
        """A file for the form's field, as if chosen from the disk."""
        self.main.get_by_label(label, exact=True).set_input_files({"name": name, "mimeType": "", "buffer": data})
        return self

    def button(self, name: str | re.Pattern[str]) -> Any:
        return self.main.get_by_role("button", name=name, exact=isinstance(name, str))

    def presses(self, name: str | re.Pattern[str]) -> Person:
        self.button(name).click()
        return self

    def follows(self, link: str | re.Pattern[str]) -> Person:
        self.main.get_by_role("link", name=link, exact=isinstance(link, str)).click()
        return self

    def unfolds(self, summary: str) -> Person:
        self.main.locator("summary", has_text=summary).click()
        return self

    def stands_at(self, path: str) -> Person:
        """The address that the browser shows."""
        expect(self.page).to_have_url(re.compile(f"{re.escape(self.town.origin + path)}([?#].*)?$"))
        return self


@dataclass(repr=False)
class Town:
    """A board in the world: its ``house``, the address it is reached at, what its clock shows, the mail it has sent."""

    house: Services
    origin: str
    time: str
    way: Way
    letters: Path
    browser: Any
    stack: ExitStack
    people: list[Person] = field(default_factory=list)

    @staticmethod
    def expect(place: Any) -> Any:
        """What must become true of a place on a page; Playwright waits for it."""
        return expect(place)

    def somebody(self, sharp: float = 1) -> Person:
        """A person at a new browser whom the board does not know yet. ``sharp``: pixels of the screen to one of the page."""
        size = {"width": self.way.width, "height": HEIGHT}
        context = self.browser.new_context(
            viewport=size, java_script_enabled=self.way.script, locale="vi-VN", device_scale_factor=sharp
        )
        context.set_default_timeout(PATIENCE)
        self.stack.callback(context.close)
        one = Person(self, context.new_page())
        one.page.on("pageerror", lambda error: one.complaints.append(str(error)))
        one.page.on("console", lambda said: one.complaints.append(said.text) if said.type == "error" else None)
        self.people.append(one)
        return one

    def signed_in(self, name: str, sharp: float = 1) -> Person:
        """One of the cast at a browser, signed in earlier (with a printed code)."""
        with self.house.db.read() as connection:
            code = connection.execute(sa.select(person.c.code).where(person.c.name == name)).scalar_one()
        sheet = print_codes(self.house, [code], at(self.time), actor="Quản trị")
        login = enter_printed(self.house, code, secrets.token_urlsafe(32), sheet[0].codes[0], at(self.time))
        one = self.somebody(sharp)
        one.page.context.add_cookies([{"name": COOKIE, "value": login.token, "url": self.origin, "httpOnly": True}])
        return one

    def post(self) -> None:
        """A sweep, and the post that it makes is carried to the mail server."""
        sweep(self.house, at(self.time))
        with ThreadPoolExecutor(1) as aside:  # Playwright keeps a loop of its own running in this thread
            report = aside.submit(asyncio.run, deliver(self.house, at(self.time))).result()
        assert not report.held, report.held

    def mail(self, address: str = "") -> list[EmailMessage]:
        """What the mail server has taken for an address, in order."""
        read = [email.message_from_bytes(raw, policy=email.policy.default) for raw in mails_kept(self.letters)]
        return [one for one in read if address in str(one["to"])]

    def mail_of(self, name: str) -> list[EmailMessage]:
        """The same by the person's name."""
        with self.house.db.read() as connection:
            return self.mail(connection.execute(sa.select(person.c.email).where(person.c.name == name)).scalar_one())

    def code(self) -> str:
        """The code in the mail that came last; the page that says so may be quicker than the first mail."""
        end = time.monotonic() + 15
        while not self.mail():
            assert time.monotonic() < end, "no mail has come"
            time.sleep(0.05)
        body = self.mail()[-1].get_body(("plain",))
        assert body
        found: list[str] = re.findall(r"\b\d{4} \d{4}\b", body.get_content())
        return found[0]


def founded(
    stack: ExitStack, browser: Any, way: Way, folder: Path, install: Callable[..., Services], time: str, **settings: Any
) -> Town:
    """A town whose house ``install(catcher_port=…, board_url=…, …)`` makes and whose mail lies in ``folder``.

    It ends with the stack.
    """
    expect.set_options(timeout=PATIENCE)
    port = stack.enter_context(catcher(folder))
    listening = socket.create_server(("127.0.0.1", 0))
    stack.callback(listening.close)
    origin = f"http://127.0.0.1:{listening.getsockname()[1]}"
    house = install(**{"catcher_port": port, "board_url": origin} | settings)
    town = Town(house, origin, time, way, folder, browser, stack)
    stack.enter_context(_served(town, listening))
    return town


@contextmanager
def _served(town: Town, listening: socket.socket) -> Iterator[None]:
    app = create_board(town.house, now=lambda: at(town.time))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            thread.join(0.01)
        yield
    finally:
        server.should_exit = server.force_exit = True
        thread.join()
