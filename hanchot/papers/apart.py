"""A large workbook is made in a process of its own: its memory goes with it, and the board goes on answering meanwhile."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict

from hanchot.domain.errors import Outside
from hanchot.papers.sheet import Sheet, workbook

LARGE = 1_000  # rows; fewer cost less than the start of a process
PATIENCE = 120.0  # seconds


def workbook_apart(sheets: Sequence[Sheet]) -> bytes:
    """The same bytes as ``workbook``. Raises ``Outside`` when the process has not come back in two minutes."""
    if sum(len(sheet.rows) for sheet in sheets) < LARGE:
        return workbook(sheets)
    said = json.dumps([asdict(sheet) for sheet in sheets], ensure_ascii=False).encode()
    command = [sys.executable, "-m", "hanchot.papers.apart"]
    try:
        done = subprocess.run(command, input=said, stdout=subprocess.PIPE, timeout=PATIENCE, check=True)  # noqa: S603 - our own
        return done.stdout
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise Outside("Không lập được tệp Excel lớn này.", way_out="Lọc cho ít dòng hơn, hoặc tải tệp CSV.") from error


def main() -> None:
    """Sheets as JSON in, a workbook out."""
    from pydantic import TypeAdapter

    sheets = TypeAdapter(list[Sheet]).validate_json(sys.stdin.buffer.read())
    sys.stdout.buffer.write(workbook(sheets))


if __name__ == "__main__":
    main()
