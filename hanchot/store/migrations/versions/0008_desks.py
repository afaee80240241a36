"""what a secretary has typed, time asked for, stand-ins"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = sa.text("state = 'asked'")
ALIVE = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "form_draft",
        sa.Column("item_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column(
            "said", sa.JSON(), nullable=False, comment="fields of the form by name; may be confidential: in no event or log"
        ),
        sa.Column("revision", sa.Integer(), nullable=False, comment="raised by every save; a form names its own"),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "sent_at",
            sa.BigInteger(),
            nullable=True,
            comment="when it was handed in: from then on whoever receives the work reads it",
        ),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_form_draft_revision")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_form_draft_person_id")),
        sa.ForeignKeyConstraint(["item_id"], ["work_item.id"], name=op.f("fk_form_draft_item_id")),
        sa.PrimaryKeyConstraint("item_id", "person_id", name=op.f("pk_form_draft")),
    )
    op.create_table(
        "time_request",
        sa.Column("id", ID, nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False, comment="last local day that is asked for, counted"),
        sa.Column("reason", sa.Text(), nullable=False, comment="in no event"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True, comment="why it was refused; in no event"),
        sa.CheckConstraint("state IN ('asked', 'granted', 'refused', 'withdrawn')", name=op.f("ck_time_request_state")),
        sa.CheckConstraint(
            "(state = 'asked') = (answered_at IS NULL) AND (answered_at IS NULL) = (answered_by IS NULL)",
            name=op.f("ck_time_request_answered"),
        ),
        sa.CheckConstraint("state <> 'refused' OR answer IS NOT NULL", name=op.f("ck_time_request_answer")),
        sa.ForeignKeyConstraint(["item_id"], ["work_item.id"], name=op.f("fk_time_request_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_request")),
    )
    op.create_index(op.f("ix_time_request_item_id"), "time_request", ["item_id"])
    op.create_index("uq_time_request_open", "time_request", ["item_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_table(
        "stand_in",
        sa.Column("id", ID, nullable=False),
        sa.Column("post_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False, comment="who stands in"),
        sa.Column("holder_id", ID, nullable=False, comment="for whom, as long as they hold the post"),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False, comment="last local day"),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True, comment="when it was taken back before its last day"),
        sa.CheckConstraint("starts <= ends", name=op.f("ck_stand_in_period")),
        sa.CheckConstraint("person_id <> holder_id", name=op.f("ck_stand_in_somebody_else")),
        sa.ForeignKeyConstraint(["holder_id"], ["person.id"], name=op.f("fk_stand_in_holder_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_stand_in_person_id")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_stand_in_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stand_in")),
    )
    op.create_index(op.f("ix_stand_in_person_id"), "stand_in", ["person_id"])
    op.create_index(op.f("ix_stand_in_post_id"), "stand_in", ["post_id"])
    op.create_table(
        "calendar_feed",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True, comment="from then on its address leads nowhere"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_calendar_feed_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
    )
    op.create_index(
        "uq_calendar_feed_alive", "calendar_feed", ["person_id"], unique=True, sqlite_where=ALIVE, postgresql_where=ALIVE
    )


def downgrade() -> None:
    for table in ("calendar_feed", "stand_in", "time_request", "form_draft"):
        op.drop_table(table)
