"""Unit × stage: riskiest first, one row for a whole branch, and quick enough for a province."""

from __future__ import annotations

import re
import time

from hanchot.service import sample
from hanchot.service.items import act
from hanchot.service.opening import open_cycle
from hanchot.service.services import Services
from hanchot.store.plan_files import find_plan
from tests.board.conftest import Visit, Visitor
from tests.look import CODE, at, item_id

PAGE = f"/cycles/{CODE}/matrix"


def test_a_row_speaks_for_the_whole_branch_and_the_riskiest_comes_first(board: Visitor) -> None:
    house = board.house
    for cell in ("YT-1", "BAO"):
        act(house, item_id(house, cell, "chi-bo"), "submit", at("2024-12-10 20:00"), actor="bí thư")
    board.time = "2024-12-14 09:00"
    rows = board.matrix(PAGE)
    assert [row[0] for row in rows] == [
        "Ban Tổ chức Đảng ủy Khối",  # 15 days late
        "Đảng bộ Sở Y tế mở nhánh",  # 2 days, two cells
        "Chi bộ Kho bạc",  # 2 days, one cell
        "Chi bộ Báo tỉnh",
        "Ban Thường vụ Đảng ủy Khối",
    ]
    assert rows[1][2] == "Quá hạn 2 ngày 2 chậm · xong 1/5"
    assert rows[3][2] == "Còn 6 ngày xong 1/2"
    assert rows[0][1] == "Quá hạn 15 ngày"


def test_a_branch_opens_with_its_own_duties_first(board: Visitor) -> None:
    board.time = "2024-12-14 09:00"
    rows = board.matrix(f"{PAGE}?branch=YT")
    assert [row[0] for row in rows] == [
        "Đảng bộ Sở Y tế việc của chính tổ chức này",
        "Chi bộ Trung tâm Y tế",
        "Chi bộ Văn phòng Sở",
        "Đảng bộ bộ phận Bệnh viện mở nhánh",
    ]
    assert rows[0][2] == "Chưa thể bắt đầu xong 0/2"  # one waits for the cells, the other for the first
    assert 'href="/cycles/mau-2024/matrix?branch=DUK"' in board.page(f"{PAGE}?branch=YT")


def test_only_where_something_is_late(board: Visitor) -> None:
    assert "Nhánh này không có việc nào quá hạn." in board.reads(f"{PAGE}?late=1")
    board.time = "2024-12-14 09:00"
    assert len(board.matrix(f"{PAGE}?late=1")) == 4
    assert "Chỉ nơi có việc quá hạn (4)" in board.reads(PAGE)


def test_it_is_a_table_that_can_be_read_aloud(board: Visitor) -> None:
    page = board.page(PAGE)
    table = page.partition("<table")[2].partition("</table>")[0]
    assert "<caption" in table
    assert len(re.findall(r'<th scope="col"', table)) == 7  # the unit and six stages
    assert len(re.findall(r'<th scope="row"', table)) == len(board.matrix(PAGE))
    for cell in re.findall(r"<td.*?</td>", table, re.DOTALL):
        assert re.sub(r"<[^>]+>", "", cell).strip(), cell  # colour and shape never stand without words


def test_a_unit_of_another_tree_has_no_rows(board: Visitor) -> None:
    sample.make(board.house.db, "commune", now=at("2024-11-18 07:00"))
    assert "Nhánh này không có việc nào trong đợt." in board.reads(f"{PAGE}?branch=MAU-XA")


def test_ten_thousand_cells_are_shown_within_a_tenth_of_a_second(empty_house: Services, visit: Visit) -> None:
    now = at("2023-11-01 09:00")
    sample.make(empty_house.db, "province", cells=10_000, now=now)
    open_cycle(empty_house, find_plan("quang-ngai-13-hd-tu"), now, period="2023")
    board = visit(empty_house, "2023-12-20 09:00")
    cycle = "/cycles/quang-ngai-13-hd-tu-2023"
    page = f"{cycle}/matrix"
    branch = re.findall(r"branch=([\w-]+)", board.page(page))[0]
    for path in (page, f"{page}?branch={branch}", "/", "/late", "/coming", "/units?q=y te", cycle):
        board.page(path)
        best = min(_seconds(board, path) for _ in range(5))
        assert best <= 0.1, (path, best)
        assert len(board.page(path).encode()) <= 100_000


def _seconds(board: Visitor, path: str) -> float:
    """Of the processor: other tests share the machine."""
    begun = time.process_time()
    board.page(path)
    return time.process_time() - begun


def test_a_name_or_a_kind_shows_those_units_themselves(board: Visitor) -> None:
    """Marks are ignored; deep units come up without opening branch after branch."""
    assert [row[0] for row in board.matrix(f"{PAGE}?q=khoa noi")] == ["Chi bộ Khoa Nội"]
    kinds = [row[0] for row in board.matrix(f"{PAGE}?kind=grassroots_cell")]
    assert sorted(kinds) == ["Chi bộ Báo tỉnh", "Chi bộ Kho bạc"]
    assert board.matrix(f"{PAGE}?kind=grassroots_cell&branch=YT") == []
    assert "Không có tổ chức nào như đã lọc." in board.reads(f"{PAGE}?q=khong co ai")


def test_the_address_keeps_what_was_chosen(board: Visitor) -> None:
    page = board.page(f"{PAGE}?q=chi&stage=self_assess&kind=cell")
    assert 'value="chi"' in page and '<option value="self_assess" selected>' in page
    assert "/export/matrix.xlsx?stage=self_assess&amp;kind=cell&amp;q=chi&amp;cycle=" in page


def test_an_unknown_word_filters_nothing(board: Visitor) -> None:
    assert board.matrix(f"{PAGE}?stage=khong&kind=co") == board.matrix(PAGE)
