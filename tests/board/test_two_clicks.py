"""Two clicks at once, on every form of the board: written once, and answered as if there had been one.

A double click without JavaScript sends one form twice. What ``clicks.py`` fills in, this presses: once, to see what one
click does; then, in the same house as it was before, twice at the same moment.
"""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from hanchot.board.app import WRITES, create_board
from hanchot.domain.workdays import WorkCalendar
from hanchot.service import incidents, sample
from hanchot.service.install import install
from hanchot.service.meetings import Which, Wish, book_meeting
from hanchot.service.opening import open_cycle
from hanchot.service.org.keeping import as_workbook
from hanchot.service.papers.templates import delivered
from hanchot.service.services import Services
from hanchot.service.signing_in import grant
from hanchot.service.tracking.export import export_sheet
from hanchot.settings import Settings
from hanchot.store.db import Database
from tests import plans
from tests.board.addresses import living_addresses
from tests.board.clicking import Click, Ground, Meeting, Snapshot
from tests.board.clicks import CLICKS, NOBODY
from tests.board.conftest import words
from tests.board.living import LIST
from tests.board.people import DECIDER, ORGANISER, SECRETARY, STRANGER, SUPERIOR, code_of, with_fresh_code
from tests.board.serving import served
from tests.board.test_export_pages import filled
from tests.cast import settle
from tests.commune import PDF
from tests.conftest import NewHouse
from tests.drafts import BODY
from tests.judging import CELL, GOOD, appraised, members_of, minutes, voted
from tests.look import CODE, at, item_id
from tests.reviews import DISTRICT

NOW = "2024-12-20 10:00"
ADMIN = "Ngô Thị Kim"
PEOPLE = {
    "department": ORGANISER, "authority": DECIDER, "secretary": STRANGER, "administrator": ADMIN,
    "committee above": SUPERIOR, "cell below": SECRETARY, "cell": "Đặng Thị Nga",
}  # fmt: skip

SKIPPED = {
    "/sign-in": "each click sends a code by mail, and the newest counts; how many, its own limit says",
    "/sign-in/code": "a code is good for one sign-in; the second click is told so, the first has signed in",
    "/sign-in/printed": "the same",
    "/sign-in/again": "the same",
    "/sign-out": "the second click finds nobody signed in",
    "/language": "a cookie; nothing is written",
    "/settings/trial": "each click sends one mail to whoever clicks, which is what it is for",
    "/cycles/{code}/decisions/{unit}/counted": "the page's script asks for a count; nothing is written",
    "/cycles/{code}/dossiers/{list}/{unit}": "the same forms as a person's dossier, which are clicked",
    "/first-hour/committee": "only in a house without a committee; below",
    "/first-hour/leave-sample": "only in a sample; below",
    "/first-hour/open": "only in a house without a cycle; opens like /plans/{key}/open, which is clicked",
}
OWN_TESTS = ("/cycles/{code}/subjects", "/cycles/{code}/members", "/cycles/{code}/committees")  # test_subjects, test_members
TOLD = {"print codes": "tờ ấy dùng được"}  # codes are shown once: new ones would void those on the first click's sheet
ON_POSTGRESQL = (
    "submit", "make a calendar", "hand over", "grant time", "confirm a decision", "rate oneself", "give an opinion",
    "suggest a topic", "attach a paper", "set a date", "accept the head", "grant a right", "hold all mail",
)  # fmt: skip


def _names(house: Services) -> dict[str, object]:
    """A house with something in every room, and what the addresses of the table speak of in it."""
    settle(house.db)
    open_cycle(house, plans.plan(), at("2024-11-18 07:00"))
    found = living_addresses(house)
    fresh, ready = members_of(house, 2, first=3)
    appraised(house, [ready])
    voted(house, minutes({ready: {GOOD: 30}}, number="03-BB"))
    grant(house, code_of(house, ADMIN), "admin", "DUK", at(NOW), actor="Bình", starts=date(2024, 1, 1))
    began = Wish(at("2024-12-19 07:30"), at("2024-12-19 17:00"), "Hội trường")
    book_meeting(house, Which(DISTRICT, CELL), began, at("2024-12-09 09:00"), actor="Nga")
    with house.db.write() as connection:
        incidents.report(connection, "mail:thu", "mail", "Máy chủ thư từ chối.", at(NOW))

    def number(path: str) -> str:
        return found[path].split("/")[2]

    return {
        "item": item_id(house, "BAO", "chi-bo"), "below": item_id(house, "YT-1", "chi-bo"), "fresh": fresh, "ready": ready,
        "decided": number("/judging/{id:int}"), "list": LIST, "letter": 1, "incident": 1,
        "document": number("/documents/{id:int}"), "remedy": number("/items/{id:int}/remedy"),
        "opinion": number("/items/{id:int}/opinion"),
    }  # fmt: skip


def _renamed(house: Services) -> bytes:
    """The house's own list of units and people, with one name put right."""
    book = openpyxl.load_workbook(io.BytesIO(as_workbook(house, "DUK", date(2024, 12, 20))))
    [cell] = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == "Chi bộ Báo tỉnh"]
    cell.value, out = "Chi bộ Báo của tỉnh", io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, workdays: WorkCalendar, blank: Path) -> Iterator[Services]:
    """An installation of its own, for all the clicks."""
    settings = Settings(_env_file=None, home=tmp_path_factory.mktemp("clicked"), smtp_host="127.0.0.1")  # type: ignore[call-arg]
    shutil.copyfile(blank, settings.url.removeprefix("sqlite:///"))
    services = Services(Database(settings.url), settings, workdays)
    install(services.db)
    yield services
    services.db.close()


