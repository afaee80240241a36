"""A plan against the one above it: not later, no stage missing, the same rules, and days enough to read what comes up."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from hanchot.domain.finding import Finding, Severity
from hanchot.domain.plan import Plan
from hanchot.service.checking import check_plans, parent_of
from hanchot.store.act_files import load_acts
from hanchot.store.plan_files import find_plan
from hanchot.store.workday_files import load_workdays
from tests.sound import DISTRICT, PROVINCE, changed, district, duty, moved, province, without

WORKDAYS, ACTS = load_workdays(), load_acts()


def findings(
    child: Plan, parent: Plan | None = None, *, known: tuple[Plan, ...] = (), year: int | None = None
) -> list[Finding]:
    return list(check_plans([child], WORKDAYS, ACTS, parent=parent, known=known, year=year))


def codes(found: list[Finding]) -> list[tuple[str, str, str | None]]:
    return [(str(one.severity), one.code, one.clause) for one in found]


def test_a_sound_plan_under_a_sound_plan() -> None:
    assert findings(district(), province()) == []


def test_the_parent_is_found_by_the_number_or_the_key_that_the_plan_names() -> None:
    by_number, by_key = district(parent="Số 90 - KH/TU"), district(parent="tinh-mau-2024")
    assert parent_of(by_number, [by_number, province()]) == parent_of(by_key, [province()]) == province()
    late = {"milestones": moved("bao-cao", "2025-01-06")}
    assert "later-than-parent" in {one.code for one in findings(district(parent="90-KH/TU", **late), known=(province(),))}


def test_dossiers_that_go_up_after_the_day_on_which_they_are_wanted() -> None:
    found = findings(district(milestones=moved("bao-cao", "2025-01-06")), province())
    assert codes(found) == [("error", "later-than-parent", "II.6")]
    assert "muộn hơn 3 ngày" in found[0].message
    assert "90-KH/TU, mục III.3" in found[0].message
    assert "03/01/2025" in found[0].said.way


def test_on_the_very_day_is_in_time() -> None:
    assert findings(district(milestones=moved("bao-cao", "2025-01-03")), province()) == []


def test_without_a_day_for_receiving_the_day_of_use_above_counts() -> None:
    above = province(milestones=without("nop-ho-so", PROVINCE))
    found = findings(district(milestones=moved("bao-cao", "2025-01-13")), above)
    assert codes(found) == [("error", "later-than-parent", "II.6")]
    assert "đã cần đến vào 10/01/2025" in found[0].message


def test_a_level_above_that_has_one_day_to_read_what_comes_up() -> None:
    above = province(milestones=without("nop-ho-so", PROVINCE))
    found = findings(district(milestones=moved("bao-cao", "2025-01-09")), above)
    assert codes(found) == [("warning", "no-slack", "II.6")]
    assert "chỉ còn 1 ngày làm việc" in found[0].message


def test_reviews_below_are_over_before_the_level_above_wants_the_review() -> None:
    """Lower before higher: 366-QĐ/TW Điều 12(2)."""
    above = province(milestones=moved("kiem-diem", "2024-12-05", PROVINCE))
    assert codes(findings(district(), above)) == [("error", "later-than-parent", "II.2")]


def test_other_work_of_the_same_stage_is_a_warning() -> None:
    above = province(milestones=changed("kiem-diem", moved("kiem-diem", "2024-12-05", PROVINCE), title="Lấy phiếu tín nhiệm"))
    assert codes(findings(district(), above)) == [("warning", "later-than-parent", "II.2")]


def test_delegated_cases_have_a_day_of_their_own() -> None:
    """13-HD/TU VI.1 and VI.2: what the province rates itself comes by 05/12, what it has delegated by 15/01."""
    to = [{"name": "Ban Tổ chức Tỉnh ủy"}]
    late = duty("bao-cao-uq", "notify", "Báo cáo kết quả được ủy quyền", ["district_committee"], "2025-01-14", "II.8", to=to)
    wanted = duty("uq", "notify", "Báo cáo các đối tượng ủy quyền", ["district_committee"], "2025-01-15", "III.8", to=to)
    child = district(milestones=[*DISTRICT, late])
    assert findings(child, province(milestones=[*PROVINCE, wanted])) == []
    sooner = {**wanted, "deadline": {"kind": "by", "date": "2025-01-13"}}
    assert codes(findings(child, province(milestones=[*PROVINCE, sooner]))) == [("error", "later-than-parent", "II.8")]


def test_a_stage_that_the_level_above_asks_for() -> None:
    found = findings(district(milestones=without("khac-phuc")), province())
    assert codes(found) == [("warning", "missing-stage", None), ("note", "missing-stage", None)]
    assert "mục III.7" in found[0].message


def test_other_rules_than_the_level_above() -> None:
    other = district(regulation="25-HD/BTCTW")
    assert ("warning", "wrong-legal-basis", None) in codes(findings(other, province()))


def test_a_parent_of_another_year_or_of_no_higher_level_is_said() -> None:
    assert ("warning", "parent-of-another-year", None) in codes(findings(district(), province(year=2023)))
    assert ("warning", "parent-not-above", None) in codes(findings(district(), district(key="huyen-khac")))


def test_a_comparison_with_another_plan_than_the_document_names_is_only_a_hint() -> None:
    assert codes(findings(district(parent="91-KH/TU"), province())) == [("note", "parent-differs", None)]


def test_a_standing_guidance_above_is_read_for_the_year_below() -> None:
    found = findings(find_plan("huyen-2023"), find_plan("quang-ngai-13-hd-tu"))
    late = {one.clause: one.message for one in found if one.code == "later-than-parent" and one.severity == "error"}
    assert set(late) == {"III.1", "III.3", "III.4", "IV.5"}
    assert "muộn hơn 31 ngày" in late["III.4"]  # 04/01/2024 against 04/12/2023


@settings(max_examples=40, deadline=None)
@given(room=st.lists(st.integers(0, 12), min_size=len(PROVINCE), max_size=len(PROVINCE)))
def test_a_parent_that_leaves_room_makes_no_error(room: list[int]) -> None:
    """Every day of the sound province moved later, in order."""
    later, milestones = 0, []
    for m, more in zip(PROVINCE, room, strict=True):
        later += more
        day = date.fromisoformat(m["deadline"]["date"]).toordinal() + later
        milestones.append({**m, "deadline": {"kind": "by", "date": date.fromordinal(day).isoformat()}})
    found = findings(district(), province(milestones=milestones))
    assert not [one for one in found if one.severity is Severity.ERROR]
