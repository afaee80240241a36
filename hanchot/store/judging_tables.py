"""The tables of judging: who is rated, with which levels, by which votes. The database repeats the invariants.

A ballot keeps tallies only. A decision is a paper with lines, drafted by one person and confirmed by another. A decided
rating is frozen by a trigger: only its place in the order of ratings may still change.
"""

from __future__ import annotations

import sqlalchemy as sa

from hanchot.domain.rating_level import RatingLevel, Subject
from hanchot.store.tables import Id, Instant, _id, _one_of, _ref, metadata

STEPS = ("self", "proposed", "appraised", "decided")
BALLOT_STATES = ("first", "confirmed", "disputed")

settlement = sa.Table(
    "settlement",
    metadata,
    _ref("cycle.id", primary_key=True),
    sa.Column("key", sa.Text, primary_key=True, comment="which doubt of the rules, e.g. quota.base, authority.member"),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("settled_by", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
)

subject = sa.Table(
    "subject",
    metadata,
    _id(),
    _ref("cycle.id", nullable=False),
    _ref("unit.id", nullable=False),
    _ref("person.id", index=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("ratee", sa.Text, comment="which row of the matrix of authority; null: nobody has said"),
    sa.Column("scope_id", Id, sa.ForeignKey("unit.id"), nullable=False, comment="the branch in which its quota is counted"),
    sa.Column("comparison", sa.Text, nullable=False, comment="the group of alike posts or units"),
    sa.Column("exempt", sa.Text, comment="why it is not rated, with the clause"),
    sa.Column("awaits", sa.Text, comment="what must come in before it may be decided, with the clause"),
    _one_of("kind", Subject, "kind"),
    sa.CheckConstraint("(kind IN ('leader', 'member')) = (person_id IS NOT NULL)", name="person"),
)
sa.Index(
    "uq_subject_of_unit", subject.c.cycle_id, subject.c.unit_id, subject.c.kind, unique=True,
    sqlite_where=subject.c.person_id.is_(None), postgresql_where=subject.c.person_id.is_(None),
)  # fmt: skip
sa.Index(
    "uq_subject_of_person", subject.c.cycle_id, subject.c.unit_id, subject.c.kind, subject.c.person_id, unique=True,
    sqlite_where=subject.c.person_id.is_not(None), postgresql_where=subject.c.person_id.is_not(None),
)  # fmt: skip
sa.Index("ix_subject_scope", subject.c.cycle_id, subject.c.scope_id)

# Facts of a person that outlive a cycle; what followed from them in a cycle stands in ``subject``.
membership = sa.Table(
    "membership",
    metadata,
    _ref("person.id", primary_key=True),
    sa.Column("admitted_on", sa.Date, comment="null: nobody has told"),
    sa.Column("excused_from", sa.Date),
    sa.Column("excused_to", sa.Date),
    sa.Column("suspended_from", sa.Date),
    sa.Column("suspended_to", sa.Date),
    sa.Column("temporary_cell", sa.Text, comment="where the member takes part for the time being, in words"),
    sa.Column("comment_on", sa.Date, comment="when that cell's comment came in"),
    sa.CheckConstraint("excused_to IS NULL OR excused_from <= excused_to", name="excused"),
    sa.CheckConstraint("suspended_to IS NULL OR suspended_from <= suspended_to", name="suspended"),
    sa.CheckConstraint("comment_on IS NULL OR temporary_cell IS NOT NULL", name="comment"),
)

cell_committee = sa.Table(
    "cell_committee",
    metadata,
    _ref("cycle.id", primary_key=True),
    _ref("unit.id", primary_key=True),
    sa.Column("has", sa.Boolean, nullable=False, comment="whether this cell has a committee (chi ủy)"),
    sa.Column("told_by", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
)

rating = sa.Table(
    "rating",
    metadata,
    _id(),
    _ref("subject.id", nullable=False, index=True),
    sa.Column("step", sa.Text, nullable=False),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("score", sa.Integer, comment="in hundredths of a point, never rounded"),
    sa.Column("reason", sa.Text, comment="why it differs from the step before"),
    _ref("unit.id", nullable=False),
    sa.Column("entered_by", sa.Text, nullable=False),
    sa.Column("confirmed_by", sa.Text),
    sa.Column("number", sa.Text),
    sa.Column("decided_on", sa.Date),
    sa.Column("regulation", sa.Text, nullable=False),
    sa.Column("why", sa.JSON, nullable=False, comment="the explanation with its citations, as it was then"),
    sa.Column("at", Instant, nullable=False),
    sa.Column("current", sa.Boolean, nullable=False, default=True),
    sa.Column("replaces_id", Id, sa.ForeignKey("rating.id"), comment="the decision that was reopened"),
    sa.Column("reopened_at", Instant),
    sa.Column("reopened_by", sa.Text),
    sa.Column("approved_by", sa.Text, comment="who approved the reopening"),
    sa.Column("reopened_reason", sa.Text),
    _one_of("step", STEPS, "step"),
    _one_of("level", RatingLevel, "level"),
    sa.CheckConstraint("score IS NULL OR score >= 0", name="score"),
    sa.CheckConstraint(
        "step <> 'decided' OR (number IS NOT NULL AND decided_on IS NOT NULL AND confirmed_by IS NOT NULL)", name="decision"
    ),
    sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> entered_by", name="four_eyes"),
    sa.CheckConstraint(
        "(reopened_at IS NULL) = (reopened_by IS NULL) AND (reopened_at IS NULL) = (approved_by IS NULL)"
        " AND (reopened_at IS NULL) = (reopened_reason IS NULL)",
        name="reopening",
    ),
    sa.CheckConstraint("approved_by IS NULL OR approved_by <> reopened_by", name="approver"),
    sa.CheckConstraint("step <> 'decided' OR (reopened_at IS NULL) = current", name="decided_until_reopened"),
)
sa.Index(
    "uq_rating_current", rating.c.subject_id, rating.c.step, unique=True,
    sqlite_where=sa.text("current"), postgresql_where=sa.text("current"),
)  # fmt: skip

ballot = sa.Table(
    "ballot",
    metadata,
    _id(),
    _ref("cycle.id", nullable=False),
    sa.Column("kind", sa.Text, nullable=False, comment="the kind of vote, a key of the regulation"),
    sa.Column("round", sa.Integer, nullable=False, default=1),
    _ref("unit.id", nullable=False),
    sa.Column("held_on", sa.Date, nullable=False),
    sa.Column("minutes", sa.Text, nullable=False, comment="the number of the signed minutes"),
    *(sa.Column(n, sa.Integer, nullable=False) for n in ("convened", "present", "issued", "collected", "valid", "invalid")),
    sa.Column("state", sa.Text, nullable=False, default="first"),
    sa.Column("entered_by", sa.Text, nullable=False),
    sa.Column("confirmed_by", sa.Text),
    sa.Column("at", Instant, nullable=False),
    sa.Column("confirmed_at", Instant),
    sa.UniqueConstraint("cycle_id", "kind", "round", "unit_id", "minutes"),
    _one_of("state", BALLOT_STATES, "state"),
    sa.CheckConstraint("round >= 1", name="round"),
    sa.CheckConstraint(
        "convened >= 1 AND present BETWEEN 0 AND convened AND issued BETWEEN 0 AND present"
        " AND collected BETWEEN 0 AND issued AND valid >= 0 AND invalid >= 0 AND valid + invalid = collected",
        name="sums",
    ),
    sa.CheckConstraint("(state = 'confirmed') = (confirmed_at IS NOT NULL)", name="confirmation"),
    sa.CheckConstraint("(state = 'confirmed') = (confirmed_by IS NOT NULL)", name="confirmer"),
    sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> entered_by", name="four_eyes"),
)

ballot_count = sa.Table(
    "ballot_count",
    metadata,
    _ref("ballot.id", primary_key=True),
    _ref("subject.id", primary_key=True, index=True),
    sa.Column("level", sa.Text, primary_key=True),
    sa.Column("votes", sa.Integer, nullable=False),
    _one_of("level", RatingLevel, "level"),
    sa.CheckConstraint("votes >= 0", name="votes"),
)

ballot_entry = sa.Table(
    "ballot_entry",
    metadata,
    _id(),
    _ref("ballot.id", nullable=False, index=True),
    sa.Column("entered_by", sa.Text, nullable=False),
    sa.Column("said", sa.JSON, nullable=False, comment="the tallies as this person has typed them; nothing typed is lost"),
    sa.Column("at", Instant, nullable=False),
)

DECISION_STATES = ("draft", "confirmed", "withdrawn")

decision = sa.Table(
    "decision",
    metadata,
    _id(),
    _ref("cycle.id", nullable=False),
    _ref("unit.id", nullable=False, comment="the body that decides"),
    sa.Column("number", sa.Text, nullable=False, comment="of the signed paper"),
    sa.Column("decided_on", sa.Date, nullable=False, comment="local day of the signed paper"),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("drafted_by", sa.Text, nullable=False),
    sa.Column("drafted_at", Instant, nullable=False),
    sa.Column("confirmed_by", sa.Text),
    sa.Column("confirmed_at", Instant),
    sa.Column("withdrawn_by", sa.Text),
    sa.Column("withdrawn_at", Instant),
    sa.Column("withdrawn_reason", sa.Text, comment="confidential: it may say whose case is doubtful"),
    _one_of("state", DECISION_STATES, "state"),
    sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> drafted_by", name="four_eyes"),
    sa.CheckConstraint(
        "(state = 'confirmed') = (confirmed_by IS NOT NULL) AND (state = 'confirmed') = (confirmed_at IS NOT NULL)",
        name="confirmation",
    ),
    sa.CheckConstraint(
        "(state = 'withdrawn') = (withdrawn_by IS NOT NULL) AND (state = 'withdrawn') = (withdrawn_at IS NOT NULL)"
        " AND (state = 'withdrawn') = (withdrawn_reason IS NOT NULL)",
        name="withdrawal",
    ),
)
sa.Index("ix_decision_cycle_id_state", decision.c.cycle_id, decision.c.state)
sa.Index(
    "uq_decision_draft", decision.c.cycle_id, decision.c.unit_id, decision.c.number, unique=True,
    sqlite_where=decision.c.state == "draft", postgresql_where=decision.c.state == "draft",
)  # fmt: skip

decision_line = sa.Table(
    "decision_line",
    metadata,
    _ref("decision.id", primary_key=True),
    _ref("subject.id", primary_key=True, index=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("said", sa.JSON, nullable=False, comment="points, answers and reason as they were drafted; confidential"),
    sa.Column("pending", sa.Boolean, nullable=False, comment="still on a draft"),
    _ref("rating.id", unique=True, comment="what it became when it was confirmed"),
    _one_of("level", RatingLevel, "level"),
    sa.CheckConstraint("NOT pending OR rating_id IS NULL", name="pending"),
)
sa.Index(
    "uq_decision_line_pending", decision_line.c.subject_id, unique=True,
    sqlite_where=sa.text("pending"), postgresql_where=sa.text("pending"),
)  # fmt: skip

COMPLAINT_STATES = ("open", "kept", "reopened")

complaint = sa.Table(
    "complaint",
    metadata,
    _id(),
    _ref("rating.id", nullable=False, index=True, comment="the decided result that it is about"),
    _ref("unit.id", nullable=False, comment="the complainant's unit, which is told of the answer"),
    sa.Column("complainant", sa.Text, nullable=False, comment="confidential"),
    sa.Column("received_on", sa.Date, nullable=False, comment="local day"),
    sa.Column("reason", sa.Text, nullable=False, comment="confidential: in no letter, event or log"),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("registered_by", sa.Text, nullable=False),
    sa.Column("registered_at", Instant, nullable=False),
    sa.Column("answer", sa.Text, comment="confidential"),
    sa.Column("number", sa.Text, comment="of the paper that answers"),
    sa.Column("answered_by", sa.Text),
    sa.Column("answered_at", Instant),
    _one_of("state", COMPLAINT_STATES, "state"),
    sa.CheckConstraint(
        "(state = 'open') = (answer IS NULL) AND (state = 'open') = (answered_by IS NULL)"
        " AND (state = 'open') = (answered_at IS NULL)",
        name="answer",
    ),
)
sa.Index(
    "uq_complaint_open", complaint.c.rating_id, unique=True,
    sqlite_where=complaint.c.state == "open", postgresql_where=complaint.c.state == "open",
)  # fmt: skip

_FROZEN = (
    "subject_id", "step", "level", "score", "reason", "unit_id", "entered_by", "confirmed_by", "number", "decided_on",
    "regulation", "at", "replaces_id",
)  # fmt: skip
_SQLITE = (
    "CREATE TRIGGER rating_decided_stays BEFORE UPDATE ON rating WHEN OLD.step = 'decided' AND ("
    + " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in _FROZEN)
    + " OR NEW.why IS NOT OLD.why OR OLD.current = 0)"
    " BEGIN SELECT RAISE(ABORT, 'a decided rating is never changed'); END",
    "CREATE TRIGGER rating_decided_is_kept BEFORE DELETE ON rating WHEN OLD.step = 'decided'"
    " BEGIN SELECT RAISE(ABORT, 'a decided rating is never deleted'); END",
)
_POSTGRESQL = (
    "CREATE FUNCTION rating_decided_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " IF OLD.step = 'decided' THEN"
    " IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'a decided rating is never deleted'; END IF;"
    " IF NOT OLD.current OR NEW.why::text IS DISTINCT FROM OLD.why::text OR "
    + " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _FROZEN)
    + " THEN RAISE EXCEPTION 'a decided rating is never changed'; END IF;"
    " END IF;"
    " IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER rating_decided_stays BEFORE UPDATE OR DELETE ON rating"
    " FOR EACH ROW EXECUTE FUNCTION rating_decided_stays()",
)
for _name, _statements in (("sqlite", _SQLITE), ("postgresql", _POSTGRESQL)):
    for _statement in _statements:
        sa.event.listen(rating, "after_create", sa.DDL(_statement).execute_if(dialect=_name))  # type: ignore[no-untyped-call]  # SQLAlchemy leaves its DDL untyped
