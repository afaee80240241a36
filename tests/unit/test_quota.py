"""Places for excellent: whole ones, on a base that is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanchot.domain.quota import Counted, Quota, QuotaBase, places, refuse_over
from hanchot.store.regulation_files import find_regulation


def quota(name: str = "13-hd-tu") -> Quota:
    found = find_regulation(name).quota
    assert found is not None
    return found


counts = st.integers(min_value=0, max_value=5000)


def test_the_page_says_how_many_are_left_of_which_base_by_which_clause() -> None:
    allowance = places(Counted(24), quota())
    assert allowance.words(2) == "còn 2 suất trong 4: 20 % của 24 hoàn thành tốt, 13-HD/TU PL.3"


def test_a_fifth_where_four_fit_is_refused() -> None:
    allowance = places(Counted(24), quota())
    assert refuse_over(allowance, 4) == ()
    (refusal,) = refuse_over(allowance, 5)
    assert refusal.code == "quota-exceeded"
    assert "quá 4 suất: 20 % của 24 hoàn thành tốt" in refusal.message
    assert "Chuyển 1 trường hợp" in refusal.way_out
    assert refusal.basis.vi == "13-HD/TU PL.3"


def test_no_place_at_all_comes_with_a_notice() -> None:
    allowance = places(Counted(4), quota())
    assert allowance.places == 0
    assert allowance.notice is not None
    (refusal,) = refuse_over(allowance, 1)
    assert allowance.notice in refusal.message


def test_readings_that_differ_are_shown_until_the_department_settles() -> None:
    allowance = places(Counted(25), quota())
    assert [reading.places for reading in allowance.readings] == [5, 4]
    assert "chưa chốt cách tính" in allowance.words()
    assert [one.code for one in refuse_over(allowance, 5)] == ["quota-unsettled"]
    assert [one.code for one in refuse_over(allowance, 6)] == ["quota-exceeded"]
    assert refuse_over(places(Counted(25), quota(), settled=QuotaBase.GOOD_INCLUDING_PICKED), 5) == ()


def test_a_reading_or_ratio_that_the_text_has_not_is_refused() -> None:
    with pytest.raises(ValueError, match="no reading"):
        places(Counted(24), quota(), settled=QuotaBase.GROUP)
    with pytest.raises(ValueError, match="no higher ratio"):
        places(Counted(24), quota(), higher=True)
    with pytest.raises(ValueError, match="count its members"):
        places(Counted(24), quota("thi-xa-2022"), settled=QuotaBase.GROUP)
    with pytest.raises(ValueError, match="cannot be"):
        Counted(good=5, group=4)


@given(counts)
def test_places_never_pass_the_ratio_on_their_own_base(good: int) -> None:
    for base in (QuotaBase.GOOD_INCLUDING_PICKED, QuotaBase.GOOD_REMAINING):
        number = places(Counted(good), quota(), settled=base).places
        of = good if base is QuotaBase.GOOD_INCLUDING_PICKED else good - number
        assert number * 100 <= 20 * of
        one_more = good if base is QuotaBase.GOOD_INCLUDING_PICKED else good - number - 1
        assert (number + 1) * 100 > 20 * one_more  # and no place is lost


@given(counts, counts)
def test_more_good_never_means_fewer_places(one: int, other: int) -> None:
    few, many = sorted((one, other))
    assert places(Counted(few), quota()).places <= places(Counted(many), quota()).places


@given(counts, st.integers(min_value=0, max_value=5000))
def test_the_guard_and_the_count_agree(good: int, picked: int) -> None:
    allowance = places(Counted(good), quota())
    assert (refuse_over(allowance, picked) == ()) == (picked <= allowance.places)
    assert 0 <= allowance.left(picked) <= allowance.places
