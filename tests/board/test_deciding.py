"""Decision papers on the board: recounted while chosen, drafted by one, confirmed by another with a fresh code."""

from __future__ import annotations

from typing import Any

import pytest

from hanchot.service.services import Services
from tests.board.conftest import Visitor, words
from tests.board.people import DECIDER, ORGANISER, SECRETARY, STRANGER, signed_in, with_fresh_code
from tests.board.test_my_desk import send
from tests.judging import CELL, CODE, EXCELLENT, appraised, both_rounds, cell_of, ratings
from tests.look import events

NOON = "2024-12-20 12:00"
AN = "Nguyễn Văn An"  # secretary of the committee at the head: decides, too
NGA = "Đặng Thị Nga"  # secretary of the cell whose members these are
NEW = f"/cycles/{CODE}/decisions/{CELL}"
PAPER: dict[str, Any] = {"do": "draft", "number": "05-QĐ/CB", "decided_on": "19/12/2024"}


@pytest.fixture
def members(house: Services) -> list[int]:
    """24 members of the cell, appraised and voted good, five of them excellent: four places."""
    made = cell_of(house, 24)
    appraised(house, made)
    both_rounds(house, made, made[:5])
    return made


def levels(members: list[int], excellent: int) -> dict[str, Any]:
    """The choices of the form for the first five: so many excellent, the others good."""
    chosen = {f"level.{one}": "excellent" if n < excellent else "good" for n, one in enumerate(members[:5])}
    return chosen | {f"reason.{one}": "theo phiếu" for one in members[:excellent]}


def post(who: Visitor, path: str, token_of: str, **typed: str) -> Any:
    token = who.page(token_of).rpartition('name="token" value="')[2].partition('"')[0]
    return who.client.post(
        path, data=typed | {"token": token}, headers={"sec-fetch-site": "same-origin"}, follow_redirects=False
    )


def test_one_drafts_another_confirms(house: Services, members: list[int]) -> None:
    binh = signed_in(house, ORGANISER, NOON)
    assert "24 đối tượng đã thẩm định, chưa có trong dự thảo" in binh.reads("/deciding")
    assert "Lập dự thảo: Chi bộ Kho bạc (24)" in binh.reads("/deciding")
    assert "Còn 4 suất trong 4: 20 % của 24 hoàn thành tốt, 13-HD/TU PL.3" in binh.reads(NEW)
    for _ in range(2):  # a double click
        here = send(binh, NEW, at_page="/deciding", **PAPER, **levels(members, 4))
        assert here == "/decisions/1"
    assert "Còn 0 suất trong 4: 20 % của 24" in binh.reads(here) and "Chờ xác nhận" in binh.reads(here)
    assert "Người có quyền quyết định ở Chi bộ Kho bạc xác nhận." in binh.reads(here)
    assert ratings(house, members[0]) == []

    cuong = with_fresh_code(house, DECIDER, NOON)
    assert "1 dự thảo chờ người thứ hai xác nhận" in cuong.reads("/deciding")
    assert "Đánh dấu đã đối chiếu" in words(post(cuong, f"{here}/confirm", here).text)
    for _ in range(2):
        assert post(cuong, f"{here}/confirm", "/deciding" if _ else here, checked="yes").headers["location"] == here
    assert "Đã xác nhận" in cuong.reads(here) and "Đã xác nhận gần đây" in binh.reads("/deciding")
    [row] = ratings(house, members[0])
    assert (row.level, row.entered_by, row.confirmed_by, row.number) == (EXCELLENT, ORGANISER, DECIDER, "05-QĐ/CB")
    assert len(events(house, "decision.confirmed")) == 1


def test_the_fifth_excellent_is_refused_beside_its_line_and_nothing_is_lost(house: Services, members: list[int]) -> None:
    binh = signed_in(house, ORGANISER, NOON)
    came_back = send(binh, NEW, 422, **PAPER, **levels(members, 5))
    said = words(came_back)
    assert "5 dòng chưa đủ điều kiện" in said and "13-HD/TU PL.3" in said
    assert 'value="05-QĐ/CB"' in came_back and 'value="theo phiếu"' in came_back and f'href="#line-{members[0]}"' in came_back
    assert f'name="level.{members[0]}"><option value="">' in came_back
    assert came_back.count('<option value="excellent" selected>') == 5
    said = words(send(binh, NEW, 422, do="draft", number="", decided_on="hôm qua", **levels(members, 1)))
    assert "Ghi số của văn bản" in said and "“hôm qua” chưa phải ngày" in said
    assert "Không có dự thảo nào" in binh.reads("/deciding")


def test_the_quota_is_counted_anew_on_every_change_and_nothing_is_written(house: Services, members: list[int]) -> None:
    binh = signed_in(house, ORGANISER, NOON)
    fragment = post(binh, f"{NEW}/counted", NEW, **levels(members, 2)).text
    assert 'id="counted"' in fragment and "<html" not in fragment
    assert "Còn 2 suất trong 4: 20 % của 24 hoàn thành tốt, 13-HD/TU PL.3" in words(fragment)
    assert "Không dòng nào vướng (5 dòng)" in words(fragment)
    same = send(binh, NEW, 200, do="recount", **levels(members, 2) | {f"level.{members[1]}": "fair"})
    assert "Phiếu của Đảng viên M02 không thông qua" in words(same) and "1 dòng chưa đủ điều kiện" in words(same)
    assert events(house, "decision.drafted") == []


