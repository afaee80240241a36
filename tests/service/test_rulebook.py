"""By which rules a cycle is judged: its plan's, also once it is amended; guidance for every year has the same in each."""

from __future__ import annotations

import pytest

from hanchot.domain.authority import Ratee
from hanchot.service.judging.rulebook import Rulebook, rulebook, settle
from hanchot.service.opening import open_cycle
from hanchot.service.services import Services
from tests import plans
from tests.look import at

NOW = at("2024-11-18 07:00")


def rules_of(house: Services, key: str, regulation: str) -> Rulebook:
    opened = open_cycle(house, plans.plan(key=key, regulation=regulation), NOW)
    return read(house, opened.cycle_id)


def read(house: Services, cycle_id: int) -> Rulebook:
    with house.db.read() as connection:
        return rulebook(house, connection, cycle_id)


@pytest.mark.parametrize(
    ("key", "regulation", "rules"),
    [
        ("huyen-2023", "124-QĐ/TW", "huyen-2023"),
        ("huyen-2023-dieu-chinh", "124-QĐ/TW", "huyen-2023"),
        ("quang-ngai-13-hd-tu-2024", "13-HD/TU", "quang-ngai-13-hd-tu"),
        ("mau", "124-QĐ/TW", "124-qd-tw"),  # a plan without rules of its own goes by its regulation's
    ],
)
def test_a_cycle_is_judged_by_the_rules_of_its_plan(house: Services, key: str, regulation: str, rules: str) -> None:
    assert rules_of(house, key, regulation).review.key == rules


def test_where_every_text_is_silent_the_department_says_who_decides(house: Services) -> None:
    """Nothing is assumed; what is settled is shown as ours and not as a clause."""
    rules = rules_of(house, "khoi-binh-thuan-2024", "124-QĐ/TW")
    assert rules.matrix is not None and rules.matrix.row(Ratee.CADRE) is None
    settle(house, rules.code, "authority.cadre", "btv-khoi", NOW, actor="Bình", reason="thông báo phân cấp")
    settled = read(house, rules.cycle_id).matrix
    assert settled is not None
    row = settled.row(Ratee.CADRE)
    assert row is not None and (row.decides, row.cited.unverified) == ("btv-khoi", True)
