"""The English switch: every text of the board has an English one, names and titles stay; and Vietnamese order and search."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

import pytest
import sqlalchemy as sa
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from starlette.requests import Request

from hanchot.board import words
from hanchot.board.language import CATALOGUE, COOKIE, SAID, english, said, speak
from hanchot.domain.access import Role
from hanchot.domain.fate import FATE_VI
from hanchot.domain.instants import ZONE
from hanchot.domain.rating_level import RatingLevel
from hanchot.domain.stage import Stage
from hanchot.domain.unit import PostRole, UnitKind
from hanchot.domain.work_item import ACTION_VI, FINISHED, Item, State, refusal, standing
from hanchot.letters.words import when_vi
from hanchot.service.install import bump
from hanchot.service.services import Services
from hanchot.store.tables import unit
from tests.board.conftest import Visitor
from tests.board.people import SECRETARY, signed_in
from tests.look import CODE, at, item_id

ROOT = Path(__file__).parents[2]
VIETNAMESE = re.compile("[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]", re.IGNORECASE)
HOLES = re.compile(r"%\((\w+)\)s|%%")
NAMES = ("Hạn Chót", "Tiếng Việt")


def browser(language: str) -> Request:
    """A request of a browser that has chosen ``language``."""
    return Request({"type": "http", "headers": [(b"cookie", f"{COOKIE}={language}".encode())]})


@pytest.fixture
def in_english() -> Iterator[None]:
    """The words of the board, asked for outside of any page."""
    speak(browser("en"))
    yield
    speak(browser("vi"))


def english_visitor(visitor: Visitor) -> Visitor:
    visitor.client.cookies.set(COOKIE, "en")
    return visitor


# -- the catalogue


def written() -> dict[str, bool]:
    """Every text that `make catalogue` would gather now; True for what comes from the floors below."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found: dict[str, bool] = {}
    for folder in ("templates/board", "hanchot"):
        inside = [(pattern.removeprefix(f"{folder}/"), method) for pattern, method in methods if pattern.startswith(folder)]
        theirs = {pattern.removeprefix(f"{folder}/"): one for pattern, one in options.items()}
        for _, _, text, comments, _ in extract_from_dir(str(ROOT / folder), inside, theirs, strip_comment_tags=False):
            found[str(text)] = found.get(str(text), False) or SAID in comments
    return found


def test_every_text_has_its_english_with_the_same_holes() -> None:
    """When this fails: `make catalogue`, then fill in what came."""
    with CATALOGUE.open("rb") as file:
        there = {str(one.id): one for one in read_po(file) if one.id}
    now = written()
    assert not now.keys() - there.keys(), "texts that the catalogue lacks"
    assert not there.keys() - now.keys(), "texts that nobody writes any more"
    assert [text for text, one in there.items() if not one.string] == []
    assert [text for text, one in there.items() if set(HOLES.findall(text)) != set(HOLES.findall(str(one.string)))] == []
    assert [text for text, below in now.items() if below and SAID not in there[text].auto_comments] == []


# -- what the floors below say is known again


@pytest.mark.usefixtures("in_english")
@pytest.mark.parametrize("kind", [Stage, UnitKind, PostRole, Role, RatingLevel])
def test_the_words_of_tables_are_known(kind: type[StrEnum]) -> None:
    assert [one for one in kind if VIETNAMESE.search(said(one.vi))] == []  # type: ignore[attr-defined]  # all of these have it


@pytest.mark.usefixtures("in_english")
def test_how_a_task_stands_is_known_again_by_its_shape() -> None:
    due, moment, handed_in = date(2024, 11, 28), at("2024-11-28 23:59"), at("2024-12-01 08:00")
    stands = {
        said(standing(state, last_day, moment if last_day else None, handed_in if state in FINISHED else None, at(now)).vi)
        for state in State for last_day in (due, None) for now in ("2024-11-18 08:00", "2024-11-28 08:00", "2024-12-02 08:00")
    }  # fmt: skip
    assert {"10 days left", "Due today", "4 days overdue", "Submitted (3 days late)", "Does not apply"} <= stands
    assert [one for one in stands if VIETNAMESE.search(one)] == []
    assert [days for days in (None, -3, 0, 5) if VIETNAMESE.search(said(when_vi(days)))] == []


