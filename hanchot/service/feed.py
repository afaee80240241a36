"""A private calendar (lịch riêng): an address that a person's calendar program asks for the deadlines of their units.

The address is its own key: the number of the feed and its HMAC under this installation's key, so that no secret is kept.
It signs nobody in, shows no rating, and ends when it is revoked or its owner does no unit's work any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from hanchot.domain.errors import AlreadyDone, NotFound
from hanchot.domain.instants import local_day, start_of
from hanchot.domain.work_item import UNFINISHED
from hanchot.letters.words import lower_first
from hanchot.service import audit
from hanchot.service.access import actor_of
from hanchot.service.desk import own_paths
from hanchot.service.services import Services
from hanchot.service.signing_in.secrets import Sealer, same
from hanchot.store.db import new_id
from hanchot.store.desk_tables import calendar_feed
from hanchot.store.tables import cycle, cycle_milestone, unit, work_item

_LENGTH = 43


@dataclass(frozen=True, slots=True)
class Feed:
    """A living feed: its number, and the path of its address."""

    number: int
    path: str


def feed_of(services: Services, person_id: int) -> Feed | None:
    """A person's living feed; None where there is none."""
    with services.db.read() as connection:
        number = _alive(connection, person_id)
        return None if number is None else Feed(number, f"/feed/{_token(connection, number)}.ics")


def make_feed(services: Services, person_id: int, now: datetime, *, actor: str, instead_of: int | None = None) -> None:
    """A feed with a new address; the one before (``instead_of``, as the person saw it) is over.

    Raises ``AlreadyDone`` where another one lives than the person saw: of two clicks only the first makes an address.
    """
    with services.db.write() as connection:
        if _alive(connection, person_id) != instead_of:
            raise AlreadyDone("Địa chỉ lịch vừa được đổi.", way_out="Dùng địa chỉ đang hiện trên trang.")
        _end(connection, person_id, now, actor)
        Sealer(connection)  # the key is made where there is none
        made = new_id(connection.execute(sa.insert(calendar_feed).values(person_id=person_id, made_at=now)))
        audit.record(connection, now, actor, "feed.made", f"feed:{made}")


def end_feed(services: Services, person_id: int, now: datetime, *, actor: str) -> bool:
    """Revoke a person's feed; False when there was none."""
    with services.db.write() as connection:
        return _end(connection, person_id, now, actor)


def _alive(connection: sa.Connection, person_id: int) -> int | None:
    alive = sa.and_(calendar_feed.c.person_id == person_id, calendar_feed.c.ended_at.is_(None))
    return connection.execute(sa.select(calendar_feed.c.id).where(alive)).scalar()


def _end(connection: sa.Connection, person_id: int, now: datetime, actor: str) -> bool:
    number = _alive(connection, person_id)
    if number is None:
        return False
    connection.execute(sa.update(calendar_feed).where(calendar_feed.c.id == number).values(ended_at=now))
    audit.record(connection, now, actor, "feed.ended", f"feed:{number}")
    return True


def _token(connection: sa.Connection, number: int) -> str:
    return f"{number}-{Sealer(connection)('feed', number)[:_LENGTH]}"


def read_feed(services: Services, token: str, now: datetime) -> bytes:
    """The calendar behind an address, as iCalendar. ``NotFound`` for what never was one, is revoked, or is nobody's now."""
    from hanchot.letters.invitation import Entry, subscription

    nowhere = NotFound("Không có lịch này.", way_out="Lấy địa chỉ mới ở trang “Lịch riêng”.")
    head, _, _rest = token.partition("-")
    if not head.isdecimal() or len(head) > 17:
        raise nowhere
    with services.db.read() as connection:
        row = connection.execute(sa.select(calendar_feed).where(calendar_feed.c.id == int(head))).first()
        if row is None or row.ended_at is not None or not same(_token(connection, row.id), token):
            raise nowhere
        paths = own_paths(actor_of(connection, row.person_id, now), now)
        if not paths:
            raise nowhere
        rows = connection.execute(_DUE.where(unit.c.path.in_(paths))).all()
    board = services.settings.board
    entries = tuple(
        Entry(f"item-{one.id}", one.revision, f"Hạn: {lower_first(one.title)} – {one.name}", one.last_day, None,
              f"{board}/items/{one.id}")
        for one in rows
    )  # fmt: skip
    domain = services.settings.mail_from.rpartition("@")[2]
    return subscription(entries, domain, start_of(local_day(now)), "Hạn Chót")


_DUE = (
    sa.select(work_item.c.id, work_item.c.revision, work_item.c.last_day, cycle_milestone.c.title, unit.c.name)
    .join(cycle_milestone, cycle_milestone.c.id == work_item.c.milestone_id)
    .join(cycle, cycle.c.id == work_item.c.cycle_id)
    .join(unit, unit.c.id == work_item.c.unit_id)
    .where(cycle.c.state == "open", work_item.c.state.in_(sorted(UNFINISHED)), work_item.c.last_day.is_not(None))
    .order_by(work_item.c.last_day, work_item.c.id)
)
