"""Vietnamese order and search: a ă â b c d đ e ê … o ô ơ … u ư, then the tones; numbers by value. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: chr(0x100 + place) for place, letter in enumerate(_ALPHABET)}
_TONES = {mark: str(place) for place, mark in enumerate("\u0300\u0309\u0303\u0301\u0323", start=1)}
_PARTS = re.compile(r"\d+|\s+|.", re.DOTALL)


@lru_cache(maxsize=1024)  # a key takes some 400 bytes; whoever sorts tens of thousands remembers the order
def collation_key(text: str) -> tuple[str, str, str]:
    """Sort key: letters first, then tones (ngang huyền hỏi ngã sắc nặng), then the text itself.

    “Chi bộ 2” comes before “Chi bộ 10”; punctuation counts as a space; upper and lower case are alike.
    """
    letters, tones = [], []
    for part in _PARTS.findall(unicodedata.normalize("NFC", text).lower()):
        if part.isdecimal():
            letters.append(f"0{int(part):012}")
            continue
        letter, tone = _split(part)
        letters.append(_RANK.get(letter, " " if not letter.isalnum() else chr(0x200) + letter))
        tones.append(tone)
    return "".join(letters), "".join(tones), text


@lru_cache(maxsize=512)
def _split(char: str) -> tuple[str, str]:
    """A letter without its tone, and the tone as a digit (0: none)."""
    tone, rest = "0", []
    for mark in unicodedata.normalize("NFD", char):
        if mark in _TONES:
            tone = _TONES[mark]
        else:
            rest.append(mark)
    return unicodedata.normalize("NFC", "".join(rest)), tone


def folded(text: str) -> str:
    """Lower case without any mark, for searching: “Đảng bộ Sở Y tế” → “dang bo so y te”."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return " ".join("".join(char for char in plain if not unicodedata.combining(char)).split())
