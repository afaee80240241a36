"""Subjects (đối tượng): who is rated in a cycle, from the tree, the posts and the rules; who is exempt, and why.

Naming the subjects twice changes nothing. What the tree does not know (whether a cell has a committee, members without a
post, facts of exemption) is told by a person; what nobody has told is asked back as a question, never assumed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from hanchot.domain.authority import Ratee
from hanchot.domain.cited import Refusal
from hanchot.domain.eligibility import PersonFacts
from hanchot.domain.errors import NotFound, Refused
from hanchot.domain.instants import local_day
from hanchot.domain.places import Organisation, collective_of
from hanchot.domain.quarters import may_rate
from hanchot.domain.rating_level import RatingLevel, Subject
from hanchot.domain.unit import ORGANISERS, PostRole, UnitKind
from hanchot.domain.verdict import over_quota
from hanchot.service import audit
from hanchot.service.book import closed, cycle_id_of
from hanchot.service.judging import committees, memberships
from hanchot.service.judging.committees import CELLS, asked_kinds
from hanchot.service.judging.memberships import standing_words
from hanchot.service.judging.quotas import pool_of
from hanchot.service.judging.refusing import demand
from hanchot.service.judging.rulebook import Rulebook, rulebook
from hanchot.service.org.lookup import on_day
from hanchot.service.services import Services
from hanchot.store.db import Row
from hanchot.store.judging_tables import rating, subject
from hanchot.store.tables import cycle, person, post, tenure, unit

_GRASSROOTS = frozenset({UnitKind.GRASSROOTS_COMMITTEE, UnitKind.GRASSROOTS_CELL})
_COMMITTEES = frozenset({UnitKind.GRASSROOTS_COMMITTEE, UnitKind.SECTION_COMMITTEE})
_LEADS = (PostRole.SECRETARY, PostRole.HEAD, PostRole.DEPUTY)
_ORGANISATION: Mapping[UnitKind, Ratee] = {
    UnitKind.GRASSROOTS_COMMITTEE: Ratee.GRASSROOTS_ORGANISATION,
    UnitKind.GRASSROOTS_CELL: Ratee.GRASSROOTS_CELL,
    UnitKind.SECTION_COMMITTEE: Ratee.SECTION_ORGANISATION,
    UnitKind.CELL: Ratee.CELL,
    UnitKind.CELL_OF_SECTION: Ratee.CELL_OF_SECTION,
    UnitKind.AGENCY: Ratee.STATE_AGENCY,
    UnitKind.FRONT: Ratee.FRONT_BELOW,
} | dict.fromkeys(ORGANISERS, Ratee.OWN_ORGANISATION)
COLLECTIVE: Mapping[UnitKind, Ratee] = {
    UnitKind.GRASSROOTS_COMMITTEE: Ratee.GRASSROOTS_STANDING,
    UnitKind.GRASSROOTS_CELL: Ratee.GRASSROOTS_CELL_COMMITTEE,
    UnitKind.LEADERSHIP: Ratee.LEADERSHIP,
    UnitKind.GOVERNMENT: Ratee.GOVERNMENT_OWN,
} | dict.fromkeys(ORGANISERS, Ratee.OWN_STANDING)


@dataclass(frozen=True)
class Told:
    """What people tell beside the tree. ``committees``: does a cell have a committee (chi ủy), by code of the unit;
    ``people``: facts of persons by code; who is not named there is rated.
    """

    committees: Mapping[str, bool] = field(default_factory=dict)
    people: Mapping[str, PersonFacts] = field(default_factory=dict)


@dataclass(frozen=True)
class Named:
    """One who is rated (or exempt), before the database knows it. ``told``: somebody has told the facts of exemption now."""

    unit_id: int
    person_id: int | None
    kind: Subject
    ratee: Ratee | None
    scope_id: int
    comparison: str
    exempt: str | None = None
    awaits: str | None = None
    told: bool = False


@dataclass(frozen=True)
class NamedAll:
    """The outcome: how many were added and in all; ``questions`` that a person must answer; rated ones left as they were;
    ``changed``: those who awaited something, or of whom something else is told, and now stand otherwise.
    """

    added: int
    total: int
    exempt: int
    questions: tuple[str, ...]
    changed: int = 0


def name_subjects(services: Services, code: str, now: datetime, *, actor: str, told: Told | None = None) -> NamedAll:
    """Write down who is rated in the cycle. Only what is new is added; a subject that has a rating is never changed."""
    told = told or Told()
    with services.db.write() as connection:
        rules = rulebook(services, connection, cycle_id_of(connection, code))
        if not rules.is_open:
            raise closed(code)
        demand(may_rate(rules.quarter, rules.review.quarters) if rules.quarter else ())
        units, holders = _gather(connection, rules, now)
        ids = {at.code: at.id for at in units}
        said = {ids[one]: has for one, has in told.committees.items() if one in ids}
        committees.remember(connection, rules, said, now, actor=actor)
        told, waiting = _remembered(connection, rules, told, now)
        named, questions = _decide(units, holders, rules, told, now)
        held = {one.person_id for one in named}
        added, changed = write_down(connection, rules, [*named, *(one for one in waiting if one.person_id not in held)])
        if added or changed:
            data: dict[str, object] = {"added": added, "changed": changed} if changed else {"added": added}
            audit.record(connection, now, actor, "subjects.named", code, cycle_id=rules.cycle_id, data=data)
        total, exempt = _counts(connection, rules.cycle_id)
        return NamedAll(added, total, exempt, questions, changed)


def add_person(
    services: Services, code: str, unit_code: str, person_code: str, now: datetime, *, actor: str,
    kind: Subject = Subject.MEMBER, ratee: Ratee | None = None, comparison: str | None = None,
    facts: PersonFacts | None = None,
) -> int:  # fmt: skip
    """Add one person (a member without a post, a cadre of another level) to the cycle; returns the subject's id.

    Twice the same person in the same unit is the same subject.
    """
    with services.db.write() as connection:
        rules = rulebook(services, connection, cycle_id_of(connection, code))
        where = {row.code: row for row in units_of(connection, rules, now)}
        who = connection.execute(sa.select(person.c.id).where(person.c.code == person_code)).scalar()
        if unit_code not in where or who is None:
            thing = f"đơn vị “{unit_code}”" if unit_code not in where else f"người mã “{person_code}”"
            raise NotFound(f"Không có {thing} trong đợt “{code}”.", way_out="Xem lại mã, hoặc nhập tổ chức trước.")
        at = where[unit_code]
        tree = Tree(where.values(), rules.root_id)
        made = Named(
            at.id, who, kind, ratee or ratee_of(at, kind), tree.scope_of(at, own=True), comparison or group_of(kind, at),
            *standing_words(facts, rules, now), told=facts is not None,
        )  # fmt: skip
        added, changed = write_down(connection, rules, [made])
        if added or changed:
            data: dict[str, object] = {"added": added, "changed": changed} if changed else {"added": added}
            audit.record(connection, now, actor, "subjects.named", code, cycle_id=rules.cycle_id, data=data)
        same = (subject.c.cycle_id == rules.cycle_id) & (subject.c.person_id == who)
        found = connection.execute(sa.select(subject.c.id, subject.c.unit_id, subject.c.kind).where(same)).one()
        if (found.unit_id, found.kind) != (at.id, kind):
            raise Refused(f"Người mã “{person_code}” đã có trong đợt, ở nơi khác.", way_out=f"Dùng đối tượng số {found.id}.")
        return int(found.id)


def _remembered(connection: sa.Connection, rules: Rulebook, told: Told, now: datetime) -> tuple[Told, list[Named]]:
    """What was told before beside what is told now; and who still awaits something, looked at again.

    Whose standing is known keeps it: only a person who corrects the facts takes somebody out or puts somebody back.
    """
    facts = memberships.named_facts(connection, rules.year)
    rows = connection.execute(sa.select(subject).where(subject.c.cycle_id == rules.cycle_id, subject.c.person_id.is_not(None)))
    listed = {row.person_id: row for row in rows}
    open_ = {who: one for who, one in facts.items() if who not in listed or listed[who].awaits}
    again = [_anew(listed[who], standing_words(one, rules, now)) for who, (_, one) in open_.items() if who in listed]
    said = committees.told_of(connection, rules.cycle_id)
    return Told({**said, **told.committees}, {**dict(open_.values()), **told.people}), again


def _anew(row: Row, stands: tuple[str | None, str | None]) -> Named:
    ratee = Ratee(row.ratee) if row.ratee else None
    return Named(
        row.unit_id, row.person_id, Subject(row.kind), ratee, row.scope_id, row.comparison, *stands, told=True
    )  # fmt: skip


def _gather(connection: sa.Connection, rules: Rulebook, now: datetime) -> tuple[list[Row], list[Row]]:
    day = local_day(now)
    held = (
        sa.select(tenure.c.person_id, person.c.code, person.c.name, post.c.unit_id, post.c.role)
        .join(post, post.c.id == tenure.c.post_id)
        .join(person, person.c.id == tenure.c.person_id)
        .where(
            post.c.role.in_(_LEADS),
            sa.or_(tenure.c.starts.is_(None), tenure.c.starts <= day),
            sa.or_(tenure.c.ends.is_(None), tenure.c.ends >= day),
        )
        .order_by(tenure.c.person_id, post.c.unit_id)
    )
    return units_of(connection, rules, now), list(connection.execute(held))


def leads_of(connection: sa.Connection, rules: Rulebook, now: datetime, *who: int) -> dict[int, dict[str, str]]:
    """The units of the tree that people lead now, by person: code → name; of all, or of ``who``."""
    root = sa.select(unit.c.path).where(unit.c.id == rules.root_id).scalar_subquery()
    query = sa.select(tenure.c.person_id, unit.c.code, unit.c.name).join(post, post.c.id == tenure.c.post_id)
    query = query.join(unit, unit.c.id == post.c.unit_id).where(
        post.c.role.in_(_LEADS), unit.c.path.startswith(root), on_day(tenure, local_day(now)), on_day(unit, local_day(now))
    )  # fmt: skip
    found: dict[int, dict[str, str]] = {}
    for person_id, code, name in connection.execute(query.where(tenure.c.person_id.in_(who)) if who else query):
        found.setdefault(person_id, {})[code] = name
    return found


def units_of(connection: sa.Connection, rules: Rulebook, now: datetime, *where: sa.ColumnElement[bool]) -> list[Row]:
    """The units of the cycle's tree that exist on the local day of ``now``."""
    day = local_day(now)
    root = sa.select(unit.c.path).where(unit.c.id == rules.root_id).scalar_subquery()
    query = sa.select(unit.c.id, unit.c.code, unit.c.name, unit.c.kind, unit.c.parent_id, unit.c.path).where(
        unit.c.path.startswith(root),
        sa.or_(unit.c.valid_from.is_(None), unit.c.valid_from <= day),
        sa.or_(unit.c.valid_to.is_(None), unit.c.valid_to >= day),
    )
    return list(connection.execute(query.where(*where).order_by(unit.c.id)))