@pytest.mark.usefixtures("in_english")
def test_a_refusal_is_known_again_with_the_words_in_it() -> None:
    assert said(refusal("accept", Item(State.OPEN))) == "cannot receive while the task is “not submitted”"
    assert said("Không có việc số 3. Về “Việc của tôi”.") == "There is no task number 3. Back to “My tasks”."
    assert said("Còn 1 ngày") == "1 day left"
    assert said("Đang chuẩn bị 1/4, còn 11 ngày") == "Under way: preparation 1/4, 11 days left"
    every = [refusal(action, Item(state)) for action in ACTION_VI for state in State]
    assert [one for one in every if one and VIETNAMESE.search(said(one))] == []


@pytest.mark.usefixtures("in_english")
def test_names_stay_as_they_are() -> None:
    names = (
        "Nguyễn Văn An",
        "Chi bộ Kho bạc",
        "Kế hoạch kiểm điểm năm 2024 của Đảng ủy Khối",
        "“Nộp hồ sơ” của Chi bộ Sở Y tế",
    )
    assert [said(one) for one in names] == list(names)


@pytest.mark.usefixtures("in_english")
def test_days_and_deadlines_are_said_in_english() -> None:
    friday = date(2025, 12, 19)
    assert words.day_vi(friday) == "Friday 19/12/2025"
    assert words.deadline(friday, datetime(2025, 12, 19, 23, 59, 59, tzinfo=ZONE)) == "by the end of Friday 19/12/2025"
    assert words.deadline(friday, datetime(2025, 12, 19, 14, 59, 59, tzinfo=ZONE)) == "before 15:00 Friday 19/12/2025"
    assert words.deadline(friday, datetime(2025, 12, 19, 8, 30, tzinfo=ZONE)) == "08:30 Friday 19/12/2025"
    assert words.ago_vi(at("2025-12-19 08:00"), at("2025-12-19 11:00")) == "3 hours ago"
    assert [words.letter_vi("planned", fate) for fate in FATE_VI if VIETNAMESE.search(words.letter_vi("planned", fate))] == []


# -- the pages


def own_words(house: Services) -> list[str]:
    """Names of units and people, titles of posts, plans and milestones: what no page translates. The longest first."""
    found: set[str] = set()
    with house.db.read() as connection:
        for table in set(sa.inspect(connection).get_table_names()) - {"event", "envelope", "incident", "letter"}:
            for row in connection.execute(sa.text(f"SELECT * FROM {table}")):
                for value in map(str, row):
                    found |= {value, *re.findall(r'"((?:[^"\\]|\\.)*)"', value)}
    return sorted((one for one in found if VIETNAMESE.search(one)), key=len, reverse=True)


def vietnamese_left(page: str, names: list[str]) -> list[str]:
    """Pieces of the page's text and labels that still hold Vietnamese letters once names are taken out."""
    body = re.sub(r"<(textarea|pre|blockquote)\b.*?</\1>", "", page.partition("<body")[2], flags=re.DOTALL)
    labels = re.findall(r'(?:aria-label|placeholder|data-label|alt)="([^"]*)"', body)
    text = "\n".join([re.sub(r"<[^>]+>", "\n", body), *labels])
    text = re.sub(r"\d+-\w+/\w+", "·", html.unescape(text))  # numbers of documents: 01-KH/ĐUK
    for name in (*names, *NAMES):
        text = text.replace(name, "·")
    return sorted({line.strip() for line in text.splitlines() if VIETNAMESE.search(line)})


