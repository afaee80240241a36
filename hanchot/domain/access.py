"""Who may do what, where and when: one function, ``can``. Whatever no row allows is denied.

Rights come from the posts that a person holds, and from what an administrator has granted. A right reaches over a unit
or over its whole branch: a branch is the prefix of the units' paths (``/1/4/``), so the same words filter a query.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from hanchot.domain.instants import local_day
from hanchot.domain.unit import ORGANISERS, PostRole, UnitKind

WHOLE = "/"  # the prefix of every path


class Action(StrEnum):
    """What can be done on the board. Each page and each form names exactly one."""

    SEE = "see"  # one unit: its work, who holds it, letters about it
    WATCH = "watch"  # lists over a branch: matrix, who is late, what is coming
    DO = "do"  # one's own work: fill in, attach, submit, ask for time, hand over
    RECORD = "record"  # on behalf of others: received on paper, the tracking sheet
    RETURN = "return"  # return with a reason, accept
    EXTEND = "extend"
    REMIND = "remind"  # send a reminder now, send again, withhold
    MAIL = "mail"  # every letter and its fate
    SEE_RESULTS = "see_results"
    SEE_TALLIES = "see_tallies"
    RATE = "rate"  # self-assessment, and the unit's own votes
    PROPOSE = "propose"
    APPRAISE = "appraise"
    DRAFT_DECISION = "draft_decision"
    DECIDE = "decide"
    EXPORT = "export"
    EXPORT_ALL = "export_all"
    PLAN = "plan"  # documents, plans, opening and renewing cycles
    PEOPLE = "people"  # units, posts, people, rights
    SETTINGS = "settings"
    AUDIT = "audit"


class Role(StrEnum):
    """What somebody is to a unit."""

    SECRETARY = "secretary"
    SUPERIOR = "superior"
    AUTHORITY = "authority"
    CELL = "cell"
    DEPARTMENT = "department"
    INSPECTOR = "inspector"
    ADMIN = "admin"

    @property
    def vi(self) -> str:
        return _VI[self]


_VI = {
    Role.SECRETARY: "phụ trách đơn vị",
    Role.SUPERIOR: "cấp ủy cấp trên",
    Role.AUTHORITY: "cấp có thẩm quyền quyết định",
    Role.CELL: "chi bộ cơ sở quyết định xếp loại đảng viên của mình",
    Role.DEPARTMENT: "Ban Tổ chức",
    Role.INSPECTOR: "kiểm tra, giám sát",
    Role.ADMIN: "quản trị",
}

A = Action
MAY: dict[Role, frozenset[Action]] = {
    Role.SECRETARY: frozenset({A.SEE, A.DO, A.RATE, A.SEE_RESULTS, A.SEE_TALLIES}),
    Role.SUPERIOR: frozenset({A.SEE, A.WATCH, A.RETURN, A.REMIND, A.EXPORT}),
    Role.AUTHORITY: frozenset(
        {A.SEE, A.WATCH, A.SEE_RESULTS, A.SEE_TALLIES, A.PROPOSE, A.DRAFT_DECISION, A.DECIDE, A.EXPORT}
    ),
    # A grassroots cell decides on its own members, and proposes what is decided above on itself: 13-HD/TU PL 4.1;
    # 211-KH/ĐUK III.2.3. It has no branch to watch.
    Role.CELL: frozenset({A.SEE, A.SEE_RESULTS, A.SEE_TALLIES, A.PROPOSE, A.DRAFT_DECISION, A.DECIDE}),
    Role.DEPARTMENT: frozenset(
        {A.SEE, A.WATCH, A.RECORD, A.RETURN, A.EXTEND, A.REMIND, A.MAIL, A.SEE_RESULTS, A.SEE_TALLIES, A.RATE, A.PROPOSE,
         A.APPRAISE, A.DRAFT_DECISION, A.EXPORT, A.EXPORT_ALL, A.PLAN}
    ),
    Role.INSPECTOR: frozenset({A.SEE, A.WATCH, A.SEE_RESULTS, A.EXPORT}),
    # who runs the machine looks after people and mail, and sees nobody's rating
    Role.ADMIN: frozenset({A.SEE, A.WATCH, A.MAIL, A.PEOPLE, A.SETTINGS, A.AUDIT, A.PLAN}),
}  # fmt: skip
OWN_UNIT = frozenset({Role.SECRETARY})  # reaches over the unit itself; every other role over the branch
STEP_UP = frozenset({A.DECIDE, A.EXPORT_ALL})  # asks for a fresh code even of somebody who is signed in
READS = frozenset({A.SEE, A.WATCH, A.MAIL, A.SEE_RESULTS, A.SEE_TALLIES, A.EXPORT, A.AUDIT})
_LEADS = frozenset({PostRole.SECRETARY, PostRole.DEPUTY, PostRole.HEAD})
_COMMITTEES = ORGANISERS | {UnitKind.GRASSROOTS_COMMITTEE, UnitKind.SECTION_COMMITTEE}


@dataclass(frozen=True, slots=True)
class Right:
    """A role over the unit at ``path``, from ``starts`` to the end of ``ends`` (local days; None: without bound)."""

    role: Role
    path: str
    starts: date | None = None
    ends: date | None = None

    def holds(self, day: date) -> bool:
        return (self.starts is None or self.starts <= day) and (self.ends is None or day <= self.ends)

    def reaches(self, path: str) -> bool:
        return path == self.path if self.role in OWN_UNIT else path.startswith(self.path)


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody at the board. ``person_id`` is None for whoever sits at the machine itself (no sign-in on loopback)."""

    person_id: int | None
    name: str
    rights: tuple[Right, ...]


