"""documents as they were given to us, and the drafts read from them"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "document",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False, comment="of the bytes: the same file is kept once"),
        sa.Column("name", sa.Text(), nullable=False, comment="as the file was called on the person's machine"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=False, comment="when it was given to us and read"),
        sa.CheckConstraint("kind IN ('txt', 'docx', 'pdf', 'scan')", name=op.f("ck_document_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("sha256", name=op.f("uq_document_sha256")),
    )
    op.create_table(
        "draft",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False, comment="the draft as it was read; never changed"),
        sa.Column("decisions", sa.JSON(), nullable=False, comment="what people decided about it"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False, comment="raised by every change; a form names its own"),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("plan_key", sa.Text(), nullable=True, comment="the calendar that came out of it"),
        sa.CheckConstraint("state IN ('open', 'confirmed', 'dropped')", name=op.f("ck_draft_state")),
        sa.CheckConstraint(
            "(state = 'confirmed') = (confirmed_at IS NOT NULL AND confirmed_by IS NOT NULL AND plan_key IS NOT NULL)",
            name=op.f("ck_draft_confirmation"),
        ),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_draft_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("document_id", name=op.f("uq_draft_document_id")),
    )
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index("ix_draft_plan_key", ["plan_key"], unique=False)


def downgrade() -> None:
    op.drop_table("draft")
    op.drop_table("document")
