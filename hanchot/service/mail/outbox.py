"""What the envelopes in hand would say now: gathered in a few statements, decided in a pure function.

A letter is a promise made when it was planned. Whether it still holds (the cycle is open, the work unfinished, the post
held by the same person) is read again each time before anything leaves.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zlib import crc32

import sqlalchemy as sa

from hanchot.domain.instants import local_day
from hanchot.domain.unit import PostRole
from hanchot.domain.work_item import UNFINISHED, State
from hanchot.letters.view import Line, Summary, urgency
from hanchot.letters.words import lower_first
from hanchot.service.mail.lines import Lines
from hanchot.service.org.lookup import on_day
from hanchot.service.services import Services
from hanchot.service.stand_ins import standing_in
from hanchot.store.db import Row
from hanchot.store.tables import cycle, cycle_milestone, letter, person, post, tenure, unit, work_item

# Tones that speak of a deadline: a letter about another revision's deadline is not true any more.
_OF_A_REVISION = frozenset({"reminder", "due", "overdue", "escalation", "extended", "returned", "time_asked", "time_refused"})
_OF_UNFINISHED = _OF_A_REVISION | {"opened", "stage_opened", "chase", "remediation"}

_LETTERS = (
    sa.select(
        letter.c.id, letter.c.envelope_id, letter.c.item_id, letter.c.cycle_id, letter.c.rung, letter.c.tone,
        letter.c.revision, letter.c.post_id, letter.c.planned_at, letter.c.note, cycle.c.state.label("cycle_state"),
        work_item.c.state.label("item_state"), work_item.c.revision.label("item_revision"), work_item.c.last_day,
        work_item.c.last_moment, work_item.c.finished_at, work_item.c.milestone_id, work_item.c.unit_id,
        unit.c.name.label("unit_name"), cycle_milestone.c.title, cycle_milestone.c.stage, cycle_milestone.c.set_by,
    )
    .join(cycle, cycle.c.id == letter.c.cycle_id)
    .outerjoin(work_item, work_item.c.id == letter.c.item_id)
    .outerjoin(cycle_milestone, cycle_milestone.c.id == work_item.c.milestone_id)
    .outerjoin(unit, unit.c.id == work_item.c.unit_id)
    .where(letter.c.state == "planned")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """One letter and what is true of its item now. ``unwanted`` is the reason, in Vietnamese, why it must not go."""

    letter_id: int
    key: str
    cycle_id: int
    post_id: int
    line: Line
    unwanted: str | None
    holders: frozenset[int]
    summary: Summary | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Who an envelope is for; no address is None."""

    person_id: int
    name: str
    address: str | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of an envelope: ``dropped`` letters with the reason, ``moved`` ones that are a new holder's."""

    kept: tuple[Told, ...] = ()
    dropped: tuple[tuple[int, str], ...] = ()
    moved: tuple[int, ...] = ()
    vacant: tuple[int, ...] = ()

    @property
    def changed(self) -> bool:
        return bool(self.dropped or self.moved or self.vacant)

    @property
    def urgency(self) -> tuple[int, int, str, str]:
        """Of the most urgent letter that is kept; there must be one."""
        return urgency(self.kept[0].line)

    @property
    def why_nothing(self) -> str:
        """Why no letter is left, in Vietnamese."""
        if self.moved or self.vacant:
            return "người giữ chức vụ đã thay đổi"
        return self.dropped[0][1] if self.dropped else "không còn tin nào"


@dataclass
class Desk:
    """Everything that deciding a batch of envelopes needs, read at one instant."""

    told: dict[int, list[Told]] = field(default_factory=dict)
    people: dict[int, Person] = field(default_factory=dict)
    titles: dict[int, str] = field(default_factory=dict)


def gather(services: Services, connection: sa.Connection, envelopes: Sequence[Row], now: datetime) -> Desk:
    """Read what the envelopes (rows with ``id`` and ``person_id``) hold and whether it is still true at ``now``."""
    ids = [row.id for row in envelopes]
    rows = connection.execute(_LETTERS.where(letter.c.envelope_id.in_(ids)).order_by(letter.c.id)).all()
    desk = Desk(people=_people(connection, {row.person_id for row in envelopes}))
    instead = standing_in(connection, local_day(now))
    desk.titles = _titles(connection, {row.post_id for row in rows}, instead)
    holders = _holders(connection, {row.post_id for row in rows}, instead, now)
    lines = Lines(services, connection, now)
    lines.look_ahead(rows)
    nobody: frozenset[int] = frozenset()
    for row in rows:
        summary = lines.summary(row.cycle_id) if row.tone == "summary" else None
        line = lines.of_summary(summary) if summary else lines.of(row)
        told = Told(
            row.id, letter_key(row), row.cycle_id, row.post_id, line, unwanted(row, now),
            holders.get(row.post_id, nobody), summary,
        )  # fmt: skip
        desk.told.setdefault(row.envelope_id, []).append(told)
    return desk


