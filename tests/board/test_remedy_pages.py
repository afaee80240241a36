"""Remediation on the board, for those who see results: recorded, proved by the unit, concluded by the review that follows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hanchot.service.opening import open_cycle
from hanchot.service.remediating import open_for
from hanchot.service.services import Services
from tests.board.conftest import Visitor, words
from tests.board.forms import deed
from tests.board.people import signed_in
from tests.commune import LU, YEAR, commune, next_year, plan_with_dossier
from tests.look import at, events, item_id
from tests.service.test_remediating import CONFIDENTIAL, KP, LINES, NEXT, NOW, RESULT

HERE = f"/cycles/{YEAR}/remediation/TH"
NOON = "2025-12-29 12:00"
WHEN: dict[str, Any] = {"decided_on": "24/12/2025", "approved_on": "26/12/2025", "approved_by": "Đảng ủy xã"}
LINE: dict[str, Any] = {
    "words-1": "bí mật: chậm nộp đảng phí",
    "measure-1": "lập lịch",
    "who-1": "chi ủy",
    "until-1": "31/03/2026",
}
SEES = {"Cư Seo Lử": 200, "Vàng Thị Mẩy": 200, "Giàng A Sử": 200, "Sùng Thị Chú": 404}


@pytest.fixture
def house(empty_house: Services) -> Services:
    return commune(empty_house)


@pytest.fixture
def lu(house: Services) -> Visitor:
    return signed_in(house, "Cư Seo Lử", NOON)


@pytest.fixture
def may(house: Services) -> Visitor:
    return signed_in(house, "Vàng Thị Mẩy", NOON)


def test_a_plan_is_recorded_proved_and_taken_as_a_paper(house: Services, lu: Visitor, may: Visitor) -> None:
    came_back = deed(lu, HERE, "open", 422, **WHEN | LINE | {"until-1": "ngày mai", "words-2": "thứ hai"})
    assert "“ngày mai” chưa phải ngày" in words(came_back) and ">bí mật: chậm nộp đảng phí</textarea>" in came_back
    came_back = deed(lu, HERE, "open", 422, **WHEN | LINE | {"approved_on": ""})
    assert "chưa được Đảng ủy xã phê duyệt" in words(came_back)
    deed(lu, HERE, "open", **WHEN | LINE)
    deed(lu, HERE, "open", **WHEN | LINE)  # a double click
    assert len(events(house, "remediation.opened")) == 1
    assert "bí mật: chậm nộp đảng phí" in may.reads(HERE)

    fix = f"/items/{item_id(house, 'TH', 'khac-phuc-1', KP)}/remedy"
    assert "chưa có minh chứng" in words(deed(lu, fix, "fix", 422, proof=" "))
    deed(lu, fix, "fix", proof="kín: sổ thu quý I")
    deed(lu, fix, "fix", proof="kín: sổ thu quý I")  # a double click
    assert "Đã nộp lúc 12:00" in lu.reads(fix) and "kín: sổ thu quý I" in may.reads(HERE)
    answer = lu.client.get(f"/papers/remediation_plan?cycle={YEAR}&unit=TH")
    assert answer.content[:2] == b"PK"
    assert not any("kín" in f"{e.reason}{e.data}" or "bí mật" in f"{e.reason}{e.data}" for e in events(house))


@pytest.mark.parametrize(("who", "status"), SEES.items())
def test_only_who_sees_results_reads_shortcomings(house: Services, who: str, status: int) -> None:
    open_for(house, RESULT, LINES, NOW, actor="ban")
    page = signed_in(house, who, NOON).page(HERE, status=status)
    assert ("bí mật: chậm đóng" in page) == (status == 200)


def test_the_next_review_concludes_and_not_the_unit_itself(house: Services, lu: Visitor, may: Visitor) -> None:
    open_for(house, RESULT, LINES, NOW, actor="ban")
    open_cycle(house, next_year(plan_with_dossier()), at("2026-12-01 07:00"))
    there = f"/cycles/{NEXT}/remediation/TH"
    may.time = lu.time = "2026-12-07 09:00"
    may, lu = signed_in(house, "Vàng Thị Mẩy", may.time), signed_in(house, "Cư Seo Lử", lu.time)
    assert "Hạn chế của kỳ trước" in lu.reads(there) and "Ghi kết luận" not in lu.reads(there)
    assert "Hạn chế của chính đơn vị" in words(deed(lu, there, "conclude", 422, no="1", outcome="fixed", proof="x"))
    assert "Chọn một kết luận" in words(deed(may, there, "conclude", 422, no="1"))
    came_back = deed(may, there, "conclude", 422, no="1", outcome="recurring", answers="")
    assert "checked> Tái xảy ra" in came_back
    deed(may, there, "conclude", no="1", outcome="recurring", answers="bí thư")
    assert "Tái xảy ra" in may.reads(there)


def test_a_persons_plan_is_taken_without_a_name_in_the_address(house: Services, may: Visitor) -> None:
    from dataclasses import replace

    open_for(house, replace(RESULT, person=LU), LINES, NOW, actor="ban")
    page = may.page(HERE)
    link = page.partition('href="/papers/remediation_plan')[2].partition('"')[0].replace("&amp;", "&")
    assert "of=" in link and LU not in link
    assert may.client.get(f"/papers/remediation_plan{link}").content[:2] == b"PK"
    assert all(word not in may.page(f"/cycles/{KP}") for word in CONFIDENTIAL)
    assert date(2025, 12, 24) == RESULT.decided_on
