"""Where a collective and a person are reviewed (nơi kiểm điểm), and which collectives are rated.

Sources: 13-HD/TU II.3, 211-KH/ĐUK II.1 and III.1, the plan of Lùng Phình IV.1, 366-QĐ/TW Điều 7, 43-HD/BTCTW.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from hanchot.domain.cited import Cited, Refusal
from hanchot.domain.house_rules import NO_TEXT
from hanchot.domain.unit import UnitKind


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class RatedCollectives(_Part):
    """The kinds of organisations whose committee is rated as a collective; the others' is reviewed only."""

    kinds: tuple[UnitKind, ...] = Field(min_length=1)
    cited: Cited


class FewLeaders(_Part):
    """Where at most ``leaders`` lead, they are reviewed before all staff, or before the meeting of key cadres."""

    leaders: int = Field(ge=1)
    cited: Cited


class ManyPosts(_Part):
    """Who holds ``posts`` posts or more has a further place, which the competent level decides."""

    posts: int = Field(ge=2)
    cited: Cited


class PlaceRules(_Part):
    """Clauses on places; None: the basis is silent."""

    own_level: Cited | None = None
    cell: Cited | None = None
    party_group: Cited | None = Field(default=None, description="a large cell may review in its Party groups (tổ đảng)")
    leadership: Cited | None = Field(default=None, description="besides the cell, in the leadership collective at work")
    standing_member: Cited | None = None
    executive_member: Cited | None = Field(default=None, description="committee members where there is no standing committee")
    cell_committee_member: Cited | None = None
    many_posts: ManyPosts | None = None
    few_leaders: FewLeaders | None = None
    joint: Cited | None = None
    standing_fallback: Cited | None = Field(default=None, description="no standing committee: the executive committee")
    no_committee: Cited | None = Field(default=None, description="a cell without committee is not rated as one")
    no_committee_review: Cited | None = Field(default=None, description="its secretary and deputy are reviewed at the cell")
    rated: RatedCollectives | None = None


class Body(StrEnum):
    """In what kind of collective a person has a seat."""

    STANDING = "standing_committee"
    EXECUTIVE = "executive_committee"
    COMMITTEE = "section_or_cell_committee"
    LEADERSHIP = "leadership"


@dataclass(frozen=True, slots=True)
class Seat:
    """One post in a collective. ``leaders``: how many lead there, if known; ``above_grassroots``: of a committee above."""

    collective: str
    body: Body
    leaders: int | None = None
    key_meeting: bool = False
    has_standing: bool = False
    above_grassroots: bool = False
    reports_to: str = ""


@dataclass(frozen=True, slots=True)
class Holder:
    """A person and the posts held in the period. ``extra_places``: what the competent level has decided and was entered."""

    name: str
    cell: str | None
    seats: tuple[Seat, ...] = ()
    party_group: str | None = None
    extra_places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """One place of review. ``where`` is empty while the competent level has not decided it."""

    where: str
    before: str
    basis: Cited
    reports_to: str = ""

    @property
    def is_open(self) -> bool:
        return not self.where


def places_of(person: Holder, rules: PlaceRules) -> tuple[Place, ...]:
    """Every place where ``person`` is reviewed, the cell first. Who is no member (``cell`` None) has none at a cell."""
    places = [*_cell(person, rules)]
    for seat in person.seats:
        places += _seat(seat, rules)
    return (*places, *_beyond(person, rules))


