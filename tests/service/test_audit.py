"""Every change is a row, and each row's hash covers the row before it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from hanchot.domain.events import GENESIS
from hanchot.service import audit
from hanchot.service.install import remember
from hanchot.service.items import act
from hanchot.service.opening import open_cycle
from hanchot.service.services import Services
from hanchot.store.tables import event
from tests import look, plans
from tests.look import at, item_id

NOW, LATER = at("2024-12-02 09:00"), at("2024-12-03 09:00")


@pytest.fixture
def busy(any_house: Services) -> Services:
    """Five events: opened, submitted, returned, submitted, accepted."""
    open_cycle(any_house, plans.plan(), at("2024-11-18 07:00"))
    chi_bo = item_id(any_house, "BAO", "chi-bo")
    for action in ("submit", "return", "submit", "accept"):
        act(any_house, chi_bo, action, NOW, actor="Bình", reason="thiếu biên bản")
    return any_house


def test_an_untouched_chain_holds(busy: Services) -> None:
    verdict = audit.check(busy.db)
    assert (verdict.length, verdict.broken_at) == (5, None)
    assert verdict.head == look.events(busy)[-1].hash
    assert verdict.to_json() == {"length": 5, "head": verdict.head, "broken_at": None}


def test_an_empty_chain_holds(any_house: Services) -> None:
    assert audit.check(any_house.db).to_json() == {"length": 0, "head": GENESIS, "broken_at": None}


@pytest.mark.parametrize(
    ("statement", "broken_at"),
    [
        ("UPDATE event SET actor = 'người khác' WHERE seq = 3", 3),
        ("UPDATE event SET reason = NULL WHERE seq = 3", 3),
        ("UPDATE event SET became = 'accepted' WHERE seq = 2", 2),
        ("UPDATE event SET at = at + 60 WHERE seq = 4", 4),
        ("UPDATE event SET data = '{}' WHERE seq = 1", 1),
        ("DELETE FROM event WHERE seq = 2", 3),
        ("UPDATE event SET seq = 9 WHERE seq = 5", 9),
    ],
)
def test_tampering_is_found_where_it_happened(busy: Services, statement: str, broken_at: int) -> None:
    with busy.db.write() as connection:
        connection.execute(sa.text(statement))
    assert audit.check(busy.db).broken_at == broken_at


def test_a_forged_row_needs_the_rows_after_it_too(busy: Services) -> None:
    """Whoever rewrites a row with a fitting hash breaks the next one."""
    from dataclasses import replace

    from hanchot.domain.events import digest

    with busy.db.write() as connection:
        row = connection.execute(sa.select(event).where(event.c.seq == 3)).mappings().one()
        forged, previous, _ = audit._as_event(row)
        forged = replace(forged, reason="lý do khác")
        new = {"reason": "lý do khác", "hash": digest(previous, forged)}
        connection.execute(sa.update(event).where(event.c.seq == 3).values(new))
    assert audit.check(busy.db).broken_at == 4


def test_a_cut_tail_shows_only_against_a_head_kept_elsewhere(busy: Services) -> None:
    kept = audit.check(busy.db).head
    with busy.db.write() as connection:
        connection.execute(sa.text("DELETE FROM event WHERE seq = 5"))
    verdict = audit.check(busy.db)
    assert verdict.broken_at is None and verdict.length == 4  # tamper-evident, not tamper-proof
    assert verdict.head != kept


def test_a_chain_that_was_walked_is_only_walked_on(busy: Services) -> None:
    first = audit.walked(busy.db, NOW)
    act(busy, item_id(busy, "KHO", "chi-bo"), "submit", LATER, actor="Cường")
    again = audit.walked(busy.db, LATER)
    assert (first.found.length, first.added) == (5, 0)
    assert (again.found.length, again.whole, again.added, again.whole_at) == (6, 5, 1, NOW)
    assert again.found == audit.check(busy.db)


@pytest.mark.parametrize("statement", ["UPDATE event SET hash = 'x' WHERE seq = 5", "DELETE FROM event WHERE seq = 5"])
def test_an_end_that_was_seen_and_is_another_now_is_found(busy: Services, statement: str) -> None:
    """More than a walk from the first row can tell: it would not miss a tail that was cut off."""
    audit.walked(busy.db, NOW)
    with busy.db.write() as connection:
        connection.execute(sa.text(statement))
    assert audit.walked(busy.db, LATER).found.broken_at == 5


def test_what_is_older_than_the_last_walk_is_found_by_walking_anew(busy: Services) -> None:
    audit.walked(busy.db, NOW)
    with busy.db.write() as connection:
        connection.execute(sa.text("UPDATE event SET actor = 'người khác' WHERE seq = 2"))
    assert audit.walked(busy.db, LATER).found.broken_at is None
    assert audit.walked(busy.db, LATER, anew=True).found.broken_at == 2


def test_another_database_in_the_same_place_is_walked_from_its_first_row(busy: Services) -> None:
    audit.walked(busy.db, NOW)
    with busy.db.write() as connection:
        remember(connection, "epoch", "a backup was restored")
        connection.execute(sa.text("DELETE FROM event WHERE seq = 5"))
    again = audit.walked(busy.db, LATER)
    assert (again.found.length, again.whole_at) == (4, LATER) and again.found.broken_at is None
