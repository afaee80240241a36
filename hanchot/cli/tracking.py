"""``hanchot export`` and ``hanchot import``: the tracking sheet, out and back in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hanchot.cli.say import answer, fresh, now, services
from hanchot.reader.workbook_guard import read_small
from hanchot.service.tracking.export import export_sheet
from hanchot.service.tracking.importing import apply, preview

SHOWN = 20


def attach(app: typer.Typer) -> None:
    """Add ``export`` and ``import`` to the root."""
    app.command("export")(export)
    app.command("import")(import_)


def export(
    code: Annotated[str, typer.Argument(help="mã đợt", metavar="ĐỢT")],
    output: Annotated[Path, typer.Option("-o", "--output", help="tệp .xlsx sẽ ghi", metavar="TỆP")],
    branch: Annotated[str | None, typer.Option(help="chỉ đơn vị này và các đơn vị bên dưới", metavar="ĐƠN-VỊ")] = None,
) -> None:
    """Bảng theo dõi của một đợt ra Excel: điền ngoài hệ thống rồi nhập lại."""
    fresh(output)
    output.write_bytes(export_sheet(services(), code, now(), branch=branch))
    answer({"file": str(output), "cycle": code, "branch": branch}, f"Đã ghi {output}.")


def import_(
    file: Annotated[Path, typer.Argument(help="bảng theo dõi .xlsx đã điền", metavar="TỆP")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="chỉ xem sẽ đổi gì")] = False,
    actor: Annotated[str, typer.Option(help="ai làm")] = "cli",
) -> None:
    """Nhập bảng theo dõi đã điền: tất cả hoặc không gì cả; nhập lần hai không đổi gì."""
    house, data, at = services(), read_small(file), now()
    found = preview(house, data, at, name=file.name)
    if found.changes and not found.problems and not dry_run:
        apply(house, found.token, at, actor=actor)
    done = "" if found.problems or not found.changes else " Mới xem, chưa ghi." if dry_run else " Đã ghi."
    said = [one.vi for one in found.problems or found.changes]
    more = [f"… và {len(said) - SHOWN} dòng nữa (xem bằng --json)."] if len(said) > SHOWN else []
    lines = [found.words + done, *said[:SHOWN], *more, *(f"Lưu ý: {notice}" for notice in found.notices)]
    answer({**found.to_json(), "dry_run": dry_run}, "\n".join(lines))
    if found.problems:
        raise typer.Exit(1)
