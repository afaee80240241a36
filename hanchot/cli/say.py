"""What commands share: the three options that may stand anywhere, one JSON document or words, and the services."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from hanchot import bootstrap, clock
from hanchot.domain.errors import HanChotError
from hanchot.domain.instants import parse_instant
from hanchot.service.services import Services
from hanchot.settings import Settings


@dataclass
class Wish:
    """Whether the caller wants one JSON document on stdout and nothing else."""

    json: bool = False


wish = Wish()
console = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)
_LIFTED = {"--database": "HANCHOT_DATABASE_URL", "--now": "HANCHOT_NOW"}


def lift(arguments: Sequence[str]) -> list[str]:
    """Take ``--json``, ``--database URL`` and ``--now INSTANT`` out of the arguments, wherever they stand."""
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        name, equals, value = argument.partition("=")
        if argument == "--json":
            wish.json = True
        elif name in _LIFTED:
            found = value if equals else next(waiting, None)
            if found is None:
                raise HanChotError(f"Thiếu giá trị sau {name}.", way_out=f"Viết {name} rồi giá trị.")
            if name == "--now":
                instant(found)
            os.environ[_LIFTED[name]] = found
        else:
            rest.append(argument)
    return rest


def now() -> datetime:
    return clock.now()


def instant(text: str) -> datetime:
    try:
        return parse_instant(text)
    except ValueError as error:
        raise HanChotError(
            f"--now “{text}” không phải thời điểm.", way_out="Viết theo ISO 8601, ví dụ 2024-12-12T08:00:00+07:00."
        ) from error


def day(text: str) -> date:
    """A local day, written YYYY-MM-DD or dd/mm/yyyy."""
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise HanChotError(f"“{text}” không phải ngày có thật.", way_out="Viết 2024-12-18 hoặc 18/12/2024.")


def text_of(file: Path) -> str:
    """A text file as people save it, with or without a byte order mark."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise HanChotError(f"Không đọc được tệp “{file}”.", way_out="Chỉ đúng tệp, lưu dạng UTF-8.") from error


def fresh(file: Path) -> None:
    """Refuse to write over a file."""
    if file.exists():
        raise HanChotError(f"Tệp {file} đã có.", way_out="Chọn tên khác để không ghi đè.")


def services() -> Services:
    return bootstrap.services()


def settings() -> Settings:
    return Settings()


def answer(document: object, words: str | Table) -> None:
    """One JSON document when it was asked for, else words for a person."""
    if wish.json:
        print(json.dumps(document, ensure_ascii=False, indent=2, default=str))
    else:
        console.print(words)


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Table:
    made = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        made.add_column(column)
    for row in rows:
        made.add_row(*("" if cell is None else str(cell) for cell in row))
    return made


def refuse(error: HanChotError) -> int:
    """One message on stderr with the command that helps, and the rows of a broken file beneath it; exit code 2."""
    print(f"hanchot: {error.typed_out}", file=sys.stderr)
    for row in getattr(error, "rows", ())[1:]:
        print(f"  {row.get('message')}", file=sys.stderr)
    return 2
