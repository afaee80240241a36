"""``hanchot rating``: who is rated in a cycle, the steps up to the decision, reopening, quotas and the register."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer

from hanchot.cli import members
from hanchot.cli.say import answer, day, now, services, table
from hanchot.domain.errors import HanChotError
from hanchot.domain.rating_level import RatingLevel
from hanchot.domain.review_order import Step
from hanchot.service.judging import deciding, quotas, ratings, register, rulebook
from hanchot.service.judging import quarters as quarterly
from hanchot.service.judging import subjects as named
from hanchot.service.judging.ratings import Judgement, Rated

app = typer.Typer(
    help="Xếp loại: đối tượng, tự xếp, đề nghị, thẩm định, quyết định, mở lại, tỷ lệ, sổ theo dõi.", no_args_is_help=True
)
members.attach(app)
Code = Annotated[str, typer.Argument(help="mã đợt", metavar="ĐỢT")]
Who = Annotated[int, typer.Argument(help="số đối tượng, xem bằng rating list", metavar="SỐ")]
Level = Annotated[RatingLevel, typer.Argument(help="mức", metavar="MỨC")]
Unit = Annotated[str, typer.Option(help="mã đơn vị đề nghị, thẩm định hoặc quyết định")]
Score = Annotated[str | None, typer.Option(help="điểm, không làm tròn, ví dụ 89.99")]
Facts = Annotated[
    list[str] | None, typer.Option("--fact", help="điều đã biết, ví dụ disciplined=không, tasks_done_percent=100")
]
Reason = Annotated[str | None, typer.Option(help="lý do khác với bước trước")]
Actor = Annotated[str, typer.Option(help="ai làm")]


@app.command()
def subjects(
    code: Code,
    actor: Actor = "cli",
    committee: Annotated[list[str] | None, typer.Option(help="mã chi bộ có chi ủy")] = None,
    no_committee: Annotated[list[str] | None, typer.Option(help="mã chi bộ không có chi ủy")] = None,
) -> None:
    """Lập danh sách đối tượng của đợt; làm lại không đổi gì. Mã thoát 1 nếu còn điều phải hỏi."""
    known = dict.fromkeys(committee or (), True) | dict.fromkeys(no_committee or (), False)
    made = named.name_subjects(services(), code, now(), actor=actor, told=named.Told(committees=known))
    words = [f"{made.total} đối tượng, thêm {made.added}, miễn {made.exempt}.", *made.questions]
    document = {"added": made.added, "total": made.total, "exempt": made.exempt, "questions": list(made.questions)}
    answer(document, "\n".join(words))
    if made.questions:
        raise typer.Exit(1)


@app.command()
def add(code: Code, unit: Unit, person: Annotated[str, typer.Option(help="mã người")], actor: Actor = "cli") -> None:
    """Thêm một đảng viên không giữ chức vụ vào danh sách."""
    made = named.add_person(services(), code, unit, person, now(), actor=actor)
    answer({"subject": made}, f"Đối tượng số {made}.")


@app.command("self")
def self_(who: Who, level: Level, score: Score = None, fact: Facts = None, actor: Actor = "cli") -> None:
    """Tự xếp loại."""
    _told(ratings.self_rate(services(), who, _judgement(level, score, fact, None), now(), actor=actor))


@app.command()
def propose(
    who: Who, level: Level, unit: Unit, score: Score = None, fact: Facts = None, reason: Reason = None, actor: Actor = "cli"
) -> None:
    """Đề nghị mức."""
    _told(ratings.propose(services(), who, unit, _judgement(level, score, fact, reason), now(), actor=actor))


@app.command()
def appraise(
    who: Who, level: Level, unit: Unit, score: Score = None, fact: Facts = None, reason: Reason = None, actor: Actor = "cli"
) -> None:
    """Thẩm định mức; khác mức đề nghị thì nêu lý do."""
    _told(ratings.appraise(services(), who, unit, _judgement(level, score, fact, reason), now(), actor=actor))


@app.command()
def decide(
    who: Who, level: Level, unit: Unit,
    number: Annotated[str, typer.Option(help="số văn bản quyết định")],
    on: Annotated[str, typer.Option(help="ngày văn bản")],
    confirmed_by: Annotated[str, typer.Option(help="người thứ hai đã đối chiếu")],
    dossier_elsewhere: Annotated[str | None, typer.Option(help="ngoại lệ: hồ sơ đã kiểm ở đâu, vì sao không lưu ở đây")] = None,
    done: Annotated[list[Step] | None, typer.Option(help="bước kiểm điểm đã xong")] = None,
    score: Score = None, fact: Facts = None, reason: Reason = None, actor: Actor = "cli",
) -> None:  # fmt: skip
    """Quyết định mức: đúng thẩm quyền, đúng trình tự, đủ hồ sơ, có phiếu, trong tỷ lệ, hai người."""
    decision = deciding.Decision(
        said=_judgement(level, score, fact, reason), unit=unit, number=number, decided_on=day(on), confirmed_by=confirmed_by,
        dossier_elsewhere=dossier_elsewhere, done=frozenset(done or ()),
    )  # fmt: skip
    _told(deciding.decide(services(), who, decision, now(), actor=actor))


@app.command()
def reopen(
    who: Who,
    reason: Annotated[str, typer.Option(help="lý do mở lại")],
    approver: Annotated[str, typer.Option(help="người duyệt, khác người đề nghị")],
    actor: Actor = "cli",
) -> None:
    """Mở lại một kết quả đã quyết định; kết quả cũ còn nguyên trong sổ."""
    made = deciding.reopen(services(), who, now(), actor=actor, approver=approver, reason=reason)
    answer({"subject": who, "reopened": made}, f"Đã mở lại kết quả của đối tượng số {who}.")


@app.command("list")
def list_all(code: Code, unit: Annotated[str | None, typer.Option(help="chỉ một nhánh")] = None) -> None:
    """Các đối tượng của đợt và mức ở từng bước."""
    rows = ratings.listed(services(), code, unit_code=unit)
    columns = ("subject", "unit", "name", "kind", "self", "proposed", "appraised", "decided", "exempt")
    heads = ("Số", "Đơn vị", "Tên", "Loại", "Tự xếp", "Đề nghị", "Thẩm định", "Quyết định", "Miễn")
    answer(rows, table(f"Đợt {code}", heads, [[row[name] for name in columns] for row in rows]))


@app.command()
def quota(code: Code, unit: Annotated[str | None, typer.Option(help="chỉ một nơi quyết định")] = None) -> None:
    """Còn bao nhiêu suất xuất sắc, tính trên bao nhiêu, theo điều nào."""
    found = quotas.standings(services(), code, unit_code=unit)
    words = [f"{one.unit} ({one.comparison}): {one.words}" for one in found] or ["Căn cứ của đợt không nêu tỷ lệ."]
    answer([one.to_json() for one in found], "\n".join(words))


@app.command()
def settle(
    code: Code,
    key: Annotated[str, typer.Argument(help="quota.base, quota.higher, authority.<đối tượng>, eligibility.counted_to")],
    value: Annotated[str, typer.Argument(help="cách hiểu được chốt")],
    reason: Annotated[str, typer.Option(help="căn cứ để chốt")],
    actor: Actor = "cli",
) -> None:
    """Ban Tổ chức chốt một điều văn bản còn để ngỏ, cho riêng đợt này."""
    rulebook.settle(services(), code, key, value, now(), actor=actor, reason=reason)
    answer({"cycle": code, "key": key, "value": value}, f"Đã chốt {key}: {value}.")


@app.command()
def quarters(who: Who) -> None:
    """Kết quả các quý của đối tượng, quý nào còn thiếu, điều gì vì thế không được xếp."""
    found = quarterly.quarters_of(services(), who)
    words = [f"Quý {quarter}: {level.vi}" for quarter, level in sorted(found.levels.items())]
    words += [one.vi for one in (*found.missing, *found.bars)]
    answer(found.to_json(), "\n".join(words) or "Không có quý nào được đánh giá riêng.")


@app.command("register")
def register_(
    unit: Annotated[str | None, typer.Option(help="mã đơn vị")] = None,
    person: Annotated[str | None, typer.Option(help="mã người")] = None,
) -> None:
    """Kết quả các năm của một đơn vị hoặc một người."""
    if (unit is None) == (person is None):
        raise HanChotError("Sổ theo dõi cần một đơn vị hoặc một người.", way_out="Thêm --unit MÃ hoặc --person MÃ.")
    house = services()
    found = register.of_unit(house, unit) if unit else register.of_person(house, str(person))
    rows = [(one.year, one.quarter, one.kind, one.level.vi, one.number, one.decided_on, one.body) for one in found]
    heads = ("Năm", "Quý", "Loại", "Mức", "Số", "Ngày", "Nơi quyết định")
    answer([one.to_json() for one in found], table("Sổ theo dõi kết quả", heads, rows))


def _told(made: Rated) -> None:
    answer(made.to_json(), f"Đối tượng số {made.subject_id}: {made.level.vi}.")


def _judgement(level: RatingLevel, score: str | None, facts: list[str] | None, reason: str | None) -> Judgement:
    points = None if score is None else _number(score, "--score")
    return Judgement(level, points, dict(_fact(text) for text in facts or ()), reason)


def _fact(text: str) -> tuple[str, bool | Decimal]:
    key, equals, value = text.partition("=")
    if not equals:
        raise HanChotError(f"--fact “{text}” thiếu dấu bằng.", way_out="Viết tên=giá trị, ví dụ disciplined=không.")
    words = {"có": True, "yes": True, "không": False, "no": False}
    return key, words[value.casefold()] if value.casefold() in words else _number(value, f"--fact {key}")


def _number(text: str, name: str) -> Decimal:
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise HanChotError(f"{name} “{text}” không phải số.", way_out="Viết 89.99, hoặc có, không.") from None
