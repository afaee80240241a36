"""The sheet of members on the board: the file waits between the preview and “ghi”. Light: workbooks are read inside."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from hanchot.service.org.keeping import done_with, put_by, put_by_before
from hanchot.service.services import Services

if TYPE_CHECKING:  # the board starts without a reader of workbooks
    from hanchot.service.judging.member_import import Preview


def sheet(services: Services, code: str, now: datetime, branch: str | None = None) -> bytes:
    """The sheet (.xlsx) of a cycle or of one branch. Raises ``NotFound``."""
    from hanchot.service.judging.member_sheet import members_sheet

    return members_sheet(services, code, now, branch=branch)


def look(services: Services, code: str, data: bytes, name: str, now: datetime) -> tuple[str, Preview]:
    """What the file would change, and the mark by which ``write`` finds it again. Raises ``BadImport``."""
    from hanchot.service.judging.member_import import look_at

    found = look_at(services, code, data, now, name=name)
    kept = put_by(services, data, ".xlsx") if found.changes and not found.problems else None
    return kept.name if kept else "", found


def write(services: Services, code: str, mark: str, seal: str, now: datetime, *, actor: str, name: str = "") -> tuple[int, int]:
    """Write what ``look`` showed, all or nothing; returns how many were added and how many changed.

    AlreadyDone: a second click. BadImport: the file is gone. Conflict: somebody has changed the list since the preview.
    """
    from hanchot.service.judging.member_import import take_in

    kept = put_by_before(services, mark)
    made = take_in(services, code, kept.read_bytes(), now, actor=actor, seal=seal, name=name[:200] or "danh sách đảng viên")
    done_with(kept)
    return made.added, len(made.changes) - made.added
