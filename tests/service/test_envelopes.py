"""One envelope for one person and sweep."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from hanchot.service.mail.envelopes import KEEPS, pack
from hanchot.service.opening import Opened, open_cycle
from hanchot.service.services import Services
from hanchot.service.sweep import sweep
from hanchot.store.tables import envelope, letter
from tests import look, plans
from tests.cast import appoint, vacate
from tests.conftest import NewHouse
from tests.look import at

NOW = at("2024-12-09 08:00")


def test_every_planned_letter_is_in_exactly_one_envelope(any_house: Services) -> None:
    open_cycle(any_house, plans.plan(), at("2024-11-18 07:00"))
    sweep(any_house, NOW)
    with any_house.db.read() as connection:
        loose = connection.execute(sa.select(letter.c.state).where(letter.c.envelope_id.is_(None))).scalars().all()
        assert set(loose) <= {"skipped", "vacant"}
        rows = connection.execute(sa.select(envelope)).all()
    assert len({row.person_id for row in rows}) == len(rows) == 9  # eight who have a duty, and who is in charge of a late one
    assert {(row.state, row.attempts, row.planned_at, row.expires_at) for row in rows} == {("queued", 0, NOW, NOW + KEEPS)}


def test_a_person_with_two_posts_has_one_envelope(any_house: Services) -> None:
    open_cycle(any_house, plans.plan(), at("2024-11-18 07:00"))
    with any_house.db.write() as connection:
        appoint(connection, "BAO", "Đặng Thị Nga")
    sweep(any_house, NOW)
    assert len([name for name, _, _ in look.envelopes(any_house) if name == "Đặng Thị Nga"]) == 1


def test_packing_again_packs_nothing(house: Services, opened: Opened) -> None:
    sweep(house, NOW)
    with house.db.write() as connection:
        assert pack(house, connection, NOW) == 0


def test_a_letter_to_a_post_that_is_vacant_by_then_waits_for_its_next_holder(house: Services, opened: Opened) -> None:
    from hanchot.service.mail.tell import tell

    with house.db.write() as connection:
        tell(connection, look.item_id(house, "BAO", "chi-bo"), "returned", "returned-1", NOW)
        vacate(connection, "BAO")
    with house.db.write() as connection:
        assert pack(house, connection, NOW) == 0
        appoint(connection, "BAO", "Người mới")
        assert pack(house, connection, NOW) == 1
    assert look.envelopes(house) == [("Người mới", 1, "2024-12-09T08:00")]


def test_a_post_that_goes_away_and_comes_back_is_packed_each_time(house: Services, opened: Opened) -> None:
    """A letter taken out of an envelope because its post changed hands never meets the key it had before."""
    sweep(house, NOW)
    for holder in ("Đặng Thị Nga", "Phan Văn Lâm", "Đặng Thị Nga"):
        with house.db.write() as connection:
            appoint(connection, "BAO", holder)
            connection.execute(sa.update(letter).where(letter.c.rung == "T-3").values(envelope_id=None))
        with house.db.write() as connection:
            assert pack(house, connection, NOW) > 0


def test_jitter_spreads_the_departure_by_person(new_house: NewHouse) -> None:
    from tests.cast import settle

    house = new_house("", jitter_minutes=30)
    settle(house.db)
    open_cycle(house, plans.plan(), at("2024-11-18 07:00"))
    sweep(house, NOW)
    with house.db.read() as connection:
        left = connection.execute(sa.select(envelope.c.release_at)).scalars().all()
    assert len(set(left)) > 3
    assert all(timedelta(0) <= moment - NOW < timedelta(minutes=30) for moment in left)
