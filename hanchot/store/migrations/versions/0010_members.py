"""facts of members, and which cells have a committee"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "membership",
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("admitted_on", sa.Date(), nullable=True, comment="null: nobody has told"),
        sa.Column("excused_from", sa.Date(), nullable=True),
        sa.Column("excused_to", sa.Date(), nullable=True),
        sa.Column("suspended_from", sa.Date(), nullable=True),
        sa.Column("suspended_to", sa.Date(), nullable=True),
        sa.Column(
            "temporary_cell", sa.Text(), nullable=True, comment="where the member takes part for the time being, in words"
        ),
        sa.Column("comment_on", sa.Date(), nullable=True, comment="when that cell's comment came in"),
        sa.CheckConstraint("excused_to IS NULL OR excused_from <= excused_to", name=op.f("ck_membership_excused")),
        sa.CheckConstraint("suspended_to IS NULL OR suspended_from <= suspended_to", name=op.f("ck_membership_suspended")),
        sa.CheckConstraint("comment_on IS NULL OR temporary_cell IS NOT NULL", name=op.f("ck_membership_comment")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_membership")),
    )
    op.create_table(
        "cell_committee",
        sa.Column("cycle_id", _ID, nullable=False),
        sa.Column("unit_id", _ID, nullable=False),
        sa.Column("has", sa.Boolean(), nullable=False, comment="whether this cell has a committee (chi ủy)"),
        sa.Column("told_by", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_cell_committee_cycle_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_cell_committee_unit_id")),
        sa.PrimaryKeyConstraint("cycle_id", "unit_id", name=op.f("pk_cell_committee")),
    )


def downgrade() -> None:
    """What followed from the facts stays: who is exempt, and which committees are rated, stands in ``subject``."""
    op.drop_table("cell_committee")
    op.drop_table("membership")
