"""How a cycle stands, in numbers and in one line."""

from __future__ import annotations

import json
from datetime import date

import pytest

from hanchot.domain.errors import NotFound
from hanchot.domain.stage import Stage
from hanchot.service import progress
from hanchot.service.cycles import close_cycle
from hanchot.service.items import act
from hanchot.service.opening import Opened, open_cycle
from hanchot.service.services import Services
from hanchot.service.sweep import sweep
from tests import look, plans
from tests.look import at, item_id

NOW = at("2024-12-02 09:00")


def finish(house: Services, *done: str, now: str = "2024-12-02 09:00") -> None:
    for one in done:
        body, key = one.split("/")
        act(house, item_id(house, body, key), "submit", at(now), actor="cán bộ")


def test_a_new_cycle(house: Services, opened: Opened) -> None:
    one = progress.of(house.db, "mau-2024", at("2024-11-18 09:00"))
    assert (one.stage, one.state, one.kind, one.period) == (Stage.PREPARE, "open", "annual", "2024")
    assert [(s.stage.value, s.done, s.total, s.late) for s in one.stages] == [
        ("prepare", 0, 4, 0), ("self_assess", 0, 9, 0), ("appraise", 0, 2, 0), ("decide", 0, 1, 0),
        ("notify", 0, 1, 0), ("remediate", 0, 3, 0),
    ]  # fmt: skip
    assert one.headline == "Đang chuẩn bị 0/4, còn 11 ngày"  # to 29/11
    assert one.tags == ("mau-2024", "năm 2024", "bước: chuẩn bị")
    assert one.ends_on == date(2025, 1, 10)


def test_counters_follow_the_work(any_house: Services) -> None:
    open_cycle(any_house, plans.plan(), at("2024-11-18 07:00"))
    finish(any_house, "DUK-BTC/phan-cong", "BAO/chi-bo", "KHO/chi-bo")
    act(any_house, item_id(any_house, "KHO", "chi-bo"), "return", NOW, actor="B", reason="thiếu")
    act(any_house, item_id(any_house, "YT-1", "chi-bo"), "excuse", NOW, actor="B", reason="mới lập")
    sweep(any_house, NOW)
    one = progress.of(any_house.db, "mau-2024", NOW)
    assert [(s.state, s.done, s.total) for s in one.stages][:2] == [("closed", 1, 4), ("open", 2, 9)]
    with any_house.db.read() as connection:
        assert look.counters_agree(connection)


@pytest.mark.parametrize(
    ("now", "headline"),
    [
        ("2024-12-12 23:59:59", "Đang tự đánh giá 0/9, còn 8 ngày"),
        ("2024-12-13 00:00", "Quá hạn: tự đánh giá 0/9"),
    ],
)
def test_the_headline_names_the_earliest_stage_that_overruns(house: Services, opened: Opened, now: str, headline: str) -> None:
    finish(house, "DUK-BTC/phan-cong")
    sweep(house, NOW)
    assert progress.of(house.db, "mau-2024", at(now)).headline == headline


def test_late_work_is_tagged_and_counted(house: Services, opened: Opened) -> None:
    one = progress.of(house.db, "mau-2024", at("2024-12-19 09:00"))
    # one phan-cong, five chi-bo, one co-so (18/12); ho-so is due on 20/12
    assert [s.late for s in one.stages] == [1, 6, 0, 0, 0, 0]
    assert "quá hạn" in one.tags
    assert one.headline == "Quá hạn: chuẩn bị 0/4"


def test_a_closed_cycle_and_one_that_has_nothing_left(house: Services) -> None:
    plan = plans.plan(plans.duty("mot", "prepare", ["organisation_department"], {"kind": "unset"}))
    open_cycle(house, plan, at("2024-11-18 07:00"))
    assert progress.of(house.db, "mau-2024", NOW).headline == "Đang chuẩn bị 0/1"
    finish(house, "DUK-BTC/mot")
    sweep(house, NOW)
    one = progress.of(house.db, "mau-2024", NOW)
    assert (one.headline, one.stage, one.tags[-1]) == ("Xong mọi bước, chờ đóng đợt", None, "bước: xong")
    close_cycle(house, "mau-2024", NOW, actor="B")
    assert progress.of(house.db, "mau-2024", NOW).headline == "Đợt đã đóng"
    assert progress.open_cycles(house.db, NOW) == ()
    assert len(progress.all_cycles(house.db, NOW)) == 1


def test_open_cycles_stand_before_closed_ones(house: Services) -> None:
    for n in (1, 2, 3):
        open_cycle(house, plans.plan(key=f"dot-{n}-2024"), at(f"2024-11-1{n} 07:00"))
    close_cycle(house, "dot-1-2024", NOW, actor="B", reason="thử")
    assert [c.code for c in progress.all_cycles(house.db, NOW)] == ["dot-2-2024", "dot-3-2024", "dot-1-2024"]


def test_a_quarter_and_a_provisional_plan_are_tagged(house: Services) -> None:
    quarter = plans.duty("quy", "self_assess", plans.GRASSROOTS, {"kind": "unset"}, period="quarterly")
    plan = plans.plan(quarter, periods=["quarterly"], quarters=[1, 2, 3], provisional=True)
    open_cycle(house, plan, NOW, period="2024-Q3")
    one = progress.of(house.db, "mau-2024-Q3", NOW)
    assert (one.period, one.provisional, one.ends_on) == ("2024-Q3", True, None)
    assert one.tags == ("mau-2024", "năm 2024", "quý 3", "bước: tự đánh giá", "tạm tính")


def test_everything_goes_into_json(house: Services, opened: Opened) -> None:
    shown = progress.of(house.db, "mau-2024", NOW).to_json()
    assert json.loads(json.dumps(shown))["stages"][0]["stage_vi"] == "chuẩn bị"
    assert shown["opened_at"] == "2024-11-18T07:00:00+07:00"


def test_an_unknown_cycle(house: Services) -> None:
    with pytest.raises(NotFound, match=r"“x”.*chưa có đợt nào"):
        progress.of(house.db, "x", NOW)
