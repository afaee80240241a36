"""What the database itself promises, the same on SQLite and on PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from threading import Barrier, Event

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, StatementError

from hanchot.domain.errors import Outside
from hanchot.service.install import SCHEMA, bump, epoch, fact, forget, install, remember
from hanchot.service.mail.ledger import add_once
from hanchot.service.opening import open_cycle
from hanchot.service.services import Services
from hanchot.store import db as db_module
from hanchot.store.db import Database
from hanchot.store.ids import take
from hanchot.store.tables import (
    cycle,
    cycle_milestone,
    incident,
    letter,
    meta,
    metadata,
    post,
    tenure,
    unit,
    work_item,
)
from tests import look, plans
from tests.look import at

NOW = at("2024-12-09 08:00")


@pytest.fixture
def busy(any_house: Services) -> Services:
    open_cycle(any_house, plans.plan(), at("2024-11-18 07:00"))
    return any_house


BROKEN = {
    "a unit of no known kind": sa.update(unit).values(kind="phường"),
    "two units of one code": sa.update(unit).values(code="DUK"),
    "a unit that ends before it begins": sa.update(unit).values(valid_from=date(2024, 2, 1), valid_to=date(2024, 1, 1)),
    "a post of no known role": sa.update(post).values(role="khách"),
    "a tenure that ends before it begins": sa.update(tenure).values(ends=date(2019, 1, 1)),
    "a cycle that is closed without saying when": sa.update(cycle).values(state="closed"),
    "an open cycle with a day of closing": sa.update(cycle).values(closed_at=NOW),
    "a cycle of no known kind": sa.update(cycle).values(kind="monthly"),
    "more finished than there are": sa.update(cycle_milestone).values(finished=99),
    "fewer finished than none": sa.update(cycle_milestone).values(finished=-1),
    "two milestones of one key": sa.update(cycle_milestone).values(key="chi-bo"),
    "an item in no known state": sa.update(work_item).values(state="late"),
    "a deadline without its last moment": sa.update(work_item).values(last_day=None),
    "submitted without saying when": sa.update(work_item).values(state="submitted"),
    "open although it was finished": sa.update(work_item).values(finished_at=NOW),
    "two items of one unit and milestone": sa.update(work_item).values(unit_id=1, milestone_id=1),
}


@pytest.mark.parametrize("statement", BROKEN.values(), ids=BROKEN.keys())
def test_what_cannot_be_is_refused_by_the_database_too(busy: Services, statement: sa.Update) -> None:
    before = look.states(busy)
    with pytest.raises(IntegrityError), busy.db.write() as connection:
        connection.execute(statement)
    assert look.states(busy) == before


def _letter(house: Services, **changes: object) -> dict[str, object]:
    row = look.item(house, "BAO", "chi-bo")
    with house.db.read() as connection:
        post_id = connection.execute(sa.select(post.c.id).where(post.c.unit_id == row.unit_id)).scalar_one()
    known = {"cycle_id": row.cycle_id, "item_id": row.id, "rung": "T-3", "tone": "reminder", "revision": 0,
             "post_id": post_id, "planned_at": NOW, "state": "planned"}  # fmt: skip
    return known | changes


def test_a_letter_is_in_the_ledger_once_for_item_rung_revision_and_post(busy: Services) -> None:
    first, again, moved = _letter(busy), _letter(busy, tone="due"), _letter(busy, revision=1)
    with busy.db.write() as connection:
        assert [add_once(connection, [row]) for row in (first, again, moved)] == [1, 0, 1]
    with pytest.raises(IntegrityError), busy.db.write() as connection:
        connection.execute(sa.insert(letter), again)


def test_a_summary_is_in_the_ledger_once_for_cycle_rung_and_post(busy: Services) -> None:
    summary = _letter(busy, item_id=None, rung="summary-2024-12-09", tone="summary")
    with busy.db.write() as connection:
        assert [add_once(connection, [summary]) for _ in range(3)] == [1, 0, 0]


def test_many_letters_at_once_are_counted_alike(busy: Services) -> None:
    rows = [_letter(busy, rung=f"R{n}") for n in range(60)]
    with busy.db.write() as connection:
        assert add_once(connection, rows[:10]) == 10
        assert add_once(connection, rows) == 50


def test_a_transaction_that_fails_leaves_no_trace(any_house: Services) -> None:
    with pytest.raises(ZeroDivisionError), any_house.db.write() as connection:
        remember(connection, "nửa chừng", "có")
        raise ZeroDivisionError
    with any_house.db.read() as connection:
        assert fact(connection, "nửa chừng") is None


def test_reading_changes_nothing(any_house: Services) -> None:
    with any_house.db.read() as connection:
        connection.execute(sa.delete(meta))
    assert epoch(any_house.db)


def test_writers_stand_in_line(any_house: Services) -> None:
    """Thirty increments by ten writers at once: each has read what the one before had written."""
    start = Barrier(10)

    def one(_: int) -> None:
        mine = Database(any_house.db.url)
        start.wait()
        for _n in range(3):
            with mine.write() as connection:
                bump(connection, "đếm")
        mine.close()

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(one, range(10)))
    with any_house.db.read() as connection:
        assert fact(connection, "đếm") == "30"


def test_a_reader_sees_what_was_committed_while_a_writer_is_at_work(any_house: Services) -> None:
    with any_house.db.write() as writing:
        remember(writing, "mới", "chưa xong")
        other = Database(any_house.db.url)
        with other.read() as reading:
            assert fact(reading, "mới") is None
        other.close()


def test_a_writer_that_waits_too_long_is_told_in_one_sentence(any_house: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db_module, "BUSY_MS", 200)
    other = Database(any_house.db.url)
    held, done = Event(), Event()

    def hold() -> None:
        with any_house.db.write() as connection:
            remember(connection, "giữ", "khóa")
            held.set()
            done.wait(30)

    with ThreadPoolExecutor(1) as pool:
        holder = pool.submit(hold)
        assert held.wait(30)
        try:
            with pytest.raises(Outside, match=r"không dùng được: .*lock.*hanchot doctor"), other.write() as connection:
                remember(connection, "chờ", "mãi")
        finally:
            done.set()
        holder.result(30)
    other.close()


def test_instants_are_whole_seconds_of_utc_whatever_zone_they_come_in(any_house: Services) -> None:
    tokyo = datetime(2024, 12, 9, 10, 0, 0, 999_000, tzinfo=timezone(timedelta(hours=9)))
    with any_house.db.write() as connection:
        row = {"key": "x", "kind": "x", "message": "x", "first_at": tokyo, "last_at": tokyo, "times": 1}
        connection.execute(sa.insert(incident).values(row))
    with any_house.db.read() as connection:
        assert connection.execute(sa.select(incident.c.first_at)).scalar_one() == datetime(2024, 12, 9, 1, tzinfo=UTC)
    with pytest.raises(StatementError, match="naive"), any_house.db.write() as connection:
        connection.execute(sa.update(incident).values(first_at=datetime(2024, 12, 9)))  # noqa: DTZ001


def test_ids_taken_beforehand_do_not_meet_those_given_later(any_house: Services) -> None:
    with any_house.db.write() as connection:
        taken = take(connection, unit, 5)
        rows = [{"id": n, "code": f"U{n}", "name": "x", "kind": "cell", "path": f"/{n}/"} for n in taken]
        connection.execute(sa.insert(unit), rows)
        later = connection.execute(sa.insert(unit).values(code="sau", name="x", kind="cell", path="/x/"))
        assert later.inserted_primary_key is not None
        assert later.inserted_primary_key[0] not in taken
    assert len(set(taken)) == 5


def test_a_database_comes_to_life_once(any_house: Services) -> None:
    first = epoch(any_house.db)
    install(any_house.db)
    assert epoch(any_house.db) == first and len(first) == 16
    with any_house.db.write() as connection:
        assert fact(connection, "schema") == SCHEMA
        forget(connection, "schema")
        remember(connection, "schema", "0")
    with pytest.raises(Outside, match="lược đồ 0, chương trình này cần lược đồ"):
        install(any_house.db)


def test_both_have_the_same_tables(any_house: Services) -> None:
    with any_house.db.read() as connection:
        assert set(metadata.tables) <= set(sa.inspect(connection).get_table_names())


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("bừa bãi", "không đọc được"),
        ("oracle://127.0.0.1/x", "Không có trình điều khiển"),
    ],
)
def test_addresses_that_name_no_database(url: str, said: str) -> None:
    with pytest.raises(Outside, match=said):
        Database(url)


def test_a_folder_that_may_not_be_made(tmp_path: Path) -> None:
    (tmp_path / "tệp").write_text("không phải thư mục")
    with pytest.raises(Outside, match=r"Không lập được thư mục .*x\.db"):
        Database(f"sqlite:///{tmp_path / 'tệp' / 'con' / 'x.db'}")


def test_a_full_disk_takes_the_transaction_back_and_says_so(house: Services) -> None:
    with house.db.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 5}")
        connection.rollback()
    with pytest.raises(Outside, match=r"full.*dung lượng đĩa"):
        for n in range(10_000):
            with house.db.write() as connection:
                remember(connection, f"đầy-{n}", "x" * 4000)
    with house.db.read() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
        assert fact(connection, "epoch")
