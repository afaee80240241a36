"""Dossiers as they stand in the database: what lies in each, and what its checklist still wants.

A folder (the dossier of one unit or person in one cycle) is read whole and judged by ``domain.dossier``; a unit that has
handed in nothing has an empty one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal

import sqlalchemy as sa

from hanchot.domain.cited import Refusal
from hanchot.domain.dossier import Checklist, Complete, Fact, Incomplete, Receipt, Waiver, Whose, completeness, sets_missing
from hanchot.domain.errors import NotFound
from hanchot.domain.plan import Milestone
from hanchot.domain.stage import Stage
from hanchot.domain.work_item import State
from hanchot.service.book import Book, book
from hanchot.service.judging.rulebook import rulebook
from hanchot.service.services import Services
from hanchot.service.topics import issued_to
from hanchot.store.db import Row
from hanchot.store.keeping_tables import dossier, dossier_fact, paper, receipt, waiver
from hanchot.store.tables import person, unit, work_item

Managed = Literal["none", "above", "here"]


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper that lies in a folder now. ``place`` for one on paper, the others for a file."""

    id: int
    key: str
    no: int
    kind: str
    name: str | None
    size: int | None
    sha256: str | None
    place: str | None
    handed_at: datetime
    handed_by: str


@dataclass(frozen=True, slots=True)
class Kept:
    """That one of the sets (bộ) was filed or received. ``place``: where it is kept; ``day``: a local day."""

    set_no: int
    place: str
    day: date
    number: str
    by: str


