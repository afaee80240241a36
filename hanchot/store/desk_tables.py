"""The tables of a secretary's desk: what was typed so far, time asked for, stand-ins, private calendars."""

from __future__ import annotations

import sqlalchemy as sa

from hanchot.store.tables import Id, Instant, _id, _one_of, _ref, metadata

REQUEST_STATES = ("asked", "granted", "refused", "withdrawn")

form_draft = sa.Table(
    "form_draft",
    metadata,
    sa.Column("item_id", Id, sa.ForeignKey("work_item.id"), primary_key=True),
    _ref("person.id", primary_key=True),
    sa.Column("said", sa.JSON, nullable=False, comment="fields of the form by name; may be confidential: in no event or log"),
    sa.Column("revision", sa.Integer, nullable=False, default=1, comment="raised by every save; a form names its own"),
    sa.Column("saved_at", Instant, nullable=False),
    sa.Column("sent_at", Instant, comment="when it was handed in: from then on whoever receives the work reads it"),
    sa.CheckConstraint("revision >= 1", name="revision"),
)

time_request = sa.Table(
    "time_request",
    metadata,
    _id(),
    sa.Column("item_id", Id, sa.ForeignKey("work_item.id"), nullable=False, index=True),
    sa.Column("asked_by", sa.Text, nullable=False),
    sa.Column("asked_at", Instant, nullable=False),
    sa.Column("until", sa.Date, nullable=False, comment="last local day that is asked for, counted"),
    sa.Column("reason", sa.Text, nullable=False, comment="in no event"),
    sa.Column("state", sa.Text, nullable=False, default="asked"),
    sa.Column("answered_by", sa.Text),
    sa.Column("answered_at", Instant),
    sa.Column("answer", sa.Text, comment="why it was refused; in no event"),
    _one_of("state", REQUEST_STATES, "state"),
    sa.CheckConstraint(
        "(state = 'asked') = (answered_at IS NULL) AND (answered_at IS NULL) = (answered_by IS NULL)", name="answered"
    ),
    sa.CheckConstraint("state <> 'refused' OR answer IS NOT NULL", name="answer"),
)
_OPEN = time_request.c.state == "asked"
sa.Index("uq_time_request_open", time_request.c.item_id, unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN)

stand_in = sa.Table(
    "stand_in",
    metadata,
    _id(),
    _ref("post.id", nullable=False, index=True),
    _ref("person.id", nullable=False, index=True, comment="who stands in"),
    sa.Column("holder_id", Id, sa.ForeignKey("person.id"), nullable=False, comment="for whom, as long as they hold the post"),
    sa.Column("starts", sa.Date, nullable=False),
    sa.Column("ends", sa.Date, nullable=False, comment="last local day"),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("ended_at", Instant, comment="when it was taken back before its last day"),
    sa.CheckConstraint("starts <= ends", name="period"),
    sa.CheckConstraint("person_id <> holder_id", name="somebody_else"),
)

calendar_feed = sa.Table(
    "calendar_feed",
    metadata,
    _id(),
    _ref("person.id", nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("ended_at", Instant, comment="from then on its address leads nowhere"),
)
_ALIVE = calendar_feed.c.ended_at.is_(None)
sa.Index(
    "uq_calendar_feed_alive", calendar_feed.c.person_id, unique=True, sqlite_where=_ALIVE, postgresql_where=_ALIVE
)  # fmt: skip
