"""Ballots on the board: typed from the signed minutes by one person, again by another who sees none of it; sums hold."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from hanchot.service.services import Services
from hanchot.store.judging_tables import ballot, ballot_entry
from tests.board.conftest import words
from tests.board.people import DECIDER, ORGANISER, STRANGER, signed_in
from tests.board.test_my_desk import send
from tests.judging import CELL, CODE, GOOD, VOTE, cell_of, minutes, voted
from tests.look import events

NOON = "2024-12-20 12:00"
NGA = "Đặng Thị Nga"  # secretary of the cell that votes
NEW = f"/cycles/{CODE}/ballots/{CELL}?kind={VOTE}"
HEAD: dict[str, Any] = {
    "number": "07-BB", "held_on": "19/12/2024", "convened": "15", "present": "12", "issued": "12", "collected": "12",
    "valid": "12", "invalid": "0",
}  # fmt: skip


def row(one: int, good: int, fair: int, fail: int = 0) -> dict[str, Any]:
    return {f"v.{one}.good": str(good), f"v.{one}.fair": str(fair), f"v.{one}.fail": str(fail)}


def states(house: Services) -> list[str]:
    with house.db.read() as connection:
        return list(connection.execute(sa.select(ballot.c.state).order_by(ballot.c.id)).scalars())


def entries(house: Services) -> int:
    with house.db.read() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(ballot_entry)).scalar_one())


def test_seven_of_fifteen_convened_with_twelve_present_is_not_carried(house: Services) -> None:
    one, other = cell_of(house, 2)
    nga, binh = signed_in(house, NGA, NOON), signed_in(house, ORGANISER, NOON)
    here = send(nga, NEW, **HEAD, **row(one, 7, 5), **row(other, 12, 0))
    assert here == "/ballots/1"
    assert "Chờ một người khác nhập lại" in nga.reads(here)
    assert send(binh, here, **HEAD, **row(one, 7, 5), **row(other, 12, 0)) == here
    said = binh.reads(here)
    assert "Đảng viên M01 Chi bộ Kho bạc 7 5 0 không đạt 7 trên 15 triệu tập, 12 có mặt." in said
    assert "cần 8" in said and "13-HD/TU V" in said
    assert "không đạt" in nga.reads(f"/judging/{one}") and "12 trên 15 người được triệu tập" in nga.reads(f"/judging/{other}")
    assert states(house) == ["confirmed"]


def test_sums_are_held_and_nothing_typed_is_lost(house: Services) -> None:
    one, other = cell_of(house, 2)
    nga = signed_in(house, NGA, NOON)
    came_back = send(nga, NEW, 422, **HEAD | {"present": "16"}, **row(one, 7, 4), **row(other, 12, 0))
    said = words(came_back)
    assert "Số có mặt (16) nhiều hơn số triệu tập (15)." in said
    assert "Đảng viên M01: Phiếu của các mức cộng lại 11, không bằng phiếu hợp lệ (12)." in said
    assert "Đảng viên M02:" not in said and f'href="#row-{one}"' in came_back and 'href="#present"' in came_back
    assert 'value="16"' in came_back and f'id="v.{one}.fair"' in came_back and 'value="07-BB"' in came_back
    said = words(send(nga, NEW, 422, **HEAD | {"valid": "mười hai", "number": ""}))
    assert "“mười hai” không phải số đếm" in said and "Ghi số biên bản" in said and "ít nhất một người" in said
    assert states(house) == []


def test_the_second_person_sees_nothing_of_the_first(house: Services) -> None:
    [one] = cell_of(house, 1)
    nga = signed_in(house, NGA, NOON)
    here = send(nga, NEW, **HEAD, **row(one, 11, 1))
    for name in (ORGANISER, DECIDER):
        page = signed_in(house, name, NOON).page(here)
        assert 'value="11"' not in page and 'value="15"' not in page
    assert "11" not in signed_in(house, ORGANISER, NOON).reads(f"/judging/{one}").partition("Phiếu biểu quyết")[2]
    assert "Số phiếu hiện ra khi hai người nhập khớp nhau." in signed_in(house, DECIDER, NOON).reads(here)
    signed_in(house, STRANGER, NOON).page(here, status=404)
    signed_in(house, STRANGER, NOON).page(NEW, status=404)


def test_a_difference_is_named_and_whoever_was_wrong_corrects_it(house: Services) -> None:
    [one] = cell_of(house, 1)
    nga, binh = signed_in(house, NGA, NOON), signed_in(house, ORGANISER, NOON)
    here = send(nga, NEW, **HEAD, **row(one, 11, 1))
    for _ in range(2):  # a double click
        assert send(binh, here, **HEAD, **row(one, 10, 2)) == here
    assert (states(house), entries(house)) == (["disputed"], 2)
    for who in (nga, binh):
        assert "khác nhau: lần một 11, lần hai 10." in who.reads(here)
    assert "lần một" not in signed_in(house, DECIDER, NOON).reads(here)
    assert f'name="v.{one}.good" id="v.{one}.good"' in binh.page(here) and 'value="10"' in binh.page(here)
    send(binh, here, **HEAD, **row(one, 11, 1))
    assert states(house) == ["confirmed"] and "đạt" in nga.reads(here)
    said = [f"{event.reason}{event.data}" for event in events(house, "ballot.confirmed")]
    assert said and not any(word in one for one in said for word in ("good", "votes", "valid", "Hoàn thành"))


def test_the_same_person_does_not_type_twice(house: Services) -> None:
    [one] = cell_of(house, 1)
    nga = signed_in(house, NGA, NOON)
    here = send(nga, NEW, **HEAD, **row(one, 11, 1))
    assert send(nga, NEW, **HEAD, **row(one, 11, 1)) == here  # a double click
    said = words(send(nga, NEW, 409, **HEAD, **row(one, 12, 0)))
    assert "Biên bản 07-BB đã được nhập." in said
    said = words(send(nga, here, 422, at_page=NEW, **HEAD, **row(one, 12, 0)))
    assert "Nhờ người thứ hai nhập lại" in said and states(house) == ["first"]


def test_the_second_round_asks_only_about_those_whom_the_first_has_carried(house: Services) -> None:
    one, other = cell_of(house, 2)
    nga = signed_in(house, NGA, NOON)
    assert "Vòng trước chưa thông qua ai" in nga.reads(f"{NEW}&round=2")
    voted(house, minutes({one: {GOOD: 30}, other: {GOOD: 10, GOOD.FAIR: 20}}))
    said = nga.page(f"{NEW}&round=2")
    assert "Đảng viên M01" in said and "Đảng viên M02" not in said and f'name="v.{one}.good"' in said
    assert f'name="v.{one}.fair"' not in said


def test_the_list_of_ballots_holds_no_numbers(house: Services) -> None:
    [one] = cell_of(house, 1)
    voted(house, minutes({one: {GOOD: 30}}))
    said = signed_in(house, NGA, NOON).reads(f"/cycles/{CODE}/ballots")
    assert "01-BB, 19/12/2024" in said and "Đã xác nhận" in said and "Nhập biên bản của Chi bộ Kho bạc" in said
    assert "trên 50 % số người được triệu tập" in said
    assert "01-BB" not in signed_in(house, STRANGER, NOON).reads(f"/cycles/{CODE}/ballots")
    answer = signed_in(house, ORGANISER, NOON).client.get(f"/cycles/{CODE}/ballots?enter={CELL}", follow_redirects=False)
    assert answer.headers["location"] == f"/cycles/{CODE}/ballots/{CELL}"
