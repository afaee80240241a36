"""From points and facts to a level: every step explained, nothing rounded, nothing assumed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanchot.domain.errors import Refused
from hanchot.domain.rating import Judged, level_of, questions, score_faults
from hanchot.domain.rating_level import RatingLevel, Subject
from hanchot.store.regulation_files import find_regulation
from tests.rules import CLEAN

RULES = find_regulation("366-qd-tw")
DAY = date(2025, 12, 15)
scores = st.decimals(min_value=0, max_value=100, places=4)
answers = st.fixed_dictionaries(
    {},
    optional={
        fact: st.booleans() if isinstance(value, bool) else st.decimals(min_value=0, max_value=100, places=2)
        for fact, value in CLEAN.items()
    },
)


def judge(score: str, who: Subject = Subject.MEMBER, **facts: bool | Decimal) -> Judged:
    return level_of(Decimal(score), CLEAN | facts, who, RULES, as_of=DAY)


def height(judged: Judged) -> float:
    """Lower is worse; where the text names no level, between fair and fail."""
    return -2.5 if judged.level is None else -judged.level.rank


def test_each_step_says_why_and_by_which_clause() -> None:
    found = judge("95", tasks_above_percent=Decimal(10))
    assert found.level is RatingLevel.GOOD
    assert [one.words for one in found.why] == [
        "95 điểm, trong khoảng từ 90 trở lên: “hoàn thành xuất sắc nhiệm vụ”",
        "Không đạt điều kiện: ít nhất 30 % nhiệm vụ vượt yêu cầu",
    ]
    assert {one.basis.vi for one in found.why} == {"366-QĐ/TW Điều 11"}


def test_a_listed_case_holds_whatever_the_points() -> None:
    found = judge("100", disciplined=True)
    assert (found.level, found.capped_by) == (RatingLevel.FAIL, "ca-nhan-ky-luat")
    assert found.why[-1].words == "bị kỷ luật từ khiển trách trở lên: xếp không hoàn thành nhiệm vụ, dù điểm bao nhiêu"


def test_a_rule_seen_only_in_a_digest_says_so() -> None:
    found = level_of(Decimal(95), CLEAN | {"quarters_failed": Decimal(1)}, Subject.LEADER, RULES, as_of=date(2026, 12, 15))
    assert found.why[-1].basis.vi == "02-HD/BTCTW — (chưa kiểm chứng)"


def test_what_nobody_has_answered_leaves_the_level_open() -> None:
    found = level_of(Decimal(95), {}, Subject.MEMBER, RULES, as_of=DAY)
    assert not found.firm
    assert {one.fact for one in found.unanswered} >= {"tasks_done_percent", "disciplined"}


def test_a_gap_in_the_text_is_a_doubt_and_no_level() -> None:
    found = judge("95", tasks_done_percent=Decimal(80))
    assert found.level is None
    assert "cấp có thẩm quyền chốt" in found.doubts[0]


@pytest.mark.parametrize("score", ["100.01", "-1", "NaN", "Infinity"])
def test_a_score_outside_the_scale_is_refused(score: str) -> None:
    (refusal,) = score_faults(Decimal(score), RULES)
    assert (refusal.code, refusal.way_out) == ("score-out-of-range", "Nhập điểm từ 0 đến 100.")
    with pytest.raises(ValueError, match="ngoài thang"):
        level_of(Decimal(score), CLEAN, Subject.MEMBER, RULES, as_of=DAY)


def test_a_basis_without_points_takes_no_score() -> None:
    (refusal,) = score_faults(Decimal(90), find_regulation("13-hd-tu"))
    assert refusal.code == "no-points"


def test_an_answer_of_the_wrong_kind_is_refused_with_the_question() -> None:
    with pytest.raises(Refused, match="cần có hoặc không"):
        judge("95", disciplined=Decimal(1))
    with pytest.raises(Refused, match="cần một số"):
        judge("95", tasks_done_percent=True)
    for strange in ("NaN", "-1", "Infinity"):
        with pytest.raises(Refused, match="Nhập số từ 0 trở lên"):
            judge("95", tasks_done_percent=Decimal(strange))


@given(scores, scores, answers, st.sampled_from(Subject))
def test_more_points_never_give_a_worse_level(
    one: Decimal, other: Decimal, facts: dict[str, bool | Decimal], who: Subject
) -> None:
    low, high = sorted((one, other))
    worse, better = (level_of(score, facts, who, RULES, as_of=DAY) for score in (low, high))
    assert height(worse) <= height(better)


@given(scores, answers, st.sampled_from(Subject))
def test_points_and_cases_are_ceilings(score: Decimal, facts: dict[str, bool | Decimal], who: Subject) -> None:
    found = level_of(score, facts, who, RULES, as_of=DAY)
    band = level_of(score, CLEAN, who, RULES, as_of=DAY)
    assert height(found) <= height(band)
    if found.capped_by:
        cap = next(cap for cap in RULES.caps if cap.key == found.capped_by)
        assert who in cap.who
        assert found.level is None or found.level.rank >= cap.caps_at.rank


@given(scores, st.sampled_from(Subject))
def test_answering_every_question_makes_the_level_firm_or_names_the_doubt(score: Decimal, who: Subject) -> None:
    facts = {question.fact: CLEAN[question.fact] for question in questions(who, RULES) if question.fact in CLEAN}
    assert level_of(score, facts, who, RULES, as_of=date(2026, 12, 15)).firm