def open_places(person: Holder, places: Iterable[Place]) -> tuple[Refusal, ...]:
    """A place that the competent level must still decide: the person's reviews are not complete without it."""
    return tuple(
        Refusal(
            code="place-not-decided",
            message=f"Nơi kiểm điểm thêm của {person.name} (giữ {len(person.seats)} chức vụ) chưa được quyết định.",
            way_out="Ghi nơi kiểm điểm do cấp có thẩm quyền quản lý cán bộ quyết định, kèm số văn bản.",
            basis=place.basis,
        )
        for place in places
        if place.is_open
    )


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation as the rules see it."""

    name: str
    kind: UnitKind
    has_standing: bool = False
    has_committee: bool = True


@dataclass(frozen=True, slots=True)
class Collective:
    """The collective that is reviewed for an organisation; ``rated`` False with the clause that says so."""

    name: str
    where: str
    rated: bool
    basis: Cited


_CELLS = frozenset({UnitKind.GRASSROOTS_CELL, UnitKind.CELL, UnitKind.CELL_OF_SECTION})


def collective_of(organisation: Organisation, rules: PlaceRules) -> Collective | None:
    """The collective of a Party organisation; None where the basis says nothing of it.

    A cell without committee: its officers are reviewed at the cell, no committee is rated (211-KH/ĐUK II.1.1, III.1.2).
    """
    own = rules.own_level
    if organisation.kind in _CELLS:
        if not organisation.has_committee:
            basis = rules.no_committee or rules.no_committee_review or own
            return Collective(f"bí thư, phó bí thư {organisation.name}", organisation.name, False, basis) if basis else None
        return _judged(f"chi ủy {organisation.name}", organisation, rules, own)
    if organisation.kind == UnitKind.SECTION_COMMITTEE:
        return _judged(f"đảng ủy bộ phận {organisation.name}", organisation, rules, own)
    if organisation.has_standing:
        return _judged(f"ban thường vụ {organisation.name}", organisation, rules, own)
    return _judged(f"ban chấp hành {organisation.name}", organisation, rules, rules.standing_fallback or own)


def joint_session(leaders: frozenset[str], standing: frozenset[str], rules: PlaceRules) -> tuple[Refusal, ...]:
    """Whether a leadership collective may be reviewed in one session with the standing committee: all its leaders sit there."""
    if rules.joint is None:
        return (
            Refusal(
                code="joint-unknown",
                message="Không văn bản nào được nêu cho phép họp kiểm điểm chung với ban thường vụ.",
                way_out="Tổ chức hai hội nghị riêng, hoặc ghi văn bản cho phép vào bộ quy tắc của kế hoạch.",
                basis=NO_TEXT,
            ),
        )
    outside = sorted(leaders - standing)
    if not outside:
        return ()
    return (
        Refusal(
            code="joint-not-allowed",
            message=f"Không họp kiểm điểm chung được: {', '.join(outside)} không ở trong ban thường vụ.",
            way_out="Tổ chức hai hội nghị riêng: tập thể lãnh đạo và ban thường vụ.",
            basis=rules.joint,
        ),
    )


def _judged(name: str, organisation: Organisation, rules: PlaceRules, basis: Cited | None) -> Collective | None:
    if basis is None:
        return None
    if rules.rated and organisation.kind not in rules.rated.kinds:
        return Collective(name, organisation.name, False, rules.rated.cited)
    return Collective(name, organisation.name, True, basis)


def _cell(person: Holder, rules: PlaceRules) -> Iterable[Place]:
    if person.cell is None:
        return
    if person.party_group and rules.party_group:
        yield Place(person.party_group, "tổ đảng", rules.party_group, reports_to=person.cell)
    elif rules.cell:
        yield Place(person.cell, "chi bộ", rules.cell)


def _seat(seat: Seat, rules: PlaceRules) -> Iterable[Place]:
    match seat.body:
        case Body.STANDING:
            basis, before = rules.standing_member or rules.leadership, "tập thể ban thường vụ"
        case Body.EXECUTIVE if seat.above_grassroots or seat.has_standing:
            return  # reviewed at the workplace, where the post there has a seat of its own (13-HD/TU II.3.2.2)
        case Body.EXECUTIVE:
            basis, before = rules.executive_member or rules.leadership, "tập thể ban chấp hành"
        case Body.COMMITTEE:
            basis, before = rules.cell_committee_member or rules.leadership, "cấp ủy"
        case Body.LEADERSHIP:
            basis, before = rules.leadership, "tập thể lãnh đạo, quản lý"
            few = rules.few_leaders
            if few and seat.leaders is not None and seat.leaders <= few.leaders:
                basis, before = few.cited, "toàn thể cán bộ, công chức, viên chức"
                before = "hội nghị cán bộ chủ chốt" if seat.key_meeting else before
    if basis:
        yield Place(seat.collective, before, basis, seat.reports_to)


def _beyond(person: Holder, rules: PlaceRules) -> Iterable[Place]:
    """The further place of who holds three posts or more: the competent level decides it, nobody guesses it."""
    if rules.many_posts is None or len(person.seats) < rules.many_posts.posts:
        return
    for where in person.extra_places or ("",):
        yield Place(where, "nơi do cấp có thẩm quyền quyết định", rules.many_posts.cited)
