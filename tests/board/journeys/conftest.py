"""Journeys: people at the board in a real Chromium, on a phone and at a desk, with JavaScript and without."""

from __future__ import annotations

import asyncio
import email.policy
import re
import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa
import uvicorn

from hanchot.board.app import create_board
from hanchot.board.who import COOKIE
from hanchot.service.mail.deliver import deliver
from hanchot.service.services import Services
from hanchot.service.signing_in import enter_printed, print_codes
from hanchot.service.sweep import sweep
from hanchot.store.tables import person
from tests.board.chromium import binary
from tests.conftest import NewHouse
from tests.look import at, mails_kept
from tests.mailroom import catcher

api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
HEIGHT = 800
PATIENCE = 15_000  # milliseconds that an expectation may take on a busy machine


class Way(NamedTuple):
    """How somebody looks: a window so many pixels wide; ``script``: whether the browser runs JavaScript."""

    width: int
    script: bool


WAYS = (
    pytest.param(Way(360, True), id="phone"),
    pytest.param(Way(360, False), id="phone-without-script"),
    pytest.param(Way(1400, True), id="desk"),
    pytest.param(Way(1400, False), id="desk-without-script"),
)


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> Way:
    chosen: Way = request.param
    return chosen


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    """One browser for all journeys of a process; each person has a context of their own in it."""
    program = binary()
    if program is None:
        pytest.skip("no Chromium on this machine")
    with api.sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield made
        made.close()


@dataclass
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
            api.expect(self.main).to_contain_text(one)
        assert self.page.evaluate("document.documentElement.scrollWidth") <= self.town.way.width, self.page.url
        assert self.page.locator("h1").count() == 1, self.page.url
        return self

    def does_not_read(self, *words: str) -> Person:
        for one in words:
            api.expect(self.main).not_to_contain_text(one)
        return self

    def types(self, label: str, text: str) -> Person:
        self.main.get_by_label(label, exact=True).fill(text)
        return self

    def chooses(self, label: str, value: str) -> Person:
        self.main.get_by_label(label, exact=True).select_option(value)
        return self

    def finds_typed(self, label: str, text: str) -> Person:
        """What was typed still stands in its field."""
        api.expect(self.main.get_by_label(label, exact=True)).to_have_value(text)
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
        api.expect(self.page).to_have_url(re.compile(f"{re.escape(self.town.origin + path)}([?#].*)?$"))
        return self

    def signs_in(self, address: str) -> Person:
        """By the page's form and the code that arrives by mail."""
        return self.types("Địa chỉ thư", address).presses("Gửi mã").types("Mã 8 chữ số", self.town.code()).presses("Đăng nhập")


@dataclass
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

    def somebody(self) -> Person:
        """A person at a new browser whom the board does not know yet."""
        size = {"width": self.way.width, "height": HEIGHT}
        context = self.browser.new_context(viewport=size, java_script_enabled=self.way.script, locale="vi-VN")
        context.set_default_timeout(PATIENCE)
        self.stack.callback(context.close)
        one = Person(self, context.new_page())
        one.page.on("pageerror", lambda error: one.complaints.append(str(error)))
        one.page.on("console", lambda said: one.complaints.append(said.text) if said.type == "error" else None)
        self.people.append(one)
        return one

    def signed_in(self, name: str) -> Person:
        """One of the cast at a browser, signed in earlier (with a printed code)."""
        with self.house.db.read() as connection:
            code = connection.execute(sa.select(person.c.code).where(person.c.name == name)).scalar_one()
        sheet = print_codes(self.house, [code], at(self.time), actor="Quản trị")
        login = enter_printed(self.house, code, secrets.token_urlsafe(32), sheet[0].codes[0], at(self.time))
        one = self.somebody()
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
        return [one for one in read if address in str(one["to"])]  # type: ignore[misc]

    def code(self) -> str:
        """The code in the mail that came last."""
        body = self.mail()[-1].get_body(("plain",))
        assert body
        found: list[str] = re.findall(r"\b\d{4} \d{4}\b", body.get_content())
        return found[0]


Found = Callable[..., Town]


@pytest.fixture
def found(new_house: NewHouse, browser: Any, way: Way, tmp_path: Path) -> Iterator[Found]:
    """Founds a town at a chosen time: a new installation with its mail server, and its board on a free port.

    ``found("2024-12-10 20:14")``; further arguments are settings. Whoever lives there came through the day without a
    page that broke its policy or failed in a script.
    """
    api.expect.set_options(timeout=PATIENCE)
    towns: list[Town] = []
    with ExitStack() as stack:

        def make(time: str, **settings: Any) -> Town:
            port = stack.enter_context(catcher(tmp_path / "mail"))
            listening = socket.create_server(("127.0.0.1", 0))
            stack.callback(listening.close)
            origin = f"http://127.0.0.1:{listening.getsockname()[1]}"
            chosen = {"sign_in": "always"} | settings
            house = new_house("", catcher_port=port, board_url=origin, **chosen)
            town = Town(house, origin, time, way, tmp_path / "mail", browser, stack)
            stack.enter_context(_served(town, listening))
            towns.append(town)
            return town

        yield make
    said = [one for town in towns for person_ in town.people for one in person_.complaints]
    assert not [one for one in said if "Failed to load resource" not in one], said  # a 404 or 422 that was asked for


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
