"""What a decision or a meeting waits for: meetings that must be held, opinions that must be heard.

The steps of review that the schedule and the requests know of; each guard adds what it knows itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from hanchot.domain.cited import Refusal
from hanchot.domain.opinion import STEPS, Kind
from hanchot.domain.review_order import Step
from hanchot.domain.review_rules import ReviewRules
from hanchot.domain.session import Booked, opinions_missing
from hanchot.service.hearing import Heard, not_heard, opinions_of
from hanchot.service.judging.rulebook import Rulebook, rulebook
from hanchot.service.meeting_book import Meeting, meetings
from hanchot.service.services import Services
from hanchot.store.meeting_tables import meeting
from hanchot.store.tables import person


@dataclass(frozen=True)
class Awaits:
    """``missing``: opinions that have not come, each with its clause. ``done`` and ``applicable``: steps of review."""

    missing: tuple[Refusal, ...] = ()
    done: frozenset[Step] = frozenset()
    applicable: frozenset[Step] = frozenset()


def awaits(
    services: Services, connection: sa.Connection, cycle_id: int, unit_id: int, person_id: int | None = None, *,
    everybody: bool = False,
) -> Awaits:  # fmt: skip
    """What the decision on a unit, or on one of its people, still waits for; ``everybody``: the unit with all its people.

    A meeting that was booked must be held; superiors who attended give their opinion where the rules want it.
    """
    pending = Pending(connection, rulebook(services, connection, cycle_id), [unit_id])
    if everybody:
        return pending.of_everybody(unit_id)
    return pending.of(unit_id, _code(connection, person_id))


class Pending:
    """The same for many units of one cycle and their people: meetings and opinions are read once."""

    def __init__(self, connection: sa.Connection, rules: Rulebook, units: Collection[int]) -> None:
        self._rules = rules.review
        self._opinions = opinions_of(connection, rules.cycle_id, units)
        self._meetings: dict[int, list[Meeting]] = {}
        for one in meetings(connection, meeting.c.cycle_id == rules.cycle_id, meeting.c.unit_id.in_(units)):
            self._meetings.setdefault(one.unit_id, []).append(one)

    def of(self, unit_id: int, person: str | None) -> Awaits:
        """What waits for the unit as such, or for the person of that code in it."""
        about = self._opinions[unit_id]
        return _awaits([one for one in about if one.person == person], about, self._meetings.get(unit_id, []), self._rules)

    def of_everybody(self, unit_id: int) -> Awaits:
        """What waits for the unit with all its people."""
        about = self._opinions[unit_id]
        return _awaits(about, about, self._meetings.get(unit_id, []), self._rules)


def _awaits(mine: Sequence[Heard], about: Sequence[Heard], held: Sequence[Meeting], rules: ReviewRules) -> Awaits:
    """Pure. ``about``: the opinions about the unit and all its people, ``mine`` those that are asked about."""
    comments = {step: [one for one in mine if one.kind is kind] for kind, step in STEPS.items()}
    heard = frozenset(step for step, of in comments.items() if of and all(one.is_in or one.is_waived for one in of))
    given = [refusal for one in held if one.held_at for refusal in opinions_missing(_as_booked(one, about), (), rules.sessions)]
    asked = frozenset(step for step, of in comments.items() if of)
    return Awaits(
        (*not_heard(mine, rules), *given),
        heard | {one.step for one in held if one.held_at},
        asked | {one.step for one in held},
    )


def _as_booked(one: Meeting, about: Iterable[Heard]) -> Booked:
    """The meeting with those attenders of whom nobody has asked an opinion yet: what was asked for stands as a request."""
    asked = {o.attender_id for o in about if o.kind is Kind.ATTENDING}
    return Booked(one.unit_name, one.starts, one.ends, tuple(a.name for a in one.attends if a.person_id not in asked))


def _code(connection: sa.Connection, person_id: int | None) -> str | None:
    return connection.execute(sa.select(person.c.code).where(person.c.id == person_id)).scalar() if person_id else None
