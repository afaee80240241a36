"""A person's rights, read from the posts held now and the rights granted; and where a thing of the board stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import sqlalchemy as sa

from hanchot.domain.access import OWN_UNIT, WHOLE, Actor, Right, Role, Seat, rights_of
from hanchot.domain.errors import NotFound
from hanchot.domain.instants import local_day
from hanchot.domain.unit import PostRole, UnitKind
from hanchot.service.org.lookup import on_day
from hanchot.service.stand_ins import stands_in
from hanchot.store.access_tables import access_grant
from hanchot.store.desk_tables import stand_in
from hanchot.store.judging_tables import ballot, complaint, decision, rating, subject
from hanchot.store.tables import cycle, envelope, letter, person, post, tenure, unit, work_item

_ABOVE = unit.alias("above")
_SEATS = (
    sa.select(post.c.role, unit.c.kind, unit.c.path, _ABOVE.c.path.label("above"), tenure.c.starts, tenure.c.ends)
    .join(post, post.c.id == tenure.c.post_id)
    .join(unit, unit.c.id == post.c.unit_id)
    .outerjoin(_ABOVE, _ABOVE.c.id == unit.c.parent_id)
)


def actor_of(connection: sa.Connection, person_id: int, now: datetime) -> Actor | None:
    """The person with the rights of the local day of ``now``; None where nothing (any more) gives a right."""
    name = connection.execute(sa.select(person.c.name).where(person.c.id == person_id)).scalar()
    day = local_day(now)
    seats = connection.execute(
        _SEATS.where(
            tenure.c.person_id == person_id, sa.or_(unit.c.valid_to.is_(None), unit.c.valid_to >= day),
            sa.or_(tenure.c.starts.is_(None), tenure.c.starts <= day), sa.or_(tenure.c.ends.is_(None), tenure.c.ends >= day),
        )
    )  # fmt: skip
    held = rights_of(Seat(PostRole(r), UnitKind(kind), path, above or path, s, e) for r, kind, path, above, s, e in seats)
    granted = (right for right in _granted(connection, person_id) if right.holds(day))
    rights = (*held, *_standing_in(connection, person_id, day), *granted)
    return Actor(person_id, name, _whole(connection, rights, day)) if name and rights else None


def _whole(connection: sa.Connection, rights: tuple[Right, ...], day: date) -> tuple[Right, ...]:
    """A right over the branch of the only committee at the head reaches the whole house."""
    tops = sa.select(unit.c.path).where(unit.c.parent_id.is_(None), on_day(unit, day))
    heads = connection.execute(tops.limit(2)).scalars().all()
    if len(heads) != 1:
        return rights
    return tuple(
        replace(right, path=WHOLE) if right.path == heads[0] and right.role not in OWN_UNIT else right for right in rights
    )


def within(path: sa.ColumnElement[str], scopes: tuple[str, ...]) -> sa.ColumnElement[bool]:
    """The paths that lie under one of the prefixes; nothing where there is none."""
    if WHOLE in scopes:
        return sa.true()
    return sa.or_(sa.false(), *(path.startswith(scope, autoescape=True) for scope in scopes))


def _granted(connection: sa.Connection, person_id: int) -> tuple[Right, ...]:
    grant = access_grant.c
    rows = connection.execute(
        sa.select(grant.role, unit.c.path, grant.starts, grant.ends)
        .join(unit, unit.c.id == grant.unit_id)
        .where(grant.person_id == person_id)
    )
    return tuple(Right(Role(role), path, starts, ends) for role, path, starts, ends in rows)


def _standing_in(connection: sa.Connection, person_id: int, day: date) -> tuple[Right, ...]:
    """Whoever stands in for a post does its unit's work; what else the holder may do is not handed over."""
    rows = connection.execute(
        sa.select(unit.c.path, stand_in.c.starts, stand_in.c.ends)
        .join(post, post.c.id == stand_in.c.post_id)
        .join(unit, unit.c.id == post.c.unit_id)
        .where(stand_in.c.person_id == person_id, stands_in(day), on_day(unit, day))
    )
    return tuple(Right(Role.SECRETARY, path, starts, ends) for path, starts, ends in rows)


def unit_path(connection: sa.Connection, code: str) -> str:
    """Where a unit stands, by its code."""
    return _path(connection, sa.select(unit.c.path).where(unit.c.code == code), f"tổ chức “{code}”")


def item_path(connection: sa.Connection, item_id: int) -> str:
    """Where the unit of a work item stands."""
    query = sa.select(unit.c.path).join(work_item, work_item.c.unit_id == unit.c.id).where(work_item.c.id == item_id)
    return _path(connection, query, f"việc số {item_id}")


def cycle_path(connection: sa.Connection, code: str) -> str:
    """Where the committee at the head of a cycle stands."""
    query = sa.select(unit.c.path).join(cycle, cycle.c.root_id == unit.c.id).where(cycle.c.code == code)
    return _path(connection, query, f"đợt “{code}”")


def envelope_path(connection: sa.Connection, envelope_id: int) -> str:
    """Where the head of the first cycle stands that an envelope speaks of."""
    query = (
        sa.select(unit.c.path)
        .join(cycle, cycle.c.root_id == unit.c.id)
        .join(letter, letter.c.cycle_id == cycle.c.id)
        .join(envelope, envelope.c.id == letter.c.envelope_id)
        .where(envelope.c.id == envelope_id)
        .limit(1)
    )
    return _path(connection, query, f"thư số {envelope_id}")


def subject_path(connection: sa.Connection, subject_id: int) -> str:
    """Where the unit stands in which somebody is rated."""
    query = sa.select(unit.c.path).join(subject, subject.c.unit_id == unit.c.id).where(subject.c.id == subject_id)
    return _path(connection, query, f"đối tượng số {subject_id}")


def decider_path(connection: sa.Connection, subject_id: int) -> str | None:
    """Where the body stands that has last decided on somebody; None before anybody has."""
    query = (
        sa.select(unit.c.path)
        .join(rating, rating.c.unit_id == unit.c.id)
        .where(rating.c.subject_id == subject_id, rating.c.step == "decided")
        .order_by(rating.c.id.desc())
        .limit(1)
    )
    return connection.execute(query).scalar()


def ballot_path(connection: sa.Connection, ballot_id: int) -> str:
    """Where the body stands that has voted."""
    query = sa.select(unit.c.path).join(ballot, ballot.c.unit_id == unit.c.id).where(ballot.c.id == ballot_id)
    return _path(connection, query, f"phiếu số {ballot_id}")


def decision_path(connection: sa.Connection, decision_id: int) -> str:
    """Where the body stands that decides by a paper."""
    query = sa.select(unit.c.path).join(decision, decision.c.unit_id == unit.c.id).where(decision.c.id == decision_id)
    return _path(connection, query, f"quyết định số {decision_id}")


def complaint_path(connection: sa.Connection, complaint_id: int) -> str:
    """Where the body stands that has decided what a complaint is about: it answers."""
    query = (
        sa.select(unit.c.path)
        .join(rating, rating.c.unit_id == unit.c.id)
        .join(complaint, complaint.c.rating_id == rating.c.id)
        .where(complaint.c.id == complaint_id)
    )
    return _path(connection, query, f"kiến nghị số {complaint_id}")


def _path(connection: sa.Connection, query: sa.Select[tuple[str]], name: str) -> str:
    found = connection.execute(query).scalar()
    if found is None:
        raise NotFound(f"Không có {name}.", way_out="Kiểm tra lại địa chỉ, hoặc tìm theo tên ở đầu trang.")
    return found
