"""The tracking sheet for the board: which there are to take, and what a page shows before it writes."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from hanchot.domain.collate import collation_key
from hanchot.service.access import within
from hanchot.service.services import Services
from hanchot.service.tracking.export import export_sheet
from hanchot.service.tracking.importing import Applied, Preview, apply, preview
from hanchot.service.views.late import MANY_BRANCHES
from hanchot.store.tables import cycle, unit, work_item

__all__ = ["Applied", "Preview", "SheetOut", "apply", "export_sheet", "preview", "sheets_of"]


@dataclass(frozen=True, slots=True)
class SheetOut:
    """An open cycle whose sheet may be taken; ``branches``: code and name of the units under its head, in order; none
    where there are too many to choose from.
    """

    code: str
    title: str
    branches: tuple[tuple[str, str], ...]


def sheets_of(services: Services, scopes: tuple[str, ...]) -> tuple[SheetOut, ...]:
    """The open cycles with the branches of theirs that lie under ``scopes``, newest first."""
    with services.db.read() as connection:
        cycles = connection.execute(
            sa.select(cycle.c.id, cycle.c.code, cycle.c.title, cycle.c.root_id, unit.c.path)
            .join(unit, unit.c.id == cycle.c.root_id)
            .where(cycle.c.state == "open")
            .order_by(cycle.c.opened_at.desc())
        ).all()
        heads = {row.root_id for row in cycles}
        below = connection.execute(
            sa.select(unit.c.id, unit.c.parent_id, unit.c.code, unit.c.name).where(
                unit.c.parent_id.in_(heads), within(unit.c.path, scopes)
            )
        ).all()
        at_work = {row.id: _at_work(connection, row.id, row.path) for row in cycles}
        whole = set(connection.execute(sa.select(unit.c.id).where(unit.c.id.in_(heads), within(unit.c.path, scopes))).scalars())
    made = []
    for row in cycles:
        mine = [one for one in below if one.parent_id == row.root_id and one.id in at_work[row.id]]
        if mine or row.root_id in whole:
            few = mine if len(mine) <= MANY_BRANCHES else []
            branches = sorted(((one.code, one.name) for one in few), key=lambda one: collation_key(one[1]))
            made.append(SheetOut(row.code, row.title, tuple(branches)))
    return tuple(made)


def _at_work(connection: sa.Connection, cycle_id: int, root: str) -> set[int]:
    """The units right under the head of a cycle with work of their own or below them."""
    busy = sa.select(work_item.c.unit_id).where(work_item.c.cycle_id == cycle_id)
    paths = connection.execute(sa.select(unit.c.path).where(unit.c.id.in_(busy), unit.c.path != root)).scalars()
    return {int(path.removeprefix(root).partition("/")[0]) for path in paths if path.startswith(root)}
