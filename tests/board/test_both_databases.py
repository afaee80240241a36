"""Every page says the same on SQLite and on PostgreSQL."""

from __future__ import annotations

from hanchot.service.items import act
from hanchot.service.opening import open_cycle
from hanchot.service.services import Services
from hanchot.service.sweep import sweep
from tests import plans
from tests.board.conftest import Visit
from tests.look import CODE, at, item_id


def test_every_page_opens_on_either_database(any_house: Services, visit: Visit) -> None:
    open_cycle(any_house, plans.plan(), at("2024-11-18 07:00"))
    sweep(any_house, at("2024-11-18 08:00"))
    here = item_id(any_house, "YT-1", "chi-bo")
    act(any_house, here, "submit", at("2024-12-14 20:00"), actor="bí thư")
    board = visit(any_house, "2024-12-16 09:00")
    said = {
        path: board.reads(path)
        for path in (
            "/", f"/cycles/{CODE}", f"/cycles/{CODE}/matrix", f"/cycles/{CODE}/matrix?branch=YT&late=1", "/late",
            "/coming", "/units/YT", "/units?q=y te", f"/items/{here}", "/letters", "/letters?state=queued&q=le thi",
            "/letters/1", "/incidents",
        )
    }  # fmt: skip
    assert "5 việc quá hạn ở 5 tổ chức" in said["/late"]
    assert "Đã nộp (muộn 2 ngày)" in said[f"/items/{here}"]
    assert [row[0] for row in board.matrix(f"/cycles/{CODE}/matrix")][:2] == [
        "Ban Tổ chức Đảng ủy Khối", "Đảng bộ Sở Y tế mở nhánh",
    ]  # fmt: skip
    assert board.client.get("/health").json()["status"] == "ok"
