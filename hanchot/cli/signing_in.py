"""``hanchot sign-in``: print codes, end sign-ins, give rights and take them back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from hanchot.cli.say import answer, day, now, services
from hanchot.service import signing_in
from hanchot.service.signing_in.granting import Grant
from hanchot.service.signing_in.printing import Sheet
from hanchot.store.access_tables import GRANTED

app = typer.Typer(help="Đăng nhập: in mã, kết thúc phiên, cấp và thu quyền.", no_args_is_help=True)
People = Annotated[list[str], typer.Argument(help="mã người, ví dụ CB001", metavar="NGƯỜI…")]
Person = Annotated[str, typer.Argument(help="mã người, ví dụ CB001", metavar="NGƯỜI")]
Actor = Annotated[str, typer.Option(help="ai làm")]


@app.command()
def codes(people: People, each: Annotated[int, typer.Option(help="mỗi người mấy mã")] = 3, actor: Actor = "cli") -> None:
    """In mã dùng một lần cho người không có thư; mã in trước đó hết dùng. Chỉ hiện một lần này."""
    sheets = signing_in.print_codes(services(), people, now(), actor=actor, each=each)
    answer([asdict(sheet) for sheet in sheets], "\n".join(_words(sheet) for sheet in sheets))


@app.command()
def end(person: Person, actor: Actor = "cli") -> None:
    """Kết thúc mọi phiên đăng nhập của một người."""
    ended = signing_in.end_logins(services(), person, now(), actor=actor)
    answer({"person": person, "ended": ended}, f"Đã kết thúc {ended} phiên của {person}.")


@app.command()
def grant(
    person: Person,
    role: Annotated[str, typer.Argument(help=" | ".join(GRANTED), metavar="QUYỀN")],
    unit: Annotated[str, typer.Argument(help="mã tổ chức; quyền phủ cả nhánh", metavar="ĐƠN-VỊ")],
    starts: Annotated[str | None, typer.Option("--from", help="từ ngày; mặc định hôm nay")] = None,
    ends: Annotated[str | None, typer.Option("--to", help="đến hết ngày; bỏ trống là đến khi thu lại")] = None,
    actor: Actor = "cli",
) -> None:
    """Cấp một quyền ngoài chức vụ."""
    first, last = (day(text) if text else None for text in (starts, ends))
    made = signing_in.grant(services(), person, role, unit, now(), actor=actor, starts=first, ends=last)
    answer({"grant": made}, f"Đã cấp quyền số {made}.")


@app.command()
def revoke(number: Annotated[int, typer.Argument(help="số của quyền", metavar="SỐ")], actor: Actor = "cli") -> None:
    """Thu lại một quyền, có hiệu lực ngay."""
    signing_in.end_grant(services(), number, now(), actor=actor)
    answer({"ended": number}, f"Đã thu quyền số {number}.")


@app.command()
def grants(every: Annotated[bool, typer.Option("--all", help="cả quyền đã hết")] = False) -> None:
    """Ai được cấp quyền gì, ở đâu, đến bao giờ."""
    found = signing_in.grants(services(), now(), over=every)
    answer([asdict(one) for one in found], "\n".join(map(_line, found)) or "Chưa cấp quyền nào ngoài chức vụ.")


def _line(one: Grant) -> str:
    until = f" đến hết {one.ends:%d/%m/%Y}" if one.ends else ""
    what = f"{one.role.vi}, nhánh {one.unit} ({one.unit_code})"
    return f"{one.id}. {one.person} ({one.person_code}): {what}, từ {one.starts:%d/%m/%Y}{until}; {one.given_by} cấp"


def _words(sheet: Sheet) -> str:
    lines = "\n".join(f"  {code}" for code in sheet.codes)
    return f"{sheet.name}, mã người {sheet.person_code}, dùng đến hết ngày {sheet.until:%d/%m/%Y}, mỗi mã một lần:\n{lines}"
