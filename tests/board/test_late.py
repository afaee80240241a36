"""Ai chậm? Late starts with the last moment's end, and the page names whoever can do something about it."""

from __future__ import annotations

from datetime import date

from hanchot.domain.unit import UnitKind
from hanchot.service.items import act, extend
from hanchot.service.opening import open_cycle
from hanchot.service.progress import of
from hanchot.service.services import Services
from hanchot.service.sweep import sweep
from tests import plans
from tests.board.conftest import Visit, Visitor
from tests.cast import CAST, Body, settle, vacate
from tests.look import CODE, at, item_id

TEN = tuple(Body(f"CB{n}", f"Chi bộ {n}", UnitKind.GRASSROOTS_CELL, "DUK", f"Người Thứ {n}") for n in range(1, 11))


def ten_cells(house: Services) -> None:
    """Ten cells owe one report by 20/12/2024; all but 2, 5 and 10 hand it in."""
    settle(house.db, (CAST[0], *TEN))
    report = plans.duty("bao-cao", "self_assess", ["grassroots_cell"], {"kind": "by", "date": "2024-12-20"})
    open_cycle(house, plans.plan(report), at("2024-11-18 07:00"))
    for body in TEN:
        if body.code not in ("CB2", "CB5", "CB10"):
            act(house, item_id(house, body.code, "bao-cao"), "submit", at("2024-12-19 20:00"), actor=body.holder)


def test_exactly_those_who_did_not_submit_are_late_from_midnight_on(empty_house: Services, visit: Visit) -> None:
    ten_cells(empty_house)
    evening = visit(empty_house, "2024-12-20 23:59")
    assert "Không có việc nào quá hạn." in evening.reads("/late")
    assert "Không có việc nào quá hạn trong 1 đợt đang mở." in evening.reads("/")

    midnight = visit(empty_house, "2024-12-21 00:00")
    late = midnight.reads("/late")
    assert "3 việc quá hạn ở 3 tổ chức" in late
    assert [body.code for body in TEN if f'"/units/{body.code}"' in midnight.page("/late")] == ["CB2", "CB5", "CB10"]
    assert "Quá hạn 1 ngày" in late
    assert "3 việc quá hạn trong 1 đợt" in midnight.reads("/")


def test_names_stand_in_vietnamese_order_by_days_first(empty_house: Services, visit: Visit) -> None:
    ten_cells(empty_house)
    extend(
        empty_house, item_id(empty_house, "CB2", "bao-cao"), date(2024, 12, 22), at("2024-12-20 08:00"), actor="An",
        reason="lùi họp",
    )  # fmt: skip
    page = visit(empty_house, "2024-12-24 08:00").page("/late")
    places = [page.index(f'"/units/{code}"') for code in ("CB5", "CB10", "CB2")]
    assert places == sorted(places)  # two more days late come first; then Chi bộ 5 before Chi bộ 10


def test_all_pages_count_the_same(board: Visitor) -> None:
    house = board.house
    act(house, item_id(house, "YT-1", "chi-bo"), "submit", at("2024-12-10 20:00"), actor="bí thư")
    board.time = "2024-12-19 08:00"
    stages = of(house.db, CODE, at(board.time)).stages
    late = sum(stage.late for stage in stages)
    assert late == 6  # one preparation, four cells, and the committee that waits for its cells
    assert f"{late} việc quá hạn ở" in board.reads("/late")
    assert f"{late} việc quá hạn trong" in board.reads("/")
    for stage in stages:
        if stage.late:
            said = f"{stage.stage.vi.capitalize()}: xong {stage.done}/{stage.total}, {stage.late} quá hạn"
            assert said in board.reads(f"/cycles/{CODE}")


def test_the_page_says_who_holds_it_and_what_was_sent(board: Visitor) -> None:
    sweep(board.house, at("2024-12-13 08:00"))
    board.time = "2024-12-13 09:00"
    late = board.reads("/late")
    assert "Chi bộ Báo tỉnh thuộc Đảng ủy Khối" in late
    assert "Phan Văn Lâm" in late
    assert "hạn hết ngày thứ Năm 12/12/2024, mục II.1" in late
    assert "quá hạn 1 ngày làm việc" in late
    assert "Chờ gửi" in late


def test_a_vacant_post_is_said(board: Visitor) -> None:
    with board.house.db.write() as connection:
        vacate(connection, "KHO", since=date(2024, 12, 1))
    board.time = "2024-12-13 09:00"
    assert "Chức vụ đang khuyết" in board.reads("/late")


def test_the_text_to_forward_has_two_lines_and_no_person(board: Visitor) -> None:
    board.time = "2024-12-13 09:00"
    page = board.page("/late")
    texts = [part.partition(">")[2].partition("</textarea>")[0] for part in page.split("<textarea")[1:]]
    assert texts
    for text in texts:
        assert len(text.strip().splitlines()) == 2
        assert "/items/" in text
        assert not [body.holder for body in CAST if body.holder in text]


def test_a_cycle_can_be_chosen(board: Visitor) -> None:
    board.time = "2024-12-13 09:00"
    assert "Không việc nào khớp điều kiện lọc ở trên." in board.reads("/late?cycle=khong-co")
    assert "việc quá hạn" in board.reads(f"/late?cycle={CODE}")
