"""Dossiers for the board: every unit of a list with what it still lacks, and one dossier beside its checklist.

Views only read. ``branch`` is a unit's code; a page of units is judged whole, however many units there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from hanchot.domain.cited import Refusal
from hanchot.domain.dossier import Checklist, Fact, Wanted, Whose
from hanchot.domain.errors import NotFound
from hanchot.domain.instants import local_day
from hanchot.domain.stage import STAGES, Stage
from hanchot.domain.work_item import DONE, State
from hanchot.service.access import unit_path
from hanchot.service.book import Book, book, cycle_id_of
from hanchot.service.folders import Folder, Kept, Paper, Standing, folders, is_sent, linked, of_unit, stand
from hanchot.service.judging.rulebook import rulebook
from hanchot.service.services import Services
from hanchot.service.topics import issued_to
from hanchot.service.views.common import ItemRow, Paging, item_rows, units_like
from hanchot.service.views.keeping import Named, Place, people_of, place
from hanchot.store.keeping_tables import dossier, paper
from hanchot.store.tables import cycle_stage, unit, work_item

PAGE = 50


class Show(StrEnum):
    """How far the dossiers that a list shows have come."""

    NOTHING = "nothing"
    BEGUN = "begun"
    SENT = "sent"

    @property
    def vi(self) -> str:
        return {"nothing": "chưa có giấy nào", "begun": "đang gom giấy", "sent": "đã nộp lên"}[self]


@dataclass(frozen=True, slots=True)
class Line:
    """One unit: how many required papers of its own are there, what is missing there and in its people's dossiers."""

    unit: str
    unit_name: str
    path: str
    handed: int
    required: int
    missing: tuple[str, ...]
    people: int
    people_missing: int
    sent: bool


@dataclass(frozen=True)
class DossierList:
    """``checklist`` None: the rules of the cycle name no list. ``counts``: units by how far they have come."""

    code: str
    title: str
    lists: tuple[Checklist, ...]
    checklist: Checklist | None
    linked: bool
    branch: str | None
    show: Show | None
    text: str
    counts: dict[Show, int]
    lines: tuple[Line, ...]
    paging: Paging


@dataclass(frozen=True, slots=True)
class Slip:
    """One paper of the list beside what lies there."""

    wanted: Wanted
    paper: Paper | None
    waived: str | None

    @property
    def missing(self) -> bool:
        return self.wanted.required and self.paper is None and self.waived is None


@dataclass(frozen=True, slots=True)
class Of:
    """One dossier of a unit or of one of its people, as a line. ``person``: code, None for the unit's own."""

    person: str | None
    name: str
    missing: int


@dataclass(frozen=True)
class DossierPage:
    """One dossier. ``items``: the work whose submission sends it; ``refusals``: what stands against that, of all folders."""

    place: Place
    checklist: Checklist
    lists: tuple[Checklist, ...]
    standing: Standing
    slips: tuple[Slip, ...]
    facts: tuple[Fact, ...]
    kept: tuple[Kept | None, ...]
    others: tuple[Of, ...]
    people: tuple[Named, ...]
    items: tuple[ItemRow, ...]
    refusals: tuple[Refusal, ...]
    sent: bool
    opened: bool

    @property
    def folder(self) -> Folder:
        return self.standing.folder

    @property
    def newest(self) -> int:
        """The number of the newest paper that the page shows."""
        return max((one.id for one in self.folder.papers), default=0)


def lists_of(services: Services, connection: sa.Connection, cycle_id: int) -> tuple[Checklist, ...]:
    """The lists of a cycle's period, those whose dossier the plan sends first."""
    rules, known = rulebook(services, connection, cycle_id), book(services.db, connection, cycle_id)
    mine = [one for one in rules.review.dossiers if one.period == ("quarterly" if rules.quarter else "annual")]
    return tuple(sorted(mine, key=lambda one: not linked(known, one.key)))


