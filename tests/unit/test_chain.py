"""The chain of plans: three levels, their lanes, and the days between what one gives and the other needs."""

from __future__ import annotations

from datetime import date

from hanchot.domain.chain import Chain, chain
from hanchot.domain.dated_plan import date_plan
from hanchot.domain.handover import slack_between
from hanchot.domain.plan import Plan
from hanchot.store.plan_files import find_plan
from hanchot.store.workday_files import load_workdays
from tests.sound import district, duty, moved, province

WORKDAYS = load_workdays()
COMMUNE = (
    duty("kiem-diem", "self_assess", "Kiểm điểm ở chi bộ", ["cell"], "2024-11-29", "I.1"),
    duty("nop", "self_assess", "Chi bộ gửi hồ sơ", ["cell"], "2024-12-03", "I.2", to=[{"name": "Đảng ủy xã"}]),
    duty("xep-loai", "decide", "Đảng ủy xã xếp loại", ["standing_committee"], "2024-12-06", "I.3", "nop/all"),
    duty("gui-huyen", "notify", "Gửi hồ sơ về Huyện ủy", ["commune_committee"], "2024-12-13", "I.4", "xep-loai/all",
         to=[{"name": "Ban Tổ chức Huyện ủy"}]),
)  # fmt: skip


def commune() -> Plan:
    return district(key="xa-mau-2024", organiser="commune_committee", milestones=COMMUNE)


def made(*plans: Plan, named: dict[str, str] | None = None) -> Chain:
    return chain([date_plan(plan, WORKDAYS) for plan in plans], named or {}, WORKDAYS)


def test_levels_stand_one_above_the_other_whatever_order_they_come_in() -> None:
    found = made(commune(), province(), district())
    assert [one.plan.key for one in found.plans] == ["tinh-mau-2024", "huyen-mau-2024", "xa-mau-2024"]
    assert [(link.child.plan.key, link.parent.plan.key, link.named) for link in found.links] == [
        ("huyen-mau-2024", "tinh-mau-2024", False),
        ("xa-mau-2024", "huyen-mau-2024", False),
    ]


def test_what_a_document_names_comes_before_the_nearest_level() -> None:
    found = made(commune(), province(), district(), named={"xa-mau-2024": "tinh-mau-2024"})
    link = next(link for link in found.links if link.child.plan.key == "xa-mau-2024")
    assert (link.parent.plan.key, link.named) == ("tinh-mau-2024", True)


def test_two_plans_of_the_level_above_are_not_guessed_between() -> None:
    found = made(commune(), district(), district(key="huyen-khac"))
    assert found.links == ()


def test_lanes_part_what_a_committee_does_from_what_those_below_do() -> None:
    lanes = {(lane.of.plan.key, lane.own): [line.milestone.key for line in lane.lines] for lane in made(commune()).lanes}
    assert lanes == {("xa-mau-2024", True): ["xep-loai", "gui-huyen"], ("xa-mau-2024", False): ["kiem-diem", "nop"]}


def test_days_between_are_working_days() -> None:
    hands = {(hand.giver.milestone.key, hand.taker.milestone.key): hand.slack for hand in made(commune()).hands}
    assert hands == {("nop", "xep-loai"): 3, ("xep-loai", "gui-huyen"): 5}  # 04, 05, 06/12; 09 … 13/12


def test_what_the_commune_sends_up_is_a_day_late_for_the_district() -> None:
    """The district wants the grassroots' dossiers on 12/12 and appraises until 18/12; the commune sends on 13/12."""
    wants = [{**m, "applies_to": [*m["applies_to"], "commune_committee"]} for m in moved("ho-so", "2024-12-12")]
    late = [hand for hand in made(commune(), district(milestones=wants)).hands if hand.late]
    assert [(hand.giver.milestone.key, hand.taker.milestone.key, hand.bound) for hand in late] == [("gui-huyen", "ho-so", True)]


def test_a_date_that_cannot_be_meant_is_not_drawn() -> None:
    """III.3 of the town's plan says February 2022."""
    drawn = {line.milestone.key for lane in made(find_plan("thi-xa-2022")).lanes for line in lane.lines}
    assert "luu-ho-so-phan-cap" not in drawn and "kiem-diem" in drawn


def test_slack_over_a_weekend_and_over_tet() -> None:
    assert slack_between(date(2022, 12, 9), date(2022, 12, 11), WORKDAYS) == 0  # Friday to Sunday
    assert slack_between(date(2025, 1, 24), date(2025, 2, 3), WORKDAYS) == 1  # Tết lies between
    assert slack_between(date(2024, 12, 20), date(2024, 12, 13), WORKDAYS) == -5
    assert slack_between(date(2031, 1, 6), date(2031, 1, 8), WORKDAYS) is None
