"""The first hour: an empty installation leads from the committee to a first cycle; left and resumed at any step."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hanchot.service import demo
from hanchot.service.services import Services
from tests.board.conftest import Visitor
from tests.board.test_admin import Desk
from tests.conftest import NewHouse
from tests.look import at
from tests.mailroom import catcher
from tests.org_files import PEOPLE, UNITS, workbook

DAY = "2026-11-21 09:00"
STEPS = ["Cấp ủy", "Tổ chức và người phụ trách, từ Excel", "Kế hoạch kiểm điểm", "Thư thử", "Chạy thử đợt đầu tiên", "Mở đợt"]


@pytest.fixture
def desk(empty_house: Services) -> Desk:
    return Desk(empty_house, DAY)


def done(desk: Desk) -> list[str]:
    """The steps that the page calls done, in its words."""
    said = desk.reads("/first-hour")
    return [step for step in [*STEPS, "Gửi thật"] if f"{step} Đã xong" in said]


def test_an_empty_house_leads_to_the_first_hour(desk: Desk) -> None:
    assert "Các bước đầu tiên Xong 0 trên 7 bước." in desk.reads("/")
    assert "1. Cấp ủy Làm bước này" in desk.reads("/first-hour")


def test_a_committee_that_cannot_be_meant_is_refused_with_what_was_typed(desk: Desk) -> None:
    said = desk.send(
        "/first-hour/committee", {"name": "Đảng ủy Khối", "code": "K H", "kind": "bloc_committee"}, on="/first-hour"
    )
    assert desk.status == 422 and "Mã “K H” không dùng được." in said
    said = desk.send("/first-hour/committee", {"name": "Đảng ủy Khối", "code": "K", "kind": "cell"}, on="/first-hour")
    assert desk.status == 422 and "Chưa chọn loại cấp ủy." in said


def test_from_nothing_to_a_first_cycle(desk: Desk, tmp_path: Path) -> None:
    founding = {"name": "Đảng ủy Khối", "code": "K", "kind": "bloc_committee"}
    assert "Đã ghi cấp ủy." in desk.send("/first-hour/committee", founding, on="/first-hour")
    desk.send("/first-hour/committee", founding, on="/first-hour")  # a second click changes nothing
    assert "Cấp ủy" in done(desk) and "Làm bước này" in desk.reads("/first-hour")

    data = workbook(tmp_path / "ds.xlsx", UNITS, PEOPLE).read_bytes()
    desk.send("/people/import", {}, file=("ds.xlsx", data))
    (kept,) = (desk.house.settings.home / "imports").iterdir()
    desk.send("/people/import/write", {"mark": kept.name}, on="/people/import")
    assert "5 tổ chức" in desk.reads("/first-hour") and "1 người chưa có thư" in desk.reads("/first-hour")

    key = "khoi-binh-thuan-2024"
    said = desk.send("/first-hour/run", {"plan": key, "period": "2024-13"}, on="/first-hour")
    assert desk.status == 422 and "Kỳ “2024-13”" in said


@pytest.fixture
def in_2024(house: Services) -> Iterator[Desk]:
    """The cast's committee in the autumn of the year whose plan came with the program."""
    yield Desk(house, "2024-11-15 09:00")


def test_a_dry_run_counts_and_names_the_first_letters_and_changes_nothing(in_2024: Desk) -> None:
    desk = in_2024
    said = desk.send("/first-hour/run", {"plan": "khoi-binh-thuan-2024"}, on="/first-hour")
    assert (
        "Kết quả chạy thử 9 tổ chức, 25 việc; từ 19/11/2024" in said and "tin đầu tiên" in said and "cb004@khoi.example" in said
    )
    assert "Chạy thử đợt đầu tiên Đã xong" in desk.reads("/first-hour")
    assert "Chưa mở đợt nào." in desk.reads("/")
    said = desk.send("/first-hour/open", {"plan": "khoi-binh-thuan-2024"}, on="/first-hour")
    assert desk.status == 422 and "đã xem kết quả chạy thử" in said
    said = desk.send("/first-hour/open", {"plan": "khoi-binh-thuan-2024", "sure": "yes"}, on="/first-hour")
    assert "Đã mở đợt." in said and "Mở đợt Đã xong" in said
    desk.send("/first-hour/open", {"plan": "khoi-binh-thuan-2024", "sure": "yes"}, on="/first-hour")
    assert "Bắt đầu" not in desk.reads("/")


def test_a_trial_that_no_relay_takes_says_so_and_keeps_the_address(new_house: NewHouse) -> None:
    desk = Desk(new_house("", catcher_port=1), DAY)
    said = desk.send("/settings/trial", {"to": "an@khoi.example", "back": "first-hour"}, on="/first-hour")
    assert desk.status == 422 and "Máy chủ thư không nhận thư thử" in said
    assert 'value="an@khoi.example"' in desk.last
    desk.send("/settings/trial", {"to": "không phải thư"}, on="/settings")
    assert desk.status == 422


def test_a_trial_goes_out_at_once_and_the_step_is_done(new_house: NewHouse, tmp_path: Path) -> None:
    with catcher(tmp_path / "mail") as port:
        desk = Desk(new_house("", catcher_port=port), DAY)
        said = desk.send("/settings/trial", {"to": "an@khoi.example", "back": "first-hour"}, on="/first-hour")
        assert "Máy chủ thư đã nhận thư thử cho an@khoi.example" in said and "Thư thử Đã xong" in said


def test_whoever_may_not_set_up_the_house_is_not_led_there(house: Services) -> None:
    assert Visitor(house, DAY).client.get("/", follow_redirects=False).status_code == 200


def test_the_sample_is_left_for_ones_own_committee(desk: Desk) -> None:
    demo.load(desk.house, demo.plan_named(desk.house), at("2024-11-18 07:00"))
    said = desk.reads("/first-hour")
    assert "Còn danh sách mẫu" in said and "Đợt đang mở theo bản tạm tính" in said
    said = desk.send("/first-hour/leave-sample", {}, on="/first-hour")
    assert desk.status == 422 and "Đánh dấu rồi bấm lại." in said
    for _ in range(2):
        said = desk.send("/first-hour/leave-sample", {"leave": "yes"}, on="/first-hour")
        assert "Đã bỏ danh sách mẫu." in said and "1. Cấp ủy Làm bước này" in said
    assert "Các bước đầu tiên" in desk.reads("/")
