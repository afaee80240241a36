"""A plan hangs together, resolves its own dates and knows from when an issuer is chased."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from hanchot.domain.deadline import EVENTS_VI
from hanchot.domain.errors import NotFound
from hanchot.domain.ladder import DEFAULT_LADDER, Ladder
from hanchot.domain.plan import Period, Plan, chase_from, resolve_milestone, stages_of
from hanchot.domain.stage import STAGES, Stage
from hanchot.domain.unit import ORGANISERS, UnitKind
from hanchot.store.plan_files import find_plan, plans_in
from hanchot.store.workday_files import load_workdays

WORKDAYS = load_workdays()


def milestone(key: str, **more: Any) -> dict[str, Any]:
    base = {
        "stage": "self_assess",
        "title": key,
        "applies_to": ["cell"],
        "deadline": {"kind": "unset"},
        "source": {"clause": "I"},
    }
    return {"key": key, **base, **more}


def plan(*milestones: dict[str, Any], **more: Any) -> Plan:
    document = {"kind": "plan", "issuer": "Đảng ủy xã", "title": "Kế hoạch"}
    base = {"key": "thu", "organiser": "commune_committee", "document": document, "year": 2025}
    return Plan.model_validate({**base, "milestones": milestones or (milestone("a"),), **more})


@pytest.mark.parametrize(
    ("milestones", "more", "said"),
    [
        ([milestone("a")], {"organiser": "cell"}, "không phải cấp ủy đứng đầu"),
        ([milestone("a"), milestone("a")], {}, "khóa mốc trùng nhau: a"),
        ([milestone("a", after=[{"milestone": "b", "clause": "I"}])], {}, "nhắc đến “b” không có trong kế hoạch"),
        ([milestone("a", until="b")], {}, "nhắc đến “b”"),
        ([milestone("a")], {"periods": ["annual", "quarterly"]}, "phải nêu quarters"),
        (
            [
                milestone("a", after=[{"milestone": "b", "clause": "I"}]),
                milestone("b", after=[{"milestone": "a", "clause": "I"}]),
            ],
            {},
            "thứ tự đi vòng: a → b → a",
        ),
    ],
)
def test_a_plan_that_does_not_hang_together_is_refused(
    milestones: list[dict[str, Any]], more: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValidationError, match=said):
        plan(*milestones, **more)


@pytest.mark.parametrize("more", [{"periodd": "annual"}, {"applies_to": []}, {"stage": "review"}, {"title": " "}])
def test_a_milestone_takes_known_fields_only(more: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        plan(milestone("a", **more))


def test_a_plan_is_frozen() -> None:
    with pytest.raises(ValidationError):
        plan().year = 2026  # type: ignore[misc]


def test_milestones_come_in_order_of_stage_and_then_of_the_document() -> None:
    made = plan(milestone("x", stage="decide"), milestone("b"), milestone("a"), milestone("p", stage="prepare"))
    assert [m.key for m in made.of_period("annual")] == ["p", "b", "a", "x"]
    assert stages_of(made, "annual") == (Stage.PREPARE, Stage.SELF_ASSESS, Stage.DECIDE)


def test_a_quarterly_cycle_has_its_own_milestones() -> None:
    lung_phinh = find_plan("lung-phinh-2025")
    assert stages_of(lung_phinh, "quarterly") == (Stage.SELF_ASSESS, Stage.APPRAISE, Stage.DECIDE)
    assert not {m.key for m in lung_phinh.of_period("quarterly")} & {m.key for m in lung_phinh.of_period("annual")}


def test_an_unknown_milestone_is_named() -> None:
    with pytest.raises(NotFound, match="huyen-2023 không có mốc “mai”"):
        find_plan("huyen-2023").milestone("mai")


def test_a_milestone_s_own_ladder_goes_before_the_plan_s() -> None:
    own = Ladder()
    made = plan(milestone("a", ladder=own.model_dump()), milestone("b"))
    assert made.ladder_of(made.milestone("a")) == own
    assert made.ladder_of(made.milestone("b")) == DEFAULT_LADDER


def test_the_last_thursday_that_can_serve_the_review() -> None:
    """Trước 15h thứ năm hằng tuần, reviews end 19/12/2023 (a Tuesday): Thursday 14/12, never Thursday 21/12."""
    huyen = find_plan("huyen-2023")
    due = resolve_milestone(huyen, huyen.milestone("dang-ky-lich-kiem-diem"), Period(year=2023), WORKDAYS)
    assert due.last_day == date(2023, 12, 14)


def test_the_issuer_of_a_schedule_is_chased_after_the_last_dated_day_before_it() -> None:
    """211-KH/ĐUK IV: lịch thẩm định gửi sau. The dossiers are due by 20/12/2024, the chase counts from there."""
    khoi = find_plan("khoi-binh-thuan-2024")
    assert chase_from(khoi, khoi.milestone("lich-tham-dinh"), Period(year=2024), WORKDAYS) == date(2024, 12, 20)
    assert chase_from(khoi, khoi.milestone("thong-bao-goi-y"), Period(year=2024), WORKDAYS) is None
    assert chase_from(khoi, khoi.milestone("ho-so-de-nghi"), Period(year=2024), WORKDAYS) is None


@pytest.mark.parametrize(
    ("year", "quarter", "code", "vi", "kind"),
    [(2025, None, "2025", "năm 2025", "annual"), (2025, 3, "2025-Q3", "quý III năm 2025", "quarterly")],
)
def test_periods(year: int, quarter: int | None, code: str, vi: str, kind: str) -> None:
    period = Period(year=year, quarter=quarter)
    assert (period.code, period.vi, period.kind) == (code, vi, kind)


def test_every_kind_and_stage_has_a_vietnamese_name() -> None:
    assert all(kind.vi for kind in UnitKind) and all(stage.vi for stage in Stage)
    assert set(UnitKind) > ORGANISERS
    assert [stage.position for stage in STAGES] == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("delivered", plans_in(), ids=lambda p: p.key)
def test_the_delivered_plans_use_only_anchors_that_somebody_sets(delivered: Plan) -> None:
    """``result`` comes from the milestone that provides it; the other anchors are days that a unit enters."""
    provided = {m.provides for m in delivered.milestones if m.provides}
    announced = {"goi-y-kiem-diem", "lich-tham-dinh"}
    asked = {anchor for m in delivered.milestones if (anchor := getattr(m.deadline, "anchor", None))}
    assert asked - announced <= provided | set(EVENTS_VI) - {"result"}


@pytest.mark.parametrize("delivered", plans_in(), ids=lambda p: p.key)
def test_in_the_delivered_plans_nothing_waits_for_a_later_stage(delivered: Plan) -> None:
    for m in delivered.milestones:
        for before in m.after:
            assert delivered.milestone(before.milestone).stage.position <= m.stage.position
            assert delivered.milestone(before.milestone).period == m.period
