"""Is everything in order? Settings, database, working days, mail relay, Prefect: each with one sentence."""

from __future__ import annotations

import socket
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from hanchot.domain.errors import HanChotError
from hanchot.domain.instants import ZONE, local_day
from hanchot.service import audit
from hanchot.service.install import fact
from hanchot.service.mail import hold
from hanchot.service.mail.real import sending
from hanchot.settings import Settings
from hanchot.store.db import Database
from hanchot.store.workday_files import load_workdays

SILENT = timedelta(minutes=30)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    name: str
    ok: bool
    said: str

    def to_json(self) -> dict[str, object]:
        return asdict(self)


def examine(settings: Settings, now: datetime, db: Database | None = None) -> list[Finding]:
    """Look at everything; a thing that fails does not keep the others from being looked at. ``db``: where it is open."""
    return [*_database(settings, now, db), _workdays(settings, now), _relay(settings), _prefect(settings)]


def _database(settings: Settings, now: datetime, db: Database | None) -> list[Finding]:
    try:
        db = db or Database(settings.url)
        with db.read() as connection:
            swept, held, how = fact(connection, "last_sweep_at"), hold.held(connection), sending(settings, connection)
        chain = audit.walked(db, now).found
    except HanChotError as error:
        return [Finding("cơ sở dữ liệu", False, str(error))]
    last = datetime.fromisoformat(swept) if swept else None
    when = f"{last.astimezone(ZONE):%H:%M %d/%m/%Y}" if last else "chưa quét lần nào; xem chương trình đã chạy chưa"
    fresh = last is not None and now - last <= SILENT
    return [
        Finding("cơ sở dữ liệu", True, f"{db.engine.dialect.name}, {chain.length} sự kiện"),
        Finding("nhật ký", chain.broken_at is None, f"đầu chuỗi {chain.head[:16]}…"),
        Finding("lần quét gần nhất", fresh, when),
        Finding("gửi thư", held is None, f"đang giữ: {held}" if held else how.words),
    ]


def _workdays(settings: Settings, now: datetime) -> Finding:
    year = local_day(now).year
    calendar = load_workdays(settings.calendars_dir / "workdays")
    known = {year, year + 1} <= calendar.years
    span = f"{min(calendar.years)}–{max(calendar.years)}" if calendar.years else "chưa có năm nào"
    open_years = ", ".join(map(str, sorted(calendar.provisional)))
    note = f"; chưa công bố đủ: {open_years}" if open_years else ""
    return Finding("lịch ngày làm việc", known, f"đã kiểm tra {span}{note}")


def _relay(settings: Settings) -> Finding:
    host, port = (
        settings.smtp_host or "127.0.0.1",
        settings.smtp_port if settings.smtp_host else settings.catcher_port,
    )
    return _answers("máy chủ thư", host, port)


def _prefect(settings: Settings) -> Finding:
    return _answers("Prefect", "127.0.0.1", settings.prefect_port)


def _answers(name: str, host: str, port: int) -> Finding:
    try:
        with socket.create_connection((host, port), timeout=3):
            return Finding(name, True, f"{host}:{port} trả lời")
    except OSError as error:
        reason = error.strerror or str(error)
        return Finding(name, False, f"{host}:{port} không trả lời ({reason}); việc vẫn chạy, xem lại khi cần")
