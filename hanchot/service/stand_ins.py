"""Standing in (người thay): a holder hands a post over to a deputy for some days.

While it lasts, the deputy does the unit's work and gets its letters; the holder keeps every right. It is over with its last
day, when it is taken back, and as soon as the holder no longer holds the post.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from hanchot.domain.collate import collation_key
from hanchot.domain.errors import AlreadyDone, NotFound, Refused
from hanchot.domain.instants import local_day
from hanchot.domain.unit import PostRole
from hanchot.service import audit
from hanchot.service.install import bump
from hanchot.service.org.lookup import on_day
from hanchot.service.services import Services
from hanchot.store.db import Row, new_id, pairs
from hanchot.store.desk_tables import stand_in
from hanchot.store.tables import person, post, tenure, unit

LONGEST = 180  # days: whoever is away for longer is replaced, not stood in for
_WORKS = (PostRole.SECRETARY, PostRole.DEPUTY, PostRole.HEAD)


@dataclass(frozen=True, slots=True)
class Held:
    """A post that a person holds today and may hand over."""

    post_id: int
    title: str
    unit_id: int
    unit_name: str


@dataclass(frozen=True, slots=True)
class StandIn:
    """One handing over, from ``starts`` to the end of ``ends`` (local days)."""

    id: int
    post_id: int
    title: str
    unit_name: str
    person_id: int
    person: str
    holder: str
    starts: date
    ends: date

    def runs(self, day: date) -> bool:
        return self.starts <= day <= self.ends


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could stand in. ``why`` says what they are, e.g. “Phó bí thư”."""

    code: str
    name: str
    why: str


def stands_in(day: date | sa.BindParameter[date]) -> sa.ColumnElement[bool]:
    """The rows of ``stand_in`` that count on a local day."""
    still_holds = sa.exists().where(
        tenure.c.post_id == stand_in.c.post_id, tenure.c.person_id == stand_in.c.holder_id,
        sa.or_(tenure.c.starts.is_(None), tenure.c.starts <= day), sa.or_(tenure.c.ends.is_(None), tenure.c.ends >= day),
    )  # fmt: skip
    return sa.and_(stand_in.c.ended_at.is_(None), stand_in.c.starts <= day, stand_in.c.ends >= day, still_holds)


def standing_in(connection: sa.Connection, day: date) -> dict[int, int]:
    """Who stands in on a local day: the person by post."""
    query = sa.select(stand_in.c.post_id, sa.func.max(stand_in.c.person_id)).where(stands_in(day))
    return pairs(connection.execute(query.group_by(stand_in.c.post_id)))


def acts_for(connection: sa.Connection, person_id: int | None, unit_id: int, day: date) -> str | None:
    """The holder on whose behalf a person does the unit's work on ``day``; None for whoever holds a post there."""
    if person_id is None:
        return None
    own = sa.select(tenure.c.id).join(post, post.c.id == tenure.c.post_id)
    mine = sa.and_(tenure.c.person_id == person_id, post.c.unit_id == unit_id, post.c.role.in_(_WORKS), on_day(tenure, day))
    if connection.execute(own.where(mine).limit(1)).first():
        return None
    query = (
        sa.select(person.c.name)
        .join(stand_in, stand_in.c.holder_id == person.c.id)
        .join(post, post.c.id == stand_in.c.post_id)
        .where(stand_in.c.person_id == person_id, post.c.unit_id == unit_id, stands_in(day))
    )
    return connection.execute(query.limit(1)).scalar()


def posts_held(connection: sa.Connection, person_id: int, day: date) -> tuple[Held, ...]:
    """The posts that do a unit's work and that a person holds on ``day``: those they may hand over."""
    rows = connection.execute(
        sa.select(post.c.id, post.c.role, post.c.title, unit.c.id.label("unit_id"), unit.c.name)
        .join(tenure, tenure.c.post_id == post.c.id)
        .join(unit, unit.c.id == post.c.unit_id)
        .where(tenure.c.person_id == person_id, post.c.role.in_(_WORKS), on_day(tenure, day), on_day(unit, day))
        .order_by(unit.c.path, post.c.id)
    )
    return tuple(Held(row.id, _title(row), row.unit_id, row.name) for row in rows)


