"""CSV out, for people who open it by double click: Excel must see Vietnamese and must not see formulas."""

from __future__ import annotations

import csv
import io

from hanchot.papers.sheet import Sheet

BOM = "\ufeff"
_RISKY = tuple("=+-@\t\r\n'＝＋－＠")  # what makes Excel calculate, full-width forms among them; "'" so that it can be undone


def csv_bytes(sheet: Sheet) -> bytes:
    """Head and rows as UTF-8 with a mark, every field quoted, CRLF. A text that a spreadsheet would calculate gets an
    apostrophe in front (``unescaped`` takes it off again).
    """
    target = io.StringIO(newline="")
    writer = csv.writer(target, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([escaped(column.title) for column in sheet.columns])
    writer.writerows([escaped(text) for text in row] for row in sheet.rows)
    return (BOM + target.getvalue()).encode("utf-8", "replace")


def escaped(text: str) -> str:
    """``=1+1`` → ``'=1+1``."""
    return f"'{text}" if text.startswith(_RISKY) else text


def unescaped(text: str) -> str:
    """What ``escaped`` was given."""
    return text[1:] if text.startswith("'") else text
