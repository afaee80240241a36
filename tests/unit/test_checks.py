"""The check of a plan: for every finding one plan that has the defect, beside the sound one that has none."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hanchot.domain.acts import Acts
from hanchot.domain.carry import carry_over
from hanchot.domain.checks import CHECKS
from hanchot.domain.finding import Finding, Severity
from hanchot.domain.plan import Plan
from hanchot.domain.workdays import DAY
from hanchot.service.checking import check_plans, counts
from hanchot.store.act_files import load_acts
from hanchot.store.workday_files import load_workdays
from tests.sound import DISTRICT, GRASSROOTS, TWO_BASES, changed, district, duty, moved, province, without

WORKDAYS, ACTS = load_workdays(), load_acts()


def findings(plan: Plan, *others: Plan, acts: Acts = ACTS, **more: Any) -> list[Finding]:
    """What is said about ``plan`` when it is checked with ``others``."""
    return [one for one in check_plans([plan, *others], WORKDAYS, acts, **more) if one.plan == plan.key]


def the_one(found: list[Finding], code: str) -> Finding:
    ours = [one for one in found if one.code == code]
    assert len(ours) == 1, [(one.code, one.message) for one in found]
    return ours[0]


def cited(*bases: dict[str, Any]) -> dict[str, Any]:
    return {"legal_bases": [*TWO_BASES, *bases]}


EARLY = changed("khac-phuc", deadline={"kind": "within", "start": "2024-02-01", "end": "2024-02-29"})
TWICE = [*DISTRICT, duty("ho-so-2", "self_assess", "Gửi hồ sơ kiểm điểm", GRASSROOTS, "2024-12-13", "V.1")]
NO_DATE = changed("tham-dinh", deadline={"kind": "unset"})
FIRST = [*changed("kiem-diem", after=[{"milestone": "chinh-quyen", "clause": "IV", "scope": "all"}]),
         duty("chinh-quyen", "self_assess", "Bên chính quyền xong trước", ["government"], "2024-12-05", "IV",
              deadline={"kind": "order"})]  # fmt: skip
LEAD = changed("giay-moi", deadline={"kind": "lead", "days": 40, "anchor": "review-meeting"})
REPORT_FIRST = [*without("xep-loai", changed("bao-cao", after=[])),
                duty("xep-loai", "decide", "Xếp loại Đảng bộ huyện", ["district_committee"], "2025-01-03", "II.5")]  # fmt: skip
BREATH = {"source": {"clause": "II.5", "phrase": "trước ngày 25/12"}}
ONE_BREATH = changed("bao-cao", moved("bao-cao", "2024-12-24", changed("xep-loai", **BREATH)), **BREATH)
QUARTERLY = [*DISTRICT, duty("quy", "self_assess", "Tự đánh giá quý", GRASSROOTS, "2024-12-06", "VI", period="quarterly",
                             deadline={"kind": "quarterly", "day": 25, "month_of_quarter": 3, "bound": "by"})]  # fmt: skip

# code, severity, clause, the plan with the defect, words of the message
DEFECTS: dict[str, tuple[str, str, str | None, Plan, str]] = {
    "no number": ("missing-number", "warning", None, district(document={"number": None}), "không có số"),
    "no date": ("missing-issue-date", "warning", None, district(document={"issued_on": None}), "25-HD/BTCTW ngày 10/11/2023"),
    "no proper name": ("missing-issuer", "note", None, district(document={"issuer": "Ban Thường vụ Huyện ủy"}), "tên riêng"),
    "drafted only": ("unconfirmed", "note", None, district(unconfirmed=True), "chưa mở được đợt"),
    "provisional": ("provisional-dates", "note", None, district(provisional=True), "tạm tính"),
    "days off not announced": ("provisional-dates", "note", None, carry_over(district(), 2026), "2027"),
    "older than its basis": ("issued-before-basis", "error", None,
        district(document=cited({"number": "9-KH/TU", "issued_on": "2024-11-05"})), "9-KH/TU ngày 05/11/2024"),
    "two dates inside": ("basis-cited-with-two-dates", "warning", "IV",
        district(document=cited({"number": "25-HD/BTCTW", "issued_on": "2023-11-09", "cited_in": "IV"})), "10/11/2023"),
    "two issuers": ("basis-cited-with-two-issuers", "note", "IV",
        district(document=cited({"number": "124-QĐ/TW", "issuer": "Ban Chấp hành Trung ương", "cited_in": "IV"})),
        "Bộ Chính trị"),
    "number without sign": ("basis-number-incomplete", "note", "IV",
        district(document=cited({"number": "25", "cited_in": "IV"})), "25-HD/BTCTW"),
    "regulation replaced": ("wrong-legal-basis", "warning", None,
        district(regulation="132-QĐ/TW"), "124-QĐ/TW thay từ 04/10/2023"),
    "basis of a later year": ("wrong-legal-basis", "warning", None,
        district(document={**cited({"number": "9-KH/TU", "issued_on": "2025-02-01"}), "issued_on": None}), "chưa ban hành"),
    "regulation not cited": ("regulation-not-cited", "note", None,
        district(document={"legal_bases": TWO_BASES[1:]}), "124-QĐ/TW"),
    "before the plan": ("date-before-plan-year", "error", "II.7", district(milestones=EARLY), "tháng 02/2025"),
    "issued too late": ("date-before-plan-year", "warning", "II.1",
        district(milestones=moved("giay-moi", "2024-10-30")), "30/10/2024"),
    "far away": ("date-far-after-year", "warning", "II.7", district(milestones=moved("khac-phuc", "2026-01-15")), "15/01/2026"),
    "one duty, two dates": ("two-dates-same-duty", "warning", "V.1", district(milestones=TWICE), "12/12/2024"),
    "no time to invite": ("lead-impossible", "warning", "II.1", district(milestones=LEAD), "06/12/2024"),
    "Sunday": ("last-moment-on-day-off", "warning", "II.6",
        district(milestones=moved("bao-cao", "2024-12-29")), "thứ Sáu 27/12/2024"),
    "Tết": ("last-moment-on-day-off", "warning", "II.7",
        district(milestones=moved("khac-phuc", "2025-01-31")), "Tết Nguyên đán"),
    "year not checked": ("unchecked-year", "warning", None, carry_over(district(), 2031), "calendars/workdays/2031.yaml"),
    "written order turned round": ("order-contradiction", "error", "II.4",
        district(milestones=moved("tham-dinh", "2024-12-27")), "trước 24/12/2024"),
    "preparation after the review": ("order-contradiction", "error", "II.1",
        district(milestones=moved("giay-moi", "2024-12-10")), "06/12/2024"),
    "usual order turned round": ("order-contradiction", "warning", "II.5",
        district(milestones=REPORT_FIRST), "31/12/2024"),
    "what comes first has no date": ("predecessor-without-date", "note", "IV", district(milestones=FIRST), "06/12/2024"),
    "one day to decide": ("no-slack", "warning", "II.5",
        district(milestones=moved("xep-loai", "2024-12-19")), "1 ngày làm việc"),
    "a weekend to decide": ("no-slack", "warning", "II.5",
        district(milestones=moved("tham-dinh", "2024-12-20", moved("xep-loai", "2024-12-22"))), "không còn ngày làm việc nào"),
    "decided and sent in one breath": ("no-slack", "note", "II.5", district(milestones=ONE_BREATH), "Một câu, một ngày"),
    "nobody named": ("no-agency", "warning", "II.4", district(milestones=changed("tham-dinh", roles={})), "không nêu cơ quan"),
    "stage without a date": ("stage-without-date", "warning", "II.4", district(milestones=NO_DATE), "Bước thẩm định"),
    "a date promised": ("stage-without-date", "warning", "II.4",
        district(milestones=changed("tham-dinh", deadline={"kind": "announced"})), "lịch gửi sau"),
    "quarters without duties": ("quarter-without-milestones", "warning", None,
        district(periods=["annual", "quarterly"], quarters=[1, 2, 3]), "không có mốc nào của quý"),
    "a quarter left out": ("quarter-without-milestones", "note", None,
        district(periods=["annual", "quarterly"], quarters=[1, 2, 3], milestones=QUARTERLY), "Quý IV"),
    "a stage left out": ("missing-stage", "note", None, district(milestones=without("khac-phuc")), "khắc phục"),
    "parent unknown": ("parent-not-at-hand", "note", None, district(parent="90-KH/TU"), "90-KH/TU"),
    "a doubt": ("doubt-open", "note", "II.4",
        district(milestones=changed("tham-dinh", doubt="Ai thẩm định?")), "Ai thẩm định?"),
    "a doubt about the whole": ("doubt-open", "note", None, district(doubts=["Cơ sở tính 20%?"]), "Cơ sở tính 20%?"),
}  # fmt: skip


def test_about_a_sound_plan_there_is_nothing_to_say() -> None:
    assert findings(district()) == []
    assert findings(province()) == []


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_is_found_with_its_place_and_a_way_out(name: str) -> None:
    code, severity, clause, plan, words = DEFECTS[name]
    ours = [one for one in findings(plan) if one.code == code and words in one.message]
    assert [(one.severity, one.clause) for one in ours] == [(severity, clause)], findings(plan)
    assert ours[0].said.way and ours[0].said.way_en
    assert ours[0].message_en != ours[0].message


@pytest.mark.parametrize("name", [name for name, defect in DEFECTS.items() if defect[1] != "error"])
def test_what_is_no_contradiction_is_no_error(name: str) -> None:
    assert not [one for one in findings(DEFECTS[name][3]) if one.severity is Severity.ERROR]


def test_every_check_of_the_table_has_a_defect_that_shows_it() -> None:
    of_neighbours = {"later-than-parent", "parent-of-another-year", "parent-not-above", "parent-differs", "missing-year"}
    assert {check.code for check in CHECKS} - of_neighbours == {code for code, *_ in DEFECTS.values()}


def test_a_standing_guidance_is_read_for_the_year_asked_or_else_of_its_issue() -> None:
    standing = district(year=None, document={"year": None})
    assert "năm 2024" in the_one(findings(standing), "missing-year").message
    found = findings(standing, year=2026)
    assert "năm 2026" in the_one(found, "missing-year").message
    replaced = {one.message.split()[0] for one in found if one.code == "wrong-legal-basis"}
    assert replaced == {"124-QĐ/TW", "25-HD/BTCTW"}


def test_a_guidance_without_any_year_is_checked_without_its_yearly_dates() -> None:
    yearly = changed("bao-cao", deadline={"kind": "yearly", "date": "--12-29"})
    found = findings(district(year=None, document={"year": None, "issued_on": None}, milestones=yearly))
    assert "chưa tính ra ngày nào" in the_one(found, "missing-year").message
    assert not [one for one in found if one.clause == "II.6"]


def test_what_is_due_through_an_undated_duty_is_still_in_order() -> None:
    """Dossiers by 27/12, appraisal undated, decision on 24/12: the decision waits for the dossiers."""
    late = moved("ho-so", "2024-12-27", NO_DATE)
    said = the_one([one for one in findings(district(milestones=late)) if one.severity == "error"], "order-contradiction")
    assert "27/12/2024" in said.message and "24/12/2024" in said.message


def test_a_need_that_no_clause_states_is_marked_by_a_person() -> None:
    alone = without("kiem-diem")
    table = duty("lap-bang", "self_assess", "Lập bảng", ["agency"], "2024-12-20", "V")
    needing = changed("ho-so", [*alone, table], needs=["lap-bang"])
    assert the_one(findings(district(milestones=needing)), "order-contradiction").severity == "error"


def test_what_comes_in_is_implied_by_its_recipient() -> None:
    """No order is written, but dossiers that reach the standing committee on Monday are appraised by Tuesday."""
    free = [{**m, "after": []} for m in moved("ho-so", "2024-12-16", moved("tham-dinh", "2024-12-17"))]
    assert the_one(findings(district(milestones=free)), "no-slack").clause == "II.4"


def test_one_unit_may_go_on_by_itself_on_the_same_day() -> None:
    assert findings(district(milestones=moved("ho-so", "2024-12-06"))) == []


def test_one_sentence_that_ends_on_a_day_off_is_told_of_once() -> None:
    both = changed("khac-phuc", moved("khac-phuc", "2025-01-19"), source={"clause": "II.6"})
    both += [duty("so-ket", "remediate", "Sơ kết", ["agency"], "2025-01-19", "II.6")]
    the_one(findings(district(milestones=both)), "last-moment-on-day-off")


def test_two_plans_that_date_one_central_document_differently_are_both_told() -> None:
    other = {"number": "77-KL/TW", "issued_on": "2024-09-01"}
    one = district(document=cited(other))
    two = district(
        key="khac-2024",
        document=cited(
            {**other, "issued_on": "2024-09-02"},
        ),
    )
    assert "02/09/2024" in the_one(findings(one, two), "basis-cited-with-two-dates").message
    assert "01/09/2024" in the_one(findings(two, one), "basis-cited-with-two-dates").message


def test_every_province_has_a_number_nine_of_its_own() -> None:
    other = {"number": "09-QĐ/TU", "issued_on": "2024-09-01"}
    one = district(document=cited(other))
    two = district(key="khac-2024", document=cited({**other, "issued_on": "2024-10-02"}))
    assert findings(one, two) == []


def test_the_date_in_the_register_settles_which_plan_is_wrong() -> None:
    wrong = district(key="sai-2024", document={"legal_bases": [TWO_BASES[0], {**TWO_BASES[1], "issued_on": "2023-11-09"}]})
    assert findings(district(), wrong) == []
    assert "10/11/2023" in the_one(findings(wrong, district()), "basis-cited-with-two-dates").message


def test_errors_stand_first_and_are_counted() -> None:
    found = findings(district(milestones=EARLY, document={"number": None}, doubts=["Ai?"]))
    assert [one.severity.rank for one in found] == sorted(one.severity.rank for one in found)
    assert counts(found) == {"error": 1, "warning": 1, "note": 1}


gap = st.integers(min_value=0, max_value=9)


@settings(max_examples=60, deadline=None)
@given(start=st.dates(date(2024, 11, 5), date(2024, 12, 5)), gaps=st.lists(gap, min_size=6, max_size=6), ties=st.booleans())
def test_a_plan_whose_days_follow_one_another_has_no_error(start: date, gaps: list[int], ties: bool) -> None:
    days = [start]
    for days_between in gaps:
        days.append(days[-1] + DAY * days_between)
    dated = [{**m, "deadline": {"kind": "by", "date": day.isoformat()}} for m, day in zip(DISTRICT, days, strict=True)]
    dated = dated if ties else [{**m, "after": []} for m in dated]
    assert not [one for one in findings(district(milestones=dated)) if one.severity is Severity.ERROR]


anyday = st.dates(date(2015, 1, 1), date(2035, 12, 31)).map(date.isoformat)
anything = st.one_of(
    st.builds(lambda day: {"kind": "by", "date": day}, anyday),
    st.builds(lambda day: {"kind": "before", "date": day}, anyday),
    st.builds(lambda day: {"kind": "within", "start": None, "end": day}, anyday),
    st.sampled_from(
        [
            {"kind": "weekly", "weekday": 4},
            {"kind": "yearly", "date": "--01-01", "next_year": True},
            {"kind": "lead", "days": 30, "working_days": True, "anchor": "review-meeting"},
            {"kind": "after", "days": 5, "working_days": True, "anchor": "result"},
            {"kind": "announced"},
            {"kind": "order"},
            {"kind": "unset"},
        ]
    ),
)


@settings(max_examples=120, deadline=None)
@given(
    deadlines=st.lists(anything, min_size=len(DISTRICT), max_size=len(DISTRICT)),
    year=st.one_of(st.none(), st.integers(2015, 2035)),
    issued=st.one_of(st.none(), anyday),
)
def test_whatever_the_days_the_check_answers(deadlines: list[dict[str, Any]], year: int | None, issued: str | None) -> None:
    milestones = [{**m, "deadline": deadline} for m, deadline in zip(DISTRICT, deadlines, strict=True)]
    plan = district(milestones=milestones, year=year, document={"year": year, "issued_on": issued})
    for one in [*findings(plan, parent=province()), *findings(province(), parent=plan)]:
        assert one.message and one.message_en and one.said.way
