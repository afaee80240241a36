"""``hanchot paper``: any paper out of the database into a file, and the templates they are made from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hanchot.cli.say import answer, fresh, now, services, table
from hanchot.domain.errors import HanChotError

template_app = typer.Typer(help="Mẫu văn bản Word: lấy mẫu gốc ra sửa, thay bằng mẫu của cơ quan, trả lại mẫu gốc.",
                           no_args_is_help=True)  # fmt: skip
Key = Annotated[str, typer.Argument(help="khóa văn bản, xem bằng hanchot paper", metavar="VĂN-BẢN")]
Out = Annotated[Path, typer.Option("-o", "--output", help="tệp ghi ra")]
Actor = Annotated[str, typer.Option(help="ai làm")]


def attach(app: typer.Typer) -> None:
    app.command()(paper)
    app.add_typer(template_app, name="template")


def paper(
    key: Annotated[str | None, typer.Argument(help="khóa văn bản; bỏ trống thì liệt kê", metavar="VĂN-BẢN")] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="tệp ghi ra")] = None,
    cycle: Annotated[str | None, typer.Option(help="mã đợt")] = None,
    unit: Annotated[str | None, typer.Option(help="mã đơn vị")] = None,
    person: Annotated[str | None, typer.Option(help="mã người")] = None,
    list_: Annotated[str | None, typer.Option("--list", help="khóa danh mục hồ sơ")] = None,
    subject: Annotated[int | None, typer.Option(help="số đối tượng")] = None,
    ballot: Annotated[int | None, typer.Option(help="số phiếu")] = None,
    item: Annotated[int | None, typer.Option(help="số việc")] = None,
    form: Annotated[str | None, typer.Option("--format", help="docx, xlsx hoặc zip; mặc định theo đuôi tệp")] = None,
    actor: Actor = "cli",
) -> None:
    """Xuất một văn bản: danh sách kết quả, biên bản kiểm phiếu, thông báo, công văn, kế hoạch khắc phục, hồ sơ, phiếu việc."""
    from hanchot.service.papers.desk import About
    from hanchot.service.papers.out import PAPERS_OUT, export, paper_out

    if key is None:
        rows = [(one.key, one.vi, ", ".join(one.formats), _about(one.needs, one.takes)) for one in PAPERS_OUT.values()]
        document = [
            {"key": one.key, "name": one.vi, "formats": one.formats, "needs": one.needs, "takes": one.takes,
             "confidential": one.confidential}
            for one in PAPERS_OUT.values()
        ]  # fmt: skip
        answer(document, table("Văn bản", ("Khóa", "Tên", "Dạng", "Của"), rows))
        return
    wanted = paper_out(key)
    if output is None:
        raise HanChotError(f"Chưa nêu tệp để ghi “{wanted.vi}”.", way_out=f"Thêm -o, ví dụ -o {key}.{wanted.formats[0]}.")
    fresh(output)
    ending = output.suffix.lstrip(".").lower()
    about = About(cycle, unit, person, list_, subject, ballot, item)
    made = export(services(), key, about, now(), actor=actor, form=form or ending or None)
    _write(output, made.data)
    answer({"file": str(output), "name": made.name, "bytes": len(made.data)}, f"Đã ghi {output}.")


@template_app.command("show")
def show(key: Key, output: Out) -> None:
    """Ghi mẫu đang dùng ra tệp để sửa bằng Word."""
    from hanchot.service.papers import templates

    fresh(output)
    delivered = templates.delivered(key)
    own = templates.template_of(services(), key)
    _write(output, own or delivered)
    answer({"file": str(output), "own": own is not None}, f"Đã ghi {output} ({'mẫu của cơ quan' if own else 'mẫu gốc'}).")


@template_app.command("put")
def put(key: Key, file: Annotated[Path, typer.Argument(metavar="TỆP")], actor: Actor = "cli") -> None:
    """Dùng mẫu này từ nay; mẫu cũ được giữ lại."""
    from hanchot.reader.document_guard import read_document
    from hanchot.service.papers import templates

    made = templates.replace_template(services(), key, read_document(file), actor, now())
    left = f" Mẫu không dùng các chỗ trống: {', '.join(made.left_out)}." if made.left_out else ""
    answer({"paper": key, "left_out": made.left_out, "kept": made.kept}, f"Đã thay mẫu “{key}”.{left}")


@template_app.command("reset")
def reset(key: Key, actor: Actor = "cli") -> None:
    """Trở lại mẫu gốc; mẫu của cơ quan được giữ lại."""
    from hanchot.service.papers import templates

    kept = templates.restore_template(services(), key, actor, now())
    answer({"paper": key, "kept": kept}, f"“{key}” dùng lại mẫu gốc; mẫu của cơ quan ở {kept}.")


def _about(needs: tuple[str, ...], takes: tuple[str, ...]) -> str:
    return " ".join([*(f"--{_option(name)}" for name in needs), *(f"[--{_option(name)}]" for name in takes)])


def _option(name: str) -> str:
    return "list" if name == "checklist" else name


def _write(file: Path, data: bytes) -> None:
    try:
        file.write_bytes(data)
    except OSError as error:
        raise HanChotError(f"Không ghi được tệp {file}: {error.strerror}.", way_out="Chọn thư mục khác.") from error
