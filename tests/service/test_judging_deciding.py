"""The decision: by the right body, in order, on a complete dossier, carried by the vote, within the quota, by two people."""

from __future__ import annotations

import json
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, DBAPIError

from hanchot.domain.errors import Refused
from hanchot.domain.rating_level import RatingLevel
from hanchot.service import audit
from hanchot.service.dossiers import Which, hand_in_on_paper
from hanchot.service.judging.deciding import reopen
from hanchot.service.judging.digests import rating_seal, sealed
from hanchot.service.judging.quotas import standings
from hanchot.service.judging.ratings import Judgement, appraise, self_rate
from hanchot.service.judging.refusing import Forbidden
from hanchot.service.judging.register import of_person
from hanchot.service.judging.rulebook import settle
from hanchot.service.judging.subjects import name_subjects
from hanchot.service.services import Services
from hanchot.store.judging_tables import ballot_entry, rating
from tests import look
from tests.judging import (
    CELL,
    CODE,
    EXCELLENT,
    FAIR,
    GOOD,
    LIST,
    NOW,
    appraised,
    both_rounds,
    cell_of,
    decided,
    minutes,
    ratings,
    subjects,
    voted,
)


def refused(house: Services, one: int, level: RatingLevel, **more: object) -> Forbidden:
    with pytest.raises(Forbidden) as said:
        decided(house, one, level, **more)
    return said.value


def test_24_good_give_4_places_and_the_fifth_is_refused_with_the_rule(any_house: Services) -> None:
    members = cell_of(any_house, 24)
    appraised(any_house, members)
    both_rounds(any_house, members, members[:5])
    [before] = standings(any_house, CODE)
    assert before.words == "còn 4 suất trong 4: 20 % của 24 hoàn thành tốt, 13-HD/TU PL.3"
    for one in members[:2]:
        decided(any_house, one, EXCELLENT)
    [half] = standings(any_house, CODE, unit_code=CELL)
    assert half.words == "còn 2 suất trong 4: 20 % của 24 hoàn thành tốt, 13-HD/TU PL.3"
    for one in members[2:4]:
        decided(any_house, one, EXCELLENT)
    said = refused(any_house, members[4], EXCELLENT)
    assert said.codes == ("quota-exceeded",)
    assert "Chọn 5 xuất sắc là quá 4 suất" in str(said) and "[13-HD/TU PL.3]" in str(said)
    assert ratings(any_house, members[4]) == []
    decided(any_house, members[4], GOOD)  # round 1 carried it, too


def test_4_good_give_no_place_and_the_notice_says_so(house: Services) -> None:
    members = cell_of(house, 4)
    appraised(house, members)
    both_rounds(house, members, members[:1])
    said = refused(house, members[0], EXCELLENT)
    assert said.codes == ("quota-exceeded",) and "20 % chưa được một suất" in str(said)
    [now] = standings(house, CODE)
    assert now.allowance.places == 0 and "chưa được một suất" in now.words


def test_a_lower_level_may_not_take_the_base_from_under_the_excellent(house: Services) -> None:
    members = cell_of(house, 5)
    appraised(house, members)
    settle(house, CODE, "quota.base", "good_including_picked", NOW, actor="Bình", reason="TB 12-TB/BTC")
    both_rounds(house, members, members[:1])
    decided(house, members[0], EXCELLENT)
    with pytest.raises(Forbidden) as said:
        appraise(house, members[1], CELL, Judgement(FAIR, reason="chậm việc"), NOW, actor="Bình")
    assert said.value.codes == ("quota-base-shrinks",)
    voted(house, minutes({members[1]: {FAIR: 30}}, number="09-BB"))
    assert refused(house, members[1], FAIR).codes == ("quota-base-shrinks",)


def test_where_two_readings_differ_the_department_settles_first(house: Services) -> None:
    members = cell_of(house, 5)
    appraised(house, members)
    both_rounds(house, members, members[:1])
    assert refused(house, members[0], EXCELLENT).codes == ("quota-unsettled",)
    with pytest.raises(Refused, match="phải nêu căn cứ"):
        settle(house, CODE, "quota.base", "good_including_picked", NOW, actor="Bình", reason=" ")
    with pytest.raises(Refused, match="không nhận “group”"):
        settle(house, CODE, "quota.base", "group", NOW, actor="Bình", reason="TB")
    settle(house, CODE, "quota.base", "good_including_picked", NOW, actor="Bình", reason="TB 12-TB/BTC")
    decided(house, members[0], EXCELLENT)
    with pytest.raises(Refused, match="đã có kết quả xuất sắc"):
        settle(house, CODE, "quota.base", "good_remaining", NOW, actor="Bình", reason="TB 13-TB/BTC")


