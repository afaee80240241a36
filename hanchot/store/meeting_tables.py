"""The tables of review meetings: bookings with who attends, suggested topics, and opinions that must be heard.

The words of a topic and of an opinion stand here and nowhere else. A meeting is never deleted: it is called off, with a reason.
"""

from __future__ import annotations

import sqlalchemy as sa

from hanchot.domain.opinion import Kind
from hanchot.domain.review_order import SITTINGS
from hanchot.domain.topics import Ground
from hanchot.store.tables import Id, Instant, _id, _one_of, _ref, metadata

ROLES = ("directs", "follows")
MARKS = ("approved", "papers")

meeting = sa.Table(
    "meeting",
    metadata,
    _id(),
    _ref("cycle.id", nullable=False),
    _ref("unit.id", nullable=False, comment="whose review it is"),
    sa.Column("step", sa.Text, nullable=False, comment="what is reviewed there"),
    sa.Column("starts", Instant, nullable=False, index=True),
    sa.Column("ends", Instant, nullable=False),
    sa.Column("place", sa.Text, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False, default=0, comment="raised when it moves"),
    sa.Column("registered_at", Instant, nullable=False, comment="when the unit asked for this time"),
    sa.Column("registered_by", sa.Text, nullable=False),
    sa.Column("held_at", Instant, comment="when it was recorded as held"),
    sa.Column("held_by", sa.Text),
    sa.Column("minutes", sa.Text, comment="the number of the signed minutes"),
    sa.Column("despite", sa.Text, comment="why it was held although something was still missing"),
    sa.Column("cancelled_at", Instant),
    sa.Column("cancelled_by", sa.Text),
    sa.Column("cancelled_reason", sa.Text),
    _one_of("step", tuple(SITTINGS), "step"),
    sa.CheckConstraint("starts < ends", name="time"),
    sa.CheckConstraint("(held_at IS NULL) = (held_by IS NULL) AND (held_at IS NULL) = (minutes IS NULL)", name="holding"),
    sa.CheckConstraint(
        "(cancelled_at IS NULL) = (cancelled_by IS NULL) AND (cancelled_at IS NULL) = (cancelled_reason IS NULL)",
        name="cancelling",
    ),
    sa.CheckConstraint("held_at IS NULL OR cancelled_at IS NULL", name="end"),
)
sa.Index(
    "uq_meeting_standing", meeting.c.cycle_id, meeting.c.unit_id, meeting.c.step, unique=True,
    sqlite_where=meeting.c.cancelled_at.is_(None), postgresql_where=meeting.c.cancelled_at.is_(None),
)  # fmt: skip

meeting_attendee = sa.Table(
    "meeting_attendee",
    metadata,
    _ref("meeting.id", primary_key=True),
    _ref("person.id", primary_key=True, index=True),
    sa.Column("role", sa.Text, nullable=False, comment="directs the review, or follows it"),
    _one_of("role", ROLES, "role"),
)

meeting_mark = sa.Table(
    "meeting_mark",
    metadata,
    _ref("meeting.id", primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True, comment="time approved by, or papers sent to"),
    sa.Column("who", sa.Text, primary_key=True, comment="as the rule names them"),
    sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False, comment="of the meeting, as it was then"),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    _one_of("kind", MARKS, "kind"),
)

