"""``hanchot up``, ``doctor``, ``backup``, ``restore``, ``audit``, ``release``: keeping the house in order."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hanchot.cli.say import answer, now, services, settings, table
from hanchot.service import audit
from hanchot.service.install import SCHEMA, bring_up
from hanchot.service.mail import hold
from hanchot.store.db import Database

audit_app = typer.Typer(help="Nhật ký: kiểm tra chuỗi.", no_args_is_help=True)


@audit_app.command()
def verify() -> None:
    """Kiểm tra chuỗi băm của nhật ký."""
    verdict = audit.check(services().db)
    if verdict.broken_at is None:
        answer(verdict.to_json(), f"Chuỗi nguyên vẹn: {verdict.length} sự kiện, đầu chuỗi {verdict.head}.")
        return
    answer(verdict.to_json(), f"Chuỗi đứt ở sự kiện {verdict.broken_at}: nội dung không khớp mã băm.")
    raise typer.Exit(1)


def up(
    demo_clock: Annotated[str | None, typer.Option("--demo-clock", help="chạy một năm của kế hoạch này trong vài phút")] = None,
    speed: Annotated[
        float, typer.Option(help="số giây ảo trong một giây thật khi chạy --demo-clock; 0: cả năm trong khoảng năm phút")
    ] = 0,
) -> None:
    """Chạy tất cả: Prefect, worker, bảng theo dõi, hộp thư; Ctrl-C để dừng."""
    from hanchot.up import run

    code = run(settings(), demo=demo_clock, speed=speed)
    if code:
        raise typer.Exit(code)


def release(actor: Annotated[str, typer.Option(help="ai xác nhận")] = "cli") -> None:
    """Xác nhận và gửi tiếp khi thư đang bị tạm giữ."""
    reason = hold.release_hold(services().db, actor, now())
    answer({"released": reason}, f"Đã cho gửi tiếp (trước đó giữ vì: {reason})." if reason else "Không có gì bị giữ.")


def backup(file: Annotated[Path, typer.Argument(metavar="TỆP")]) -> None:
    """Sao lưu cơ sở dữ liệu trong khi đang chạy."""
    from hanchot.service.backup import back_up

    size = back_up(services(), file)
    answer({"file": str(file), "bytes": size}, f"Đã sao lưu ra {file} ({size} byte).")


def restore(file: Annotated[Path, typer.Argument(metavar="TỆP")]) -> None:
    """Phục hồi từ bản sao lưu; thư bị tạm giữ đến khi có người xác nhận."""
    from hanchot.service.backup import bring_back

    kept = bring_back(settings(), file, now())
    answer(
        {"file": str(file), "kept": str(kept)},
        f"Đã phục hồi từ {file}; bản trước đó giữ ở {kept}. Thư tạm giữ: hanchot release.",
    )


def upgrade() -> None:
    """Nâng lược đồ cơ sở dữ liệu lên phiên bản của chương trình; nên sao lưu trước."""
    had = bring_up(Database(settings().url))
    answer({"was": had, "now": SCHEMA}, f"Lược đồ {had} → {SCHEMA}.")


def doctor() -> None:
    """Kiểm tra cài đặt, cơ sở dữ liệu, lịch ngày làm việc, máy chủ thư, Prefect."""
    from hanchot.service.doctor import examine

    findings = examine(settings(), now())
    rows = [("✓" if f.ok else "✗", f.name, f.said) for f in findings]
    answer([f.to_json() for f in findings], table("Kiểm tra", ["", "Mục", "Kết quả"], rows))
    if not all(f.ok for f in findings):
        raise typer.Exit(1)


def attach(root: typer.Typer) -> None:
    """The commands that stand at the top level."""
    for command in (up, release, backup, restore, upgrade, doctor):
        root.command(command.__name__)(command)
