"""who may do what beyond their posts, codes, sign-ins"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LIVE = sa.text("kind = 'mail' AND used_at IS NULL AND void_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "access_grant",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("unit_id", ID, nullable=False, comment="the right reaches over its branch"),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True, comment="last local day; before starts where it was taken back at once"),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("role IN ('admin', 'inspector', 'department', 'authority')", name=op.f("ck_access_grant_role")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_access_grant_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_access_grant_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_grant")),
    )
    op.create_index(op.f("ix_access_grant_person_id"), "access_grant", ["person_id"])
    op.create_table(
        "sign_in_code",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=True, comment="null: the address is nobody's, and the code fits nothing"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("browser", sa.Text(), nullable=True, comment="the only browser that may use a code sent by mail"),
        sa.Column("address", sa.Text(), nullable=True, comment="that was typed"),
        sa.Column("code", sa.Text(), nullable=True, comment="forgotten once it is used or void"),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False, comment="wrong ones"),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.Column("void_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("kind IN ('mail', 'printed')", name=op.f("ck_sign_in_code_kind")),
        sa.CheckConstraint(
            "(kind = 'mail') = (browser IS NOT NULL) AND (kind = 'mail') = (address IS NOT NULL)",
            name=op.f("ck_sign_in_code_browser"),
        ),
        sa.CheckConstraint("kind = 'mail' OR person_id IS NOT NULL", name=op.f("ck_sign_in_code_person")),
        sa.CheckConstraint("used_at IS NULL OR person_id IS NOT NULL", name=op.f("ck_sign_in_code_used_by_somebody")),
        sa.CheckConstraint("used_at IS NULL OR void_at IS NULL", name=op.f("ck_sign_in_code_one_end")),
        sa.CheckConstraint(
            "(code IS NULL) = (used_at IS NOT NULL OR void_at IS NOT NULL)", name=op.f("ck_sign_in_code_forgotten")
        ),
        sa.CheckConstraint("tries BETWEEN 0 AND 5", name=op.f("ck_sign_in_code_tries")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_code_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_code")),
    )
    op.create_index(op.f("ix_sign_in_code_person_id"), "sign_in_code", ["person_id"])
    op.create_index(
        "uq_sign_in_code_of_browser", "sign_in_code", ["browser"], unique=True, sqlite_where=LIVE, postgresql_where=LIVE
    )
    op.create_table(
        "sign_in_try",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("browser", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True, comment="or the person's code, for printed codes"),
        sa.Column("remote", sa.Text(), nullable=True, comment="the network that it came from"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('ask', 'enter', 'printed')", name=op.f("ck_sign_in_try_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_try")),
    )
    op.create_index(op.f("ix_sign_in_try_at"), "sign_in_try", ["at"])
    for column in ("browser", "address", "remote"):
        op.create_index(f"ix_sign_in_try_{column}", "sign_in_try", [column, "at"])
    op.create_table(
        "login",
        sa.Column("id", ID, nullable=False),
        sa.Column("token", sa.Text(), nullable=False, comment="SHA-256 of what the cookie holds"),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False, comment="written at most once a minute"),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_why", sa.Text(), nullable=True),
        sa.Column("step_up_until", sa.BigInteger(), nullable=True, comment="a fresh code counts until then"),
        sa.Column("remote", sa.Text(), nullable=True, comment="the address of the other side, for the person to recognise"),
        sa.Column("code_id", ID, nullable=True, comment="one code, one sign-in"),
        sa.CheckConstraint("how IN ('mail', 'printed', 'oidc')", name=op.f("ck_login_how")),
        sa.CheckConstraint(
            "ended_why IN ('signed_out', 'idle', 'too_long', 'post', 'ended', 'replaced')", name=op.f("ck_login_ended_why")
        ),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_why IS NULL)", name=op.f("ck_login_ending")),
        sa.CheckConstraint("(how = 'oidc') = (code_id IS NULL)", name=op.f("ck_login_code")),
        sa.CheckConstraint("started_at <= seen_at AND started_at < ends_at", name=op.f("ck_login_period")),
        sa.ForeignKeyConstraint(["code_id"], ["sign_in_code.id"], name=op.f("fk_login_code_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_login_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login")),
        sa.UniqueConstraint("code_id", name=op.f("uq_login_code_id")),
        sa.UniqueConstraint("token", name=op.f("uq_login_token")),
    )
    op.create_index(op.f("ix_login_person_id"), "login", ["person_id"])


def downgrade() -> None:
    for table in ("login", "sign_in_try", "sign_in_code", "access_grant"):
        op.drop_table(table)
