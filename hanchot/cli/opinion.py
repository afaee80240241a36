"""``hanchot opinion``: opinions that must be heard, from the request to the answer.

What an opinion says comes from a file, never from the command line: shells keep what is typed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hanchot.cli.say import answer, day, now, services, text_of
from hanchot.domain.instants import local_day
from hanchot.domain.opinion import Kind
from hanchot.domain.rating_level import RatingLevel
from hanchot.domain.review_order import Step
from hanchot.service import opinions
from hanchot.service.book import cycle_id_of
from hanchot.service.hearing import Heard
from hanchot.service.hearing import opinions as opinions_of
from hanchot.service.opinions import Asked, Opinion, Request

app = typer.Typer(help="Ý kiến nhận xét: đề nghị, nhận, miễn; còn chờ nơi nào.", no_args_is_help=True)
Code = Annotated[str, typer.Argument(help="mã đợt kiểm điểm", metavar="ĐỢT")]
Unit = Annotated[str, typer.Argument(help="mã đơn vị được nhận xét", metavar="ĐƠN-VỊ")]
Number = Annotated[int, typer.Argument(help="ý kiến số mấy", metavar="SỐ")]
Until = Annotated[str, typer.Option(help="hạn gửi, tính cả ngày ấy")]
Actor = Annotated[str, typer.Option(help="ai làm")]


@app.command()
def ask(
    code: Code, unit: Unit, kind: Annotated[Kind, typer.Argument(metavar="LOẠI")], until: Until,
    from_: Annotated[list[str] | None, typer.Option("--from", help="mã đơn vị được hỏi; nêu được nhiều lần")] = None,
    source: Annotated[str, typer.Option(help="nơi được hỏi ở ngoài đảng bộ; đơn vị được nhận xét sẽ đi lấy")] = "",
    person: Annotated[str | None, typer.Option(help="mã người được nhận xét")] = None,
    attender: Annotated[str | None, typer.Option(help="mã người của cấp trên đã dự")] = None, actor: Actor = "cli",
) -> None:  # fmt: skip
    """Đề nghị cho ý kiến: residence (nơi cư trú), temporary (nơi sinh hoạt tạm thời), agency (cơ quan phối hợp), attending."""
    places: list[str | None] = [*from_] if from_ else [None]
    asked = [Request(unit, kind, day(until), person, heard, source, attender) for heard in places]
    _say(opinions.ask(services(), code, asked, now(), actor=actor))


@app.command()
def attenders(code: Code, unit: Unit, until: Until, step: Step = Step.COLLECTIVE, actor: Actor = "cli") -> None:
    """Đề nghị mọi người của cấp trên dự hội nghị của đơn vị cho ý kiến."""
    _say(opinions.ask_attenders(services(), code, unit, day(until), now(), actor=actor, step=step))


@app.command()
def receive(
    no: Number, file: Annotated[Path, typer.Argument(help="tệp .txt có nội dung", metavar="TỆP")],
    on: Annotated[str | None, typer.Option(help="ngày nhận; mặc định hôm nay")] = None,
    level: Annotated[RatingLevel | None, typer.Option(help="mức xếp loại mà ý kiến đề xuất")] = None,
    number: Annotated[str, typer.Option(help="số văn bản")] = "", actor: Actor = "cli",
    behalf: Annotated[str | None, typer.Option("--on-behalf", help="làm thay ai")] = None,
) -> None:  # fmt: skip
    """Ghi một ý kiến đã nhận và nộp việc."""
    said = Opinion(text_of(file), day(on) if on else local_day(now()), level, number)
    item = opinions.receive(services(), no, said, now(), actor=actor, on_behalf=behalf)
    answer({"opinion": no, "item": item}, f"Đã ghi ý kiến số {no} và nộp việc {item}.")


@app.command()
def waive(no: Number, reason: Annotated[str, typer.Option(help="lý do")], actor: Actor = "cli") -> None:
    """Miễn một ý kiến, có lý do."""
    item = opinions.waive(services(), no, now(), actor=actor, reason=reason)
    answer({"opinion": no, "item": item}, f"Đã miễn ý kiến số {no}.")


@app.command()
def show(
    code: Code, unit: Annotated[str | None, typer.Argument(help="mã đơn vị", metavar="ĐƠN-VỊ")] = None,
) -> None:  # fmt: skip
    """Các ý kiến đã đề nghị; nội dung không hiện ở đây. Mã thoát 1 nếu còn chờ."""
    with services().db.read() as connection:
        found = [one for one in opinions_of(connection, cycle_id_of(connection, code)) if unit in (None, one.unit)]
    answer([_document(one) for one in found], "\n".join(_line(one) for one in found) or "Chưa đề nghị ý kiến nào.")
    if any(not (one.is_in or one.is_waived) for one in found):
        raise typer.Exit(1)


def _say(made: Asked) -> None:
    numbers = ", ".join(map(str, made.ids))
    answer(
        {"cycle": made.code, "opinions": made.ids, "items": made.items},
        f"Đợt “{made.code}”: đã đề nghị {len(made.ids)} ý kiến (số {numbers}).",
    )


def _line(one: Heard) -> str:
    until = f", hạn {one.last_day:%d/%m/%Y}" if one.last_day else ""
    return f"{one.id} · {one.unit} · {one.kind.vi} · {one.heard}{until} · {one.vi}"


def _document(one: Heard) -> dict[str, object]:
    return {
        "opinion": one.id, "unit": one.unit, "person": one.person, "kind": one.kind, "from": one.heard, "source": one.source,
        "last_day": one.last_day, "received_on": one.received_on, "waived": one.is_waived, "item": one.item_id,
    }  # fmt: skip
