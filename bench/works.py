"""The works, measured: the floors and we in turn, a ratio for every turn."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from bench import work
from bench.contenders import Contender
from bench.floor_core import CoreFloor
from bench.floor_raw import RawFloor
from bench.mail import OurMail, StoredMail
from bench.ours import Ours
from bench.simulated import Simulated
from bench.sink import sink

BUSY = work.at(work.BUSY_DAY, work.BUSY_AT)
QUIET = BUSY - 2 * 3600
QUIET_MS = 5.0
QUIET_TURNS = 21
Turns = list[list[float]]  # seconds, a list per contender


@dataclass(frozen=True)
class Size:
    """How much: ``reps`` turns, fewer when a work would need more than ``seconds``, never fewer than one."""

    units: int
    reps: int
    seconds: float

    def turns(self) -> Iterator[int]:
        start = time.monotonic()
        for turn in range(self.reps):
            if turn and (time.monotonic() - start) * (turn + 1) / turn > self.seconds:
                return
            yield turn


@dataclass(frozen=True)
class Row:
    """One line of the table: in each turn, how many times as long as ``against`` it took. Peaks: (us, them)."""

    work: str
    against: str
    ratios: tuple[float, ...]
    goal: float | None = None
    peak_mb: tuple[float, float] | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        return None if self.goal is None else median(self.ratios) <= self.goal

    def to_json(self) -> dict[str, object]:
        spread = {"min": min(self.ratios), "median": median(self.ratios), "max": max(self.ratios)}
        return {**asdict(self), **spread, "met": self.met}


def opening(size: Size) -> list[Row]:
    """W1: opening a cycle over units that exist; and the same with the making of the units counted on all sides."""
    with _in_turn(RawFloor, CoreFloor, Ours) as here:
        units: Turns = [[], [], []]

        def open_one(one: Contender) -> float:
            one.call("fresh")
            units[here.index(one)].append(one.call("add_units", size.units)[0])
            return one.call("open_items", size.units)[0]

        items = _turns(here, size, open_one)
        both = [[sum(pair) for pair in zip(*columns, strict=True)] for columns in zip(units, items, strict=True)]
        with_units = Row("open + units", "sqlite3", _ratios(both[2], both[0]), note="ours with posts and people")
        return [*_rows("open", here, items, raw=4.0), with_units]


def busy(size: Size) -> list[Row]:
    """W2: one item in ten is due. A second sweep at the same instant must find nothing."""

    def sweep(one: Contender) -> float:
        one.call("make_busy", size.units, BUSY)
        one.call("sweep", QUIET)  # what is remembered between sweeps is remembered now
        seconds, told = one.call("sweep", BUSY)
        work.checked(told, work.expected_busy, size.units)
        work.checked(one.call("sweep", BUSY)[1], lambda _: work.Outcome(0, 0), size.units)
        return seconds

    with _in_turn(RawFloor, CoreFloor, _live) as here:
        _opened(here, [size.units] * 3)
        return _rows("busy sweep", here, _turns(here, size, sweep), raw=6.0)


def quiet(size: Size) -> list[Row]:
    """W3: nothing is due, at three sizes a factor of ten apart; the ledger holds a busy sweep's letters."""
    sizes = [size.units // 10, size.units, size.units * 10]
    with _in_turn(_live, _live, _live) as here:
        _opened(here, sizes)
        for one, units in zip(here, sizes, strict=True):
            one.call("make_busy", units, BUSY)
            one.call("sweep", BUSY)
            one.call("sweep", BUSY)
        turns = _turns(here, Size(size.units, QUIET_TURNS, size.seconds), lambda one: one.call("sweep", BUSY)[0])
        slowest = max(median(column) for column in turns) * 1000
        note = f"at most {slowest:.1f} ms (goal {QUIET_MS:g})"
        return [
            Row(f"quiet, {sizes[n]:,} units", f"{sizes[0]:,} units", _ratios(turns[n], turns[0]), 2.0, note=note)
            for n in (1, 2)
        ]


def completing(size: Size) -> list[Row]:
    """W4: one item at a time, each turn over other units."""
    many = min(size.units, 5000) // size.reps
    with _in_turn(RawFloor, CoreFloor, Ours) as here:
        _opened(here, [size.units] * 3)
        done = [0, 0, 0]

        def complete(one: Contender) -> float:
            first = done[here.index(one)]
            done[here.index(one)] += many
            return one.call("first_stage", range(first, first + many))[0]

        return _rows("complete one", here, _turns(here, size, complete), core=2.0)


def year(size: Size) -> list[Row]:
    """W5: 120 days, each with a sweep and its completions."""

    with _in_turn(RawFloor, CoreFloor, Ours) as here:
        return _rows("a year", here, _turns(here, size, lambda one: _run_year(one, size.units)), core=3.0)


def simulated_year(size: Size) -> list[Row]:
    """W5 as ``hanchot simulate`` runs it: two sweeps a day, and every mail addressed and given a subject."""
    with _in_turn(RawFloor, CoreFloor, Simulated) as here:
        return _rows("a year, simulated", here, _turns(here, size, lambda one: _run_year(one, size.units)), core=3.0)


def mail(size: Size) -> list[Row]:
    """W6: a digest for one unit in five, at least 200."""
    digests = max(200, size.units // 5)

    def send(one: Contender) -> float:
        seconds, taken = one.call("send", digests, port)
        assert taken == digests, taken
        return seconds

    with sink() as port, _in_turn(StoredMail, OurMail) as here:
        here[0].call("store", digests)
        stored, ours = _turns(here, size, send)
        return [Row(f"mail, {digests:,} digests", "stored", _ratios(ours, stored), 1 / 0.45, _peaks(here))]


def _live(folder: Path) -> Ours:
    return Ours(folder, live=True)


@contextmanager
def _in_turn(*makers: Callable[[Path], object]) -> Iterator[list[Contender]]:
    with ExitStack() as stack:
        yield [stack.enter_context(Contender(made)) for made in makers]


def _opened(here: list[Contender], sizes: list[int]) -> None:
    for one, units in zip(here, sizes, strict=True):
        one.call("fresh")
        one.call("add_units", units)
        one.call("open_items", units)
        one.call("read_ids")


def _run_year(one: Contender, units: int) -> float:
    one.call("fresh")
    one.call("add_units", units)
    seconds = one.call("year", units)[0]
    work.checked(one.call("told")[1], work.expected_year, units)
    assert one.call("unfinished")[1] == 0
    return seconds


def _turns(here: list[Contender], size: Size, do: Callable[[Contender], float]) -> Turns:
    turns = [[do(one) for one in here] for _ in size.turns()]
    return [list(column) for column in zip(*turns, strict=True)]


def _rows(name: str, here: list[Contender], turns: Turns, raw: float | None = None, core: float | None = None) -> list[Row]:
    """Two rows: the last contender, us, against both floors."""
    return [
        Row(name, against, _ratios(turns[2], turns[n]), goal, _peaks([here[n], here[2]]))
        for n, (against, goal) in enumerate((("sqlite3", raw), ("Core", core)))
    ]


def _peaks(pair: list[Contender]) -> tuple[float, float]:
    return pair[1].peak_mb(), pair[0].peak_mb()


def _ratios(ours: Sequence[float], theirs: Sequence[float]) -> tuple[float, ...]:
    return tuple(a / b for a, b in zip(ours, theirs, strict=True))
