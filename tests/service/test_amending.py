"""A cycle goes by another plan: the real document's in place of a provisional one, or one amended in mid-cycle.

The cast works under ``tests/plans.py``, opened on Monday 18/11/2024. The new plan comes while work is going on.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from hanchot.domain.errors import AlreadyDone, BadPlan, Refused
from hanchot.domain.plan import Plan
from hanchot.domain.stage import Stage
from hanchot.service import audit
from hanchot.service.amending import Amended, amend_cycle
from hanchot.service.cycles import close_cycle
from hanchot.service.items import act, extend
from hanchot.service.mail.posting import post_all
from hanchot.service.moving import set_date, set_event
from hanchot.service.opening import Opened, open_cycle
from hanchot.service.services import Services
from hanchot.service.sweep import sweep
from hanchot.service.views.cycle import cycle_page
from hanchot.store.tables import cycle_stage
from tests import look, plans
from tests.cast import CAST
from tests.conftest import OPENED_AT
from tests.look import CODE, at, item, item_id
from tests.plans import CELLS, GRASSROOTS, duty

NOW = at("2024-12-04 09:00")  # a Wednesday; the cells are due on Thursday the 12th


def amended(*changes: dict[str, Any], without: tuple[str, ...] = (), **more: Any) -> Plan:
    """The tests' plan with some duties written anew or added, and some left out; number 02-KH/ĐUK."""
    new = {change["key"]: change for change in changes}
    kept = [new.pop(m["key"], m) for m in plans.MILESTONES if m["key"] not in without]
    document = {"kind": "plan", "number": "02-KH/ĐUK", "issuer": "Đảng ủy Khối", "title": "Kế hoạch năm 2024", "year": 2024}
    return plans.plan(*kept, *new.values(), document=document, **more)


def replace(house: Services, plan: Plan, now: str = "2024-12-04 09:00", **more: Any) -> Amended:
    return amend_cycle(house, CODE, plan, at(now), actor="Bình", reason="02-KH/ĐUK", **more)


def cells_due(day: str) -> dict[str, Any]:
    return duty("chi-bo", "self_assess", CELLS, {"kind": "by", "date": day})


@pytest.fixture
def running(any_house: Services) -> Services:
    """The cycle at work on either database: the opening was told, BAO has handed in, KHO has more time."""
    open_cycle(any_house, plans.plan(provisional=True), at(OPENED_AT))
    sweep(any_house, at("2024-11-18 08:00"))
    sweep(any_house, at("2024-12-03 08:00"))  # T-7 of the cells
    act(any_house, item_id(any_house, "BAO", "chi-bo"), "submit", at("2024-12-03 10:00"), actor="Lâm")
    extend(
        any_house, item_id(any_house, "KHO", "chi-bo"), date(2024, 12, 27), at("2024-12-03 11:00"), actor="Bình", reason="bão"
    )
    return any_house


def test_the_real_document_replaces_the_provisional_plan(running: Services) -> None:
    made = replace(running, amended(cells_due("2024-12-16")))
    assert made.changed and [line.key for line in made.lines if line.verb == "moved"] == ["chi-bo"]
    page = cycle_page(running, CODE, NOW)
    assert (page.plan.document.number, page.plan.provisional) == ("02-KH/ĐUK", False)
    [event] = look.events(running, "cycle.amended")
    assert (event.was, event.became, event.reason) == ("01-KH/ĐUK", "02-KH/ĐUK", "02-KH/ĐUK")
    assert audit.check(running.db).broken_at is None


def test_only_what_the_document_moved_gets_a_new_revision(running: Services) -> None:
    replace(running, amended(cells_due("2024-12-16")))
    assert (item(running, "YT-1", "chi-bo").last_day, item(running, "YT-1", "chi-bo").revision) == (date(2024, 12, 16), 1)
    assert item(running, "YT", "ho-so").revision == 0
    # done work keeps the deadline that it was done under; an extension that goes further is kept
    done, extended = item(running, "BAO", "chi-bo"), item(running, "KHO", "chi-bo")
    assert (done.state, done.last_day, done.revision) == ("submitted", date(2024, 12, 12), 0)
    assert (extended.last_day, extended.revision) == (date(2024, 12, 27), 1)


