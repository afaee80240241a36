"""People and posts for the administrator: found by name, address or code; what each holds, may do, and is signed in at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from hanchot.domain.collate import collation_key
from hanchot.domain.errors import NotFound
from hanchot.domain.instants import local_day
from hanchot.domain.unit import PostRole, UnitKind
from hanchot.service.install import fact
from hanchot.service.services import Services
from hanchot.service.signing_in.granting import Grant, grants
from hanchot.service.stand_ins import StandIn, handed_over
from hanchot.service.views.common import Paging, people_like, people_ranks, units_like
from hanchot.store.access_tables import login
from hanchot.store.db import Database
from hanchot.store.tables import person, post, tenure, unit

ROWS = 50


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person in the list; ``posts`` are those held today, in words."""

    id: int
    code: str
    name: str
    email: str | None
    phone: str | None
    posts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitLine:
    code: str
    name: str
    kind: UnitKind


@dataclass(frozen=True, slots=True)
class Gaps:
    """What keeps letters from arriving: people in post without an address, and posts without a holder."""

    units: int
    people: int
    no_address: int
    vacant: int


@dataclass(frozen=True, slots=True)
class PeoplePage:
    lines: tuple[PersonLine, ...]
    units: tuple[UnitLine, ...]
    gaps: Gaps
    paging: Paging


@dataclass(frozen=True, slots=True)
class Term:
    """One time of holding a post. ``now``: it runs today."""

    person_id: int
    person: str
    unit_code: str
    unit: str
    title: str
    starts: date | None
    ends: date | None
    now: bool


@dataclass(frozen=True, slots=True)
class Seat:
    """A post of a unit with everybody who held, holds or will hold it, the latest first."""

    role: PostRole
    title: str
    terms: tuple[Term, ...]

    @property
    def holder(self) -> Term | None:
        return next((term for term in self.terms if term.now), None)


@dataclass(frozen=True, slots=True)
class PersonPage:
    one: PersonLine
    terms: tuple[Term, ...]
    grants: tuple[Grant, ...]
    stand_ins: tuple[StandIn, ...]
    logins: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class UnitPosts:
    unit: UnitLine
    seats: tuple[Seat, ...]
    free: tuple[PostRole, ...]


def people(services: Services, now: datetime, *, text: str = "", only: str = "", page: int = 1) -> PeoplePage:
    """People whose name, address or code holds ``text``, marks ignored, in Vietnamese order of names.

    ``only``: ``no_address`` for people in post without an address. With a text, the units of that name too.
    """
    day = local_day(now)
    with services.db.read() as connection:
        order = list(people_ranks(services.db, connection))
        if (wanted := _wanted(services, connection, text, only, day)) is not None:
            found_ids = set(connection.execute(sa.select(person.c.id).where(wanted)).scalars())
            order = [one for one in order if one in found_ids]
        paging = Paging(page, ROWS, len(order))
        lines = _lines(connection, order[paging.offset : paging.offset + ROWS], day)
        found = _units(services, connection, text)
        return PeoplePage(lines, found, gaps(services.db, connection, day), paging)


def gaps(db: Database, connection: sa.Connection, day: date) -> Gaps:
    """Counts over the whole house on a local day. Remembered until the organisation changes."""
    stamp = (fact(connection, "org_version"), day)
    known: tuple[tuple[str | None, date], Gaps] | None = db.remembered.get("gaps")
    if known is None or known[0] != stamp:
        known = db.remembered["gaps"] = (stamp, _count_gaps(connection, day))
    return known[1]


def _count_gaps(connection: sa.Connection, day: date) -> Gaps:
    running = _runs(day)
    held = sa.select(tenure.c.post_id).where(running)
    in_post = sa.select(tenure.c.person_id).where(running)
    alive = sa.or_(unit.c.valid_to.is_(None), unit.c.valid_to >= day)
    answers = post.c.role.in_((PostRole.SECRETARY, PostRole.HEAD))
    vacant = sa.select(sa.func.count()).select_from(post.join(unit, unit.c.id == post.c.unit_id))
    counts = (
        sa.select(sa.func.count()).select_from(unit).where(alive),
        sa.select(sa.func.count()).select_from(person),
        sa.select(sa.func.count()).select_from(person).where(person.c.email.is_(None), person.c.id.in_(in_post)),
        vacant.where(alive, answers, post.c.id.not_in(held)),
    )
    return Gaps(*(int(connection.execute(count).scalar_one()) for count in counts))


