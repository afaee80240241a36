"""A plan out of last year's and the new document: matched duties keep their place in the work, and wait for a person."""

from __future__ import annotations

from datetime import date

import pytest

from hanchot.domain.deadline import By
from hanchot.domain.draft import Draft
from hanchot.domain.errors import BadPlan
from hanchot.domain.plan import Plan
from hanchot.domain.renewed import renewed_from
from hanchot.store.plan_files import dump_plan, find_plan, load_plan, plans_in
from tests.next_year import document_of

KHOI = find_plan("khoi-binh-thuan-2024")
LATER = date(2025, 11, 28)


def document(plan: Plan = KHOI, year: int = 2025, **more: int) -> Draft:
    return document_of(plan, year, moved=more, dropped=["kiem-diem-bo-phan"], new_duty=LATER)


def test_a_matched_duty_keeps_its_place_and_takes_the_documents_words() -> None:
    made = renewed_from(KHOI, document_of(KHOI, 2025, moved={"ho-so-de-nghi": 3}, dropped=[], new_duty=LATER), 2025).plan
    old, new = KHOI.milestone("ho-so-de-nghi"), made.milestone("ho-so-de-nghi")
    assert (new.applies_to, new.roles, new.to, new.after) == (old.applies_to, old.roles, old.to, old.after)
    assert new.deadline == By(kind="by", date=date(2025, 12, 23))
    assert (new.source.clause, new.source.phrase) == ("IV.4", "chậm nhất ngày 23/12/2025")
    lead = made.milestone("giay-moi-ho-so").deadline
    assert getattr(lead, "anchor", None) == "review-meeting"  # in the document: its own words


def test_the_plan_bears_the_documents_number_and_waits_for_a_person() -> None:
    made = renewed_from(KHOI, document(), 2025).plan
    assert (made.document.number, made.key, made.year) == ("77-KH/TU", "khoi-binh-thuan-2025", 2025)
    assert (made.provisional, made.unconfirmed, made.carried_from) == (False, True, "211-KH/ĐUK")
    assert made.doubts[0].startswith("Thứ tự trước sau")


def test_what_the_document_does_not_name_is_left_out_with_the_order_that_led_to_it() -> None:
    made = renewed_from(KHOI, document(), 2025).plan
    keys = [m.key for m in made.milestones]
    assert "kiem-diem-bo-phan" not in keys
    assert [p.milestone for p in made.milestone("kiem-diem-co-so").after] == ["kiem-diem-chi-bo-bo-phan"]


def test_a_new_duty_is_drafted_with_a_doubt() -> None:
    new = renewed_from(KHOI, document(), 2025).plan.milestones[-1]
    assert new.deadline == By(kind="by", date=LATER)
    assert new.doubt is not None and new.doubt.startswith("Mốc mới")


def test_a_duty_without_a_date_stays_with_a_doubt() -> None:
    kept = renewed_from(KHOI, document(), 2025).plan.milestone("btv-xep-loai")
    assert kept.doubt is not None and "cần người xem" in kept.doubt
    assert kept.provides == "result"


@pytest.mark.parametrize("plan", plans_in(), ids=lambda plan: plan.key)
def test_it_is_a_plan_that_can_be_written_and_read(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> None:
    draft = document_of(plan, 2026, moved={}, dropped=[], new_duty=date(2026, 11, 27))
    made = renewed_from(plan, draft, 2026).plan
    file = tmp_path_factory.mktemp("plan") / "new.yaml"
    file.write_text(dump_plan(made), encoding="utf-8")
    assert load_plan(file) == made
    assert {m.key for m in plan.milestones} < {m.key for m in made.milestones}


def test_a_document_of_another_year_or_of_something_else_is_refused() -> None:
    with pytest.raises(BadPlan, match="Văn bản là của năm 2026, không phải 2025"):
        renewed_from(KHOI, document(year=2026), 2025)
    with pytest.raises(BadPlan, match="Không câu nào của văn bản giống một mốc"):
        renewed_from(KHOI, Draft(document={"year": 2025}), 2025)


def test_an_amended_document_of_the_same_year_is_compared_as_it_is() -> None:
    made = renewed_from(KHOI, document_of(KHOI, 2024, moved={"ho-so-de-nghi": 5}, dropped=[], new_duty=LATER), 2024)
    assert [(c.key, c.shift) for c in made.changes if c.what == "moved"] == [("ho-so-de-nghi", 5)]
    assert made.plan.key == "khoi-binh-thuan-2024-dieu-chinh"  # the plan that is running keeps its file
