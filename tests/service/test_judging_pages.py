"""What the pages of judging read: who stands where, what is missing with its clause, the quota in words, one subject."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from hanchot.domain.errors import NotFound
from hanchot.service.judging.complaints import Complaint, register
from hanchot.service.judging.ratings import Judgement, self_rate
from hanchot.service.judging.subjects import name_subjects
from hanchot.service.services import Services
from hanchot.service.views.judging import judging_page, subject_page
from hanchot.store.tables import unit
from tests.judging import (
    CELL,
    CODE,
    DAY,
    EXCELLENT,
    GOOD,
    NOW,
    appraised,
    both_rounds,
    cell_of,
    decided,
    minutes,
    voted,
)


def path_of(house: Services, code: str) -> str:
    with house.db.read() as connection:
        return str(connection.execute(sa.select(unit.c.path).where(unit.c.code == code)).scalar_one())


def test_subjects_stand_by_unit_with_their_levels_and_what_is_missing(any_house: Services) -> None:
    members = cell_of(any_house, 3, papers=["bao-cao-ket-qua", "trich-bien-ban", "bao-cao-tham-dinh"])
    appraised(any_house, members[:2])
    self_rate(any_house, members[2], Judgement(GOOD), NOW, actor="M03")
    voted(any_house, minutes({members[0]: {GOOD: 30}}))
    page = judging_page(any_house, CODE, NOW)
    [group] = page.groups
    assert (group.code, [row.name for row in group.rows]) == (CELL, ["Đảng viên M01", "Đảng viên M02", "Đảng viên M03"])
    first, second, third = group.rows
    assert (first.levels["self"], first.levels["appraised"], first.levels["decided"]) == (GOOD, GOOD, None)
    assert [row.next_step for row in group.rows] == ["decided", "decided", "appraised"]
    assert [one.code for one in first.missing] == ["paper-missing"]
    assert [one.code for one in second.missing] == ["paper-missing", "no-ballot"]
    assert [one.code for one in third.missing] == ["paper-missing", "no-ballot", "out-of-order"]
    assert first.missing[0].vi.endswith("[13-HD/TU PL.3]")
    assert page.counts == {"total": 3, "exempt": 0, "self": 3, "proposed": 0, "appraised": 2, "decided": 0}


def test_the_quota_stands_on_the_page_in_words(house: Services) -> None:
    members = cell_of(house, 24)
    appraised(house, members)
    both_rounds(house, members[:2], members[:2])
    for one in members[:2]:
        decided(house, one, EXCELLENT)
    page = judging_page(house, CODE, NOW)
    assert [one.words for one in page.quotas] == ["còn 2 suất trong 4: 20 % của 24 hoàn thành tốt, 13-HD/TU PL.3"]
    assert [row.missing for row in page.groups[0].rows[:2]] == [(), ()]


def test_only_the_branch_that_may_be_seen_is_read(house: Services) -> None:
    cell_of(house, 1)
    name_subjects(house, CODE, NOW, actor="Bình")
    everybody = judging_page(house, CODE, NOW)
    assert {"DUK", "YT", "YT-1", "BAO", CELL} <= {group.code for group in everybody.groups}
    mine = judging_page(house, CODE, NOW, (path_of(house, "YT"), path_of(house, "BAO")))
    assert {group.code for group in mine.groups} == {"YT", "YT-BP", "YT-BP1", "YT-1", "YT-2", "BAO"}
    assert mine.counts["total"] < everybody.counts["total"]
    branch = judging_page(house, CODE, NOW, (path_of(house, "YT"),), unit_code="YT-BP")
    assert {group.code for group in branch.groups} == {"YT-BP", "YT-BP1"}
    nobody = judging_page(house, CODE, NOW, ())
    assert (nobody.groups, nobody.quotas, nobody.counts["total"]) == ((), (), 0)
    with pytest.raises(NotFound, match="Không có"):
        judging_page(house, CODE, NOW, unit_code="KHÔNG-CÓ")


def test_one_subject_with_everything_that_is_known_of_it(any_house: Services) -> None:
    [one] = cell_of(any_house, 1)
    self_rate(any_house, one, Judgement(GOOD), NOW, actor="M01")
    page = subject_page(any_house, one, NOW)
    assert (page.unit_code, page.person, page.decider) == (CELL, "M01", "Chi bộ Kho bạc")
    assert [refusal.code for refusal in page.missing] == ["out-of-order", "no-ballot"]
    assert page.papers == () and page.votes == () and page.history[0].step == "self"
    appraised(any_house, [one])
    voted(any_house, minutes({one: {GOOD: 30}}))
    page = subject_page(any_house, one, NOW)
    assert page.missing == () and page.quota == "còn 0 suất trong 0: 20 % của 1 hoàn thành tốt, 13-HD/TU PL.3"
    [vote] = page.votes
    assert vote.outcome is not None and vote.outcome.level is GOOD and vote.tally.convened == 30
    decided(any_house, one, GOOD)
    register(any_house, one, Complaint("M01", DAY, "lý do"), NOW, actor="Hòa")
    page = subject_page(any_house, one, NOW)
    assert (page.row.next_step, page.missing) == (None, ())
    assert [line.step for line in page.history] == ["decided", "appraised", "self"]
    assert page.history[0].stands and "salt" not in page.history[0].why
    assert [(c.state, c.reason) for c in page.complaints] == [("open", "lý do")]
    with pytest.raises(NotFound, match="đối tượng số 99"):
        subject_page(any_house, 99, NOW)