@dataclass(frozen=True)
class Folder:
    """The dossier of one unit or person. ``id`` None: nothing was ever handed in. ``person``: the code, None for a unit."""

    id: int | None
    unit_id: int
    unit: str
    person: str | None
    whose: Whose
    papers: tuple[Paper, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    facts: frozenset[Fact] = frozenset()
    kept: tuple[Kept, ...] = ()

    def paper(self, key: str) -> Paper | None:
        return next((one for one in self.papers if one.key == key), None)

    def standing(self, checklist: Checklist, stage: Stage) -> Complete | Incomplete:
        """Whether nothing that ``stage`` requires is missing."""
        handed = [one.key for one in self.papers]
        return completeness(checklist, self.whose, handed, self.facts, stage=stage, waivers=self.waivers)

    def lacks(self, checklist: Checklist, stage: Stage) -> tuple[str, ...]:
        """The keys of the papers that ``stage`` requires and that neither lie here nor are waived."""
        waived = {one.paper for one in self.waivers}
        asked = (one.paper for one in self.standing(checklist, stage).papers if one.required)
        return tuple(one.key for one in asked if not self.paper(one.key) and not (one.waivable and one.key in waived))

    def sets_missing(self, checklist: Checklist) -> tuple[Refusal, ...]:
        receipts = {checklist.sets[one.set_no - 1].key: Receipt(one.day, one.number) for one in self.kept}
        return sets_missing(checklist, receipts)


@dataclass(frozen=True)
class Standing:
    """A folder beside its checklist, judged as of a stage."""

    folder: Folder
    checklist: Checklist
    stage: Stage
    judged: Complete | Incomplete = field(repr=False)

    @property
    def missing(self) -> tuple[Refusal, ...]:
        return self.judged.missing if isinstance(self.judged, Incomplete) else ()


def checklist_of(services: Services, connection: sa.Connection, cycle_id: int, key: str) -> Checklist:
    """A list for the cycle's period in the rules that it goes by. Raises ``NotFound`` with the lists that there are."""
    rules = rulebook(services, connection, cycle_id)
    period = "quarterly" if rules.quarter else "annual"
    lists = {one.key: one for one in rules.review.dossiers if one.period == period}
    if key not in lists:
        raise NotFound(
            f"Đợt “{rules.code}” không có danh mục hồ sơ “{key}”.", way_out=f"Các danh mục: {', '.join(lists) or 'không có'}.",
            thing="danh mục hồ sơ", value=key,
        )  # fmt: skip
    return lists[key]


def stand(folder: Folder, checklist: Checklist, stage: Stage) -> Standing:
    return Standing(folder, checklist, stage, folder.standing(checklist, stage))


def folders(
    connection: sa.Connection, cycle_id: int, checklist: str, *, units: Iterable[int] | None = None
) -> tuple[Folder, ...]:
    """The folders of a list in a cycle (of ``units`` only, if named): a unit's own first, then its people's."""
    query = (
        sa.select(
            dossier.c.id, dossier.c.unit_id, dossier.c.member, dossier.c.cadre, dossier.c.managed, dossier.c.person_id,
            unit.c.code.label("unit"), unit.c.name.label("unit_name"), person.c.code.label("person"),
            person.c.name.label("person_name"),
        )
        .join(unit, unit.c.id == dossier.c.unit_id)
        .outerjoin(person, person.c.id == dossier.c.person_id)
        .where(dossier.c.cycle_id == cycle_id, dossier.c.checklist == checklist)
        .order_by(unit.c.path, dossier.c.person_id.is_not(None), dossier.c.id)
    )  # fmt: skip
    if units is not None:
        query = query.where(dossier.c.unit_id.in_(list(units)))
    rows = connection.execute(query).all()
    within, topics = _Contents(connection, [row.id for row in rows]), issued_to(connection, cycle_id)
    return tuple(_asked(within.fill(_folder(row)), (row.unit_id, row.person_id) in topics) for row in rows)


def _asked(folder: Folder, topics: bool) -> Folder:
    """A topic that was issued makes its paper exist, whether or not somebody has said so of the folder."""
    return replace(folder, facts=folder.facts | {Fact.TOPICS}) if topics else folder


def empty(connection: sa.Connection, unit_id: int) -> Folder:
    """The folder of a unit that has handed in nothing."""
    row = connection.execute(sa.select(unit.c.code, unit.c.name).where(unit.c.id == unit_id)).one()
    return Folder(None, unit_id, row.code, None, Whose(row.name, "collective"))


def of_unit(connection: sa.Connection, cycle_id: int, checklist: str, unit_id: int) -> tuple[Folder, ...]:
    """A unit's own folder, empty if need be, and those of its people."""
    found = folders(connection, cycle_id, checklist, units=[unit_id])
    if any(one.person is None for one in found):
        return found
    return (_asked(empty(connection, unit_id), (unit_id, None) in issued_to(connection, cycle_id)), *found)


def linked(known: Book, checklist: str) -> tuple[Milestone, ...]:
    """The milestones whose submission sends the dossier of this list."""
    return tuple(m for m in known.plan.of_period(known.period.kind) if m.dossier == checklist)


def is_sent(known: Book, connection: sa.Connection, checklist: str, unit_id: int) -> bool:
    """Whether the unit's submission has gone: then nothing is taken out of its folders."""
    ids = [known.ids[m.key] for m in linked(known, checklist) if m.key in known.ids]
    done = work_item.c.state.in_((State.SUBMITTED, State.ACCEPTED))
    query = sa.select(work_item.c.id).where(work_item.c.milestone_id.in_(ids), work_item.c.unit_id == unit_id, done)
    return connection.execute(query.limit(1)).first() is not None


def dossier_refusals(services: Services, connection: sa.Connection, item: Row) -> tuple[Refusal, ...]:
    """What stands against handing in ``item`` (a row with ``cycle_id``, ``milestone_id`` and ``unit_id``): required papers
    that are missing from the unit's folder or from one of its people's. Empty where the plan links no checklist.
    """
    known = book(services.db, connection, item.cycle_id)
    milestone = known.milestone(item.milestone_id)
    if milestone.dossier is None:
        return ()
    checklist = checklist_of(services, connection, item.cycle_id, milestone.dossier)
    found = of_unit(connection, item.cycle_id, milestone.dossier, item.unit_id)
    return tuple(refusal for folder in found for refusal in stand(folder, checklist, milestone.stage).missing)


def _folder(row: Row) -> Folder:
    if row.person_id is None:
        return Folder(row.id, row.unit_id, row.unit, None, Whose(row.unit_name, "collective", managed=row.managed))
    whose = Whose(row.person_name, "individual", member=row.member, cadre=row.cadre, managed=row.managed)
    return Folder(row.id, row.unit_id, row.unit, row.person, whose)


class _Contents:
    """What lies in many folders, read at once: four statements, however many folders there are."""

    def __init__(self, connection: sa.Connection, ids: Sequence[int]) -> None:
        here = list(ids)
        columns = [paper.c[name] for name in Paper.__slots__]
        current = sa.select(paper.c.dossier_id, *columns).where(paper.c.dossier_id.in_(here), paper.c.withdrawn_at.is_(None))
        self._papers = _grouped(connection.execute(current.order_by(paper.c.no)))
        self._waivers = _grouped(connection.execute(_of(waiver, here, "key", "reason", "by")))
        self._facts = _grouped(connection.execute(_of(dossier_fact, here, "fact")))
        self._kept = _grouped(connection.execute(_of(receipt, here, "set_no", "place", "day", "number", "by")))

    def fill(self, folder: Folder) -> Folder:
        assert folder.id is not None
        return replace(
            folder,
            papers=tuple(Paper(*row) for row in self._papers.get(folder.id, ())),
            waivers=tuple(Waiver(*row) for row in self._waivers.get(folder.id, ())),
            facts=frozenset(Fact(row[0]) for row in self._facts.get(folder.id, ())),
            kept=tuple(Kept(*row) for row in sorted(self._kept.get(folder.id, ()))),
        )


def _of(table: sa.Table, ids: Sequence[int], *names: str) -> sa.Select[Any]:
    return sa.select(table.c.dossier_id, *(table.c[name] for name in names)).where(table.c.dossier_id.in_(ids))


def _grouped(rows: Iterable[Row]) -> Mapping[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = {}
    for dossier_id, *rest in rows:
        found.setdefault(dossier_id, []).append(tuple(rest))
    return found