class Tree:
    """The units of a cycle by id, and the branch in which a quota is counted."""

    def __init__(self, units: Iterable[Row], root_id: int) -> None:
        self.by_id = {row.id: row for row in units}
        self.root_id = root_id
        self.with_standing = {r.parent_id for r in self.by_id.values() if r.kind == UnitKind.STANDING_COMMITTEE}

    def scope_of(self, at: Row, *, own: bool) -> int:
        """The nearest grassroots unit above (``own``: or itself), else the root: within it the deciding body compares."""
        row = at if own else self.by_id.get(at.parent_id)
        while row is not None and row.kind not in _GRASSROOTS and row.id != self.root_id:
            row = self.by_id.get(row.parent_id)
        return row.id if row is not None else self.root_id


def _decide(
    units: list[Row], holders: list[Row], rules: Rulebook, told: Told, now: datetime
) -> tuple[list[Named], tuple[str, ...]]:
    """Pure: the organisations, the collectives that are rated, and the holders of posts, each person once."""
    tree, asked = Tree(units, rules.root_id), asked_kinds(rules.review.places)
    named: list[Named] = []
    questions: list[str] = []
    for at in units:
        kind = UnitKind(at.kind)
        if kind in _ORGANISATION:
            named.append(of_unit(at, Subject.ORGANISATION, _ORGANISATION[kind], tree))
        if kind in asked and at.code not in told.committees:
            questions.append(f"{at.name} có chi ủy hay không?")
        elif _rated_collective(at, rules, tree, told):
            named.append(of_unit(at, Subject.COLLECTIVE, COLLECTIVE.get(kind), tree))
    return named + _people(tree, holders, rules, told, now), tuple(questions)


