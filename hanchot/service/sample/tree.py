"""A committee in memory: units, posts and people by index, before any database knows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import cycle
from random import Random
from typing import NamedTuple

from hanchot.domain.unit import PostRole, UnitKind
from hanchot.service.org.lookup import responsible_role
from hanchot.service.sample.names import address, person_name, phone

IN_POST_SINCE = date(2020, 7, 1)  # before the first of the five plans, so that each of them finds its people in post


class Unit(NamedTuple):
    code: str
    name: str
    kind: UnitKind
    parent: int | None


class Person(NamedTuple):
    code: str
    name: str
    email: str | None
    phone: str


class Seat(NamedTuple):
    """A post and its holder; nobody holds it when ``person`` is None."""

    unit: int
    role: PostRole
    title: str
    person: int | None


_TITLES = {
    UnitKind.STANDING_COMMITTEE: "Bí thư cấp ủy",
    UnitKind.ORGANISATION_DEPARTMENT: "Trưởng ban",
    UnitKind.OFFICE: "Chánh Văn phòng",
    UnitKind.ADVISORY_BODY: "Trưởng ban",
    UnitKind.GOVERNMENT: "Chủ tịch",
    UnitKind.FRONT: "Chủ tịch",
    UnitKind.AGENCY: "Trưởng đơn vị",
    UnitKind.LEADERSHIP: "Người đứng đầu",
    UnitKind.GRASSROOTS_COMMITTEE: "Bí thư Đảng ủy",
    UnitKind.SECTION_COMMITTEE: "Bí thư Đảng ủy bộ phận",
    UnitKind.GRASSROOTS_CELL: "Bí thư chi bộ",
    UnitKind.CELL: "Bí thư chi bộ",
    UnitKind.CELL_OF_SECTION: "Bí thư chi bộ",
}


@dataclass
class Tree:
    """Grows one committee; the same seed grows the same one. ``prefix`` begins every code."""

    prefix: str
    rng: Random
    units: list[Unit] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    seats: list[Seat] = field(default_factory=list)
    _children: dict[int, int] = field(default_factory=dict)

    def add(self, kind: UnitKind, name: str, parent: int | None = None, *, person: int | None = None, title: str = "") -> int:
        """A unit with its responsible post, held by ``person`` or somebody new. Parents come before children."""
        self.units.append(Unit(self._code(parent), name, kind, parent))
        unit = len(self.units) - 1
        holder = self.person() if person is None else person
        self.seat(unit, responsible_role(kind), title or _title(kind), holder)
        return unit

    def person(self) -> int:
        number = len(self.people) + 1
        name = person_name(self.rng)
        self.people.append(Person(f"{self.prefix}-N{number:04d}", name, address(name, number), phone(number)))
        return number - 1

    def seat(self, unit: int, role: PostRole, title: str, person: int | None) -> None:
        self.seats.append(Seat(unit, role, title, person))

    def in_charge(self, members: Iterable[int], units: Iterable[int]) -> None:
        """Spread the committee's members over the units that they are in charge of."""
        for unit, member in zip(units, cycle(members), strict=False):
            self.seat(unit, PostRole.MEMBER_IN_CHARGE, "Cấp ủy viên phụ trách", member)

    @property
    def newest(self) -> int:
        """The person of the latest seat that was filled."""
        return next(seat.person for seat in reversed(self.seats) if seat.person is not None)

    def holder(self, unit: int) -> int:
        """Who holds the unit's responsible post; it is filled when the unit is added."""
        role = responsible_role(self.units[unit].kind)
        return next(s.person for s in reversed(self.seats) if s.unit == unit and s.role == role and s.person is not None)

    def _code(self, parent: int | None) -> str:
        if parent is None:
            return self.prefix
        number = self._children[parent] = self._children.get(parent, 0) + 1
        return f"{self.units[parent].code}-{number:03d}"


def _title(kind: UnitKind) -> str:
    return _TITLES.get(kind) or f"Bí thư {kind.vi[0].upper()}{kind.vi[1:]}"


def with_gaps(tree: Tree, each: int = 3) -> Tree:
    """Leave ``each`` posts of cells vacant and as many holders without an address, as a real list has them."""
    cells = [i for i, unit in enumerate(tree.units) if unit.kind in (UnitKind.CELL, UnitKind.GRASSROOTS_CELL)]
    chosen = tree.rng.sample(cells, min(2 * each, len(cells)))
    silent, vacant = chosen[::2], set(chosen[1::2])
    for unit in silent:
        number = tree.holder(unit)
        tree.people[number] = tree.people[number]._replace(email=None)
    tree.seats = [
        seat._replace(person=None) if seat.unit in vacant and seat.role is PostRole.SECRETARY else seat for seat in tree.seats
    ]
    return tree
