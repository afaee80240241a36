"""Three judged years, told from the opening letter to the next review: one cell, one grassroots organisation, one district.

The chapters stand in ``cell``, ``grassroots`` and ``district``; each says in the words of its plan what was done, what the
rules refused on the way and with which clause. Whatever leaves the house is read in the end: it gives nobody away.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.story.cell import year_of_a_cell
from tests.story.district import year_of_a_district
from tests.story.grassroots import year_of_a_grassroots_organisation
from tests.story.judged import Story, demand_silence, lived
from tests.story.pictures import MISSING, as_pdf, dense, letters_of, missing_program, pages_of

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """The story of the cell, lived once; its papers are printed below."""
    with lived(year_of_a_cell, tmp_path_factory.mktemp("cell")) as story:
        yield story


def test_one_cell_is_judged(cell: Story) -> None:
    demand_silence(cell)


def test_one_grassroots_organisation_is_judged(tmp_path: Path) -> None:
    with lived(year_of_a_grassroots_organisation, tmp_path) as story:
        demand_silence(story)


def test_one_district_is_judged(tmp_path: Path) -> None:
    with lived(year_of_a_district, tmp_path) as story:
        demand_silence(story)


@pytest.mark.skipif(missing_program() is not None, reason=MISSING)
def test_the_papers_of_the_cell_can_be_printed(cell: Story, tmp_path: Path) -> None:
    """Each becomes a PDF of few pages in which its words stand, with all their marks."""
    printed = as_pdf(cell.printed, tmp_path)
    assert [key for key, _ in printed] == [key for key, _ in cell.printed]
    assert all(1 <= pages_of(file) <= 2 for _, file in printed)
    said = {key: letters_of(file) for key, file in printed}
    for key, words in {
        "dossier_contents": "Bản kiểm điểm cá nhân",
        "tally_minutes": "phải quá nửa trong tổng số 9 người được triệu tập, tức ít nhất 5 phiếu",
        "results_decided": "còn 0 suất trong 1: 20 % của 5 hoàn thành tốt",
        "result_notice": "Chi bộ Trường học",
        "remediation_plan": "chậm thu, nộp đảng phí quý II",
    }.items():
        assert dense(words) in said[key], said[key]