topic = sa.Table(
    "topic",
    metadata,
    _id(),
    _ref("cycle.id", nullable=False),
    _ref("unit.id", nullable=False, comment="to whom it is suggested"),
    _ref("person.id", index=True, comment="null: the unit's collective"),
    sa.Column("no", sa.Integer, nullable=False, comment="counted in the unit: the only thing that lists say of it"),
    sa.Column("words", sa.Text, nullable=False, comment="confidential: in no title, letter, event or log"),
    sa.Column("ground", sa.Text),
    sa.Column("proposed_by", sa.Text, nullable=False),
    sa.Column("drafted_at", Instant, nullable=False),
    sa.Column("drafted_by", sa.Text, nullable=False),
    sa.Column("body_id", Id, sa.ForeignKey("unit.id"), comment="the body that decided"),
    sa.Column("number", sa.Text, comment="of the signed paper"),
    sa.Column("decided_on", sa.Date),
    sa.Column("decided_by", sa.Text, comment="who recorded the decision"),
    sa.Column("half_days", sa.Integer, comment="how long the review must last, where the body has said so"),
    sa.Column("sent_on", sa.Date),
    sa.Column("sent_by", sa.Text),
    sa.Column("answer", sa.Text, comment="where the report speaks of it"),
    sa.Column("answered_at", Instant),
    sa.Column("answered_by", sa.Text),
    sa.Column("dropped_at", Instant),
    sa.Column("dropped_by", sa.Text),
    sa.Column("dropped_reason", sa.Text, comment="confidential"),
    sa.UniqueConstraint("cycle_id", "unit_id", "no"),
    _one_of("ground", Ground, "ground"),
    sa.CheckConstraint(
        "(body_id IS NULL) = (decided_on IS NULL) AND (body_id IS NULL) = (number IS NULL)"
        " AND (body_id IS NULL) = (decided_by IS NULL)",
        name="decision",
    ),
    sa.CheckConstraint("body_id IS NULL OR (ground IS NOT NULL AND words <> '')", name="clear"),
    sa.CheckConstraint("half_days IS NULL OR half_days >= 1", name="half_days"),
    sa.CheckConstraint(
        "sent_on IS NULL OR (sent_by IS NOT NULL AND decided_on IS NOT NULL AND sent_on >= decided_on)", name="sending"
    ),
    sa.CheckConstraint(
        "(answered_at IS NULL) = (answer IS NULL) AND (answered_at IS NULL) = (answered_by IS NULL)"
        " AND (answered_at IS NULL OR sent_on IS NOT NULL)",
        name="answering",
    ),
    sa.CheckConstraint(
        "(dropped_at IS NULL) = (dropped_by IS NULL) AND (dropped_at IS NULL) = (dropped_reason IS NULL)"
        " AND (dropped_at IS NULL OR sent_on IS NULL)",
        name="dropping",
    ),
)

opinion = sa.Table(
    "opinion",
    metadata,
    _id(),
    _ref("cycle.id", nullable=False, comment="the review that must hear it"),
    _ref("unit.id", nullable=False, comment="about whom"),
    _ref("person.id", index=True, comment="about which person; null: about the unit"),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("heard_id", Id, sa.ForeignKey("unit.id"), nullable=False, comment="the unit that gives or obtains it"),
    sa.Column("attender_id", Id, sa.ForeignKey("person.id"), index=True, comment="the superior who attended and gives it"),
    sa.Column("source", sa.Text, nullable=False, comment="a body outside the tree, in words; empty: the unit itself"),
    sa.Column("item_id", Id, sa.ForeignKey("work_item.id"), nullable=False, unique=True),
    sa.Column("asked_at", Instant, nullable=False),
    sa.Column("asked_by", sa.Text, nullable=False),
    sa.Column(
        "said", sa.JSON(none_as_null=True), comment="the opinion, with a salt; confidential: in no title, letter, event or log"
    ),
    sa.Column("number", sa.Text, comment="of the paper that says it; may be empty"),
    sa.Column("received_on", sa.Date),
    sa.Column("received_at", Instant),
    sa.Column("received_by", sa.Text),
    _one_of("kind", Kind, "kind"),
    sa.CheckConstraint("(kind = 'attending') = (attender_id IS NOT NULL)", name="attender"),
    sa.CheckConstraint(
        "(received_at IS NULL) = (received_by IS NULL) AND (received_at IS NULL) = (received_on IS NULL)",
        name="receipt",
    ),
)
sa.Index("ix_opinion_about", opinion.c.cycle_id, opinion.c.unit_id)
