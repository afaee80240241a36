"""Last year's plan against a new document: the same, moved, added, dropped.

First pairs written by hand; then each of the five plans against a document of next year in other words
(``tests/next_year.py``); then the five real documents against the calendars that people made of them.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hanchot.domain.compare import Change, compare
from hanchot.domain.draft import Draft, Statement
from hanchot.domain.duty import duties_of_draft, duties_of_plan
from hanchot.domain.plan import Plan
from hanchot.store.plan_files import find_plan, plans_in
from tests import plans
from tests.next_year import NEW_DUTY, document_of, other_words
from tests.plans import GRASSROOTS, duty

SHARED = Path(__file__).parents[3] / "shared" / "plans"
DOCUMENTS = {"huyen-2023": "000", "khoi-binh-thuan-2024": "001", "lung-phinh-2025": "002", "quang-ngai-13-hd-tu": "003",
             "thi-xa-2022": "004"}  # fmt: skip
FIVE = pytest.mark.parametrize("plan", plans_in(), ids=lambda plan: plan.key)


def said(deadline: dict[str, Any], quote: str, **more: Any) -> Statement:
    return Statement.model_validate({"deadline": deadline, "phrase": "…", "quote": quote, "paragraph": 0, **more})


def against(plan: Plan, *statements: Statement, year: int = 2025) -> dict[str | None, Change]:
    changes = compare(duties_of_plan(plan, year), duties_of_draft(Draft(document={"year": year}, deadlines=statements), year))
    return {change.key: change for change in changes}


HO_SO = duty("ho-so", "self_assess", GRASSROOTS, {"kind": "before", "date": "2024-12-20"},
             title="Gửi hồ sơ kiểm điểm, đánh giá, xếp loại", to=[{"name": "Ban Thường vụ Huyện ủy"}])  # fmt: skip
HOI_NGHI = duty("hoi-nghi", "notify", ["organisation_department"], {"kind": "within", "end": "2025-01-31"},
                title="Tổ chức hội nghị tổng kết công tác năm")  # fmt: skip
GOI_Y = duty("goi-y", "prepare", ["organisation_department"], {"kind": "unset"}, title="Gợi ý kiểm điểm")
LAST_YEAR = plans.plan(HO_SO, HOI_NGHI, GOI_Y)


def test_the_same_day_of_the_next_year_is_the_same() -> None:
    new = said({"kind": "before", "date": "2025-12-20"}, "Các chi, đảng bộ cơ sở nộp hồ sơ kiểm điểm trước ngày 20/12/2025.")
    change = against(LAST_YEAR, new)["ho-so"]
    assert (change.what, change.shift) == ("same", 0)
    assert change.old and change.new
    assert (change.old.last_day, change.new.last_day) == (date(2024, 12, 19), date(2025, 12, 19))


@pytest.mark.parametrize(
    ("deadline", "shift", "why"),
    [
        ({"kind": "before", "date": "2025-12-25"}, 5, "muộn hơn 5 ngày"),
        ({"kind": "by", "date": "2025-12-15"}, -4, "sớm hơn 4 ngày"),
        ({"kind": "announced"}, None, "trước có ngày, nay không nêu ngày"),
    ],
)
def test_another_day_is_moved(deadline: dict[str, Any], shift: int | None, why: str) -> None:
    quote = "Các chi bộ nộp hồ sơ kiểm điểm, đánh giá, xếp loại về Ban Thường vụ Huyện ủy."
    change = against(LAST_YEAR, said(deadline, quote, stage="self_assess", recipient="Ban Thường vụ Huyện ủy"))["ho-so"]
    assert (change.what, change.shift) == ("moved", shift) and change.why.startswith(why)


def test_other_words_for_the_same_last_day_are_the_same() -> None:
    change = against(LAST_YEAR, said({"kind": "by", "date": "2025-12-19"}, "Gửi hồ sơ kiểm điểm chậm nhất ngày 19/12/2025."))[
        "ho-so"
    ]
    assert change.what == "same" and change.why.startswith("cùng ngày cuối, cách nói khác")


def test_what_has_no_partner_is_dropped_or_added() -> None:
    new = said({"kind": "by", "date": "2025-10-03"}, "Niêm yết danh sách cán bộ dự tập huấn phần mềm trước ngày 04/10/2025.")
    changes = against(LAST_YEAR, new)
    assert (changes["ho-so"].what, changes["hoi-nghi"].what, changes[None].what) == ("dropped", "dropped", "added")


def test_a_duty_that_never_had_a_date_is_not_dropped_for_not_being_found() -> None:
    change = against(LAST_YEAR)["goi-y"]
    assert (change.what, change.new) == ("same", None) and "cần người xem" in change.why


def test_a_sentence_that_says_it_again_is_only_noted() -> None:
    once = said(
        {"kind": "before", "date": "2025-12-20"}, "Gửi hồ sơ kiểm điểm, xếp loại trước ngày 20/12/2025.", clause="III.2"
    )
    again = said({"kind": "before", "date": "2025-12-20"}, "Hồ sơ kiểm điểm gửi trước ngày 20/12/2025.", clause="IV.1")
    changes = against(LAST_YEAR, once, again)
    assert None not in changes and "nhắc lại ở mục" in changes["ho-so"].why


def test_two_duties_out_of_one_sentence_share_the_new_sentence() -> None:
    """210-KH, III.4 of a district: the standing committee rates, and sends the files to the province, by one date."""
    source = {"clause": "III.4", "phrase": "trước ngày 05/01/2025"}
    rate = duty("xep-loai", "decide", ["standing_committee"], {"kind": "before", "date": "2025-01-05"}, source=source,
                title="Ban Thường vụ đánh giá, xếp loại tập thể, cá nhân")  # fmt: skip
    send = duty("gui-tinh", "notify", ["district_committee"], {"kind": "before", "date": "2025-01-05"}, source=source,
                title="Gửi hồ sơ, báo cáo về Tỉnh ủy")  # fmt: skip
    quote = "Ban Thường vụ đánh giá, xếp loại tập thể, cá nhân và gửi hồ sơ, báo cáo về Tỉnh ủy trước ngày 08/01/2026."
    new = said({"kind": "before", "date": "2026-01-08"}, quote)
    changes = against(plans.plan(rate, send), new)
    assert {key: change.shift for key, change in changes.items()} == {"xep-loai": 3, "gui-tinh": 3}


def _numbered(plan: Plan) -> Draft:
    """Next year's document of a plan: some dates moved, the third dated duty gone, one new."""
    year = (plan.year or 2023) + 1
    dated = [m.key for m in plan.milestones if m.deadline.kind in ("before", "by", "within")]
    return document_of(
        plan, year, moved=dict(zip(dated, (3, -2, 0, 5, 0, 1, -7, 2), strict=False)), dropped=_dropped(plan),
        new_duty=date(year, 10, 3),
    )  # fmt: skip


