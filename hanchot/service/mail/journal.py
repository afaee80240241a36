"""The send journal: a file beside the database, so that a restored backup is noticed and nothing is sent twice.

One file per database (its epoch is in the name), append-only. ``B <n>`` is the high-water mark of batches, written
after the batch is committed and before it is sent; ``A <key> …`` names the letters of one accepted envelope.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

_TAIL = 262_144


class Journal:
    """Appends to and reads one journal. Lines are short and written at once, so several senders may append."""

    def __init__(self, home: Path, epoch: str) -> None:
        self._path = home / f"journal-{epoch}"

    def mark(self) -> int:
        """The last batch that may have been sent, 0 when there was none."""
        try:
            with self._path.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(0, size - _TAIL))
                lines = file.read().decode("ascii", "replace").splitlines()
        except FileNotFoundError:
            return 0
        return max((int(line[2:]) for line in lines if line.startswith("B ") and line[2:].isdigit()), default=0)

    def begin(self, batch: int) -> None:
        """Say, durably, that batch ``batch`` is about to be sent."""
        self._append(f"B {batch}\n", sync=True)

    def sent(self, keys: Iterable[str]) -> None:
        """Say which letters one accepted envelope held."""
        self._append(f"A {' '.join(keys)}\n")

    def all_sent(self) -> frozenset[str]:
        """Keys of every letter that a relay has taken, as far as the journal knows."""
        try:
            lines = self._path.read_text("ascii", "replace").splitlines()
        except FileNotFoundError:
            return frozenset()
        return frozenset(key for line in lines if line.startswith("A ") for key in line[2:].split())

    def _append(self, line: str, sync: bool = False) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, line.encode("ascii", "replace"))
            if sync:
                os.fsync(file)
        finally:
            os.close(file)
