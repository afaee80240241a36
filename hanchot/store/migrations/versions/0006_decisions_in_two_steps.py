"""decisions drafted by one and confirmed by another, and complaints about what was decided"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "decision",
        sa.Column("id", ID, nullable=False),
        sa.Column("cycle_id", ID, nullable=False),
        sa.Column("unit_id", ID, nullable=False, comment="the body that decides"),
        sa.Column("number", sa.Text(), nullable=False, comment="of the signed paper"),
        sa.Column("decided_on", sa.Date(), nullable=False, comment="local day of the signed paper"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("drafted_by", sa.Text(), nullable=False),
        sa.Column("drafted_at", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True, comment="confidential: it may say whose case is doubtful"),
        sa.CheckConstraint(
            "(state = 'confirmed') = (confirmed_by IS NOT NULL) AND (state = 'confirmed') = (confirmed_at IS NOT NULL)",
            name=op.f("ck_decision_confirmation"),
        ),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_by IS NOT NULL) AND (state = 'withdrawn') = (withdrawn_at IS NOT NULL) AND (state = 'withdrawn') = (withdrawn_reason IS NOT NULL)",
            name=op.f("ck_decision_withdrawal"),
        ),
        sa.CheckConstraint("state IN ('draft', 'confirmed', 'withdrawn')", name=op.f("ck_decision_state")),
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> drafted_by", name=op.f("ck_decision_four_eyes")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_decision_cycle_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_decision_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index("ix_decision_cycle_id_state", ["cycle_id", "state"], unique=False)
        batch_op.create_index(
            "uq_decision_draft",
            ["cycle_id", "unit_id", "number"],
            unique=True,
            sqlite_where=sa.text("state = 'draft'"),
            postgresql_where=sa.text("state = 'draft'"),
        )

    op.create_table(
        "complaint",
        sa.Column("id", ID, nullable=False),
        sa.Column("rating_id", ID, nullable=False, comment="the decided result that it is about"),
        sa.Column("unit_id", ID, nullable=False, comment="the complainant's unit, which is told of the answer"),
        sa.Column("complainant", sa.Text(), nullable=False, comment="confidential"),
        sa.Column("received_on", sa.Date(), nullable=False, comment="local day"),
        sa.Column("reason", sa.Text(), nullable=False, comment="confidential: in no letter, event or log"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("registered_by", sa.Text(), nullable=False),
        sa.Column("registered_at", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True, comment="confidential"),
        sa.Column("number", sa.Text(), nullable=True, comment="of the paper that answers"),
        sa.Column("answered_by", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (answer IS NULL) AND (state = 'open') = (answered_by IS NULL) AND (state = 'open') = (answered_at IS NULL)",
            name=op.f("ck_complaint_answer"),
        ),
        sa.CheckConstraint("state IN ('open', 'kept', 'reopened')", name=op.f("ck_complaint_state")),
        sa.ForeignKeyConstraint(["rating_id"], ["rating.id"], name=op.f("fk_complaint_rating_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_complaint_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
    )
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_complaint_rating_id"), ["rating_id"], unique=False)
        batch_op.create_index(
            "uq_complaint_open",
            ["rating_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "decision_line",
        sa.Column("decision_id", ID, nullable=False),
        sa.Column("subject_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False, comment="points, answers and reason as they were drafted; confidential"),
        sa.Column("pending", sa.Boolean(), nullable=False, comment="still on a draft"),
        sa.Column("rating_id", ID, nullable=True, comment="what it became when it was confirmed"),
        sa.CheckConstraint("level IN ('excellent', 'good', 'fair', 'fail')", name=op.f("ck_decision_line_level")),
        sa.CheckConstraint("NOT pending OR rating_id IS NULL", name=op.f("ck_decision_line_pending")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_decision_line_decision_id")),
        sa.ForeignKeyConstraint(["rating_id"], ["rating.id"], name=op.f("fk_decision_line_rating_id")),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_decision_line_subject_id")),
        sa.PrimaryKeyConstraint("decision_id", "subject_id", name=op.f("pk_decision_line")),
        sa.UniqueConstraint("rating_id", name=op.f("uq_decision_line_rating_id")),
    )
    with op.batch_alter_table("decision_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_line_subject_id"), ["subject_id"], unique=False)
        batch_op.create_index(
            "uq_decision_line_pending",
            ["subject_id"],
            unique=True,
            sqlite_where=sa.text("pending"),
            postgresql_where=sa.text("pending"),
        )


def downgrade() -> None:
    op.drop_table("complaint")
    op.drop_table("decision_line")
    op.drop_table("decision")