def _rated_collective(at: Row, rules: Rulebook, tree: Tree, told: Told) -> bool:
    """Whether a leadership collective of this unit is rated: by the rules of places for Party organisations."""
    kind = UnitKind(at.kind)
    if kind in (UnitKind.LEADERSHIP, UnitKind.GOVERNMENT):
        return True
    if kind not in CELLS | _COMMITTEES | ORGANISERS:
        return False
    has = told.committees.get(at.code, True)
    found = collective_of(Organisation(at.name, kind, at.id in tree.with_standing, has), rules.review.places)
    own = kind in ORGANISERS  # rated by the committee itself or above, whatever the list of kinds below says
    return found is not None and (found.rated or own)


def of_unit(at: Row, kind: Subject, ratee: Ratee | None, tree: Tree) -> Named:
    return Named(at.id, None, kind, ratee, tree.scope_of(at, own=False), group_of(kind, at))


def _people(tree: Tree, holders: list[Row], rules: Rulebook, told: Told, now: datetime) -> list[Named]:
    """A person is rated once, at the highest unit in which a post is held."""
    first: dict[int, Row] = {}
    for row in sorted((h for h in holders if h.unit_id in tree.by_id), key=lambda h: tree.by_id[h.unit_id].path.count("/")):
        first.setdefault(row.person_id, row)
    out = []
    for row in first.values():
        at = tree.by_id[row.unit_id]
        kind = Subject.MEMBER if at.kind in CELLS else Subject.LEADER
        facts = told.people.get(row.code)
        exempt, awaits = standing_words(facts, rules, now)
        scope, ratee = tree.scope_of(at, own=True), ratee_of(at, kind)
        group = group_of(kind, at)
        out.append(Named(at.id, row.person_id, kind, ratee, scope, group, exempt, awaits, told=facts is not None))
    return out


