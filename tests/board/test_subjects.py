"""The list of who is rated, made on the board: from the tree, its questions answered, members added and put right."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa

from hanchot.service.judging.ratings import Judgement, self_rate
from hanchot.service.opening import open_cycle
from hanchot.service.services import Services
from hanchot.store.judging_tables import subject
from hanchot.store.tables import person, unit
from tests import plans
from tests.board.conftest import Visitor, words
from tests.board.people import ORGANISER, SECRETARY, STRANGER, signed_in
from tests.board.test_my_desk import send
from tests.judging import GOOD, NOW
from tests.look import at, events

KHOI = "khoi-binh-thuan-2024"
NOON = "2024-12-20 12:00"
HERE = f"/cycles/{KHOI}/subjects"
OWN = f"{HERE}/YT-1"
LOAN: dict[str, Any] = {"name": "Võ Thị Loan", "admitted_on": "15/3/2010"}


@pytest.fixture
def khoi(house: Services) -> Services:
    open_cycle(house, plans.plan(key=KHOI, regulation="124-QĐ/TW"), at("2024-11-18 07:00"))
    return house


def listed(house: Services, code: str) -> list[tuple[str, str | None]]:
    """The members of a unit with the clause on which they are exempt."""
    query = sa.select(person.c.name, subject.c.exempt).join(subject, subject.c.person_id == person.c.id)
    with house.db.read() as connection:
        rows = connection.execute(query.join(unit, unit.c.id == subject.c.unit_id).where(unit.c.code == code))
        return [(name, exempt) for name, exempt in rows]


def test_the_department_makes_the_list_and_is_told_what_happened(khoi: Services) -> None:
    binh = signed_in(khoi, ORGANISER, NOON)
    assert "Lập danh sách đối tượng" in binh.reads(f"/cycles/{KHOI}/judging")
    assert send(binh, HERE) == f"{HERE}?added=20&changed=0"
    assert "Đã thêm 20 đối tượng." in binh.reads(f"{HERE}?added=20&changed=0")
    assert send(binh, HERE) == f"{HERE}?added=0&changed=0"
    assert binh.matrix(HERE)[0] == ("Tổ chức", "8", "0", "0")
    assert "Còn 2 chi bộ chưa trả lời" in binh.reads(HERE)
    assert "Đảng viên (5)" in binh.reads(f"{HERE}?kind=member#list")
    assert "Phan Văn Lâm" in binh.reads(f"{HERE}?kind=member&state=rated")


def test_many_cells_are_answered_at_once_and_a_no_is_remembered(khoi: Services) -> None:
    binh, here = signed_in(khoi, ORGANISER, NOON), f"/cycles/{KHOI}/committees"
    send(binh, HERE)
    assert "Chưa trả lời chi bộ nào." in words(send(binh, here, 422))
    for answer in ({"has.BAO": "yes", "has.KHO": "no"}, {"has.BAO": "yes", "has.KHO": "no"}):  # the second is a double click
        binh.client.post(here, data={"token": _token(binh.page(HERE)), "cell": ["BAO", "KHO"], **answer},
                         headers={"sec-fetch-site": "same-origin"})  # fmt: skip
    assert "Không còn chi bộ nào phải hỏi." in binh.reads(here)
    assert "chi ủy" not in binh.reads(HERE).partition("Còn")[0] and binh.matrix(HERE)[1] == ("Tập thể", "3", "0", "0")
    assert [event.action for event in events(khoi)].count("subjects.committees") == 1

    said = {
        "cell": ["BAO"],
        "has.BAO": "no",
        "token": _token(binh.page(HERE)),
    }  # it was a mistake: off the list, with the clause
    binh.client.post(here, data=said, headers={"sec-fetch-site": "same-origin"})
    assert "chi bộ không có chi ủy [211-KH/ĐUK III.1.2]" in binh.reads(f"{HERE}?state=exempt")
    send(binh, HERE)
    assert binh.matrix(HERE)[1] == ("Tập thể", "3", "1", "0")


def _token(page: str) -> str:
    return str(re.findall(r'name="token" value="([^"]+)"', page)[-1])


def test_a_secretary_adds_the_own_members_on_a_phone(khoi: Services) -> None:
    hai = signed_in(khoi, SECRETARY, NOON)
    assert "Chưa có ai" in hai.reads(OWN)
    came_back = send(hai, OWN, 422, name=LOAN["name"], admitted_on="15/3/2410")
    assert "phải từ 03/02/1930 đến hôm nay" in words(came_back) and 'value="Võ Thị Loan"' in came_back
    assert send(hai, OWN, **LOAN) == f"{OWN}?done=added"
    said = hai.reads(f"{OWN}?done=added")
    assert "Đã thêm vào danh sách." in said and "Võ Thị Loan vào Đảng 15/03/2010 Được xếp loại" in said
    assert not any("Loan" in f"{event.subject}{event.reason}{event.data}" for event in events(khoi))
    hai.page(HERE, status=404)
    hai.page(f"{HERE}/BAO", status=404)
    signed_in(khoi, STRANGER, NOON).page(OWN, status=404)


def test_a_double_click_adds_once_and_a_namesake_is_asked_about(khoi: Services) -> None:
    hai = signed_in(khoi, SECRETARY, NOON)
    send(hai, OWN, **LOAN)
    asked = send(hai, OWN, 409, **LOAN)
    assert "“Võ Thị Loan” đã có" in words(asked) and "Vẫn thêm" in words(asked) and len(listed(khoi, "YT-1")) == 1
    assert re.search(rf'href="{OWN}/\d+">Xem người đã có', asked)
    send(hai, OWN, **LOAN, namesakes="1")
    send(hai, OWN, 409, **LOAN, namesakes="1")  # a double click on “vẫn thêm”: there are two by now
    assert [name for name, _ in listed(khoi, "YT-1")] == ["Võ Thị Loan"] * 2


def test_the_facts_say_who_is_exempt_and_why(khoi: Services) -> None:
    hai = signed_in(khoi, SECRETARY, NOON)
    send(hai, OWN, **LOAN)
    here = _one(hai.page(OWN))
    came_back = correct(hai, here, 422, excused_from="1/6/2024", excused_to="1/5/2024")
    assert "ngày hết miễn sinh hoạt 01/05/2024 trước ngày bắt đầu 01/06/2024" in words(came_back).lower()
    assert 'value="1/5/2024"' in came_back
    before = _seen(hai.page(here))
    assert correct(hai, here, excused_from="1/6/2024", excused_to="") == f"{OWN}?done=facts"
    assert "Không xếp loại được miễn công tác và sinh hoạt đảng [211-KH/ĐUK II.1.2]" in hai.reads(OWN)
    late = correct(hai, here, 409, excused_from="1/7/2024", seen=before)
    assert f"vừa được {SECRETARY} sửa lúc 12:00 20/12/2024" in words(late)
    assert correct(hai, here, excused_from="", excused_to="", temporary_cell="Chi bộ khu phố 3") == f"{OWN}?done=facts"
    assert "Còn hỏi Chưa xếp loại được Võ Thị Loan: đang sinh hoạt tạm thời" in hai.reads(OWN)
    correct(hai, here, comment_on="10/12/2024")
    assert "Được xếp loại" in hai.reads(OWN)


def test_whoever_has_a_level_is_not_taken_out(khoi: Services) -> None:
    hai = signed_in(khoi, SECRETARY, NOON)
    send(hai, OWN, **LOAN)
    here = _one(hai.page(OWN))
    self_rate(khoi, int(here.rpartition("/")[2]), Judgement(GOOD), NOW, actor=SECRETARY)
    assert "đã có mức ghi ở các bước trước" in words(correct(hai, here, 422, excused_from="1/6/2024"))
    assert "Chưa thể Đã có mức xếp loại" in hai.reads(here)
    came_back = send(hai, f"{here}/out", 422, at_page=here, why="twice")
    assert "đã có mức xếp loại" in words(came_back) and len(listed(khoi, "YT-1")) == 1


def test_a_mistake_is_taken_off_the_list_and_comes_back_as_the_same_person(khoi: Services) -> None:
    hai = signed_in(khoi, SECRETARY, NOON)
    send(hai, OWN, **LOAN)
    here = _one(hai.page(OWN))
    assert "Chọn lý do." in words(send(hai, f"{here}/out", 422, at_page=here))
    token = _token(hai.page(here))
    for _ in range(2):  # a double click
        said = {"token": token, "why": "wrong_unit"}
        answer = hai.client.post(f"{here}/out", data=said, headers={"sec-fetch-site": "same-origin"}, follow_redirects=False)
        assert answer.headers["location"] == f"{OWN}?done=out"
    assert listed(khoi, "YT-1") == []
    send(hai, OWN, **LOAN)
    with khoi.db.read() as connection:
        assert connection.execute(sa.select(person.c.code).where(person.c.name == LOAN["name"])).scalars().all() == [
            "vo.thi.loan@YT-1"
        ]


def test_a_secretary_adds_nobody_who_belongs_elsewhere(khoi: Services) -> None:
    hai = signed_in(khoi, SECRETARY, NOON)
    came_back = send(hai, OWN, 422, name=STRANGER, code="CB009", admitted_on="1/1/2000")
    assert "thuộc đơn vị khác" in words(came_back)
    assert "là của một người tên khác" in words(send(hai, OWN, 422, name="Ai Đó", code="CB009", admitted_on="1/1/2000"))


def test_a_holder_of_a_post_stays(khoi: Services) -> None:
    binh = signed_in(khoi, ORGANISER, NOON)
    send(binh, HERE)
    here = _one(binh.page(f"{HERE}/BAO"))
    assert "đang giữ chức vụ" in binh.reads(here).lower()
    correct(binh, here, admitted_on="1/12/2024")
    assert "Còn hỏi" in binh.reads(f"{HERE}/BAO")
    binh.page(f"{HERE}/YT-1/{here.rpartition('/')[2]}", status=404)


def correct(who: Visitor, here: str, status: int = 303, **typed: Any) -> str:
    """Send the form of one person's page as a browser does: with what stands in its fields."""
    held: dict[str, Any] = dict(
        re.findall(r'<input[^>]* name="([a-z_]+)"[^>]* value="([^"]*)"', who.page(here).partition("/out")[0])
    )
    return send(who, here, status, **held | typed)


def _one(page: str) -> str:
    """The address of the only person on a unit's page."""
    [found] = re.findall(r'<li id="s-\d+"><div><a href="([^"]+)"', page)
    return str(found)


def _seen(page: str) -> str:
    return str(re.findall(r'name="seen" value="([^"]+)"', page)[0])
