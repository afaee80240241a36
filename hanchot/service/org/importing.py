"""Take in an organisation file: all of it or nothing. The same file twice changes nothing the second time."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date, datetime
from pathlib import Path

import sqlalchemy as sa

from hanchot.domain.errors import BadImport
from hanchot.domain.instants import local_day
from hanchot.reader.sheets import read_sheets
from hanchot.service.audit import record
from hanchot.service.install import bump
from hanchot.service.org.decide import decide
from hanchot.service.org.report import MAX_PROBLEMS, ImportReport, report_of
from hanchot.service.org.sheets import Problem, read_org
from hanchot.service.org.state import read_state, write_state
from hanchot.service.services import Services
from hanchot.store.db import Database


def import_org(
    where: Services | Database,
    path: Path,
    *,
    now: datetime,
    as_of: date | None = None,
    dry_run: bool = False,
    actor: str = "cli",
    called: str = "",
) -> ImportReport:
    """Import units, posts and people from a .xlsx or .csv file in one transaction.

    ``as_of``: the local day on which changes without dates happen, today if None. ``called``: the
    file's name for people, where it is kept under another. BadImport: anything in the file
    cannot be meant; its ``rows`` list every such place (200 at most) and nothing has been taken in, dry run or not.
    """
    db = where.db if isinstance(where, Services) else where
    day = as_of or local_day(now)
    file = read_org(read_sheets(path))
    with db.read() if dry_run else db.write() as connection:
        before, ids = read_state(connection)
        after, found = decide(before, file, day)
        problems = [*file.problems, *found]
        name = called or path.name
        _refuse(name, problems)
        report = report_of(name, day, dry_run, file, before, after, problems)
        if not dry_run and report.total:
            write_state(connection, before, after, ids)
            bump(connection, "org_version")
            _record(connection, report, now, actor)
    return replace(report, root_id=ids.units.get(report.root_code or ""))


def _refuse(name: str, problems: list[Problem]) -> None:
    errors = [problem for problem in problems if problem.severity == "error"]
    if not errors:
        return
    more = f" Còn {len(errors) - 1} lỗi khác." if len(errors) > 1 else ""
    raise BadImport(
        f"Tệp “{name}”: {errors[0].sentence}{more}",
        rows=tuple(problem.to_dict() for problem in errors[:MAX_PROBLEMS]),
        way_out="Chưa có gì được ghi; sửa rồi nhập lại.",
    )


def _record(connection: sa.Connection, report: ImportReport, now: datetime, actor: str) -> None:
    counts: dict[str, object] = {name: asdict(getattr(report, name)) for name in ("units", "people", "posts", "tenures")}
    record(connection, now, actor, "org.imported", report.file, data={"as_of": report.as_of.isoformat(), **counts})
