"""Judging on the board: who stands where and what is missing, the steps before the decision, results, complaints, rules."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from hanchot.service.judging.ratings import Judgement, propose, self_rate
from hanchot.service.judging.subjects import name_subjects
from hanchot.service.opening import open_cycle
from hanchot.service.services import Services
from hanchot.service.signing_in.granting import grant
from hanchot.store.judging_tables import rating
from hanchot.store.tables import unit
from tests import plans
from tests.board.conftest import Visitor, words
from tests.board.people import DECIDER, ORGANISER, STRANGER, SUPERIOR, code_of, signed_in, with_fresh_code
from tests.board.test_my_desk import send
from tests.judging import (
    CELL,
    CODE,
    DAY,
    EXCELLENT,
    FAIR,
    GOOD,
    NOW,
    appraised,
    both_rounds,
    cell_of,
    decided,
    minutes,
    ratings,
    voted,
)
from tests.look import at, events

NOON = "2024-12-20 12:00"
NGA = "Đặng Thị Nga"  # secretary of the cell that is judged
LIST = f"/cycles/{CODE}/judging"


def test_the_list_says_what_is_missing_and_the_quota(house: Services) -> None:
    members = cell_of(house, 24, papers=["bao-cao-ket-qua", "trich-bien-ban", "bao-cao-tham-dinh"])
    appraised(house, members)
    voted(house, minutes({one: {GOOD: 30} for one in members[:2]}))
    said = signed_in(house, ORGANISER, NOON).reads(LIST)
    assert "Đã quyết định 0/24 · tự xếp loại 24 · thẩm định 24" in said
    assert "Còn 4 suất trong 4: 20 % của 24 hoàn thành tốt, 13-HD/TU PL.3 KHO · Cá nhân" in said
    assert "Nộp bổ sung giấy số 3. 13-HD/TU PL.3" in said and "và 1 điều nữa" in said


def test_a_secretary_sees_the_own_unit_and_nobody_elses(house: Services) -> None:
    [one] = cell_of(house, 1)
    name_subjects(house, CODE, NOW, actor="Bình")
    nga = signed_in(house, NGA, NOON)
    assert "Đảng viên M01" in nga.reads(LIST) and "Sở Y tế" not in nga.reads(LIST)
    assert "0/3" in nga.reads("/judging") and "Đảng viên M01" in nga.reads(f"{LIST}?unit={CELL}")
    stranger = signed_in(house, STRANGER, NOON)
    assert "Đảng viên M01" not in stranger.reads(LIST)
    for path in (f"{LIST}?unit={CELL}", f"/judging/{one}", f"/judging/{one}/self", f"/results/units/{CELL}"):
        stranger.page(path, status=404)
    nga.page(f"/judging/{one}/appraised", status=403)
    dung = signed_in(house, SUPERIOR, NOON)
    assert "Chi bộ Văn phòng Sở" in dung.reads(LIST) and "Kho bạc" not in dung.reads(LIST)


def test_an_administrator_sees_nobodys_rating(house: Services) -> None:
    [one] = cell_of(house, 1)
    appraised(house, [one])
    nobody = signed_in(house, "Đỗ Văn Minh", NOON)  # in charge of another branch: proposes there, sees no results
    nobody.page("/judging", status=403)
    nobody.page(f"/judging/{one}", status=404)


def test_the_own_level_and_a_double_click(house: Services) -> None:
    [one] = cell_of(house, 1)
    nga, here = signed_in(house, NGA, NOON), f"/judging/{one}/self"
    came_back = send(nga, here, 422)
    assert "Chọn một mức." in words(came_back) and 'href="#level"' in came_back
    for _ in range(2):
        assert send(nga, here, level="good") == f"/judging/{one}"
    assert [(row.level, row.entered_by) for row in ratings(house, one, "self")] == [(GOOD, NGA)]
    assert "Tự xếp loại Tốt" in nga.reads(f"/judging/{one}")


def test_every_difference_has_its_reason_and_nothing_typed_is_lost(house: Services) -> None:
    [one] = cell_of(house, 1)
    self_rate(house, one, Judgement(EXCELLENT), NOW, actor=NGA)
    propose(house, one, CELL, Judgement(GOOD, reason="theo phiếu"), NOW, actor=NGA)
    binh, here = signed_in(house, ORGANISER, NOON), f"/judging/{one}/appraised"
    assert "Tự xếp loại Xuất sắc" in binh.reads(here) and "Đề nghị Tốt Lý do: theo phiếu" not in binh.reads(here)
    came_back = send(binh, here, 422, level="fair", unit="DUK-BTC")
    assert "khác mức đề nghị" in words(came_back) and 'value="fair" checked' in came_back
    assert "Chọn nơi ghi mức này." in words(send(binh, here, 422, level="fair", unit="KHONG"))
    send(binh, here, level="fair", unit="DUK-BTC", reason="có kết luận kiểm tra")
    [row] = ratings(house, one, "appraised")
    assert (row.level, row.reason, row.entered_by) == (FAIR, "có kết luận kiểm tra", ORGANISER)
    assert "có kết luận kiểm tra" in signed_in(house, NGA, NOON).reads(f"/judging/{one}")
    assert not any("kiểm tra" in f"{event.reason}{event.data}" for event in events(house))


def test_points_and_answers_are_typed_as_people_write_them(house: Services) -> None:
    open_cycle(house, plans.plan(key="lung-phinh-2025", regulation="366-QĐ/TW"), at("2024-11-18 07:00"))
    name_subjects(house, "lung-phinh-2025-2024", NOW, actor="Bình")
    lam = signed_in(house, STRANGER, NOON)
    page = lam.page("/cycles/lung-phinh-2025-2024/judging?unit=BAO")
    one = int(page.partition('<th scope="row"><a href="/judging/')[2].partition('"')[0])
    here = f"/judging/{one}/self"
    assert "không làm tròn: 89,99 chưa là 90" in lam.reads(here)
    came_back = send(lam, here, 422, level="excellent", score="89,99")
    assert "366-QĐ/TW Điều 11" in words(came_back) and 'value="89,99"' in came_back
    typed: dict[str, Any] = {"fact.tasks_done_percent": "một trăm", "fact.disunity": "no"}
    came_back = send(lam, here, 422, level="good", score="89,99", **typed)
    assert "“một trăm” không phải số" in words(came_back) and 'value="một trăm"' in came_back
    send(lam, here, level="good", score="89,99", **typed | {"fact.tasks_done_percent": "100"})
    [row] = ratings(house, one, "self")
    assert (row.score, row.why["facts"]) == (8999, {"disunity": False, "tasks_done_percent": "100"})
    assert 'value="no" checked' in lam.page(here) and "Các quý" in lam.reads(f"/judging/{one}")


def test_tallies_are_for_the_deciding_level_and_the_own_record(house: Services) -> None:
    members = cell_of(house, 1)
    appraised(house, members)
    both_rounds(house, members, members)
    here = f"/judging/{members[0]}"
    assert "30 trên 30 người được triệu tập" in signed_in(house, NGA, NOON).reads(here)
    assert "30 trên 30" in signed_in(house, DECIDER, NOON).reads(here)
    grant(house, code_of(house, STRANGER), "inspector", CELL, at("2024-12-01 08:00"), actor="Quản trị")
    inspector = signed_in(house, STRANGER, NOON)
    assert "Tốt" in inspector.reads(here) and "30 trên 30" not in inspector.reads(here)
    inspector.page("/ballots/1", status=403)


def test_results_by_year_of_a_unit_and_of_a_person(house: Services) -> None:
    [one] = cell_of(house, 1)
    appraised(house, [one])
    voted(house, minutes({one: {GOOD: 30}}))
    decided(house, one, GOOD)
    binh = signed_in(house, ORGANISER, NOON)
    assert "2024 Đảng viên Tốt số 05-QĐ/CB ngày 19/12/2024 Chi bộ Kho bạc" in binh.reads("/results/people/M01")
    assert "Chưa có kết quả" in binh.reads(f"/results/units/{CELL}")
    assert "2024: Tốt" in binh.reads(f"/judging/{one}")
    signed_in(house, STRANGER, NOON).page("/results/people/M01", status=404)
    signed_in(house, NGA, NOON).page("/results/people/M01")


def test_a_complaint_is_registered_and_answered_by_the_body_that_decided(house: Services) -> None:
    [one] = cell_of(house, 1)
    appraised(house, [one])
    voted(house, minutes({one: {GOOD: 30}}))
    decided(house, one, GOOD)
    nga = signed_in(house, NGA, NOON)
    here = f"/judging/{one}/complaint"
    came_back = send(nga, here, 422, complainant="Đảng viên M01", received_on="30/2/2024")
    assert "Không có ngày 30/2/2024." in words(came_back) and 'value="Đảng viên M01"' in came_back
    said: dict[str, Any] = {"complainant": "Đảng viên M01", "received_on": "20/12/2024", "reason": "chưa tính sáng kiến"}
    for _ in range(2):  # a double click
        assert send(nga, here, **said) == f"/judging/{one}#complaints"
    own = nga.reads(f"/judging/{one}")
    assert "Chờ trả lời" in own and "sáng kiến" not in own
    assert "chưa tính sáng kiến" in nga.reads("/complaints/1")  # her cell has decided, and answers
    signed_in(house, STRANGER, NOON).page("/complaints/1", status=404)

    cuong = with_fresh_code(house, DECIDER, NOON)
    assert "chưa tính sáng kiến" in cuong.reads("/complaints/1")
    came_back = send(cuong, "/complaints/1", 422, do="reopen", words="có căn cứ", approver=DECIDER)
    assert "không được tự duyệt" in words(came_back) and ">có căn cứ</textarea>" in came_back
    assert (
        send(cuong, "/complaints/1", do="reopen", words="có căn cứ", approver="Nguyễn Văn An") == f"/judging/{one}#complaints"
    )
    assert "Đã mở lại" in cuong.reads("/complaints/1")
    [row] = ratings(house, one)
    assert (row.current, row.reopened_by, row.approved_by) == (False, DECIDER, "Nguyễn Văn An")


def test_a_result_is_reopened_only_by_the_deciding_level(house: Services) -> None:
    [one] = cell_of(house, 1)
    appraised(house, [one])
    voted(house, minutes({one: {GOOD: 30}}))
    decided(house, one, GOOD)
    here = f"/judging/{one}/reopen"
    assert "Chỉ cấp có thẩm quyền" in signed_in(house, ORGANISER, NOON).reads(here)
    cuong = with_fresh_code(house, DECIDER, NOON)
    came_back = send(cuong, here, 422, reason="nhầm biên bản")
    assert "Ghi người duyệt" in words(came_back) and ">nhầm biên bản</textarea>" in came_back
    for _ in range(2):
        assert send(cuong, here, at_page="/deciding", reason="nhầm biên bản", approver="Nguyễn Văn An") == f"/judging/{one}"
    assert "đã mở lại" in cuong.reads(f"/judging/{one}")


def test_nobody_opens_again_what_was_decided_above(house: Services) -> None:
    """Not even who may decide where the subject stands: the door asks for the body that has decided."""
    [one] = cell_of(house, 1)
    appraised(house, [one])
    nga, above = with_fresh_code(house, NGA, NOON), sa.select(unit.c.id).where(unit.c.code == "DUK").scalar_subquery()
    with house.db.write() as connection:
        last = connection.execute(sa.select(rating).where(rating.c.subject_id == one, rating.c.step == "appraised")).mappings()
        said = {"step": "decided", "unit_id": above, "number": "09-QĐ/TU", "decided_on": DAY, "confirmed_by": "Lan"}
        connection.execute(sa.insert(rating).values({k: v for k, v in last.one().items() if k != "id"} | said))
    assert "Mở lại kết quả" not in nga.reads(f"/judging/{one}")
    nga.page(f"/judging/{one}/reopen", status=404)
    answer = send(nga, f"/judging/{one}/reopen", 404, at_page="/deciding", reason="nhầm", approver="Nguyễn Văn An")
    assert "nhầm" not in words(answer) and ratings(house, one)[0].current


def test_the_rules_are_shown_with_their_clauses_and_what_nobody_has_compared(board: Visitor) -> None:
    assert "13-HD/TU" in board.reads("/rules") and "chưa đối chiếu văn bản" in board.reads("/rules")
    said = board.reads("/rules/13-hd-tu")
    assert "Không quá 20 % của số hoàn thành tốt, kể cả số được chọn lên xuất sắc" in said and "13-HD/TU PL.3" in said
    assert "13-HD/TU PL.3 · chưa đối chiếu văn bản" in said
    assert "Thẩm quyền" in board.reads("/rules/quang-ngai-13-hd-tu")
    board.page("/rules/khong-co", status=404)