def handed_over(connection: sa.Connection, person_id: int, day: date) -> tuple[StandIn, ...]:
    """What a person has handed over, or stands in for, now or from a later day on; the first to begin first."""
    holder = person.alias("holder")
    rows = connection.execute(
        sa.select(
            stand_in.c.id, stand_in.c.post_id, post.c.role, post.c.title, unit.c.name, stand_in.c.person_id,
            person.c.name.label("who"), holder.c.name.label("holder"), stand_in.c.starts, stand_in.c.ends,
        )
        .join(post, post.c.id == stand_in.c.post_id)
        .join(unit, unit.c.id == post.c.unit_id)
        .join(person, person.c.id == stand_in.c.person_id)
        .join(holder, holder.c.id == stand_in.c.holder_id)
        .where(sa.or_(stand_in.c.holder_id == person_id, stand_in.c.person_id == person_id))
        .where(stand_in.c.ended_at.is_(None), stand_in.c.ends >= day)
        .order_by(stand_in.c.starts, stand_in.c.id)
    )  # fmt: skip
    return tuple(
        StandIn(row.id, row.post_id, _title(row), row.name, row.person_id, row.who, row.holder, row.starts, row.ends)
        for row in rows
    )


def candidates(connection: sa.Connection, held: Held, person_id: int, day: date) -> tuple[Candidate, ...]:
    """Whoever else holds a post in the unit, or in one directly under it; the unit's own people first."""
    rows = connection.execute(
        sa.select(person.c.code, person.c.name, post.c.role, post.c.title, unit.c.id.label("unit_id"), unit.c.name.label("at"))
        .join(tenure, tenure.c.person_id == person.c.id)
        .join(post, post.c.id == tenure.c.post_id)
        .join(unit, unit.c.id == post.c.unit_id)
        .where(sa.or_(unit.c.id == held.unit_id, unit.c.parent_id == held.unit_id))
        .where(person.c.id != person_id, person.c.email.is_not(None), on_day(tenure, day))
        .limit(60)
    ).all()  # fmt: skip
    rows = sorted(rows, key=lambda row: (row.unit_id != held.unit_id, collation_key(row.name)))
    found = {row.code: Candidate(row.code, row.name, f"{_title(row)}, {row.at}") for row in reversed(rows)}
    return tuple(reversed(found.values()))


def hand_over(
    services: Services, post_id: int, person_id: int, to: str, starts: date, ends: date, now: datetime, *, actor: str
) -> int:
    """``person_id``, who holds the post, hands it over from ``starts`` to the end of ``ends`` (local days) to the person
    whose code or mail address is ``to``. Returns the number of the handing over.

    Raises ``NotFound`` for an unknown person or a post that is not theirs, ``AlreadyDone`` where the same days are
    handed over to the same one, ``Refused`` with the field (``thing``) otherwise.
    """
    today = local_day(now)
    with services.db.write() as connection:
        held = next((one for one in posts_held(connection, person_id, today) if one.post_id == post_id), None)
        if held is None:
            raise NotFound("Đồng chí không giữ chức vụ này.", way_out="Chọn một chức vụ đang giữ.", thing="post")
        other = _person(connection, to)
        _check(connection, held, person_id, other, starts, ends, today)
        row = {"post_id": post_id, "person_id": other.id, "holder_id": person_id, "starts": starts, "ends": ends}
        made = new_id(connection.execute(sa.insert(stand_in).values(**row, by=actor, at=now)))
        bump(connection, "org_version")
        audit.record(
            connection, now, actor, "post.handed_over", f"post:{post_id}", became=other.code,
            data={"starts": str(starts), "ends": str(ends), "stand_in": made},
        )  # fmt: skip
        return made


