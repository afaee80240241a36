"""documents that are being read"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reading",
        sa.Column("draft_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("claim", sa.Text(), nullable=True, comment="of whoever reads it now"),
        sa.Column("lease_until", sa.BigInteger(), nullable=True, comment="whoever reads says a word before this, or has died"),
        sa.Column("page", sa.Integer(), nullable=False, comment="pages recognised so far"),
        sa.Column("pages", sa.Integer(), nullable=False, comment="pages to recognise; 0: none, or not known yet"),
        sa.Column("fault", sa.Text(), nullable=True, comment="why it could not be read, in one sentence"),
        sa.Column("way_out", sa.Text(), nullable=True),
        sa.CheckConstraint("(claim IS NULL) = (lease_until IS NULL)", name=op.f("ck_reading_lease")),
        sa.CheckConstraint("claim IS NULL OR fault IS NULL", name=op.f("ck_reading_fault")),
        sa.CheckConstraint("page >= 0 AND page <= pages", name=op.f("ck_reading_page")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_reading_draft_id")),
        sa.PrimaryKeyConstraint("draft_id", name=op.f("pk_reading")),
    )


def downgrade() -> None:
    """An older program would show what is not read yet as a document without a single deadline: it is handed in anew."""
    connection = op.get_bind()
    unread = "SELECT draft_id FROM reading"
    documents = list(connection.execute(sa.text(f"SELECT id, document_id FROM draft WHERE id IN ({unread})")))  # noqa: S608
    op.drop_table("reading")
    for draft_id, document_id in documents:
        connection.execute(sa.text("DELETE FROM draft WHERE id = :id"), {"id": draft_id})
        connection.execute(sa.text("DELETE FROM document WHERE id = :id"), {"id": document_id})
