"""Putting a confirmed plan into the installation's own calendars folder. A plan of another document is never lost."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from hanchot.domain.errors import Outside, Refused
from hanchot.domain.plan import Plan
from hanchot.settings import Settings
from hanchot.store.plan_files import dump_plan, load_plan, plan_paths

# Called, in the transaction, when a confirmed plan takes the place of a provisional one of its key: (was, becomes).
Replace = Callable[[sa.Connection, Plan, Plan], None]


def put_plan(connection: sa.Connection, settings: Settings, plan: Plan, replace: Replace | None = None) -> Path:
    """Write ``<own calendars>/<key>.yaml``. It may take the place of a provisional or unconfirmed plan of its key, or of
    an earlier confirmation of the same document; any other plan of that key refuses it. Call it last in the transaction.
    """
    was = plan_of(plan.key, settings)
    if was is not None and not (was.provisional or was.unconfirmed or _same_document(was, plan)):
        raise Refused(
            f"Đã có kế hoạch mang khóa “{plan.key}” ({was.document.title}).",
            way_out="Đặt khóa khác ở phần đầu văn bản, ví dụ thêm năm hoặc tên đơn vị.",
        )
    if was is not None and was.provisional and replace:
        replace(connection, was, plan)
    path = settings.own_calendars / f"{plan.key}.yaml"
    _write(path, dump_plan(plan))
    return path


def plan_of(key: str, settings: Settings) -> Plan | None:
    """The plan that has the key now, by its file's name or by the key inside."""
    for path in plan_paths(*settings.calendar_dirs):
        if path.stem == key or f"key: {key}\n" in path.read_text(encoding="utf-8"):
            return load_plan(path)
    return None


def _same_document(was: Plan, becomes: Plan) -> bool:
    return bool(was.provenance and becomes.provenance and was.provenance.sha256 == becomes.provenance.sha256)


def _write(path: Path, text: str) -> None:
    """Whole or not at all: a temporary file beside it, on the disk before it takes the name."""
    spare = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}.", delete=False, encoding="utf-8") as file:
            spare = file.name
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(spare).chmod(0o644)
        Path(spare).replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    except OSError as error:
        if spare:
            Path(spare).unlink(missing_ok=True)
        raise Outside(
            f"Không ghi được kế hoạch vào {path.parent.name}/{path.name}: {error.strerror}.",
            way_out="Kiểm tra quyền ghi và dung lượng đĩa của thư mục cài đặt, rồi xác nhận lại.",
        ) from error
