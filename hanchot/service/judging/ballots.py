"""Ballots (phiếu): tallies from the signed minutes, typed twice by two people; never who voted what.

The first entry waits. A second person types the same minutes without seeing the first: they match, or the ballot is
disputed and says which fields differ. Every entry is kept as it was typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from hanchot.domain.ballot import ClosedRound, Entry, Outcome, Tally, VoteKind, VoteRules, faults, may_vote, outcome, reconcile
from hanchot.domain.cited import Refusal
from hanchot.domain.errors import AlreadyDone, NotFound, Refused
from hanchot.domain.house_rules import RECORD
from hanchot.domain.rating_level import RatingLevel, Subject
from hanchot.domain.regulation import silent
from hanchot.domain.verdict import Carried
from hanchot.service import audit
from hanchot.service.book import closed, cycle_id_of
from hanchot.service.judging.bodies import find_body, outside_branch
from hanchot.service.judging.digests import salted, sealed
from hanchot.service.judging.refusing import Forbidden, demand
from hanchot.service.judging.rulebook import Rulebook, rulebook
from hanchot.service.judging.subjects import find_subject, find_subjects
from hanchot.service.judging.votes import FIELDS, ConfirmedVotes, counted
from hanchot.service.services import Services
from hanchot.store.db import Row, new_id
from hanchot.store.judging_tables import ballot, ballot_count, ballot_entry
from hanchot.store.tables import unit

_HEAD_VI = {
    "kind": "loại biểu quyết", "round": "vòng", "unit": "nơi biểu quyết", "held_on": "ngày họp", "number": "số biên bản",
}  # fmt: skip


@dataclass(frozen=True)
class Minutes:
    """The minutes of one vote as a person types them. ``votes``: by subject, then by level; ``held_on`` a local day."""

    kind: str
    unit: str
    held_on: date
    number: str
    convened: int
    present: int
    issued: int
    collected: int
    valid: int
    invalid: int
    votes: Mapping[int, Mapping[RatingLevel, int]]
    round: int = 1

    def tally(self, subject_id: int) -> Tally:
        """What the minutes count for one subject."""
        return counted(self, self.votes.get(subject_id, {}))

    def to_json(self) -> dict[str, Any]:
        head = {name: getattr(self, name) for name in ("kind", "unit", "round", "number", *FIELDS)}
        votes = {str(who): {str(level): n for level, n in levels.items()} for who, levels in self.votes.items()}
        return {**head, "held_on": self.held_on.isoformat(), "votes": votes}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Minutes:
        """Raises ``Refused`` naming the field that is missing or of the wrong kind."""
        try:
            votes = {int(w): {RatingLevel(k): _count(n) for k, n in of.items()} for w, of in said["votes"].items()}
            counts = {name: _count(said[name]) for name in FIELDS}
            held = date.fromisoformat(said["held_on"])
            number = _count(said.get("round", 1))
            return cls(
                kind=str(said["kind"]), unit=str(said["unit"]), held_on=held, number=str(said["number"]), votes=votes,
                round=number, **counts,
            )  # fmt: skip
        except KeyError as missing:
            raise Refused(f"Biên bản thiếu “{missing.args[0]}”.", way_out="Ghi đủ các số như biên bản đã ký.") from None
        except (ValueError, TypeError, AttributeError) as wrong:
            raise Refused(f"Biên bản ghi sai: {wrong}.", way_out="Số phiếu là số nguyên, ngày viết YYYY-MM-DD.") from None


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"“{value}” không phải số nguyên")
    return value


@dataclass(frozen=True)
class Entered:
    """A ballot after an entry: ``first``, ``confirmed`` or ``disputed`` with what differs."""

    id: int
    state: str
    differs: tuple[str, ...] = ()

    def to_json(self) -> dict[str, object]:
        return {"ballot": self.id, "state": self.state, "differs": list(self.differs)}


def enter(services: Services, code: str, minutes: Minutes, now: datetime, *, actor: str) -> Entered:
    """The first entry of a vote. Raises ``Forbidden`` for numbers that cannot be and for a round that is still locked."""
    with services.db.write() as connection:
        rules = rulebook(services, connection, cycle_id_of(connection, code))
        demand(_against(connection, rules, minutes))
        unit_id = find_body(connection, minutes.unit).id
        key = {"cycle_id": rules.cycle_id, "kind": minutes.kind, "round": minutes.round, "unit_id": unit_id,
               "minutes": minutes.number}  # fmt: skip
        same = connection.execute(sa.select(ballot.c.id).where(*(ballot.c[k] == v for k, v in key.items()))).scalar()
        if same is not None:
            way_out = f"Người thứ hai xác nhận phiếu số {same}; số nhập sai thì nhập lại ở bước xác nhận."
            raise AlreadyDone(f"Biên bản {minutes.number} đã được nhập.", way_out=way_out)
        counts = {name: getattr(minutes, name) for name in FIELDS}
        made = connection.execute(
            sa.insert(ballot).values(**key, **counts, held_on=minutes.held_on, state="first", entered_by=actor, at=now)
        )
        ballot_id = new_id(made)
        _keep_counts(connection, ballot_id, minutes)
        _record(connection, ballot_id, minutes, "ballot.entered", now, actor, rules.cycle_id)
        return Entered(ballot_id, "first")


def confirm(services: Services, ballot_id: int, minutes: Minutes, now: datetime, *, actor: str) -> Entered:
    """The second, independent entry; also a correction of either entry while the ballot is disputed.

    Raises ``Forbidden`` when the same person types twice, ``AlreadyDone`` for a confirmed ballot.
    """
    with services.db.write() as connection:
        row = _found(connection, ballot_id)
        if row.state == "confirmed":
            raise AlreadyDone(f"Phiếu số {ballot_id} đã được xác nhận.", way_out="Biểu quyết lại thì nhập biên bản mới.")
        rules = rulebook(services, connection, row.cycle_id)
        demand(_against(connection, rules, minutes))
        correcting = actor == row.entered_by
        known = _entries(connection, ballot_id)
        others = [(who, said) for who, said in known.items() if who != actor]
        partner = (others[-1] if others else None) if correcting else (row.entered_by, known[row.entered_by])
        demand(_same_hand(minutes, actor) if partner is None else ())
        assert partner is not None
        other, said = partner
        differs = _differs(connection, minutes, said, first_is_mine=correcting)
        if correcting:
            _adopt(connection, row, minutes)
        state = "disputed" if differs else "confirmed"
        second = other if correcting else actor
        done = {"confirmed_by": second, "confirmed_at": now} if state == "confirmed" else {}
        connection.execute(sa.update(ballot).where(ballot.c.id == ballot_id).values(state=state, **done))
        _record(connection, ballot_id, minutes, f"ballot.{state}", now, actor, row.cycle_id)
        return Entered(ballot_id, state, differs)


def _same_hand(minutes: Minutes, actor: str) -> tuple[Refusal, ...]:
    entry = Entry(minutes.tally(0), actor)
    return reconcile(entry, entry)


def _against(connection: sa.Connection, rules: Rulebook, minutes: Minutes) -> tuple[Refusal, ...]:
    """Everything that stands against an entry, before a single number is kept."""
    if not rules.is_open:
        raise closed(rules.code)
    votes = rules.regulation.votes
    if votes is None:
        return silent(rules.regulation, "votes")
    kind = votes.kind(minutes.kind)
    body = find_body(connection, minutes.unit)
    found: list[Refusal] = [*_head(minutes, kind)]
    earlier = kind.two_rounds and minutes.round > 1
    before = ConfirmedVotes(connection, rules, body.id, minutes.votes) if earlier else None
    for subject_id, who in find_subjects(connection, list(minutes.votes)).items():
        found += _wrong_subject(who, kind, rules)
        found += outside_branch(body, who.path, who.label, kind.cited)
        found += faults(minutes.tally(subject_id), votes, minutes.round if kind.two_rounds else None)
        if before is not None:
            found += _locked(before.last(subject_id, kind.key, minutes.round - 1), minutes, who, votes)
    return tuple(dict.fromkeys(found))


def _head(minutes: Minutes, kind: VoteKind) -> list[Refusal]:
    found = []
    if not minutes.votes:
        found.append(Refusal("nobody-voted-on", "Biên bản chưa nêu ai.", "Ghi số phiếu của từng đối tượng.", kind.cited))
    if not minutes.number.strip():
        found.append(Refusal("no-minutes", "Phiếu chưa có số biên bản.", "Ghi số biên bản kiểm phiếu đã ký.", RECORD))
    if minutes.round != 1 and not kind.two_rounds:
        words = f"“{kind.title}” chỉ có một vòng."
        found.append(Refusal("one-round", words, "Nhập ở vòng 1.", kind.cited))
    return found


def _wrong_subject(who: Row, kind: VoteKind, rules: Rulebook) -> list[Refusal]:
    if who.cycle_id != rules.cycle_id:
        return [Refusal("another-cycle", f"{who.label} không thuộc đợt “{rules.code}”.", "Xem lại số đối tượng.", RECORD)]
    if who.exempt:
        words = f"{who.label} không thuộc diện xếp loại: {who.exempt}."
        return [Refusal("exempt", words, "Bỏ khỏi biên bản, hoặc sửa căn cứ miễn.", RECORD)]
    if Subject(who.kind) not in kind.rates:
        words = f"“{kind.title}” không biểu quyết {Subject(who.kind).vi}."
        return [Refusal("wrong-vote-kind", words, "Chọn đúng loại biểu quyết.", kind.cited)]
    return []


def _locked(before: Carried | None, minutes: Minutes, who: Row, votes: VoteRules) -> tuple[Refusal, ...]:
    """The round before must be confirmed and must have carried the subject at its level."""
    closed = ClosedRound(minutes.round - 1, {who.label: before.outcome}) if before else None
    return may_vote(who.label, minutes.round, closed, votes)


def _differs(connection: sa.Connection, mine: Minutes, theirs: Minutes, *, first_is_mine: bool) -> tuple[str, ...]:
    first, second = (mine, theirs) if first_is_mine else (theirs, mine)
    found = [
        f"{words.capitalize()} khác nhau: lần một {getattr(first, name)}, lần hai {getattr(second, name)}."
        for name, words in _HEAD_VI.items()
        if getattr(first, name) != getattr(second, name)
    ]
    subjects = find_subjects(connection, sorted(first.votes.keys() | second.votes.keys()))
    for subject_id, who in subjects.items():
        pair = (Entry(first.tally(subject_id), "1"), Entry(second.tally(subject_id), "2"))
        for one in reconcile(*pair):
            found.append(f"{who.label}: {one.message}" if "“" in one.message else one.message)
    return tuple(dict.fromkeys(found))


def _adopt(connection: sa.Connection, row: Row, minutes: Minutes) -> None:
    """The first person's corrected numbers become the ballot's; of which vote they are stays as it was."""
    if (minutes.kind, minutes.round, minutes.number) != (row.kind, row.round, row.minutes) or minutes.unit != row.unit_code:
        words = f"Số nhập lại là của biên bản khác, không phải {row.minutes}."
        raise Forbidden([Refusal("another-vote", words, "Nhập biên bản ấy thành một phiếu mới.", RECORD)])
    counts = {name: getattr(minutes, name) for name in FIELDS}
    connection.execute(sa.update(ballot).where(ballot.c.id == row.id).values(**counts, held_on=minutes.held_on))
    connection.execute(sa.delete(ballot_count).where(ballot_count.c.ballot_id == row.id))
    _keep_counts(connection, row.id, minutes)


def _keep_counts(connection: sa.Connection, ballot_id: int, minutes: Minutes) -> None:
    rows = [
        {"ballot_id": ballot_id, "subject_id": who, "level": level, "votes": levels.get(level, 0)}
        for who, levels in minutes.votes.items()
        for level in RatingLevel
    ]
    connection.execute(sa.insert(ballot_count), rows)


def _record(
    connection: sa.Connection, ballot_id: int, minutes: Minutes, action: str, now: datetime, actor: str, cycle_id: int
) -> None:
    said = salted(minutes.to_json())
    connection.execute(sa.insert(ballot_entry).values(ballot_id=ballot_id, entered_by=actor, said=said, at=now))
    audit.record(connection, now, actor, action, f"ballot:{ballot_id}", cycle_id=cycle_id, data={"digest": sealed(said)})


def _entries(connection: sa.Connection, ballot_id: int) -> dict[str, Minutes]:
    """The latest entry of each person, in the order in which they last typed."""
    rows = connection.execute(sa.select(ballot_entry).where(ballot_entry.c.ballot_id == ballot_id).order_by(ballot_entry.c.id))
    latest: dict[str, Minutes] = {}
    for row in rows:
        latest.pop(row.entered_by, None)
        latest[row.entered_by] = Minutes.from_json(row.said)
    return latest


def typed_by(connection: sa.Connection, ballot_id: int, actor: str) -> Minutes | None:
    """What ``actor`` has typed last; None for who has not typed this ballot."""
    return _entries(connection, ballot_id).get(actor)


def disagreement(connection: sa.Connection, ballot_id: int) -> tuple[str, ...]:
    """In which fields the two last entries of a disputed ballot differ; only for the two who have typed them."""
    row, known = _found(connection, ballot_id), _entries(connection, ballot_id)
    others = [said for who, said in known.items() if who != row.entered_by]
    if row.state != "disputed" or not others:
        return ()
    return _differs(connection, known[row.entered_by], others[-1], first_is_mine=True)


def _found(connection: sa.Connection, ballot_id: int) -> Row:
    query = sa.select(ballot, unit.c.code.label("unit_code")).join(unit, unit.c.id == ballot.c.unit_id)
    row = connection.execute(query.where(ballot.c.id == ballot_id)).first()
    if row is None:
        raise NotFound(f"Không có phiếu số {ballot_id}.", way_out="Xem số phiếu khi nhập lần một.")
    return row


def _tally(connection: sa.Connection, row: Row, subject_id: int) -> Tally:
    counts = sa.select(ballot_count.c.level, ballot_count.c.votes).where(ballot_count.c.ballot_id == row.id)
    of = connection.execute(counts.where(ballot_count.c.subject_id == subject_id))
    return counted(row, {RatingLevel(k): n for k, n in of})


@dataclass(frozen=True)
class Voted:
    """One ballot as it counts for one subject. ``outcome`` None while the second person has not confirmed it."""

    id: int
    title: str
    round: int
    unit: str
    minutes: str
    held_on: date
    state: str
    tally: Tally
    outcome: Outcome | None


def of_subject(connection: sa.Connection, rules: Rulebook, subject_id: int) -> tuple[Voted, ...]:
    """Every ballot in which the subject was voted on, oldest first. For the deciding level only."""
    votes = rules.regulation.votes
    titles = {kind.key: kind.title for kind in votes.kinds} if votes else {}
    mine = sa.select(ballot_count.c.ballot_id).where(ballot_count.c.subject_id == subject_id)
    query = sa.select(ballot, unit.c.name.label("unit_name")).join(unit, unit.c.id == ballot.c.unit_id)
    found = []
    for row in connection.execute(query.where(ballot.c.id.in_(mine)).order_by(ballot.c.id)).all():
        tally = _tally(connection, row, subject_id)
        result = outcome(tally, votes) if votes and row.state == "confirmed" else None
        title = titles.get(row.kind, row.kind)
        found.append(Voted(row.id, title, row.round, row.unit_name, row.minutes, row.held_on, row.state, tally, result))
    return tuple(found)


def show(services: Services, ballot_id: int) -> dict[str, Any]:
    """A ballot with its tallies and, once it is confirmed, what it carried for each subject."""
    with services.db.read() as connection:
        row = _found(connection, ballot_id)
        votes = rulebook(services, connection, row.cycle_id).regulation.votes
        ids = connection.execute(
            sa.select(ballot_count.c.subject_id).where(ballot_count.c.ballot_id == ballot_id).distinct()
        ).scalars()
        head = {
            name: getattr(row, name) for name in ("kind", "round", "minutes", "state", "entered_by", "confirmed_by", *FIELDS)
        }
        shown = []
        for who in sorted(ids):
            tally = _tally(connection, row, who)
            result: Outcome | None = outcome(tally, votes) if votes and row.state == "confirmed" else None
            shown.append({
                "subject": who, "name": find_subject(connection, who).label, "votes": dict(tally.per_level),
                "carried": result.level if result else None, "words": result.words if result else None,
            })  # fmt: skip
        return {"ballot": ballot_id, "unit": row.unit_code, "held_on": row.held_on, **head, "subjects": shown}
