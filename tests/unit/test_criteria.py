"""The self-assessed score is the sum of the groups of the form, each within its most."""

from __future__ import annotations

from decimal import Decimal

import pytest

from hanchot.domain.cited import Cited
from hanchot.domain.criteria import CriteriaGroup, Form, faults_of, form_for, score_of
from hanchot.domain.rating_level import Subject
from hanchot.store.regulation_files import find_regulation

CITED = Cited(document="02-HD/BTCTW", clause="—", unverified=True)
FORM = Form(
    key="quy",
    number="Mẫu quý",
    title="Đánh giá hằng quý",
    who=(Subject.LEADER,),
    period="quarterly",
    groups=(
        CriteriaGroup(key="chung", words="Tiêu chí chung", points=Decimal(30), cited=CITED),
        CriteriaGroup(key="nhiem-vu", words="Kết quả nhiệm vụ", points=Decimal(70), cited=CITED),
    ),
    cited=CITED,
)


def test_the_score_is_exact() -> None:
    assert score_of(FORM, {"chung": Decimal("28.99"), "nhiem-vu": Decimal("61.00")}) == Decimal("89.99")


def test_missing_strange_and_too_many_points_are_all_named() -> None:
    found = faults_of(FORM, {"chung": Decimal("30.01"), "khac": Decimal(1)})
    assert [one.code for one in found] == ["group-missing", "group-unknown", "points-out-of-range"]
    with pytest.raises(ValueError, match="Chưa chấm nhóm"):
        score_of(FORM, {})


def test_a_form_whose_text_was_not_seen_adds_up_to_nothing() -> None:
    (form,) = form_for(find_regulation("09-qd-tu").forms, Subject.LEADER, "quarterly")
    assert form.number == "Phụ lục 5"
    assert [one.code for one in faults_of(form, {})] == ["no-groups"]


def test_two_forms_that_fit_mean_that_a_person_chooses() -> None:
    found = form_for(find_regulation("09-qd-tu").forms, Subject.LEADER, "annual")
    assert [form.number for form in found] == ["Phụ lục 7", "Phụ lục 8"]
    assert all(form.doubt for form in found)
