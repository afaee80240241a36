"""The first start of an installation: a sample committee and an open cycle, so that there is something to see."""

from __future__ import annotations

import sqlalchemy as sa

from hanchot import clock
from hanchot.service import demo
from hanchot.service.install import fact, remember
from hanchot.service.services import Services
from hanchot.store.tables import unit

_MARK = "first_start"


def prepare(house: Services, plan: str | None = None) -> bool:
    """Load the sample and open its cycle unless the installation has an organisation of its own; True when it did.

    ``plan`` names the plan of a demonstration; without it the live plan of the running season is opened. A start that
    was killed half-way is finished by the next one.
    """
    with house.db.write() as connection:
        mark = fact(connection, _MARK)
        has_units = connection.execute(sa.select(unit.c.id).limit(1)).first() is not None
        if mark == "done" or (mark is None and has_units):
            return False
        remember(connection, _MARK, "loading")
    if plan is None:
        demo.load_live(house, clock.now())
    else:
        demo.load(house, demo.plan_named(house, plan), clock.now())
    with house.db.write() as connection:
        remember(connection, _MARK, "done")
    return True
