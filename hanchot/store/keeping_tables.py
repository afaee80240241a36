"""The tables of keeping: dossiers with their papers, waivers and receipts, and what has to be remedied.

A paper is never deleted: it is withdrawn, with a reason. The words of a shortcoming stand here and nowhere else.
"""

from __future__ import annotations

import sqlalchemy as sa

from hanchot.domain.dossier import Fact
from hanchot.store.tables import Id, Instant, _id, _one_of, _ref, metadata

PAPER_KINDS = ("pdf", "docx", "xlsx", "jpg", "png", "hard_copy")
SHORTCOMING_STATES = ("open", "fixed", "partly", "recurring")

dossier = sa.Table(
    "dossier",
    metadata,
    _id(),
    _ref("cycle.id", nullable=False),
    _ref("unit.id", nullable=False),
    _ref("person.id", index=True),
    sa.Column("checklist", sa.Text, nullable=False, comment="key of the list in the rules of review"),
    sa.Column("member", sa.Boolean, nullable=False, comment="a member of the Party"),
    sa.Column("cadre", sa.Boolean, nullable=False),
    sa.Column("managed", sa.Text, nullable=False),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("opened_by", sa.Text, nullable=False),
    _one_of("managed", ("none", "above", "here"), "managed"),
)
sa.Index(
    "uq_dossier_of_unit", dossier.c.cycle_id, dossier.c.unit_id, dossier.c.checklist, unique=True,
    sqlite_where=dossier.c.person_id.is_(None), postgresql_where=dossier.c.person_id.is_(None),
)  # fmt: skip
sa.Index(
    "uq_dossier_of_person", dossier.c.cycle_id, dossier.c.unit_id, dossier.c.checklist, dossier.c.person_id, unique=True,
    sqlite_where=dossier.c.person_id.is_not(None), postgresql_where=dossier.c.person_id.is_not(None),
)  # fmt: skip

dossier_fact = sa.Table(
    "dossier_fact",
    metadata,
    _ref("dossier.id", primary_key=True),
    sa.Column("fact", sa.Text, primary_key=True, comment="what makes a paper “(nếu có)” exist"),
    sa.Column("at", Instant, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    _one_of("fact", Fact, "fact"),
)

paper = sa.Table(
    "paper",
    metadata,
    _id(),
    _ref("dossier.id", nullable=False),
    sa.Column("key", sa.Text, nullable=False, comment="of the item of the checklist"),
    sa.Column("no", sa.Integer, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("name", sa.Text, comment="as the file was called on the person's machine"),
    sa.Column("inner_name", sa.Text, unique=True, comment="random: nothing that a person typed becomes a path"),
    sa.Column("size", sa.Integer),
    sa.Column("sha256", sa.Text),
    sa.Column("body", sa.LargeBinary),
    sa.Column("place", sa.Text, comment="where the paper itself lies, e.g. tủ 3"),
    sa.Column("handed_at", Instant, nullable=False),
    sa.Column("handed_by", sa.Text, nullable=False),
    sa.Column("withdrawn_at", Instant),
    sa.Column("withdrawn_by", sa.Text),
    sa.Column("withdrawn_reason", sa.Text),
    _one_of("kind", PAPER_KINDS, "kind"),
    sa.CheckConstraint("(kind = 'hard_copy') = (place IS NOT NULL)", name="place"),
    sa.CheckConstraint(
        "(kind = 'hard_copy' AND name IS NULL AND inner_name IS NULL AND size IS NULL AND sha256 IS NULL AND body IS NULL) OR "
        "(kind <> 'hard_copy' AND name IS NOT NULL AND inner_name IS NOT NULL AND size IS NOT NULL AND sha256 IS NOT NULL"
        " AND body IS NOT NULL)",
        name="file",
    ),
    sa.CheckConstraint("size IS NULL OR size > 0", name="size"),
    sa.CheckConstraint(
        "(withdrawn_at IS NULL) = (withdrawn_by IS NULL) AND (withdrawn_at IS NULL) = (withdrawn_reason IS NULL)",
        name="withdrawal",
    ),
)
sa.Index(
    "uq_paper_current", paper.c.dossier_id, paper.c.key, unique=True,
    sqlite_where=paper.c.withdrawn_at.is_(None), postgresql_where=paper.c.withdrawn_at.is_(None),
)  # fmt: skip

waiver = sa.Table(
    "waiver",
    metadata,
    _ref("dossier.id", primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
)

receipt = sa.Table(
    "receipt",
    metadata,
    _ref("dossier.id", primary_key=True),
    sa.Column("set_no", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("place", sa.Text, nullable=False, comment="where the set is kept"),
    sa.Column("day", sa.Date, nullable=False, comment="local day on which it was filed or received"),
    sa.Column("number", sa.Text, nullable=False, comment="in the register of the receiver; may be empty"),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.CheckConstraint("set_no >= 1", name="set_no"),
)

shortcoming = sa.Table(
    "shortcoming",
    metadata,
    _id(),
    _ref("cycle.id", nullable=False, comment="the review that found it"),
    _ref("unit.id", nullable=False),
    _ref("person.id", index=True),
    sa.Column("no", sa.Integer, nullable=False, comment="counted in the unit: the only thing a title says of it"),
    sa.Column("words", sa.Text, nullable=False, comment="confidential: in no title, letter, event or log"),
    sa.Column("measure", sa.Text, nullable=False, comment="confidential"),
    sa.Column("responsible", sa.Text, nullable=False, comment="confidential"),
    sa.Column("until", sa.Date, comment="local day, counted"),
    sa.Column("event", sa.Text, comment="what it is due at, where no day is known yet"),
    sa.Column("expected", sa.Text, nullable=False, comment="what will show that it is done; confidential"),
    sa.Column("proof", sa.Text, comment="what shows that it is done; confidential"),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("answers", sa.Text, comment="who answers for what is not quite fixed or recurs; confidential"),
    sa.Column("carried_from", Id, sa.ForeignKey("shortcoming.id"), unique=True),
    sa.Column("item_id", Id, sa.ForeignKey("work_item.id"), nullable=False, unique=True),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("opened_by", sa.Text, nullable=False),
    sa.Column("judged_at", Instant),
    sa.Column("judged_by", sa.Text),
    sa.UniqueConstraint("cycle_id", "unit_id", "no"),
    _one_of("state", SHORTCOMING_STATES, "state"),
    sa.CheckConstraint("until IS NOT NULL OR event IS NOT NULL", name="deadline"),
    sa.CheckConstraint("state <> 'fixed' OR proof IS NOT NULL", name="proof"),
    sa.CheckConstraint("state NOT IN ('partly', 'recurring') OR answers IS NOT NULL", name="answers"),
    sa.CheckConstraint("(judged_at IS NULL) = (judged_by IS NULL)", name="judgement"),
)
