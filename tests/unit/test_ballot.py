"""Votes: counts that fit, a majority of those convened, two rounds, two entries by two people."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanchot.domain.ballot import ClosedRound, Entry, Tally, candidates, faults, may_vote, outcome, reconcile, votes_needed
from hanchot.domain.errors import NotFound
from hanchot.domain.rating_level import RatingLevel
from tests.rules import vote_rules

RULES = vote_rules()


def tally(convened: int = 15, present: int = 15, **votes: int) -> Tally:
    per_level = {RatingLevel(level): number for level, number in votes.items()}
    valid = sum(votes.values())
    return Tally(convened, present, valid, valid, valid, 0, per_level)


@st.composite
def true_counts(draw: st.DrawFn) -> Tally:
    """Any counts that can stand in true minutes."""
    convened = draw(st.integers(1, 400))
    present = draw(st.integers(0, convened))
    issued = draw(st.integers(0, present))
    collected = draw(st.integers(0, issued))
    valid = draw(st.integers(0, collected))
    cuts = sorted(draw(st.lists(st.integers(0, valid), min_size=3, max_size=3)))
    votes = [high - low for low, high in zip([0, *cuts], [*cuts, valid], strict=True)]
    return Tally(convened, present, issued, collected, valid, collected - valid, dict(zip(RatingLevel, votes, strict=True)))


def test_seven_of_fifteen_convened_do_not_carry_though_only_twelve_came() -> None:
    found = outcome(tally(15, 12, good=7, fair=5), RULES)
    assert not found.carried
    assert found.words.startswith("Cao nhất là “hoàn thành tốt nhiệm vụ”, 7 trên 15 người được triệu tập; cần 8")
    assert found.basis.vi == "13-HD/TU V"


def test_exactly_half_fails_and_one_more_carries() -> None:
    assert not outcome(tally(16, 16, good=8, fair=8), RULES).carried
    assert outcome(tally(16, 16, good=9, fair=7), RULES).level is RatingLevel.GOOD


def test_counts_that_do_not_fit_are_all_named_and_never_counted() -> None:
    wrong = replace(tally(15, 12, good=7, fair=5), present=16)
    assert [one.message for one in faults(wrong, RULES)] == ["Số có mặt (16) nhiều hơn số triệu tập (15)."]
    with pytest.raises(ValueError, match="nhiều hơn"):
        outcome(wrong, RULES)


def test_the_second_round_is_locked_until_the_first_is_closed() -> None:
    (refusal,) = may_vote("A", 2, None, RULES)
    assert refusal.code == "round-locked"
    assert may_vote("A", 1, None, RULES) == ()


def test_excellent_is_picked_among_those_whom_the_first_round_carried_as_good() -> None:
    first = ClosedRound(1, {"A": outcome(tally(good=9, fair=6), RULES), "B": outcome(tally(good=7, fair=8), RULES)})
    assert candidates(first, RULES, 2) == ("A",)
    assert may_vote("A", 2, first, RULES) == ()
    for stranger in ("B", "C"):
        assert [one.code for one in may_vote(stranger, 2, first, RULES)] == ["not-a-candidate"]
    with pytest.raises(NotFound, match="Không có vòng 3"):
        may_vote("A", 3, first, RULES)


def test_two_entries_by_two_people_must_match_field_by_field() -> None:
    first = tally(15, 12, good=8, fair=4)
    assert reconcile(Entry(first, "Lan"), Entry(first, "Minh")) == ()
    other = replace(first, present=13, per_level={RatingLevel.GOOD: 9, RatingLevel.FAIR: 3})
    assert [one.message for one in reconcile(Entry(first, "Lan"), Entry(other, "Minh"))] == [
        "Số có mặt khác nhau: lần một 12, lần hai 13.",
        "Phiếu “hoàn thành tốt nhiệm vụ” khác nhau: lần một 8, lần hai 9.",
        "Phiếu “hoàn thành nhiệm vụ” khác nhau: lần một 4, lần hai 3.",
    ]


def test_the_same_hand_does_not_confirm_itself() -> None:
    entry = Entry(tally(good=15), "Lan")
    assert [one.code for one in reconcile(entry, entry)] == ["same-hand"]


def test_the_seven_kinds_say_whether_they_propose_or_decide() -> None:
    assert [kind.number for kind in RULES.kinds] == [1, 2, 3, 4, 5, 6, 7]
    at_the_cell = RULES.kind("dang-vien-o-chi-bo")
    assert at_the_cell.effect == "proposes"
    assert at_the_cell.doubt, "V.3 says “decides”, PL.3 says “proposes”: shown, never settled silently"
    assert RULES.kind("dang-vien-o-cap-co-tham-quyen").effect == "decides"
    assert {kind.key for kind in RULES.kinds if kind.two_rounds} == {"dang-vien-o-chi-bo", "dang-vien-o-cap-co-tham-quyen"}
    with pytest.raises(NotFound, match="Không có loại biểu quyết"):
        RULES.kind("khac")


@given(true_counts())
def test_true_counts_have_no_faults_and_carry_at_most_one_level(counts: Tally) -> None:
    assert faults(counts, RULES) == ()
    found = outcome(counts, RULES)
    over_half = [level for level, votes in counts.per_level.items() if 2 * votes > counts.convened]
    assert over_half == ([found.level] if found.level else [])


@given(true_counts(), st.sampled_from(["present", "issued", "collected", "valid", "invalid"]), st.integers(1, 500))
def test_one_number_too_many_is_never_overlooked(counts: Tally, name: str, more: int) -> None:
    changed = replace(counts, **{name: getattr(counts, name) + more})
    room = {"present": changed.convened, "issued": changed.present}
    if name in room and getattr(changed, name) <= room[name]:
        return  # more people present, or more ballots issued, can be just as true
    assert faults(changed, RULES)


@given(st.integers(1, 5000))
def test_the_fewest_votes_that_are_more_than_half(convened: int) -> None:
    needed = votes_needed(convened, RULES)
    assert 2 * needed > convened >= 2 * (needed - 1)
