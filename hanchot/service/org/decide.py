"""What the organisation becomes when a file's entries are applied to it: pure, and silent about how it got there.

Units first, then people, then who holds what. Nothing is guessed past a contradiction; each becomes a ``Problem``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import TypeVar

from hanchot.domain.unit import ORGANISERS, UnitKind
from hanchot.service.org.fields import closest
from hanchot.service.org.lookup import responsible_role
from hanchot.service.org.people import resolve_people
from hanchot.service.org.sheets import CLEAR, OrgFile, Problem, UnitEntry
from hanchot.service.org.state import OrgState, UnitState
from hanchot.service.org.tenures import decide_tenures

T = TypeVar("T")
MAX_DEPTH = 40
_STANDS_UNDER = {
    UnitKind.CELL: {UnitKind.GRASSROOTS_COMMITTEE},
    UnitKind.CELL_OF_SECTION: {UnitKind.SECTION_COMMITTEE},
    UnitKind.SECTION_COMMITTEE: {UnitKind.GRASSROOTS_COMMITTEE},
    UnitKind.GRASSROOTS_CELL: ORGANISERS,
    UnitKind.GRASSROOTS_COMMITTEE: ORGANISERS,
}


def decide(before: OrgState, file: OrgFile, as_of: date) -> tuple[OrgState, list[Problem]]:
    """(the organisation afterwards, problems). Where a problem is an error, the organisation is not to be used.

    ``as_of``: the local day on which a change without dates happens.
    """
    after = before.copy()
    problems = [*_decide_units(before, after, file.units), *_check_tree(before, after, file.units, as_of)]
    known = [seat for seat in file.seats if seat.unit in after.units]
    problems += _strangers(after, file)
    for entry in file.units:
        if one := after.units.get(entry.code):
            after.titles.setdefault((one.code, responsible_role(one.kind)), None)
    claims, found = resolve_people(before, after, known, as_of)
    problems += found
    problems += decide_tenures(before, after, claims, as_of)
    return after, problems


def _decide_units(before: OrgState, after: OrgState, entries: list[UnitEntry]) -> Iterator[Problem]:
    seen: dict[str, UnitEntry] = {}
    spelled = {code.casefold(): code for code in before.units}
    for entry in entries:
        if first := seen.get(entry.code.casefold()):
            yield entry.line.problem(
                "unit",
                f"trùng mã với {first.line.place}",
                "mỗi đơn vị một mã, một dòng",
            )
            continue
        seen[entry.code.casefold()] = entry
        known = before.units.get(entry.code)
        other = spelled.get(entry.code.casefold())
        if known is None and other:
            yield entry.line.problem("unit", f"chỉ khác mã đã có “{other}” ở chữ hoa, thường", f"viết đúng “{other}”")
            continue
        yield from _decide_unit(known, after, entry)


def _decide_unit(known: UnitState | None, after: OrgState, entry: UnitEntry) -> Iterator[Problem]:
    name, kind = entry.name or (known and known.name), entry.kind or (known and known.kind)
    for key, value, what in (("name", name, "tên đơn vị"), ("kind", kind, "loại đơn vị")):
        if value is None and key not in entry.unread:
            yield entry.line.problem(key, f"đơn vị mới “{entry.code}” thiếu {what}", "điền vào ô này")
    base = known or UnitState(entry.code, name or entry.code, kind or UnitKind.AGENCY)
    one = replace(
        base,
        name=name or base.name,
        kind=kind or base.kind,
        parent=_kept(base.parent, entry.parent),
        valid_from=_kept(base.valid_from, entry.valid_from),
        valid_to=_kept(base.valid_to, entry.valid_to),
    )
    if one.valid_from and one.valid_to and one.valid_from > one.valid_to:
        yield entry.line.problem(
            "valid_to" if entry.valid_to else "valid_from",
            "hiệu lực đến trước ngày hiệu lực từ",
            "sửa một trong hai ngày",
        )
    after.units[entry.code] = one


def _kept(known: T | None, said: object) -> T | None:
    """An empty cell keeps what is known, a dash takes it away."""
    return known if said is None else None if said is CLEAR else said  # type: ignore[return-value]


def _check_tree(before: OrgState, after: OrgState, entries: list[UnitEntry], as_of: date) -> Iterator[Problem]:
    new_roots = [e for e in entries if _is_new_root(before, after, e)]
    for entry in entries:
        one = after.units.get(entry.code)
        if one is None:
            continue
        if one.parent is None:
            yield from _check_root(one, entry, new_roots)
        elif one.parent not in after.units:
            hint = closest(one.parent, after.units)
            yield entry.line.problem("parent", "không có trong tệp và cũng chưa có trong hệ thống", f"{hint}Sửa mã cấp trên")
        elif loop := _loop(after, entry.code):
            yield entry.line.problem(
                "parent",
                f"cấp trên đi vòng hoặc quá {MAX_DEPTH} cấp: {' → '.join(loop)}",
                "sửa một mã cấp trên trong vòng",
            )
        else:
            yield from _doubts(after, one, entry, as_of)


def _is_new_root(before: OrgState, after: OrgState, entry: UnitEntry) -> bool:
    one, was = after.units.get(entry.code), before.units.get(entry.code)
    return one is not None and one.parent is None and (was is None or was.parent is not None)


def _check_root(one: UnitState, entry: UnitEntry, new_roots: list[UnitEntry]) -> Iterator[Problem]:
    if "parent" in entry.unread or "kind" in entry.unread:
        return
    if one.kind not in ORGANISERS:
        yield entry.line.problem("parent", f"{one.kind.vi} “{one.code}” không có cấp trên", "ghi mã cấp trên")
    elif entry in new_roots[1:]:
        first = new_roots[0]
        yield entry.line.problem(
            "parent",
            f"tệp có hai đơn vị đứng đầu: “{first.code}” (dòng {first.line.row.number}) và “{one.code}”",
            "ghi mã cấp trên cho một đơn vị, hoặc nhập mỗi cây một tệp",
        )


def _loop(after: OrgState, code: str) -> list[str]:
    """The way from a unit upwards back to itself; or, deeper than any tree is, as far as it was followed."""
    chain, step = [code], after.units[code].parent
    while step is not None and step in after.units and step not in chain and len(chain) < MAX_DEPTH:
        chain.append(step)
        step = after.units[step].parent
    return [*chain, code] if step == code else chain if len(chain) >= MAX_DEPTH else []


def _doubts(after: OrgState, one: UnitState, entry: UnitEntry, as_of: date) -> Iterator[Problem]:
    above = after.units[str(one.parent)]
    if one.kind in _STANDS_UNDER and above.kind not in _STANDS_UNDER[one.kind]:
        reason = f"{one.kind.vi} “{one.code}” đứng dưới {above.kind.vi} “{above.code}”"
        yield entry.line.problem("kind", reason, "xem lại loại hoặc mã cấp trên", "warning")
    ends = above.valid_to
    if ends and ends < as_of and (one.valid_to is None or one.valid_to >= as_of):
        reason = f"cấp trên “{above.code}” đã hết hiệu lực ngày {ends:%d/%m/%Y}"
        yield entry.line.problem("parent", reason, "ghi cấp trên mới nếu đã sáp nhập", "warning")


def _strangers(after: OrgState, file: OrgFile) -> Iterator[Problem]:
    for seat in file.seats:
        if seat.unit not in after.units:
            hint = closest(seat.unit, after.units)
            yield seat.line.problem("unit", "không có đơn vị mang mã này", f"{hint}Sửa mã, hoặc thêm đơn vị vào tệp")
