"""How often one browser, one address and one network may try within an hour. Tries are counted, nothing is slept.

Who asks too often for one address is told nothing of it (that would tell whether the address is somebody's): the mail
just does not go out. A browser or a network that is over its limit is told, and for how long.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any, Literal

import sqlalchemy as sa

from hanchot.domain.errors import Refused
from hanchot.service.signing_in.secrets import Sealer
from hanchot.store.access_tables import sign_in_try

Kind = Literal["ask", "enter", "printed"]
HOUR = timedelta(hours=1)
KEPT = timedelta(days=1)
OF_BROWSER: dict[Kind, int] = {"ask": 10, "enter": 20, "printed": 10}
OF_ADDRESS: dict[Kind, int] = {"ask": 10, "enter": 50, "printed": 20}
OF_REMOTE: dict[Kind, int] = {"ask": 200, "enter": 200, "printed": 100}  # a whole office shares one


class TooMany(Refused):
    """Too many tries; the same words whoever it was that was tried."""

    code = "too-many"


@dataclass(frozen=True, slots=True)
class Trier:
    """Who tries: hashes only. ``remote`` is None on this machine and behind a proxy that does not say."""

    browser: str
    address: str | None
    remote: str | None

    def without_address(self) -> Trier:
        """A try on a tired address does not keep it tired: otherwise a stranger could shut somebody out for good."""
        return Trier(self.browser, None, self.remote)


def network(seal: Sealer, remote: str | None) -> str | None:
    """The network that counts as one: the address, or the first half of an IPv6 one; loopback says nothing."""
    try:
        found = ip_address(remote or "")
    except ValueError:
        return None
    if found.is_loopback:
        return None
    return seal("remote", found.packed[:8].hex() if found.version == 6 else str(found))


def refuse_if_too_many(connection: sa.Connection, kind: Kind, who: Trier, now: datetime) -> None:
    """Raises ``TooMany`` where browser or network has tried too often in the last hour."""
    for column, value, most in (
        (sign_in_try.c.browser, who.browser, OF_BROWSER[kind]),
        (sign_in_try.c.remote, who.remote, OF_REMOTE[kind]),
    ):
        if value is not None and (since := _over(connection, kind, column, value, most, now)):
            minutes = max(1, -int((now - since - HOUR).total_seconds() // 60))
            raise TooMany("Có quá nhiều lượt thử nên tạm dừng.", way_out=f"Thử lại sau {minutes} phút.", value=minutes)


def address_is_tired(connection: sa.Connection, kind: Kind, who: Trier, now: datetime) -> bool:
    """Whether this address has been asked for too often in the last hour."""
    most = OF_ADDRESS[kind]
    return who.address is not None and _over(connection, kind, sign_in_try.c.address, who.address, most, now) is not None


def count(connection: sa.Connection, kind: Kind, who: Trier, now: datetime) -> None:
    """Write a try down, and forget those of more than a day ago."""
    connection.execute(sa.delete(sign_in_try).where(sign_in_try.c.at < now - KEPT))
    row = {"kind": kind, "browser": who.browser, "address": who.address, "remote": who.remote, "at": now}
    connection.execute(sa.insert(sign_in_try).values(**row))


def _over(
    connection: sa.Connection, kind: Kind, column: sa.Column[Any], value: str, most: int, now: datetime
) -> datetime | None:
    """The try of the last hour that has to grow old before another one is taken; None while there is room."""
    recent = sa.select(sign_in_try.c.at).where(
        sign_in_try.c.kind == kind, column == value, sign_in_try.c.at > now - HOUR, sign_in_try.c.at <= now
    )
    return connection.execute(recent.order_by(sign_in_try.c.at.desc()).offset(most - 1).limit(1)).scalar()
