"""The facts of members as they are kept: read by person, written for many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa

from hanchot.domain.eligibility import Exempt, Needs, OtherTrack, PersonFacts, standing_of
from hanchot.domain.instants import local_day
from hanchot.domain.membership import FIELDS, UNTOLD, Membership
from hanchot.service.judging.rulebook import Rulebook
from hanchot.store.judging_tables import membership
from hanchot.store.tables import person

_COLUMNS = tuple(membership.c[name] for name in FIELDS)


def standing_words(facts: PersonFacts | None, rules: Rulebook, now: datetime) -> tuple[str | None, str | None]:
    """``(exempt, awaits)`` in words with the clause; both None: rated, or nobody has told anything."""
    if facts is None:
        return None, None
    match standing_of(facts, local_day(now), rules.review.eligibility, rules.counted_to):
        case Exempt(reason, basis) | OtherTrack(reason, basis):
            return f"{reason} [{basis.vi}]", None
        case Needs(missing):
            return None, " ".join(one.vi for one in missing)
    return None, None


def standing_of_member(one: Membership, name: str, rules: Rulebook, now: datetime) -> tuple[str | None, str | None]:
    """The same from what is kept."""
    return standing_words(one.facts(name, rules.year) if one != UNTOLD else None, rules, now)


def kept(connection: sa.Connection, ids: Sequence[int] | None = None) -> dict[int, Membership]:
    """By the person's number; of all, or of these. Who is not in it: nobody has told anything."""
    query = sa.select(membership.c.person_id, *_COLUMNS)
    if ids is not None:
        query = query.where(membership.c.person_id.in_(ids))
    return {row[0]: Membership(*row[1:]) for row in connection.execute(query)}


def named_facts(connection: sa.Connection, year: int) -> dict[int, tuple[str, PersonFacts]]:
    """Everybody of whom something is told: number → (code, facts)."""
    query = sa.select(person.c.id, person.c.code, person.c.name, *_COLUMNS).join(
        membership, membership.c.person_id == person.c.id
    )
    return {row.id: (row.code, Membership(*row[3:]).facts(row.name, year)) for row in connection.execute(query)}


def keep(connection: sa.Connection, told: Mapping[int, Membership], known: Mapping[int, Membership]) -> None:
    """Write what is told of each person; ``known``: what is kept of them now."""
    fresh = [{"person_id": who, **asdict(one)} for who, one in told.items() if who not in known and one != UNTOLD]
    moved = [{"who": who, **asdict(one)} for who, one in told.items() if who in known and known[who] != one]
    if fresh:
        connection.execute(sa.insert(membership), fresh)
    if moved:
        values: dict[str, sa.BindParameter[object]] = {name: sa.bindparam(name) for name in FIELDS}
        connection.execute(sa.update(membership).where(membership.c.person_id == sa.bindparam("who")).values(values), moved)