def test_letters_stay_in_the_ledger_and_no_rung_is_said_twice(running: Services) -> None:
    before = look.ledger(running, to="YT-1", milestone="chi-bo")
    assert [row.rung for row in before] == ["open", "T-7"]
    replace(running, amended(cells_due("2024-12-16")))
    for day in range(4, 18):
        sweep(running, at(f"2024-12-{day:02} 08:00"))
    after = look.ledger(running, to="YT-1", milestone="chi-bo")
    assert after[:2] == before
    told = [row.rung.split("-")[0] if row.rung.startswith("amended") else row.rung for row in after[2:] if row.unit == "YT-1"]
    # T-7 of Monday 16/12 was Thursday 05/12, the day after the amendment
    assert told == ["amended", "T-7", "T-3", "T-1", "T", "T+1"]
    assert look.who(running, tone="extended") == ["KHO", "YT-1", "YT-2", "YT-BP1"]  # KHO’s is of its own extension


def test_a_letter_of_the_old_date_that_has_not_left_is_superseded(running: Services) -> None:
    simulated = Services(running.db, running.settings, running.workdays, live=False)
    replace(running, amended(cells_due("2024-12-16")), "2024-12-03 08:30")
    sweep(running, at("2024-12-03 09:00"))
    post_all(simulated, at("2024-12-03 09:00"))
    left = {row.rung: row.state for row in look.ledger(running, to="YT-1", milestone="chi-bo")}
    assert left["T-7"] == "superseded"


def test_a_date_moved_into_the_past_is_said_in_one_sentence(running: Services) -> None:
    made = replace(running, amended(cells_due("2024-12-02")))
    [notice] = made.notices
    assert "hạn mới 02/12/2024 đã qua khi thay kế hoạch" in notice and "gia hạn cho từng việc" in notice
    assert any(notice == message for message, _, _ in look.incidents(running).values())
    assert item(running, "YT-1", "chi-bo").last_day == date(2024, 12, 2)
    assert item(running, "KHO", "chi-bo").last_day == date(2024, 12, 27)


def test_a_dropped_duty_is_excused_and_what_was_done_under_it_stays(running: Services) -> None:
    free = duty("co-so", "self_assess", ["grassroots_committee"], {"kind": "by", "date": "2024-12-18"})
    made = replace(running, amended(free, without=("chi-bo",)))
    [line] = [line for line in made.lines if line.verb == "dropped"]
    assert (line.key, line.items) == ("chi-bo", 4)
    assert (item(running, "YT-1", "chi-bo").state, item(running, "BAO", "chi-bo").state) == ("excused", "submitted")
    row = look.milestone(running, "chi-bo")
    assert (row.total, row.finished) == (5, 5)
    assert item(running, "YT", "co-so").state == "open"  # nothing holds it back any more
    assert not [row for row in _later(running) if row.milestone == "chi-bo"]
    [shown] = [line for line in cycle_page(running, CODE, NOW).lines if line.milestone.key == "chi-bo"]
    assert shown.milestone.note == "Kế hoạch thay thế không còn mốc này."


def test_an_added_duty_is_opened_for_its_units_and_told(running: Services) -> None:
    new = duty("tap-huan", "self_assess", GRASSROOTS, {"kind": "by", "date": "2024-12-20"}, "chi-bo/below")
    made = replace(running, amended(new))
    assert [(line.key, line.items) for line in made.lines if line.verb == "added"] == [("tap-huan", 3)]
    assert item(running, "YT", "tap-huan").state == "waiting"  # its cells have not finished
    assert item(running, "BAO", "tap-huan").state == "open"
    sweep(running, NOW)
    assert look.who(running, milestone="tap-huan") == ["BAO", "KHO", "YT"]


