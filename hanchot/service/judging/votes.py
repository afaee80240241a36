"""Confirmed votes (biểu quyết) of one body: what each has carried for whom, and which of them count."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from hanchot.domain.ballot import Tally, VoteKind, outcome
from hanchot.domain.rating_level import RatingLevel
from hanchot.domain.verdict import Carried
from hanchot.service.judging.rulebook import Rulebook
from hanchot.store.db import Row
from hanchot.store.judging_tables import ballot, ballot_count

FIELDS = ("convened", "present", "issued", "collected", "valid", "invalid")


def counted(row: Any, per_level: Mapping[RatingLevel, int]) -> Tally:
    """The counts of minutes, or of a ballot's row, for one subject."""
    return Tally(row.convened, row.present, row.issued, row.collected, row.valid, row.invalid, per_level)


class ConfirmedVotes:
    """The last confirmed vote of each kind and round on each subject (of ``subjects`` only, if named): one statement."""

    def __init__(
        self, connection: sa.Connection, rules: Rulebook, unit_id: int, subjects: Collection[int] | None = None
    ) -> None:
        self._votes = rules.regulation.votes
        self._last: dict[tuple[int, str, int], tuple[Row, dict[RatingLevel, int]]] = {}
        for row in connection.execute(_counts(rules.cycle_id, unit_id, subjects)) if self._votes else ():
            key = row.subject_id, row.kind, row.round
            if key not in self._last or self._last[key][0].id != row.id:
                self._last[key] = row, {}
            self._last[key][1][RatingLevel(row.level)] = row.votes

    def last(self, subject_id: int, kind: str, number: int) -> Carried | None:
        """What the last confirmed vote of this kind and round has carried for a subject."""
        row, per_level = self._last.get((subject_id, kind, number), (None, {}))
        if row is None or self._votes is None:
            return None
        return Carried(row.id, row.minutes, outcome(counted(row, per_level), self._votes))

    def picked(self, kind: VoteKind, number: int) -> list[int]:
        """Whom round ``number`` has carried at that round's level: on them the next round may vote."""
        assert self._votes is not None
        wanted, mine = self._votes.rounds[number - 1].level, (kind.key, number)
        return [who for who, *of in self._last if tuple(of) == mine and self._level(who, *mine) is wanted]

    def _level(self, subject_id: int, kind: str, number: int) -> RatingLevel | None:
        last = self.last(subject_id, kind, number)
        return last.outcome.level if last else None

    def carried(self, subject_id: int, kinds: Collection[VoteKind]) -> tuple[Carried, ...]:
        """What the votes of these kinds carried for a subject, earlier rounds first. A round held before a newer vote of
        the round before it no longer counts.
        """
        found: list[Carried] = []
        for kind in kinds if self._votes else ():
            before = 0
            for number in range(1, (len(self._votes.rounds) if self._votes and kind.two_rounds else 1) + 1):
                one = self.last(subject_id, kind.key, number)
                if one is None or one.ballot_id < before:
                    break
                found.append(one)
                before = one.ballot_id
        return tuple(found)


def _counts(cycle_id: int, unit_id: int, subjects: Collection[int] | None) -> sa.Select[Any]:
    held = (ballot.c[name] for name in ("id", "kind", "round", "minutes", *FIELDS))
    query = (
        sa.select(*held, ballot_count.c.subject_id, ballot_count.c.level, ballot_count.c.votes)
        .join(ballot_count, ballot_count.c.ballot_id == ballot.c.id)
        .where(ballot.c.cycle_id == cycle_id, ballot.c.unit_id == unit_id, ballot.c.state == "confirmed")
        .order_by(ballot.c.id)
    )
    return query if subjects is None else query.where(ballot_count.c.subject_id.in_(subjects))
