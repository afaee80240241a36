"""who is rated, ratings, ballots (tallies only), and what the department has settled of the rules' doubts"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FROZEN = (
    "subject_id", "step", "level", "score", "reason", "unit_id", "entered_by", "confirmed_by", "number", "decided_on",
    "regulation", "at", "replaces_id",
)  # fmt: skip
SQLITE = (
    "CREATE TRIGGER rating_decided_stays BEFORE UPDATE ON rating WHEN OLD.step = 'decided' AND ("
    + " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in FROZEN)
    + " OR NEW.why IS NOT OLD.why OR OLD.current = 0)"
    " BEGIN SELECT RAISE(ABORT, 'a decided rating is never changed'); END",
    "CREATE TRIGGER rating_decided_is_kept BEFORE DELETE ON rating WHEN OLD.step = 'decided'"
    " BEGIN SELECT RAISE(ABORT, 'a decided rating is never deleted'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION rating_decided_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " IF OLD.step = 'decided' THEN"
    " IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'a decided rating is never deleted'; END IF;"
    " IF NOT OLD.current OR NEW.why::text IS DISTINCT FROM OLD.why::text OR "
    + " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in FROZEN)
    + " THEN RAISE EXCEPTION 'a decided rating is never changed'; END IF;"
    " END IF;"
    " IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER rating_decided_stays BEFORE UPDATE OR DELETE ON rating"
    " FOR EACH ROW EXECUTE FUNCTION rating_decided_stays()",
)


def upgrade() -> None:
    op.create_table(
        "ballot",
        sa.Column("id", ID, nullable=False),
        sa.Column("cycle_id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="the kind of vote, a key of the regulation"),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Text(), nullable=False, comment="the number of the signed minutes"),
        sa.Column("convened", sa.Integer(), nullable=False),
        sa.Column("present", sa.Integer(), nullable=False),
        sa.Column("issued", sa.Integer(), nullable=False),
        sa.Column("collected", sa.Integer(), nullable=False),
        sa.Column("valid", sa.Integer(), nullable=False),
        sa.Column("invalid", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(state = 'confirmed') = (confirmed_at IS NOT NULL)", name=op.f("ck_ballot_confirmation")),
        sa.CheckConstraint("(state = 'confirmed') = (confirmed_by IS NOT NULL)", name=op.f("ck_ballot_confirmer")),
        sa.CheckConstraint("state IN ('first', 'confirmed', 'disputed')", name=op.f("ck_ballot_state")),
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> entered_by", name=op.f("ck_ballot_four_eyes")),
        sa.CheckConstraint(
            "convened >= 1 AND present BETWEEN 0 AND convened AND issued BETWEEN 0 AND present AND collected BETWEEN 0 AND issued AND valid >= 0 AND invalid >= 0 AND valid + invalid = collected",
            name=op.f("ck_ballot_sums"),
        ),
        sa.CheckConstraint("round >= 1", name=op.f("ck_ballot_round")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_ballot_cycle_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_ballot_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot")),
        sa.UniqueConstraint(
            "cycle_id", "kind", "round", "unit_id", "minutes", name=op.f("uq_ballot_cycle_id_kind_round_unit_id_minutes")
        ),
    )
    op.create_table(
        "settlement",
        sa.Column("cycle_id", ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="which doubt of the rules, e.g. quota.base, authority.member"),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("settled_by", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_settlement_cycle_id")),
        sa.PrimaryKeyConstraint("cycle_id", "key", name=op.f("pk_settlement")),
    )
    op.create_table(
        "subject",
        sa.Column("id", ID, nullable=False),
        sa.Column("cycle_id", ID, nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ratee", sa.Text(), nullable=True, comment="which row of the matrix of authority; null: nobody has said"),
        sa.Column("scope_id", ID, nullable=False, comment="the branch in which its quota is counted"),
        sa.Column("comparison", sa.Text(), nullable=False, comment="the group of alike posts or units"),
        sa.Column("exempt", sa.Text(), nullable=True, comment="why it is not rated, with the clause"),
        sa.Column("awaits", sa.Text(), nullable=True, comment="what must come in before it may be decided, with the clause"),
        sa.CheckConstraint("(kind IN ('leader', 'member')) = (person_id IS NOT NULL)", name=op.f("ck_subject_person")),
        sa.CheckConstraint("kind IN ('organisation', 'collective', 'leader', 'member')", name=op.f("ck_subject_kind")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_subject_cycle_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_subject_person_id")),
        sa.ForeignKeyConstraint(["scope_id"], ["unit.id"], name=op.f("fk_subject_scope_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_subject_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject")),
    )
    with op.batch_alter_table("subject", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subject_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_subject_scope", ["cycle_id", "scope_id"], unique=False)
        batch_op.create_index(
            "uq_subject_of_person",
            ["cycle_id", "unit_id", "kind", "person_id"],
            unique=True,
            sqlite_where=sa.text("person_id IS NOT NULL"),
            postgresql_where=sa.text("person_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_subject_of_unit",
            ["cycle_id", "unit_id", "kind"],
            unique=True,
            sqlite_where=sa.text("person_id IS NULL"),
            postgresql_where=sa.text("person_id IS NULL"),
        )

    op.create_table(
        "ballot_count",
        sa.Column("ballot_id", ID, nullable=False),
        sa.Column("subject_id", ID, nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.CheckConstraint("level IN ('excellent', 'good', 'fair', 'fail')", name=op.f("ck_ballot_count_level")),
        sa.CheckConstraint("votes >= 0", name=op.f("ck_ballot_count_votes")),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_ballot_count_ballot_id")),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_ballot_count_subject_id")),
        sa.PrimaryKeyConstraint("ballot_id", "subject_id", "level", name=op.f("pk_ballot_count")),
    )
    with op.batch_alter_table("ballot_count", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ballot_count_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "ballot_entry",
        sa.Column("id", ID, nullable=False),
        sa.Column("ballot_id", ID, nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.Column(
            "said", sa.JSON(), nullable=False, comment="the tallies as this person has typed them; nothing typed is lost"
        ),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_ballot_entry_ballot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot_entry")),
    )
    with op.batch_alter_table("ballot_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ballot_entry_ballot_id"), ["ballot_id"], unique=False)

    op.create_table(
        "rating",
        sa.Column("id", ID, nullable=False),
        sa.Column("subject_id", ID, nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True, comment="in hundredths of a point, never rounded"),
        sa.Column("reason", sa.Text(), nullable=True, comment="why it differs from the step before"),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("regulation", sa.Text(), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False, comment="the explanation with its citations, as it was then"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("replaces_id", ID, nullable=True, comment="the decision that was reopened"),
        sa.Column("reopened_at", sa.BigInteger(), nullable=True),
        sa.Column("reopened_by", sa.Text(), nullable=True),
        sa.Column("approved_by", sa.Text(), nullable=True, comment="who approved the reopening"),
        sa.Column("reopened_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("level IN ('excellent', 'good', 'fair', 'fail')", name=op.f("ck_rating_level")),
        sa.CheckConstraint(
            "step <> 'decided' OR (number IS NOT NULL AND decided_on IS NOT NULL AND confirmed_by IS NOT NULL)",
            name=op.f("ck_rating_decision"),
        ),
        sa.CheckConstraint(
            "step <> 'decided' OR (reopened_at IS NULL) = current", name=op.f("ck_rating_decided_until_reopened")
        ),
        sa.CheckConstraint("step IN ('self', 'proposed', 'appraised', 'decided')", name=op.f("ck_rating_step")),
        sa.CheckConstraint(
            "(reopened_at IS NULL) = (reopened_by IS NULL) AND (reopened_at IS NULL) = (approved_by IS NULL) AND (reopened_at IS NULL) = (reopened_reason IS NULL)",
            name=op.f("ck_rating_reopening"),
        ),
        sa.CheckConstraint("approved_by IS NULL OR approved_by <> reopened_by", name=op.f("ck_rating_approver")),
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> entered_by", name=op.f("ck_rating_four_eyes")),
        sa.CheckConstraint("score IS NULL OR score >= 0", name=op.f("ck_rating_score")),
        sa.ForeignKeyConstraint(["replaces_id"], ["rating.id"], name=op.f("fk_rating_replaces_id")),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_rating_subject_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_rating_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
    )
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rating_subject_id"), ["subject_id"], unique=False)
        batch_op.create_index(
            "uq_rating_current",
            ["subject_id", "step"],
            unique=True,
            sqlite_where=sa.text("current"),
            postgresql_where=sa.text("current"),
        )

    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(sa.DDL(statement))  # type: ignore[no-untyped-call]  # SQLAlchemy leaves its DDL untyped


def downgrade() -> None:
    for name in ("ballot_entry", "ballot_count", "ballot", "rating", "subject", "settlement"):
        op.drop_table(name)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION rating_decided_stays()")