def test_the_same_plan_again_changes_nothing(running: Services) -> None:
    new = amended(cells_due("2024-12-16"), duty("tap-huan", "prepare", GRASSROOTS, {"kind": "unset"}), without=("giay-moi",))
    replace(running, new)
    before = look.ledger(running), look.states(running), look.events(running)
    again = replace(running, new, "2024-12-05 09:00")
    assert not again.changed and "không có gì đổi" in again.words
    assert (look.ledger(running), look.states(running), look.events(running)) == before


def test_a_dry_run_says_everything_and_does_nothing(running: Services) -> None:
    before = look.ledger(running), look.states(running), look.events(running)
    looked = replace(running, amended(cells_due("2024-12-16"), without=("lich",)), dry_run=True)
    assert looked.words == "Sẽ thay kế hoạch của đợt mau-2024: 9 mốc giữ nguyên, 1 mốc đổi hạn, 1 mốc không còn."
    assert (look.ledger(running), look.states(running), look.events(running)) == before
    assert cycle_page(running, CODE, NOW).plan.provisional
    done = replace(running, amended(cells_due("2024-12-16"), without=("lich",)))
    assert done.to_json() == {**looked.to_json(), "dry_run": False}


def test_a_duty_that_comes_back_is_open_again(running: Services) -> None:
    free = duty("co-so", "self_assess", ["grassroots_committee"], {"kind": "by", "date": "2024-12-18"})
    replace(running, amended(free, without=("chi-bo",)))
    replace(running, amended(), "2024-12-05 09:00")
    row = item(running, "YT-1", "chi-bo")
    assert (row.state, row.last_day) == ("open", date(2024, 12, 12)) and row.next_action_at is not None
    assert item(running, "BAO", "chi-bo").state == "submitted"
    assert look.milestone(running, "chi-bo").finished == 1


def test_a_renamed_duty_is_the_same_work(running: Services) -> None:
    words = "Gửi hồ sơ đề nghị xếp loại về Ban Tổ chức"
    old = duty("ho-so", "self_assess", GRASSROOTS, {"kind": "before", "date": "2024-12-21"}, "co-so/own", title=words)
    replace(running, amended(old))
    new = {**old, "key": "nop-ho-so", "title": "Nộp hồ sơ đề nghị xếp loại về Ban Tổ chức Đảng ủy"}
    kept = item_id(running, "YT", "ho-so")
    tham_dinh = duty("tham-dinh", "appraise", ["organisation_department"], {"kind": "unset"}, "nop-ho-so/all")
    made = replace(running, amended(new, tham_dinh, without=("ho-so",)), "2024-12-04 10:00")
    assert {line.verb for line in made.lines} == {"kept"}
    assert item_id(running, "YT", "nop-ho-so") == kept


def test_what_the_department_has_set_stays_where_the_document_says_nothing_new(running: Services) -> None:
    set_date(running, CODE, "tham-dinh", date(2024, 12, 27), NOW, actor="Bình", reason="TB 12")
    set_event(running, CODE, "BAO", "review-meeting", date(2024, 12, 16), NOW, actor="Lâm")
    replace(running, amended(cells_due("2024-12-16")), "2024-12-04 10:00")
    assert (look.milestone(running, "tham-dinh").last_day, look.milestone(running, "tham-dinh").set_by) == (
        date(2024, 12, 27), "Bình",
    )  # fmt: skip
    assert item(running, "BAO", "giay-moi").last_day == date(2024, 12, 11)


def test_a_promised_date_that_the_new_document_gives_is_no_more_chased(running: Services) -> None:
    lich = duty("lich", "appraise", ["standing_committee"], {"kind": "by", "date": "2024-12-13"})
    replace(running, amended(lich))
    row = look.milestone(running, "lich")
    assert (row.last_day, row.chase_from) == (date(2024, 12, 13), None)
    assert look.who(running, tone="extended", milestone="lich") == ["DUK-BTV"]


