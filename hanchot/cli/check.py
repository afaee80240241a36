"""``hanchot plan check``: what is wrong, tight or open in calendars, and against the plan above."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.table import Table

from hanchot.cli.say import answer, settings
from hanchot.domain.finding import Finding, Severity
from hanchot.service.checking import check_plans, counts, parents_known
from hanchot.store.act_files import load_acts
from hanchot.store.plan_files import find_plan
from hanchot.store.workday_files import load_workdays

_STYLE = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}


def check(
    calendars: Annotated[list[str], typer.Argument(help="một hay nhiều tệp lịch, ví dụ thi-xa-2022", metavar="LỊCH…")],
    parent: Annotated[str | None, typer.Option(help="lịch của kế hoạch cấp trên")] = None,
    year: Annotated[int | None, typer.Option(help="năm, cho hướng dẫn dùng mọi năm", min=2000, max=2100)] = None,
) -> None:
    """Kiểm tra kế hoạch: lỗi, cảnh báo, lưu ý, mỗi điều với mục và cách xử lý. Mã thoát 1 nếu có lỗi."""
    chosen = settings()
    plans = tuple({plan.key: plan for plan in (find_plan(name, *chosen.calendar_dirs) for name in calendars)}.values())
    findings = check_plans(
        plans,
        load_workdays(chosen.calendars_dir / "workdays"),
        load_acts(chosen.calendars_dir),
        parent=find_plan(parent, *chosen.calendar_dirs) if parent else None,
        known=parents_known(plans, chosen.calendar_dirs),
        year=year,
    )
    answer([finding.to_json() for finding in findings], _table(findings))
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise typer.Exit(1)


def _table(findings: Sequence[Finding]) -> Table:
    made = Table(title=_summary(findings), title_justify="left", header_style="bold", show_lines=True)
    for column, fixed in (("Mức", True), ("Kế hoạch", True), ("Mục", True), ("Phát hiện và cách xử lý", False)):
        made.add_column(column, no_wrap=fixed, overflow="fold")
    for finding in sorted(findings, key=lambda one: one.severity.rank):
        words = f"{finding.said.vi}\n→ {finding.said.way} [{finding.code}]".replace("[", "\\[")
        made.add_row(finding.severity.vi, finding.plan, finding.clause or "", words, style=_STYLE[finding.severity])
    return made


def _summary(findings: Sequence[Finding]) -> str:
    found = counts(findings)
    return f"{found['error']} lỗi, {found['warning']} cảnh báo, {found['note']} lưu ý"
