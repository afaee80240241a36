"""Templates that staff bring: checked before they are taken, kept beside the installation, older ones never thrown away.

The delivered templates belong to the program and are replaced with it; staff's stand in ``home/templates/papers`` and are
preferred.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hanchot.domain.errors import AlreadyDone, NotFound
from hanchot.domain.instants import local_iso
from hanchot.papers.views import PAPERS
from hanchot.service import audit
from hanchot.service.services import Services

_OLD = "cu"


@dataclass(frozen=True)
class Replaced:
    """``left_out``: placeholders that the new template does not use, for a warning; ``kept``: the version before it."""

    left_out: tuple[str, ...]
    kept: Path | None


def folder(services: Services) -> Path:
    """Where this installation's own templates are."""
    return services.settings.home / "templates" / "papers"


def template_of(services: Services, key: str) -> bytes | None:
    """Staff's own template of a paper; None where the delivered one is meant."""
    try:
        return (folder(services) / f"{key}.docx").read_bytes()
    except FileNotFoundError:
        return None


def delivered(key: str) -> bytes:
    """The template that came with the program, for staff to start from. Raises ``NotFound``."""
    from hanchot.papers.word import FOLDER

    _demand_known(key)
    return (FOLDER / f"{key}.docx").read_bytes()


def replace_template(services: Services, key: str, data: bytes, actor: str, now: datetime) -> Replaced:
    """Use ``data`` for this paper from now on. Raises ``NotFound``, ``BadDocument`` for a file that cannot be used,
    ``AlreadyDone`` where it is in use.
    """
    from hanchot.papers.word import check_template

    _demand_known(key)
    left_out = check_template(data, key)
    target = folder(services) / f"{key}.docx"
    with services.db.write() as connection:
        before = template_of(services, key)
        if before == data:
            raise AlreadyDone(f"Văn bản “{key}” đang dùng đúng mẫu này.", way_out="Không cần làm gì.", value=key)
        kept = _keep(target, before, now) if before is not None else None
        said: dict[str, object] = {"paper": key, "sha256": _sum(data), "size": len(data)}
        audit.record(
            connection, now, actor, "template.replaced", f"template:{key}", was=_sum(before) if before else None,
            became=_sum(data), data=said,
        )  # fmt: skip
        _write(target, data)
    return Replaced(left_out, kept)


def restore_template(services: Services, key: str, actor: str, now: datetime) -> Path:
    """Go back to the delivered template; returns where staff's is kept. Raises ``NotFound`` where there is none."""
    _demand_known(key)
    target = folder(services) / f"{key}.docx"
    with services.db.write() as connection:
        before = template_of(services, key)
        if before is None:
            raise NotFound(f"Văn bản “{key}” đang dùng mẫu gốc.", way_out="Không cần làm gì.", thing="template", value=key)
        kept = _keep(target, before, now)
        audit.record(connection, now, actor, "template.restored", f"template:{key}", was=_sum(before))
        target.unlink()
    return kept


def _demand_known(key: str) -> None:
    if key not in PAPERS:
        raise NotFound(f"Không có mẫu văn bản “{key}”.", way_out=f"Các mẫu: {', '.join(PAPERS)}.", thing="template", value=key)


def _keep(target: Path, data: bytes, now: datetime) -> Path:
    """The version before, under its moment and sum: the same one twice is one file."""
    stamp = local_iso(now)[:19].replace(":", "")
    kept = target.parent / _OLD / f"{target.stem}-{stamp}-{_sum(data)[:8]}.docx"
    _write(kept, data)
    return kept


def _write(target: Path, data: bytes) -> None:
    """All or nothing, also when the power fails half-way."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.new")
    with fresh.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(target)


def _sum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
