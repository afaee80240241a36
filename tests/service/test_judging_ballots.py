"""Ballots: sums that must hold, majority over those convened, two rounds, two independent entries that must match."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from hanchot.domain.errors import AlreadyDone, NotFound, Refused
from hanchot.service.judging.ballots import Minutes, confirm, enter, show
from hanchot.service.judging.refusing import Forbidden
from hanchot.service.opening import open_cycle
from hanchot.service.services import Services
from hanchot.store.judging_tables import ballot, ballot_count, ballot_entry
from tests import look, plans
from tests.judging import CODE, EXCELLENT, FAIL, FAIR, GOOD, NOW, cell_of, minutes, voted


def refused(house: Services, said: Minutes) -> tuple[str, ...]:
    with pytest.raises(Forbidden) as error:
        enter(house, CODE, said, NOW, actor="Hòa")
    with house.db.read() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(ballot_entry)).scalar_one() == 0
    return error.value.codes


def test_7_of_15_convened_with_12_present_carry_nothing(any_house: Services) -> None:
    [one] = cell_of(any_house, 1)
    made = voted(any_house, minutes({one: {GOOD: 7, FAIR: 5}}, of=15, present=12, issued=12, collected=12, valid=12))
    [shown] = show(any_house, made)["subjects"]
    assert shown["carried"] is None
    assert "7 trên 15 người được triệu tập; cần 8" in shown["words"]


@pytest.mark.parametrize(
    ("more", "votes", "code"),
    [
        ({"present": 16}, {GOOD: 15}, "present-over-convened"),
        ({"issued": 15, "present": 14}, {GOOD: 15}, "issued-over-present"),
        ({"collected": 15, "issued": 14}, {GOOD: 15}, "collected-over-issued"),
        ({"valid": 14}, {GOOD: 14}, "valid-sum"),
        ({}, {GOOD: 9, FAIR: 5}, "level-sum"),
        ({"invalid": -1, "valid": 16}, {GOOD: 16}, "votes-negative"),
        ({}, {EXCELLENT: 15}, "level-outside-round"),
        ({"number": " "}, {GOOD: 15}, "no-minutes"),
        ({"unit": "BAO"}, {GOOD: 15}, "another-branch"),
        ({"kind": "quyet-dinh-tap-the"}, {GOOD: 15}, "wrong-vote-kind"),
        ({"kind": "tu-xep-loai-tap-the", "round": 2}, {GOOD: 15}, "one-round"),
    ],
)
def test_numbers_that_cannot_be_are_refused(house: Services, more: dict[str, Any], votes: dict[Any, int], code: str) -> None:
    [one] = cell_of(house, 1)
    assert code in refused(house, minutes({one: votes}, of=15, **more))


@pytest.mark.parametrize("change", [{"present": 31}, {"valid": 29}, {"convened": 0}, {"confirmed_by": "Hòa"}])
def test_the_database_repeats_the_sums(any_house: Services, change: dict[str, object]) -> None:
    [one] = cell_of(any_house, 1)
    voted(any_house, minutes({one: {GOOD: 30}}))
    with pytest.raises(DBAPIError), any_house.db.write() as connection:
        connection.execute(sa.update(ballot).values(**change))


def test_round_2_is_locked_until_round_1_is_confirmed_and_has_carried_good(any_house: Services) -> None:
    one, other = cell_of(any_house, 2)
    second = minutes({one: {EXCELLENT: 30}}, number="02-BB", round=2)
    assert refused(any_house, second) == ("round-locked",)
    first = minutes({one: {GOOD: 30}, other: {FAIR: 30}})
    made = enter(any_house, CODE, first, NOW, actor="Hòa")
    with pytest.raises(Forbidden, match="vòng 1 chưa khóa"):
        enter(any_house, CODE, second, NOW, actor="Hòa")
    confirm(any_house, made.id, first, NOW, actor="Lan")
    with pytest.raises(Forbidden, match="không được chọn"):
        enter(any_house, CODE, replace(second, votes={other: {EXCELLENT: 30}}), NOW, actor="Hòa")
    assert voted(any_house, second)


def test_two_entries_that_differ_are_disputed_and_name_the_fields(any_house: Services) -> None:
    [one] = cell_of(any_house, 1)
    made = enter(any_house, CODE, minutes({one: {GOOD: 30}}), NOW, actor="Hòa")
    wrong = minutes({one: {GOOD: 28}}, present=28, issued=28, collected=28, valid=28)
    disputed = confirm(any_house, made.id, wrong, NOW, actor="Lan")
    assert disputed.state == "disputed"
    assert disputed.differs[0] == "Số có mặt khác nhau: lần một 30, lần hai 28."
    assert disputed.differs[-1] == "Đảng viên M01: Phiếu “hoàn thành tốt nhiệm vụ” khác nhau: lần một 30, lần hai 28."
    with any_house.db.read() as connection:  # nothing typed is lost
        assert connection.execute(sa.select(ballot_entry.c.entered_by).order_by(ballot_entry.c.id)).scalars().all() == [
            "Hòa", "Lan",
        ]  # fmt: skip


def test_whoever_was_wrong_types_again(any_house: Services) -> None:
    one, other = cell_of(any_house, 2)
    right, wrong = minutes({one: {GOOD: 30}, other: {GOOD: 30}}), minutes({one: {GOOD: 29, FAIR: 1}, other: {GOOD: 30}})
    made = enter(any_house, CODE, wrong, NOW, actor="Hòa")
    assert confirm(any_house, made.id, right, NOW, actor="Lan").state == "disputed"
    assert confirm(any_house, made.id, right, NOW, actor="Hòa").state == "confirmed"  # the first person's slip
    shown = show(any_house, made.id)
    assert (shown["entered_by"], shown["confirmed_by"]) == ("Hòa", "Lan")
    assert shown["subjects"][0]["votes"][GOOD] == 30
    with pytest.raises(AlreadyDone, match="đã được xác nhận"):
        confirm(any_house, made.id, wrong, NOW, actor="Lan")


def test_one_hand_does_not_confirm_itself(house: Services) -> None:
    [one] = cell_of(house, 1)
    said = minutes({one: {GOOD: 30}})
    made = enter(house, CODE, said, NOW, actor="Hòa")
    with pytest.raises(Forbidden) as error:
        confirm(house, made.id, said, NOW, actor="Hòa")
    assert error.value.codes == ("same-hand",)
    with pytest.raises(AlreadyDone, match="đã được nhập"):
        enter(house, CODE, said, NOW, actor="Lan")


def test_a_correction_is_of_the_same_vote(house: Services) -> None:
    [one] = cell_of(house, 1)
    made = enter(house, CODE, minutes({one: {GOOD: 30}}), NOW, actor="Hòa")
    confirm(house, made.id, minutes({one: {FAIR: 30}}), NOW, actor="Lan")
    with pytest.raises(Forbidden, match="của biên bản khác"):
        confirm(house, made.id, minutes({one: {FAIR: 30}}, number="99-BB"), NOW, actor="Hòa")


def test_a_basis_without_rules_of_votes_takes_no_ballot(house: Services) -> None:
    open_cycle(house, plans.plan(regulation="366-QĐ/TW"), look.at("2024-11-18 07:00"))
    with pytest.raises(Forbidden, match="không nêu quy tắc biểu quyết"):
        enter(house, "mau-2024", minutes({1: {GOOD: 30}}), NOW, actor="Hòa")


def test_minutes_are_read_strictly(house: Services) -> None:
    said = minutes({1: {GOOD: 15, FAIL: 15}}).to_json()
    assert Minutes.from_json(said).to_json() == said
    for change, word in (
        ({"valid": "30"}, "không phải số nguyên"),
        ({"held_on": "19/12"}, "ghi sai"),
        ({"votes": []}, "ghi sai"),
    ):
        with pytest.raises(Refused, match=word):
            Minutes.from_json(said | change)
    with pytest.raises(Refused, match="thiếu “valid”"):
        Minutes.from_json({k: v for k, v in said.items() if k != "valid"})
    with pytest.raises(NotFound, match="Không có phiếu số 7"):
        show(house, 7)


def test_only_tallies_are_kept() -> None:
    """No column could say who voted what."""
    assert set(ballot_count.c.keys()) == {"ballot_id", "subject_id", "level", "votes"}
    assert not {"voter", "voter_id", "person_id"} & {*ballot.c.keys(), *ballot_entry.c.keys()}
