"""``hanchot dossier``: papers into a dossier, sets out of it, and what is still missing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from hanchot.cli.say import answer, day, now, services
from hanchot.domain.dossier import Fact, Wanted
from hanchot.domain.instants import local_day
from hanchot.domain.stage import Stage
from hanchot.service import dossiers
from hanchot.service.dossiers import Which
from hanchot.service.folders import Managed, Standing

app = typer.Typer(help="Hồ sơ: nộp giấy, rút, miễn, nhận bộ, xem còn thiếu gì.", no_args_is_help=True)
Code = Annotated[str, typer.Argument(help="mã đợt", metavar="ĐỢT")]
Unit = Annotated[str, typer.Argument(help="mã đơn vị", metavar="ĐƠN-VỊ")]
List = Annotated[str, typer.Argument(help="khóa danh mục hồ sơ, ví dụ ho-so-nam", metavar="DANH-MỤC")]
Item = Annotated[str, typer.Argument(help="khóa giấy trong danh mục, ví dụ bien-ban", metavar="GIẤY")]
Person = Annotated[str | None, typer.Option(help="mã người; bỏ trống là hồ sơ của đơn vị")]
Actor = Annotated[str, typer.Option(help="ai làm")]
Behalf = Annotated[str | None, typer.Option("--on-behalf", help="làm thay ai")]
Reason = Annotated[str, typer.Option(help="lý do")]
Replace = Annotated[str | None, typer.Option(help="lý do thay giấy đã nộp")]


@app.command()
def add(
    code: Code, unit: Unit, list_: List, item: Item, file: Annotated[Path, typer.Argument(metavar="TỆP")],
    person: Person = None, replace: Replace = None, actor: Actor = "cli", behalf: Behalf = None,
) -> None:  # fmt: skip
    """Nộp một tệp .pdf, .docx, .xlsx, .jpg, .png, không quá 20 MB."""
    from hanchot.reader.document_guard import read_document

    data, which = read_document(file), Which(code, unit, list_, person)
    made = dossiers.hand_in(
        services(), which, item, data, file.name, now(), actor=actor, on_behalf=behalf, replacing=replace
    )  # fmt: skip
    answer({"paper": made}, f"Đã nhận giấy số {made}.")


@app.command("paper")
def on_paper(
    code: Code, unit: Unit, list_: List, item: Item, place: Annotated[str, typer.Argument(help="nơi để", metavar="NƠI")],
    person: Person = None, replace: Replace = None, actor: Actor = "cli", behalf: Behalf = None,
) -> None:  # fmt: skip
    """Ghi một giấy đã có bản giấy và nơi để, ví dụ “tủ 3”."""
    which = Which(code, unit, list_, person)
    made = dossiers.hand_in_on_paper(
        services(), which, item, place, now(), actor=actor, on_behalf=behalf, replacing=replace
    )  # fmt: skip
    answer({"paper": made}, f"Đã ghi giấy số {made}, bản giấy để tại {place}.")


@app.command()
def withdraw(
    code: Code, unit: Unit, list_: List, item: Item, reason: Reason, person: Person = None, actor: Actor = "cli"
) -> None:  # fmt: skip
    """Rút một giấy; bản đã nộp vẫn được giữ lại cùng lý do."""
    dossiers.withdraw(services(), Which(code, unit, list_, person), item, now(), actor=actor, reason=reason)
    answer({"withdrawn": item}, f"Đã rút “{item}”.")


@app.command()
def waive(
    code: Code, unit: Unit, list_: List, item: Item, reason: Reason, person: Person = None, actor: Actor = "cli"
) -> None:  # fmt: skip
    """Miễn một giấy mà kế hoạch cho miễn, có lý do."""
    dossiers.waive(services(), Which(code, unit, list_, person), item, now(), actor=actor, reason=reason)
    answer({"waived": item}, f"Đã miễn “{item}”.")


@app.command()
def fact(
    code: Code, unit: Unit, list_: List, what: Annotated[Fact, typer.Argument(metavar="ĐIỀU")], person: Person = None,
    holds: Annotated[bool, typer.Option("--yes/--no", help="có, hay rút lại điều đã ghi")] = True, actor: Actor = "cli",
) -> None:  # fmt: skip
    """Ghi điều làm cho một giấy “(nếu có)” thành bắt buộc, ví dụ đã có gợi ý kiểm điểm."""
    dossiers.say_fact(services(), Which(code, unit, list_, person), what, now(), actor=actor, holds=holds)
    answer({"fact": what, "holds": holds}, f"{'Đã ghi' if holds else 'Đã rút'}: {what.vi}.")


@app.command()
def describe(
    code: Code, unit: Unit, list_: List, person: Person = None,
    member: Annotated[bool, typer.Option("--member/--no-member", help="đảng viên")] = True,
    cadre: Annotated[bool, typer.Option("--cadre/--no-cadre", help="cán bộ")] = False,
    managed: Annotated[Managed, typer.Option(help="diện quản lý: none, above (cấp trên), here (cấp mình)")] = "none",
    actor: Actor = "cli",
) -> None:  # fmt: skip
    """Ghi hồ sơ này là của ai: đảng viên, cán bộ, diện nào quản lý; danh mục theo đó mà đòi giấy."""
    which = Which(code, unit, list_, person)
    dossiers.describe(services(), which, now(), actor=actor, member=member, cadre=cadre, managed=managed)
    answer({"member": member, "cadre": cadre, "managed": managed}, "Đã ghi.")


@app.command()
def receive(
    code: Code, unit: Unit, list_: List, set_no: Annotated[int, typer.Argument(help="bộ số mấy", metavar="BỘ")],
    on: Annotated[str | None, typer.Option(help="ngày lưu, ngày nhận; mặc định hôm nay")] = None,
    place: Annotated[str, typer.Option(help="lưu ở đâu; mặc định theo kế hoạch")] = "",
    number: Annotated[str, typer.Option(help="số đến")] = "", person: Person = None, actor: Actor = "cli",
) -> None:  # fmt: skip
    """Ghi ngày một bộ hồ sơ được lưu hoặc được nhận."""
    moment = now()
    filed = day(on) if on else local_day(moment)
    which = Which(code, unit, list_, person)
    dossiers.receive(services(), which, set_no, filed, moment, actor=actor, place=place, number=number)
    answer({"set": set_no, "day": filed}, f"Bộ {set_no}: ngày {filed:%d/%m/%Y}.")


@app.command()
def show(
    code: Code, list_: List, unit: Annotated[str | None, typer.Argument(help="mã đơn vị", metavar="ĐƠN-VỊ")] = None,
    person: Person = None, stage: Annotated[Stage, typer.Option(help="xét đến bước nào")] = Stage.SELF_ASSESS,
) -> None:  # fmt: skip
    """Một hồ sơ theo danh mục; không nêu đơn vị thì ai còn thiếu giấy gì. Mã thoát 1 nếu còn thiếu."""
    house = services()
    found: tuple[Standing, ...]
    if unit:
        one = dossiers.completeness_of(house, Which(code, unit, list_, person), stage)
        found, words = (one,), "\n".join(_lines(one))
    else:
        found = dossiers.who_lacks(house, code, list_, stage)
        words = "\n".join(f"{one.folder.unit}: {r.vi}" for one in found for r in one.missing) or "Hồ sơ của mọi đơn vị đã đủ."
    answer([_document(one) for one in found], words.replace("[", "\\["))
    if any(one.missing for one in found):
        raise typer.Exit(1)


def _lines(one: Standing) -> Iterator[str]:
    folder = one.folder
    yield f"{one.checklist.title}: {folder.whose.name}"
    for item in one.judged.papers:
        there = folder.paper(item.paper.key)
        where = f"có (giấy số {there.id}: {there.name or there.place})" if there else _absent(one, item)
        yield f"  ({item.paper.no}) {item.paper.words}: {where} [{item.paper.cited.vi}]"
    for kept in folder.kept:
        yield f"  Bộ {kept.set_no}: {kept.place}, ngày {kept.day:%d/%m/%Y} {kept.number}".rstrip()
    yield from (f"  {refusal.vi}" for refusal in folder.sets_missing(one.checklist))


def _absent(one: Standing, item: Wanted) -> str:
    waived = {waiver.paper: waiver for waiver in one.folder.waivers}.get(item.paper.key)
    if waived:
        return f"được miễn: {waived.reason}"
    return f"thiếu, {item.why}" if item.required else f"chưa có, {item.why}"


def _document(one: Standing) -> dict[str, object]:
    folder = one.folder
    return {
        "unit": folder.unit, "person": folder.person, "list": one.checklist.key, "stage": one.stage,
        "complete": not one.missing,
        "papers": [
            {"key": item.paper.key, "no": item.paper.no, "required": item.required, "why": item.why,
             "paper": there.id if (there := folder.paper(item.paper.key)) else None,
             "basis": item.paper.cited.model_dump()}
            for item in one.judged.papers
        ],
        "missing": [{"code": r.code, "message": r.message, "way_out": r.way_out, "basis": r.basis.vi} for r in one.missing],
        "sets": [{"set": kept.set_no, "place": kept.place, "day": kept.day, "number": kept.number} for kept in folder.kept],
        "facts": sorted(folder.facts),
    }  # fmt: skip
