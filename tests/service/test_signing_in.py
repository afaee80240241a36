"""Signing in: a code by mail for the browser that asked, printed codes, how long it lasts, and what ends it."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hanchot.domain.errors import AlreadyDone, NotFound, Refused
from hanchot.letters.code_mail import CodeLetter
from hanchot.service import audit
from hanchot.service import signing_in as door
from hanchot.service.services import Services
from hanchot.service.signing_in import TooMany, asking
from hanchot.store.access_tables import login, sign_in_code, sign_in_try
from hanchot.store.db import Database
from tests.cast import appoint, vacate
from tests.conftest import NewHouse
from tests.look import at, events, incidents

NOON = at("2024-11-18 12:00")
MINE, OTHER = "b" * 43, "c" * 43
HAI, BINH = "cb007@khoi.example", "cb002@khoi.example"  # secretary of a cell; head of the organisation department
MINUTE = timedelta(minutes=1)


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> list[CodeLetter]:
    """The letters with codes that would leave, instead of their leaving."""
    made: list[CodeLetter] = []
    monkeypatch.setattr(asking, "post_code", lambda _services, letter: made.append(letter))
    return made


def ask(house: Services, address: str = HAI, browser: str = MINE, now: datetime = NOON, remote: str | None = None) -> None:
    door.ask_code(house, address, browser, now, remote, later=lambda job: job())


def signed_in(house: Services, post: list[CodeLetter], address: str = HAI, now: datetime = NOON) -> door.Login:
    ask(house, address, now=now)
    return door.enter_code(house, MINE, post[-1].code, now)


def seen(house: Services, token: str, now: datetime) -> door.Login | None:
    with house.db.read() as connection:
        return door.login_of(house, connection, token, now)


def lasts(house: Services, token: str, now: datetime) -> bool:
    found = seen(house, token, now)
    return found is not None and found.ended_why is None


def test_a_code_by_mail_signs_in_once(any_house: Services, post: list[CodeLetter]) -> None:
    ask(any_house, f"  {HAI.upper()} ")
    [letter] = post
    assert (letter.name, letter.address) == ("Bùi Văn Hải", HAI)
    assert re.fullmatch(r"\d{8}", letter.code) and letter.code not in repr(letter)
    made = door.enter_code(any_house, MINE, f"{letter.code[:4]} {letter.code[4:]}", NOON + MINUTE, "10.0.0.9")
    found = seen(any_house, made.token, NOON + MINUTE)
    assert found and found.person_id == made.person_id and found.is_fresh(NOON + 10 * MINUTE)
    with pytest.raises(AlreadyDone, match="đã được dùng"):
        door.enter_code(any_house, MINE, letter.code, NOON + MINUTE)
    assert [(one.actor, one.action) for one in events(any_house)][-1:] == [("Bùi Văn Hải", "sign_in")]
    assert audit.check(any_house.db).broken_at is None


def test_nothing_secret_is_stored(house: Services, post: list[CodeLetter]) -> None:
    made = signed_in(house, post)
    door.ask_code(house, "ai-do@khoi.example", OTHER, NOON, later=lambda job: job())
    [sheet] = door.print_codes(house, ["CB007"], NOON, actor="Bình")
    with house.db.read() as connection:
        kept = "\n".join(str(list(connection.execute(sa.text(f"SELECT * FROM {name}"))))
                         for name in ("sign_in_code", "sign_in_try", "login", "event", "incident", "meta"))  # fmt: skip
    for secret in (post[0].code, made.token, MINE, OTHER, HAI, "ai-do@khoi.example", sheet.codes[0].replace(" ", "")):
        assert secret not in kept


def test_only_the_browser_that_asked(any_house: Services, post: list[CodeLetter]) -> None:
    ask(any_house)
    with pytest.raises(Refused, match="chưa xin mã"):
        door.enter_code(any_house, OTHER, post[0].code, NOON)
    ask(any_house, BINH, OTHER)
    with pytest.raises(Refused, match="Mã không đúng"):
        door.enter_code(any_house, OTHER, post[0].code, NOON)
    assert door.enter_code(any_house, MINE, post[0].code, NOON)


def test_ten_minutes_five_tries_and_only_the_last_mail(any_house: Services, post: list[CodeLetter]) -> None:
    ask(any_house)
    with pytest.raises(Refused, match="quá 10 phút"):
        door.enter_code(any_house, MINE, post[0].code, NOON + 10 * MINUTE)
    ask(any_house, now=NOON + 11 * MINUTE)
    with pytest.raises(Refused, match="còn 4 lần"):
        door.enter_code(any_house, MINE, post[0].code, NOON + 11 * MINUTE)  # of the mail before
    for left in (3, 2, 1):
        with pytest.raises(Refused, match=f"còn {left} lần"):
            door.enter_code(any_house, MINE, "không", NOON + 11 * MINUTE)
    for _ in range(2):
        with pytest.raises(Refused, match="gõ sai 5 lần"):
            door.enter_code(any_house, MINE, "không", NOON + 11 * MINUTE)
    with pytest.raises(Refused, match="gõ sai 5 lần"):
        door.enter_code(any_house, MINE, post[1].code, NOON + 11 * MINUTE)


def test_an_unknown_address_hears_and_leaves_the_same(any_house: Services, post: list[CodeLetter]) -> None:
    ask(any_house, HAI, MINE)
    ask(any_house, "la@khoi.example", OTHER)
    assert [letter.address for letter in post] == [HAI]
    said = []
    for browser in (MINE, OTHER):
        with pytest.raises(Refused) as refused:
            door.enter_code(any_house, browser, "00000000" if post[0].code != "00000000" else "1", NOON)
        said.append(str(refused.value))
    assert said[0] == said[1]
    with any_house.db.read() as connection:
        rows = connection.execute(sa.select(sign_in_code).order_by(sign_in_code.c.id)).all()
    assert len({(len(row.code), row.tries, row.expires_at) for row in rows}) == 1
    with pytest.raises(Refused, match="chưa đúng dạng"):
        ask(any_house, "khong phai dia chi")


def test_whoever_holds_nothing_any_more_gets_no_code(house: Services, post: list[CodeLetter]) -> None:
    with house.db.write() as connection:
        vacate(connection, "YT-1", since=date(2024, 11, 18))
    ask(house)
    assert post == []


def test_an_address_that_two_people_share_signs_nobody_in(house: Services, post: list[CodeLetter]) -> None:
    with house.db.write() as connection:
        connection.execute(sa.text("UPDATE person SET email = :mail WHERE code = 'CB002'"), {"mail": HAI})
    ask(house)
    assert post == []
    [(words, _, _)] = incidents(house).values()
    assert "Bùi Văn Hải" in words and "Trần Thị Bình" in words


def test_a_second_click_brings_no_second_mail_and_a_wish_does(house: Services, post: list[CodeLetter]) -> None:
    ask(house)
    ask(house, now=NOON + MINUTE / 2)
    assert len(post) == 1
    door.ask_code_again(house, MINE, NOON + 2 * MINUTE, later=lambda job: job())
    assert len(post) == 2 and post[0].address == post[1].address
    assert door.enter_code(house, MINE, post[1].code, NOON + 2 * MINUTE)
    with pytest.raises(Refused, match="chưa xin mã nào"):
        door.ask_code_again(house, OTHER, NOON)


def test_who_asks_too_often_waits(any_house: Services, post: list[CodeLetter]) -> None:
    for n in range(10):
        ask(any_house, now=NOON + 2 * n * MINUTE)
    with pytest.raises(TooMany, match="sau 40 phút"):
        ask(any_house, now=NOON + 20 * MINUTE)
    ask(any_house, HAI, OTHER, NOON + 20 * MINUTE)  # another browser, the same address: nothing is said, nothing is sent
    assert len(post) == 10
    ask(any_house, HAI, OTHER, NOON + 61 * MINUTE)
    assert len(post) == 11


def test_a_network_waits_but_this_machine_does_not(
    house: Services, post: list[CodeLetter], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(door.limits.OF_REMOTE, "ask", 2)
    for remote, taken in (("10.0.0.9", 2), ("2001:db8::1", 2), ("127.0.0.1", 4)):
        for n in range(taken):
            ask(house, f"{n}@khoi.example", f"{remote}-{n}", remote=remote)
    with pytest.raises(TooMany):
        ask(house, HAI, "new", remote="10.0.0.9")
    with pytest.raises(TooMany):
        ask(house, HAI, "new", remote="2001:db8::2")  # the same house's IPv6
    ask(house, HAI, "new", remote="10.0.0.10")
    assert len(post) == 1


@pytest.mark.parametrize(("address", "idle"), [(HAI, timedelta(hours=12)), (BINH, timedelta(minutes=30))])
def test_how_long_a_sign_in_lasts(any_house: Services, post: list[CodeLetter], address: str, idle: timedelta) -> None:
    token = signed_in(any_house, post, address).token
    assert lasts(any_house, token, NOON + idle - MINUTE)
    assert lasts(any_house, token, NOON + 2 * idle - 2 * MINUTE)
    over = seen(any_house, token, NOON + 3 * idle)
    assert over and over.ended_why == "Phiên đã kết thúc vì lâu không dùng."
    assert not lasts(any_house, token, NOON + 2 * idle)  # an ended one does not come back with the clock


def test_seven_days_are_the_most(house: Services, post: list[CodeLetter]) -> None:
    token = signed_in(house, post).token
    for hours in range(0, 7 * 24, 11):
        assert lasts(house, token, NOON + timedelta(hours=hours))
    over = seen(house, token, NOON + timedelta(days=7))
    assert over and over.ended_why and "7 ngày" in over.ended_why


def test_it_is_written_down_once_a_minute_at_most(house: Services, post: list[CodeLetter]) -> None:
    token = signed_in(house, post).token

    def written(now: datetime) -> datetime:
        assert lasts(house, token, now)
        with house.db.read() as connection:
            return connection.execute(sa.select(login.c.seen_at)).scalar_one()

    assert written(NOON + MINUTE / 2) == NOON
    assert written(NOON + 2 * MINUTE) == NOON + 2 * MINUTE


def test_it_ends_with_the_post(any_house: Services, post: list[CodeLetter]) -> None:
    made = signed_in(any_house, post)
    with any_house.db.write() as connection:
        appoint(connection, "YT-1", "Người Mới", since=date(2024, 11, 19))
    assert lasts(any_house, made.token, at("2024-11-18 23:00"))
    over = seen(any_house, made.token, at("2024-11-19 06:00"))
    assert over and over.ended_why == "Phiên đã kết thúc vì chức vụ thay đổi."
    assert events(any_house, "sign_out")[-1].reason == "post"


def test_a_right_keeps_it_and_its_end_ends_it(any_house: Services, post: list[CodeLetter]) -> None:
    with any_house.db.write() as connection:
        vacate(connection, "YT-1", since=date(2024, 11, 18))
    number = door.grant(any_house, "CB007", "inspector", "YT", NOON, actor="Quản trị")
    made = signed_in(any_house, post)
    [held] = door.grants(any_house, NOON)
    assert (held.person, held.role, held.unit_code, held.ends) == ("Bùi Văn Hải", "inspector", "YT", None)
    with pytest.raises(AlreadyDone):
        door.grant(any_house, "CB007", "inspector", "YT", NOON, actor="Quản trị")
    door.end_grant(any_house, number, NOON + MINUTE, actor="Quản trị")
    assert not lasts(any_house, made.token, NOON + MINUTE)
    assert door.grants(any_house, NOON) == () and len(door.grants(any_house, NOON, over=True)) == 1
    for person, role, unit, error in (("CB999", "admin", "YT", NotFound), ("CB007", "admin", "XX", NotFound),
                                      ("CB007", "vua", "YT", Refused)):  # fmt: skip
        with pytest.raises(error):
            door.grant(any_house, person, role, unit, NOON, actor="Quản trị")


def test_signing_out_signing_in_again_and_being_ended(house: Services, post: list[CodeLetter]) -> None:
    first = signed_in(house, post)
    ask(house, now=NOON + 2 * MINUTE)
    second = door.enter_code(house, MINE, post[-1].code, NOON + 2 * MINUTE, instead_of=first.token)
    assert second.token != first.token and not lasts(house, first.token, NOON + 2 * MINUTE)
    assert door.sign_out(house, second.token, NOON + 3 * MINUTE)
    assert not door.sign_out(house, second.token, NOON + 3 * MINUTE)
    third = signed_in(house, post, now=NOON + 5 * MINUTE)
    assert door.end_logins(house, "CB007", NOON + 6 * MINUTE, actor="Quản trị") == 1
    over = seen(house, third.token, NOON + 6 * MINUTE)
    assert over and over.ended_why == "Phiên đã được người quản trị kết thúc."
    assert seen(house, "x" * 43, NOON) is None


def test_printed_codes(any_house: Services) -> None:
    [sheet] = door.print_codes(any_house, ["CB007", "CB007"], NOON, actor="Bình", each=2)
    assert len(sheet.codes) == 2 and f"{sheet.until:%d/%m/%Y}" == "18/12/2024"
    first, second = sheet.codes
    made = door.enter_printed(any_house, "cb007 ", OTHER, first.lower(), NOON)
    assert (made.how, lasts(any_house, made.token, NOON)) == ("printed", True)
    for person, code in (("CB007", first), ("CB002", second), ("CB999", second), ("CB007", "23456789AB")):
        with pytest.raises(Refused, match="không đúng, đã dùng, hoặc đã hết hạn"):
            door.enter_printed(any_house, person, OTHER, code, NOON)
    with pytest.raises(Refused, match="hết hạn"):
        door.enter_printed(any_house, "CB007", OTHER, second, NOON + timedelta(days=30))
    [newer] = door.print_codes(any_house, ["CB007"], NOON, actor="Bình", each=1)
    with pytest.raises(Refused):  # the sheet before is void
        door.enter_printed(any_house, "CB007", OTHER, second, NOON)
    assert door.enter_printed(any_house, "CB007", OTHER, newer.codes[0], NOON)
    with pytest.raises(NotFound, match="CB999"):
        door.print_codes(any_house, ["CB007", "CB999"], NOON, actor="Bình")


def test_guessing_printed_codes_is_stopped(house: Services) -> None:
    [sheet] = door.print_codes(house, ["CB007"], NOON, actor="Bình")
    for n in range(20):
        with pytest.raises(Refused):
            door.enter_printed(house, "CB007", f"browser {n}", "23456789AB", NOON)
    with pytest.raises(Refused, match="không đúng"):  # twenty wrong ones in an hour: even the right one waits
        door.enter_printed(house, "CB007", MINE, sheet.codes[0], NOON)
    assert door.enter_printed(house, "CB007", MINE, sheet.codes[0], NOON + timedelta(minutes=61))
    for _ in range(10):
        with pytest.raises(Refused, match="không đúng"):
            door.enter_printed(house, "CB999", OTHER, "23456789AB", NOON)
    with pytest.raises(TooMany, match="sau 60 phút"):
        door.enter_printed(house, "CB999", OTHER, "23456789AB", NOON)


def test_a_fresh_code_for_what_asks_for_one(any_house: Services, post: list[CodeLetter]) -> None:
    made = signed_in(any_house, post, BINH)
    later = NOON + 15 * MINUTE
    known = seen(any_house, made.token, later)
    assert known and not known.is_fresh(later)
    door.ask_code_again(any_house, MINE, later, later=lambda job: job(), person_id=known.person_id)
    with pytest.raises(Refused, match="Mã không đúng"):
        door.step_up(any_house, known, MINE, "00000000" if post[-1].code != "00000000" else "11111111", later)
    door.step_up(any_house, known, MINE, post[-1].code, later)
    fresh = seen(any_house, made.token, later + 9 * MINUTE)
    assert fresh and fresh.is_fresh(later + 9 * MINUTE) and not fresh.is_fresh(later + 10 * MINUTE)
    ask(any_house, HAI, MINE, later + 2 * MINUTE)  # somebody else's code, in the same browser
    with pytest.raises(Refused, match="Mã không đúng"):
        door.step_up(any_house, known, MINE, post[-1].code, later + 2 * MINUTE)
    [sheet] = door.print_codes(any_house, ["CB002"], later, actor="Quản trị")
    door.step_up(any_house, known, MINE, sheet.codes[0], later + 20 * MINUTE)


def test_two_tabs_one_sign_in(any_house: Services, post: list[CodeLetter]) -> None:
    """The same code at the same moment, each on a connection of its own."""
    ask(any_house)
    start = Barrier(4)

    def one(_tab: int) -> str:
        mine = Services(Database(any_house.db.url), any_house.settings, any_house.workdays)
        start.wait()
        try:
            return door.enter_code(mine, MINE, post[0].code, NOON).token
        except AlreadyDone:
            return ""
        finally:
            mine.db.close()

    with ThreadPoolExecutor(4) as pool:
        tokens = [token for token in pool.map(one, range(4)) if token]
    assert len(tokens) == 1 and lasts(any_house, tokens[0], NOON)
    with any_house.db.read() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(login)).scalar_one() == 1


STEP = st.tuples(
    st.sampled_from(["ask", "again", "enter", "wait"]), st.integers(0, 2), st.sampled_from([HAI, BINH, "la@khoi.example"]),
    st.integers(0, 5),
)  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, min_size=1, max_size=25))
def test_no_order_of_asking_and_trying_signs_a_stranger_in(
    new_house: NewHouse, post: list[CodeLetter], settle_once: Callable[[], Services], steps: list[tuple[str, int, str, int]]
) -> None:
    """Three browsers ask, wait and try every code that was ever mailed. A browser gets in with its own last code alone."""
    house, now = settle_once(), NOON
    post.clear()
    mailed: dict[str, tuple[str, datetime] | None] = {}
    names = [f"{id(steps)}-{n}" for n in range(3)]
    for what, n, address, number in steps:
        browser, before = names[n], len(post)
        try:
            if what == "ask":
                ask(house, address, browser, now)
            elif what == "again":
                door.ask_code_again(house, browser, now, later=lambda job: job())
            elif what == "wait":
                now += number * 3 * MINUTE
            elif post:
                code = post[number % len(post)].code
                door.enter_code(house, browser, code, now)
                own = mailed.get(browser)
                assert own is not None and own[0] == code and now < own[1] + 10 * MINUTE
                mailed[browser] = None
        except (Refused, AlreadyDone):
            continue
        if len(post) > before:
            mailed[browser] = (post[-1].code, now)
        elif what == "ask" and address == "la@khoi.example":
            mailed[browser] = None


@pytest.fixture
def settle_once(new_house: NewHouse) -> Callable[[], Services]:
    """One house for all examples; each begins with nobody having tried anything."""
    from tests.cast import settle

    house = new_house("")
    settle(house.db)

    def clean() -> Services:
        with house.db.write() as connection:
            for table in (login, sign_in_code, sign_in_try):
                connection.execute(sa.delete(table))
        return house

    return clean
