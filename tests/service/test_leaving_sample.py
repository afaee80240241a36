"""From the sample committee to one's own: its cycles close, its units and people end, nothing is deleted."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from hanchot.domain.errors import AlreadyDone
from hanchot.service import audit, demo
from hanchot.service.org.founding import found_committee
from hanchot.service.sample.leaving import leave_sample
from hanchot.service.services import Services
from hanchot.service.sweep import sweep
from hanchot.service.views.first_hour import first_hour, is_empty
from hanchot.store.tables import cycle, tenure, unit
from tests.conftest import NewHouse
from tests.look import at, events

NOW = at("2024-12-02 09:00")


@pytest.fixture
def looked_at(new_house: NewHouse, database_url: str) -> Services:
    """The sample with its cycle, as the first start leaves it, on either database."""
    house = new_house(database_url)
    demo.load(house, demo.plan_named(house), at("2024-11-18 07:00"))
    return house


def test_the_sample_ends_and_the_house_is_free_for_a_committee_of_its_own(looked_at: Services) -> None:
    assert first_hour(looked_at, NOW).sample
    ended = leave_sample(looked_at, NOW, actor="Bình")
    with looked_at.db.read() as connection:
        last = connection.execute(sa.select(sa.func.min(unit.c.valid_to), sa.func.count())).one()
        assert tuple(last) == (date(2024, 12, 1), ended)
        assert connection.execute(sa.select(sa.func.count()).where(tenure.c.ends.is_(None))).scalar_one() == 0
        assert connection.execute(sa.select(cycle.c.state)).scalars().all() == ["closed"]
    view = first_hour(looked_at, NOW)
    assert (view.head, view.sample, view.cycles, is_empty(looked_at)) == (None, False, (), True)
    found_committee(looked_at, "DUK", "Đảng ủy Khối", "bloc_committee", NOW, actor="Bình")
    assert first_hour(looked_at, NOW).head is not None and not is_empty(looked_at)
    assert audit.check(looked_at.db).broken_at is None


def test_nobody_of_the_sample_is_written_to_any_more(looked_at: Services) -> None:
    leave_sample(looked_at, NOW, actor="Bình")
    report = sweep(looked_at, at("2024-12-13 08:00"))  # the day after the cells were due
    assert report.letters == 0


def test_a_second_time_says_so_and_changes_nothing(looked_at: Services) -> None:
    leave_sample(looked_at, NOW, actor="Bình")
    with pytest.raises(AlreadyDone):
        leave_sample(looked_at, NOW, actor="Bình")
    assert len(events(looked_at, "org.sample_left")) == 1
