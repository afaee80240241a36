"""``hanchot plan``: what a calendar says, and next year's from it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hanchot.cli.say import answer, fresh, settings, table
from hanchot.domain.plan import Plan
from hanchot.service.demo import demo_period
from hanchot.service.opening import period_of
from hanchot.service.renew import renew as renew_plan
from hanchot.service.show import plan_show
from hanchot.store.plan_files import dump_plan, find_plan, plans_in
from hanchot.store.workday_files import load_workdays

app = typer.Typer(help="Kế hoạch: xem mốc, hạn; lập kế hoạch năm sau.", no_args_is_help=True)
Calendar = Annotated[str, typer.Argument(help="tên hoặc đường dẫn tệp lịch, ví dụ khoi-binh-thuan-2024", metavar="LỊCH")]


def named(calendar: str) -> Plan:
    return find_plan(calendar, settings().calendars_dir)


@app.command("list")
def list_() -> None:
    """Các kế hoạch có trong calendars/."""
    plans = plans_in(settings().calendars_dir)
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
def renew(
    calendar: Calendar,
    year: Annotated[int, typer.Option(help="năm của kế hoạch mới")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="tệp ghi kế hoạch mới")] = None,
) -> None:
    """Kế hoạch năm sau từ kế hoạch này: chuyển ngày, đánh dấu tạm tính, nêu từng thay đổi."""
    renewal = renew_plan(named(calendar), year, load_workdays(settings().calendars_dir / "workdays"))
    if output:
        fresh(output)
        output.write_text(dump_plan(renewal.plan), encoding="utf-8")
    rows = [(c.key, c.was, c.becomes, c.why) for c in renewal.changes]
    answer(
        {**renewal.to_json(), "file": str(output) if output else None},
        table(f"{renewal.plan.key} (tạm tính)", ["Mốc", "Trước", "Nay", "Vì sao"], rows),
    )


@app.command()
def schema() -> None:
    """JSON Schema của tệp lịch."""
    import json

    from hanchot.store.plan_files import schema as made

    print(json.dumps(made(), ensure_ascii=False, indent=2))
