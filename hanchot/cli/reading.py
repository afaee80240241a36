"""``hanchot plan read``: what a document says, as a draft that a person then confirms."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from hanchot.cli.say import answer, table
from hanchot.domain.draft import Draft


def read(file: Annotated[Path, typer.Argument(help=".docx, .pdf (cả bản quét), .txt, ảnh", metavar="TỆP")]) -> None:
    """Đọc một văn bản kế hoạch: đầu văn bản, các hạn với mục, câu chữ, bước; chỗ chưa chắc được nêu rõ."""
    from hanchot.reader.files import read_file  # slow to import, and no other command needs them
    from hanchot.reader.reading import read_draft

    text = read_file(file)
    draft = read_draft(text.lines, text.remarks)
    answer({**draft.to_json(), "sha256": text.sha256, "read_as": text.kind}, table(_title(draft), _HEADS, _rows(draft)))


_HEADS = ["Mục", "Hạn", "Câu chữ", "Bước", "Ai làm", "Gửi ai", "Cần xem lại"]


def _title(draft: Draft) -> str:
    head = draft.document
    return f"{head.number or '(chưa thấy số)'} · {head.title or '(chưa thấy trích yếu)'}"


def _rows(draft: Draft) -> list[tuple[Any, ...]]:
    return [
        (
            one.clause or "",
            one.deadline.kind,
            one.phrase,
            one.stage.vi if one.stage else "",
            one.actor or "",
            one.recipient or "",
            one.doubt or "",
        )
        for one in draft.deadlines
    ]
