"""The shapes of the five sample committees: which units stand under which, and who is in charge of them.

Each shape has every kind of unit that the plan of its organiser gives a duty to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, count, islice
from random import Random
from typing import Literal, NamedTuple

from hanchot.domain.unit import PostRole, UnitKind
from hanchot.service.sample import names
from hanchot.service.sample.tree import Tree

SampleKind = Literal["district", "bloc", "commune", "province", "town"]
CELLS_OF_A_DISTRICT = 800
_USUAL = (7, 4, 5, 3, 6)  # cells of a grassroots committee, in turn; the first of each five has a section committee


class Sizes(NamedTuple):
    """How many grassroots cells stand alone, and how many cells each grassroots committee has."""

    alone: int
    cells: tuple[int, ...]


def grow(kind: SampleKind, *, seed: int = 1, cells: int | None = None) -> Tree:
    """One committee. ``cells``: party cells of all three kinds in all; None: what is usual for the kind."""
    prefix, shape = _SHAPES[kind]
    tree = Tree(prefix if seed == 1 else f"{prefix}-S{seed}", Random(f"{kind}/{seed}"))  # noqa: S311 - no secrets
    shape(tree, cells)
    return tree


def _bloc(tree: Tree, cells: int | None) -> None:
    root = tree.add(UnitKind.BLOC_COMMITTEE, "Đảng ủy Khối các cơ quan và doanh nghiệp tỉnh (mẫu)", title="Bí thư Đảng ủy Khối")
    advisory = ("Ban Tuyên giáo Đảng ủy Khối", "Cơ quan Ủy ban Kiểm tra Đảng ủy Khối")
    members = _apparatus(tree, root, "Đảng ủy Khối", advisory=advisory)
    front = tree.add(UnitKind.FRONT, "Đoàn Thanh niên Đảng ủy Khối", root, title="Bí thư Đoàn")
    leaders = tree.add(UnitKind.LEADERSHIP, "Tập thể lãnh đạo các ban Đảng ủy Khối", root)
    bodies = _grassroots(tree, root, _numbered(names.DEPARTMENTS), _sizes(cells, committees=15, alone=25))
    tree.in_charge(members, [front, leaders, *bodies])


def _district(tree: Tree, cells: int | None) -> None:
    root = tree.add(UnitKind.DISTRICT_COMMITTEE, "Huyện ủy (mẫu)", title="Bí thư Huyện ủy")
    advisory = ("Ban Tuyên giáo Huyện ủy", "Ban Dân vận Huyện ủy", "Cơ quan Ủy ban Kiểm tra Huyện ủy")
    members = _apparatus(tree, root, "Huyện ủy", advisory=advisory)
    state = _state_side(tree, root, "huyện", "Huyện ủy", names.OFFICES[:10])
    towns = ("thị trấn " if i == 0 else "xã " for i in count())
    communes = (town + place for town, place in zip(towns, names.places(tree.rng), strict=False))
    bodies = chain(islice(communes, 20), ("Công an huyện", "Quân sự huyện"), _numbered(names.OFFICES, " huyện"))
    units = _grassroots(tree, root, bodies, _sizes(cells, committees=30, alone=30))
    tree.in_charge(members, [*state, *units])


def _town(tree: Tree, cells: int | None) -> None:
    root = tree.add(UnitKind.TOWN_COMMITTEE, "Thị ủy (mẫu)", title="Bí thư Thị ủy")
    advisory = (
        "Ban Tuyên giáo Thị ủy",
        "Ban Dân vận Thị ủy",
        "Cơ quan Ủy ban Kiểm tra Thị ủy",
        "Trung tâm Chính trị thị xã",
    )
    department = "Cơ quan Tổ chức - Nội vụ thị xã"
    members = _apparatus(tree, root, "Thị ủy", department, "Văn phòng thị xã", advisory=advisory)
    state = _state_side(tree, root, "thị xã", "Thị ủy", names.OFFICES[:10])
    wards = (("xã " if i % 2 else "phường ") + place for i, place in enumerate(names.places(tree.rng)))
    bodies = chain(islice(wards, 14), ("Công an thị xã", "Quân sự thị xã"), _numbered(names.OFFICES, " thị xã"))
    units = _grassroots(tree, root, bodies, _sizes(cells, committees=16, alone=18))
    tree.in_charge(members, [*state, *units])


def _commune(tree: Tree, cells: int | None) -> None:
    root = tree.add(UnitKind.COMMUNE_COMMITTEE, "Đảng ủy xã (mẫu)", title="Bí thư Đảng ủy xã")
    advisory = ("Cơ quan Ủy ban Kiểm tra Đảng ủy xã", "Trung tâm Chính trị xã")
    members = _apparatus(tree, root, "Đảng ủy xã", "Ban Xây dựng Đảng Đảng ủy xã", advisory=advisory)
    agencies = ("Phòng Kinh tế", "Phòng Văn hóa - Xã hội", "Trung tâm Phục vụ hành chính công", "Trạm Y tế")
    state = _state_side(tree, root, "xã", "Đảng ủy xã", agencies)
    sizes = _sizes(cells, committees=3, alone=22)
    organs = chain(("các cơ quan Đảng xã", "Ủy ban nhân dân xã", "Công an xã"), (f"Hợp tác xã số {i}" for i in count(1)))
    villages = chain(("Quân sự xã", "Trường THCS", "Trường Tiểu học", "Trường Mầm non"), (f"thôn {i}" for i in count(1)))
    bodies = chain(islice(organs, len(sizes.cells)), villages)
    tree.in_charge(members, [*state, *_grassroots(tree, root, bodies, sizes)])


def _province(tree: Tree, cells: int | None) -> None:
    root = tree.add(UnitKind.PROVINCIAL_COMMITTEE, "Tỉnh ủy (mẫu)", title="Bí thư Tỉnh ủy")
    bodies = ("Ban Tuyên giáo", "Ban Dân vận", "Ban Nội chính", "Cơ quan Ủy ban Kiểm tra")
    members = _apparatus(tree, root, "Tỉnh ủy", advisory=tuple(f"{body} Tỉnh ủy" for body in bodies))
    state = _state_side(tree, root, "tỉnh", "Tỉnh ủy", names.DEPARTMENTS[:20])
    total, places = 10_000 if cells is None else cells, names.places(tree.rng)
    shares = _shares(total, max(3, total // CELLS_OF_A_DISTRICT))
    tree.in_charge(members, [*state, *(_branch(tree, root, i, places, share) for i, share in enumerate(shares))])


def _branch(tree: Tree, root: int, number: int, places: Iterator[str], cells: int) -> int:
    """One committee directly under the province, with its own members in charge of its grassroots organisations."""
    if number == 0:
        unit = tree.add(UnitKind.BLOC_COMMITTEE, "Đảng ủy Khối các cơ quan và doanh nghiệp tỉnh", root)
        bodies = _numbered(names.DEPARTMENTS)
    else:
        kind = UnitKind.TOWN_COMMITTEE if number % 6 == 1 else UnitKind.DISTRICT_COMMITTEE
        name = "Thị ủy" if kind is UnitKind.TOWN_COMMITTEE else "Huyện ủy"
        unit = tree.add(kind, f"{name} {next(places)}", root)
        bodies = (f"xã {place}" for place in places)
    tree.in_charge([tree.person() for _ in range(7)], _grassroots(tree, unit, bodies, _sizes(cells)))
    return unit


def _apparatus(
    tree: Tree, root: int, of: str, department: str = "", office: str = "", *, advisory: tuple[str, ...]
) -> list[int]:
    """Standing committee, department, office, advisory bodies; gives the members in charge, the secretary first."""
    secretary, deputy = tree.holder(root), tree.person()
    tree.seat(root, PostRole.DEPUTY, f"Phó Bí thư {of}", deputy)
    tree.add(UnitKind.STANDING_COMMITTEE, f"Ban Thường vụ {of}", root, person=secretary, title=f"Bí thư {of}")
    org = tree.add(UnitKind.ORGANISATION_DEPARTMENT, department or f"Ban Tổ chức {of}", root)
    tree.seat(org, PostRole.OFFICER, "Chuyên viên theo dõi kiểm điểm", tree.person())
    bodies = [org, tree.add(UnitKind.OFFICE, office or f"Văn phòng {of}", root)]
    bodies += [tree.add(UnitKind.ADVISORY_BODY, name, root) for name in advisory]
    return [secretary, deputy, *map(tree.holder, bodies), *(tree.person() for _ in range(4))]


def _state_side(tree: Tree, root: int, level: str, of: str, agencies: Iterable[str]) -> list[int]:
    """Government, Front and mass organisations, agencies and leadership collectives of the same level."""
    council = tree.add(UnitKind.GOVERNMENT, f"Thường trực Hội đồng nhân dân {level}", root)
    people = tree.add(UnitKind.GOVERNMENT, f"Ủy ban nhân dân {level}", root)
    chair = tree.holder(people)
    leaders = tree.add(UnitKind.LEADERSHIP, f"Tập thể lãnh đạo Ủy ban nhân dân {level}", root, person=chair, title="Chủ tịch")
    bodies = tree.add(UnitKind.LEADERSHIP, f"Tập thể lãnh đạo các cơ quan tham mưu {of}", root)
    fronts = [tree.add(UnitKind.FRONT, f"{name} {level}", root) for name in names.FRONTS]
    return [
        council,
        people,
        leaders,
        bodies,
        *fronts,
        *(tree.add(UnitKind.AGENCY, f"{a} {level}", root) for a in agencies),
    ]


def _grassroots(tree: Tree, parent: int, bodies: Iterable[str], sizes: Sizes) -> list[int]:
    """Grassroots committees with their cells, then grassroots cells; a few secretaries hold two or three of these."""
    source = iter(bodies)
    units = []
    for number, cells in enumerate(sizes.cells):
        units.append(_committee(tree, parent, next(source), cells, with_section=number % 5 == 0))
    shared: int | None = None
    for number in range(sizes.alone):
        unit = tree.add(UnitKind.GRASSROOTS_CELL, f"Chi bộ {next(source)}", parent, person=shared)
        shared = tree.newest if number % 20 in (0, 1) else None
        units.append(unit)
    return units


def _committee(tree: Tree, parent: int, body: str, cells: int, *, with_section: bool) -> int:
    unit = tree.add(UnitKind.GRASSROOTS_COMMITTEE, f"Đảng bộ {body}", parent)
    rural = body.startswith(("xã ", "phường ", "thị trấn "))
    parts = (f"thôn {i}" for i in count(1)) if rural else _numbered(names.PARTS)
    section, inner = names.RURAL_SECTION if rural else names.OFFICE_SECTION
    in_section = len(inner) if with_section and cells >= 5 else 0
    for part in islice(parts, cells - in_section):
        tree.add(UnitKind.CELL, f"Chi bộ {part} {body}", unit)
    if in_section:
        middle = tree.add(UnitKind.SECTION_COMMITTEE, f"Đảng bộ bộ phận {section} {body}", unit)
        for part in inner:
            tree.add(UnitKind.CELL_OF_SECTION, f"Chi bộ {part} {body}", middle)
    return unit


def _sizes(cells: int | None, committees: int = 1, alone: int = 0) -> Sizes:
    if cells is None:
        return Sizes(alone, tuple(_USUAL[i % len(_USUAL)] for i in range(committees)))
    alone = cells // 10
    return Sizes(alone, _shares(cells - alone, max(1, (cells - alone) // 9)))


def _shares(total: int, parts: int) -> tuple[int, ...]:
    """``total`` in ``parts`` that differ by one at most."""
    return tuple(total // parts + (i < total % parts) for i in range(parts))


def _numbered(words: tuple[str, ...], after: str = "") -> Iterator[str]:
    """The words, then the words again with 2, 3 …"""
    return (f"{word}{after}" if n == 1 else f"{word} {n}{after}" for n in count(1) for word in words)


_SHAPES: dict[SampleKind, tuple[str, Callable[[Tree, int | None], None]]] = {
    "district": ("MAU-HUYEN", _district),
    "bloc": ("MAU-KHOI", _bloc),
    "commune": ("MAU-XA", _commune),
    "province": ("MAU-TINH", _province),
    "town": ("MAU-THIXA", _town),
}
