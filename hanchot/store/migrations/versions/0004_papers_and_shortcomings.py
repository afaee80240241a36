"""dossiers with their papers, waivers and receipts, and the shortcomings that have to be remedied"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "dossier",
        sa.Column("id", ID, nullable=False),
        sa.Column("cycle_id", ID, nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("checklist", sa.Text(), nullable=False, comment="key of the list in the rules of review"),
        sa.Column("member", sa.Boolean(), nullable=False, comment="a member of the Party"),
        sa.Column("cadre", sa.Boolean(), nullable=False),
        sa.Column("managed", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.CheckConstraint("managed IN ('none', 'above', 'here')", name=op.f("ck_dossier_managed")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_dossier_cycle_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_dossier_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_dossier_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier")),
    )
    with op.batch_alter_table("dossier", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossier_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_dossier_of_person",
            ["cycle_id", "unit_id", "checklist", "person_id"],
            unique=True,
            sqlite_where=sa.text("person_id IS NOT NULL"),
            postgresql_where=sa.text("person_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_dossier_of_unit",
            ["cycle_id", "unit_id", "checklist"],
            unique=True,
            sqlite_where=sa.text("person_id IS NULL"),
            postgresql_where=sa.text("person_id IS NULL"),
        )

    op.create_table(
        "dossier_fact",
        sa.Column("dossier_id", ID, nullable=False),
        sa.Column("fact", sa.Text(), nullable=False, comment="what makes a paper “(nếu có)” exist"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "fact IN ('topics-issued', 'opinions-given', 'complaint-made', 'new-diplomas', 'other-papers', 'reward-proposed')",
            name=op.f("ck_dossier_fact_fact"),
        ),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_dossier_fact_dossier_id")),
        sa.PrimaryKeyConstraint("dossier_id", "fact", name=op.f("pk_dossier_fact")),
    )
    op.create_table(
        "paper",
        sa.Column("id", ID, nullable=False),
        sa.Column("dossier_id", ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="of the item of the checklist"),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True, comment="as the file was called on the person's machine"),
        sa.Column("inner_name", sa.Text(), nullable=True, comment="random: nothing that a person typed becomes a path"),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True, comment="where the paper itself lies, e.g. tủ 3"),
        sa.Column("handed_at", sa.BigInteger(), nullable=False),
        sa.Column("handed_by", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'hard_copy' AND name IS NULL AND inner_name IS NULL AND size IS NULL AND sha256 IS NULL AND body IS NULL) OR (kind <> 'hard_copy' AND name IS NOT NULL AND inner_name IS NOT NULL AND size IS NOT NULL AND sha256 IS NOT NULL AND body IS NOT NULL)",
            name=op.f("ck_paper_file"),
        ),
        sa.CheckConstraint("(kind = 'hard_copy') = (place IS NOT NULL)", name=op.f("ck_paper_place")),
        sa.CheckConstraint("kind IN ('pdf', 'docx', 'xlsx', 'jpg', 'png', 'hard_copy')", name=op.f("ck_paper_kind")),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL) AND (withdrawn_at IS NULL) = (withdrawn_reason IS NULL)",
            name=op.f("ck_paper_withdrawal"),
        ),
        sa.CheckConstraint("size IS NULL OR size > 0", name=op.f("ck_paper_size")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_paper_dossier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
        sa.UniqueConstraint("inner_name", name=op.f("uq_paper_inner_name")),
    )
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.create_index(
            "uq_paper_current",
            ["dossier_id", "key"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )

    op.create_table(
        "receipt",
        sa.Column("dossier_id", ID, nullable=False),
        sa.Column("set_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Text(), nullable=False, comment="where the set is kept"),
        sa.Column("day", sa.Date(), nullable=False, comment="local day on which it was filed or received"),
        sa.Column("number", sa.Text(), nullable=False, comment="in the register of the receiver; may be empty"),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("set_no >= 1", name=op.f("ck_receipt_set_no")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_receipt_dossier_id")),
        sa.PrimaryKeyConstraint("dossier_id", "set_no", name=op.f("pk_receipt")),
    )
    op.create_table(
        "waiver",
        sa.Column("dossier_id", ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_waiver_dossier_id")),
        sa.PrimaryKeyConstraint("dossier_id", "key", name=op.f("pk_waiver")),
    )
    op.create_table(
        "shortcoming",
        sa.Column("id", ID, nullable=False),
        sa.Column("cycle_id", ID, nullable=False, comment="the review that found it"),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("no", sa.Integer(), nullable=False, comment="counted in the unit: the only thing a title says of it"),
        sa.Column("words", sa.Text(), nullable=False, comment="confidential: in no title, letter, event or log"),
        sa.Column("measure", sa.Text(), nullable=False, comment="confidential"),
        sa.Column("responsible", sa.Text(), nullable=False, comment="confidential"),
        sa.Column("until", sa.Date(), nullable=True, comment="local day, counted"),
        sa.Column("event", sa.Text(), nullable=True, comment="what it is due at, where no day is known yet"),
        sa.Column("expected", sa.Text(), nullable=False, comment="what will show that it is done; confidential"),
        sa.Column("proof", sa.Text(), nullable=True, comment="what shows that it is done; confidential"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column(
            "answers", sa.Text(), nullable=True, comment="who answers for what is not quite fixed or recurs; confidential"
        ),
        sa.Column("carried_from", ID, nullable=True),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("judged_at", sa.BigInteger(), nullable=True),
        sa.Column("judged_by", sa.Text(), nullable=True),
        sa.CheckConstraint("state <> 'fixed' OR proof IS NOT NULL", name=op.f("ck_shortcoming_proof")),
        sa.CheckConstraint("state IN ('open', 'fixed', 'partly', 'recurring')", name=op.f("ck_shortcoming_state")),
        sa.CheckConstraint("state NOT IN ('partly', 'recurring') OR answers IS NOT NULL", name=op.f("ck_shortcoming_answers")),
        sa.CheckConstraint("(judged_at IS NULL) = (judged_by IS NULL)", name=op.f("ck_shortcoming_judgement")),
        sa.CheckConstraint("until IS NOT NULL OR event IS NOT NULL", name=op.f("ck_shortcoming_deadline")),
        sa.ForeignKeyConstraint(["carried_from"], ["shortcoming.id"], name=op.f("fk_shortcoming_carried_from")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_shortcoming_cycle_id")),
        sa.ForeignKeyConstraint(["item_id"], ["work_item.id"], name=op.f("fk_shortcoming_item_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_shortcoming_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_shortcoming_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shortcoming")),
        sa.UniqueConstraint("carried_from", name=op.f("uq_shortcoming_carried_from")),
        sa.UniqueConstraint("cycle_id", "unit_id", "no", name=op.f("uq_shortcoming_cycle_id_unit_id_no")),
        sa.UniqueConstraint("item_id", name=op.f("uq_shortcoming_item_id")),
    )
    with op.batch_alter_table("shortcoming", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shortcoming_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_table("shortcoming")
    op.drop_table("receipt")
    op.drop_table("waiver")
    op.drop_table("paper")
    op.drop_table("dossier_fact")
    op.drop_table("dossier")
