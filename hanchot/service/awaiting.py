"""What a decision or a meeting waits for: meetings that must be held, opinions that must be heard.

The steps of review that the schedule and the requests know of; each guard adds what it knows itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from hanchot.domain.cited import Refusal
from hanchot.domain.opinion import STEPS, Kind
from hanchot.domain.review_order import Step
from hanchot.domain.session import Booked, opinions_missing
from hanchot.service.hearing import Heard, not_heard, opinions
from hanchot.service.judging.rulebook import rulebook
from hanchot.service.meeting_book import Meeting, of_unit
from hanchot.service.services import Services
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
    rules = rulebook(services, connection, cycle_id).review
    held = of_unit(connection, cycle_id, unit_id)
    about = opinions(connection, cycle_id, unit_id)
    mine = [one for one in about if everybody or one.person == _code(connection, person_id)]
    comments = {step: [one for one in mine if one.kind is kind] for kind, step in STEPS.items()}
    heard = frozenset(step for step, of in comments.items() if of and all(one.is_in or one.is_waived for one in of))
    given = [refusal for one in held if one.held_at for refusal in opinions_missing(_as_booked(one, about), (), rules.sessions)]
    asked = frozenset(step for step, of in comments.items() if of)
    return Awaits(
        (*not_heard(mine, rules), *given),
        heard | {one.step for one in held if one.held_at},
        asked | {one.step for one in held},
    )


def _as_booked(one: Meeting, about: tuple[Heard, ...]) -> Booked:
    """The meeting with those attenders of whom nobody has asked an opinion yet: what was asked for stands as a request."""
    asked = {o.attender_id for o in about if o.kind is Kind.ATTENDING}
    return Booked(one.unit_name, one.starts, one.ends, tuple(a.name for a in one.attends if a.person_id not in asked))


def _code(connection: sa.Connection, person_id: int | None) -> str | None:
    return connection.execute(sa.select(person.c.code).where(person.c.id == person_id)).scalar() if person_id else None
