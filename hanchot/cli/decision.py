"""``hanchot decision`` and ``hanchot complaint``: papers that one person drafts and another confirms, and what follows."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from hanchot.cli.say import answer, day, now, services, table
from hanchot.domain.errors import HanChotError
from hanchot.domain.rating_level import RatingLevel
from hanchot.domain.review_order import Step
from hanchot.service.judging import complaints, deciding, papers
from hanchot.service.judging.guards import Line
from hanchot.service.judging.ratings import Judgement
from hanchot.service.views.deciding import decision_page

app = typer.Typer(help="Quyết định: dự thảo cả danh sách, người thứ hai xác nhận, rút, xem.", no_args_is_help=True)
complaint = typer.Typer(help="Kiến nghị về kết quả: tiếp nhận, trả lời, mở lại.", no_args_is_help=True)
Number = Annotated[int, typer.Argument(help="số dự thảo, xem bằng decision list", metavar="SỐ")]
Who = Annotated[int, typer.Argument(help="số đối tượng, xem bằng rating list", metavar="SỐ")]
Actor = Annotated[str, typer.Option(help="ai làm")]
_STATES = {"draft": "chờ xác nhận", "confirmed": "đã xác nhận", "withdrawn": "đã rút"}


@app.command()
def draft(
    file: Annotated[Path, typer.Argument(help="tệp JSON: unit, number, decided_on, lines", metavar="TỆP")], actor: Actor
) -> None:
    """Lập dự thảo một quyết định; chưa có kết quả nào cho đến khi người khác xác nhận."""
    made = deciding.draft_decision(services(), _paper(file), now(), actor=actor)
    answer(made.to_json(), f"Dự thảo quyết định số {made.id}: {made.lines} đối tượng, chờ người thứ hai xác nhận.")


@app.command()
def confirm(number: Number, actor: Actor) -> None:
    """Người thứ hai xác nhận: tất cả các dòng, hoặc không dòng nào."""
    made = deciding.confirm_decision(services(), number, now(), actor=actor)
    answer(made.to_json(), f"Đã xác nhận quyết định số {number}: {len(made.rated)} kết quả, {made.told} thông báo sẽ gửi.")


@app.command()
def withdraw(number: Number, reason: Annotated[str, typer.Option(help="lý do rút")], actor: Actor) -> None:
    """Rút một dự thảo; dự thảo còn trong sổ với lý do."""
    deciding.withdraw_decision(services(), number, now(), actor=actor, reason=reason)
    answer({"decision": number, "state": "withdrawn"}, f"Đã rút dự thảo quyết định số {number}.")


@app.command("list")
def list_all(code: Annotated[str, typer.Argument(help="mã đợt", metavar="ĐỢT")]) -> None:
    """Các quyết định của một đợt, mới nhất trước."""
    found = papers.listed(services(), code)
    rows = [(r["id"], r["unit"], r["number"], f"{r['decided_on']:%d/%m/%Y}", _STATES[r["state"]], r["lines"]) for r in found]
    answer(found, table(f"Quyết định của đợt {code}", ("Số", "Nơi quyết định", "Số văn bản", "Ngày", "", "Đối tượng"), rows))


@app.command()
def show(number: Number) -> None:
    """Từng dòng của một quyết định; của dự thảo thì cả điều còn vướng. Mã thoát 1 nếu còn vướng."""
    page = decision_page(services(), number, now())
    document = {
        "decision": number, "state": page.paper.state, "number": page.paper.number, "unit": page.paper.unit,
        "drafted_by": page.paper.drafted_by, "confirmed_by": page.confirmed_by, "quotas": list(page.quotas),
        "lines": [
            {"subject": one.subject_id, "name": one.name, "unit": one.unit, "level": one.level, "reason": one.reason,
             "refusals": [refusal.vi for refusal in one.refusals]}
            for one in page.lines
        ],
    }  # fmt: skip
    words = [f"Quyết định {page.paper.number}, {_STATES[page.paper.state]}.", *page.quotas]
    for one in page.lines:
        words += [f"{one.name} ({one.unit}): {one.level.vi}", *(f"  {refusal.vi}" for refusal in one.refusals)]
    answer(document, "\n".join(words))
    if page.paper.state == "draft" and not page.may_be_confirmed:
        raise typer.Exit(1)


@complaint.command("register")
def register_(
    who: Who,
    by: Annotated[str, typer.Option(help="người kiến nghị")],
    on: Annotated[str, typer.Option(help="ngày nhận")],
    reason: Annotated[str, typer.Option(help="nội dung; không vào thư, nhật ký")],
    actor: Actor,
    unit: Annotated[str | None, typer.Option(help="mã đơn vị của người kiến nghị")] = None,
) -> None:
    """Tiếp nhận một kiến nghị về kết quả đã quyết định."""
    made = complaints.register(services(), who, complaints.Complaint(by, day(on), reason, unit), now(), actor=actor)
    answer({"complaint": made}, f"Kiến nghị số {made} chờ cấp đã quyết định trả lời.")


@complaint.command("answer")
def answer_(
    number: Annotated[int, typer.Argument(help="số kiến nghị", metavar="SỐ")],
    unit: Annotated[str, typer.Option(help="mã cấp đã quyết định")],
    words: Annotated[str, typer.Option(help="nội dung trả lời")],
    actor: Actor,
    paper: Annotated[str, typer.Option(help="số văn bản trả lời")] = "",
    reopen: Annotated[bool, typer.Option("--reopen", help="mở lại kết quả; không có thì giữ nguyên")] = False,
    approver: Annotated[str, typer.Option(help="người duyệt mở lại, khác người trả lời")] = "",
) -> None:
    """Trả lời: giữ nguyên kết quả, hoặc mở lại (--reopen) khi có người khác duyệt."""
    said = complaints.Answer(unit, words, paper)
    if reopen:
        complaints.grant(services(), number, said, now(), actor=actor, approver=approver)
    else:
        complaints.keep(services(), number, said, now(), actor=actor)
    state = "reopened" if reopen else "kept"
    answer({"complaint": number, "state": state}, f"Kiến nghị số {number}: {'đã mở lại' if reopen else 'giữ nguyên'} kết quả.")


@complaint.command("list")
def complaints_(who: Who) -> None:
    """Các kiến nghị về kết quả của một đối tượng."""
    found = complaints.complaints_of(services(), who)
    rows = [(one["id"], one["complainant"], f"{one['received_on']:%d/%m/%Y}", one["state"], one["answer"]) for one in found]
    answer(found, table("Kiến nghị", ("Số", "Người kiến nghị", "Ngày nhận", "", "Trả lời"), rows))


def _paper(file: Path) -> deciding.Paper:
    """The paper in a JSON file. Raises ``HanChotError`` naming what is missing or cannot be read."""
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
        lines = tuple(_line(one) for one in said["lines"])
        return deciding.Paper(str(said["unit"]), str(said["number"]), date.fromisoformat(said["decided_on"]), lines)
    except OSError as wrong:
        raise HanChotError(f"Không đọc được tệp {file}: {wrong.strerror}.", way_out="Xem lại đường dẫn.") from None
    except KeyError as missing:
        raise HanChotError(f"Tệp {file} thiếu “{missing.args[0]}”.", way_out="Ghi unit, number, decided_on, lines.") from None
    except (ValueError, TypeError, AttributeError, ArithmeticError) as wrong:
        raise HanChotError(f"Tệp {file} ghi sai: {wrong}.", way_out="Mức là mã, ngày viết YYYY-MM-DD, điểm là số.") from None


def _line(said: dict[str, Any]) -> Line:
    score = said.get("score")
    facts = {key: value if isinstance(value, bool) else Decimal(str(value)) for key, value in said.get("facts", {}).items()}
    judged = Judgement(RatingLevel(said["level"]), None if score is None else Decimal(str(score)), facts, said.get("reason"))
    return Line(
        int(said["subject"]), judged, frozenset(map(Step, said.get("done", ()))),
        frozenset(map(Step, said.get("applicable", ()))), said.get("dossier_elsewhere"),
    )  # fmt: skip
