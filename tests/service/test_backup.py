"""Online backup, and bringing one back without sending anything twice."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from hanchot.domain.errors import HanChotError
from hanchot.service import audit
from hanchot.service.backup import back_up, bring_back
from hanchot.service.items import act
from hanchot.service.mail import hold
from hanchot.service.opening import Opened
from hanchot.service.services import Services
from hanchot.service.sweep import sweep
from tests import look
from tests.conftest import NewHouse
from tests.look import at, item_id

NOW = at("2024-12-10 09:00")


def test_a_backup_is_a_whole_database(house: Services, opened: Opened, tmp_path: Path) -> None:
    copy = tmp_path / "sao" / "luu.db"
    with house.db.read() as connection:  # somebody is reading meanwhile
        connection.exec_driver_sql("SELECT 1 FROM cycle")
        assert back_up(house, copy) == copy.stat().st_size > 0
    with closing(sqlite3.connect(copy)) as found:
        assert found.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert found.execute("SELECT count(*) FROM work_item").fetchone() == (20,)


def test_a_backup_never_overwrites(house: Services, tmp_path: Path) -> None:
    there = tmp_path / "co.db"
    there.write_text("quan trọng")
    with pytest.raises(HanChotError, match=r"co\.db đã có\. Chọn tên khác"):
        back_up(house, there)
    assert there.read_text() == "quan trọng"


def test_what_was_is_kept_and_the_mail_is_held(house: Services, opened: Opened, new_house: NewHouse, tmp_path: Path) -> None:
    copy = tmp_path / "sao-luu.db"
    back_up(house, copy)
    act(house, item_id(house, "BAO", "chi-bo"), "submit", NOW, actor="Lâm")
    house.db.close()
    kept = bring_back(house.settings, copy, NOW)

    again = new_house("")
    assert look.item(again, "BAO", "chi-bo").state == "open"  # as it was when the backup was made
    with again.db.read() as connection:
        assert "phục hồi từ bản sao lưu sao-luu.db" in (hold.held(connection) or "")
    assert look.events(again, "database.restored")[0].at == NOW
    assert audit.check(again.db).broken_at is None
    with closing(sqlite3.connect(kept)) as before:
        assert before.execute("SELECT count(*) FROM event WHERE action = 'item.submit'").fetchone() == (1,)


def test_restoring_into_an_empty_home(house: Services, opened: Opened, new_house: NewHouse, tmp_path: Path) -> None:
    copy = tmp_path / "sao-luu.db"
    back_up(house, copy)
    elsewhere = house.settings.model_copy(update={"home": tmp_path / "moi"})
    kept = bring_back(elsewhere, copy, NOW)
    assert not kept.exists()
    moved = new_house(elsewhere.url)
    assert sweep(moved, NOW).letters > 0  # the sweep goes on; only the mail is held


@pytest.mark.parametrize("content", [b"", b"not a database", None])
def test_only_a_backup_of_ours_is_brought_back(house: Services, tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "la.db"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(HanChotError, match="không phải bản sao lưu"):
        bring_back(house.settings, file, NOW)
    assert look.events(house) == []  # the database that was is untouched


def test_another_programs_database_is_refused(house: Services, tmp_path: Path) -> None:
    file = tmp_path / "khac.db"
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE meta (key TEXT, value TEXT)")
    with pytest.raises(HanChotError, match="không phải bản sao lưu"):
        bring_back(house.settings, file, NOW)


def test_postgresql_has_its_own_tools(house: Services, tmp_path: Path) -> None:
    there = house.settings.model_copy(update={"database_url": "postgresql://localhost/x"})
    with pytest.raises(HanChotError, match="pg_dump"):
        bring_back(there, tmp_path / "x.db", NOW)