def dossier_list(
    services: Services, code: str, key: str | None, branch: str | None, show: Show | None, text: str, page: int
) -> DossierList:
    """A page of a list's units in the order of the tree. Raises ``NotFound`` for an unknown cycle, list or branch."""
    with services.db.read() as connection:
        known = book(services.db, connection, cycle_id_of(connection, code))
        lists = lists_of(services, connection, known.cycle_id)
        chosen = _chosen(lists, key, code)
        path = unit_path(connection, branch) if branch else _root(connection, known)
        if chosen is None:
            return DossierList(
                code, known.plan.document.title, lists, None, False, branch, show, text, {}, (), Paging(1, PAGE, 0)
            )
        rows = _units(connection, known, chosen.key, path, units_like(services.db, connection, text, 500) if text else None)
        counts = dict.fromkeys(Show, 0) | dict(connection.execute(_counted(rows)).tuples().all())
        counts = {Show(name): n for name, n in counts.items()}
        paging = Paging(page, PAGE, counts[show] if show else sum(counts.values()))
        here = sa.select(rows.c.id).order_by(rows.c.path).limit(PAGE).offset(paging.offset)
        ids = connection.execute(here.where(rows.c.show == show) if show else here).scalars().all()
        page_of = _units(connection, known, chosen.key, path, ids)  # how far they have come: asked of the page's units only
        shown = connection.execute(sa.select(page_of).order_by(page_of.c.path)).all()
        lines = _lines(services, connection, known, chosen, shown)
        titled = known.plan.document.title
        return DossierList(
            code, titled, lists, chosen, bool(linked(known, chosen.key)), branch, show, text, counts, lines, paging
        )  # fmt: skip


def _chosen(lists: tuple[Checklist, ...], key: str | None, code: str) -> Checklist | None:
    if key is None or not lists:
        return lists[0] if lists else None
    for one in lists:
        if one.key == key:
            return one
    raise NotFound(f"Đợt “{code}” không có danh mục hồ sơ “{key}”.", way_out=f"Có: {', '.join(one.key for one in lists)}.")


def _root(connection: sa.Connection, known: Book) -> str:
    return str(connection.execute(sa.select(unit.c.path).where(unit.c.id == known.root_id)).scalar_one())


def _units(connection: sa.Connection, known: Book, key: str, path: str, like: Sequence[int] | None) -> sa.Subquery:
    """The units that must send this dossier or have begun one, each with how far it has come."""
    ids = [known.ids[m.key] for m in linked(known, key) if m.key in known.ids]
    duty = sa.and_(work_item.c.milestone_id.in_(ids), work_item.c.state != State.EXCUSED)
    mine = sa.and_(dossier.c.cycle_id == known.cycle_id, dossier.c.checklist == key)
    must = sa.select(work_item.c.unit_id).where(duty)
    begun = sa.select(dossier.c.unit_id).where(mine, dossier.c.person_id.is_(None))
    sent = sa.select(work_item.c.unit_id).where(duty, work_item.c.state.in_(sorted(DONE)))
    some = (
        sa.select(dossier.c.unit_id).join(paper, paper.c.dossier_id == dossier.c.id).where(mine, paper.c.withdrawn_at.is_(None))
    )
    show = sa.case((unit.c.id.in_(sent), Show.SENT), (unit.c.id.in_(some), Show.BEGUN), else_=Show.NOTHING).label("show")
    query = sa.select(unit.c.id, unit.c.code, unit.c.name, unit.c.path, show).where(
        unit.c.id.in_(must.union(begun)), unit.c.path.startswith(path, autoescape=True)
    )
    return (query if like is None else query.where(unit.c.id.in_(like))).subquery()


def _counted(rows: sa.Subquery) -> sa.Select[Any]:
    return sa.select(rows.c.show, sa.func.count()).group_by(rows.c.show)


def _lines(
    services: Services, connection: sa.Connection, known: Book, checklist: Checklist, rows: Sequence[Any]
) -> tuple[Line, ...]:  # fmt: skip
    stage = stage_of(connection, known, checklist.key)
    by_unit: dict[int, list[Folder]] = {}
    for one in folders(connection, known.cycle_id, checklist.key, units=[row.id for row in rows]):
        by_unit.setdefault(one.unit_id, []).append(one)
    topics, found = issued_to(connection, known.cycle_id), []
    for row in rows:
        mine = by_unit.get(row.id, [])
        nothing = Folder(
            None, row.id, row.code, None, Whose(row.name, "collective"),
            facts=frozenset({Fact.TOPICS} if (row.id, None) in topics else ()),
        )  # fmt: skip
        own = next((one for one in mine if one.person is None), nothing)
        judged = stand(own, checklist, stage)
        required = {one.paper.key for one in judged.judged.papers if one.required}
        others = [one for one in mine if one.person is not None]
        found.append(
            Line(
                row.code, row.name, row.path,
                len(required & {one.key for one in own.papers}), len(required), _short(judged), len(others),
                sum(bool(stand(one, checklist, stage).missing) for one in others), row.show == Show.SENT,
            )
        )  # fmt: skip
    return tuple(found)