def ratee_of(at: Row, kind: Subject) -> Ratee:
    if at.kind == UnitKind.GRASSROOTS_CELL:
        return Ratee.MEMBER_OF_GRASSROOTS_CELL if kind is Subject.MEMBER else Ratee.CADRE
    if kind is Subject.MEMBER or at.kind == UnitKind.SECTION_COMMITTEE:
        return Ratee.MEMBER
    return Ratee.CADRE_OF_ABOVE if at.kind in ORGANISERS else Ratee.CADRE


def group_of(kind: Subject, at: Row) -> str:
    """The group of alike posts or units that is compared (nhóm có vị trí tương đồng)."""
    return "member" if kind is Subject.MEMBER else f"{kind}:{at.kind}"


def _as_row(one: Named) -> dict[str, object]:
    return {name: getattr(one, name) for name in Named.__dataclass_fields__ if name != "told"}


def write_down(connection: sa.Connection, rules: Rulebook, named: Iterable[Named]) -> tuple[int, int]:
    """Add what is new; refresh exemption and waiting of those that nobody has rated yet. How many are new, how many changed."""
    rows = connection.execute(sa.select(subject).where(subject.c.cycle_id == rules.cycle_id)).all()
    known = {(row.unit_id, row.kind, row.person_id): row for row in rows}
    elsewhere = {row.person_id for row in rows if row.person_id is not None}
    rated = set(connection.execute(sa.select(rating.c.subject_id).distinct()).scalars())
    fresh, moved = [], 0
    for one in named:
        row = known.get((one.unit_id, one.kind, one.person_id))
        if row is None:
            if one.person_id not in elsewhere:  # who has moved within the year is rated once
                fresh.append({"cycle_id": rules.cycle_id, **_as_row(one)})
        elif one.told and (row.id not in rated or not one.exempt):  # who is rated already is not taken out silently
            if (one.exempt, one.awaits) == (row.exempt, row.awaits):
                continue
            changed = sa.update(subject).where(subject.c.id == row.id).values(exempt=one.exempt, awaits=one.awaits)
            connection.execute(changed)
            moved += 1
            if one.exempt:
                demand(base_shrinks(connection, rules, row))
    if fresh:
        connection.execute(sa.insert(subject), fresh)
    return len(fresh), moved


