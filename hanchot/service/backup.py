"""Online backup and restore of a SQLite installation. PostgreSQL has its own tools, and is said so."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from hanchot.domain.errors import HanChotError
from hanchot.domain.instants import local_iso
from hanchot.service import audit
from hanchot.service.mail import hold
from hanchot.service.services import Services
from hanchot.settings import Settings
from hanchot.store.db import Database


def back_up(services: Services, file: Path) -> int:
    """Copy the database while it is in use; returns the bytes written. Never overwrites."""
    source = _file(services.settings)
    if file.exists():
        raise HanChotError(f"Tệp {file} đã có.", way_out="Chọn tên khác để không ghi đè bản sao lưu cũ.")
    file.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(file)) as copy:
        live.backup(copy)
    return file.stat().st_size


def bring_back(settings: Settings, file: Path, now: datetime) -> Path:
    """Put a backup in the place of the database. The database that was is kept beside it, and its path returned; the
    mail is held until a person confirms, because letters may have gone out since the backup was made.
    """
    target = _file(settings)
    if not _is_ours(file):
        raise HanChotError(f"Tệp {file} không phải bản sao lưu của Hạn Chót.", way_out="Chọn tệp do hanchot backup ghi ra.")
    kept = target.with_name(f"{target.name}.truoc-{local_iso(now)[:19].replace(':', '')}")
    if target.exists():
        with closing(sqlite3.connect(target)) as live, closing(sqlite3.connect(kept)) as copy:
            live.backup(copy)
    for extra in ("", "-wal", "-shm"):
        Path(f"{target}{extra}").unlink(missing_ok=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, target)
    db = Database(settings.url)
    with db.write() as connection:
        hold.hold(connection, f"vừa phục hồi từ bản sao lưu {file.name}", now)
        audit.record(connection, now, "cli", "database.restored", file.name)
    db.close()
    return kept


def _file(settings: Settings) -> Path:
    url = sa.make_url(settings.url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise HanChotError("Lệnh này dành cho SQLite.", way_out="Với PostgreSQL hãy dùng pg_dump và pg_restore.")
    return Path(url.database)


def _is_ours(file: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"file:{file.absolute()}?mode=ro", uri=True)) as copy:
            found = copy.execute("SELECT count(*) FROM meta WHERE key = 'epoch'").fetchone()
            return bool(found == (1,))
    except sqlite3.Error:
        return False
