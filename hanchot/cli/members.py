"""``hanchot rating members`` and ``members-sheet``: the members of all cells as a workbook, out and back in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hanchot.cli.say import answer, fresh, now, services
from hanchot.reader.workbook_guard import read_small
from hanchot.service.judging.member_import import look_at, take_in
from hanchot.service.judging.member_sheet import members_sheet

SHOWN = 20
Code = Annotated[str, typer.Argument(help="mã đợt", metavar="ĐỢT")]


def attach(app: typer.Typer) -> None:
    """Add both commands to ``hanchot rating``."""
    app.command("members")(members)
    app.command("members-sheet")(sheet)


def sheet(
    code: Code,
    file: Annotated[Path, typer.Argument(help="tệp .xlsx sẽ ghi", metavar="TỆP")],
    branch: Annotated[str | None, typer.Option(help="chỉ đơn vị này và các đơn vị bên dưới", metavar="ĐƠN-VỊ")] = None,
) -> None:
    """Mẫu danh sách đảng viên của đợt ra Excel, người đã có được điền sẵn."""
    fresh(file)
    file.write_bytes(members_sheet(services(), code, now(), branch=branch))
    answer({"file": str(file), "cycle": code, "branch": branch}, f"Đã ghi {file}.")


def members(
    code: Code,
    file: Annotated[Path, typer.Argument(help="danh sách đảng viên .xlsx đã điền", metavar="TỆP")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="chỉ xem sẽ đổi gì")] = False,
    actor: Annotated[str, typer.Option(help="ai làm")] = "cli",
) -> None:
    """Nhập danh sách đảng viên: tất cả hoặc không gì cả; nhập lần hai không đổi gì. Mã thoát 1 nếu có ô không nhận được."""
    house, data, at = services(), read_small(file), now()
    found = look_at(house, code, data, at, name=file.name)
    if found.changes and not found.problems and not dry_run:
        take_in(house, code, data, at, actor=actor, seal=found.seal, name=file.name)
    done = "" if found.problems or not found.changes else " Mới xem, chưa ghi." if dry_run else " Đã ghi."
    said = [problem.vi for problem in found.problems]
    more = [f"… và {len(said) - SHOWN} ô nữa (xem bằng --json)."] if len(said) > SHOWN else []
    notices = (f"Lưu ý: {notice}" for notice in found.notices)
    answer({**found.to_json(), "dry_run": dry_run}, "\n".join([found.words + done, *said[:SHOWN], *more, *notices]))
    if found.problems:
        raise typer.Exit(1)
