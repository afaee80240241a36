"""Pairing two lists: the greatest total there is, nobody twice, and the same every time."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from hanchot.domain.assignment import best_pairs

worths = st.integers(0, 20).map(lambda n: n / 20)
tables = st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(
    lambda size: st.lists(st.lists(worths, min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0])
)


def test_the_greedy_choice_is_not_the_best() -> None:
    # the first row would rather have column 0, but then the second row is left with nothing
    assert best_pairs([[0.9, 0.8], [0.85, 0.1]], least=0.5) == ((0, 1), (1, 0))


def test_whoever_has_no_good_partner_stays_alone() -> None:
    assert best_pairs([[0.4], [0.7]], least=0.5) == ((1, 0),)
    assert best_pairs([[0.4, 0.3]], least=0.5) == ()
    assert best_pairs([], least=0.5) == best_pairs([[]], least=0.5) == ()


@given(tables)
def test_no_other_pairing_is_worth_more(table: list[list[float]]) -> None:
    pairs = best_pairs(table, least=0.5)
    columns = [column for _, column in pairs]
    assert len(set(columns)) == len(columns)
    assert all(table[row][column] >= 0.5 for row, column in pairs)
    assert abs(sum(table[row][column] for row, column in pairs) - _best(table)) < 1e-9


def _best(table: list[list[float]]) -> float:
    chairs = [*range(len(table[0])), *[None] * len(table)]
    return max(
        sum(table[row][c] for row, c in enumerate(seats) if c is not None and table[row][c] >= 0.5)
        for seats in permutations(chairs, len(table))
    )