def test_whoever_drafts_does_not_confirm(house: Services, members: list[int]) -> None:
    cuong = with_fresh_code(house, DECIDER, NOON)
    here = send(cuong, NEW, **PAPER, **levels(members, 1))
    assert "Đồng chí đã lập dự thảo này" in cuong.reads(here) and "<button disabled" in cuong.page(here)
    answer = post(cuong, f"{here}/confirm", here, checked="yes")
    assert answer.status_code == 422 and "không tự xác nhận được" in words(answer.text)
    an = with_fresh_code(house, AN, NOON)
    assert post(an, f"{here}/confirm", here, checked="yes").status_code == 303
    late = post(cuong, f"{here}/confirm", "/deciding", checked="yes")
    assert late.status_code == 409 and "đã được xác nhận" in words(late.text)


def test_confirming_asks_for_a_fresh_code_and_keeps_what_was_ticked(house: Services, members: list[int]) -> None:
    here = send(signed_in(house, ORGANISER, NOON), NEW, **PAPER, **levels(members, 1))
    cuong = signed_in(house, DECIDER, NOON)
    cuong.time = "2024-12-20 12:20"  # signing in was long ago
    assert "Cần một mã mới" in cuong.reads(here)
    answer = post(cuong, f"{here}/confirm", here, checked="yes")
    assert answer.status_code == 403 and 'name="kept.checked" value="yes"' in answer.text
    assert f'name="next" value="{here}/confirm"' in answer.text and ratings(house, members[0]) == []


def test_a_place_given_away_meanwhile_is_gone(house: Services, members: list[int]) -> None:
    """Two drafts fit one by one; the second is refused when it is confirmed, line by line."""
    binh, cuong = signed_in(house, ORGANISER, NOON), with_fresh_code(house, DECIDER, NOON)
    first = send(binh, NEW, **PAPER, **levels(members, 3) | {f"level.{one}": "" for one in members[3:5]})
    fourth: dict[str, Any] = {f"level.{one}": "excellent" for one in members[3:5]} | {
        f"reason.{one}": "theo phiếu" for one in members[3:5]
    }
    second = send(binh, NEW, **PAPER | {"number": "06-QĐ/CB"}, **fourth)
    post(cuong, f"{first}/confirm", first, checked="yes")
    assert "Còn dòng chưa đủ điều kiện" in cuong.reads(second)
    answer = post(cuong, f"{second}/confirm", second, checked="yes")
    assert answer.status_code == 422 and "Đảng viên M04:" in words(answer.text) and "Đảng viên M05:" in words(answer.text)
    assert ratings(house, members[3]) == []


def test_a_draft_is_withdrawn_with_a_reason(house: Services, members: list[int]) -> None:
    binh = signed_in(house, ORGANISER, NOON)
    here = send(binh, NEW, **PAPER, **levels(members, 1))
    assert "Nêu lý do rút" in words(post(binh, f"{here}/withdraw", here).text)
    assert post(binh, f"{here}/withdraw", here, reason="ghi nhầm số").headers["location"] == here
    assert "Đã rút" in binh.reads(here) and "ghi nhầm số" in binh.reads(here)
    assert send(binh, NEW, **PAPER, **levels(members, 1)) == "/decisions/2"


def test_a_paper_with_the_same_subject_says_which_is_in_the_way(house: Services, members: list[int]) -> None:
    binh, an = signed_in(house, ORGANISER, NOON), signed_in(house, AN, NOON)
    send(binh, NEW, **PAPER, **levels(members, 1))
    rest: dict[str, Any] = {f"level.{members[9]}": "good"}
    came_back = send(an, NEW, 409, **PAPER, **rest)
    assert "05-QĐ/CB đã có dự thảo" in words(came_back) and 'value="05-QĐ/CB"' in came_back


def test_a_stranger_decides_nothing(house: Services, members: list[int]) -> None:
    here = send(signed_in(house, ORGANISER, NOON), NEW, **PAPER, **levels(members, 1))
    lam = signed_in(house, STRANGER, NOON)
    lam.page(here, status=404)
    lam.page(NEW, status=404)
    assert "Không có dự thảo nào" in lam.reads("/deciding")  # heads a grassroots cell as well, another one
    signed_in(house, SECRETARY, NOON).page("/deciding", status=403)  # the cell under a committee decides on nobody


def test_a_grassroots_cell_decides_on_its_own_members(house: Services, members: list[int]) -> None:
    """13-HD/TU PL.4.1: its secretary confirms what another person has drafted, and answers for it."""
    here = send(signed_in(house, ORGANISER, NOON), NEW, **PAPER, **levels(members, 1))
    nga = with_fresh_code(house, NGA, NOON)
    assert "1 dự thảo chờ người thứ hai xác nhận" in nga.reads("/deciding")
    assert post(nga, f"{here}/confirm", here, checked="yes").status_code == 303
    assert "Đã xác nhận" in nga.reads(here) and ratings(house, members[0])[0].confirmed_by == NGA
    nga.page(NEW.replace(CELL, "DUK"), status=404)


def test_whoever_sits_at_the_machine_decides_nothing(house: Services, members: list[int]) -> None:
    binh, operator = signed_in(house, ORGANISER, NOON), Visitor(house, NOON)
    here = send(binh, NEW, **PAPER, **levels(members, 1))
    assert "Xác nhận quyết định" not in operator.reads(here)
    assert post(operator, f"{here}/confirm", here, checked="yes").status_code == 403
