"""Ruled tables on a page of a PDF: from the lines that are drawn to rows of cells, each cell a box to read the text of.

A PDF knows no tables, only strokes. Lengths are points, y grows upwards, as in PDF.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise

Bounds = tuple[float, float, float, float]  # left, bottom, right, top
ReadBox = Callable[[Bounds], str]

_THIN = 2.5  # a stroke, not an area
_NEAR = 3.0  # strokes that should meet seldom do so exactly
_MOST_COLUMNS, _MOST_ROWS = 40, 150
_MOST_STROKES = 4_000  # a drawing, not a table


@dataclass(frozen=True)
class _Stroke:
    """A straight line: at ``at`` across, from ``start`` to ``end`` along."""

    at: float
    start: float
    end: float


@dataclass(frozen=True)
class Table:
    """A ruled table: its outline, its column and row edges, and the strokes that say which edges are really drawn."""

    outline: Bounds
    columns: tuple[float, ...]
    rows: tuple[float, ...]  # from the top down
    upright: tuple[tuple[_Stroke, ...], ...]  # the strokes on each column edge
    level: tuple[tuple[_Stroke, ...], ...]  # and on each row edge

    def lines(self, read: ReadBox) -> list[str]:
        """One line for each row, cells joined by tabs; the part of a merged cell after the first is empty."""
        lines = ("\t".join(self._row(top, read)) for top in range(len(self.rows) - 1))
        return [line for line in lines if line.strip()]

    def _row(self, row: int, read: ReadBox) -> list[str]:
        middle = (self.rows[row] + self.rows[row + 1]) / 2
        edges = [index for index, strokes in enumerate(self.upright) if _covered(strokes, middle)]
        cells = [""] * (len(self.columns) - 1)
        for left, right in pairwise(edges):
            across = (self.columns[left] + self.columns[right]) / 2
            if _covered(self.level[row], across):
                below = next((edge for edge in range(row + 1, len(self.rows)) if _covered(self.level[edge], across)), -1)
                cells[left] = " ".join(
                    read((self.columns[left], self.rows[below], self.columns[right], self.rows[row])).split()
                )
        return cells


def tables(shapes: Iterable[Bounds]) -> list[Table]:
    """The ruled tables that the outlines of a page's drawn shapes make, from the top down."""
    upright: list[_Stroke] = []
    level: list[_Stroke] = []
    for shape in shapes:
        _add(shape, upright, level)
    if not 3 <= len(upright) + len(level) <= _MOST_STROKES:
        return []
    found = (_table(group, level) for group in _stacked(upright))
    return [table for table in found if table]


def _add(shape: Bounds, upright: list[_Stroke], level: list[_Stroke]) -> None:
    """Takes a shape for a stroke where it is thin, for the frame of a cell where it is not."""
    left, bottom, right, top = shape
    thin, flat = right - left <= _THIN, top - bottom <= _THIN
    if thin and not flat:
        upright.append(_Stroke((left + right) / 2, bottom, top))
    elif flat and not thin:
        level.append(_Stroke((bottom + top) / 2, left, right))
    elif not thin:
        upright.extend((_Stroke(left, bottom, top), _Stroke(right, bottom, top)))
        level.extend((_Stroke(bottom, left, right), _Stroke(top, left, right)))


def _stacked(upright: list[_Stroke]) -> list[list[_Stroke]]:
    """Upright strokes in groups that follow each other down the page without a gap: one group a table."""
    groups: list[list[_Stroke]] = []
    reach = 0.0
    for stroke in sorted(upright, key=lambda one: -one.end):
        if groups and stroke.end >= reach - _NEAR:
            groups[-1].append(stroke)
            reach = min(reach, stroke.start)
        else:
            groups.append([stroke])
            reach = stroke.start
    return groups


def _table(upright: list[_Stroke], level: list[_Stroke]) -> Table | None:
    """The table of a group; None for a frame around a text, or an underlined word."""
    bottom, top = min(one.start for one in upright), max(one.end for one in upright)
    columns = _edges(one.at for one in upright)
    across = [
        one for one in level if bottom - _NEAR <= one.at <= top + _NEAR and one.end > columns[0] and one.start < columns[-1]
    ]
    rows = _edges(one.at for one in across)[::-1]
    if not (3 <= len(columns) <= _MOST_COLUMNS and 2 <= len(rows) <= _MOST_ROWS):
        return None
    outline = (columns[0], rows[-1], columns[-1], rows[0])
    return Table(outline, tuple(columns), tuple(rows), _by_edge(columns, upright), _by_edge(rows, across))


def _by_edge(edges: Iterable[float], strokes: Iterable[_Stroke]) -> tuple[tuple[_Stroke, ...], ...]:
    return tuple(tuple(one for one in strokes if abs(one.at - edge) <= _NEAR) for edge in edges)


def _edges(places: Iterable[float]) -> list[float]:
    edges: list[float] = []
    for place in sorted(places):
        if not edges or place - edges[-1] > _NEAR:
            edges.append(place)
    return edges


def _covered(strokes: Iterable[_Stroke], along: float) -> bool:
    return any(one.start - _NEAR <= along <= one.end + _NEAR for one in strokes)
