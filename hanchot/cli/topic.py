"""``hanchot topic``: suggested topics, from a proposal to the report that answers them.

The words come from a file, never from the command line: shells keep what is typed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hanchot.cli.say import answer, day, now, services, text_of
from hanchot.domain.instants import local_day
from hanchot.domain.topics import Ground
from hanchot.service import topics
from hanchot.service.book import cycle_id_of
from hanchot.service.topics import Paper, Standing, Suggestion, Which

app = typer.Typer(help="Gợi ý kiểm điểm: dự thảo, quyết định, gửi, tiếp thu.", no_args_is_help=True)
Code = Annotated[str, typer.Argument(help="mã đợt kiểm điểm", metavar="ĐỢT")]
Unit = Annotated[str, typer.Argument(help="mã đơn vị được gợi ý", metavar="ĐƠN-VỊ")]
Number = Annotated[int, typer.Argument(help="gợi ý thứ mấy", metavar="SỐ")]
Actor = Annotated[str, typer.Option(help="ai làm")]
GroundOption = Annotated[Ground | None, typer.Option(help=f"loại: {', '.join(f'{g} ({g.vi})' for g in Ground)}")]


@app.command()
def draft(
    code: Code, unit: Unit, file: Annotated[Path, typer.Argument(help="tệp .txt có nội dung", metavar="TỆP")],
    by: Annotated[str, typer.Option(help="nơi đề xuất")], ground: GroundOption = None,
    person: Annotated[str | None, typer.Option(help="mã người; bỏ trống là gợi ý cho tập thể")] = None, actor: Actor = "cli",
) -> None:  # fmt: skip
    """Ghi một gợi ý do nơi nào đó đề xuất."""
    no = topics.draft(services(), Suggestion(code, unit, text_of(file), ground, by, person), now(), actor=actor)
    answer({"unit": unit, "no": no}, f"Đã ghi gợi ý thứ {no} của {unit}.")


@app.command()
def rewrite(
    code: Code, unit: Unit, no: Number, file: Annotated[Path | None, typer.Option(help="tệp .txt nội dung mới")] = None,
    ground: GroundOption = None, actor: Actor = "cli",
) -> None:  # fmt: skip
    """Sửa một gợi ý chưa được quyết định."""
    words = text_of(file) if file else None
    topics.rewrite(services(), Which(code, unit, no), now(), actor=actor, words=words, ground=ground)
    answer({"unit": unit, "no": no}, f"Đã sửa gợi ý thứ {no}.")


@app.command()
def decide(
    code: Code, unit: Unit, no: Number, body: Annotated[str, typer.Argument(help="mã cấp quyết định", metavar="CẤP")],
    number: Annotated[str, typer.Option(help="số văn bản")], on: Annotated[str, typer.Option(help="ngày văn bản")],
    half_days: Annotated[int | None, typer.Option(help="thời gian kiểm điểm, tính theo buổi")] = None, actor: Actor = "cli",
) -> None:  # fmt: skip
    """Ghi quyết định của cấp có thẩm quyền."""
    topics.decide(services(), Which(code, unit, no), Paper(body, number, day(on), half_days), now(), actor=actor)
    answer({"unit": unit, "no": no, "number": number}, f"Gợi ý thứ {no} đã được quyết định theo {number}.")


@app.command()
def issue(
    code: Code, unit: Unit, no: Number, on: Annotated[str | None, typer.Option(help="ngày gửi; mặc định hôm nay")] = None,
    actor: Actor = "cli",
) -> None:  # fmt: skip
    """Ghi đã gửi gợi ý cho nơi nhận."""
    sent = day(on) if on else local_day(now())
    topics.issue(services(), Which(code, unit, no), sent, now(), actor=actor)
    answer({"unit": unit, "no": no, "sent_on": sent}, f"Đã ghi gửi gợi ý thứ {no} ngày {sent:%d/%m/%Y}.")


@app.command("answer")
def answer_(
    code: Code, unit: Unit, no: Number, where: Annotated[str, typer.Argument(help="mục, trang của báo cáo", metavar="MỤC")],
    actor: Actor = "cli",
) -> None:  # fmt: skip
    """Ghi báo cáo kiểm điểm đã tiếp thu ở mục nào."""
    topics.answer(services(), Which(code, unit, no), where, now(), actor=actor)
    answer({"unit": unit, "no": no}, f"Đã ghi báo cáo tiếp thu gợi ý thứ {no}.")


@app.command()
def drop(code: Code, unit: Unit, no: Number, reason: Annotated[str, typer.Option(help="lý do")], actor: Actor = "cli") -> None:
    """Bỏ một gợi ý chưa gửi."""
    topics.drop(services(), Which(code, unit, no), now(), actor=actor, reason=reason)
    answer({"unit": unit, "no": no}, f"Đã bỏ gợi ý thứ {no}.")


@app.command()
def show(
    code: Code, unit: Annotated[str | None, typer.Argument(help="mã đơn vị", metavar="ĐƠN-VỊ")] = None,
    words: Annotated[bool, typer.Option("--words", help="hiện cả nội dung (mật, chỉ cho người được xem)")] = False,
) -> None:  # fmt: skip
    """Các gợi ý của một đợt; nội dung chỉ hiện khi có --words."""
    with services().db.read() as connection:
        found = [one for one in topics.topics(connection, cycle_id_of(connection, code)) if unit in (None, one.unit)]
    told = (f"{one.unit} · gợi ý thứ {one.no} · {one.vi}" + (f" · {one.words}" if words else "") for one in found)
    answer([_document(one, words) for one in found], "\n".join(told).replace("[", "\\[") or "Chưa có gợi ý nào.")


def _document(one: Standing, words: bool) -> dict[str, object]:
    shown: dict[str, object] = {
        "unit": one.unit, "person": one.person, "no": one.no, "ground": one.ground, "proposed_by": one.proposed_by,
        "number": one.number, "decided_on": one.decided_on, "sent_on": one.sent_on, "answered": one.answered,
        "dropped": one.dropped,
    }  # fmt: skip
    return shown | ({"words": one.words, "answer": one.answer} if words else {})
