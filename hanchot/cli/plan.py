"""``hanchot plan``: what a calendar says. Next year's from it: ``renewing``."""

from __future__ import annotations

from typing import Annotated

import typer

from hanchot.cli.check import check
from hanchot.cli.reading import read
from hanchot.cli.say import answer, settings, table
from hanchot.domain.plan import Plan
from hanchot.service.demo import demo_period
from hanchot.service.opening import period_of
from hanchot.service.show import plan_show
from hanchot.store.plan_files import find_plan, plans_in
from hanchot.store.workday_files import load_workdays

app = typer.Typer(help="Kế hoạch: xem mốc, hạn; lập kế hoạch năm sau.", no_args_is_help=True)
app.command()(check)
app.command()(read)
Calendar = Annotated[str, typer.Argument(help="tên hoặc đường dẫn tệp lịch, ví dụ khoi-binh-thuan-2024", metavar="LỊCH")]


def named(calendar: str) -> Plan:
    return find_plan(calendar, *settings().calendar_dirs)


@app.command("list")
def list_() -> None:
    """Các kế hoạch có trong calendars/."""
    plans = plans_in(*settings().calendar_dirs)
    rows = [(p.key, p.document.number or "(chưa có số)", p.year or "mọi năm", len(p.milestones)) for p in plans]
    answer(
        [{"key": key, "number": number, "year": year, "milestones": count} for key, number, year, count in rows],
        table("Kế hoạch", ["Khóa", "Số", "Năm", "Số mốc"], rows),
    )


@app.command()
def show(calendar: Calendar, period: Annotated[str | None, typer.Option(help="2025 hoặc 2025-Q3")] = None) -> None:
    """Các mốc với thời điểm cuối cùng còn đúng hạn, đối tượng, nguồn."""
    plan = named(calendar)
    chosen = period_of(plan, period) if period else demo_period(plan)
    shown = plan_show(plan, chosen, load_workdays(settings().calendars_dir / "workdays"))
    rows = [
        (
            m["clause"],
            m["stage_vi"],
            m["title"],
            m["last_moment"] or "—",
            m["weekday"] or "",
            m["day_off"] or "",
            m["phrase"],
        )
        for m in shown["milestones"]
    ]
    answer(shown, table(plan.document.title, ["Mục", "Bước", "Mốc", "Hạn cuối", "Thứ", "Ngày nghỉ", "Câu chữ"], rows))


@app.command()
def schema() -> None:
    """JSON Schema của tệp lịch."""
    import json

    from hanchot.store.plan_files import schema as made

    print(json.dumps(made(), ensure_ascii=False, indent=2))