def test_a_decision_before_the_appraisal_is_refused_with_its_clause(house: Services) -> None:
    [one] = cell_of(house, 1)
    self_rate(house, one, Judgement(GOOD), NOW, actor="M01")
    voted(house, minutes({one: {GOOD: 30}}))
    said = refused(house, one, GOOD)
    assert said.codes == ("out-of-order",)
    assert "còn thiếu “báo cáo thẩm định”" in str(said) and "[13-HD/TU PL.5]" in str(said)


def test_a_body_without_authority_is_refused_with_who_has_it(any_house: Services) -> None:
    [one] = cell_of(any_house, 1)
    appraised(any_house, [one])
    said = refused(any_house, one, GOOD, unit="DUK-BTV")
    assert "no-authority" in said.codes
    assert "thẩm quyền thuộc chi bộ cơ sở" in str(said) and "[13-HD/TU PL.4.1]" in str(said)


def test_the_cell_of_another_branch_has_no_say(house: Services) -> None:
    [one] = cell_of(house, 1)
    appraised(house, [one])
    assert "another-branch" in refused(house, one, GOOD, unit="BAO").codes


def test_a_doubt_about_authority_decides_nothing_before_it_is_settled(house: Services) -> None:
    cell_of(house, 1)
    name_subjects(house, CODE, NOW, actor="Bình")
    one = next(row.id for row in subjects(house) if row.ratee == "member")
    appraise(house, one, "YT", Judgement(GOOD), NOW, actor="Bình")
    assert "authority-in-doubt" in refused(house, one, GOOD, unit="YT").codes
    settle(house, CODE, "authority.member", "dang-uy-co-so", NOW, actor="Bình", reason="TB 12-TB/BTC")
    assert "authority-in-doubt" not in refused(house, one, GOOD, unit="YT").codes


def test_without_a_vote_that_carried_it_nothing_is_decided(house: Services) -> None:
    one, other = cell_of(house, 2)
    appraised(house, [one, other])
    assert refused(house, one, GOOD).codes == ("no-ballot",)
    voted(house, minutes({one: {GOOD: 7, FAIR: 5}}, of=15, present=12, issued=12, collected=12, valid=12))
    said = refused(house, one, GOOD)
    assert said.codes == ("not-carried",) and "7 trên 15 người được triệu tập" in str(said)
    voted(house, minutes({other: {FAIR: 30}}, number="02-BB"))
    assert refused(house, other, GOOD).codes == ("ballot-differs",)


def test_the_dossier_is_looked_up_and_a_missing_paper_is_named(house: Services) -> None:
    [one] = cell_of(house, 1, papers=["bao-cao-ket-qua", "trich-bien-ban"])
    appraised(house, [one])
    voted(house, minutes({one: {GOOD: 30}}))
    said = refused(house, one, GOOD)
    assert said.codes == ("paper-missing", "paper-missing")
    assert "(3) Nhận xét của chi ủy nơi cư trú" in str(said) and "(4) Báo cáo thẩm định" in str(said)
    mine = Which(CODE, CELL, LIST, "M01")
    for key in ("nhan-xet-noi-cu-tru", "bao-cao-tham-dinh"):
        hand_in_on_paper(house, mine, key, "tủ 3", NOW, actor="Bình")
    decided(house, one, GOOD)


def test_a_dossier_kept_elsewhere_is_an_exception_with_its_reason(house: Services) -> None:
    [one] = cell_of(house, 1, papers=[])
    appraised(house, [one])
    voted(house, minutes({one: {GOOD: 30}}))
    assert refused(house, one, GOOD, dossier_elsewhere=" ").codes == ("dossier-elsewhere",)
    made = decided(house, one, GOOD, dossier_elsewhere="bản gốc lưu tại Tỉnh ủy, đã kiểm ngày 18/12")
    assert "Hồ sơ kiểm ở nơi khác: bản gốc lưu tại Tỉnh ủy" in str(made.why["notes"])
    [event] = look.events(house, "decision.confirmed")
    assert json.loads(event.data) == {"lines": 1, "elsewhere": 1}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"confirmed_by": "Hòa"}, "same-confirmer"),
        ({"confirmed_by": " "}, "not-confirmed"),
        ({"number": " "}, "no-number"),
        ({"decided_on": date(2025, 1, 1)}, "decided-in-future"),
    ],
)
def test_four_eyes_and_a_signed_paper(house: Services, changed: dict[str, object], code: str) -> None:
    [one] = cell_of(house, 1)
    appraised(house, [one])
    voted(house, minutes({one: {GOOD: 30}}))
    assert refused(house, one, GOOD, **changed).codes == (code,)


def test_a_difference_from_the_appraisal_needs_a_reason(house: Services) -> None:
    members = cell_of(house, 5)
    appraised(house, members)
    settle(house, CODE, "quota.base", "good_including_picked", NOW, actor="Bình", reason="TB")
    both_rounds(house, members, members[:1])
    assert refused(house, members[0], EXCELLENT, reason=None).codes == ("no-reason-for-difference",)
    with pytest.raises(Forbidden, match="khác mức tự xếp"):
        appraise(house, members[0], CELL, Judgement(FAIR), NOW, actor="Bình")


