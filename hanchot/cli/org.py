"""``hanchot org``: units, posts and people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, cast

import sqlalchemy as sa
import typer

from hanchot.cli.say import answer, day, fresh, now, services, table, wish
from hanchot.domain.errors import BadImport, HanChotError
from hanchot.domain.instants import local_day
from hanchot.domain.unit import UnitKind
from hanchot.service import sample
from hanchot.service.demo import SAMPLES
from hanchot.service.org.importing import import_org
from hanchot.service.org.template import export_org, write_template
from hanchot.service.sample import SampleKind
from hanchot.store.tables import unit

SHOWN = 20
app = typer.Typer(help="Tổ chức: nhập đơn vị, chức vụ, người từ Excel/CSV.", no_args_is_help=True)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="tệp .xlsx hoặc .csv", metavar="TỆP")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="chỉ xem sẽ đổi gì")] = False,
    as_of: Annotated[str | None, typer.Option("--as-of", help="ngày thay người; mặc định: hôm nay")] = None,
    actor: Annotated[str, typer.Option(help="ai làm")] = "cli",
) -> None:
    """Nhập cả tệp hoặc không nhập gì; nhập lần hai không đổi gì."""
    try:
        report = import_org(services(), file, now=now(), as_of=day(as_of) if as_of else None, dry_run=dry_run, actor=actor)
    except BadImport as error:
        if wish.json:
            print(json.dumps({"file": file.name, "total": 0, "errors": error.rows}, ensure_ascii=False, indent=2))
        raise
    lines = [report.words, *report.changes[:SHOWN], *(f"Lưu ý: {one.sentence}" for one in report.warnings[:SHOWN])]
    answer(report.to_json(), "\n".join(lines))


@app.command()
def export(file: Annotated[Path, typer.Argument(help="tệp .xlsx sẽ ghi", metavar="TỆP")]) -> None:
    """Xuất đơn vị và người ra Excel, nhập lại được."""
    fresh(file)
    with services().db.read() as connection:
        roots = connection.execute(sa.select(unit.c.id).where(unit.c.parent_id.is_(None)).order_by(unit.c.id)).scalars()
        root = roots.first()
        if root is None:
            raise HanChotError("Chưa có đơn vị nào để xuất.", way_out="Nhập trước: hanchot org import TỆP.")
        file.write_bytes(export_org(connection, root, local_day(now())))
    answer({"file": str(file)}, f"Đã ghi {file}.")


@app.command()
def template(file: Annotated[Path, typer.Argument(help="tệp .xlsx sẽ ghi", metavar="TỆP")]) -> None:
    """Mẫu Excel để điền đơn vị và người."""
    fresh(file)
    write_template(file)
    answer({"file": str(file)}, f"Đã ghi mẫu {file}.")


@app.command("list")
def list_() -> None:
    """Các đơn vị."""
    with services().db.read() as connection:
        columns = [unit.c[name] for name in ("code", "name", "kind", "valid_from", "valid_to")]
        rows = connection.execute(sa.select(*columns).order_by(unit.c.path)).all()
    shown = [(row.code, row.name, UnitKind(row.kind).vi, row.valid_to) for row in rows]
    answer([dict(row._mapping) for row in rows], table("Đơn vị", ["Mã", "Tên", "Loại", "Đến ngày"], shown))


@app.command("leave-sample")
def leave_sample_(actor: Annotated[str, typer.Option(help="ai làm")] = "cli") -> None:
    """Bỏ cấp ủy mẫu để bắt đầu với cấp ủy của mình: đóng đợt mẫu, kết thúc tổ chức và người của mẫu."""
    from hanchot.service.sample.leaving import leave_sample

    ended = leave_sample(services(), now(), actor=actor)
    answer({"units": ended}, f"Đã bỏ danh sách mẫu: {ended} đơn vị kết thúc từ hôm qua. Tiếp theo: hanchot org import TỆP.")


@app.command("sample")
def sample_(
    kind: Annotated[str, typer.Argument(help=", ".join(SAMPLES.values()), metavar="LOẠI")] = "bloc",
    seed: Annotated[int, typer.Option(help="hạt giống")] = 1,
    cells: Annotated[int | None, typer.Option(help="số chi bộ")] = None,
) -> None:
    """Lập một cấp ủy mẫu để thử."""
    if kind not in SAMPLES.values():
        raise HanChotError(f"Không có mẫu “{kind}”.", way_out=f"Chọn một trong: {', '.join(SAMPLES.values())}.")
    root = sample.make(services().db, cast(SampleKind, kind), seed=seed, cells=cells, now=now())
    answer({"root": root, "kind": kind}, f"Đã lập cấp ủy mẫu loại {kind}.")
