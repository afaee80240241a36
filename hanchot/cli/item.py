"""``hanchot item``: what the board can do to one item, from the shell."""

from __future__ import annotations

from typing import Annotated

import typer

from hanchot.cli.say import answer, day, now, services
from hanchot.domain.work_item import STATE_VI
from hanchot.service import items

app = typer.Typer(help="Việc: nộp, trả lại, nhận, miễn, mở lại, gia hạn.", no_args_is_help=True)
Code = Annotated[str, typer.Argument(help="mã đợt", metavar="ĐỢT")]
Unit = Annotated[str, typer.Argument(help="mã đơn vị", metavar="ĐƠN-VỊ")]
Milestone = Annotated[str, typer.Argument(help="khóa mốc", metavar="MỐC")]
Actor = Annotated[str, typer.Option(help="ai làm")]
Behalf = Annotated[str | None, typer.Option("--on-behalf", help="làm thay ai")]
Reason = Annotated[str, typer.Option(help="lý do")]


def _do(code: str, unit: str, milestone: str, action: str, actor: str, behalf: str | None, reason: str | None) -> None:
    house = services()
    with house.db.read() as connection:
        item_id = items.find_item(connection, code, unit, milestone)
    moved = items.act(house, item_id, action, now(), actor=actor, on_behalf=behalf, reason=reason)
    answer(
        {"item": item_id, "was": moved.was, "became": moved.became},
        f"Việc {item_id}: {STATE_VI[moved.was]} → {STATE_VI[moved.became]}.",
    )


@app.command()
def done(code: Code, unit: Unit, milestone: Milestone, actor: Actor = "cli", behalf: Behalf = None) -> None:
    """Đơn vị đã làm xong và nộp."""
    _do(code, unit, milestone, "submit", actor, behalf, None)


@app.command("return")
def return_(code: Code, unit: Unit, milestone: Milestone, reason: Reason, actor: Actor = "cli") -> None:
    """Trả lại, có lý do."""
    _do(code, unit, milestone, "return", actor, None, reason)


@app.command()
def accept(code: Code, unit: Unit, milestone: Milestone, actor: Actor = "cli") -> None:
    """Nhận việc đã nộp."""
    _do(code, unit, milestone, "accept", actor, None, None)


@app.command()
def excuse(code: Code, unit: Unit, milestone: Milestone, reason: Reason, actor: Actor = "cli") -> None:
    """Không áp dụng cho đơn vị này, có lý do."""
    _do(code, unit, milestone, "excuse", actor, None, reason)


@app.command()
def reopen(code: Code, unit: Unit, milestone: Milestone, reason: Reason, actor: Actor = "cli") -> None:
    """Mở lại việc đã xong, có lý do."""
    _do(code, unit, milestone, "reopen", actor, None, reason)


@app.command()
def extend(
    code: Code, unit: Unit, milestone: Milestone, to: Annotated[str, typer.Option(help="ngày cuối mới, tính cả ngày đó")],
    reason: Reason, actor: Actor = "cli", approver: Annotated[str | None, typer.Option(help="người duyệt")] = None,
) -> None:  # fmt: skip
    """Gia hạn cho một đơn vị; nấc nhắc của riêng việc này được đặt lại."""
    house = services()
    with house.db.read() as connection:
        item_id = items.find_item(connection, code, unit, milestone)
    until = day(to)
    items.extend(house, item_id, until, now(), actor=actor, reason=reason, approver=approver)
    answer({"item": item_id, "last_day": until}, f"Việc {item_id} gia hạn đến hết ngày {until:%d/%m/%Y}.")
