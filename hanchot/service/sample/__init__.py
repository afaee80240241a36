"""Sample committees to try things on: the same seed gives the same one, and no address in it reaches anybody."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from hanchot.service.audit import record
from hanchot.service.install import bump
from hanchot.service.sample.shapes import SampleKind, grow
from hanchot.service.sample.tree import IN_POST_SINCE, Tree, with_gaps
from hanchot.store.db import Database
from hanchot.store.ids import take
from hanchot.store.tables import person, post, tenure, unit

__all__ = ["SampleKind", "make"]


def make(db: Database, kind: SampleKind, *, seed: int = 1, cells: int | None = None, gaps: bool = False, now: datetime) -> int:
    """Put one sample committee into the database and give the id of its root unit.

    ``cells``: how many party cells it has in all, of the three kinds; None: what is usual (a province: 10,000).
    ``gaps``: three posts of cells are vacant and three holders have no address. Where the committee of this kind and
    seed is there already, nothing is changed, whatever ``cells`` says.
    """
    tree = grow(kind, seed=seed, cells=cells)
    if gaps:
        with_gaps(tree)
    with db.write() as connection:
        there = connection.execute(sa.select(unit.c.id).where(unit.c.code == tree.prefix)).scalar()
        if there is not None:
            return int(there)
        root = _insert(connection, tree)
        bump(connection, "org_version")
        record(connection, now, "hanchot", "org.sample", tree.prefix, data={"units": len(tree.units), "seed": seed})
        return root


def _insert(connection: sa.Connection, tree: Tree) -> int:
    ids = take(connection, unit, len(tree.units))
    people = take(connection, person, len(tree.people))
    posts = take(connection, post, len(tree.seats))
    connection.execute(sa.insert(unit), _unit_rows(tree, ids))
    persons = zip(people, tree.people, strict=True)
    connection.execute(sa.insert(person), [{"id": number, **one._asdict()} for number, one in persons])
    seats = list(zip(posts, tree.seats, strict=True))
    connection.execute(sa.insert(post), [{"id": i, "unit_id": ids[s.unit], "role": s.role, "title": s.title} for i, s in seats])
    held = [(i, s.person) for i, s in seats if s.person is not None]
    connection.execute(
        sa.insert(tenure), [{"post_id": i, "person_id": people[who], "starts": IN_POST_SINCE} for i, who in held]
    )
    return ids[0]


def _unit_rows(tree: Tree, ids: list[int]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    paths: list[str] = []
    for number, row in zip(ids, tree.units, strict=True):
        above = "/" if row.parent is None else paths[row.parent]
        paths.append(f"{above}{number}/")
        parent = None if row.parent is None else ids[row.parent]
        rows.append(
            {"id": number, "code": row.code, "name": row.name, "kind": row.kind, "parent_id": parent, "path": paths[-1]}
        )
    return rows
