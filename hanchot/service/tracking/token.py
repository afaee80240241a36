"""What a preview showed, as one text: it travels through the page that asks “ghi những thay đổi này?” and back.

It asks for no more than its bearer may do anyway: rights and guards are asked again when it is applied.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hanchot.domain.errors import BadImport
from hanchot.domain.tracking import Change, Mark, Word

_MOST = 32 * 2**20  # bytes unpacked


@dataclass(frozen=True, slots=True)
class Asked:
    """The changes of one preview. ``sha256``: of the file they came from; ``seq``: the last event that the preview knew."""

    cycle: str
    sha256: str
    seq: int
    changes: tuple[Change, ...]


def packed(asked: Asked) -> str:
    """Letters, digits, ``-`` and ``_`` only."""
    rows = [
        [c.cell, c.unit, c.milestone, c.title, *_said(c.was), *_said(c.becomes), list(c.actions), c.note] for c in asked.changes
    ]
    text = json.dumps([asked.cycle, asked.sha256, asked.seq, rows], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), 6)).decode().rstrip("=")


def unpacked(token: str) -> Asked:
    """Raises BadImport for a text that ``packed`` has not made."""
    try:
        opening = zlib.decompressobj()
        text = opening.decompress(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)), _MOST)
        cycle, sha256, seq, rows = json.loads(text)
        return Asked(str(cycle), str(sha256), int(seq), _changes(rows))
    except (binascii.Error, zlib.error, ValueError, TypeError, KeyError) as error:
        raise BadImport("Bản xem trước gửi lại không đọc được.", way_out="Chọn tệp và xem trước lại.") from error


def _said(mark: Mark) -> tuple[str, str]:
    return mark.word, mark.day.isoformat() if mark.day else ""


def _changes(rows: Sequence[Sequence[str]]) -> tuple[Change, ...]:
    return tuple(
        Change(cell, unit, key, title, _mark(was, was_day), _mark(becomes, day), tuple(actions), note)
        for cell, unit, key, title, was, was_day, becomes, day, actions, note in rows
    )


def _mark(word: str, day: str) -> Mark:
    return Mark(Word(word), date.fromisoformat(day) if day else None)
