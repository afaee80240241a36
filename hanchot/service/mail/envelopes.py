"""Packing: all planned letters of one person in one envelope, to be sent inside the window."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from hanchot.domain.instants import at_local, local_day
from hanchot.domain.workdays import WorkCalendar
from hanchot.service.services import Services
from hanchot.service.stand_ins import stands_in
from hanchot.settings import Settings
from hanchot.store.desk_tables import stand_in
from hanchot.store.tables import Instant, envelope, letter, tenure

KEEPS = timedelta(days=3)
_COUNTED = {"preserve_rowcount": True}

_day = sa.bindparam("day", type_=sa.Date)
_held = sa.and_(
    tenure.c.post_id == letter.c.post_id,
    sa.or_(tenure.c.starts.is_(None), tenure.c.starts <= _day),
    sa.or_(tenure.c.ends.is_(None), tenure.c.ends >= _day),
)
_planned: sa.ColumnElement[str] = sa.literal_column(
    "'planned'"
)  # not a parameter: the partial index is recognised by its words
_loose = sa.and_(letter.c.envelope_id.is_(None), letter.c.state == _planned)
_deputy = sa.select(sa.func.max(stand_in.c.person_id)).where(stand_in.c.post_id == letter.c.post_id, stands_in(_day))
_tenant = sa.select(sa.func.max(tenure.c.person_id)).where(_held)
_holder = sa.func.coalesce(_deputy.correlate(letter).scalar_subquery(), _tenant.correlate(letter).scalar_subquery())
_ANY = sa.select(letter.c.id).where(_loose, sa.exists().where(_held)).limit(1)
_LAST = sa.select(sa.func.coalesce(sa.func.max(envelope.c.id), 0))


def _key(person_id: sa.ColumnElement[int]) -> sa.ColumnElement[str]:
    return sa.cast(person_id, sa.Text) + ":" + sa.cast(sa.bindparam("last", type_=sa.BigInteger), sa.Text)


def _make() -> sa.Insert:
    person_id = sa.select(_holder.label("person_id")).where(_loose).distinct().subquery().c.person_id
    jitter = person_id * 7919 % sa.bindparam("spread", type_=sa.Integer) * 60
    values = {
        "key": _key(person_id),
        "person_id": person_id,
        "planned_at": sa.bindparam("now", type_=Instant),
        "release_at": sa.bindparam("release", type_=sa.BigInteger) + jitter,
        "expires_at": sa.bindparam("expires", type_=Instant),
        "state": sa.literal("queued"),
        "attempts": sa.literal(0),
    }
    source = sa.select(*values.values()).where(person_id.is_not(None)).order_by(person_id)
    return sa.insert(envelope).from_select(list(values), source, include_defaults=False)


_MAKE = _make()
_mine = sa.select(envelope.c.id).where(envelope.c.key == _key(_holder)).scalar_subquery()
_FILL = sa.update(letter).where(_loose).values(envelope_id=_mine)


def pack(services: Services, connection: sa.Connection, now: datetime) -> int:
    """Put every planned letter without an envelope into one, by the person who holds the post now, or
    stands in for its holder. Returns how many.

    The key of an envelope is its person and the envelope before this packing, never a clock reading: a letter that is
    taken out of one and packed again never meets its own key. Few statements, however many letters; one when there is
    nothing to pack.
    """
    chosen: dict[str, object] = {"day": local_day(now)}
    if connection.execute(_ANY, chosen).first() is None:
        return 0
    chosen["last"] = connection.execute(_LAST).scalar_one()
    release = release_at(now, services.workdays, services.settings)
    times = {"now": now, "release": int(release.timestamp()), "expires": release + KEEPS}
    spread = max(1, services.settings.jitter_minutes)
    made = connection.execute(_MAKE, {**chosen, **times, "spread": spread}, execution_options=_COUNTED).rowcount
    connection.execute(_FILL, chosen)
    return made


def release_at(now: datetime, workdays: WorkCalendar, settings: Settings) -> datetime:
    """The first instant at or after ``now`` inside the sending window: working days, ``window_start``–``window_end``."""
    day = local_day(now)
    if workdays.is_workday(day) and now <= at_local(day, settings.window_end):
        return max(now, at_local(day, settings.window_start))
    return at_local(workdays.at_or_after(day + timedelta(days=1)), settings.window_start)
