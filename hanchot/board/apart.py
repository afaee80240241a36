"""What is large is made in a process of its own: its memory goes with it, and the board answers others meanwhile."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable
from threading import BoundedSemaphore
from typing import Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa

from hanchot.domain.errors import HanChotError, Outside
from hanchot.service.services import Services
from hanchot.store.tables import unit

P = ParamSpec("P")
T = TypeVar("T")
LARGE = 1_000  # units; a smaller house makes its files faster than a process starts
PATIENCE = 120.0  # seconds
_TURNS = BoundedSemaphore(2)  # whoever comes third waits


def apart(services: Services, does: Callable[Concatenate[Services, P], T], *given: P.args, **named: P.kwargs) -> T:
    """What ``does(services, …)`` returns or raises. ``does`` stands at the top of its module; what it is given and what it
    returns can be pickled. Raises ``Outside`` when nothing has come back after two minutes.
    """
    if not _is_large(services):
        return does(services, *given, **named)
    settings = services.settings.model_copy(update={"database_url": services.db.url})
    asked = pickle.dumps((settings, does, given, named))
    try:
        with _TURNS:
            done = subprocess.run(  # noqa: S603 - our own program
                [sys.executable, "-m", __name__], input=asked, stdout=subprocess.PIPE, timeout=PATIENCE, check=True
            )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise Outside("Không lập được tệp lớn này.", way_out="Lọc cho ít dòng hơn rồi thử lại.") from error
    made = pickle.loads(done.stdout)  # noqa: S301 - written by our own process, through a pipe that only we hold
    if isinstance(made, HanChotError):
        raise made
    return made  # type: ignore[no-any-return]  # what ``does`` has returned there


def _is_large(services: Services) -> bool:
    """A database that lives in this process alone cannot be seen from another one."""
    if sa.make_url(services.db.url).database in (None, "", ":memory:"):
        return False
    with services.db.read() as connection:
        some = sa.select(unit.c.id).limit(LARGE + 1).subquery()
        return connection.execute(sa.select(sa.func.count()).select_from(some)).scalar_one() > LARGE


def main() -> None:
    """One call, pickled, comes in; what it returned, or the refusal that it raised, goes out."""
    from hanchot.bootstrap import services

    settings, does, given, named = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the board that has started us
    try:
        made = does(services(settings, create=False), *given, **named)
    except HanChotError as error:
        made = error
    sys.stdout.buffer.write(pickle.dumps(made))


if __name__ == "__main__":
    main()
