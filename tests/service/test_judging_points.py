"""Judged by points under 366-QĐ/TW in Lùng Phình 2025: bands, open questions, quarters, and those below first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from hanchot.domain.rating_level import RatingLevel
from hanchot.service.judging.deciding import Decision, decide
from hanchot.service.judging.ratings import Judgement, appraise, listed, self_rate
from hanchot.service.judging.refusing import Forbidden
from hanchot.service.judging.register import of_unit
from hanchot.service.judging.subjects import name_subjects
from hanchot.service.opening import open_cycle
from hanchot.service.services import Services
from tests import plans
from tests.judging import EXCELLENT, FAIR, GOOD, NOW, ratings, subjects, with_papers
from tests.look import at
from tests.rules import CLEAN

CODE = "lung-phinh-2025-2024"
PAPERS = ("ban-kiem-diem", "bien-ban", "tong-hop-tham-dinh")


@pytest.fixture
def commune(any_house: Services) -> Services:
    open_cycle(any_house, plans.plan(key="lung-phinh-2025", regulation="366-QĐ/TW"), at("2024-11-18 07:00"))
    name_subjects(any_house, CODE, NOW, actor="Bình")
    with_papers(any_house, [organisation(any_house, "BAO"), organisation(any_house, "YT")], "ho-so-nam", PAPERS)
    return any_house


def organisation(house: Services, unit: str) -> int:
    found = next(row for row in listed(house, CODE) if (row["unit"], row["kind"]) == (unit, "organisation"))
    return int(found["subject"])


def decision(level: RatingLevel, reason: str | None = "chưa có kết quả quý: mới thành lập") -> Decision:
    said = Judgement(level, reason=reason)
    return Decision(said, "DUK-BTV", "12-QĐ/ĐU", date(2024, 12, 19), confirmed_by="Lan")


def refused(house: Services, one: int, said: Decision) -> Forbidden:
    with pytest.raises(Forbidden) as error:
        decide(house, one, said, NOW, actor="Hòa")
    return error.value


def test_89_99_is_not_90_and_nothing_is_rounded(commune: Services) -> None:
    one = organisation(commune, "BAO")
    with pytest.raises(Forbidden) as said:
        self_rate(commune, one, Judgement(EXCELLENT, Decimal("89.99")), NOW, actor="BAO")
    assert said.value.codes == ("above-rules",) and "[366-QĐ/TW Điều 11]" in str(said.value)
    with pytest.raises(Forbidden, match="quá hai chữ số"):
        self_rate(commune, one, Judgement(GOOD, Decimal("89.999")), NOW, actor="BAO")
    with pytest.raises(Forbidden, match="ngoài thang"):
        self_rate(commune, one, Judgement(GOOD, Decimal("100.5")), NOW, actor="BAO")
    self_rate(commune, one, Judgement(GOOD, Decimal("89.99")), NOW, actor="BAO")
    assert [row.score for row in ratings(commune, one, "self")] == [8999]


def test_a_case_caps_the_level_whatever_the_points(commune: Services) -> None:
    one = organisation(commune, "BAO")
    facts = CLEAN | {"disunity": True}
    with pytest.raises(Forbidden, match="mất đoàn kết nội bộ"):
        self_rate(commune, one, Judgement(GOOD, Decimal(96), facts), NOW, actor="BAO")


def test_from_points_to_the_decision(commune: Services) -> None:
    one = organisation(commune, "BAO")
    said = refused(commune, one, decision(GOOD))
    assert "score-missing" in said.codes and "chưa có điểm" in str(said)
    self_rate(commune, one, Judgement(GOOD, Decimal("89.99")), NOW, actor="BAO")
    appraise(commune, one, "DUK-BTC", Judgement(GOOD), NOW, actor="Bình")
    assert refused(commune, one, decision(GOOD)).codes == ("unanswered",)
    appraise(commune, one, "DUK-BTC", Judgement(GOOD, facts=CLEAN), NOW, actor="Bình")
    said = refused(commune, one, decision(GOOD, reason=None))
    assert said.codes == ("quarter-missing",) * 3 and "[Kế hoạch Lùng Phình 2025 I.2]" in str(said)
    made = decide(commune, one, decision(GOOD), NOW, actor="Hòa")
    assert made.why["steps"][0]["words"].startswith("89.99 điểm, trong khoảng từ 70 đến dưới 90")
    assert made.why["steps"][0]["basis"]["clause"] == "Điều 11"
    assert [(r.level, r.number, r.body) for r in of_unit(commune, "BAO")] == [(GOOD, "12-QĐ/ĐU", "Ban Thường vụ Đảng ủy Khối")]


def test_those_below_are_rated_first(commune: Services) -> None:
    """366-QĐ/TW Điều 12.2: the organisations and members below before the organisation itself."""
    one = organisation(commune, "YT")
    self_rate(commune, one, Judgement(FAIR, Decimal(60), CLEAN), NOW, actor="YT")
    appraise(commune, one, "DUK-BTC", Judgement(FAIR), NOW, actor="Bình")
    said = refused(commune, one, decision(FAIR))
    assert said.codes == ("out-of-order",) and "[366-QĐ/TW Điều 12.2]" in str(said)


def test_who_has_no_row_in_the_matrix_is_not_decided_by_anybody(commune: Services) -> None:
    one = next(row.id for row in subjects(commune) if row.ratee == "own_organisation")
    said = refused(commune, one, replace(decision(FAIR), unit="DUK"))
    assert "authority-unknown" in said.codes and "Ban Tổ chức nhập dòng thẩm quyền" in str(said)
