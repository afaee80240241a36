"""``hanchot ballot``: tallies from the signed minutes, typed by two people; never who voted what."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from hanchot.cli.say import answer, now, services, table
from hanchot.domain.errors import HanChotError
from hanchot.domain.rating_level import RatingLevel
from hanchot.service.judging import ballots

app = typer.Typer(help="Phiếu: nhập số phiếu từ biên bản, người thứ hai nhập lại, xem kết quả.", no_args_is_help=True)
File = Annotated[Path, typer.Argument(help="tệp JSON: kind, round, unit, held_on, number, các số phiếu, votes", metavar="TỆP")]
Number = Annotated[int, typer.Argument(help="số phiếu đã nhập", metavar="SỐ")]
Actor = Annotated[str, typer.Option(help="ai nhập")]


@app.command()
def enter(code: Annotated[str, typer.Argument(metavar="ĐỢT")], file: File, actor: Actor) -> None:
    """Lần nhập thứ nhất; phiếu chờ người thứ hai."""
    made = ballots.enter(services(), code, _minutes(file), now(), actor=actor)
    answer(made.to_json(), f"Phiếu số {made.id} chờ người thứ hai nhập lại từ biên bản.")


@app.command()
def confirm(number: Number, file: File, actor: Actor) -> None:
    """Lần nhập thứ hai, độc lập. Mã thoát 1 nếu hai lần khác nhau."""
    made = ballots.confirm(services(), number, _minutes(file), now(), actor=actor)
    said = "hai lần nhập khớp nhau." if made.state == "confirmed" else "hai lần nhập khác nhau:"
    answer(made.to_json(), "\n".join([f"Phiếu số {number}: {said}", *made.differs]))
    if made.state == "disputed":
        raise typer.Exit(1)


@app.command()
def show(number: Number) -> None:
    """Số phiếu và, khi đã xác nhận, mức được thông qua của từng đối tượng."""
    document = ballots.show(services(), number)
    levels = list(RatingLevel)
    rows = [[one["name"], *(one["votes"].get(level, 0) for level in levels), one["words"]] for one in document["subjects"]]
    heads = ("Đối tượng", *(level.vi for level in levels), "Kết quả")
    answer(document, table(f"Phiếu số {number}, biên bản {document['minutes']}", heads, rows))


def _minutes(file: Path) -> ballots.Minutes:
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
    except OSError as wrong:
        raise HanChotError(f"Không đọc được tệp {file}: {wrong.strerror}.", way_out="Xem lại đường dẫn.") from None
    except ValueError as wrong:
        raise HanChotError(f"Tệp {file} không phải JSON: {wrong}.", way_out="Sửa tệp theo hướng dẫn.") from None
    if not isinstance(said, dict):
        raise HanChotError(f"Tệp {file} phải là một biên bản (một đối tượng JSON).", way_out="Mỗi tệp một biên bản.")
    return ballots.Minutes.from_json(said)
