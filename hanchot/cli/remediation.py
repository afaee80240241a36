"""``hanchot remediation``: what a result leaves to be put right, and what became of it.

The lines come from a file, never from the command line: shells keep what is typed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from hanchot.cli.say import answer, day, now, services, text_of
from hanchot.domain.errors import HanChotError
from hanchot.domain.remediation import Outcome
from hanchot.service import remediating
from hanchot.service.book import cycle_id_of
from hanchot.service.remediating import Line, Result
from hanchot.service.shortcomings import Seen, shortcomings

app = typer.Typer(help="Khắc phục: mở sau kết quả, ghi minh chứng, kết luận ở kỳ sau.", no_args_is_help=True)
Code = Annotated[str, typer.Argument(help="mã đợt kiểm điểm", metavar="ĐỢT")]
Unit = Annotated[str, typer.Argument(help="mã đơn vị", metavar="ĐƠN-VỊ")]
Number = Annotated[int, typer.Argument(help="hạn chế thứ mấy", metavar="SỐ")]
Actor = Annotated[str, typer.Option(help="ai làm")]
HEADS = {
    "hạn chế": "words", "giải pháp": "measure", "người thực hiện": "who", "thời hạn": "until", "sự kiện": "event",
    "minh chứng": "evidence",
}  # fmt: skip


@app.command("open")
def open_(
    code: Code, unit: Unit,
    file: Annotated[Path, typer.Argument(help=f".csv có các cột: {', '.join(HEADS)}", metavar="TỆP")],
    decided_on: Annotated[str, typer.Option(help="ngày có kết quả")],
    person: Annotated[str | None, typer.Option(help="mã người; bỏ trống là của đơn vị")] = None,
    approved_on: Annotated[str | None, typer.Option(help="ngày phê duyệt kế hoạch khắc phục")] = None,
    approved_by: Annotated[str, typer.Option(help="ai phê duyệt")] = "",
    number: Annotated[str | None, typer.Option(help="số văn bản")] = None, actor: Actor = "cli",
) -> None:  # fmt: skip
    """Mở việc khắc phục cho một kết quả, mỗi dòng của tệp một hạn chế."""
    result = Result(code, unit, day(decided_on), person, day(approved_on) if approved_on else None, approved_by, number)
    begun = remediating.open_for(services(), result, _read(file), now(), actor=actor)
    answer(
        {"cycle": begun.code, "numbers": begun.numbers, "items": begun.items},
        f"Đợt “{begun.code}”: {len(begun.items)} việc khắc phục của {unit} (hạn chế thứ {', '.join(map(str, begun.numbers))}).",
    )


@app.command()
def show(
    code: Code, unit: Annotated[str | None, typer.Argument(help="mã đơn vị", metavar="ĐƠN-VỊ")] = None,
    words: Annotated[bool, typer.Option("--words", help="hiện cả nội dung (mật, chỉ cho người được xem)")] = False,
) -> None:  # fmt: skip
    """Các hạn chế sau một đợt; nội dung chỉ hiện khi có --words."""
    with services().db.read() as connection:
        found = [one for one in shortcomings(connection, cycle_id_of(connection, code)) if unit in (None, one.unit)]
    rows = [_document(one, words) for one in found]
    lines = (
        f"{one.unit} · hạn chế thứ {one.no} · hạn {one.last_day:%d/%m/%Y}"
        if one.last_day
        else f"{one.unit} · hạn chế thứ {one.no}"
        for one in found
    )
    told = (f"{line} · {_state(one)}" + (f" · {one.words}" if words else "") for line, one in zip(lines, found, strict=True))
    answer(rows, "\n".join(told).replace("[", "\\[") or "Chưa ghi hạn chế nào.")


@app.command()
def fix(
    code: Code, unit: Unit, no: Number,
    proof: Annotated[Path, typer.Option(help="tệp .txt nêu minh chứng: văn bản, kết quả", metavar="TỆP")],
    actor: Actor = "cli", behalf: Annotated[str | None, typer.Option("--on-behalf", help="làm thay ai")] = None,
) -> None:  # fmt: skip
    """Ghi minh chứng đã khắc phục và nộp việc."""
    item_id = remediating.fix(services(), code, unit, no, text_of(proof), now(), actor=actor, on_behalf=behalf)
    answer({"item": item_id}, f"Đã ghi minh chứng cho hạn chế thứ {no} và nộp việc {item_id}.")


@app.command()
def conclude(
    code: Code, unit: Unit, no: Number, outcome: Annotated[Outcome, typer.Argument(metavar="KẾT-LUẬN")],
    answers: Annotated[str, typer.Option(help="ai chịu trách nhiệm phần chưa khắc phục")] = "", actor: Actor = "cli",
) -> None:  # fmt: skip
    """Kỳ này kết luận về hạn chế thứ SỐ của kỳ trước: fixed, partly, recurring."""
    remediating.conclude(services(), code, unit, no, outcome, now(), actor=actor, answers=answers)
    answer({"unit": unit, "no": no, "outcome": outcome}, f"Hạn chế thứ {no}: {outcome.vi}.")


def _state(one: Seen) -> str:
    return one.outcome.vi if one.outcome is not Outcome.UNKNOWN else "đã ghi minh chứng" if one.proof else "đang khắc phục"


def _document(one: Seen, words: bool) -> dict[str, object]:
    shown: dict[str, object] = {
        "unit": one.unit, "person": one.person, "no": one.no, "last_day": one.last_day, "event": one.event,
        "state": one.state, "outcome": one.outcome, "has_proof": one.proof is not None, "item": one.item_id,
    }  # fmt: skip
    if words:
        shown |= {"words": one.words, "measure": one.measure, "who": one.responsible, "proof": one.proof}
    return shown


def _read(file: Path) -> list[Line]:
    """Lines of a CSV file as Excel saves it (UTF-8, comma or semicolon)."""
    text = text_of(file)
    comma = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    rows = list(csv.DictReader(io.StringIO(text), delimiter=comma))
    missing = [head for head in ("hạn chế", "giải pháp", "người thực hiện", "thời hạn") if head not in _heads(rows)]
    if missing:
        raise HanChotError(f"Tệp “{file.name}” thiếu cột {', '.join(missing)}.", way_out=f"Các cột: {', '.join(HEADS)}.")
    return [_line({head.strip().lower(): (value or "").strip() for head, value in row.items() if head}) for row in rows]


def _heads(rows: Iterable[dict[str, str]]) -> set[str]:
    return {head.strip().lower() for row in rows for head in row if head}


def _line(row: dict[str, str]) -> Line:
    said = {name: row.get(head, "") for head, name in HEADS.items()}
    until = said.pop("until")
    return Line(**said, until=day(until) if until else None)  # type: ignore[arg-type]  # texts by name of the field
