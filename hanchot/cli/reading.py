"""``hanchot plan read``: what a document says, as a draft that a person then confirms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from hanchot.cli.say import answer, table
from hanchot.domain.draft import Draft


def read(file: Annotated[Path, typer.Argument(help=".docx, .pdf (cả bản quét), .txt, ảnh", metavar="TỆP")]) -> None:
    """Đọc một văn bản kế hoạch: đầu văn bản, các hạn với mục, câu chữ, bước; chỗ chưa chắc được nêu rõ."""
    from hanchot.reader.files import read_file  # slow to import, and no other command needs them
    from hanchot.reader.reading import read_draft

    with _pages() as tell:
        text = read_file(file, tell)
    draft = read_draft(text.lines, text.remarks)
    answer({**draft.to_json(), "sha256": text.sha256, "read_as": text.kind}, table(_title(draft), _HEADS, _rows(draft)))


@contextmanager
def _pages() -> Iterator[Callable[[int, int], None]]:
    """A bar over the pages of a scan, on a terminal only; other files are read before it would show."""
    console = Console(stderr=True)
    with Progress(TextColumn("Đang nhận dạng chữ"), BarColumn(), MofNCompleteColumn(), console=console, transient=True) as bar:
        task = bar.add_task("", total=None, visible=False)
        yield lambda page, pages: bar.update(task, completed=page, total=pages, visible=console.is_terminal)


_HEADS = ["Mục", "Hạn", "Câu chữ", "Bước", "Ai làm", "Gửi ai", "Cần xem lại"]
_KIND_VI = {
    "before": "trước ngày", "by": "chậm nhất", "within": "trong khoảng", "weekly": "hằng tuần", "monthly": "hằng tháng",
    "quarterly": "hằng quý", "yearly": "hằng năm", "lead": "trước sự kiện", "after": "sau sự kiện",
    "announced": "thông báo sau", "order": "thứ tự", "unset": "chưa rõ ngày",
}  # fmt: skip


def _title(draft: Draft) -> str:
    head = draft.document
    return f"{head.number or '(chưa thấy số)'} · {head.title or '(chưa thấy trích yếu)'}"


def _rows(draft: Draft) -> list[tuple[Any, ...]]:
    return [
        (
            one.clause or "",
            _KIND_VI[one.deadline.kind],
            one.phrase,
            one.stage.vi if one.stage else "",
            one.actor or "",
            one.recipient or "",
            one.doubt or "",
        )
        for one in draft.deadlines
    ]
