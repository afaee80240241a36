"""The tables. Instants are whole seconds of UTC (``Instant``), deadlines are local dates; the database repeats the
invariants of the domain (CHECK, UNIQUE)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from hanchot.domain.stage import Stage
from hanchot.domain.unit import PostRole, UnitKind
from hanchot.domain.work_item import State

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(sa.TypeDecorator[datetime]):
    """An aware instant, kept as whole seconds since 1970 in UTC: sortable, comparable and the same on both databases."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> int | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime is not an instant")
        return int(value.timestamp())

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> datetime | None:
        return None if value is None else datetime.fromtimestamp(value, UTC)


def _one_of(column: str, values: type[Any] | tuple[str, ...], name: str) -> sa.CheckConstraint:
    known = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({known})", name=name)


Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _id() -> sa.Column[int]:
    return sa.Column("id", Id, primary_key=True)


def _ref(target: str, **kw: Any) -> sa.Column[int]:
    name = target.split(".")[0] + "_id"
    return sa.Column(name, Id, sa.ForeignKey(target), **kw)


meta = sa.Table(
    "meta",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

unit = sa.Table(
    "unit",
    metadata,
    _id(),
    sa.Column("code", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("parent_id", Id, sa.ForeignKey("unit.id"), index=True),
    sa.Column("path", sa.Text, nullable=False, index=True, comment="/root/…/id/, so that a branch is one prefix"),
    sa.Column("valid_from", sa.Date),
    sa.Column("valid_to", sa.Date, comment="last day on which the unit exists"),
    _one_of("kind", UnitKind, "kind"),
    sa.CheckConstraint("valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to", name="validity"),
)

person = sa.Table(
    "person",
    metadata,
    _id(),
    sa.Column("code", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("email", sa.Text),
    sa.Column("phone", sa.Text),
)

post = sa.Table(
    "post",
    metadata,
    _id(),
    _ref("unit.id", nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("title", sa.Text),
    sa.UniqueConstraint("unit_id", "role"),
    _one_of("role", PostRole, "role"),
)

tenure = sa.Table(
    "tenure",
    metadata,
    _id(),
    _ref("post.id", nullable=False),
    _ref("person.id", nullable=False, index=True),
    sa.Column("starts", sa.Date),
    sa.Column("ends", sa.Date, comment="last day in the post"),
    sa.UniqueConstraint("post_id", "person_id", "starts"),
    sa.CheckConstraint("ends IS NULL OR starts IS NULL OR starts <= ends", name="period"),
)

cycle = sa.Table(
    "cycle",
    metadata,
    _id(),
    sa.Column("code", sa.Text, nullable=False, unique=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("quarter", sa.Integer),
    sa.Column("plan_key", sa.Text, nullable=False),
    sa.Column("plan", sa.JSON, nullable=False, comment="the plan as it was when the cycle was opened, frozen"),
    sa.Column("root_id", Id, sa.ForeignKey("unit.id"), nullable=False),
    sa.Column("state", sa.Text, nullable=False, default="open"),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("closed_at", Instant),
    sa.Column("summary_at", Instant, comment="when the department's next morning summary is due"),
    sa.Column("run_id", sa.Text, comment="the Prefect flow run that shows this cycle"),
    _one_of("kind", ("annual", "quarterly"), "kind"),
    _one_of("state", ("open", "closed"), "state"),
    sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closing"),
)

cycle_stage = sa.Table(
    "cycle_stage",
    metadata,
    _ref("cycle.id", primary_key=True),
    sa.Column("stage", sa.Text, primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False, default="pending"),
    sa.Column("opened_at", Instant),
    sa.Column("closed_at", Instant),
    sa.Column("overrun_at", Instant, comment="when it was first said that the stage overruns"),
    _one_of("stage", Stage, "stage"),
    _one_of("state", ("pending", "open", "closed"), "state"),
)

cycle_milestone = sa.Table(
    "cycle_milestone",
    metadata,
    _id(),
    _ref("cycle.id", nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("stage", sa.Text, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("last_day", sa.Date),
    sa.Column("last_moment", Instant),
    sa.Column("chase_from", sa.Date),
    sa.Column("optional", sa.Boolean, nullable=False, default=False),
    sa.Column("set_by", sa.Text, comment="who set the date where the plan names none, or moved it"),
    sa.Column("total", sa.Integer, nullable=False, default=0),
    sa.Column("finished", sa.Integer, nullable=False, default=0),
    sa.UniqueConstraint("cycle_id", "key"),
    sa.CheckConstraint("finished >= 0 AND finished <= total", name="progress"),
)

work_item = sa.Table(
    "work_item",
    metadata,
    _id(),
    _ref("cycle.id", nullable=False),
    sa.Column("milestone_id", Id, sa.ForeignKey("cycle_milestone.id"), nullable=False),
    _ref("unit.id", nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("last_day", sa.Date),
    sa.Column("last_moment", Instant),
    sa.Column("revision", sa.Integer, nullable=False, default=0),
    sa.Column("next_step", sa.Integer, nullable=False, default=0),
    sa.Column("next_action_at", Instant),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("finished_at", Instant),
    sa.Column("finished_by", sa.Text),
    sa.UniqueConstraint("unit_id", "milestone_id"),
    _one_of("state", State, "state"),
    sa.CheckConstraint("(last_day IS NULL) = (last_moment IS NULL)", name="deadline"),
    sa.CheckConstraint("(state IN ('submitted', 'accepted')) = (finished_at IS NOT NULL)", name="finish"),
)
sa.Index(
    "ix_work_item_due",
    work_item.c.next_action_at,
    sqlite_where=work_item.c.next_action_at.is_not(None),
    postgresql_where=work_item.c.next_action_at.is_not(None),
)
# with the last moment, so that “is one of them late?” need not read the items that were extended
sa.Index("ix_work_item_milestone", work_item.c.milestone_id, work_item.c.state, work_item.c.last_moment)

unit_event = sa.Table(
    "unit_event",
    metadata,
    _ref("cycle.id", primary_key=True),
    _ref("unit.id", primary_key=True),
    sa.Column("anchor", sa.Text, primary_key=True),
    sa.Column("day", sa.Date, nullable=False),
)

letter = sa.Table(
    "letter",
    metadata,
    _id(),
    _ref("cycle.id", nullable=False),
    sa.Column("item_id", Id, sa.ForeignKey("work_item.id")),
    sa.Column("rung", sa.Text, nullable=False),
    sa.Column("tone", sa.Text, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False, default=0),
    sa.Column("post_id", Id, sa.ForeignKey("post.id"), nullable=False),
    sa.Column("envelope_id", Id, sa.ForeignKey("envelope.id")),
    sa.Column("planned_at", Instant, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("note", sa.Text),
    sa.UniqueConstraint("item_id", "rung", "revision", "post_id"),
    _one_of("state", ("planned", "skipped", "superseded", "vacant"), "state"),
)
sa.Index(
    "uq_letter_of_cycle",
    letter.c.cycle_id,
    letter.c.rung,
    letter.c.post_id,
    unique=True,
    sqlite_where=letter.c.item_id.is_(None),
    postgresql_where=letter.c.item_id.is_(None),
)

ENVELOPE_STATES = (
    "queued",
    "claimed",
    "accepted",
    "retry",
    "failed",
    "uncertain",
    "superseded",
    "withheld",
    "skipped",
    "expired",
    "bounced",
)
envelope = sa.Table(
    "envelope",
    metadata,
    _id(),
    sa.Column("key", sa.Text, nullable=False, unique=True, comment="what it says to whom; never a clock reading"),
    _ref("person.id", nullable=False, index=True),
    sa.Column("planned_at", Instant, nullable=False),
    sa.Column("release_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("claim", sa.Text),
    sa.Column("lease_until", Instant),
    sa.Column("retry_at", Instant),
    sa.Column("phase", sa.Text),
    sa.Column("reply", sa.Text),
    sa.Column("address", sa.Text),
    sa.Column("subject", sa.Text),
    sa.Column("message_id", sa.Text, index=True),
    sa.Column("body", sa.LargeBinary),
    sa.Column("sha256", sa.Text),
    sa.Column("settled_at", Instant),
    _one_of("state", ENVELOPE_STATES, "state"),
)
sa.Index(
    "ix_envelope_waiting",
    envelope.c.release_at,
    sqlite_where=envelope.c.state.in_(("queued", "retry", "claimed", "uncertain")),
    postgresql_where=envelope.c.state.in_(("queued", "retry", "claimed", "uncertain")),
)

sa.Index("ix_envelope_state", envelope.c.state, envelope.c.id)  # bodies make the rows long; counting must not read them

event = sa.Table(
    "event",
    metadata,
    sa.Column("seq", Id, primary_key=True, autoincrement=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("on_behalf", sa.Text),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("cycle_id", Id, index=True),
    sa.Column("item_id", Id, index=True),
    sa.Column("was", sa.Text),
    sa.Column("became", sa.Text),
    sa.Column("reason", sa.Text),
    sa.Column("data", sa.Text),
    sa.Column("previous", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
)

incident = sa.Table(
    "incident",
    metadata,
    _id(),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("first_at", Instant, nullable=False),
    sa.Column("last_at", Instant, nullable=False),
    sa.Column("times", sa.Integer, nullable=False, default=1),
    sa.Column("resolved_at", Instant),
)

document = sa.Table(
    "document",
    metadata,
    _id(),
    sa.Column("sha256", sa.Text, nullable=False, unique=True, comment="of the bytes: the same file is kept once"),
    sa.Column("name", sa.Text, nullable=False, comment="as the file was called on the person's machine"),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("read_at", Instant, nullable=False, comment="when it was given to us and read"),
    _one_of("kind", ("txt", "docx", "pdf", "scan"), "kind"),
)

draft = sa.Table(
    "draft",
    metadata,
    _id(),
    sa.Column("document_id", Id, sa.ForeignKey("document.id"), nullable=False, unique=True),
    sa.Column("said", sa.JSON, nullable=False, comment="the draft as it was read; never changed"),
    sa.Column("decisions", sa.JSON, nullable=False, comment="what people decided about it"),
    sa.Column("state", sa.Text, nullable=False, default="open"),
    sa.Column("revision", sa.Integer, nullable=False, default=0, comment="raised by every change; a form names its own"),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("changed_by", sa.Text, nullable=False),
    sa.Column("confirmed_at", Instant),
    sa.Column("confirmed_by", sa.Text),
    sa.Column("plan_key", sa.Text, comment="the calendar that came out of it"),
    _one_of("state", ("open", "confirmed", "dropped"), "state"),
    sa.CheckConstraint(
        "(state = 'confirmed') = (confirmed_at IS NOT NULL AND confirmed_by IS NOT NULL AND plan_key IS NOT NULL)",
        name="confirmation",
    ),
)
sa.Index("ix_draft_plan_key", draft.c.plan_key)

reading = sa.Table(  # a row as long as a document has not been read; its draft says nothing until then
    "reading",
    metadata,
    _ref("draft.id", primary_key=True),
    sa.Column("asked_at", Instant, nullable=False),
    sa.Column("asked_by", sa.Text, nullable=False),
    sa.Column("claim", sa.Text, comment="of whoever reads it now"),
    sa.Column("lease_until", Instant, comment="whoever reads says a word before this, or has died"),
    sa.Column("page", sa.Integer, nullable=False, default=0, comment="pages recognised so far"),
    sa.Column("pages", sa.Integer, nullable=False, default=0, comment="pages to recognise; 0: none, or not known yet"),
    sa.Column("fault", sa.Text, comment="why it could not be read, in one sentence"),
    sa.Column("way_out", sa.Text),
    sa.CheckConstraint("(claim IS NULL) = (lease_until IS NULL)", name="lease"),
    sa.CheckConstraint("claim IS NULL OR fault IS NULL", name="fault"),
    sa.CheckConstraint("page >= 0 AND page <= pages", name="page"),
)

sa.Index(
    "ix_letter_envelope",
    letter.c.envelope_id,
    sqlite_where=letter.c.envelope_id.is_not(None),
    postgresql_where=letter.c.envelope_id.is_not(None),
)
sa.Index(
    "ix_letter_loose",
    letter.c.id,
    sqlite_where=sa.and_(letter.c.envelope_id.is_(None), letter.c.state == "planned"),
    postgresql_where=sa.and_(letter.c.envelope_id.is_(None), letter.c.state == "planned"),
)

_version = sa.table("alembic_version", sa.column("version_num"))


def stamp(connection: sa.Connection, revision: str) -> None:
    """Say, where Alembic looks, that freshly created tables are at ``revision``; Alembic itself is slow to import."""
    connection.execute(sa.text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    connection.execute(sa.delete(_version))
    connection.execute(sa.insert(_version).values(version_num=revision))
