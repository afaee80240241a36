"""A new year: ``plan renew``, ``plan confirm``, ``cycle renew``, ``cycle amend``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hanchot.cli import cycle, plan
from hanchot.cli.cycle import Actor, Code
from hanchot.cli.plan import Calendar, named
from hanchot.cli.say import answer, fresh, now, services, table
from hanchot.domain.compare import WHAT_VI
from hanchot.service import amending, renewing
from hanchot.service.renew import read_document
from hanchot.service.renewing import Outlook
from hanchot.store.plan_files import dump_plan

Year = Annotated[int, typer.Option(help="năm của kế hoạch mới", min=2000, max=2100)]


def attach() -> None:
    """Put the commands where people look for them."""
    plan.app.command()(renew)
    plan.app.command()(confirm)
    cycle.app.command("renew")(renew_cycle)
    cycle.app.command()(amend)


def renew(
    calendar: Calendar,
    year: Year,
    document: Annotated[Path | None, typer.Option("--from", help="văn bản mới (.docx .pdf .txt): so từng mốc")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="tệp ghi kế hoạch mới")] = None,
) -> None:
    """Kế hoạch năm sau từ kế hoạch này: chuyển ngày (tạm tính), hoặc so với văn bản mới; nêu từng thay đổi và vì sao."""
    draft = read_document(document) if document else None
    seen = renewing.outlook(services(), named(calendar), year, now(), draft)
    if output:
        fresh(output)
        output.write_text(dump_plan(seen.renewal.plan), encoding="utf-8")
    state = "lập từ văn bản, chờ xác nhận" if draft else "tạm tính"
    rows = [(WHAT_VI[c.what], c.key, c.was, c.becomes, c.why) for c in seen.renewal.changes]
    shown = table(f"{seen.renewal.plan.key} ({state})", ["", "Mốc", "Trước", "Nay", "Vì sao"], rows)
    shown.caption = "\n".join(_notices(seen)) or None
    shown.caption_justify = "left"
    answer({**seen.to_json(), "file": str(output) if output else None}, shown)


def confirm(calendar: Calendar, by: Annotated[str, typer.Option(help="họ tên người xác nhận")]) -> None:
    """Xác nhận kế hoạch lập từ văn bản, sau khi đã xem từng mốc; từ đó mới mở đợt được."""
    made = renewing.confirm_plan(services(), calendar, now(), by=by)
    answer(
        {"key": made.key, "unconfirmed": made.unconfirmed},
        f"Đã xác nhận kế hoạch {made.key}. Mở đợt: hanchot cycle open {made.key}",
    )


def renew_cycle(
    calendar: Calendar,
    year: Year,
    period: Annotated[str | None, typer.Option(help="2026 hoặc 2026-Q3; mặc định: cả năm")] = None,
    root: Annotated[str | None, typer.Option(help="mã đơn vị đứng đầu")] = None,
    actor: Actor = "cli",
) -> None:
    """Chạy lại cho năm mới bằng một lệnh: lập kế hoạch tạm tính rồi mở đợt."""
    made = renewing.renew_cycle(services(), named(calendar), year, now(), period=period, root=root, actor=actor)
    opened = made.opened
    words = f"Đã lập kế hoạch {made.plan.key} và mở đợt {opened.code}: {opened.items} việc của {opened.units} đơn vị."
    answer(made.to_json(), "\n".join([words, *_notices(made.outlook)]))


def amend(
    code: Code,
    calendar: Calendar,
    reason: Annotated[str, typer.Option(help="lý do, ví dụ số kế hoạch vừa ban hành")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="chỉ xem sẽ đổi gì")] = False,
    actor: Actor = "cli",
) -> None:
    """Thay kế hoạch của đợt đang chạy (bản tạm tính bằng bản ban hành, hoặc bản điều chỉnh); việc đã làm giữ nguyên."""
    made = amending.amend_cycle(services(), code, named(calendar), now(), actor=actor, reason=reason, dry_run=dry_run)
    rows = [
        (amending.VERB_VI[one.verb], one.title, one.was, one.becomes, one.items or "")
        for one in made.lines
        if one.verb != "kept"
    ]
    shown = table(made.words, ["", "Mốc", "Trước", "Nay", "Số việc"], rows)
    shown.caption = "\n".join(made.notices) or None
    shown.caption_justify = "left"
    answer(made.to_json(), shown if rows else made.words)


def _notices(seen: Outlook) -> list[str]:
    """What a person should look at, a line each."""
    said = [f"• {one.message} {one.way_out}" for one in seen.renewal.notices]
    said += [f"• {one.name} ({one.code}) đã kết thúc từ {one.last_day:%d/%m/%Y}." for one in seen.gaps.ended]
    if seen.gaps.vacant:
        said.append(f"• Chức vụ đang khuyết: {'; '.join(f'{one.post} ({one.name})' for one in seen.gaps.vacant)}.")
    if seen.gaps.without_mail:
        said.append(f"• Chưa có địa chỉ thư: {'; '.join(f'{one.person} ({one.name})' for one in seen.gaps.without_mail)}.")
    return said
