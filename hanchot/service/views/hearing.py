"""What was suggested, heard and found about one unit, for the board: topics, opinions, shortcomings. Views only read.

Their words are confidential: each function says whose they are, and the page asks for the right before it calls it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from hanchot.domain.errors import NotFound
from hanchot.domain.instants import local_day
from hanchot.domain.opinion import Kind
from hanchot.domain.rating_level import RatingLevel
from hanchot.domain.remediation import RemediationRules
from hanchot.domain.unit import ORGANISERS, UnitKind
from hanchot.service.hearing import Heard, opinion_of, opinions
from hanchot.service.judging.rulebook import rulebook
from hanchot.service.meeting_book import of_unit
from hanchot.service.services import Services
from hanchot.service.shortcomings import Seen, carried_over, shortcomings
from hanchot.service.topics import Standing, topics
from hanchot.service.views.common import ItemRow, item_rows
from hanchot.service.views.keeping import Named, Place, people_of
from hanchot.store.keeping_tables import shortcoming
from hanchot.store.meeting_tables import opinion
from hanchot.store.tables import cycle, person, unit, work_item


@dataclass(frozen=True, slots=True)
class UnitTopics:
    """``topics``: all of them for who suggests, only what was sent for the unit itself; ``bodies`` may decide (code, name)."""

    topics: tuple[Standing, ...]
    people: tuple[Named, ...]
    bodies: tuple[tuple[str, str], ...]
    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class Words:
    """What an opinion says, and the level that it proposes."""

    words: str
    level: RatingLevel | None


@dataclass(frozen=True, slots=True)
class UnitOpinions:
    """Requests about a unit and its people. ``said``: their words by number, empty for who may not read them.
    ``attended``: whether somebody from above attends a meeting and was not asked yet.
    """

    opinions: tuple[Heard, ...]
    said: dict[int, Words]
    people: tuple[Named, ...]
    attended: bool


@dataclass(frozen=True, slots=True)
class Owner:
    """The shortcomings of a unit (``person`` None) or of one of its people, and those of the review before."""

    person: str | None
    name: str
    found: tuple[Seen, ...]
    carried: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class UnitRemedies:
    """``known``: whether remediation was recorded after the review before; ``states``: items of the shortcomings by number."""

    owners: tuple[Owner, ...]
    known: bool
    people: tuple[Named, ...]
    rules: RemediationRules
    items: dict[int, ItemRow]


def unit_topics(services: Services, where: Place, now: datetime, *, drafts: bool) -> UnitTopics:
    """``drafts``: also topics that were not sent; the unit itself never reads those."""
    with services.db.read() as connection:
        found = topics(connection, where.cycle_id, where.unit_id)
        people = people_of(connection, where, local_day(now))
        above = [int(step) for step in where.path.strip("/").split("/")[:-1]]
        deciding = sorted(ORGANISERS | {UnitKind.STANDING_COMMITTEE})
        query = sa.select(unit.c.code, unit.c.name).where(
            sa.or_(unit.c.id.in_(above), unit.c.parent_id.in_(above)), unit.c.kind.in_(deciding), unit.c.id != where.unit_id
        )
        bodies = connection.execute(query.order_by(unit.c.kind != UnitKind.STANDING_COMMITTEE, unit.c.path)).all()
        names = _names(connection, [one.person for one in found if one.person])
    kept = tuple(one for one in found if drafts or one.sent_on)
    return UnitTopics(kept, people, tuple((code, name) for code, name in bodies), names)


def _names(connection: sa.Connection, codes: list[str]) -> dict[str, str]:
    rows = connection.execute(sa.select(person.c.code, person.c.name).where(person.c.code.in_(codes)))
    return {code: name for code, name in rows}


def unit_opinions(services: Services, where: Place, now: datetime, *, words: bool) -> UnitOpinions:
    """``words``: whether the viewer may read what the opinions say."""
    with services.db.read() as connection:
        found = opinions(connection, where.cycle_id, where.unit_id)
        said = _said(connection, [one.id for one in found]) if words else {}
        asked = {one.attender_id for one in found if one.kind is Kind.ATTENDING}
        attends = [a for one in of_unit(connection, where.cycle_id, where.unit_id) for a in one.attends]
        people = people_of(connection, where, local_day(now))
    return UnitOpinions(found, said, people, any(a.person_id not in asked for a in attends))


def _said(connection: sa.Connection, ids: list[int]) -> dict[int, Words]:
    query = sa.select(opinion.c.id, opinion.c.said).where(opinion.c.id.in_(ids), opinion.c.received_at.is_not(None))
    rows = connection.execute(query).all()
    return {row.id: Words(row.said["words"], RatingLevel(row.said["level"]) if row.said["level"] else None) for row in rows}


def asked_by(services: Services, item_id: int, now: datetime) -> tuple[Heard, ItemRow]:
    """The opinion that a work item asks for. Raises ``NotFound`` for other work."""
    with services.db.read() as connection:
        found = connection.execute(sa.select(opinion.c.id).where(opinion.c.item_id == item_id)).scalar()
        if found is None:
            raise NotFound(f"Việc số {item_id} không phải là lấy ý kiến.", way_out="Về trang của việc.")
        return opinion_of(connection, found), item_rows(services, connection, work_item.c.id == item_id, now)[0]


def unit_remedies(services: Services, where: Place, now: datetime) -> UnitRemedies:
    """Shortcomings of a unit and its people, for whoever may see its results."""
    with services.db.read() as connection:
        rules = rulebook(services, connection, where.cycle_id).review.remediation
        people = people_of(connection, where, local_day(now))
        owners, known = [], False
        for person_id, code, name in ((None, None, where.unit_name), *_people_with(connection, where)):
            before = carried_over(connection, where.cycle_id, where.unit_id, person_id)
            known = known or before is not None
            mine = shortcomings(connection, where.cycle_id, where.unit_id, person_id)
            owners.append(Owner(code, name, mine, before or ()))
        ids = [one.item_id for owner in owners for one in owner.found]
        rows = item_rows(services, connection, work_item.c.id.in_(ids), now)
    shown = tuple(owner for owner in owners if owner.found or owner.carried)
    return UnitRemedies(shown, known, people, rules, {row.id: row for row in rows})


def _people_with(connection: sa.Connection, where: Place) -> list[tuple[int, str, str]]:
    """People of the unit of whom any review has found something: id, code, name."""
    query = sa.select(person.c.id, person.c.code, person.c.name).where(
        person.c.id.in_(sa.select(shortcoming.c.person_id).where(shortcoming.c.unit_id == where.unit_id))
    )
    return [(row.id, row.code, row.name) for row in connection.execute(query.order_by(person.c.code))]


def remedy_of(services: Services, item_id: int, now: datetime) -> tuple[Seen, str, ItemRow]:
    """The shortcoming that a work item is to remedy, with the code of its review. Raises ``NotFound`` for other work."""
    query = (
        sa.select(shortcoming.c.id, shortcoming.c.cycle_id, shortcoming.c.unit_id, shortcoming.c.person_id, cycle.c.code)
        .join(cycle, cycle.c.id == shortcoming.c.cycle_id)
        .where(shortcoming.c.item_id == item_id)
    )
    with services.db.read() as connection:
        row = connection.execute(query).first()
        if row is None:
            raise NotFound(f"Việc số {item_id} không phải là khắc phục hạn chế.", way_out="Về trang của việc.")
        mine = shortcomings(connection, row.cycle_id, row.unit_id, row.person_id)
        one = next(one for one in mine if one.id == row.id)
        return one, row.code, item_rows(services, connection, work_item.c.id == item_id, now)[0]