def base_shrinks(connection: sa.Connection, rules: Rulebook, row: Row) -> tuple[Refusal, ...]:
    """Who leaves the group leaves the base of its quota; places that are already given must still fit."""
    pool, quota = pool_of(connection, rules, row), rules.regulation.quota
    if pool is None or quota is None or not pool.picked:
        return ()
    return over_quota(pool.allowance(quota, rules), len(pool.picked), RatingLevel.FAIL)


def _counts(connection: sa.Connection, cycle_id: int) -> tuple[int, int]:
    counted = sa.select(sa.func.count(), sa.func.count(subject.c.exempt)).where(subject.c.cycle_id == cycle_id)
    total, exempt = connection.execute(counted).one()
    return int(total), int(exempt)


def find_subject(connection: sa.Connection, subject_id: int) -> Row:
    """The subject with its unit and name: ``label`` as a person calls it. Raises ``NotFound``."""
    return find_subjects(connection, [subject_id])[subject_id]


def find_subjects(connection: sa.Connection, ids: Sequence[int]) -> dict[int, Row]:
    """Many of them by number, in the order of ``ids``. Raises ``NotFound`` for the first that there is not."""
    found = {row.id: row for row in connection.execute(SUBJECT.where(subject.c.id.in_(ids)))}
    for one in ids:
        if one not in found:
            raise NotFound(
                f"Không có đối tượng số {one}.", way_out="Xem danh sách đối tượng của đợt.", command="hanchot rating list ĐỢT"
            )
    return {one: found[one] for one in ids}


def subjects_of(connection: sa.Connection, cycle_id: int) -> list[Row]:
    """All subjects of a cycle as ``find_subject`` gives them, along the tree."""
    query = SUBJECT.where(subject.c.cycle_id == cycle_id).order_by(unit.c.path, subject.c.id)
    return list(connection.execute(query))


SUBJECT = (
    sa.select(
        subject, unit.c.code.label("unit_code"), unit.c.name.label("unit_name"), unit.c.path, unit.c.kind.label("unit_kind"),
        sa.func.coalesce(person.c.name, unit.c.name).label("label"), cycle.c.code.label("cycle_code"),
        person.c.code.label("person_code"),
    )
    .join(unit, unit.c.id == subject.c.unit_id)
    .join(cycle, cycle.c.id == subject.c.cycle_id)
    .outerjoin(person, person.c.id == subject.c.person_id)
)  # fmt: skip
