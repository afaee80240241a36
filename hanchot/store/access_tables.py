"""The tables of access: rights beyond posts, codes that sign people in, tries that are counted, and sign-ins.

No code, no token and no typed address stands here in plain: codes, addresses and networks are HMACs under a key of this
installation (``meta``), tokens and browsers are SHA-256 of 256 random bits.
"""

from __future__ import annotations

import sqlalchemy as sa

from hanchot.store.tables import Id, Instant, _id, _one_of, _ref, metadata

GRANTED = ("admin", "inspector", "department", "authority")
CODE_KINDS = ("mail", "printed")
TRY_KINDS = ("ask", "enter", "printed")
HOW = ("mail", "printed", "oidc")
ENDINGS = ("signed_out", "idle", "too_long", "post", "ended", "replaced")
MOST_TRIES = 5

access_grant = sa.Table(
    "access_grant",
    metadata,
    _id(),
    _ref("person.id", nullable=False, index=True),
    sa.Column("role", sa.Text, nullable=False),
    _ref("unit.id", nullable=False, comment="the right reaches over its branch"),
    sa.Column("starts", sa.Date, nullable=False),
    sa.Column("ends", sa.Date, comment="last local day; before starts where it was taken back at once"),
    sa.Column("given_by", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    _one_of("role", GRANTED, "role"),
)

sign_in_code = sa.Table(
    "sign_in_code",
    metadata,
    _id(),
    _ref("person.id", index=True, comment="null: the address is nobody's, and the code fits nothing"),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("browser", sa.Text, comment="the only browser that may use a code sent by mail"),
    sa.Column("address", sa.Text, comment="that was typed"),
    sa.Column("code", sa.Text, comment="forgotten once it is used or void"),
    sa.Column("asked_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False, default=0, comment="wrong ones"),
    sa.Column("used_at", Instant),
    sa.Column("void_at", Instant),
    _one_of("kind", CODE_KINDS, "kind"),
    sa.CheckConstraint("(kind = 'mail') = (browser IS NOT NULL) AND (kind = 'mail') = (address IS NOT NULL)", name="browser"),
    sa.CheckConstraint("kind = 'mail' OR person_id IS NOT NULL", name="person"),
    sa.CheckConstraint("used_at IS NULL OR person_id IS NOT NULL", name="used_by_somebody"),
    sa.CheckConstraint("used_at IS NULL OR void_at IS NULL", name="one_end"),
    sa.CheckConstraint("(code IS NULL) = (used_at IS NOT NULL OR void_at IS NOT NULL)", name="forgotten"),
    sa.CheckConstraint(f"tries BETWEEN 0 AND {MOST_TRIES}", name="tries"),
)
_LIVE = sa.and_(sign_in_code.c.kind == "mail", sign_in_code.c.used_at.is_(None), sign_in_code.c.void_at.is_(None))
sa.Index(
    "uq_sign_in_code_of_browser", sign_in_code.c.browser, unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE
)  # fmt: skip

sign_in_try = sa.Table(
    "sign_in_try",
    metadata,
    _id(),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("browser", sa.Text, nullable=False),
    sa.Column("address", sa.Text, comment="or the person's code, for printed codes"),
    sa.Column("remote", sa.Text, comment="the network that it came from"),
    sa.Column("at", Instant, nullable=False, index=True),
    _one_of("kind", TRY_KINDS, "kind"),
)
for _column in (sign_in_try.c.browser, sign_in_try.c.address, sign_in_try.c.remote):
    sa.Index(f"ix_sign_in_try_{_column.name}", _column, sign_in_try.c.at)

login = sa.Table(
    "login",
    metadata,
    _id(),
    sa.Column("token", sa.Text, nullable=False, unique=True, comment="SHA-256 of what the cookie holds"),
    _ref("person.id", nullable=False, index=True),
    sa.Column("how", sa.Text, nullable=False),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("seen_at", Instant, nullable=False, comment="written at most once a minute"),
    sa.Column("ends_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    sa.Column("ended_why", sa.Text),
    sa.Column("step_up_until", Instant, comment="a fresh code counts until then"),
    sa.Column("remote", sa.Text, comment="the address of the other side, for the person to recognise"),
    sa.Column("code_id", Id, sa.ForeignKey("sign_in_code.id"), unique=True, comment="one code, one sign-in"),
    _one_of("how", HOW, "how"),
    _one_of("ended_why", ENDINGS, "ended_why"),
    sa.CheckConstraint("(ended_at IS NULL) = (ended_why IS NULL)", name="ending"),
    sa.CheckConstraint("(how = 'oidc') = (code_id IS NULL)", name="code"),
    sa.CheckConstraint("started_at <= seen_at AND started_at < ends_at", name="period"),
)
