"""An organisation file that was handed in waits beside the installation until somebody says “ghi”; then it is gone.

Only its sum names it: nothing that a person typed becomes a path.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from hanchot.domain.errors import BadImport
from hanchot.service.org.lookup import unit_by_code
from hanchot.service.services import Services

if TYPE_CHECKING:  # the board starts without a reader of workbooks
    from hanchot.service.org.report import ImportReport

_SUM = re.compile(r"[0-9a-f]{64}")
_ENDINGS = {".xlsx", ".csv"}
_MOST_KEPT = 5


def as_workbook(services: Services, code: str, day: date) -> bytes:
    """The tree under a unit as it stands on a local day (.xlsx), to be put right and brought back. Raises ``NotFound``."""
    from hanchot.service.org.template import export_org

    with services.db.read() as connection:
        return export_org(connection, unit_by_code(connection, code).id, day)


def look_at(services: Services, data: bytes, name: str, now: datetime) -> tuple[str, ImportReport]:
    """What the file would change, and the mark by which ``take_in`` finds it again. Raises ``BadImport``."""
    from hanchot.service.org.importing import import_org

    ending = Path(name).suffix.lower()
    if ending not in _ENDINGS:
        raise BadImport(f"Tệp “{name[:80]}” không phải Excel (.xlsx) hay .csv.", way_out="Lưu lại bằng Excel dạng .xlsx.")
    kept = _folder(services) / f"{hashlib.sha256(data).hexdigest()}{ending}"
    kept.write_bytes(data)
    _clear(kept)
    try:
        report = import_org(services, kept, now=now, dry_run=True, called=name)
    except BadImport:
        kept.unlink(missing_ok=True)
        raise
    except zipfile.BadZipFile as error:
        kept.unlink(missing_ok=True)
        raise BadImport(f"Tệp “{name[:80]}” hỏng.", way_out="Mở bằng Excel, lưu lại rồi gửi lại.") from error
    return kept.name, report


def take_in(services: Services, mark: str, now: datetime, *, actor: str, called: str = "") -> ImportReport:
    """Write what ``look_at`` showed, all or nothing. A second click finds the file gone and says so."""
    from hanchot.service.org.importing import import_org

    name, _, ending = mark.partition(".")
    kept = _folder(services) / mark
    if not _SUM.fullmatch(name) or f".{ending}" not in _ENDINGS or not kept.exists():
        raise BadImport("Tệp xem trước không còn: đã ghi rồi, hoặc để quá lâu.", way_out="Chọn lại tệp để xem trước.")
    report = import_org(services, kept, now=now, actor=actor, called=called[:200] or "danh sách tổ chức")
    kept.unlink(missing_ok=True)
    return report


def _folder(services: Services) -> Path:
    made = services.settings.home / "imports"
    made.mkdir(parents=True, exist_ok=True, mode=0o700)
    return made


def _clear(newest: Path) -> None:
    """A few are kept, for people who look at two files; a list of people does not lie about for good."""
    others = sorted((one for one in newest.parent.iterdir() if one != newest), key=lambda one: one.stat().st_mtime)
    for one in others[: max(0, len(others) - _MOST_KEPT + 1)]:
        with suppress(FileNotFoundError):
            one.unlink()
