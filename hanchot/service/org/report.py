"""What an import did, in numbers and in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import TypeVar

from hanchot.service.org.sheets import OrgFile, Problem
from hanchot.service.org.state import OrgState, TenureState

MAX_PROBLEMS = 200
MAX_CHANGES = 1_000
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Count:
    """Of what the file speaks of: how many are new, how many differ from before, how many stay as they were."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or with ``dry_run`` would do. ``changes`` says in words what became different and what is new, up
    to a bound. ``root_id`` is the top of the tree that the file speaks of (None after a dry run that makes it).
    """

    file: str
    as_of: date
    dry_run: bool
    units: Count
    people: Count
    posts: Count
    tenures: Count
    changes: tuple[str, ...]
    warnings: tuple[Problem, ...]
    root_code: str | None
    root_id: int | None

    @property
    def total(self) -> int:
        """How many rows the import adds, changes or takes away."""
        counts = (self.units, self.people, self.posts, self.tenures)
        return sum(count.added + count.changed for count in counts)

    @property
    def words(self) -> str:
        """One sentence for a person."""
        done = "Sẽ có" if self.dry_run else "Đã ghi"
        if not self.total:
            return f"{self.file}: 0 thay đổi."
        names = ("đơn vị", "người", "chức vụ", "nhiệm kỳ")
        counts = zip(names, (self.units, self.people, self.posts, self.tenures), strict=True)
        parts = [f"{name} thêm {c.added}, sửa {c.changed}, giữ nguyên {c.unchanged}" for name, c in counts]
        return f"{self.file}: {done} {self.total} thay đổi ({'; '.join(parts)})."

    def to_json(self) -> dict[str, object]:
        """For ``--json``: dates as YYYY-MM-DD, each count as added, changed, unchanged."""
        plain = {name: asdict(getattr(self, name)) for name in ("units", "people", "posts", "tenures")}
        return {
            "file": self.file, "as_of": self.as_of.isoformat(), "dry_run": self.dry_run, "total": self.total, **plain,
            "changes": list(self.changes), "warnings": [problem.to_dict() for problem in self.warnings],
            "root": self.root_code, "message": self.words,
        }  # fmt: skip


def report_of(
    name: str, day: date, dry_run: bool, file: OrgFile, before: OrgState, after: OrgState, problems: list[Problem]
) -> ImportReport:
    """Compare before and after; what the file does not speak of is not counted as unchanged."""
    units = {entry.code for entry in file.units} | {entry.unit for entry in file.seats}
    seats = {seat for seat in after.titles if seat[0] in units}
    tenures = {one.id: one for seat in seats for one in after.tenures.get(seat, ()) if one.id is not None}
    people = {one.person for seat in seats for one in after.tenures.get(seat, ())}
    return ImportReport(
        file=name,
        as_of=day,
        dry_run=dry_run,
        units=_count(before.units, after.units, units),
        people=_count(before.people, after.people, people),
        posts=_count(before.titles, after.titles, seats),
        tenures=_count(_by_id(before), _by_id(after), set(tenures)),
        changes=tuple(_changes(before, after))[:MAX_CHANGES],
        warnings=tuple(problem for problem in problems if problem.severity == "warning")[:MAX_PROBLEMS],
        root_code=_root_of(after, file),
        root_id=None,
    )


def _count(before: Mapping[Key, object], after: Mapping[Key, object], named: set[Key]) -> Count:
    """What is gone counts as changed: only tenures that never ran go."""
    added = {key for key in after if key not in before}
    changed = {key for key in before if key not in after or before[key] != after[key]}
    return Count(len(added), len(changed), len(named - added - changed))


def _by_id(state: OrgState) -> dict[int, TenureState]:
    """Tenures by row; new ones, which have none yet, by numbers below zero."""
    held = [one for seat in state.tenures.values() for one in seat]
    return {-number if one.id is None else one.id: one for number, one in enumerate(held, start=1)}


def _root_of(after: OrgState, file: OrgFile) -> str | None:
    code = next((entry.code for entry in file.units), None) or next((entry.unit for entry in file.seats), None)
    while code and (above := after.units[code].parent):
        code = above
    return code


def _changes(before: OrgState, after: OrgState) -> Iterator[str]:
    """What became different, then what is new, in words."""
    for code, unit in before.units.items():
        yield from _differences(f"Đơn vị {code}", unit, after.units[code])
    for code, person in before.people.items():
        yield from _differences(f"{person.name} ({code})", person, after.people[code])
    for seat, held in after.tenures.items():
        was = before.tenures.get(seat, ())
        if was and was != held:
            name = after.units[seat[0]].name
            yield f"{name}, {seat[1].vi}: {_spoken(was, after)} → {_spoken(held, after)}"
    yield from _additions(before, after)


def _additions(before: OrgState, after: OrgState) -> Iterator[str]:
    """New units under whom they stand, and who holds what for the first time."""
    for code, unit in after.units.items():
        if code not in before.units:
            under = f", thuộc {after.units[unit.parent].name}" if unit.parent else ", đứng đầu"
            yield f"Thêm {unit.name} ({code}), {unit.kind.vi}{under}"
    for seat, held in after.tenures.items():
        if held and not before.tenures.get(seat):
            yield f"Thêm người giữ chức: {after.units[seat[0]].name}, {seat[1].vi}: {_spoken(held, after)}"


_SAID = {
    "name": "tên", "kind": "loại", "parent": "cấp trên", "valid_from": "hiệu lực từ", "valid_to": "hiệu lực đến",
    "email": "thư", "phone": "điện thoại",
}  # fmt: skip


def _differences(what: str, was: object, now: object) -> Iterator[str]:
    for field, said in _SAID.items():
        old, new = getattr(was, field, None), getattr(now, field, None)
        if old != new:
            yield f"{what}: {said} “{old or 'trống'}” → “{new or 'trống'}”"


def _spoken(held: tuple[TenureState, ...], after: OrgState) -> str:
    if not held:
        return "trống"
    return ", ".join(
        after.people[one.person].name
        + (f" từ {one.starts:%d/%m/%Y}" if one.starts else "")
        + (f" đến {one.ends:%d/%m/%Y}" if one.ends else "")
        for one in held
    )
