"""What a sheet of members asks for, line by line. Pure: everything that the database knows is handed in."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from hanchot.domain.membership import UNTOLD, Membership
from hanchot.domain.tracking import Problem
from hanchot.service.judging.committees import CELLS
from hanchot.service.judging.member_layout import NAME, PERSON, UNIT
from hanchot.service.judging.member_reading import Filled, Line
from hanchot.service.judging.members import code_made_of, same_name, standing_fault
from hanchot.store.db import Row

Stands = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class Change:
    """One person: listed anew (``subject`` None) or told of otherwise. ``person_id`` None: nobody has the code yet."""

    row: int
    unit: str
    unit_name: str
    code: str
    name: str
    person_id: int | None
    subject: Row | None
    was: Membership
    becomes: Membership
    stands: Stands

    @property
    def added(self) -> bool:
        return self.subject is None

    @property
    def exempt(self) -> str | None:
        return self.stands[0]


@dataclass(frozen=True)
class Known:
    """The house as it is. ``units`` of the sheet's branch by code; ``people`` by code: number and name; ``listed`` in this
    cycle by number of the person; ``facts`` by the same; ``steps`` that have a rating, by subject;
    ``leads``: the units that somebody leads.
    """

    units: Mapping[str, Row]
    people: Mapping[str, tuple[int, str]]
    listed: Mapping[int, Row]
    facts: Mapping[int, Membership]
    steps: Mapping[int, frozenset[str]]
    leads: Mapping[int, Mapping[str, str]]
    stands: Callable[[Membership, str], Stands]
    today: date


@dataclass
class _Seen:
    """What the lines above have used already."""

    codes: dict[str, int] = field(default_factory=dict)
    names: dict[tuple[str, str], int] = field(default_factory=dict)


class _Wrong(Exception):
    def __init__(self, key: str, value: str, reason: str, way_out: str) -> None:
        self.said = key, value, reason, way_out


def changes_of(filled: Filled, known: Known) -> tuple[list[Change], list[Problem]]:
    """Every change and every cell that cannot be taken. Importing what has been imported gives nothing."""
    seen, here = _Seen(), _by_name(known.listed.values())
    changes, problems = list[Change](), list[Problem]()
    for line in filled.lines:
        try:
            changes += _one(line, known, here, seen)
        except _Wrong as error:
            key, value, reason, way_out = error.said
            problems.append(Problem(filled.cell(line, key), value, reason, way_out, line.unit))
    return changes, problems


def digest_of(changes: Sequence[Change]) -> str:
    """These changes and no others: what a preview has shown."""
    said = [(c.row, c.unit, c.code, c.name, str(c.was), str(c.becomes), c.stands) for c in changes]
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _by_name(listed: Iterable[Row]) -> dict[tuple[str, str], list[Row]]:
    found: dict[tuple[str, str], list[Row]] = {}
    for row in listed:
        found.setdefault((row.unit_code, row.label.casefold()), []).append(row)
    return found


def _one(line: Line, known: Known, here: Mapping[tuple[str, str], list[Row]], seen: _Seen) -> Iterator[Change]:
    at = known.units.get(line.unit)
    if at is None:
        reason = "không có đơn vị này trong nhánh của tệp" if line.unit else "chưa ghi mã đơn vị"
        raise _Wrong(UNIT, line.unit, reason, "sửa mã hoặc xóa cả dòng")
    code, who = _meant(line, known, here, seen)
    row = known.listed.get(who) if who is not None else None
    if row is not None and row.unit_code != line.unit:
        raise _Wrong(
            PERSON, code, f"đã có trong đợt ở {row.unit_name}", "sửa mã đơn vị, hoặc đưa ra khỏi danh sách ở nơi kia trước"
        )
    if row is None and at.kind not in CELLS:
        raise _Wrong(UNIT, line.unit, f"{at.name} không phải chi bộ", "ghi chi bộ sinh hoạt chính thức của người này")
    was = known.facts.get(who, UNTOLD) if who is not None else UNTOLD
    becomes = replace(was, **line.told)  # type: ignore[arg-type]  # the reader gives each field its own type
    if row is not None and becomes == was:
        return
    if row is None and who is not None and (above := known.leads.get(who, {}).keys() - {line.unit}):
        raise _Wrong(PERSON, code, f"giữ chức vụ ở {min(above)}", "bấm “Lập danh sách từ cây tổ chức” trước, rồi tải lại mẫu")
    if row is None and becomes.admitted_on is None:
        raise _Wrong("admitted_on", "", "chưa ghi ngày vào Đảng", "ghi theo lý lịch")
    for name, reason in becomes.faults(known.today):
        raise _Wrong(name, "", reason, "xem lại ngày")
    called = row.label if row is not None else line.name or known.people[code][1]
    stands = known.stands(becomes, called)
    if row is not None and (fault := standing_fault(row, stands, known.steps.get(row.id, frozenset()))):
        raise _Wrong(PERSON, called, *fault)
    yield Change(line.number, line.unit, at.name, code, called, who, row, was, becomes, stands)


def _meant(line: Line, known: Known, here: Mapping[tuple[str, str], list[Row]], seen: _Seen) -> tuple[str, int | None]:
    """The code and the number of the person that a line means; number None: somebody new."""
    code = line.person or _by_that_name(line, known, here, seen)
    if first := seen.codes.get(code):
        raise _Wrong(PERSON, code, f"người này đã có ở dòng {first}", "mỗi người một dòng; người khác thì ghi mã khác")
    seen.codes[code] = line.number
    who, name = known.people.get(code, (None, ""))
    if who is None and not line.name:
        raise _Wrong(NAME, "", "chưa ghi họ và tên", "ghi đủ họ và tên")
    if who is not None and line.name and not same_name(name, line.name):
        raise _Wrong(PERSON, code, f"mã này đã là của {name}", "sửa mã; sửa họ tên thì ở “Con người”")
    return code, who


def _by_that_name(line: Line, known: Known, here: Mapping[tuple[str, str], list[Row]], seen: _Seen) -> str:
    """Without a code: whoever of that name is listed in the unit, else somebody new under a code made of the name."""
    if not line.name:
        raise _Wrong(NAME, "", "chưa ghi họ và tên", "ghi đủ họ và tên, hoặc mã người")
    place = line.unit, line.name.casefold()
    same = here.get(place, [])
    if len(same) > 1 or place in seen.names:
        words = f"có {len(same)} người tên này" if len(same) > 1 else f"trùng họ tên với dòng {seen.names[place]}"
        raise _Wrong(PERSON, "", f"{words} trong đơn vị", "ghi Mã người cho từng người")
    seen.names[place] = line.number
    if same:
        return str(same[0].person_code)
    made = code_made_of(line.name, line.unit)
    code, number = made, 2
    while code in seen.codes or ((held := known.people.get(code)) and not _free(held, line, known)):
        code, number = f"{made}-{number}", number + 1
    return code


def _free(held: tuple[int, str], line: Line, known: Known) -> bool:
    """Whether the code is that of the same person, who is on no list of this cycle."""
    return held[0] not in known.listed and same_name(held[1], line.name)