@contextmanager
def open_ground(house: Services) -> Iterator[Ground]:
    """The house at work: everybody signed in, its board served."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HANCHOT_NOW", "2024-11-18T07:00")
        names = _names(house)
        sessions = {who: dict(with_fresh_code(house, name, NOW).client.cookies) for who, name in PEOPLE.items()}
        files = {
            "paper": ("giấy.pdf", PDF + b"%\n"), "template": ("mẫu.docx", delivered("item_page")),
            "document": ("ke-hoach-khac.txt", BODY + b"\n\nHet."), "people": ("to-chuc.xlsx", _renamed(house)),
            "sheet": ("theo-doi.xlsx", filled(export_sheet(house, CODE, at(NOW)), "BAO", "Đã nộp")),
        }  # fmt: skip
        meeting = Meeting(house)
        patch.setattr(house.db, "write", meeting.write)
        with served(create_board(house, now=lambda: at(NOW))) as line:
            yield Ground(house, line.origin, meeting, sessions, names, files)


@pytest.fixture(scope="module")
def ground(house: Services) -> Iterator[Ground]:
    with open_ground(house) as found:
        yield found


@pytest.fixture(scope="module")
def before(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return Snapshot(ground.services, tmp_path_factory.mktemp("kept"))


@pytest.mark.usefixtures("chosen_time")
@pytest.mark.parametrize("name", CLICKS)
def test_more_clicks_do_what_one_does(ground: Ground, before: Snapshot, name: str) -> None:
    before.restore()
    [alone], once = ground.added(CLICKS[name], 1)
    assert alone.status in (200, 303), str(alone)
    before.restore()
    answers, all_together = ground.added(CLICKS[name], 2)
    assert all_together == once, [str(answer) for answer in answers]
    told = TOLD.get(name)
    for answer in answers:
        assert answer.status == alone.status or (told and answer.status == 409 and told in words(answer.page)), str(answer)
    assert alone.status in [answer.status for answer in answers]


@pytest.mark.usefixtures("chosen_time")
def test_the_same_on_postgresql(ground: Ground, before: Snapshot, new_house: NewHouse, new_postgres: Callable[[], str]) -> None:
    """A handful, each in a room of its own, so that none stands in another's way."""
    with open_ground(new_house(new_postgres(), smtp_host="127.0.0.1")) as elsewhere:
        for name in ON_POSTGRESQL:
            before.restore()
            once = ground.added(CLICKS[name], 1)[1]
            answers, all_together = elsewhere.added(CLICKS[name], 2)
            assert (name, all_together) == (name, once), [str(answer) for answer in answers]
            assert {answer.status for answer in answers} == {303}, name


def test_every_form_is_clicked_or_there_is_a_reason(ground: Ground) -> None:
    routes = {path: re.compile(re.sub(r"\{\w+(:int)?\}", "[^/]+", path)) for path in WRITES}
    reached = {(one.sent or one.to or one.page).format(**ground.names).partition("?")[0] for one in CLICKS.values()}
    clicked = {path for path, route in routes.items() if any(route.fullmatch(address) for address in reached)}
    elsewhere = {path for path in WRITES if path.startswith(OWN_TESTS)}
    assert clicked | SKIPPED.keys() | elsewhere == WRITES.keys()
    assert not clicked & SKIPPED.keys()


def pressed_at_the_machine(house: Services, one: Click, monkeypatch: pytest.MonkeyPatch) -> tuple[set[str], dict[str, int]]:
    """Where two clicks of whoever sits at the machine lead, and the rows that they add."""
    meeting = Meeting(house)
    monkeypatch.setattr(house.db, "write", meeting.write)
    with served(create_board(house, now=lambda: at(NOW))) as line:
        answers, added = Ground(house, line.origin, meeting, {NOBODY: {}}, {}, {}).added(one, 2)
    return {answer.leads for answer in answers}, added


@pytest.mark.usefixtures("chosen_time")
def test_an_empty_house_is_founded_once(empty_house: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    name = {"name": "Đảng ủy Khối", "code": "K", "kind": "bloc_committee"}
    founding = Click(NOBODY, "/first-hour", "", name, to="/first-hour/committee")
    leads, added = pressed_at_the_machine(empty_house, founding, monkeypatch)
    assert (leads, added["unit"], added["event"]) == ({"/first-hour?done=founded#units"}, 1, 1)


@pytest.mark.usefixtures("chosen_time")
def test_a_sample_is_left_once(empty_house: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    sample.make(empty_house.db, "commune", seed=4, now=at("2024-11-18 07:00"))
    leaving = Click(NOBODY, "/first-hour", "", {"leave": "yes"}, to="/first-hour/leave-sample")
    leads, added = pressed_at_the_machine(empty_house, leaving, monkeypatch)
    assert (leads, added["event org.sample_left"]) == ({"/first-hour?done=sample_left#committee"}, 1)
