"""What a parser hands back: lines, how they were read, and what to say about it. Plain data, so that it crosses a pipe."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from hanchot.domain.errors import BadDocument

Kind = Literal["txt", "docx", "pdf", "scan"]
Progress = Callable[[int, int], None]
Note = tuple[str, str]  # code and message (vi) of a remark

NAME = "{name}"  # parsers do not know what the person called the file: whoever does puts it here
PAGE_BREAK = "\f"
MAX_CHARS = 1_200_000  # some 400 pages: no plan is longer, and what reads the lines stays within its time


@dataclass
class Pages:
    """The text of one file, in reading order."""

    kind: Kind
    lines: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def refuse_endless(chars: int, name: str = NAME) -> None:
    """BadDocument where a text has grown beyond ``MAX_CHARS``."""
    if chars > MAX_CHARS:
        raise BadDocument(
            f"Tệp “{name}” có hơn {MAX_CHARS // 1000} nghìn chữ cái, dài bất thường nên không đọc.",
            way_out="Chỉ nộp phần văn bản chính và các phụ lục cần thiết.",
        )


def silent(page: int, pages: int) -> None:
    """The progress of whoever does not follow it."""