def test_what_is_decided_is_a_snapshot_until_it_is_reopened(any_house: Services) -> None:
    [one] = cell_of(any_house, 1)
    appraised(any_house, [one])
    voted(any_house, minutes({one: {GOOD: 30}}))
    decided(any_house, one, GOOD)
    [first] = ratings(any_house, one)
    assert (first.why["subject"], first.why["body"]) == ("Đảng viên M01", "Chi bộ Kho bạc")
    assert first.why["notes"][-1] == {
        "words": "Chi bộ Kho bạc quyết định", "basis": {"document": "13-HD/TU", "clause": "PL.4.1", "unverified": False},
    }  # fmt: skip
    assert refused(any_house, one, GOOD).codes == ("already-decided",)
    with pytest.raises(Forbidden, match="phải mở lại"):
        appraise(any_house, one, CELL, Judgement(GOOD), NOW, actor="Bình")
    for reason, approver, code in (("", "An", "no-reason"), ("khiếu nại", "Hòa", "same-approver")):
        with pytest.raises(Forbidden) as said:
            reopen(any_house, one, NOW, actor="Hòa", approver=approver, reason=reason)
        assert said.value.codes == (code,)
    reopen(any_house, one, NOW, actor="Hòa", approver="An", reason="khiếu nại có căn cứ")
    voted(any_house, minutes({one: {FAIR: 30}}, number="02-BB"))
    decided(any_house, one, FAIR, number="06-QĐ/CB")
    old, new = ratings(any_house, one)
    kept = ("id", "level", "number", "decided_on", "why", "entered_by", "confirmed_by", "at")
    assert [getattr(old, name) for name in kept] == [getattr(first, name) for name in kept]
    assert (old.current, old.approved_by, new.current, new.replaces_id) == (False, "An", True, old.id)
    assert [(r.level, r.stands) for r in of_person(any_house, "M01")] == [(GOOD, False), (FAIR, True)]


@pytest.mark.parametrize("change", [{"level": "fail"}, {"number": "99"}, {"current": True}, {"why": {}}])
def test_the_database_itself_refuses_to_change_a_decided_row(any_house: Services, change: dict[str, object]) -> None:
    [one] = cell_of(any_house, 1)
    appraised(any_house, [one])
    voted(any_house, minutes({one: {GOOD: 30}}))
    decided(any_house, one, GOOD)
    if "current" in change:
        reopen(any_house, one, NOW, actor="Hòa", approver="An", reason="khiếu nại")
        change = {"current": True, "reopened_at": None, "reopened_by": None, "approved_by": None, "reopened_reason": None}
    was = ratings(any_house, one)
    for statement in (sa.update(rating).values(**change), sa.delete(rating)):
        with pytest.raises((DatabaseError, DBAPIError)), any_house.db.write() as connection:
            connection.execute(statement.where(rating.c.step == "decided"))
    assert ratings(any_house, one) == was


def test_events_hold_no_level_score_name_or_vote(house: Services) -> None:
    members = cell_of(house, 5)
    appraised(house, members)
    settle(house, CODE, "quota.base", "good_including_picked", NOW, actor="Bình", reason="TB")
    both_rounds(house, members, members[:1])
    decided(house, members[0], EXCELLENT, reason="xuất sắc, 96 điểm")
    reopen(house, members[0], NOW, actor="Hòa", approver="An", reason="Đảng viên M01 khiếu nại mức xuất sắc")
    about = [e for e in look.events(house) if e.action.startswith(("rating.", "ballot."))]
    assert {e.action for e in about} == {
        "rating.self", "rating.appraised", "rating.decided", "rating.reopened", "ballot.entered", "ballot.confirmed",
    }  # fmt: skip
    for one in about:
        said = f"{one.subject} {one.was} {one.became} {one.reason} {one.data}"
        for word in ("excellent", "good", "xuất sắc", "tốt", "M01", "Đảng viên", "score", "votes", "96"):
            assert word not in said.split('"digest":"')[0], (one.action, word)
    assert audit.check(house.db).broken_at is None


def test_the_seal_in_the_event_fits_the_row_and_no_other(any_house: Services) -> None:
    [one] = cell_of(any_house, 1)
    appraised(any_house, [one])
    voted(any_house, minutes({one: {GOOD: 30}}))
    made = decided(any_house, one, GOOD)
    [row] = ratings(any_house, one)
    [event] = look.events(any_house, "rating.decided")
    assert json.loads(event.data) == {"rating": made.id, "digest": rating_seal(row._asdict())}
    assert rating_seal({**row._asdict(), "level": "excellent"}) not in event.data
    [entry] = look.events(any_house, "ballot.entered")
    with any_house.db.read() as connection:
        said = connection.execute(sa.select(ballot_entry.c.said).order_by(ballot_entry.c.id)).scalars().all()[0]
    assert json.loads(entry.data) == {"digest": sealed(said)}
