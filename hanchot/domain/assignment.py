"""Pairing two lists so that the sum of what the pairs are worth is the greatest there is; nobody is paired twice."""

from __future__ import annotations

from collections.abc import Sequence

_FAR = float("inf")


def best_pairs(worth: Sequence[Sequence[float]], least: float) -> tuple[tuple[int, int], ...]:
    """Pairs (row, column) of maximal total worth, in order of rows; a pair worth less than ``least`` is not made.

    ``worth[row][column]`` is 0 … 1. The same table always gives the same pairs. Hungarian method, n³ steps: a plan has
    some twenty duties.
    """
    if not worth or not worth[0]:
        return ()
    rows, columns = len(worth), len(worth[0])
    # Beside the real columns stand as many empty chairs as there are rows: whoever finds no good partner sits there.
    cost = [[-value if value >= least else 0.0 for value in row] + [0.0] * rows for row in worth]
    seats = _cheapest(cost)
    return tuple((r, c) for r, c in enumerate(seats) if c < columns and worth[r][c] >= least)


def _cheapest(cost: Sequence[Sequence[float]]) -> list[int]:
    """For each row its column, of least total cost; there are at least as many columns as rows."""
    width = len(cost[0])
    row_price, column_price = [0.0] * len(cost), [0.0] * width
    row_of = [-1] * width
    for row in range(len(cost)):
        _seat(row, cost, row_price, column_price, row_of)
    column_of = [-1] * len(cost)
    for column, row in enumerate(row_of):
        if row >= 0:
            column_of[row] = column
    return column_of


def _seat(
    row: int, cost: Sequence[Sequence[float]], row_price: list[float], column_price: list[float], row_of: list[int]
) -> None:
    """Seat one more row: the shortest alternating path from it to a free column, then everybody on it moves up."""
    width = len(cost[0])
    shortest, before, done = [_FAR] * width, [-1] * width, [False] * width
    at, here = -1, row
    while True:
        gap, nearest = _FAR, -1
        for column in range(width):
            if done[column]:
                continue
            reach = cost[here][column] - row_price[here] - column_price[column]
            if reach < shortest[column]:
                shortest[column], before[column] = reach, at
            if shortest[column] < gap:
                gap, nearest = shortest[column], column
        row_price[row] += gap
        for column in range(width):
            if done[column]:
                row_price[row_of[column]] += gap
                column_price[column] -= gap
            else:
                shortest[column] -= gap
        done[nearest] = True
        at, here = nearest, row_of[nearest]
        if here < 0:
            break
    while at >= 0:
        row_of[at] = row_of[before[at]] if before[at] >= 0 else row
        at = before[at]
