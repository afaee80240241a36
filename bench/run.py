"""The measurements: ``python -m bench.run [WORK …] [--units N] [--reps N] [--seconds S] [--quick] [--json]``."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from statistics import median

from bench import board, reading, works
from bench.works import Row, Size

WORKS: dict[str, Callable[[Size], list[Row]]] = {
    "open": works.opening,
    "busy": works.busy,
    "quiet": works.quiet,
    "complete": works.completing,
    "year": works.year,
    "year-simulated": works.simulated_year,
    "mail": works.mail,
    "read": reading.reading,
    "board": board.board,
}
_COLUMNS = "{:<24} {:<12} {:>6} {:>7} {:>6} {:>3} {:>5} {:<4} {:>11}  {}"


def main() -> int:
    """Exit code 1 when a goal is missed."""
    chosen = _arguments()
    os.environ.pop("HANCHOT_NOW", None)  # a fixed clock would leave out part of the work
    size = Size(chosen.units, chosen.reps, chosen.seconds)
    rows: list[Row] = []
    if not chosen.json:
        print(_COLUMNS.format("work", "against", "min", "median", "max", "n", "goal", "met", "peak MB", ""))
    for name in chosen.works or WORKS:
        made = WORKS[name](size)
        rows += made
        if not chosen.json:
            print("\n".join(map(_line, made)), flush=True)
    if chosen.json:
        print(json.dumps([row.to_json() for row in rows], ensure_ascii=False, indent=1))
    return int(any(row.met is False for row in rows))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("works", nargs="*", metavar="WORK", help=f"any of {', '.join(WORKS)}; all when none is named")
    parser.add_argument("--units", type=int, default=10_000)
    parser.add_argument("--reps", type=int, default=5, help="turns of each work")
    parser.add_argument("--seconds", type=float, default=120, help="a work takes fewer turns rather than longer")
    parser.add_argument("--quick", action="store_true", help="1,000 units, within a minute; short turns are unsteady")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    if unknown := set(chosen.works) - set(WORKS):
        parser.error(f"unknown work {', '.join(sorted(unknown))}; choose from {', '.join(WORKS)}")
    if chosen.quick:
        chosen.units, chosen.seconds = 1000, 10
    return chosen


def _line(row: Row) -> str:
    numbers = (f"{value:.2f}" for value in (min(row.ratios), median(row.ratios), max(row.ratios)))
    goal, met = ("", "") if row.goal is None else (f"{row.goal:g}", "yes" if row.met else "NO")
    peaks = f"{row.peak_mb[0]:.0f} / {row.peak_mb[1]:.0f}" if row.peak_mb else ""
    return _COLUMNS.format(row.work, row.against, *numbers, len(row.ratios), goal, met, peaks, row.note)


if __name__ == "__main__":
    sys.exit(main())