def person_page(services: Services, person_id: int, now: datetime) -> PersonPage:
    """Raises ``NotFound``."""
    day = local_day(now)
    with services.db.read() as connection:
        lines = _lines(connection, [person_id], day)
        if not lines:
            raise NotFound("Không có người này.", way_out="Tìm lại trong danh sách.")
        terms = _terms(connection, tenure.c.person_id == person_id, day)
        mine = handed_over(connection, person_id, day)
        open_ = sa.select(login.c.seen_at).where(login.c.person_id == person_id, login.c.ended_at.is_(None))
        logins = connection.execute(open_.order_by(login.c.seen_at.desc())).scalars().all()
    given = tuple(one for one in grants(services, now) if one.person_code == lines[0].code)
    return PersonPage(lines[0], tuple(terms), given, mine, tuple(logins))


def unit_posts(services: Services, code: str, now: datetime) -> UnitPosts:
    """The posts of a unit, filled or vacant. Raises ``NotFound``."""
    day = local_day(now)
    with services.db.read() as connection:
        row = connection.execute(sa.select(unit).where(unit.c.code == code)).first()
        if row is None:
            raise NotFound(f"Không có tổ chức “{code}”.", way_out="Tìm lại theo tên hoặc mã.")
        posts = connection.execute(sa.select(post).where(post.c.unit_id == row.id)).all()
        seats = []
        for one in posts:
            terms = _terms(connection, tenure.c.post_id == one.id, day)
            seats.append(Seat(PostRole(one.role), one.title or PostRole(one.role).vi.capitalize(), tuple(terms)))
    order = list(PostRole)
    seats.sort(key=lambda seat: order.index(seat.role))
    free = tuple(role for role in order if role not in {seat.role for seat in seats})
    return UnitPosts(UnitLine(row.code, row.name, UnitKind(row.kind)), tuple(seats), free)


def person_code(services: Services, person_id: int) -> str:
    """The code of the list. Raises ``NotFound``."""
    with services.db.read() as connection:
        code = connection.execute(sa.select(person.c.code).where(person.c.id == person_id)).scalar()
    if code is None:
        raise NotFound("Không có người này.", way_out="Tìm lại trong danh sách.")
    return str(code)


def _wanted(
    services: Services, connection: sa.Connection, text: str, only: str, day: date
) -> sa.ColumnElement[bool] | None:  # fmt: skip
    """None: everybody."""
    wanted: list[sa.ColumnElement[bool]] = []
    if text.strip():
        ids = people_like(services.db, connection, text)
        wanted.append(sa.or_(person.c.id.in_(ids), sa.func.upper(person.c.code) == text.strip().upper()))
    if only == "no_address":
        wanted += [person.c.email.is_(None), person.c.id.in_(sa.select(tenure.c.person_id).where(_runs(day)))]
    return sa.and_(*wanted) if wanted else None


def _units(services: Services, connection: sa.Connection, text: str) -> tuple[UnitLine, ...]:
    if not text.strip():
        return ()
    ids = units_like(services.db, connection, text, most=20)
    rows = connection.execute(sa.select(unit.c.code, unit.c.name, unit.c.kind).where(unit.c.id.in_(ids)))
    found = (UnitLine(code, name, UnitKind(kind)) for code, name, kind in rows)
    return tuple(sorted(found, key=lambda one: collation_key(one.name)))


def _runs(day: date) -> sa.ColumnElement[bool]:
    return sa.and_(
        sa.or_(tenure.c.starts.is_(None), tenure.c.starts <= day), sa.or_(tenure.c.ends.is_(None), tenure.c.ends >= day)
    )


def _lines(connection: sa.Connection, ids: list[int], day: date) -> tuple[PersonLine, ...]:
    rows = {row.id: row for row in connection.execute(sa.select(person).where(person.c.id.in_(ids)))}
    held: dict[int, list[str]] = {}
    for term in _terms(connection, sa.and_(tenure.c.person_id.in_(ids), _runs(day)), day):
        held.setdefault(term.person_id, []).append(f"{term.title}, {term.unit}")
    found = (rows[one] for one in ids if one in rows)
    return tuple(PersonLine(row.id, row.code, row.name, row.email, row.phone, tuple(held.get(row.id, ()))) for row in found)


def _terms(connection: sa.Connection, where: sa.ColumnElement[bool], day: date) -> list[Term]:
    """Terms that run today first, then the latest."""
    rows = connection.execute(
        sa.select(
            tenure.c.person_id, person.c.name, unit.c.code, unit.c.name.label("unit"), post.c.title, post.c.role,
            tenure.c.starts, tenure.c.ends,
        )
        .join(person, person.c.id == tenure.c.person_id)
        .join(post, post.c.id == tenure.c.post_id)
        .join(unit, unit.c.id == post.c.unit_id)
        .where(where)
    ).all()  # fmt: skip
    made = [
        Term(row.person_id, row.name, row.code, row.unit, row.title or PostRole(row.role).vi.capitalize(), row.starts, row.ends,
             (row.starts is None or row.starts <= day) and (row.ends is None or row.ends >= day))
        for row in rows
    ]  # fmt: skip
    return sorted(made, key=lambda one: (not one.now, -(one.starts or date.min).toordinal()))
