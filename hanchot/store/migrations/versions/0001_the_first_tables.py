"""the first tables"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "event",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("on_behalf", sa.Text(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("cycle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("was", sa.Text(), nullable=True),
        sa.Column("became", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("data", sa.Text(), nullable=True),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_event")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_cycle_id"), ["cycle_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_item_id"), ["item_id"], unique=False)

    op.create_table(
        "incident",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("resolved_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
        sa.UniqueConstraint("key", name=op.f("uq_incident_key")),
    )
    op.create_table(
        "meta",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_meta")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("code", name=op.f("uq_person_code")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("path", sa.Text(), nullable=False, comment="/root/…/id/, so that a branch is one prefix"),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="last day on which the unit exists"),
        sa.CheckConstraint(
            "kind IN ('provincial_committee', 'district_committee', 'town_committee', 'bloc_committee', 'commune_committee', 'standing_committee', 'organisation_department', 'office', 'advisory_body', 'government', 'front', 'agency', 'leadership', 'grassroots_committee', 'grassroots_cell', 'section_committee', 'cell', 'cell_of_section')",
            name=op.f("ck_unit_kind"),
        ),
        sa.CheckConstraint("valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to", name=op.f("ck_unit_validity")),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("code", name=op.f("uq_unit_code")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_unit_path"), ["path"], unique=False)

    op.create_table(
        "cycle",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=True),
        sa.Column("plan_key", sa.Text(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False, comment="the plan as it was when the cycle was opened, frozen"),
        sa.Column("root_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("summary_at", sa.BigInteger(), nullable=True, comment="when the department's next morning summary is due"),
        sa.Column("run_id", sa.Text(), nullable=True, comment="the Prefect flow run that shows this cycle"),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_cycle_closing")),
        sa.CheckConstraint("kind IN ('annual', 'quarterly')", name=op.f("ck_cycle_kind")),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_cycle_state")),
        sa.ForeignKeyConstraint(["root_id"], ["unit.id"], name=op.f("fk_cycle_root_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cycle")),
        sa.UniqueConstraint("code", name=op.f("uq_cycle_code")),
    )
    op.create_table(
        "envelope",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="what it says to whom; never a clock reading"),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("planned_at", sa.BigInteger(), nullable=False),
        sa.Column("release_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claim", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("retry_at", sa.BigInteger(), nullable=True),
        sa.Column("phase", sa.Text(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'claimed', 'accepted', 'retry', 'failed', 'uncertain', 'superseded', 'withheld', 'skipped', 'expired', 'bounced')",
            name=op.f("ck_envelope_state"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_envelope_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_envelope")),
        sa.UniqueConstraint("key", name=op.f("uq_envelope_key")),
    )
    with op.batch_alter_table("envelope", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_envelope_message_id"), ["message_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_envelope_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_envelope_state", ["state", "id"], unique=False)
        batch_op.create_index(
            "ix_envelope_waiting",
            ["release_at"],
            unique=False,
            sqlite_where=sa.text("state IN ('queued', 'retry', 'claimed', 'uncertain')"),
            postgresql_where=sa.text("state IN ('queued', 'retry', 'claimed', 'uncertain')"),
        )

    op.create_table(
        "post",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.CheckConstraint("role IN ('secretary', 'deputy', 'head', 'officer', 'member_in_charge')", name=op.f("ck_post_role")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_post_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sa.UniqueConstraint("unit_id", "role", name=op.f("uq_post_unit_id_role")),
    )
    op.create_table(
        "cycle_milestone",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cycle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("last_moment", sa.BigInteger(), nullable=True),
        sa.Column("chase_from", sa.Date(), nullable=True),
        sa.Column("optional", sa.Boolean(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=True, comment="who set the date where the plan names none, or moved it"),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("finished", sa.Integer(), nullable=False),
        sa.CheckConstraint("finished >= 0 AND finished <= total", name=op.f("ck_cycle_milestone_progress")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_cycle_milestone_cycle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cycle_milestone")),
        sa.UniqueConstraint("cycle_id", "key", name=op.f("uq_cycle_milestone_cycle_id_key")),
    )
    op.create_table(
        "cycle_stage",
        sa.Column("cycle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("overrun_at", sa.BigInteger(), nullable=True, comment="when it was first said that the stage overruns"),
        sa.CheckConstraint(
            "stage IN ('prepare', 'self_assess', 'appraise', 'decide', 'notify', 'remediate')",
            name=op.f("ck_cycle_stage_stage"),
        ),
        sa.CheckConstraint("state IN ('pending', 'open', 'closed')", name=op.f("ck_cycle_stage_state")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_cycle_stage_cycle_id")),
        sa.PrimaryKeyConstraint("cycle_id", "stage", name=op.f("pk_cycle_stage")),
    )
    op.create_table(
        "tenure",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("starts", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True, comment="last day in the post"),
        sa.CheckConstraint("ends IS NULL OR starts IS NULL OR starts <= ends", name=op.f("ck_tenure_period")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_tenure_person_id")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_tenure_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenure")),
        sa.UniqueConstraint("post_id", "person_id", "starts", name=op.f("uq_tenure_post_id_person_id_starts")),
    )
    with op.batch_alter_table("tenure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tenure_person_id"), ["person_id"], unique=False)

    op.create_table(
        "unit_event",
        sa.Column("cycle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("anchor", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_unit_event_cycle_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_event_unit_id")),
        sa.PrimaryKeyConstraint("cycle_id", "unit_id", "anchor", name=op.f("pk_unit_event")),
    )
    op.create_table(
        "work_item",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cycle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("milestone_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("last_moment", sa.BigInteger(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("next_step", sa.Integer(), nullable=False),
        sa.Column("next_action_at", sa.BigInteger(), nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("finished_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(state IN ('submitted', 'accepted')) = (finished_at IS NOT NULL)", name=op.f("ck_work_item_finish")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'open', 'submitted', 'returned', 'accepted', 'excused')", name=op.f("ck_work_item_state")
        ),
        sa.CheckConstraint("(last_day IS NULL) = (last_moment IS NULL)", name=op.f("ck_work_item_deadline")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_work_item_cycle_id")),
        sa.ForeignKeyConstraint(["milestone_id"], ["cycle_milestone.id"], name=op.f("fk_work_item_milestone_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_work_item_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_item")),
        sa.UniqueConstraint("unit_id", "milestone_id", name=op.f("uq_work_item_unit_id_milestone_id")),
    )
    with op.batch_alter_table("work_item", schema=None) as batch_op:
        batch_op.create_index(
            "ix_work_item_due",
            ["next_action_at"],
            unique=False,
            sqlite_where=sa.text("next_action_at IS NOT NULL"),
            postgresql_where=sa.text("next_action_at IS NOT NULL"),
        )
        batch_op.create_index("ix_work_item_milestone", ["milestone_id", "state", "last_moment"], unique=False)

    op.create_table(
        "letter",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cycle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("rung", sa.Text(), nullable=False),
        sa.Column("tone", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("envelope_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("planned_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint("state IN ('planned', 'skipped', 'superseded', 'vacant')", name=op.f("ck_letter_state")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_letter_cycle_id")),
        sa.ForeignKeyConstraint(["envelope_id"], ["envelope.id"], name=op.f("fk_letter_envelope_id")),
        sa.ForeignKeyConstraint(["item_id"], ["work_item.id"], name=op.f("fk_letter_item_id")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_letter_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("item_id", "rung", "revision", "post_id", name=op.f("uq_letter_item_id_rung_revision_post_id")),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index(
            "ix_letter_envelope",
            ["envelope_id"],
            unique=False,
            sqlite_where=sa.text("envelope_id IS NOT NULL"),
            postgresql_where=sa.text("envelope_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_letter_loose",
            ["id"],
            unique=False,
            sqlite_where=sa.text("envelope_id IS NULL AND state = 'planned'"),
            postgresql_where=sa.text("envelope_id IS NULL AND state = 'planned'"),
        )
        batch_op.create_index(
            "uq_letter_of_cycle",
            ["cycle_id", "rung", "post_id"],
            unique=True,
            sqlite_where=sa.text("item_id IS NULL"),
            postgresql_where=sa.text("item_id IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_letter_of_cycle", sqlite_where=sa.text("item_id IS NULL"), postgresql_where=sa.text("item_id IS NULL")
        )
        batch_op.drop_index(
            "ix_letter_loose",
            sqlite_where=sa.text("envelope_id IS NULL AND state = 'planned'"),
            postgresql_where=sa.text("envelope_id IS NULL AND state = 'planned'"),
        )
        batch_op.drop_index(
            "ix_letter_envelope",
            sqlite_where=sa.text("envelope_id IS NOT NULL"),
            postgresql_where=sa.text("envelope_id IS NOT NULL"),
        )

    op.drop_table("letter")
    with op.batch_alter_table("work_item", schema=None) as batch_op:
        batch_op.drop_index("ix_work_item_milestone")
        batch_op.drop_index(
            "ix_work_item_due",
            sqlite_where=sa.text("next_action_at IS NOT NULL"),
            postgresql_where=sa.text("next_action_at IS NOT NULL"),
        )

    op.drop_table("work_item")
    op.drop_table("unit_event")
    with op.batch_alter_table("tenure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tenure_person_id"))

    op.drop_table("tenure")
    op.drop_table("cycle_stage")
    op.drop_table("cycle_milestone")
    op.drop_table("post")
    with op.batch_alter_table("envelope", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_envelope_waiting",
            sqlite_where=sa.text("state IN ('queued', 'retry', 'claimed', 'uncertain')"),
            postgresql_where=sa.text("state IN ('queued', 'retry', 'claimed', 'uncertain')"),
        )
        batch_op.drop_index("ix_envelope_state")
        batch_op.drop_index(batch_op.f("ix_envelope_person_id"))
        batch_op.drop_index(batch_op.f("ix_envelope_message_id"))

    op.drop_table("envelope")
    op.drop_table("cycle")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_path"))
        batch_op.drop_index(batch_op.f("ix_unit_parent_id"))

    op.drop_table("unit")
    op.drop_table("person")
    op.drop_table("meta")
    op.drop_table("incident")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_item_id"))
        batch_op.drop_index(batch_op.f("ix_event_cycle_id"))

    op.drop_table("event")