def _short(judged: Standing) -> tuple[str, ...]:
    """What is missing, by number and words, without the clause: the dossier's own page has it."""
    have = {one.key for one in judged.folder.papers} | {one.paper for one in judged.folder.waivers}
    wanted = [one for one in judged.judged.papers if one.required and one.paper.key not in have]
    return tuple(f"({one.paper.no}) {one.paper.words}" for one in wanted)


def stage_of(connection: sa.Connection, known: Book, key: str) -> Stage:
    """The stage as of which a dossier is judged: that of the work that sends it, else the furthest that has begun."""
    for milestone in linked(known, key):
        return milestone.stage
    begun = (cycle_stage.c.cycle_id == known.cycle_id) & (cycle_stage.c.state != "pending")
    stages = [Stage(one) for one in connection.execute(sa.select(cycle_stage.c.stage).where(begun)).scalars()]
    return max([Stage.SELF_ASSESS, *stages], key=STAGES.index)


def dossier_page(services: Services, code: str, key: str, unit_code: str, person: str | None, now: datetime) -> DossierPage:
    """One dossier, also one that nobody has opened yet. Raises ``NotFound``, also for a person without a post there."""
    with services.db.read() as connection:
        here = place(connection, code, unit_code)
        known = book(services.db, connection, here.cycle_id)
        lists = lists_of(services, connection, here.cycle_id)
        checklist = _chosen(lists, key, code)
        assert checklist is not None
        stage = stage_of(connection, known, key)
        all_of = of_unit(connection, here.cycle_id, key, here.unit_id)
        people = people_of(connection, here, local_day(now))
        folder = _wanted_folder(all_of, people, person, here)
        ids = [known.ids[m.key] for m in linked(known, key) if m.key in known.ids]
        items = item_rows(services, connection, (work_item.c.unit_id == here.unit_id) & work_item.c.milestone_id.in_(ids), now)
        standings = [stand(one, checklist, stage) for one in all_of]
        judged = stand(folder, checklist, stage)
        return DossierPage(
            here, checklist, lists, judged, _slips(judged),
            tuple(dict.fromkeys(one.only_if for one in checklist.papers if one.only_if)), _sets(judged),
            tuple(Of(one.folder.person, one.folder.whose.name, len(one.missing)) for one in standings),
            tuple(one for one in people if one.code not in {f.person for f in all_of}), tuple(items),
            tuple(refusal for one in standings for refusal in one.missing), is_sent(known, connection, key, here.unit_id),
            folder.id is not None,
        )  # fmt: skip


def _wanted_folder(all_of: Sequence[Folder], people: Sequence[Named], person: str | None, here: Place) -> Folder:
    for one in all_of:
        if one.person == person:
            return one
    for who in people:
        if who.code == person:
            return Folder(None, here.unit_id, here.unit, person, Whose(who.name, "individual"))
    raise NotFound(f"“{here.unit_name}” không có hồ sơ của người mã “{person}”.", way_out="Chọn trong danh sách của đơn vị.")


def _slips(judged: Standing) -> tuple[Slip, ...]:
    waived = {one.paper: one.reason for one in judged.folder.waivers}
    return tuple(Slip(one, judged.folder.paper(one.paper.key), waived.get(one.paper.key)) for one in judged.judged.papers)


def _sets(judged: Standing) -> tuple[Kept | None, ...]:
    """The receipt of each set of the list, in its order."""
    there = {one.set_no: one for one in judged.folder.kept}
    return tuple(there.get(n) for n, _ in enumerate(judged.checklist.sets, 1))
