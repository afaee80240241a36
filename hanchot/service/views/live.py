"""Has anything happened that a page could show? A few words that change whenever something did."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from hanchot.service.install import fact
from hanchot.service.services import Services
from hanchot.store.tables import event, incident, letter

_LAST = sa.select(
    sa.select(sa.func.max(event.c.seq)).scalar_subquery(),
    sa.select(sa.func.max(letter.c.id)).scalar_subquery(),
    sa.select(sa.func.max(incident.c.last_at)).scalar_subquery(),
)
_MINUTES = 5  # lateness comes with the clock alone, and is shown that soon


def stamp(services: Services, now: datetime) -> str:
    """Changes with every event, letter, incident and sweep, and every five minutes. Three look-ups by index."""
    with services.db.read() as connection:
        last = connection.execute(_LAST).one()
        swept = fact(connection, "last_sweep_at")
    return "-".join(str(one) for one in (*last, swept, int(now.timestamp()) // (60 * _MINUTES)))