def test_the_departments_pages_speak_english(board: Visitor) -> None:
    board.time = "2024-12-09 08:00"
    visitor = english_visitor(board)
    names = own_words(board.house)
    item = item_id(board.house, "BAO", "chi-bo")
    pages = ("/", "/late", "/coming", f"/cycles/{CODE}/matrix", f"/items/{item}", "/units/BAO", "/units?q=chi", "/letters",
             "/judging", "/meetings", "/incidents", "/documents", "/tracking")  # fmt: skip
    left = {page: found for page in pages if (found := vietnamese_left(visitor.page(page), names))}
    assert left == {}
    assert all('<html lang="en">' in visitor.page(page) for page in ("/", "/late"))


def test_the_secretarys_pages_and_the_sign_in_speak_english(board: Visitor) -> None:
    visitor = english_visitor(signed_in(board.house, SECRETARY, "2024-11-18 09:00"))
    names = own_words(board.house)
    item = re.findall(r"/my/items/(\d+)", visitor.page("/my"))[0]
    pages = ("/my", f"/my/items/{item}", f"/my/items/{item}/more-time", "/my/calendar", "/my/hand-over", "/sign-in")
    left = {page: found for page in pages if (found := vietnamese_left(visitor.page(page), names))}
    assert left == {}


def test_the_switch_is_a_form_that_comes_back_to_the_page(board: Visitor) -> None:
    page = board.page("/units?q=chi")
    assert '<html lang="vi">' in page and '<button class="quiet" name="language" value="en" lang="en">English</button>' in page
    token = re.findall(r'name="token" value="(\w+)"', page)[-1]
    sent = {"token": token, "language": "en", "back": "/units?q=chi"}
    answer = board.client.post("/language", data=sent, headers={"sec-fetch-site": "same-origin"}, follow_redirects=False)
    assert answer.status_code == 303 and answer.headers["location"] == "/units?q=chi"
    assert board.client.cookies[COOKIE] == "en"
    assert '<html lang="en">' in board.page("/units?q=chi") and 'lang="vi">Tiếng Việt</button>' in board.page("/units?q=chi")


def test_the_script_gets_its_words_from_the_page(board: Visitor) -> None:
    assert "data-words" not in board.page("/late")
    carried = re.findall(r'data-words="([^"]*)"', english_visitor(board).page("/late"))[0]
    assert json.loads(html.unescape(carried))["Sao chép"] == "Copy"


def test_a_refused_page_speaks_the_browsers_language(board: Visitor) -> None:
    assert "There is no such page." in english_visitor(board).reads("/no-such-page", status=404)


def test_an_unknown_language_is_vietnamese() -> None:
    assert speak(browser("xx")) == "vi" and said("Quá hạn 2 ngày") == "Quá hạn 2 ngày"
    assert len(english().texts) > 1000  # read once, for every page of this process


# -- Vietnamese order and search


def test_names_stand_in_vietnamese_order_and_are_found_without_marks(board: Visitor) -> None:
    """“Đ” comes after every “D” and before “E”, “Ơ” after “O”; what is typed needs neither strokes nor marks."""
    renamed = {"BAO": "Chi bộ Đài", "KHO": "Chi bộ Dương", "YT-1": "Chi bộ Ê ẩm", "YT-2": "Chi bộ Ong", "YT-BP1": "Chi bộ Ơn"}
    with board.house.db.write() as connection:
        for code, name in renamed.items():
            connection.execute(sa.update(unit).where(unit.c.code == code).values(name=name))
        bump(connection, "org_version")

    def found(text: str) -> list[str]:
        return re.findall(r'href="/units/([\w-]+)"', board.page(f"/units?q={text}").partition("<main")[2])

    assert found("chi+bo") == ["KHO", "BAO", "YT-1", "YT-2", "YT-BP1"]
    assert found("chi+bo+d") == ["KHO", "BAO"] and found("DAI") == ["BAO"] and found("chi+bo+on") == ["YT-2", "YT-BP1"]
