"""``hanchot cycle``, ``sweep``, ``deliver``, ``simulate``: a plan at work."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from hanchot import bootstrap
from hanchot.cli.plan import Calendar, named
from hanchot.cli.say import answer, console, day, now, services, table, wish
from hanchot.service import cycles, moving, opening, progress
from hanchot.service.demo import demo_period
from hanchot.service.people import Habits
from hanchot.service.services import Services

STATES = {"pending": "chưa đến lượt", "open": "đang làm", "closed": "đã xong"}
app = typer.Typer(help="Đợt: mở, xem, đóng, mở lại; đặt hạn cho mốc chưa có ngày.", no_args_is_help=True)
Code = Annotated[str, typer.Argument(help="mã đợt", metavar="ĐỢT")]
Actor = Annotated[str, typer.Option(help="ai làm")]
Reason = Annotated[str, typer.Option(help="lý do")]


@app.command("open")
def open_(
    calendar: Calendar,
    period: Annotated[str | None, typer.Option(help="2025 hoặc 2025-Q3; mặc định: năm của kế hoạch")] = None,
    root: Annotated[str | None, typer.Option(help="mã đơn vị đứng đầu")] = None,
    actor: Actor = "cli",
) -> None:
    """Mở một đợt theo kế hoạch cho mọi đơn vị của cây tổ chức."""
    opened = opening.open_cycle(services(), named(calendar), now(), period=period, root=root, actor=actor)
    words = f"Đã mở đợt {opened.code}: {opened.items} việc của {opened.units} đơn vị."
    if opened.idle:
        words += f" Mốc không áp dụng cho đơn vị nào: {', '.join(opened.idle)}."
    answer(opened.to_json(), words)


@app.command("list")
def list_() -> None:
    """Mọi đợt, đợt đang mở trước."""
    found = progress.all_cycles(services().db, now())
    rows = [(c.code, c.period, c.headline, "đang mở" if c.state == "open" else "đã đóng") for c in found]
    answer([c.to_json() for c in found], table("Các đợt", ["Mã", "Kỳ", "Tình hình", "Trạng thái"], rows))


@app.command()
def show(code: Code) -> None:
    """Một đợt: các bước và các mốc."""
    one = progress.of(services().db, code, now())
    rows = [(s.stage.vi, STATES[s.state], f"{s.done}/{s.total}", s.late, s.last_day) for s in one.stages]
    shown = table(f"{one.title}\n{one.headline}", ["Bước", "Trạng thái", "Xong", "Quá hạn", "Ngày cuối"], rows)
    answer(one.to_json(), shown)


@app.command()
def close(code: Code, reason: Annotated[str | None, typer.Option(help="bắt buộc khi còn việc dở")] = None,
          actor: Actor = "cli") -> None:  # fmt: skip
    """Đóng đợt: từ đây không nhắc nữa."""
    unfinished = cycles.close_cycle(services(), code, now(), actor=actor, reason=reason)
    answer({"code": code, "unfinished": unfinished}, f"Đã đóng đợt {code}; còn {unfinished} việc chưa xong.")


@app.command()
def reopen(code: Code, reason: Reason, approver: Annotated[str, typer.Option(help="người duyệt")],
           actor: Actor = "cli") -> None:  # fmt: skip
    """Mở lại đợt đã đóng, có lý do và người duyệt."""
    cycles.reopen_cycle(services(), code, now(), actor=actor, reason=reason, approver=approver)
    answer({"code": code, "state": "open"}, f"Đã mở lại đợt {code}.")


@app.command("date")
def date_(code: Code, milestone: str, on: Annotated[str, typer.Option(help="ngày cuối, tính cả ngày đó")],
          reason: Reason, actor: Actor = "cli") -> None:  # fmt: skip
    """Đặt hạn cho mốc mà kế hoạch không nêu ngày, hoặc lịch gửi sau nay đã có."""
    items = moving.set_date(services(), code, milestone, day(on), now(), actor=actor, reason=reason)
    answer({"code": code, "milestone": milestone, "items": items}, f"Đã đặt hạn cho {items} việc.")


@app.command("event")
def event_(code: Code, unit: str, anchor: str, on: Annotated[str, typer.Option(help="ngày diễn ra")],
           actor: Actor = "cli") -> None:  # fmt: skip
    """Ghi ngày một sự kiện của đơn vị (review-meeting…); hạn tính theo sự kiện đó được đặt lại."""
    items = moving.set_event(services(), code, unit, anchor, day(on), now(), actor=actor)
    answer({"code": code, "unit": unit, "anchor": anchor, "items": items}, f"Đã tính lại hạn cho {items} việc.")


def attach(root: typer.Typer) -> None:
    """The commands that stand at the top level."""
    root.command("sweep")(sweep_)
    root.command("deliver")(deliver_)
    root.command("simulate")(simulate_)


def sweep_() -> None:
    """Một lần quét: nhắc, báo cấp trên, chuyển bước."""
    from hanchot.service.sweep import sweep

    report = sweep(services(), now())
    words = "Không có gì phải làm." if report.nothing else (
        f"{report.letters} tin trong {report.envelopes} thư; bỏ qua {report.skipped} nấc đã lỡ; "
        f"{len(report.changes)} bước chuyển; {len(report.overruns)} bước quá hạn."
    )  # fmt: skip
    answer(report.to_json(), words)


def deliver_() -> None:
    """Một lần gửi thư đang chờ."""
    from hanchot.service.mail.deliver import deliver

    report = asyncio.run(deliver(services(), now()))
    answer(report.to_json(), report.words.capitalize() + ".")


def simulate_(
    calendar: Calendar,
    org: Annotated[Path | None, typer.Option(help="tệp đơn vị (.xlsx, .csv); mặc định: cấp ủy mẫu")] = None,
    start: Annotated[str | None, typer.Option("--from", help="ngày đầu")] = None,
    end: Annotated[str | None, typer.Option("--to", help="ngày cuối")] = None,
    period: Annotated[str | None, typer.Option(help="2025 hoặc 2025-Q3")] = None,
    overrun: Annotated[float, typer.Option(min=0, max=1, help="tỷ lệ việc làm muộn")] = 0.1,
    seed: Annotated[int, typer.Option(help="hạt giống ngẫu nhiên")] = 1,
    units: Annotated[int | None, typer.Option(help="số chi bộ của cấp ủy mẫu")] = None,
) -> None:
    """Chạy thử cả đợt trên đồng hồ ảo: mọi thư, mọi lần báo cấp trên; không gửi gì, không đụng dữ liệu thật."""
    from hanchot.service.simulate import simulate

    plan = named(calendar)
    chosen = opening.period_of(plan, period) if period else demo_period(plan)
    with console.status("Đang chạy thử…") if not wish.json else nullcontext():
        made = simulate(
            _in_memory(), plan, period=chosen, org=org, start=day(start) if start else None,
            end=day(end) if end else None, habits=Habits(overrun, seed), units=units,
        )  # fmt: skip
    document = made.to_json()
    rows = [(one.at, one.to, one.rung, one.subject) for one in made.letters[:40]]
    shown = table(
        f"{made.opened.code}: {len(made.letters)} tin trong {made.mails} thư, {made.start}–{made.end} (40 tin đầu)",
        ["Lúc", "Đến", "Nấc", "Tiêu đề"], [(_at(at), *rest) for at, *rest in rows],
    )  # fmt: skip
    answer(document, shown)


def _in_memory() -> Services:
    return bootstrap.in_memory()


def _at(moment: datetime) -> str:
    from hanchot.domain.instants import local_iso

    return local_iso(moment)[:16]
