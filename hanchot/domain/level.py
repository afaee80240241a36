"""Levels (cấp): province, district or bloc, commune, cell; who stands above whom, and which duties go up.

0 is the province, 1 district, town and bloc, 2 commune and grassroots, 3 the cells under them; -1 stands for the centre.
"""

from __future__ import annotations

from collections.abc import Iterable

from hanchot.domain.collate import folded
from hanchot.domain.plan import Milestone, Plan
from hanchot.domain.unit import ORGANS, UnitKind

K = UnitKind
LEVEL: dict[UnitKind, int] = {
    K.PROVINCIAL_COMMITTEE: 0,
    K.DISTRICT_COMMITTEE: 1,
    K.TOWN_COMMITTEE: 1,
    K.BLOC_COMMITTEE: 1,
    K.COMMUNE_COMMITTEE: 2,
}
# Party organisations below every organiser: the same words mean the same kind in every plan.
PARTY_BELOW = frozenset({K.GRASSROOTS_COMMITTEE, K.GRASSROOTS_CELL, K.SECTION_COMMITTEE, K.CELL, K.CELL_OF_SECTION})
LEVEL_VI = {-1: "Trung ương", 0: "cấp tỉnh", 1: "cấp huyện, khối", 2: "cấp xã", 3: "chi bộ, cơ sở"}
# How recipients are worded, without diacritics; the first that is found counts. “Thành ủy” is settled in ``_level_of``.
_WORDED = (
    ("trung uong", -1),
    ("ban bi thu", -1),
    ("bo chinh tri", -1),
    ("tinh uy", 0),
    ("huyen uy", 1),
    ("thi uy", 1),
    ("thi xa", 1),
    ("quan uy", 1),
    ("uy khoi", 1),
    ("uy xa", 2),
    ("uy phuong", 2),
    ("uy dac khu", 2),
    ("uy co so", 2),
)


def level_of(plan: Plan) -> int:
    return LEVEL[plan.organiser]


def is_own(plan: Plan, m: Milestone) -> bool:
    """Whether the organiser does it itself, by one of its organs."""
    return set(m.applies_to) <= ORGANS | {plan.organiser}


def goes_up(plan: Plan, m: Milestone) -> bool:
    """Whether the organiser sends it to a level above its own."""
    return any(level < level_of(plan) for level in _recipients(plan, m))


def comes_in(plan: Plan, m: Milestone) -> bool:
    """Whether those below send it to the organiser."""
    return not is_own(plan, m) and any(level == level_of(plan) for level in _recipients(plan, m))


def is_delegated(m: Milestone) -> bool:
    """Cases whose rating the level above has delegated: reported up later than the others (13-HD/TU VI.1, VI.2)."""
    return "uy quyen" in folded(m.title)


def kinds_of(plan: Plan, m: Milestone) -> set[UnitKind]:
    """The kinds of units that a duty falls on; the organiser and its organs count as one."""
    return {plan.organiser if kind in ORGANS else kind for kind in m.applies_to}


def _recipients(plan: Plan, m: Milestone) -> Iterable[int]:
    for to in m.to:
        level = _level_of(f"{to.name} {to.via or ''}", plan)
        if level is not None:
            yield level


def _level_of(words: str, plan: Plan) -> int | None:
    plain = folded(words)
    if "thanh uy" in plain:  # a city may be a province or a district: the organiser's own name tells
        return level_of(plan) if "thanh uy" in folded(plan.document.issuer) else 0
    return next((level for said, level in _WORDED if said in plain), None)