@dataclass(frozen=True, slots=True)
class Seat:
    """A post that a person holds: ``path`` of its unit, ``above`` of the unit over it."""

    role: PostRole
    kind: UnitKind
    path: str
    above: str
    starts: date | None
    ends: date | None


def can(actor: Actor, action: Action, path: str, at: datetime) -> bool:
    """Whether ``actor`` may do ``action`` to the unit at ``path`` (``WHOLE``: to everything) at the instant ``at``."""
    day = local_day(at)
    return any(action in MAY[right.role] and right.holds(day) and right.reaches(path) for right in actor.rights)


def anywhere(actor: Actor, action: Action, at: datetime) -> bool:
    """Whether there is any unit to which ``actor`` may do ``action`` at the instant ``at``."""
    day = local_day(at)
    return any(action in MAY[right.role] and right.holds(day) for right in actor.rights)


def scopes(actor: Actor, action: Action, at: datetime) -> tuple[str, ...]:
    """The branches in which ``actor`` may do ``action``: prefixes of paths, none inside another. Empty where the right
    reaches single units at most: those have no lists.
    """
    day = local_day(at)
    reach = (right for right in actor.rights if right.role not in OWN_UNIT and right.holds(day))
    found = {right.path for right in reach if action in MAY[right.role]}
    return tuple(sorted(path for path in found if not any(path != other and path.startswith(other) for other in found)))


def common(some: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    """The branches that lie under both: of two prefixes, one inside the other, the longer."""
    inner = {max(a, b, key=len) for a in some for b in others if a.startswith(b) or b.startswith(a)}
    return tuple(sorted(path for path in inner if not any(path != other and path.startswith(other) for other in inner)))


def roles(actor: Actor, at: datetime) -> frozenset[Role]:
    """What somebody is to any unit at the instant ``at``."""
    day = local_day(at)
    return frozenset(right.role for right in actor.rights if right.holds(day))


def rights_of(seats: Iterable[Seat]) -> tuple[Right, ...]:
    """What posts carry with them. A department and a standing committee act for the committee that they stand under."""
    return tuple(right for seat in seats for right in _of_seat(seat))


def _of_seat(seat: Seat) -> Iterable[Right]:
    def right(role: Role, path: str) -> Right:
        return Right(role, path, seat.starts, seat.ends)

    if seat.role in (PostRole.MEMBER_IN_CHARGE, PostRole.OFFICER):
        yield right(Role.SUPERIOR, seat.path)
        return
    yield right(Role.SECRETARY, seat.path)
    if seat.kind == UnitKind.ORGANISATION_DEPARTMENT:
        yield right(Role.DEPARTMENT, seat.above)
    elif seat.kind == UnitKind.STANDING_COMMITTEE and seat.role in _LEADS:
        yield right(Role.AUTHORITY, seat.above)
    elif seat.kind in _COMMITTEES and seat.role in _LEADS:
        yield right(Role.SUPERIOR, seat.path)
        yield right(Role.AUTHORITY, seat.path)
    elif seat.kind == UnitKind.GRASSROOTS_CELL and seat.role in _LEADS:
        yield right(Role.CELL, seat.path)


def local_operator(name: str = "người trực máy") -> Actor:
    """Whoever sits at the machine, where the board is served to this machine alone: it could open the database anyway."""
    return Actor(None, name, (Right(Role.ADMIN, WHOLE), Right(Role.DEPARTMENT, WHOLE)))
