"""review meetings that are booked, suggested topics, and opinions that must be heard"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "meeting",
        sa.Column("id", ID, nullable=False),
        sa.Column("cycle_id", ID, nullable=False),
        sa.Column("unit_id", ID, nullable=False, comment="whose review it is"),
        sa.Column("step", sa.Text(), nullable=False, comment="what is reviewed there"),
        sa.Column("starts", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False, comment="raised when it moves"),
        sa.Column("registered_at", sa.BigInteger(), nullable=False, comment="when the unit asked for this time"),
        sa.Column("registered_by", sa.Text(), nullable=False),
        sa.Column("held_at", sa.BigInteger(), nullable=True, comment="when it was recorded as held"),
        sa.Column("held_by", sa.Text(), nullable=True),
        sa.Column("minutes", sa.Text(), nullable=True, comment="the number of the signed minutes"),
        sa.Column("despite", sa.Text(), nullable=True, comment="why it was held although something was still missing"),
        sa.Column("cancelled_at", sa.BigInteger(), nullable=True),
        sa.Column("cancelled_by", sa.Text(), nullable=True),
        sa.Column("cancelled_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "step IN ('collective_review', 'cell_review', 'head_review', 'others_review', 'standing_review')",
            name=op.f("ck_meeting_step"),
        ),
        sa.CheckConstraint(
            "(cancelled_at IS NULL) = (cancelled_by IS NULL) AND (cancelled_at IS NULL) = (cancelled_reason IS NULL)",
            name=op.f("ck_meeting_cancelling"),
        ),
        sa.CheckConstraint(
            "(held_at IS NULL) = (held_by IS NULL) AND (held_at IS NULL) = (minutes IS NULL)", name=op.f("ck_meeting_holding")
        ),
        sa.CheckConstraint("held_at IS NULL OR cancelled_at IS NULL", name=op.f("ck_meeting_end")),
        sa.CheckConstraint("starts < ends", name=op.f("ck_meeting_time")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_meeting_cycle_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_meeting_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
    )
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_starts"), ["starts"], unique=False)
        batch_op.create_index(
            "uq_meeting_standing",
            ["cycle_id", "unit_id", "step"],
            unique=True,
            sqlite_where=sa.text("cancelled_at IS NULL"),
            postgresql_where=sa.text("cancelled_at IS NULL"),
        )

    op.create_table(
        "topic",
        sa.Column("id", ID, nullable=False),
        sa.Column("cycle_id", ID, nullable=False),
        sa.Column("unit_id", ID, nullable=False, comment="to whom it is suggested"),
        sa.Column("person_id", ID, nullable=True, comment="null: the unit's collective"),
        sa.Column("no", sa.Integer(), nullable=False, comment="counted in the unit: the only thing that lists say of it"),
        sa.Column("words", sa.Text(), nullable=False, comment="confidential: in no title, letter, event or log"),
        sa.Column("ground", sa.Text(), nullable=True),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("drafted_at", sa.BigInteger(), nullable=False),
        sa.Column("drafted_by", sa.Text(), nullable=False),
        sa.Column("body_id", ID, nullable=True, comment="the body that decided"),
        sa.Column("number", sa.Text(), nullable=True, comment="of the signed paper"),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True, comment="who recorded the decision"),
        sa.Column(
            "half_days", sa.Integer(), nullable=True, comment="how long the review must last, where the body has said so"
        ),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("sent_by", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True, comment="where the report speaks of it"),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=True),
        sa.Column("dropped_at", sa.BigInteger(), nullable=True),
        sa.Column("dropped_by", sa.Text(), nullable=True),
        sa.Column("dropped_reason", sa.Text(), nullable=True, comment="confidential"),
        sa.CheckConstraint("body_id IS NULL OR (ground IS NOT NULL AND words <> '')", name=op.f("ck_topic_clear")),
        sa.CheckConstraint(
            "ground IN ('tasks', 'disunity', 'breach', 'negative', 'degradation')", name=op.f("ck_topic_ground")
        ),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answer IS NULL) AND (answered_at IS NULL) = (answered_by IS NULL) AND (answered_at IS NULL OR sent_on IS NOT NULL)",
            name=op.f("ck_topic_answering"),
        ),
        sa.CheckConstraint(
            "(body_id IS NULL) = (decided_on IS NULL) AND (body_id IS NULL) = (number IS NULL) AND (body_id IS NULL) = (decided_by IS NULL)",
            name=op.f("ck_topic_decision"),
        ),
        sa.CheckConstraint(
            "(dropped_at IS NULL) = (dropped_by IS NULL) AND (dropped_at IS NULL) = (dropped_reason IS NULL) AND (dropped_at IS NULL OR sent_on IS NULL)",
            name=op.f("ck_topic_dropping"),
        ),
        sa.CheckConstraint("half_days IS NULL OR half_days >= 1", name=op.f("ck_topic_half_days")),
        sa.CheckConstraint(
            "sent_on IS NULL OR (sent_by IS NOT NULL AND decided_on IS NOT NULL AND sent_on >= decided_on)",
            name=op.f("ck_topic_sending"),
        ),
        sa.ForeignKeyConstraint(["body_id"], ["unit.id"], name=op.f("fk_topic_body_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_topic_cycle_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_topic_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_topic_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
        sa.UniqueConstraint("cycle_id", "unit_id", "no", name=op.f("uq_topic_cycle_id_unit_id_no")),
    )
    with op.batch_alter_table("topic", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_topic_person_id"), ["person_id"], unique=False)

    op.create_table(
        "meeting_attendee",
        sa.Column("meeting_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("role", sa.Text(), nullable=False, comment="directs the review, or follows it"),
        sa.CheckConstraint("role IN ('directs', 'follows')", name=op.f("ck_meeting_attendee_role")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_attendee_meeting_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_meeting_attendee_person_id")),
        sa.PrimaryKeyConstraint("meeting_id", "person_id", name=op.f("pk_meeting_attendee")),
    )
    with op.batch_alter_table("meeting_attendee", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_attendee_person_id"), ["person_id"], unique=False)

    op.create_table(
        "meeting_mark",
        sa.Column("meeting_id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="time approved by, or papers sent to"),
        sa.Column("who", sa.Text(), nullable=False, comment="as the rule names them"),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False, comment="of the meeting, as it was then"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('approved', 'papers')", name=op.f("ck_meeting_mark_kind")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_mark_meeting_id")),
        sa.PrimaryKeyConstraint("meeting_id", "kind", "who", "revision", name=op.f("pk_meeting_mark")),
    )
    op.create_table(
        "opinion",
        sa.Column("id", ID, nullable=False),
        sa.Column("cycle_id", ID, nullable=False, comment="the review that must hear it"),
        sa.Column("unit_id", ID, nullable=False, comment="about whom"),
        sa.Column("person_id", ID, nullable=True, comment="about which person; null: about the unit"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("heard_id", ID, nullable=False, comment="the unit that gives or obtains it"),
        sa.Column("attender_id", ID, nullable=True, comment="the superior who attended and gives it"),
        sa.Column("source", sa.Text(), nullable=False, comment="a body outside the tree, in words; empty: the unit itself"),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column(
            "said",
            sa.JSON(),
            nullable=True,
            comment="the opinion, with a salt; confidential: in no title, letter, event or log",
        ),
        sa.Column("number", sa.Text(), nullable=True, comment="of the paper that says it; may be empty"),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=True),
        sa.Column("received_by", sa.Text(), nullable=True),
        sa.CheckConstraint("(kind = 'attending') = (attender_id IS NOT NULL)", name=op.f("ck_opinion_attender")),
        sa.CheckConstraint("kind IN ('residence', 'temporary', 'agency', 'attending')", name=op.f("ck_opinion_kind")),
        sa.CheckConstraint(
            "(received_at IS NULL) = (received_by IS NULL) AND (received_at IS NULL) = (received_on IS NULL)",
            name=op.f("ck_opinion_receipt"),
        ),
        sa.ForeignKeyConstraint(["attender_id"], ["person.id"], name=op.f("fk_opinion_attender_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_opinion_cycle_id")),
        sa.ForeignKeyConstraint(["heard_id"], ["unit.id"], name=op.f("fk_opinion_heard_id")),
        sa.ForeignKeyConstraint(["item_id"], ["work_item.id"], name=op.f("fk_opinion_item_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_opinion_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_opinion_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion")),
        sa.UniqueConstraint("item_id", name=op.f("uq_opinion_item_id")),
    )
    with op.batch_alter_table("opinion", schema=None) as batch_op:
        batch_op.create_index("ix_opinion_about", ["cycle_id", "unit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_opinion_attender_id"), ["attender_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_opinion_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_table("opinion")
    op.drop_table("meeting_mark")
    op.drop_table("meeting_attendee")
    op.drop_table("topic")
    op.drop_table("meeting")
