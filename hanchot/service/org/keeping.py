"""A file of people that was handed in waits beside the installation until somebody says “ghi”; then it is gone.

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

from hanchot.domain.errors import AlreadyDone, BadImport
from hanchot.service.org.lookup import unit_by_code
from hanchot.service.services import Services

if TYPE_CHECKING:  # the board starts without a reader of workbooks
    from hanchot.service.org.report import ImportReport

_SUM = re.compile(r"[0-9a-f]{64}")
_ENDINGS = {".xlsx", ".csv"}
_WRITTEN = ".written"  # an empty file beside the one that was taken in: a second click is told so
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
    kept = put_by(services, data, ending)
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
    """Write what ``look_at`` showed, all or nothing. Raises ``BadImport``; ``AlreadyDone`` for what was written before."""
    from hanchot.service.org.importing import import_org

    kept = put_by_before(services, mark)
    try:
        report = import_org(services, kept, now=now, actor=actor, called=called[:200] or "danh sách tổ chức")
    except BadImport:
        put_by_before(services, mark)  # another click may have written it and cleared it away meanwhile: then it says so
        raise
    done_with(kept)
    return report


def _gone() -> BadImport:
    return BadImport("Tệp xem trước không còn: để quá lâu.", way_out="Chọn lại tệp để xem trước.")


def put_by(services: Services, data: bytes, ending: str) -> Path:
    """Keep a file (``ending``: ``.xlsx``, ``.csv``) until it is written; its name is the mark that finds it again."""
    kept = _folder(services) / f"{hashlib.sha256(data).hexdigest()}{ending}"
    kept.write_bytes(data)
    _clear(kept)
    return kept


def put_by_before(services: Services, mark: str) -> Path:
    """The file that ``put_by`` has kept. AlreadyDone: it was written before; BadImport: it is gone, or nobody's mark."""
    name, _, ending = mark.partition(".")
    if not _SUM.fullmatch(name) or f".{ending}" not in _ENDINGS:
        raise _gone()
    kept = _folder(services) / mark
    if kept.exists():
        return kept
    if _written(kept).exists():
        raise AlreadyDone("Danh sách này đã ghi.", way_out="Xem danh sách.")
    raise _gone()


def done_with(kept: Path) -> None:
    """The file was written: its words go, that it was stays for a second click."""
    _written(kept).touch()
    kept.unlink(missing_ok=True)


def _written(kept: Path) -> Path:
    return kept.with_name(f"{kept.name}{_WRITTEN}")


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