def _dropped(plan: Plan) -> list[str]:
    return [m.key for m in plan.milestones if m.deadline.kind != "unset"][2:3]


@FIVE
def test_next_years_document_in_other_words_is_matched_duty_by_duty(plan: Plan) -> None:
    year = (plan.year or 2023) + 1
    draft = _numbered(plan)
    changes = compare(duties_of_plan(plan, year), duties_of_draft(draft, year))
    for change in changes:
        if change.old and change.new:
            title = plan.milestones[change.old.place].title.replace(str(plan.year), str(year))
            assert other_words(title) in change.new.quote, change.key
    assert [change.key for change in changes if change.what == "dropped"] == _dropped(plan)
    [added] = [change.new for change in changes if change.what == "added"]
    assert added is not None and added.quote == NEW_DUTY.format(date(year, 10, 3))


@FIVE
def test_the_days_that_were_moved_are_found_to_the_day(plan: Plan) -> None:
    year = (plan.year or 2023) + 1
    dated = [m.key for m in plan.milestones if m.deadline.kind in ("before", "by", "within")]
    moved = {key: days for key, days in zip(dated, (3, -2, 0, 5, 0, 1, -7, 2), strict=False) if days}
    changes = compare(duties_of_plan(plan, year), duties_of_draft(_numbered(plan), year))
    expected = {key: days for key, days in moved.items() if key not in _dropped(plan)}
    assert {change.key: change.shift for change in changes if change.what == "moved"} == expected


@FIVE
def test_a_plan_against_itself_is_all_the_same(plan: Plan) -> None:
    duties = duties_of_plan(plan, plan.year or 2023)
    changes = compare(duties, duties)
    assert {change.what for change in changes} == {"same"}
    assert all(change.new is None or change.new == change.old for change in changes)


@given(st.permutations(find_plan("thi-xa-2022").milestones))
@settings(max_examples=15, deadline=None)
def test_the_order_of_the_document_decides_nothing(milestones: list[Any]) -> None:
    plan = find_plan("thi-xa-2022")
    shuffled = duties_of_plan(plan.model_copy(update={"milestones": tuple(milestones)}), 2022)
    changes = compare(duties_of_plan(plan, 2022), shuffled)
    assert all(c.new is None or (c.old and c.new.key == c.old.key) for c in changes)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the five documents are not on this machine")
@FIVE
def test_a_real_document_is_matched_with_the_calendar_that_people_made_of_it(plan: Plan) -> None:
    """No date is given to the wrong duty, and at most one dated duty in each plan is left for a person to find."""
    from hanchot.reader.reading import read_draft

    [file] = SHARED.glob(f"{DOCUMENTS[plan.key]}*")
    year = plan.year or 2023
    draft = read_draft(file.read_text("utf-8").splitlines())
    changes = compare(duties_of_plan(plan, year), duties_of_draft(draft, year))
    dated = [c for c in changes if c.old and c.old.last_day]
    assert [c.key for c in dated if c.new and c.shift != 0] == []
    assert len([c for c in dated if c.what == "dropped"]) <= 1
