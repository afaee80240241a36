"""Pages of drafting a decision paper: which body may decide on whom, and the paper recounted as it would be now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import sqlalchemy as sa

from hanchot.domain.authority import Ratee, may_decide
from hanchot.domain.cited import Refusal
from hanchot.domain.unit import ORGANS, UnitKind
from hanchot.service.book import cycle_id_of
from hanchot.service.judging.bodies import Body, body_key, find_body
from hanchot.service.judging.deciding import Paper
from hanchot.service.judging.gathering import gather_lines
from hanchot.service.judging.guards import Hands, against
from hanchot.service.judging.papers import PAPER
from hanchot.service.judging.quotas import Standing, standings_in
from hanchot.service.judging.rulebook import Rulebook, rulebook
from hanchot.service.services import Services
from hanchot.service.views.common import until_next_event
from hanchot.service.views.deciding import PaperRow
from hanchot.service.views.judging_rows import SubjectRows, UnitGroup, under
from hanchot.store.judging_tables import decision, decision_line, rating, subject
from hanchot.store.tables import unit

MOST = 100  # subjects of one form
PAST = 20  # papers that are done, in the list
DESKS = 30  # bodies of a list
UNITS = 1000  # units that are looked through for them


@dataclass(frozen=True, slots=True)
class Desk:
    """A body that could decide on ``waiting`` subjects now."""

    code: str
    name: str
    path: str
    waiting: int


@dataclass(frozen=True)
class DraftingPage:
    """``groups``: whom this body may decide on now, at most 100 (``more`` are left); ``quotas`` as they stand now."""

    code: str
    is_open: bool
    regulation: str
    body: str
    body_code: str
    path: str
    groups: tuple[UnitGroup, ...]
    more: int
    quotas: tuple[Standing, ...]


@dataclass(frozen=True)
class Recounted:
    """A paper of ``count`` lines as it would be judged now, nothing written. ``lines``: those that may not stand, each with
    what stands against it; ``quotas`` in words.
    """

    lines: Mapping[int, tuple[Refusal, ...]]
    quotas: tuple[str, ...]
    count: int = 0


def desks(services: Services, codes: Iterable[str], scopes: tuple[str, ...]) -> dict[str, tuple[Desk, ...]]:
    """Which bodies have somebody to decide on, by cycle; bodies and subjects under ``scopes``."""
    found: dict[str, tuple[Desk, ...]] = {}
    with services.db.read() as connection:
        for code in codes:
            rules = rulebook(services, connection, cycle_id_of(connection, code))
            key = "desks", rules.cycle_id, scopes
            found[code] = until_next_event(services.db, connection, key, partial(_desks, connection, rules, scopes))
    return found


def _desks(connection: sa.Connection, rules: Rulebook, scopes: tuple[str, ...]) -> tuple[Desk, ...]:
    """Those with most to decide on first: a province has thousands of cells that decide on their own members, so that only
    the units nearest to the head are looked through.
    """
    if rules.matrix is None:
        return ()
    kinds = sa.select(unit.c.path, subject.c.ratee, sa.func.count().label("waiting"))
    mine = _waiting(kinds, rules.cycle_id).where(under(scopes)).group_by(unit.c.path, subject.c.ratee)
    waiting = connection.execute(mine.order_by(sa.func.length(unit.c.path), unit.c.path).limit(UNITS)).all()
    bodies = _bodies(connection, rules, scopes) if waiting else {}
    may: dict[tuple[UnitKind, str], bool] = {}
    count: dict[str, int] = {}
    named: dict[str, tuple[Body, str]] = {}
    for row in waiting:
        body, path = _nearest(bodies, row.path, row.ratee, rules, may) or (None, "")
        if body is not None:
            named[body.code] = body, path
            count[body.code] = count.get(body.code, 0) + row.waiting
    most = sorted(count.items(), key=lambda one: (-one[1], one[0]))[:DESKS]
    return tuple(Desk(code, named[code][0].name, named[code][1], number) for code, number in most)


def _nearest(
    bodies: Mapping[str, list[tuple[Body, str]]], path: str, ratee: str | None, rules: Rulebook,
    may: dict[tuple[UnitKind, str], bool],
) -> tuple[Body, str] | None:  # fmt: skip
    """The nearest body over ``path`` that may decide. ``may``: what was asked of the matrix already, by kind and ratee."""
    parts = path.strip("/").split("/")
    for depth in range(len(parts), 0, -1) if ratee else ():
        for body, at in bodies.get(f"/{'/'.join(parts[:depth])}/", ()):
            key = (body.kind, ratee or "")
            if key not in may:
                may[key] = _decides(body, key[1], rules)
            if may[key]:
                return body, at
    return None


def _bodies(connection: sa.Connection, rules: Rulebook, scopes: tuple[str, ...]) -> dict[str, list[tuple[Body, str]]]:
    """The units of kinds that decide anything, each with its path, by the branch over which it acts; organs first."""
    assert rules.matrix is not None
    deciding = {row.decides for row in rules.matrix.rows if row.decides}
    kinds = sorted({kind for key in deciding for kind in rules.matrix.kinds.get(key, ())})
    over = unit.alias("over")
    query = (
        sa.select(unit.c.id, unit.c.code, unit.c.name, unit.c.kind, unit.c.path, over.c.path.label("over"))
        .outerjoin(over, over.c.id == unit.c.parent_id)
        .where(unit.c.kind.in_(kinds), under(scopes))
        .order_by(unit.c.kind != UnitKind.STANDING_COMMITTEE, unit.c.id)
    )
    found: dict[str, list[tuple[Body, str]]] = {}
    for row in connection.execute(query):
        reach = row.over if row.kind in ORGANS and row.over else row.path
        found.setdefault(reach, []).append((Body(row.id, row.code, row.name, UnitKind(row.kind), reach), row.path))
    return found


def _decides(body: Body, ratee: str, rules: Rulebook) -> bool:
    assert rules.matrix is not None
    return not may_decide(body_key(body, Ratee(ratee), rules.matrix), Ratee(ratee), rules.matrix)


def _waiting(query: sa.Select[tuple[object, ...]], cycle_id: int) -> sa.Select[tuple[object, ...]]:
    """Those who are appraised, and neither decided nor on a draft."""
    decided = sa.exists().where(rating.c.subject_id == subject.c.id, rating.c.step == "decided", rating.c.current)
    appraised = sa.exists().where(rating.c.subject_id == subject.c.id, rating.c.step == "appraised", rating.c.current)
    drafted = sa.exists().where(decision_line.c.subject_id == subject.c.id, decision_line.c.pending)
    free = (subject.c.cycle_id == cycle_id, subject.c.exempt.is_(None), appraised, ~decided, ~drafted)
    return query.select_from(subject.join(unit, unit.c.id == subject.c.unit_id)).where(*free)


def drafting_page(services: Services, code: str, unit_code: str) -> DraftingPage:
    """Whom the unit ``unit_code`` may decide on in this cycle. Raises ``NotFound``."""
    with services.db.read() as connection:
        rules = rulebook(services, connection, cycle_id_of(connection, code))
        body = find_body(connection, unit_code)
        read = partial(_drafting_page, connection, rules, body)  # asked for with every recount of the same form
        return until_next_event(services.db, connection, ("drafting", rules.cycle_id, unit_code), read)


def _drafting_page(connection: sa.Connection, rules: Rulebook, body: Body) -> DraftingPage:
    path = connection.execute(sa.select(unit.c.path).where(unit.c.id == body.id)).scalar_one()
    within = unit.alias("within")
    branch = sa.select(within.c.id).where(within.c.path.startswith(body.reach))  # read first: whoever is outside costs nothing
    mine = subject.c.ratee.in_([one for one in Ratee if rules.matrix and _decides(body, one, rules)])
    counted = sa.select(subject.c.id, subject.c.scope_id, sa.func.count().over().label("waiting"))
    waiting = _waiting(counted, rules.cycle_id).where(subject.c.unit_id.in_(branch), mine).order_by(unit.c.path, subject.c.id)
    shown = connection.execute(waiting.limit(MOST)).all()
    groups = SubjectRows(connection, rules).groups([subject.c.id.in_([row.id for row in shown])])
    quotas = standings_in(connection, rules, subject.c.scope_id.in_({row.scope_id for row in shown}))
    more = shown[0].waiting - len(shown) if shown else 0
    return DraftingPage(rules.code, rules.is_open, rules.regulation.number, body.name, body.code, path, groups, more, quotas)


def recount(services: Services, paper: Paper, now: datetime, *, actor: str) -> Recounted:
    """What would stand against each line of ``paper`` if it were drafted now; number and date are asked for elsewhere."""
    if not paper.lines:
        return Recounted({}, ())
    with services.db.read() as connection:
        known = gather_lines(services, connection, paper.lines, find_body(connection, paper.unit), paper.decided_on)
        hands = Hands(paper.number or "—", paper.decided_on, actor)
        lines = {one.case.who.id: found for one in known if (found := against(one, hands, now))}
        quotas = dict.fromkeys(one.allowance.words(len(one.pool.picked)) for one in known if one.allowance and one.pool)
        return Recounted(lines, tuple(quotas), len(known))


def past_papers(services: Services, scopes: tuple[str, ...]) -> tuple[PaperRow, ...]:
    """The last confirmed papers of bodies under ``scopes``, newest first."""
    lines = sa.select(sa.func.count()).where(decision_line.c.decision_id == decision.c.id).scalar_subquery()
    query = PAPER.add_columns(lines.label("lines")).where(decision.c.state == "confirmed", under(scopes))
    with services.db.read() as connection:
        rows = connection.execute(query.order_by(decision.c.id.desc()).limit(PAST)).all()
    return tuple(
        PaperRow(r.id, r.cycle_code, r.unit_name, r.number, r.decided_on, r.state, r.drafted_by, r.drafted_at, r.lines)
        for r in rows
    )