def test_a_date_that_the_document_takes_back_is_open_again(running: Services) -> None:
    replace(running, amended(duty("chi-bo", "self_assess", CELLS, {"kind": "unset"})))
    row = item(running, "YT-1", "chi-bo")
    assert (row.last_day, row.last_moment, row.next_action_at) == (None, None, None)
    assert not [row for row in _later(running) if row.milestone == "chi-bo" and row.unit != "KHO"]


def test_another_lead_before_the_meeting_dates_anew_where_the_meeting_is_known(running: Services) -> None:
    set_event(running, CODE, "BAO", "review-meeting", date(2024, 12, 16), NOW, actor="Lâm")
    three = duty("giay-moi", "prepare", GRASSROOTS, {"kind": "lead", "days": 3, "anchor": "review-meeting"}, optional=True)
    replace(running, amended(three), "2024-12-04 10:00")
    assert item(running, "BAO", "giay-moi").last_day == date(2024, 12, 13)
    assert item(running, "KHO", "giay-moi").last_day is None


def test_a_duty_of_other_units_is_opened_for_them_and_excused_for_the_former(running: Services) -> None:
    only = duty("ho-so", "self_assess", ["grassroots_cell", "section_committee"], {"kind": "before", "date": "2024-12-21"})
    replace(running, amended(only))
    assert item(running, "YT", "ho-so").state == "excused"
    assert item(running, "YT-BP", "ho-so").state == "open"
    row = look.milestone(running, "ho-so")
    assert (row.total, row.finished) == (4, 1)


def test_a_stage_that_the_new_plan_brings_takes_its_place(running: Services) -> None:
    replace(running, amended(without=("thong-bao", "chinh-quyen")))
    replace(running, amended(), "2024-12-04 10:00")
    with running.db.read() as connection:
        stages = list(connection.execute(sa.select(cycle_stage.c.stage).order_by(cycle_stage.c.position)).scalars())
    assert stages == list(Stage)


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (amended(unconfirmed=True), "chưa có người xác nhận"),
        (amended(organiser="district_committee"), "của huyện ủy, đợt “mau-2024” là của đảng ủy khối"),
        (amended(year=2025), "là của năm 2025"),
    ],
)
def test_what_may_not_replace_a_plan(house: Services, opened: Opened, plan: Plan, words: str) -> None:
    with pytest.raises((Refused, BadPlan), match=words):
        replace(house, plan)


def test_a_closed_cycle_and_a_missing_reason_are_refused(house: Services, opened: Opened) -> None:
    with pytest.raises(Refused, match="phải nêu lý do"):
        amend_cycle(house, CODE, amended(), NOW, actor="Bình", reason=" ")
    close_cycle(house, CODE, NOW, actor="Bình", reason="xong")
    with pytest.raises(Refused, match="đã đóng"):
        replace(house, amended())


def test_the_plan_that_a_cycle_goes_by_since_is_not_opened_a_second_time(house: Services, opened: Opened) -> None:
    real = amended(key="khoi-2024")
    replace(house, real)
    with pytest.raises(AlreadyDone, match="Đợt “mau-2024” đã mở"):
        open_cycle(house, real, NOW)
    assert len({body.code for body in CAST}) == 10


def test_every_process_reads_the_new_plan(house: Services, opened: Opened) -> None:
    """The board, the sweep and the command line each remember plans; an amendment by one is seen by all."""
    other = Services(type(house.db)(house.settings.url), house.settings, house.workdays)
    try:
        assert cycle_page(other, CODE, NOW).plan.document.number == "01-KH/ĐUK"
        replace(house, amended(cells_due("2024-12-16")))
        assert cycle_page(other, CODE, NOW).plan.document.number == "02-KH/ĐUK"
    finally:
        other.db.close()


def _later(house: Services) -> list[look.Told]:
    """What is told after the amendment, to the end of the season."""
    before = len(look.ledger(house))
    for day in ("2024-12-09", "2024-12-11", "2024-12-12", "2024-12-13", "2024-12-17"):
        sweep(house, at(f"{day} 08:00"))
    return look.ledger(house)[before:]
