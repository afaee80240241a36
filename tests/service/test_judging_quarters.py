"""Quarters feed the year: real quarterly cycles of Lùng Phình 2025 (Q1 to Q3, Q4 merged into the year) and what they bar."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from hanchot.domain.errors import BadPlan
from hanchot.domain.rating_level import RatingLevel
from hanchot.domain.remediation import Outcome
from hanchot.service.judging.deciding import Decision, decide
from hanchot.service.judging.quarters import quarters_of
from hanchot.service.judging.ratings import Judgement, appraise, listed, self_rate
from hanchot.service.judging.refusing import Forbidden
from hanchot.service.judging.register import of_unit
from hanchot.service.judging.subjects import name_subjects
from hanchot.service.opening import open_cycle
from hanchot.service.remediating import Line, Result, conclude, open_for
from hanchot.service.services import Services
from hanchot.service.views.judging import subject_page
from hanchot.store.plan_files import find_plan
from tests.commune import DECIDED_ON, NOW, YEAR, commune, next_year, plan_with_dossier
from tests.conftest import NewHouse
from tests.judging import EXCELLENT, FAIL, FAIR, GOOD, with_papers
from tests.look import at
from tests.rules import CLEAN

NEXT = "lung-phinh-2026"
LATER = at("2026-12-08 09:00")
QUARTER_PAPERS = ("van-ban-de-nghi", "bien-ban")
YEAR_PAPERS = ("ban-kiem-diem", "bien-ban", "tong-hop-tham-dinh")
POINTS = {EXCELLENT: 95, GOOD: 80, FAIR: 60, FAIL: 40}


def school(house: Services, code: str) -> int:
    """The school's cell as an organisation in a cycle."""
    name_subjects(house, code, NOW, actor="Mẩy")
    rows = listed(house, code)
    return next(int(row["subject"]) for row in rows if (row["unit"], row["kind"]) == ("TH", "organisation"))


def judge(house: Services, one: int, level: RatingLevel, reason: str | None = None) -> None:
    """From the self-rating to the decision of the commune's standing committee."""
    said = Judgement(level, Decimal(POINTS[level]), CLEAN | {"tasks_done_percent": Decimal(100)})
    self_rate(house, one, said, NOW, actor="Lử")
    appraise(house, one, "XA-BXD", Judgement(level), NOW, actor="Mẩy")
    decision = Decision(Judgement(level, reason=reason), "XA-BTV", "12-QĐ/ĐU", date(2025, 12, 5), confirmed_by="Páo")
    decide(house, one, decision, NOW, actor="Sử")


def quarter(house: Services, number: int, level: RatingLevel) -> int:
    """A quarterly cycle, opened and judged as the year's is; returns the subject in it."""
    opened = open_cycle(house, find_plan("lung-phinh-2025"), at("2025-12-01 07:00"), period=f"2025-Q{number}")
    one = school(house, opened.code)
    with_papers(house, [one], "ho-so-quy", QUARTER_PAPERS)
    judge(house, one, level)
    return one


@pytest.fixture
def house_of_two_years(empty_house: Services) -> Services:
    """The commune a year later: of two shortcomings of the school's cell one was fixed and one recurs."""
    house = commune(empty_house)
    result = Result(YEAR, "TH", DECIDED_ON, approved_on=date(2025, 12, 26), approved_by="Đảng ủy xã", number="07-KH/CB")
    lines = [Line(f"hạn chế {n}", "lập lịch", "bí thư", date(2026, 3, 31), "sổ") for n in (1, 2)]
    open_for(house, result, lines, at("2025-12-29 09:00"), actor="ban")
    open_cycle(house, next_year(plan_with_dossier()), at("2026-12-01 07:00"))
    conclude(house, NEXT, "TH", 1, Outcome.FIXED, LATER, actor="ban", proof="sổ thu quý II")
    conclude(house, NEXT, "TH", 2, Outcome.RECURRING, LATER, actor="ban", answers="bí thư")
    return house


def test_the_year_sees_its_quarters_and_asks_for_the_missing_one(new_house: NewHouse, database_url: str) -> None:
    house = commune(new_house(database_url))
    first = quarter(house, 1, GOOD)
    quarter(house, 2, FAIL)
    assert quarters_of(house, first).missing == (), "a quarter waits for no quarter"
    year = school(house, YEAR)
    with_papers(house, [year], "ho-so-nam", YEAR_PAPERS)
    found = quarters_of(house, year)
    assert (found.rated, dict(found.levels)) == ((1, 2, 3), {1: GOOD, 2: FAIL})
    assert [one.vi for one in found.missing] == [
        "Chưa có kết quả quý III làm căn cứ đánh giá, xếp loại cuối năm. Hoàn thành đợt quý ấy, hoặc ghi lý do không có"
        " kết quả (mới nhận việc, nghỉ dài). [Kế hoạch Lùng Phình 2025 I.2]"
    ]
    assert subject_page(house, year, NOW).quarters == found
    with pytest.raises(Forbidden) as said:
        judge(house, year, GOOD)
    assert said.value.codes == ("quarter-missing",)
    quarter(house, 3, FAIR)
    assert quarters_of(house, year).missing == ()
    judge(house, year, GOOD)
    assert [(r.quarter, r.level) for r in of_unit(house, "TH")] == [(1, GOOD), (2, FAIL), (3, FAIR), (None, GOOD)]


def test_the_fourth_quarter_has_no_cycle_of_its_own(empty_house: Services) -> None:
    house = commune(empty_house)
    with pytest.raises(BadPlan, match="quý đó kết hợp vào năm"):
        open_cycle(house, find_plan("lung-phinh-2025"), at("2025-12-01 07:00"), period="2025-Q4")


def test_a_failed_quarter_bars_excellent_where_the_basis_says_so(new_house: NewHouse, database_url: str) -> None:
    """02-HD/BTCTW, unverified: under the rules of a plan that follows it, two failed quarters are noted as well."""
    from hanchot.domain.quarters import QuarterRules, bars_excellent, notes_on

    house = commune(new_house(database_url))
    quarter(house, 1, FAIL)
    quarter(house, 2, FAIL)
    found = quarters_of(house, school(house, YEAR))
    assert found.bars == (), "the plan of 2025 does not know this consequence"
    of = QuarterRules(rated=(1, 2, 3), fail_bars_excellent="02-HD/BTCTW, đánh giá quý?", two_fails="02-HD/BTCTW, đánh giá quý?")
    [bar] = bars_excellent(found.levels, of)
    assert "quý I, II không hoàn thành nhiệm vụ" in bar.message and "chưa kiểm chứng" in bar.vi
    assert [note.words for note in notes_on(found.levels, of)] == [
        "hai quý liên tiếp không hoàn thành nhiệm vụ: xem xét thay thế"
    ]