def take_back(services: Services, number: int, person_id: int, now: datetime, *, actor: str) -> bool:
    """End a handing over now; False when it was over already. ``NotFound``: neither the holder's nor the deputy's."""
    with services.db.write() as connection:
        row = connection.execute(sa.select(stand_in).where(stand_in.c.id == number)).first()
        if row is None or person_id not in (row.holder_id, row.person_id):
            raise NotFound("Không có lần giao thay này.", way_out="Xem lại trang “Giao người làm thay”.")
        still = sa.and_(stand_in.c.id == number, stand_in.c.ended_at.is_(None))
        if connection.execute(sa.update(stand_in).where(still).values(ended_at=now)).rowcount == 0:
            return False
        bump(connection, "org_version")
        audit.record(connection, now, actor, "post.taken_back", f"post:{row.post_id}", data={"stand_in": number})
        return True


def _check(connection: sa.Connection, held: Held, person_id: int, other: Row, starts: date, ends: date, today: date) -> None:
    if other.id == person_id:
        raise Refused("Người làm thay phải là người khác.", way_out="Chọn đồng chí khác.", thing="to")
    if not other.email:
        raise Refused(
            f"{other.name} chưa có địa chỉ thư nên không nhận được thư nhắc.",
            way_out="Chọn người khác, hoặc đề nghị Ban Tổ chức bổ sung địa chỉ.", thing="to",
        )  # fmt: skip
    if starts < today:
        raise Refused(f"Ngày bắt đầu {starts:%d/%m/%Y} đã qua.", way_out="Chọn từ hôm nay trở đi.", thing="starts")
    if ends < starts:
        raise Refused("Ngày cuối đứng trước ngày bắt đầu.", way_out="Chọn ngày cuối sau ngày bắt đầu.", thing="ends")
    if (ends - starts).days >= LONGEST:
        raise Refused(
            f"Mỗi lần giao thay không quá {LONGEST} ngày.", way_out="Vắng lâu hơn thì đề nghị kiện toàn chức vụ.", thing="ends"
        )
    overlap = sa.and_(
        stand_in.c.post_id == held.post_id, stand_in.c.holder_id == person_id, stand_in.c.ended_at.is_(None),
        stand_in.c.starts <= ends, stand_in.c.ends >= starts,
    )  # fmt: skip
    query = sa.select(person.c.id, person.c.name, stand_in.c.starts, stand_in.c.ends)
    query = query.join(person, person.c.id == stand_in.c.person_id)
    if there := connection.execute(query.where(overlap).limit(1)).first():
        if (there.id, there.starts, there.ends) == (other.id, starts, ends):
            raise AlreadyDone(f"Những ngày ấy đã giao cho {there.name}.", way_out="Không cần giao lại.")
        raise Refused(
            f"Từ {there.starts:%d/%m/%Y} đến {there.ends:%d/%m/%Y} đã giao cho {there.name}.",
            way_out="Kết thúc lần giao đó trước, hoặc chọn ngày khác.", thing="starts",
        )  # fmt: skip


def _person(connection: sa.Connection, words: str) -> Row:
    meant = words.strip()
    if not meant:
        raise Refused("Chưa chọn người làm thay.", way_out="Chọn một người, hoặc ghi mã hay địa chỉ thư.", thing="to")
    same = sa.or_(sa.func.upper(person.c.code) == meant.upper(), sa.func.lower(person.c.email) == meant.lower())
    found = connection.execute(sa.select(person.c.id, person.c.code, person.c.name, person.c.email).where(same).limit(2)).all()
    if len(found) != 1:
        raise Refused(
            f"Không tìm thấy người có mã hoặc địa chỉ thư “{meant}”.", way_out="Xem lại mã trong danh sách người.", thing="to"
        )
    return found[0]


def _title(row: Row) -> str:
    said = row.title or PostRole(row.role).vi
    return said[:1].upper() + said[1:]