def decide(letters: Sequence[Told], person_id: int, sent_before: Collection[str] = ()) -> Decision:
    """Sort the letters of one envelope into those that go, those that must not, and those that are another's now.

    ``sent_before`` are keys that the journal outside the database knows as sent. Pure.
    """
    kept: list[Told] = []
    dropped: list[tuple[int, str]] = []
    moved: list[int] = []
    vacant: list[int] = []
    for told in letters:
        if told.unwanted:
            dropped.append((told.letter_id, told.unwanted))
        elif told.key in sent_before:
            dropped.append((told.letter_id, "đã gửi trước khi phục hồi dữ liệu, theo nhật ký gửi"))
        elif person_id in told.holders:
            kept.append(told)
        elif told.holders:
            moved.append(told.letter_id)
        else:
            vacant.append(told.letter_id)
    kept.sort(key=lambda told: urgency(told.line))
    return Decision(tuple(kept), tuple(dropped), tuple(moved), tuple(vacant))


def keep_ledger(connection: sa.Connection, decision: Decision) -> None:
    """Letters that fall away say why; those of a new holder are loose again, and the next sweep packs them."""
    for letter_id, why in decision.dropped:
        values = {"state": "superseded", "note": sa.func.coalesce(letter.c.note, why)}
        connection.execute(sa.update(letter).where(letter.c.id == letter_id).values(values))
    if decision.moved:
        connection.execute(sa.update(letter).where(letter.c.id.in_(decision.moved)).values(envelope_id=None))
    if decision.vacant:
        connection.execute(sa.update(letter).where(letter.c.id.in_(decision.vacant)).values(state="vacant"))


def unwanted(row: Row, now: datetime) -> str | None:
    """Why a letter must not be sent any more, in Vietnamese, or None while it still holds. Pure."""
    if row.tone in ("result", "renewal"):  # last year's cycle is closed when next year's plan is drafted
        return None
    if row.cycle_state != "open":
        return "đợt đã đóng"
    if row.tone == "summary":
        return None if local_day(row.planned_at) == local_day(now) else "bản tin của ngày đã qua"
    state = State(row.item_state)
    if row.tone in _OF_UNFINISHED and state not in UNFINISHED:
        return "việc đã xong"
    if row.tone in _OF_A_REVISION and row.revision != row.item_revision:
        return "hạn hoặc tình trạng của việc đã đổi"
    if row.tone == "returned" and state != State.RETURNED:
        return "việc đã được nộp lại"
    if row.tone == "chase" and row.last_day is not None:
        return "đã ấn định ngày"
    return None


def letter_key(row: Row) -> str:
    """What one letter says to whom, whatever number it bears: the same after a restored backup.

    The deadline and the note are part of it, because revisions and events are counted anew from the backup on.
    """
    about = row.item_id if row.item_id is not None else f"c{row.cycle_id}"
    key = f"{about}/{row.rung}/{row.revision}/{row.post_id}/{row.last_day or ''}"
    return f"{key}/{crc32(row.note.encode()):08x}" if row.note else key


def _people(connection: sa.Connection, ids: Collection[int]) -> dict[int, Person]:
    rows = connection.execute(sa.select(person.c.id, person.c.name, person.c.email).where(person.c.id.in_(ids)))
    return {row.id: Person(row.id, row.name, (row.email or "").strip() or None) for row in rows}


def _holders(
    connection: sa.Connection, posts: Collection[int], instead: Mapping[int, int], now: datetime
) -> dict[int, frozenset[int]]:
    """Everybody who holds a post today: while two tenures overlap, a letter to either is rightly addressed. While somebody
    stands in, letters are theirs alone.
    """
    query = sa.select(tenure.c.post_id, tenure.c.person_id).where(tenure.c.post_id.in_(posts), on_day(tenure, local_day(now)))
    found: dict[int, set[int]] = {}
    for post_id, person_id in connection.execute(query):
        found.setdefault(post_id, set()).add(person_id)
    return {one: frozenset({instead[one]} if one in instead else people) for one, people in found.items()}


def _titles(connection: sa.Connection, posts: Collection[int], instead: Mapping[int, int]) -> dict[int, str]:
    rows = connection.execute(
        sa.select(post.c.id, post.c.role, post.c.title, unit.c.name)
        .join(unit, unit.c.id == post.c.unit_id)
        .where(post.c.id.in_(posts))
    )
    titles = {post_id: _title(title or PostRole(role).vi, name) for post_id, role, title, name in rows}
    return {post_id: f"làm thay {lower_first(said)}" if post_id in instead else said for post_id, said in titles.items()}


def _title(title: str, unit_name: str) -> str:
    said = title[:1].upper() + title[1:]
    return said if unit_name.lower() in said.lower() else f"{said}, {unit_name}"
